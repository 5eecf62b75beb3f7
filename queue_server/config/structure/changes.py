"""The profile with administrators' changes in place, judged as the file is."""

from collections.abc import Mapping
from typing import Any

from queue_server.config.build import city_of
from queue_server.config.checks import WHOLE_SITE
from queue_server.config.codes import Code
from queue_server.config.problems import Finding, Place, Problem, ProfileError, wrong
from queue_server.config.structure.parts import (
    NAMES,
    Changes,
    Part,
    PartKey,
    Tables,
    Value,
    node_at,
    place_of,
    profile_value,
    tables_of,
    tidied,
)
from queue_server.config.validation import examine
from queue_server.domain.site import CityProfile

_WHERE = "the profile with its changes"


class ChangesRefused(ProfileError):  # noqa: N818 - an answer, not a failure
    """Changes with which the profile would not be right; the places are those in the changed tables."""

    def __init__(self, found: list[Finding], places: Mapping[tuple[str, PartKey], Place]) -> None:
        super().__init__(_WHERE, (Problem(each.path, None, each.code, each.values) for each in found))
        self.places = places


def with_changes(text: str, changes: Changes) -> CityProfile:
    """The city of a profile with changed values in place of its own; its `text` stays the profile's.

    Raises ChangesRefused with everything that would be wrong, and UnknownPart.
    """
    tables, places, found = changed_tables(text, changes)
    profile, more = examine(tables)
    found += more
    if profile is None or found:
        raise ChangesRefused(found, places)
    return city_of(profile, text)


def changed_tables(text: str, changes: Changes) -> tuple[Tables, Mapping[tuple[str, PartKey], Place], list[Finding]]:
    """A profile's tables with the changes put in, where each stands now, and the keys that a value must not have.

    The order of the changes does not matter: special days that go, go first; new ones come in order of date.
    """
    tables = tables_of(text)
    places: dict[tuple[str, PartKey], Place] = {}
    found: list[Finding] = []
    for site_id, made in changes.items():
        values = {key: tidied(*key, value) for key, value in made.items()}
        for key in sorted(values, key=lambda key: (values[key] is not None, key)):
            places[site_id, key] = place = place_of(tables, site_id, *key)
            if values[key] == profile_value(text, site_id, *key):
                continue
            unfit = _unfit(place, key, values[key])
            if unfit is not None:
                found.append(unfit)
            if unfit is None or unfit.code is not Code.NOT_TABLE:
                tables = _put(tables, place, _row(tables, place, key, values[key]), goes=_goes(key, values[key]))
    return tables, places, found


def _unfit(place: Place, key: PartKey, value: Value) -> Finding | None:
    """What keeps a value from standing in a row of this name: it is no table, or has a name of its own."""
    name = NAMES.get(key[0])
    if name is None or _goes(key, value):
        return None
    if not isinstance(value, Mapping):
        return wrong(place, Code.NOT_TABLE)
    return wrong((*place, name), Code.UNKNOWN_KEY) if name in value else None


def _row(tables: Tables, place: Place, key: PartKey, value: Value) -> Value:
    """A value as the file has it: where rows are named, with its name."""
    name = NAMES.get(key[0])
    if name is None or value is None:
        return value
    return {name: node_at(tables, (*place, name)) or key[1], **{step: value[step] for step in value if step != name}}


def _goes(key: PartKey, value: Value) -> bool:
    """Whether nothing stands where the part was: no special day, no levels of a service's own."""
    part, part_id = key
    return value is None and (part is Part.SPECIAL_DAY or (part is Part.LEVELS and part_id != WHOLE_SITE))


def _put(node: Any, place: Place, value: Value, *, goes: bool) -> Any:
    """A copy of a node with a value at a place, or without what stands there now where it `goes`."""
    copy: Any = list(node) if isinstance(node, list) else dict(node)
    step, rest = place[0], place[1:]
    present = node_at(copy, (step,)) is not None
    if rest:
        inner = copy[step] if present else [] if isinstance(rest[0], int) else {}
        value, goes = _put(inner, rest, value, goes=goes), False
    if goes:
        del copy[step]
    elif isinstance(copy, list) and not present:
        copy.append(value)
    else:
        copy[step] = value
    return copy


def field_problems(error: ChangesRefused, site_id: str, part: Part, part_id: str) -> list[tuple[str, Problem]]:
    """Every problem of changes with the field of one part's value that it belongs to: "services.1", "1.people".

    The field is "" for the value as a whole, and for what is wrong elsewhere.
    """
    key = (site_id, (part, part_id))
    return [(field_of(error, key, problem) or "", problem) for problem in error.problems]


def field_of(error: ChangesRefused, key: tuple[str, PartKey], problem: Problem) -> str | None:
    """The field of a changed part that a problem belongs to; None where it lies elsewhere."""
    place = error.places.get(key)
    if place is None:
        return None
    if problem.path[: len(place)] == place:
        return ".".join(str(step) for step in problem.path[len(place) :])
    part = key[1][0]
    if part is Part.COUNTER and problem.path[:2] == place[:2]:
        return {Code.UNSERVED_SERVICE: "services", Code.UNSERVED_STAGE: "stages"}.get(problem.code)
    if part is Part.LEVELS and problem.code is Code.NO_LEVELS and problem.path[: len(place) - 1] == place[:-1]:
        return ""
    return None
