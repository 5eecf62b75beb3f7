"""What time it is. The only place that asks the machine; everything else is handed a clock."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from queue_server.domain.calendar import local_minute


class Clock(Protocol):
    """Tells the present instant, aware, in UTC. `simulated` makes every page say 模擬時刻."""

    @property
    def simulated(self) -> bool:
        """True when this is not the real time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    """The machine's own clock."""

    simulated = False

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """Starts at a given instant when it is made, and runs on from there at real speed."""

    simulated = True

    def __init__(self, start: datetime) -> None:
        if start.utcoffset() is None:
            raise ValueError("a clock starts at an instant with a time zone")
        self._start = start.astimezone(UTC)
        self._began = time.monotonic()

    def now(self) -> datetime:
        """The start plus what has really passed since, aware, in UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._began)


def stopwatch() -> float:
    """Seconds that never go back, for how long something takes; what they count from means nothing."""
    return time.perf_counter()


def clock_from(setting: str | None) -> Clock:
    """The real clock, or for `YYYY-MM-DDTHH:MM` (JST) a simulated one that runs on from then.

    Raises ValueError for other text.
    """
    return SystemClock() if setting is None else SimulatedClock(local_minute(setting))
