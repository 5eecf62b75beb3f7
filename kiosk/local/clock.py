"""The server's time on the kiosk computer, also while the server is away."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kiosk.local.store import KioskStore, StorageUnavailable
from queue_server.clock import Clock, SystemClock

KEPT = "clock"
TOLD_TO_THE_SECOND = timedelta(seconds=0.5)
"""The server tells its time without the fraction of the second: on average this much is missing."""


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What the server's clock said at an instant of this process that no setting of the machine's clock moves."""

    server: datetime
    monotonic: float


class ServerClock:
    """Runs on from the server's time when it was last told, whatever becomes of the machine's own clock.

    After a start without the server, the machine's clock and its known difference have to do; it never shows a time
    before the one that the server told last.
    """

    def __init__(self, store: KioskStore, machine: Clock | None = None) -> None:
        self._store = store
        self._machine = machine or SystemClock()
        self._anchor: _Anchor | None = None
        kept = store.kept(KEPT) or {}
        self.simulated = bool(kept.get("simulated", False))
        self._difference = timedelta(seconds=kept.get("difference", 0.0))
        self._told = datetime.fromisoformat(kept["told"]) if kept else None

    def hear(self, told: datetime, simulated: bool) -> None:
        """Take the time (aware) that the server has just told; how far it is from the machine's clock is kept."""
        server = told.astimezone(UTC) + TOLD_TO_THE_SECOND
        self._anchor = _Anchor(server, time.monotonic())
        self._difference = server - self._machine.now()
        self._told, self.simulated = told, simulated
        kept = {
            "difference": self._difference.total_seconds(),
            "told": told.isoformat(),
            "simulated": simulated,
        }
        try:
            self._store.keep(KEPT, kept)
        except StorageUnavailable:
            # It is told again in a minute.
            return

    def now(self) -> datetime:
        """The server's time, aware, in UTC."""
        if self._anchor is not None:
            return self._anchor.server + timedelta(seconds=time.monotonic() - self._anchor.monotonic)
        now = self._machine.now() + self._difference
        return now if self._told is None else max(now, self._told.astimezone(UTC))
