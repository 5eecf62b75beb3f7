"""Hall: everything that can be asked of and done in one site's live queue."""

from queue_server.domain import outlook
from queue_server.domain.alerts import Alert, alerts_of
from queue_server.domain.entries import HOLDER_ACTOR, given_up
from queue_server.domain.ticket import Move, Ticket, TicketState
from queue_server.domain.waits.ranges import Estimate
from queue_server.hall.calling import Calling
from queue_server.hall.counters import Counters
from queue_server.hall.course import Courses
from queue_server.hall.kiosks import Kiosks
from queue_server.hall.screens import Screens
from queue_server.hall.structure import Structure
from queue_server.hall.supervision import Supervision
from queue_server.hall.terms import Caller, FormerDay
from queue_server.snapshot import View, estimate_view, ticket_view
from queue_server.storage import journal

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


class Hall(Calling, Counters, Courses, Kiosks, Screens, Supervision, Structure):
    """One site's live queue: reads are pictures of the last change, writes are commands."""

    def ticket_status(self, ticket: Ticket) -> View:
        """What the holder of a ticket's token may read: its state and its place, no id."""
        view = ticket_view(self.site, ticket)
        ahead, estimate = self.outlook_of(ticket)
        return {
            **{name: view[name] for name in _HOLDER_FIELDS},
            "site": self.site.id,
            "business_day": ticket.business_day.isoformat(),
            "ahead": ahead,
            "estimate": estimate_view(estimate),
            "board_seq": self._day.seq,
            "given_up": ticket.state is TicketState.CANCELLED and self._given_up(ticket),
        }

    def _given_up(self, ticket: Ticket) -> bool:
        with self._store.looking_up() as db:
            return given_up(journal.read_ticket(db, ticket.id))

    def outlook_of(self, ticket: Ticket) -> tuple[int, Estimate | None]:
        """How many people come before a ticket, and its estimated wait; none for one that waits no longer."""
        with self._store.lock:
            return outlook.people_ahead(self._day, ticket), self._estimate_of(self._moment.now, ticket)

    def alerts(self) -> list[Alert]:
        """The limits of the city that are reached now."""
        with self._store.lock:
            return alerts_of(self.site, self._day, self._clock.now())

    def open_ticket(self, ticket_id: str) -> Ticket | None:
        """A ticket of the day that runs, while it is live."""
        return self._day.tickets.get(ticket_id)

    def require_today(self, ticket: Ticket) -> None:
        """Raise FormerDay for a ticket whose business day is over: the day after, its token opens nothing."""
        if ticket.business_day < self._day.business_day:
            raise FormerDay(ticket.business_day, self.site.id, ticket.service)

    def leave(self, ticket: Ticket, request_id: str) -> View:
        """Take a ticket out of the line because its holder says so; answers what `ticket_status` says.

        Raises Refused("illegal_move" with the present state) once it was called or has ended, StorageUnavailable.
        """
        self.move(Caller(HOLDER_ACTOR, request_id), ticket.id, Move.CANCEL)
        with self._store.lock:
            return self.ticket_status(self._ticket(ticket.id))
