"""Which parts of a profile can be changed, where they stand in its tables, and what their values look like."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeAlias

from queue_server.config.checks import WHOLE_SITE
from queue_server.config.problems import Place
from queue_server.config.schema import AlertsTable, CounterTable, LevelTable, SpecialDayTable
from queue_server.config.tables import Table, date_of
from queue_server.domain.site import Discipline

Value: TypeAlias = Any
"""A part's value in JSON form; from an administrator, anything that JSON can say."""
Tables: TypeAlias = Mapping[str, Any]
"""The tables of a profile. Shared with whoever reads the same text: never changed, only copied."""


class Part(StrEnum):
    """What an administrator changes as one piece.

    SPECIAL_DAY (id: a date): {"open": ["08:30-12:00"], "reason": text}, or None where the day is as any other.
    LEVELS (id: a service, or "site"): [{"key", "label", "people"?, "minutes"?}]; None for a service that uses
    the site's. COUNTER (id: a counter): {"name", "services", "discipline"?, "weights"?, "stages"?,
    "longest_wait"?}. ALERTS (id: "site"): {"people"?, "wait_minutes"?, "without_call_minutes"?}.
    """

    SPECIAL_DAY = "special_day"
    LEVELS = "levels"
    COUNTER = "counter"
    ALERTS = "alerts"


PartKey: TypeAlias = tuple[Part, str]
Changes: TypeAlias = Mapping[str, Mapping[PartKey, Value]]
"""By site, the values that stand in the place of the profile's own."""


class UnknownPart(LookupError):  # noqa: N818 - an answer, not a failure
    """There can be no such part: no such site, counter or service, or not a date."""

    def __init__(self, site_id: str, part: Part, part_id: str) -> None:
        super().__init__(f"{part.value} {part_id!r} at site {site_id!r}")
        self.site_id = site_id
        self.part = part
        self.part_id = part_id


@lru_cache(maxsize=8)
def tables_of(text: str) -> Tables:
    """The tables of a profile's text."""
    return tomllib.loads(text)


def profile_value(text: str, site_id: str, part: Part, part_id: str) -> Value:
    """What the profile itself says of a part, tidied. Raises UnknownPart."""
    return value_in(tables_of(text), site_id, part, part_id)


def parts_of(text: str, site_id: str) -> list[tuple[Part, str, Value]]:
    """Every part that the profile has: counters, levels, alerts and special days. Raises UnknownPart."""
    tables = tables_of(text)
    site = _site(tables, site_id, UnknownPart(site_id, Part.ALERTS, WHOLE_SITE))[1]
    keys = [(Part.COUNTER, row["id"]) for row in site["counter"]]
    keys += [(Part.LEVELS, WHOLE_SITE)]
    keys += [(Part.LEVELS, row["id"]) for row in site["service"]]
    keys += [(Part.ALERTS, WHOLE_SITE)]
    keys += [(Part.SPECIAL_DAY, _day_of(row)) for row in site["hours"].get("special_day", ())]
    return [(part, part_id, value_in(tables, site_id, part, part_id)) for part, part_id in keys]


def value_in(tables: Tables, site_id: str, part: Part, part_id: str) -> Value:
    """What tables that nothing is wrong with say of a part, tidied. Raises UnknownPart."""
    node = node_at(tables, place_of(tables, site_id, part, part_id))
    if isinstance(node, Mapping):
        node = {key: value for key, value in node.items() if key != NAMES.get(part)}
    if node is None:
        node = {} if part is Part.ALERTS else [] if (part, part_id) == (Part.LEVELS, WHOLE_SITE) else None
    return deepcopy(tidied(part, part_id, node))


def place_of(tables: Tables, site_id: str, part: Part, part_id: str) -> Place:
    """Where a part stands in the tables, or would stand if it were there. Raises UnknownPart."""
    unknown = UnknownPart(site_id, part, part_id)
    index, site = _site(tables, site_id, unknown)
    place: Place = ("site", index)
    match part:
        case Part.ALERTS if part_id == WHOLE_SITE:
            return (*place, "alerts")
        case Part.LEVELS if part_id == WHOLE_SITE:
            return (*place, "level")
        case Part.LEVELS:
            return (*place, "service", _index(site["service"], part_id, unknown), "level")
        case Part.COUNTER:
            return (*place, "counter", _index(site["counter"], part_id, unknown))
        case Part.SPECIAL_DAY if _is_day(part_id):
            days = [_day_of(row) for row in site["hours"].get("special_day", ())]
            return (*place, "hours", "special_day", days.index(part_id) if part_id in days else len(days))
    raise unknown


def node_at(tables: Tables, place: Place) -> Any:
    """What stands at a place; None where nothing does."""
    node: Any = tables
    for step in place:
        try:
            node = node[step]
        except (KeyError, IndexError):
            return None
    return node


NAMES: Mapping[Part, str] = {Part.COUNTER: "id", Part.SPECIAL_DAY: "day"}
"""The key that names a row in the file; outside it the part's id says the same."""
_TABLES: Mapping[Part, type[Table]] = {
    Part.SPECIAL_DAY: SpecialDayTable,
    Part.LEVELS: LevelTable,
    Part.COUNTER: CounterTable,
    Part.ALERTS: AlertsTable,
}


def tidied(part: Part, part_id: str, value: Value) -> Value:
    """A value in its one form, so that two that mean the same are equal.

    Keys stand in the order of the schema; what is null, or says what holds without it (the discipline
    "oldest", no weights, no stages, a service's empty levels), is left out. What does not fit stays as it is,
    for the checks to tell.
    """
    if part is Part.LEVELS and isinstance(value, list):
        if not value and part_id != WHOLE_SITE:
            return None
        return [_tidied_row(part, row) for row in value]
    return _tidied_row(part, value)


def _tidied_row(part: Part, row: Value) -> Value:
    if not isinstance(row, Mapping):
        return row
    known = [key for key in _TABLES[part].model_fields if key in row]
    keys = [*known, *(key for key in row if key not in known)]
    return {key: row[key] for key in keys if row[key] is not None and not _says_nothing(part, key, row[key])}


def _says_nothing(part: Part, key: str, value: Value) -> bool:
    if part is not Part.COUNTER:
        return False
    return (key in ("weights", "stages") and value == {}) or (key == "discipline" and value == Discipline.OLDEST)


def _site(tables: Tables, site_id: str, unknown: UnknownPart) -> tuple[int, Mapping[str, Any]]:
    index = _index(tables["site"], site_id, unknown)
    return index, tables["site"][index]


def _index(rows: list[Any], part_id: str, unknown: UnknownPart) -> int:
    for index, row in enumerate(rows):
        if row["id"] == part_id:
            return index
    raise unknown


def _is_day(text: str) -> bool:
    try:
        date_of(text)
    except ValueError:
        return False
    return True


def _day_of(row: Mapping[str, Any]) -> str:
    return date_of(row["day"]).isoformat()
