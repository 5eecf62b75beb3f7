"""The ticket (受付番号), its states, and the one table of moves.

The MOVES table is read by the rules, by the tests and by the desk (which buttons exist).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class TicketState(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    NO_SHOW = "no_show"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


OPEN_STATES = frozenset(
    {TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD, TicketState.NO_SHOW}
)
"""The states in which a ticket is live: its number may not be given to anybody else."""

AT_COUNTER = frozenset({TicketState.CALLED, TicketState.SERVING})
"""The states in which somebody is being called to, or served at, a counter."""


class Move(StrEnum):
    """What can happen to a ticket."""

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


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table: the states a move starts from and the state it ends in."""

    sources: frozenset[TicketState]
    target: TicketState


def _step(sources: str, target: TicketState) -> Step:
    return Step(frozenset(TicketState(source) for source in sources.split()), target)


MOVES: Mapping[Move, Step] = MappingProxyType(
    {
        Move.ISSUE: _step("", TicketState.WAITING),
        Move.CALL: _step("waiting held", TicketState.CALLED),
        Move.RECALL: _step("called", TicketState.CALLED),
        Move.START: _step("called", TicketState.SERVING),
        Move.COMPLETE: _step("called serving", TicketState.COMPLETED),
        Move.ADVANCE: _step("called serving", TicketState.WAITING),
        Move.TRANSFER: _step("called serving held", TicketState.WAITING),
        Move.HOLD: _step("called serving", TicketState.HELD),
        Move.RESUME: _step("held", TicketState.WAITING),
        Move.NO_SHOW: _step("called", TicketState.NO_SHOW),
        Move.REINSTATE: _step("no_show", TicketState.WAITING),
        Move.CANCEL: _step("waiting held no_show", TicketState.CANCELLED),
        Move.PRIORITIZE: _step("waiting", TicketState.WAITING),
        Move.EXPIRE: Step(OPEN_STATES, TicketState.EXPIRED),
    }
)


TICKET_MOVES = frozenset(Move) - {Move.ISSUE, Move.CALL, Move.EXPIRE}
"""The moves that are commands on a ticket; issuing and calling need more than a ticket, expiry is the clock's."""


UNDOABLE_MOVES = frozenset(Move) - {Move.ISSUE, Move.RECALL, Move.EXPIRE}
"""The moves that an undo takes back: a number once given out is cancelled, what was announced was heard."""


class Refused(Exception):  # noqa: N818 - the vocabulary's word; a refusal is an answer, not a failure
    """A command that the rules do not allow; it changed nothing.

    `code` is stable and part of the API; `state` is the ticket's present state where a ticket is meant;
    `details` is what else the caller needs in order to go on, for example who works at the counter.
    """

    def __init__(self, code: str, state: TicketState | None = None, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.state = state
        self.details: Mapping[str, Any] = details


@dataclass(frozen=True, slots=True)
class Ticket:
    """One resident's number for one business day. Its identity is `id`, never its number: numbers wrap."""

    id: str
    site: str
    business_day: date
    series: str
    round: int
    number: int
    label: str
    token: str
    """What the slip's QR carries: 128 random bits that open this ticket alone."""
    service: str
    state: TicketState
    place: float
    """Its place in the line: the smaller one is called first."""
    seq: int
    """The last journal entry that changed it."""
    issued_at: datetime
    stage: int = 0
    counter: str | None = None
    """The counter it was called to last."""
    reserved_counter: str | None = None
    """The only counter that may call it next, after a transfer to that counter."""
    call_seq: int | None = None
    called_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""
    priority: str = ""
    """The priority class it was given, empty for none; its effect is already in `place`."""
    entered_at: datetime | None = None
    """When it entered the present line, after it was called before; None while it is in that of its issue."""
    offline: bool = False
    """Whether a kiosk gave it out by itself while the server was away; its round is then OFFLINE_ROUND."""

    @property
    def is_open(self) -> bool:
        """Whether the ticket is still live."""
        return self.state in OPEN_STATES

    @property
    def waiting_since(self) -> datetime:
        """When the wait began that alerts, the longest wait and the desk count: the entry into the present line.

        That is the issue at first, then the advance, the transfer or the return after an absence: what was
        waited for before had its call. Who was held waited all along, and goes on from there. The place in
        the line is another matter, and so is the wait that is told of a day: from the issue to the first call.
        """
        return self.entered_at or self.issued_at

    def lawful_moves(self) -> tuple[Move, ...]:
        """The moves that MOVES allows now, in the table's order."""
        return tuple(move for move, step in MOVES.items() if self.state in step.sources)

    def require(self, move: Move) -> None:
        """Raise Refused("illegal_move") with the present state unless MOVES allows this move now."""
        if self.state not in MOVES[move].sources:
            raise Refused("illegal_move", self.state)
