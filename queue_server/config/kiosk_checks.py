"""The rules of a site's kiosks: which numbers each of them may give out by itself."""

from collections.abc import Iterator
from contextlib import suppress

from queue_server.config.codes import Code
from queue_server.config.problems import Finding, Place, wrong
from queue_server.config.rows import Row
from queue_server.config.tables import range_of
from queue_server.domain.site import NumberRange


def kiosk_findings(site: Row) -> Iterator[Finding]:
    """Everything that is wrong with the reserves of a site's kiosks: no number may have two givers."""
    series = {name: row for row in site.rows("series") if (name := row.text("id")) is not None}
    taken: dict[str, list[tuple[Place, NumberRange]]] = {}
    for kiosk in site.rows("kiosk"):
        reserve = kiosk.row("reserve")
        for name, value in reserve.values.items():
            place = reserve.at(name)
            if name not in series:
                yield wrong(place, Code.UNKNOWN_SERIES, name=name)
                continue
            with suppress(ValueError):
                taken.setdefault(name, []).append((place, range_of(value)))
    for name, ranges in taken.items():
        yield from _ranges(series[name], ranges)


def _ranges(series: Row, ranges: list[tuple[Place, NumberRange]]) -> Iterator[Finding]:
    first, last = series.number("first"), series.number("last")
    if first is None or last is None or first > last:
        return
    seen: set[int] = set()
    for place, reserve in ranges:
        if reserve.first < first or reserve.last > last:
            yield wrong(place, Code.RESERVE_OUTSIDE, first=first, last=last)
            continue
        numbers = set(range(reserve.first, reserve.last + 1))
        if numbers & seen:
            yield wrong(place, Code.RESERVE_TAKEN, number=min(numbers & seen))
        seen |= numbers
    if len(seen) > last - first:
        yield wrong(ranges[-1][0], Code.RESERVE_WHOLE)
