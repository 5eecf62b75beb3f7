"""The rules of a profile's events, and between them and the sites."""

from collections.abc import Iterator

from queue_server.config.codes import Code
from queue_server.config.problems import Finding, wrong
from queue_server.config.rows import Row, duplicates, ids, references


def event_findings(profile: Row) -> Iterator[Finding]:
    """Everything that is wrong with the events of a profile."""
    events = profile.rows("event")
    yield from duplicates(events)
    services = {name for site in profile.rows("site") for name in ids(site.rows("service"))}
    yield from references(events, "services", services, Code.UNKNOWN_SERVICE, Code.REPEATED_SERVICE)
    for event in events:
        if ("day_of_month" in event.values) == ("dates" in event.values):
            yield wrong(event.at("day_of_month"), Code.ONE_WAY_OF_DAYS)
        first, last = event.number("first") or 0, event.number("last") or 0
        if first > last:
            yield wrong(event.at("last"), Code.REVERSED_EFFECT, first=first)
