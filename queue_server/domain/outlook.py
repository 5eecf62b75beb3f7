"""How one service stands now: people ahead, the estimated wait, the level of congestion."""

from queue_server.domain.congestion import level_of
from queue_server.domain.day import Day
from queue_server.domain.site import Service, Site, Threshold
from queue_server.domain.ticket import AT_COUNTER, Ticket, TicketState
from queue_server.domain.waits import Estimate, estimate_wait


def being_served(day: Day, service: str) -> int:
    """How many people of a service are being called or served: for one visitor they are ahead too."""
    return sum(1 for t in day.tickets.values() if t.service == service and t.state in AT_COUNTER)


def people_ahead(day: Day, ticket: Ticket) -> int:
    """How many people come before a waiting ticket in its service; 0 for one that waits no longer."""
    if ticket.state is not TicketState.WAITING:
        return 0
    before = sum(
        1
        for other in day.tickets.values()
        if other.state is TicketState.WAITING
        and other.service == ticket.service
        and (other.place, other.seq) < (ticket.place, ticket.seq)
    )
    return before + being_served(day, ticket.service)


def estimate_for(site: Site, day: Day, service: Service, ahead: int) -> Estimate | None:
    """The wait of somebody with `ahead` people of the service before them; None while no counter serves it."""
    counters = sum(1 for counter in site.counters_of(service.id) if counter.id in day.open_counters)
    gaps = day.call_gaps.get(service.id, ())
    return estimate_wait(ahead, counters, service.minutes_per_person, tuple(gaps))


def estimate_for_newcomer(site: Site, day: Day, service: Service) -> Estimate | None:
    """The wait of somebody who would take a number of this service now."""
    waiting = sum(1 for t in day.tickets.values() if t.service == service.id and t.state is TicketState.WAITING)
    return estimate_for(site, day, service, waiting + being_served(day, service.id))


def level_for(service: Service, waiting: int, estimate: Estimate | None) -> Threshold:
    """The level of a service with `waiting` people; `estimate` is a newcomer's."""
    return level_of(service.thresholds, waiting, estimate.point if estimate else None)
