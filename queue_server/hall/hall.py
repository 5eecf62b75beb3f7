"""The commands of a hall: what each one decides. How it is written is the write path's matter."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from queue_server.domain import calendar, discipline, numbering, outlook
from queue_server.domain.entries import Kind
from queue_server.domain.site import Counter, ReinstatePlace, Service
from queue_server.domain.ticket import TICKET_MOVES, Move, Refused, Ticket, TicketState
from queue_server.hall.terms import Caller, Decision, Draft, Unknown, Written, some, ticket_of
from queue_server.hall.write_path import WritePath
from queue_server.snapshot import View, estimate_view, jst, ticket_view
from queue_server.storage import journal, tickets

_HOLDER_FIELDS = (
    "label",
    "service",
    "service_name",
    "stage",
    "state",
    "counter",
    "counter_name",
    "issued_at",
    "called_at",
)


class Hall(WritePath):
    """One site's live queue: reads are pictures made at the last change, writes are commands."""

    def ticket_status(self, ticket: Ticket) -> View:
        """What the holder of a ticket's token may read: its state and its place, no id."""
        view = ticket_view(self.site, ticket)
        estimate = None
        with self._store.lock:
            ahead = outlook.people_ahead(self._day, ticket)
            if ticket.state is TicketState.WAITING:
                service = self.site.services[ticket.service]
                estimate = outlook.estimate_for(self.site, self._day, service, ahead)
        return {
            **{name: view[name] for name in _HOLDER_FIELDS},
            "site": self.site.id,
            "business_day": ticket.business_day.isoformat(),
            "ahead": ahead,
            "estimate": estimate_view(estimate),
            "board_seq": self._day.seq,
        }

    # -- commands: tickets -----------------------------------------------------------------------

    def issue(self, caller: Caller, service_id: str) -> View:
        """Issue the next number of a service's series.

        Raises Unknown("service"), Refused("hall_closed" | "service_paused" | "series_exhausted"),
        StorageUnavailable.
        """
        service = self._service(service_id)

        def decide(now: datetime) -> Decision:
            if not calendar.status_at(self.site.hours, now).open:
                raise Refused("hall_closed")
            if service.id in self._day.paused_services:
                raise Refused("service_paused")
            draft = self._issue_draft(service)
            ahead = len(self._day.waiting(service.id)) + outlook.being_served(self._day, service.id)
            estimate = outlook.estimate_for(self.site, self._day, service, ahead)

            def answer(written: Sequence[Written]) -> View:
                ticket = ticket_of(written[0])
                return {
                    "id": ticket.id,
                    "label": ticket.label,
                    "token": ticket.token,
                    "service": ticket.service,
                    "ahead": ahead,
                    "estimate": estimate_view(estimate),
                    "board_seq": ticket.seq,
                    "issued_at": jst(ticket.issued_at),
                    "ticket_url": f"/t/{ticket.token}",
                }

            return Decision([draft], answer)

        return some(self.command(caller, ["issue", service_id], decide))

    def call_next(self, caller: Caller, counter_id: str, *, complete: bool = False) -> View | None:
        """Call the next ticket to a counter, or answer None when nobody waits for it.

        With `complete`, the ticket now at the counter is completed in the same transaction, also when
        nobody waits. Raises Unknown("counter"), Refused("counter_closed"), StorageUnavailable.
        """
        counter = self._counter(counter_id)

        def decide(_now: datetime) -> Decision:
            self._require_open(counter)
            finished = self._day.at_counter(counter.id) if complete else None
            following = discipline.next_for(self._day, counter)
            drafts = []
            if finished is not None:
                drafts.append(Draft(Kind.COMPLETE, finished.id, counter.id))
            if following is not None:
                drafts.append(Draft(Kind.CALL, following.id, counter.id))

            def answer(written: Sequence[Written]) -> View | None:
                views = {w.entry.kind: ticket_view(self.site, ticket_of(w)) for w in written}
                if not views:
                    return None
                return {"ticket": views.get(Kind.CALL), "completed": views.get(Kind.COMPLETE)}

            return Decision(drafts, answer)

        return self.command(caller, ["call_next", counter_id, complete], decide)

    def call(self, caller: Caller, counter_id: str, label: str) -> View:
        """Call any number to a counter.

        Raises Unknown("counter" | "ticket"), Refused("counter_closed" | "illegal_move"), StorageUnavailable.
        """
        counter = self._counter(counter_id)

        def decide(_now: datetime) -> Decision:
            self._require_open(counter)
            ticket = self._day.by_label(label)
            if ticket is None:
                raise Unknown("ticket")
            ticket.require(Move.CALL)
            return Decision([Draft(Kind.CALL, ticket.id, counter.id)], self._answer_ticket)

        return some(self.command(caller, ["call", counter_id, label], decide))

    def move(
        self,
        caller: Caller,
        ticket_id: str,
        move: Move,
        *,
        service: str | None = None,
        counter: str | None = None,
        reason: str = "",
    ) -> View:
        """Make one of TICKET_MOVES; `service` and `counter` are for a transfer, `reason` for a hold.

        Raises Unknown("ticket" | "service" | "counter"), Refused("illegal_move" with the present state, or
        "no_next_stage", "transfer_nowhere"), StorageUnavailable; ValueError for another move.
        """
        if move not in TICKET_MOVES:
            raise ValueError(f"{move} is not a command on a ticket")

        def decide(_now: datetime) -> Decision:
            ticket = self._day.tickets.get(ticket_id) or self._ended_ticket(ticket_id)
            ticket.require(move)
            draft = Draft(
                Kind(move.value),
                ticket.id,
                ticket.counter,
                self._body(ticket, move, service, counter, reason),
            )
            return Decision([draft], self._answer_ticket)

        return some(self.command(caller, ["move", ticket_id, move.value, service, counter, reason], decide))

    # -- commands: switches ----------------------------------------------------------------------

    def open_counter(self, caller: Caller, counter_id: str) -> View:
        """Open a counter; one that is open stays so. Raises Unknown("counter"), StorageUnavailable."""
        return self._switch_counter(caller, counter_id, Kind.OPEN_COUNTER)

    def close_counter(self, caller: Caller, counter_id: str) -> View:
        """Close a counter; one that is closed stays so. Raises Unknown("counter"), StorageUnavailable."""
        return self._switch_counter(caller, counter_id, Kind.CLOSE_COUNTER)

    def pause_service(self, caller: Caller, service_id: str) -> View:
        """Stop issuing numbers of a service; who holds one is still called. Raises Unknown, StorageUnavailable."""
        return self._switch_service(caller, service_id, Kind.PAUSE_SERVICE)

    def resume_service(self, caller: Caller, service_id: str) -> View:
        """Issue numbers of a paused service again. Raises Unknown("service"), StorageUnavailable."""
        return self._switch_service(caller, service_id, Kind.RESUME_SERVICE)

    # -- parts of decisions ----------------------------------------------------------------------

    def _issue_draft(self, service: Service) -> Draft:
        series = self.site.series[service.series]
        last = tickets.last_allocation(self._store.database, self.site.id, self._day.business_day, series.id)
        allocation = numbering.allocate(series, last, self._day.live_labels())
        return Draft(
            Kind.ISSUE,
            uuid.uuid4().hex,
            None,
            {
                "service": service.id,
                "series": series.id,
                "round": allocation.round,
                "number": allocation.number,
                "label": series.label(allocation.number),
                "token": secrets.token_urlsafe(16),
            },
        )

    def _body(
        self, ticket: Ticket, move: Move, service: str | None, counter: str | None, reason: str
    ) -> Mapping[str, Any]:
        """What an entry of this move has to say, decided now so that replaying needs no profile."""
        match move:
            case Move.ADVANCE:
                if ticket.stage + 1 >= len(self.site.services[ticket.service].stages):
                    raise Refused("no_next_stage", ticket.state)
                return {}
            case Move.TRANSFER:
                return self._transfer_body(ticket, service, counter)
            case Move.HOLD:
                return {"reason": reason}
            case Move.REINSTATE:
                front = self.site.reinstate is ReinstatePlace.FRONT
                return {"place": ticket.place if front else self._end_of_line()}
            case _:
                return {}

    def _transfer_body(self, ticket: Ticket, service: str | None, counter: str | None) -> Mapping[str, Any]:
        if service is None and counter is None:
            raise Refused("transfer_nowhere", ticket.state)
        target = self._service(service or ticket.service)
        if counter is not None:
            self._counter(counter)
        return {
            "service": target.id,
            "stage": ticket.stage if target.id == ticket.service else 0,
            "counter": counter,
        }

    def _end_of_line(self) -> float:
        """A place behind everybody who holds a number now."""
        return float(journal.last_seq(self._store.database) + 1)

    def _answer_ticket(self, written: Sequence[Written]) -> View:
        return {"ticket": ticket_view(self.site, ticket_of(written[0]))}

    def _service(self, service_id: str) -> Service:
        service = self.site.services.get(service_id)
        if service is None:
            raise Unknown("service")
        return service

    def _counter(self, counter_id: str) -> Counter:
        counter = self.site.counters.get(counter_id)
        if counter is None:
            raise Unknown("counter")
        return counter

    def _require_open(self, counter: Counter) -> None:
        if counter.id not in self._day.open_counters:
            raise Refused("counter_closed")

    def _ended_ticket(self, ticket_id: str) -> Ticket:
        ticket = tickets.find_ticket(self._store.database, ticket_id)
        if ticket is None or ticket.site != self.site.id:
            raise Unknown("ticket")
        return ticket

    def _switch_counter(self, caller: Caller, counter_id: str, kind: Kind) -> View:
        counter = self._counter(counter_id)
        opens = kind is Kind.OPEN_COUNTER

        def decide(_now: datetime) -> Decision:
            is_so = (counter.id in self._day.open_counters) is opens
            view = {"counter": {"id": counter.id, "name": counter.name, "open": opens}}
            return Decision([] if is_so else [Draft(kind, counter=counter.id)], lambda _written: view)

        return some(self.command(caller, [kind.value, counter_id], decide))

    def _switch_service(self, caller: Caller, service_id: str, kind: Kind) -> View:
        service = self._service(service_id)
        pauses = kind is Kind.PAUSE_SERVICE

        def decide(_now: datetime) -> Decision:
            is_so = (service.id in self._day.paused_services) is pauses
            view = {"service": {"id": service.id, "name": service.name, "paused": pauses}}
            drafts = [] if is_so else [Draft(kind, body={"service": service.id})]
            return Decision(drafts, lambda _written: view)

        return some(self.command(caller, [kind.value, service_id], decide))
