"""When a ticket's holder is told: the choice of how near the turn has to be, and which notice is due."""

from dataclasses import dataclass
from enum import StrEnum

from queue_server.domain.ticket import Ticket, TicketState
from queue_server.domain.waits.ranges import Estimate

MOST_PEOPLE = 50
MOST_MINUTES = 120


class NearUnit(StrEnum):
    """What nearness is counted in."""

    PEOPLE = "people"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Nearness:
    """From how many people ahead, or from how many minutes before the call, a holder wants to be told.

    Raises ValueError for less than one, for more than MOST_PEOPLE people, or for more than MOST_MINUTES minutes.
    """

    unit: NearUnit
    value: int

    def __post_init__(self) -> None:
        most = MOST_PEOPLE if self.unit is NearUnit.PEOPLE else MOST_MINUTES
        if not 1 <= self.value <= most:
            raise ValueError(f"{self.unit} from 1 to {most}, not {self.value}")

    def holds(self, ahead: int, estimate: Estimate | None) -> bool:
        """Whether the turn is that near for somebody who waits with `ahead` people before them.

        By minutes the lower end of the estimate counts: whoever needs ten minutes to come back has to be told
        while the call may still be ten minutes away. Whoever is next is near, whatever anybody can estimate.
        """
        if ahead == 0:
            return True
        if self.unit is NearUnit.PEOPLE:
            return ahead <= self.value
        return estimate is not None and estimate.low <= self.value


NEAR_BY_DEFAULT = Nearness(NearUnit.PEOPLE, 3)
"""What counts as near for whoever chose nothing."""

NEAR_CHOICES = (
    *(Nearness(NearUnit.PEOPLE, people) for people in (1, 2, 3, 5, 10)),
    *(Nearness(NearUnit.MINUTES, minutes) for minutes in (5, 10, 15, 30)),
)
"""What a page offers."""


class NoticeKind(StrEnum):
    """What a holder is told."""

    NEAR = "near"
    CALLED = "called"


@dataclass(frozen=True, slots=True)
class Told:
    """What a holder was told so far: whether the turn was near, and the `call_seq` of the last call told."""

    near: bool = False
    call_seq: int = 0


NOTHING_TOLD = Told()


def notice_due(
    ticket: Ticket, ahead: int, estimate: Estimate | None, choice: Nearness, told: Told
) -> NoticeKind | None:
    """The notice that a ticket's holder has to get now, or None.

    A call, and each announcement of it again, is told once; that the turn is near is told once for a ticket.
    What is no longer true is never told: who is at the counter already needs no call.
    """
    if ticket.state is TicketState.CALLED:
        return NoticeKind.CALLED if (ticket.call_seq or 0) > told.call_seq else None
    if ticket.state is TicketState.WAITING and not told.near and choice.holds(ahead, estimate):
        return NoticeKind.NEAR
    return None
