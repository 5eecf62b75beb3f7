"""What the commands of a hall have in common: finding what a command names, and who may command where."""

import math
from datetime import datetime

from queue_server.domain.line import place_with_head_start
from queue_server.domain.site import Counter, Service
from queue_server.domain.staffing import clerk_at, counter_now, is_person, name_of
from queue_server.domain.ticket import Refused, Ticket, TicketState
from queue_server.domain.waits.floor import Floor, LineKey, floor_now, waiting_before
from queue_server.domain.waits.ranges import Estimate
from queue_server.hall.terms import Caller, Unknown
from queue_server.hall.write_path import WritePath
from queue_server.storage import journal, tickets


class Parts(WritePath):
    """Parts of decisions; they run inside the transaction of their command."""

    def _service(self, service_id: str) -> Service:
        service = self.site.services.get(service_id)
        if service is None:
            raise Unknown("service")
        return service

    def _counter(self, counter_id: str) -> Counter:
        if counter_id not in self.site.counters:
            raise Unknown("counter")
        return counter_now(self.site, self._day, counter_id)

    def _open_counter_for(self, caller: Caller, counter_id: str) -> Counter:
        """The counter, open, with nobody else at it."""
        counter = self._counter(counter_id)
        self._require_no_other_clerk(caller, counter.id)
        if not self._day.counter(counter.id).open:
            raise Refused("counter_closed")
        return counter

    def _require_no_other_clerk(self, caller: Caller, counter_id: str) -> None:
        """A person may not command where another one works; devices and supervisors may."""
        if is_person(caller.actor) and not caller.supervises:
            self._require_nobody_but(caller.actor, counter_id)

    def _require_nobody_but(self, person: str, counter_id: str) -> None:
        clerk = clerk_at(self._day, counter_id)
        if clerk is not None and clerk != person:
            raise Refused("counter_taken", clerk=name_of(clerk), counter=counter_id)

    def _ticket(self, ticket_id: str) -> Ticket:
        """A ticket of this site, of any day and in any state."""
        ticket = self._day.tickets.get(ticket_id) or tickets.find_ticket(self._store.database, ticket_id)
        if ticket is None or ticket.site != self.site.id:
            raise Unknown("ticket")
        return ticket

    def _estimate_at(self, now: datetime, service: Service, place: float) -> Estimate | None:
        """What somebody is told who enters the line of a service at a place."""
        line = (service.id, 0)
        return self._estimate(now, floor_now(self.site, self._day), line, waiting_before(self._day, line, place))

    def _estimate_of(self, now: datetime, ticket: Ticket) -> Estimate | None:
        """What the holder of a waiting ticket is told; None for one that does not wait."""
        if ticket.state is not TicketState.WAITING:
            return None
        line = (ticket.service, ticket.stage)
        ahead = waiting_before(self._day, line, ticket.place, ticket.seq)
        return self._estimate(now, floor_now(self.site, self._day, ticket.id), line, ahead)

    def _estimate(self, now: datetime, floor: Floor, line: LineKey, ahead: int) -> Estimate | None:
        found = self._waits.outlook(self.site, self._day, floor, line, ahead, now)
        return found.estimate if found else None

    def _end_of_line(self) -> float:
        """A place behind everybody who holds a number now."""
        places = math.ceil(self._day.tickets.last_place)
        return float(max(journal.last_seq(self._store.database), places) + 1)

    def _head_start(self, priority: str) -> int:
        """The minutes that a priority class gives; none without a class."""
        if not priority:
            return 0
        if priority not in self.site.priorities:
            raise Unknown("priority")
        return self.site.priorities[priority].head_start

    def _place_of_priority(self, ticket: Ticket, priority: str) -> float:
        """The place that a priority class gives a waiting ticket; that of its own time without one.

        A class that it has already moves it nowhere: its place may be that of one who missed a call.
        """
        head_start = self._head_start(priority)
        if priority == ticket.priority:
            return ticket.place
        line = [other for other in self._day.waiting() if other.id != ticket.id]
        return place_with_head_start(
            line, ticket.issued_at, head_start, self.site.priorities, max(ticket.place, self._end_of_line())
        )
