"""The rules between the tables of a profile.

They read the file as it stands, so that a mistake in one table does not hide another mistake elsewhere.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import time
from functools import lru_cache
from itertools import pairwise

from queue_server.config.board_checks import board_findings, look_findings
from queue_server.config.codes import Code
from queue_server.config.counter_checks import counter_findings
from queue_server.config.event_checks import event_findings
from queue_server.config.guide_checks import guide_findings
from queue_server.config.kiosk_checks import kiosk_findings
from queue_server.config.problems import Finding, Place, wrong
from queue_server.config.rows import Row, duplicates, ids, references, repeated, unused
from queue_server.config.tables import LARGEST_NUMBER, date_of, interval_of, time_of
from queue_server.config.voice_checks import voice_findings
from queue_server.domain.site import Interval, LevelKey, ReinstatePlace, Series

WHOLE_SITE = "site"
"""Instead of a service's id, where something is the whole site's; so no service may have this id."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LEVELS = [key.value for key in LevelKey]


def findings(profile: Row) -> Iterator[Finding]:
    """Everything that is wrong between the tables of a profile."""
    sites = profile.rows("site")
    yield from duplicates(sites)
    yield from guide_findings(profile)
    yield from event_findings(profile)
    yield from look_findings(profile)
    for site in sites:
        for table in ("category", "series", "service", "counter", "area", "priority", "kiosk", "board"):
            yield from duplicates(site.rows(table))
        yield from _reinstate(site)
        yield from _hours(site.row("hours"))
        yield from _series(site)
        yield from _services(site)
        yield from references(
            site.rows("area"), "counters", ids(site.rows("counter")), Code.UNKNOWN_COUNTER, Code.REPEATED_COUNTER
        )
        yield from counter_findings(site)
        yield from kiosk_findings(site)
        yield from board_findings(site)
        yield from voice_findings(site)
        yield from _levels(site)


def _reinstate(site: Row) -> Iterator[Finding]:
    after, given = site.text("reinstate") == ReinstatePlace.AFTER, "reinstate_after" in site.values
    if after and not given:
        yield wrong(site.at("reinstate_after"), Code.REINSTATE_AFTER_MISSING)
    if given and not after:
        yield wrong(site.at("reinstate_after"), Code.REINSTATE_AFTER_UNUSED)


def _hours(hours: Row) -> Iterator[Finding]:
    special = hours.rows("special_day")
    week = [_intervals(hours, day) for day in WEEKDAYS]
    special_days = [_intervals(day, "open") for day in special]
    for intervals in week + special_days:
        for (_, earlier), (place, later) in pairwise(intervals):
            if later.opens < earlier.closes:
                yield wrong(place, Code.OVERLAPPING_HOURS)
    with suppress(ValueError):
        day_end = time_of(hours.values.get("day_end"))
        last = max((interval.closes for day in week for _, interval in day), default=day_end)
        if day_end < last:
            yield wrong(hours.at("day_end"), Code.DAY_ENDS_TOO_EARLY, time=_clock(last))
        for place, interval in (each for day in special_days for each in day):
            if day_end < interval.closes:
                yield wrong(place, Code.CLOSES_AFTER_DAY_END, time=_clock(day_end))
    yield from _repeated_days(special)


def _intervals(row: Row, key: str) -> list[tuple[Place, Interval]]:
    found = []
    for index, value in row.items(key):
        with suppress(ValueError):
            found.append((row.at(key, index), interval_of(value)))
    return found


def _clock(value: time) -> str:
    return f"{value:%H:%M}"


def _repeated_days(special: list[Row]) -> Iterator[Finding]:
    seen = set()
    for row in special:
        try:
            day = date_of(row.values.get("day"))
        except ValueError:
            continue
        if day in seen:
            yield wrong(row.at("day"), Code.REPEATED_DAY, day=day.isoformat())
        seen.add(day)


def _series(site: Row) -> Iterator[Finding]:
    """Numbers of a site must differ on paper: no label may come from two series."""
    places, series = [], []
    for row in site.rows("series"):
        first, last = row.number("first"), row.number("last")
        if first is None or last is None:
            continue
        if first > last:
            yield wrong(row.at("last"), Code.REVERSED_SERIES, first=first)
            continue
        if first < 0 or last > LARGEST_NUMBER:
            continue
        digits = min(max(row.number("digits") or 0, 0), 5)
        places.append(row.at("first"))
        series.append(Series(row.text("id") or "?", first, last, row.text("prefix") or "", digits))
    for index, label, owner in _repeated_labels(tuple(series)):
        yield wrong(places[index], Code.REPEATED_LABEL, label=label, series=owner)


@lru_cache(maxsize=64)
def _repeated_labels(series: tuple[Series, ...]) -> tuple[tuple[int, str, str], ...]:
    """Each series (its index) that prints a label of an earlier one: the first such label, and whose it is.

    Remembered, because an administrator's change is checked inside a command and series do not change.
    """
    owners: dict[str, str] = {}
    found = []
    for index, each in enumerate(series):
        labels = [each.label(number) for number in range(each.first, each.last + 1)]
        taken = next((label for label in labels if label in owners), None)
        if taken is not None:
            found.append((index, taken, owners[taken]))
        for label in labels:
            owners.setdefault(label, each.id)
    return tuple(found)


def _services(site: Row) -> Iterator[Finding]:
    services = site.rows("service")
    series, categories = ids(site.rows("series")), ids(site.rows("category"))
    user: dict[str, str] = {}
    for row in services:
        category, own = row.text("category"), row.text("series")
        if row.text("id") == WHOLE_SITE:
            yield wrong(row.at("id"), Code.RESERVED_ID)
        if category is not None and category not in categories:
            yield wrong(row.at("category"), Code.UNKNOWN_CATEGORY, name=category)
        if own is not None and own not in series:
            yield wrong(row.at("series"), Code.UNKNOWN_SERIES, name=own)
        elif own in user:
            yield wrong(row.at("series"), Code.TAKEN_SERIES, name=own or "", service=user[own])
        elif own is not None:
            user[own] = row.text("id") or "?"
        yield from repeated(row, "stages", Code.REPEATED_STAGE)
    yield from unused(site.rows("series"), set(user), Code.UNUSED_SERIES)
    yield from unused(site.rows("category"), {row.text("category") for row in services}, Code.UNUSED_CATEGORY)


def _levels(site: Row) -> Iterator[Finding]:
    yield from _order(site.rows("level"))
    for service in site.rows("service"):
        yield from _order(service.rows("level"))
        if not service.items("level") and not site.items("level"):
            yield wrong(service.place, Code.NO_LEVELS)


def _order(levels: list[Row]) -> Iterator[Finding]:
    """Lowest first, the lowest without a bound, and every bound above the ones before it."""
    highest = {"people": 0, "minutes": 0}
    rank = -1
    for row in levels:
        key, lowest = row.text("key"), row.place[-1] == 0
        if key in _LEVELS:
            if _LEVELS.index(key) <= rank:
                yield wrong(row.at("key"), Code.FALLING_LEVELS)
            rank = max(rank, _LEVELS.index(key))
        bounds = [name for name in highest if name in row.values]
        if lowest and bounds:
            yield wrong(row.at(bounds[0]), Code.BOUND_ON_LOWEST)
            continue
        if not lowest and not bounds:
            yield wrong(row.place, Code.BOUND_MISSING)
        for name in bounds:
            bound = row.number(name)
            if bound is not None and bound <= highest[name]:
                yield wrong(row.at(name), Code.BOUND_NOT_RISING, limit=highest[name])
            highest[name] = max(highest[name], bound or 0)
