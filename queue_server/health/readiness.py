"""Whether this server can do its work now: write, and let time do its own."""

import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from queue_server.city import City
from queue_server.domain.calendar import business_day
from queue_server.hall import StorageUnavailable
from queue_server.storage.database import DamagedDatabase

log = structlog.get_logger()

PROBE_EVERY_SECONDS = 2.0
"""A probe is one commit; whoever asks in between gets what the last one found."""
STALLED_AFTER_SECONDS = 15.0
"""The clock's work is done every second; a disk that hangs for some seconds is not a stall yet."""


class Pulse:
    """When the clock's work was last done."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` tells seconds that never go back. Until it has begun nothing is expected of it."""
        self._now = now
        self._last: float | None = None

    def begin(self) -> None:
        """From now on the clock's work is expected, also where it never succeeds."""
        self.beat()

    def beat(self) -> None:
        """The clock's work was done now."""
        self._last = self._now()

    @property
    def stalled(self) -> bool:
        """Whether it should have been done again by now."""
        return self._last is not None and self._now() - self._last > STALLED_AFTER_SECONDS


class Readiness:
    """What keeps this server from its work, as stable codes."""

    def __init__(self, city: City, pulse: Pulse, now: Callable[[], float] = time.monotonic) -> None:
        """`now` tells seconds that never go back."""
        self._city = city
        self._pulse = pulse
        self._now = now
        self._probed: float | None = None
        self._storage: str | None = None

    def problems(self) -> list[str]:
        """The codes of all that is wrong, the worst first; empty for a server that is ready.

        `storage_damaged`, `storage_unavailable`: a commit was tried (at most every PROBE_EVERY_SECONDS) and failed,
        or a hall waits for the disk to take writes again. `day_not_open`: a hall is still in an earlier business
        day, STALLED_AFTER_SECONDS after midnight. `clock_stalled`: days do not begin nor end by themselves, in one
        hall at least.
        """
        found = []
        storage = self._probe()
        halls = self._city.halls.values()
        if storage is not None:
            found.append(storage)
        elif not all(hall.writable for hall in halls):
            found.append("storage_unavailable")
        # Not within the second in which every hall turns to its next day.
        today = business_day(self._city.clock.now() - timedelta(seconds=STALLED_AFTER_SECONDS))
        if any(hall.business_day < today for hall in halls):
            found.append("day_not_open")
        if self._pulse.stalled:
            found.append("clock_stalled")
        return found

    def warnings(self) -> list[str]:
        """The codes of what an administrator must know though commands are taken.

        `verification_failed`: the data are not what the journal says; a start would refuse them, but this server
        works. So it is ready: whoever restarts what is not ready would make an outage of it.
        """
        return ["verification_failed"] if self._city.verification_failed else []

    def _probe(self) -> str | None:
        now = self._now()
        if self._probed is None or now - self._probed >= PROBE_EVERY_SECONDS:
            # Before the attempt: who asks while the disk is slow must not queue a second one behind it.
            self._probed = now
            try:
                self._city.prove_writable()
                self._storage = None
            except DamagedDatabase:
                self._storage = "storage_damaged"
            except StorageUnavailable:
                self._storage = "storage_unavailable"
            except Exception:
                # Unforeseen, and no answer of 500 here: /metrics is needed then more than ever.
                log.exception("probe_failed")
                self._storage = "storage_unavailable"
        return self._storage
