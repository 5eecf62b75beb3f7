"""Hall: the live queue of one site, and the only write path."""

from queue_server.domain.entries import HOLDER_ACTOR
from queue_server.hall.counters import LONGEST_BREAK_MINUTES
from queue_server.hall.hall import Hall
from queue_server.hall.kiosks import OfflineTicket
from queue_server.hall.terms import CLOCK_ACTOR, Caller, FormerDay, Unknown
from queue_server.hall.together import Together
from queue_server.storage.database import StorageUnavailable

__all__ = [
    "CLOCK_ACTOR",
    "HOLDER_ACTOR",
    "LONGEST_BREAK_MINUTES",
    "Caller",
    "FormerDay",
    "Hall",
    "OfflineTicket",
    "StorageUnavailable",
    "Together",
    "Unknown",
]
