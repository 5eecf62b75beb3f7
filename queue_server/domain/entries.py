"""Journal entries, and the pure function that turns them into tickets.

`evolve` is used twice: when a command is committed, to store the ticket's new row, and when the journal
is verified, to compute that row again. What an entry means may therefore never depend on anything but
the entry and the ticket before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from queue_server.domain.ticket import MOVES, Move, Ticket, TicketState


class Kind(StrEnum):
    """What an entry records: a move or a correction of a ticket, a switch, or something about who may act."""

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
    PRIORITIZE = "prioritize"
    EXPIRE = "expire"
    # Corrections of a ticket and of its paper: a compensating entry, since history is never edited.
    UNDO = "undo"
    REISSUE = "reissue"
    REPRINT = "reprint"
    # Switches of the day.
    OPEN_COUNTER = "open_counter"
    TAKE_COUNTER = "take_counter"
    CLOSE_COUNTER = "close_counter"
    START_BREAK = "start_break"
    ASSIGN_SERVICES = "assign_services"
    PAUSE_SERVICE = "pause_service"
    RESUME_SERVICE = "resume_service"
    CLOSE_RECEPTION = "close_reception"
    OPEN_RECEPTION = "open_reception"
    RESET_RECEPTION = "reset_reception"
    # Switches that outlast the day.
    POST_NOTICE = "post_notice"
    WITHDRAW_NOTICE = "withdraw_notice"
    CHANGE_STRUCTURE = "change_structure"
    # Who may act: entries of the city, with no site.
    ADD_ACCOUNT = "add_account"
    CHANGE_ACCOUNT = "change_account"
    DISABLE_ACCOUNT = "disable_account"
    ENABLE_ACCOUNT = "enable_account"
    CHANGE_KIOSK_PIN = "change_kiosk_pin"
    CHANGE_PASSWORD = "change_password"  # noqa: S105 - the name of what happened
    SIGN_IN = "sign_in"
    SIGN_OUT_EVERYWHERE = "sign_out_everywhere"
    ADD_DEVICE = "add_device"
    REVOKE_DEVICE = "revoke_device"

    @property
    def move(self) -> Move | None:
        """The move of a ticket this kind records, or None for what is no move."""
        return _MOVE_OF.get(self)

    @property
    def changes_ticket(self) -> bool:
        """Whether an entry of this kind changes a ticket: every move and every correction does."""
        return self in _TICKET_KINDS


_MOVE_OF = {Kind(move.value): move for move in Move}

CORRECTIONS = frozenset({Kind.UNDO, Kind.REISSUE, Kind.REPRINT})
_TICKET_KINDS = CORRECTIONS | _MOVE_OF.keys()

ACCESS_KINDS = frozenset(
    {
        Kind.ADD_ACCOUNT,
        Kind.CHANGE_ACCOUNT,
        Kind.DISABLE_ACCOUNT,
        Kind.ENABLE_ACCOUNT,
        Kind.CHANGE_KIOSK_PIN,
        Kind.CHANGE_PASSWORD,
        Kind.SIGN_IN,
        Kind.SIGN_OUT_EVERYWHERE,
        Kind.ADD_DEVICE,
        Kind.REVOKE_DEVICE,
    }
)
"""The kinds of who may act. Their tables hold secrets that the journal does not, so they are not its picture."""


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


HOLDER_ACTOR = "holder"
"""The actor of what the holder of a ticket does with its token; who that is nobody knows."""


def given_up(history: Sequence[Entry]) -> bool:
    """Whether a ticket with these entries, in order of `seq`, was taken out of the line by its own holder."""
    last = history[-1] if history else None
    return last is not None and last.kind is Kind.CANCEL and last.actor == HOLDER_ACTOR


class BrokenJournal(Exception):  # noqa: N818 - a state of the record, named as such
    """An entry that cannot follow what came before it; the record is damaged."""


def evolve(ticket: Ticket | None, entry: Entry) -> Ticket:
    """The ticket after an entry; `ticket` is the ticket before it, None only for an issue.

    An undo of what ended a ticket may come with None: it carries the ticket as it was before.
    Raises BrokenJournal for an entry that MOVES does not allow after that ticket.
    """
    if not entry.kind.changes_ticket or entry.ticket is None:
        raise BrokenJournal(f"entry {entry.seq} ({entry.kind}) does not concern a ticket")
    if entry.kind is Kind.UNDO:
        return _undone(ticket, entry)
    move = entry.kind.move
    if move is Move.ISSUE:
        if ticket is not None:
            raise BrokenJournal(f"entry {entry.seq} issues ticket {entry.ticket} a second time")
        return _issued(entry)
    if ticket is None or ticket.id != entry.ticket:
        raise BrokenJournal(f"entry {entry.seq} ({entry.kind}) concerns an unknown ticket")
    if move is None:
        return _reissued(ticket, entry)
    step = MOVES[move]
    if ticket.state not in step.sources:
        raise BrokenJournal(f"entry {entry.seq}: {move} is not lawful from {ticket.state}")
    return replace(ticket, state=step.target, seq=entry.seq, **_changes(ticket, entry, move))


def plain_ticket(ticket: Ticket) -> dict[str, Any]:
    """A ticket in the terms of JSON: what an undo records of the ticket as it was."""
    return {name: _plain(getattr(ticket, name)) for name in TICKET_FIELDS}


def ticket_of_plain(values: Mapping[str, Any]) -> Ticket:
    """The ticket that `plain_ticket` gave; KeyError, TypeError or ValueError for what is none."""
    known: dict[str, Any] = {name: values[name] for name in TICKET_FIELDS if name in values}
    for name in _TIMES & known.keys():
        known[name] = datetime.fromisoformat(known[name]) if known[name] else None
    known["business_day"] = date.fromisoformat(known["business_day"])
    known["state"] = TicketState(known["state"])
    known["offline"] = bool(known.get("offline"))
    return Ticket(**known)


TICKET_FIELDS = tuple(each.name for each in fields(Ticket))
_TIMES = frozenset({"issued_at", "called_at", "started_at", "ended_at", "entered_at"})


def _plain(value: Any) -> Any:
    """A field's value as JSON and SQLite know it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.value if isinstance(value, TicketState) else value


