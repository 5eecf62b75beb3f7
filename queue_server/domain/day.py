"""The state of one hall on one business day, as the journal's entries leave it."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from queue_server.domain.entries import Entry, Kind, evolve
from queue_server.domain.ticket import AT_COUNTER, Ticket, TicketState

RECENT_CALLS = 12
"""How many of the last calls a board shows."""

RECENT_GAPS = 20
"""How many of the last times between two calls of a service the estimate looks at."""


@dataclass(slots=True)
class Day:
    """Open tickets, open counters and paused services of one site; `apply` is its only way to change.

    Ended tickets leave it, so that the cost of a command does not grow with the day.
    """

    site: str
    business_day: date
    tickets: dict[str, Ticket] = field(default_factory=dict)
    """The open tickets by id."""
    open_counters: set[str] = field(default_factory=set)
    paused_services: set[str] = field(default_factory=set)
    recent_calls: list[Ticket] = field(default_factory=list)
    """Tickets as they were called, newest first; a recall moves a ticket to the front."""
    call_gaps: dict[str, deque[float]] = field(default_factory=dict)
    """Per service: minutes between two calls while somebody waited, the newest last."""
    last_call: dict[str, Ticket] = field(default_factory=dict)
    """Per service: the ticket called last."""
    seq: int = 0
    """The last entry applied."""

    def apply(self, entry: Entry) -> Ticket | None:
        """Take one entry in; returns the ticket as it now is, for an entry that moves one."""
        self.seq = entry.seq
        if entry.kind.move is None:
            self._switch(entry)
            return None
        ticket = evolve(self.tickets.get(entry.ticket or ""), entry)
        if entry.kind is Kind.CALL:
            self._note_call(ticket)
        if entry.kind in (Kind.CALL, Kind.RECALL):
            self._remember_call(ticket)
        if ticket.is_open:
            self.tickets[ticket.id] = ticket
        else:
            del self.tickets[ticket.id]
        return ticket

    def _switch(self, entry: Entry) -> None:
        match entry.kind:
            case Kind.OPEN_COUNTER:
                self.open_counters.add(entry.counter or "")
            case Kind.CLOSE_COUNTER:
                self.open_counters.discard(entry.counter or "")
            case Kind.PAUSE_SERVICE:
                self.paused_services.add(entry.body["service"])
            case _:
                self.paused_services.discard(entry.body["service"])

    def _note_call(self, ticket: Ticket) -> None:
        before = self.last_call.get(ticket.service)
        self.last_call[ticket.service] = ticket
        if before is None or before.called_at is None or ticket.called_at is None:
            return
        # A gap tells the pace only when the next one was already waiting as it began.
        if ticket.issued_at <= before.called_at:
            gap = (ticket.called_at - before.called_at).total_seconds() / 60
            gaps = self.call_gaps.setdefault(ticket.service, deque(maxlen=RECENT_GAPS))
            gaps.append(max(0.0, gap))

    def _remember_call(self, ticket: Ticket) -> None:
        kept = [call for call in self.recent_calls if call.id != ticket.id]
        self.recent_calls = [ticket, *kept][:RECENT_CALLS]

    def waiting(self, service: str | None = None) -> list[Ticket]:
        """The waiting tickets in the order of the line, of one service or of all."""
        found = (ticket for ticket in self.tickets.values() if ticket.state is TicketState.WAITING)
        return sorted(
            (ticket for ticket in found if service is None or ticket.service == service),
            key=lambda ticket: (ticket.place, ticket.seq),
        )

    def in_state(self, state: TicketState) -> Iterator[Ticket]:
        """The open tickets in one state, in the order of their numbers' issue."""
        return (ticket for ticket in self.tickets.values() if ticket.state is state)

    def at_counter(self, counter: str) -> Ticket | None:
        """The ticket being called to or served at a counter: the one called there last."""
        here = [t for t in self.tickets.values() if t.counter == counter and t.state in AT_COUNTER]
        return max(here, key=lambda ticket: ticket.call_seq or 0, default=None)

    def by_label(self, label: str) -> Ticket | None:
        """The open ticket that carries this label; at most one does."""
        return next((ticket for ticket in self.tickets.values() if ticket.label == label), None)

    def live_labels(self) -> frozenset[str]:
        """The labels that may not be given out again now."""
        return frozenset(ticket.label for ticket in self.tickets.values())


def fold(site: str, business_day: date, entries: Iterable[Entry]) -> Day:
    """The day that these entries, in the order of `seq`, leave behind."""
    day = Day(site, business_day)
    for entry in entries:
        day.apply(entry)
    return day
