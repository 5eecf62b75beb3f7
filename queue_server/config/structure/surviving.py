"""Which changes still count when the reviewed profile is a newer one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from queue_server.config.codes import Code
from queue_server.config.problems import Problem
from queue_server.config.structure.changes import ChangesRefused, field_of, with_changes
from queue_server.config.structure.parts import PartKey, UnknownPart, Value, profile_value, tidied
from queue_server.domain.site import CityProfile


@dataclass(frozen=True, slots=True)
class Survivors:
    """What still counts of the changes of one site, why the others do not (in words for the log), and the city."""

    changes: Mapping[PartKey, Value]
    dropped: Mapping[PartKey, str]
    city: CityProfile
    """As `with_changes` makes it of the changes that count."""


def surviving(text: str, site_id: str, made: Mapping[PartKey, tuple[Value, Value]]) -> Survivors:
    """Which changes of a site still count for this profile: each with the value that the profile had then.

    `made` is (value, base) by part, oldest first. A change counts while the profile itself still says `base`:
    where the reviewed profile has changed since, it wins. One that says what the profile says is none, and
    is in neither result. Of changes that the profile does not bear any more, the newest that a problem leads
    to is dropped, and so on until it is right.
    """
    kept: dict[PartKey, Value] = {}
    dropped: dict[PartKey, str] = {}
    for (part, part_id), (value, base) in made.items():
        try:
            own = profile_value(text, site_id, part, part_id)
        except UnknownPart as error:
            dropped[part, part_id] = f"the profile has no {error}"
            continue
        if tidied(part, part_id, base) != own:
            dropped[part, part_id] = "the profile has changed here since"
        elif tidied(part, part_id, value) != own:
            kept[part, part_id] = tidied(part, part_id, value)
    while True:
        try:
            city = with_changes(text, {site_id: kept})
        except ChangesRefused as error:
            key = _blamed(text, site_id, kept, error)
            del kept[key]
            dropped[key] = str(error)
        else:
            return Survivors(kept, dropped, city)


def _blamed(text: str, site_id: str, kept: Mapping[PartKey, Value], error: ChangesRefused) -> PartKey:
    """The newest change that one of the problems leads to."""
    blamed = [
        key
        for key in kept
        for problem in error.problems
        if field_of(error, (site_id, key), problem) is not None and _takes_part(text, site_id, key, kept, problem)
    ]
    return (blamed or list(kept))[-1]


def _takes_part(text: str, site_id: str, key: PartKey, kept: Mapping[PartKey, Value], problem: Problem) -> bool:
    """Whether a change has to do with a problem: with an unserved service, if it is a counter that served it."""
    service = problem.values.get("service")
    if problem.code not in (Code.UNSERVED_SERVICE, Code.UNSERVED_STAGE):
        return True
    own = profile_value(text, site_id, *key)
    return service in own["services"] and _reach(own, service) != _reach(kept[key], service)


def _reach(counter: Mapping[str, Any], service: object) -> tuple[bool, Any]:
    return service in counter["services"], counter.get("stages", {}).get(service)
