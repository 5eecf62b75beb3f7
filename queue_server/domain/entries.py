"""Journal entries, and the pure function that turns them into tickets.

`evolve` is used twice: when a command is committed, to store the ticket's new row, and when the journal
is verified, to compute that row again. What an entry means may therefore never depend on anything but
the entry and the ticket before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from queue_server.domain.ticket import MOVES, Move, Ticket


class Kind(StrEnum):
    """What an entry records: a move of a ticket, or a switch of a counter or a service."""

    ISSUE = "issue"
    CALL = "call"
    RECALL = "recall"
    START = "start"
    COMPLETE = "complete"
    ADVANCE = "advance"
    TRANSFER = "transfer"
    HOLD = "hold"
    RESUME = "resume"
    NO_SHOW = "no_show"
    REINSTATE = "reinstate"
    CANCEL = "cancel"
    EXPIRE = "expire"
    OPEN_COUNTER = "open_counter"
    CLOSE_COUNTER = "close_counter"
    PAUSE_SERVICE = "pause_service"
    RESUME_SERVICE = "resume_service"

    @property
    def move(self) -> Move | None:
        """The move of a ticket this kind records, or None for a switch."""
        return Move(self.value) if self.value in _MOVE_VALUES else None


_MOVE_VALUES = frozenset(move.value for move in Move)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. `at` is aware UTC; order is decided by `seq`, never by `at`."""

    seq: int
    at: datetime
    site: str
    business_day: date
    kind: Kind
    actor: str
    request_id: str
    ticket: str | None = None
    counter: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict)


class BrokenJournal(Exception):  # noqa: N818 - a state of the record, named as such
    """An entry that cannot follow what came before it; the record is damaged."""


def evolve(ticket: Ticket | None, entry: Entry) -> Ticket:
    """The ticket after an entry; `ticket` is the ticket before it, None only for an issue.

    Raises BrokenJournal for an entry that MOVES does not allow after that ticket.
    """
    move = entry.kind.move
    if move is None or entry.ticket is None:
        raise BrokenJournal(f"entry {entry.seq} ({entry.kind}) does not concern a ticket")
    if move is Move.ISSUE:
        if ticket is not None:
            raise BrokenJournal(f"entry {entry.seq} issues ticket {entry.ticket} a second time")
        return _issued(entry)
    if ticket is None or ticket.id != entry.ticket:
        raise BrokenJournal(f"entry {entry.seq} ({entry.kind}) concerns an unknown ticket")
    step = MOVES[move]
    if ticket.state not in step.sources:
        raise BrokenJournal(f"entry {entry.seq}: {move} is not lawful from {ticket.state}")
    return replace(ticket, state=step.target, seq=entry.seq, **_changes(ticket, entry, move))


def _issued(entry: Entry) -> Ticket:
    body = entry.body
    return Ticket(
        id=entry.ticket or "",
        site=entry.site,
        business_day=entry.business_day,
        series=body["series"],
        round=body["round"],
        number=body["number"],
        label=body["label"],
        token=body["token"],
        service=body["service"],
        state=MOVES[Move.ISSUE].target,
        place=float(entry.seq),
        seq=entry.seq,
        issued_at=entry.at,
    )


def _changes(ticket: Ticket, entry: Entry, move: Move) -> dict[str, Any]:
    """The fields besides `state` and `seq` that a move changes."""
    body = entry.body
    match move:
        case Move.CALL:
            return {
                "counter": entry.counter,
                "reserved_counter": None,
                "call_seq": entry.seq,
                "called_at": entry.at,
                "started_at": None,
                "reason": "",
            }
        case Move.RECALL:
            return {"call_seq": entry.seq}
        case Move.START:
            return {"started_at": entry.at}
        case Move.COMPLETE | Move.CANCEL | Move.EXPIRE:
            return {"ended_at": entry.at}
        case Move.ADVANCE:
            return {"stage": ticket.stage + 1, "counter": None, "started_at": None}
        case Move.TRANSFER:
            return {
                "service": body["service"],
                "stage": body["stage"],
                "reserved_counter": body["counter"],
                "counter": None,
                "started_at": None,
                "reason": "",
            }
        case Move.HOLD:
            return {"reason": body["reason"]}
        case Move.RESUME:
            return {"counter": None, "started_at": None, "reason": ""}
        case Move.REINSTATE:
            return {"counter": None, "place": float(body["place"])}
        case _:
            return {}
