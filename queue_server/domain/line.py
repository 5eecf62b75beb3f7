"""Places in the line: a ticket with a smaller place is called before one with a larger.

A place is decided once, when a ticket enters the line or enters it again, and is journalled. Tickets of all
services stand in one line, so that a counter which serves several calls whoever came first.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from queue_server.domain.site import PriorityClass
from queue_server.domain.ticket import Ticket, TicketState

LineKey = tuple[str, int]
"""A service and a stage of it: everybody in one line waits for the same counters."""


def line_of(ticket: Ticket | None) -> LineKey | None:
    """The line in which a ticket waits; None for one that does not wait."""
    if ticket is None or ticket.state is not TicketState.WAITING:
        return None
    return ticket.service, ticket.stage


def in_order(tickets: Iterable[Ticket]) -> list[Ticket]:
    """Tickets in the order of the line; of two at one place the one whose entry is older comes first."""
    return sorted(tickets, key=lambda ticket: (ticket.place, ticket.seq))


def place_behind(line: Sequence[Ticket], service: str, people: int, end: float) -> float:
    """The place behind the first `people` of a service in the line, `end` when no more are waiting.

    `line` is in order, without the ticket itself.
    """
    mine = [index for index, ticket in enumerate(line) if ticket.service == service]
    if len(mine) <= people:
        return end
    return _before(line, mine[people])


def place_with_head_start(
    line: Sequence[Ticket], issued_at: datetime, head_start: int, classes: Mapping[str, PriorityClass], end: float
) -> float:
    """The place of somebody who counts as having come `head_start` minutes before `issued_at`.

    A head start in minutes is priority with ageing: who came longer ago than that is never overtaken, so
    nobody starves, and the order of two people never changes while they wait. It is the "urgency number"
    of J. R. Jackson, Some problems in queueing with dynamic priorities, Naval Research Logistics
    Quarterly 7 (1960). `line` is in order, without the ticket itself.
    """
    arrival = issued_at - timedelta(minutes=head_start)
    for index, other in enumerate(line):
        if arrival < _arrival(other, classes):
            return _before(line, index)
    return end


def _arrival(ticket: Ticket, classes: Mapping[str, PriorityClass]) -> datetime:
    """When a ticket counts as having come; a class that left the profile has no head start."""
    found = classes.get(ticket.priority)
    return ticket.issued_at - timedelta(minutes=found.head_start if found else 0)


def _before(line: Sequence[Ticket], index: int) -> float:
    """A place between the ticket at an index and the one before it."""
    place = line[index].place
    if index == 0:
        return place - 1.0
    earlier = line[index - 1].place
    middle = earlier + (place - earlier) / 2
    # After some fifty insertions into one gap no number lies between: the older entry then goes first.
    return middle if middle < place else earlier
