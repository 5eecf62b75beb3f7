"""How one service stands now: people ahead, the level of congestion."""

from queue_server.domain.congestion import level_of
from queue_server.domain.day import Day
from queue_server.domain.site import Service, Threshold
from queue_server.domain.ticket import Ticket, TicketState


def being_served(day: Day, service: str) -> int:
    """How many people of a service are being called or served: for one visitor they are ahead too."""
    return day.tickets.being_served(service)


def people_ahead(day: Day, ticket: Ticket) -> int:
    """How many people come before a waiting ticket in its service; 0 for one that waits no longer."""
    if ticket.state is not TicketState.WAITING:
        return 0
    before = day.tickets.before_in_service(ticket.service, ticket.place, ticket.seq)
    return before + being_served(day, ticket.service)


def people_before(day: Day, service: str, place: float) -> int:
    """How many people of a service would come before somebody who enters the line at a place."""
    return day.tickets.before_in_service(service, place) + being_served(day, service)


def level_for(service: Service, waiting: int, minutes: float | None) -> Threshold:
    """The level of a service with `waiting` people; `minutes` are what a newcomer is expected to wait."""
    return level_of(service.thresholds, waiting, minutes)
