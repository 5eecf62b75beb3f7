"""A clock that only tests move."""

from datetime import UTC, datetime, timedelta


class ManualClock:
    """Stands still until it is told otherwise."""

    def __init__(self, start: datetime, *, simulated: bool = False) -> None:
        self.simulated = simulated
        self.set(start)

    def now(self) -> datetime:
        """The instant it stands at, aware, in UTC."""
        return self._now

    def advance(self, step: timedelta) -> None:
        """Move on by `step`."""
        self._now += step

    def set(self, instant: datetime) -> None:
        """Stand at an aware instant from now on."""
        if instant.utcoffset() is None:
            raise ValueError("a clock stands at an instant with a time zone")
        self._now = instant.astimezone(UTC)
