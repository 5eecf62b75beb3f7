"""The rules of a site's counters: what they serve, and how they choose whom to call."""

from collections.abc import Iterator

from queue_server.config.codes import Code
from queue_server.config.problems import Finding, wrong
from queue_server.config.rows import Row, ids, references, repeated
from queue_server.config.tables import ONLY_STAGE
from queue_server.domain.site import Discipline


def counter_findings(site: Row) -> Iterator[Finding]:
    """Everything that is wrong with the counters of a site, and every service or stage that none of them serves."""
    counters, services = site.rows("counter"), site.rows("service")
    yield from references(counters, "services", ids(services), Code.UNKNOWN_SERVICE, Code.REPEATED_SERVICE)
    stages = {name: _texts(row, "stages") for row in services if (name := row.text("id")) is not None}
    for counter in counters:
        yield from _discipline(counter)
        yield from _stages(counter, stages)
    for service in services:
        yield from _unserved(service, counters)


def _discipline(counter: Row) -> Iterator[Finding]:
    discipline = counter.values.get("discipline", Discipline.OLDEST.value)
    weights = counter.row("weights")
    if weights.values and discipline != Discipline.WEIGHTED:
        yield wrong(weights.place, Code.WEIGHTS_WITHOUT_WEIGHTED)
    yield from _services_elsewhere(counter, weights)
    if "longest_wait" in counter.values and discipline == Discipline.OLDEST:
        yield wrong(counter.at("longest_wait"), Code.LONGEST_WAIT_WITH_OLDEST)


def _stages(counter: Row, stages: dict[str, list[str]]) -> Iterator[Finding]:
    table = counter.row("stages")
    yield from _services_elsewhere(counter, table)
    for service in table.values:
        yield from repeated(table, service, Code.REPEATED_STAGE)
        known = stages.get(service) or [ONLY_STAGE]
        for index, name in table.texts(service):
            if service in stages and name not in known:
                yield wrong(table.at(service, index), Code.UNKNOWN_STAGE, name=name, service=service)


def _services_elsewhere(counter: Row, table: Row) -> Iterator[Finding]:
    """Every key of a table by service that is not one of the counter's services."""
    served = _texts(counter, "services")
    for service in table.values:
        if service not in served:
            yield wrong(table.at(service), Code.SERVICE_NOT_HERE, name=service)


def _unserved(service: Row, counters: list[Row]) -> Iterator[Finding]:
    name = service.text("id")
    if name is None:
        return
    serving = [counter.row("stages") for counter in counters if name in _texts(counter, "services")]
    known = {"service": name, "name": service.text("name") or name}
    if not serving:
        yield wrong(service.at("id"), Code.UNSERVED_SERVICE, **known)
        return
    for index, stage in service.texts("stages"):
        if not any(name not in stages.values or stage in _texts(stages, name) for stages in serving):
            yield wrong(service.at("stages", index), Code.UNSERVED_STAGE, stage=stage, **known)


def _texts(row: Row, key: str) -> list[str]:
    return [text for _, text in row.texts(key)]
