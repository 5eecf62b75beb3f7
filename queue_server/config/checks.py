"""The rules between the tables of a profile.

They read the file as it stands, so that a mistake in one table does not hide another mistake elsewhere.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import time
from itertools import pairwise

from queue_server.config.problems import Place
from queue_server.config.rows import Finding, Row, duplicates, ids, references
from queue_server.config.schema import LARGEST_NUMBER, date_of, interval_of, time_of
from queue_server.domain.site import Interval, LevelKey, Series

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LEVELS = [key.value for key in LevelKey]


def findings(profile: Row) -> Iterator[Finding]:
    """Everything that is wrong between the tables of a profile."""
    sites = profile.rows("site")
    yield from duplicates(sites)
    for site in sites:
        for table in ("category", "series", "service", "counter", "area"):
            yield from duplicates(site.rows(table))
        yield from _hours(site.row("hours"))
        yield from _series(site)
        yield from _services(site)
        yield from _places(site)
        yield from _levels(site)


def _hours(hours: Row) -> Iterator[Finding]:
    special = hours.rows("special_day")
    days = [_intervals(hours, day) for day in WEEKDAYS] + [_intervals(day, "open") for day in special]
    for intervals in days:
        for (_, earlier), (place, later) in pairwise(intervals):
            if later.opens < earlier.closes:
                yield place, "overlaps the hours before it"
    closings = [interval.closes for intervals in days for _, interval in intervals]
    yield from _day_end(hours, closings)
    yield from _repeated_days(special)


def _intervals(row: Row, key: str) -> list[tuple[Place, Interval]]:
    found = []
    for index, value in row.items(key):
        with suppress(ValueError):
            found.append((row.at(key, index), interval_of(value)))
    return found


def _day_end(hours: Row, closings: list[time]) -> Iterator[Finding]:
    with suppress(ValueError):
        if closings and time_of(hours.values.get("day_end")) < max(closings):
            yield hours.at("day_end"), f"the day must not end before the last closing, {max(closings):%H:%M}"


def _repeated_days(special: list[Row]) -> Iterator[Finding]:
    seen = set()
    for row in special:
        try:
            day = date_of(row.values.get("day"))
        except ValueError:
            continue
        if day in seen:
            yield row.at("day"), f"{day} has been given already"
        seen.add(day)


def _series(site: Row) -> Iterator[Finding]:
    """Numbers of a site must differ on paper: no label may come from two series."""
    owners: dict[str, str] = {}
    for row in site.rows("series"):
        first, last = row.number("first"), row.number("last")
        if first is None or last is None:
            continue
        if first > last:
            yield row.at("last"), f"must not be less than first, {first}"
            continue
        if first < 0 or last > LARGEST_NUMBER:
            continue
        digits = min(max(row.number("digits") or 0, 0), 5)
        series = Series(row.text("id") or "?", first, last, row.text("prefix") or "", digits)
        labels = [series.label(number) for number in range(first, last + 1)]
        taken = next((label for label in labels if label in owners), None)
        if taken is not None:
            yield row.at("first"), f'the label {taken} is also in the series "{owners[taken]}"'
        for label in labels:
            owners.setdefault(label, series.id)


def _services(site: Row) -> Iterator[Finding]:
    services = site.rows("service")
    series, categories = ids(site.rows("series")), ids(site.rows("category"))
    user: dict[str, str] = {}
    for row in services:
        category, own = row.text("category"), row.text("series")
        if category is not None and category not in categories:
            yield row.at("category"), f'there is no category "{category}"'
        if own is not None and own not in series:
            yield row.at("series"), f'there is no series "{own}"'
        elif own in user:
            yield row.at("series"), f'the series "{own}" belongs to the service "{user[own]}" already'
        elif own is not None:
            user[own] = row.text("id") or "?"
        stages = [name for _, name in row.texts("stages")]
        if len(set(stages)) < len(stages):
            yield row.at("stages"), "the same stage stands here twice"
    yield from _unused(site.rows("series"), set(user), "no service uses this series")
    filled = {row.text("category") or "" for row in services}
    yield from _unused(site.rows("category"), filled, "no service is in this category")


def _unused(rows: list[Row], used: set[str], message: str) -> Iterator[Finding]:
    for row in rows:
        name = row.text("id")
        if name is not None and name not in used:
            yield row.at("id"), message


def _places(site: Row) -> Iterator[Finding]:
    counters, services = site.rows("counter"), site.rows("service")
    yield from references(counters, "services", ids(services), "service")
    yield from references(site.rows("area"), "counters", ids(counters), "counter")
    served = {name for counter in counters for _, name in counter.texts("services")}
    yield from _unused(services, served, "no counter serves this service")


def _levels(site: Row) -> Iterator[Finding]:
    yield from _order(site.rows("level"))
    for service in site.rows("service"):
        yield from _order(service.rows("level"))
        if not service.items("level") and not site.items("level"):
            yield service.place, "has no level, and the site has none either"


def _order(levels: list[Row]) -> Iterator[Finding]:
    """Lowest first, the lowest without a bound, and every bound above the ones before it."""
    highest = {"people": 0, "minutes": 0}
    rank = -1
    for index, row in enumerate(levels):
        key = row.text("key")
        if key in _LEVELS:
            if _LEVELS.index(key) <= rank:
                yield row.at("key"), "levels must rise: " + " < ".join(_LEVELS)
            rank = max(rank, _LEVELS.index(key))
        bounds = [name for name in highest if name in row.values]
        if index == 0 and bounds:
            yield row.at(bounds[0]), "the lowest level begins at nothing and has no bound"
            continue
        if index > 0 and not bounds:
            yield row.place, "needs people or minutes, where the level begins"
        for name in bounds:
            bound = row.number(name)
            if bound is not None and bound <= highest[name]:
                yield row.at(name), f"must be more than in the levels before it, {highest[name]}"
            highest[name] = max(highest[name], bound or 0)
