"""Hall: everything that can be asked of and done in one site's live queue."""

from queue_server.domain import outlook
from queue_server.domain.ticket import Ticket
from queue_server.hall.calling import Calling
from queue_server.hall.counters import Counters
from queue_server.hall.kiosks import Kiosks
from queue_server.hall.structure import Structure
from queue_server.hall.supervision import Supervision
from queue_server.snapshot import View, estimate_view, ticket_view

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


class Hall(Calling, Counters, Kiosks, Supervision, Structure):
    """One site's live queue: reads are pictures of the last change, writes are commands."""

    def ticket_status(self, ticket: Ticket) -> View:
        """What the holder of a ticket's token may read: its state and its place, no id."""
        view = ticket_view(self.site, ticket)
        with self._store.lock:
            ahead = outlook.people_ahead(self._day, ticket)
            estimate = self._estimate_of(self._moment.now, ticket)
        return {
            **{name: view[name] for name in _HOLDER_FIELDS},
            "site": self.site.id,
            "business_day": ticket.business_day.isoformat(),
            "ahead": ahead,
            "estimate": estimate_view(estimate),
            "board_seq": self._day.seq,
        }
