"""What staff switch: counters, services, the reception, notices, and the structure that administrators change.

Like a ticket, a switch is what its entries leave: `evolve_switch` is used when a command is committed and
again when the journal is verified. A switch that stands as the profile has it is no switch (None).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from queue_server.domain.entries import BrokenJournal, Entry, Kind


@dataclass(frozen=True, slots=True)
class CounterSwitch:
    """How a counter stands today; on a break it is closed and has a time of return."""

    open: bool = False
    clerk: str | None = None
    """The person who works there, as an actor's name."""
    break_until: datetime | None = None
    services: tuple[str, ...] | None = None
    """What it serves today; None for what the profile says."""

    @property
    def in_use(self) -> bool:
        """Whether it is open, or on a break from which its clerk comes back."""
        return self.open or self.break_until is not None


@dataclass(frozen=True, slots=True)
class ServiceSwitch:
    """A service of which no numbers are issued: for a while, or for the rest of the day."""

    for_today: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReceptionSwitch:
    """The reception closed by hand, or open by hand until a time (aware), whatever the hours say."""

    open: bool
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for everybody, until a time (aware) or until it is withdrawn."""

    id: str
    text: str
    until: datetime | None
    seq: int

    def stands_at(self, now: datetime) -> bool:
        """Whether it is still shown at an instant."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class StructureChange:
    """A part of the profile that an administrator changed; `base` is what the profile said there."""

    part: str
    id: str
    value: Any
    base: Any
    actor: str
    at: datetime
    seq: int
    """Its revision: who changes the part has to have seen this one."""


Switch = CounterSwitch | ServiceSwitch | ReceptionSwitch | Notice | StructureChange

RECEPTION = "reception"
_CLASSES: Mapping[str, type[Switch]] = {
    "counter": CounterSwitch,
    "service": ServiceSwitch,
    RECEPTION: ReceptionSwitch,
    "notice": Notice,
    "structure": StructureChange,
}
_OUTLAST = ("notice", "structure")
_TIMES = frozenset({"break_until", "until", "at", "since"})

COUNTER_KINDS = frozenset(
    {Kind.OPEN_COUNTER, Kind.TAKE_COUNTER, Kind.CLOSE_COUNTER, Kind.START_BREAK, Kind.ASSIGN_SERVICES}
)


def switch_name(entry: Entry) -> str:
    """Which switch an entry turns: `counter:5`, `service:mynumber`, `reception`, `notice:ID`, `structure:PART:ID`.

    Raises BrokenJournal for an entry that turns none.
    """
    if entry.kind in COUNTER_KINDS and entry.counter is not None:
        return f"counter:{entry.counter}"
    match entry.kind:
        case Kind.PAUSE_SERVICE | Kind.RESUME_SERVICE:
            return f"service:{entry.body['service']}"
        case Kind.CLOSE_RECEPTION | Kind.OPEN_RECEPTION | Kind.RESET_RECEPTION:
            return RECEPTION
        case Kind.POST_NOTICE | Kind.WITHDRAW_NOTICE:
            return f"notice:{entry.body['id']}"
        case Kind.CHANGE_STRUCTURE:
            return structure_name(entry.body["part"], entry.body["id"])
        case _:
            raise BrokenJournal(f"entry {entry.seq} ({entry.kind}) switches nothing")


def structure_name(part: str, part_id: str) -> str:
    """The name of the switch of a part of the profile."""
    return f"structure:{part}:{part_id}"


def outlasts_the_day(name: str) -> bool:
    """Whether a switch stays when the day ends."""
    return name.split(":", 1)[0] in _OUTLAST


def evolve_switch(before: Switch | None, entry: Entry) -> Switch | None:
    """The switch after an entry that turns it."""
    if entry.kind in COUNTER_KINDS:
        after = _counter(before if isinstance(before, CounterSwitch) else CounterSwitch(), entry)
        return None if after == CounterSwitch() else after
    body = entry.body
    match entry.kind:
        case Kind.PAUSE_SERVICE:
            since = before.since if isinstance(before, ServiceSwitch) else entry.at
            return ServiceSwitch(body.get("for_today", False), since)
        case Kind.CLOSE_RECEPTION:
            return ReceptionSwitch(False, None, body["reason"])
        case Kind.OPEN_RECEPTION:
            return ReceptionSwitch(True, datetime.fromisoformat(body["until"]))
        case Kind.POST_NOTICE:
            until = datetime.fromisoformat(body["until"]) if body["until"] else None
            return Notice(body["id"], body["text"], until, entry.seq)
        case Kind.CHANGE_STRUCTURE if body["value"] != body["base"]:
            return StructureChange(
                body["part"], body["id"], body["value"], body["base"], entry.actor, entry.at, entry.seq
            )
        case _:
            return None


def _counter(before: CounterSwitch, entry: Entry) -> CounterSwitch:
    body = entry.body
    match entry.kind:
        case Kind.OPEN_COUNTER:
            return replace(before, open=True, clerk=body.get("clerk"), break_until=None)
        case Kind.TAKE_COUNTER:
            return replace(before, clerk=body["clerk"])
        case Kind.START_BREAK:
            return replace(before, open=False, break_until=datetime.fromisoformat(body["until"]))
        case Kind.ASSIGN_SERVICES:
            services = body["services"]
            return replace(before, services=None if services is None else tuple(services))
        case _:
            return replace(before, open=False, clerk=None, break_until=None)


def plain_switch(switch: Switch) -> dict[str, Any]:
    """A switch in the terms of JSON."""
    values = {each.name: getattr(switch, each.name) for each in fields(switch)}
    return {name: _plain(value) for name, value in values.items()}


def switch_of_plain(name: str, values: Mapping[str, Any]) -> Switch:
    """The switch of this name that `plain_switch` gave; KeyError, TypeError or ValueError for what is none."""
    known = dict(values)
    for key in _TIMES & known.keys():
        known[key] = datetime.fromisoformat(known[key]) if known[key] else None
    family = name.split(":", 1)[0]
    if family == "counter" and known["services"] is not None:
        known["services"] = tuple(known["services"])
    return _CLASSES[family](**known)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
