"""The staff mode of a kiosk: opened by a PIN, ended by quiet, guessing is slowed."""

import secrets
import threading
import time
from collections.abc import Callable

OPEN_SECONDS = 180.0
"""How long the staff mode stays open without a touch."""
TRIES = 5
PAUSE_SECONDS = 60.0
"""After TRIES wrong PINs nobody may try for so long."""


class TooManyTries(Exception):  # noqa: N818 - an answer, not a failure
    """Wrong PINs: `seconds` until the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__(str(seconds))
        self.seconds = seconds


class StaffMode:
    """Who is in the staff mode of the kiosks of one application, by site; kept in memory alone."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._lock = threading.Lock()
        self._open: dict[tuple[str, str], float] = {}
        """By site and key, until when."""
        self._tries: dict[str, list[float]] = {}

    def enter(self, site: str, check: Callable[[], bool | None]) -> str | None:
        """The key of a new staff mode of this site if `check` says that the PIN is right, else None.

        A try counts before it is checked, since checking takes its time: many at the same instant are counted too.
        Raises TooManyTries.
        """
        self._begin(site)
        if not check():
            return None
        now, key = self._now(), secrets.token_urlsafe(16)
        with self._lock:
            self._tries.pop(site, None)
            self._open = {place: until for place, until in self._open.items() if until > now}
            self._open[site, key] = now + OPEN_SECONDS
        return key

    def holds(self, site: str, key: str | None) -> bool:
        """Whether a key opens the staff mode of this site now; each use keeps it open."""
        now = self._now()
        with self._lock:
            if key is None or self._open.get((site, key), 0.0) <= now:
                return False
            self._open[site, key] = now + OPEN_SECONDS
        return True

    def leave(self, site: str, key: str | None) -> None:
        """End a staff mode."""
        with self._lock:
            self._open.pop((site, key or ""), None)

    def _begin(self, site: str) -> None:
        now = self._now()
        with self._lock:
            tries = [at for at in self._tries.get(site, []) if now - at < PAUSE_SECONDS]
            if len(tries) >= TRIES:
                raise TooManyTries(int(PAUSE_SECONDS - (now - tries[0])) + 1)
            self._tries[site] = [*tries, now]