def _undone(ticket: Ticket | None, entry: Entry) -> Ticket:
    before = ticket_of_plain(entry.body["ticket"])
    same = (before.id, before.site, before.business_day) == (entry.ticket, entry.site, entry.business_day)
    if not same or (ticket is not None and ticket.id != entry.ticket) or not before.is_open:
        raise BrokenJournal(f"entry {entry.seq} ({entry.kind}) does not bring ticket {entry.ticket} back")
    return replace(before, seq=entry.seq)


def _reissued(ticket: Ticket, entry: Entry) -> Ticket:
    if not ticket.is_open:
        raise BrokenJournal(f"entry {entry.seq}: {entry.kind} is not lawful from {ticket.state}")
    # A reprint is the same slip once more; a new slip has a token of its own.
    return replace(ticket, token=entry.body.get("token", ticket.token), seq=entry.seq)


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
        place=float(body.get("place", entry.seq)),
        seq=entry.seq,
        issued_at=datetime.fromisoformat(body["issued_at"]) if "issued_at" in body else entry.at,
        priority=body.get("priority", ""),
        offline="issued_at" in body,
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
        case Move.HOLD:
            return {"reason": body["reason"]}
        case Move.PRIORITIZE:
            return {"priority": body["priority"], "place": float(body["place"])}
        case _:
            return _changes_back_in_line(ticket, entry, move)


def _changes_back_in_line(ticket: Ticket, entry: Entry, move: Move) -> dict[str, Any]:
    """The fields that change when a ticket leaves a counter without ending."""
    body, left = entry.body, {"counter": None, "started_at": None}
    match move:
        case Move.ADVANCE:
            return {**left, "stage": ticket.stage + 1, "entered_at": entry.at}
        case Move.TRANSFER:
            target = {"service": body["service"], "stage": body["stage"], "reserved_counter": body["counter"]}
            return {**left, **target, "reason": "", "entered_at": entry.at}
        case Move.RESUME:
            return {**left, "reason": ""}
        case Move.REINSTATE:
            return {"counter": None, "place": float(body["place"]), "entered_at": entry.at}
        case _:
            return {}
