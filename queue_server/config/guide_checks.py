"""The rules between the tables of the guide, and between them and the sites."""

from collections.abc import Iterator

from queue_server.config.codes import Code
from queue_server.config.problems import Finding, wrong
from queue_server.config.rows import Row, duplicates, ids, references
from queue_server.domain.guide import Outcome

TWO = 2


def guide_findings(profile: Row) -> Iterator[Finding]:
    """Everything that is wrong with the guide of a profile."""
    procedures, sites = profile.rows("procedure"), profile.rows("site")
    yield from duplicates(procedures)
    services = {name for site in sites for name in ids(site.rows("service"))}
    known = ids(procedures)
    for procedure in procedures:
        service = procedure.text("service")
        if service is not None and service not in services:
            yield wrong(procedure.at("service"), Code.UNKNOWN_SERVICE, name=service)
        places = procedure.rows("place")
        yield from references(places, "sites", ids(sites), Code.UNKNOWN_SITE, Code.REPEATED_SITE)
        for case in procedure.rows("case"):
            yield from _case(case, known, sourced=bool(procedure.items("source")))


def _case(case: Row, known: set[str], *, sourced: bool) -> Iterator[Finding]:
    outcome, see, visits = case.text("outcome"), case.text("see"), case.items("visit")
    if see is not None and see not in known:
        yield wrong(case.at("see"), Code.UNKNOWN_PROCEDURE, name=see)
    if (outcome == Outcome.OTHER_PROCEDURE) != (see is not None):
        yield wrong(case.at("see"), Code.SEE_ONLY_OTHER)
    if (outcome == Outcome.TWO_VISITS) != (len(visits) == TWO):
        yield wrong(case.at("visit"), Code.TWO_VISITS_ARE_TWO)
    if not sourced and not case.items("source"):
        yield wrong(case.at("source"), Code.NO_SOURCE)
