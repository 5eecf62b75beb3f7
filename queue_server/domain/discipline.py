"""Whom to call next (呼出順)."""

from queue_server.domain.day import Day
from queue_server.domain.site import Counter
from queue_server.domain.ticket import Ticket


def next_for(day: Day, counter: Counter) -> Ticket | None:
    """The ticket this counter calls next: the first in line over all services it serves, or None.

    A ticket that was transferred to a named counter is called by that counter alone, whatever its service.
    """
    candidates = (ticket for ticket in day.waiting() if may_call_next(ticket, counter))
    return next(candidates, None)


def may_call_next(ticket: Ticket, counter: Counter) -> bool:
    """Whether a waiting ticket is one of those this counter works through."""
    if ticket.reserved_counter is not None:
        return ticket.reserved_counter == counter.id
    return ticket.service in counter.services
