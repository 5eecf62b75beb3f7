"""What a hall's floor gives each line: its open counters, in part where they serve others too, and the free ones."""

import math
from collections import Counter as Counts
from collections.abc import Mapping
from dataclasses import dataclass

from queue_server.domain.day import Day
from queue_server.domain.site import Site
from queue_server.domain.staffing import counter_now
from queue_server.domain.ticket import AT_COUNTER, Ticket, TicketState

OWN = 0.5
"""What a line weighs besides its people, where several share a counter."""

LineKey = tuple[str, int]
"""A service and a stage of it: everybody in one line waits for the same counters."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one line has of the open counters."""

    counters: float
    """A counter that serves others too counts as far as the people who wait for it are this line's."""
    free: float
    """The counters at which nobody is, and for which nobody waits."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The lines that an open counter serves, and how many people wait in each."""

    shares: Mapping[LineKey, Share]
    waiting: Mapping[LineKey, int]


def floor_now(site: Site, day: Day, without: str | None = None) -> Floor:
    """How the floor of a site stands; the ticket `without` is left out, as for whoever is about to enter.

    A clerk who serves several lines serves whoever came first among them all. By the share of the work that
    is one's own line's, its people ahead / counters take as long as everybody ahead at the counter.
    """
    waiting: Counts[LineKey] = Counts()
    taken = set()
    for ticket in day.tickets.values():
        if ticket.id == without:
            continue
        if ticket.state is TicketState.WAITING:
            waiting[ticket.service, ticket.stage] += 1
        elif ticket.state in AT_COUNTER:
            taken.add(ticket.counter)
    served = {
        counter.id: [
            (service, stage)
            for service in counter.services
            if service in site.services
            for stage in range(len(site.services[service].stages))
            if counter.serves(service, stage)
        ]
        for counter in (counter_now(site, day, each) for each in site.counters if day.counter(each).open)
    }
    shares: dict[LineKey, Share] = {}
    for counter, lines in served.items():
        minutes = {line: site.services[line[0]].minutes_per_person for line in lines}
        work = sum(waiting[line] * minutes[line] for line in lines)
        free = counter not in taken and not work
        for line in lines:
            before = shares.get(line, Share(0.0, 0.0))
            own = OWN * minutes[line]
            part = (waiting[line] * minutes[line] + own) / (work + own)
            shares[line] = Share(before.counters + part, before.free + free)
    return Floor(shares, waiting)


def line_of(ticket: Ticket | None) -> LineKey | None:
    """The line in which a ticket waits; None for one that does not wait."""
    if ticket is None or ticket.state is not TicketState.WAITING:
        return None
    return ticket.service, ticket.stage


def waiting_before(day: Day, line: LineKey, place: float, seq: float = math.inf) -> int:
    """How many people wait in a line before a place; of those at the same place, the ones whose entry is older."""
    return sum(1 for each in day.tickets.values() if line_of(each) == line and (each.place, each.seq) < (place, seq))
