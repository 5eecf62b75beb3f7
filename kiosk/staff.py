"""The staff mode of a kiosk: opened by a PIN, ended by quiet, guessing is slowed."""

import secrets
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
        self._open: dict[str, float] = {}
        self._wrong: dict[str, list[float]] = {}

    def enter(self, site: str, check: Callable[[], bool | None]) -> str | None:
        """The key of a new staff mode if `check` says that the PIN is right, else None. Raises TooManyTries."""
        now = self._now()
        wrong = [at for at in self._wrong.get(site, []) if now - at < PAUSE_SECONDS]
        if len(wrong) >= TRIES:
            raise TooManyTries(int(PAUSE_SECONDS - (now - wrong[0])) + 1)
        if not check():
            self._wrong[site] = [*wrong, now]
            return None
        self._wrong.pop(site, None)
        self._open = {key: until for key, until in self._open.items() if until > now}
        key = secrets.token_urlsafe(16)
        self._open[key] = now + OPEN_SECONDS
        return key

    def holds(self, key: str | None) -> bool:
        """Whether a key opens the staff mode now; each use keeps it open."""
        now = self._now()
        if key is None or self._open.get(key, 0.0) <= now:
            return False
        self._open[key] = now + OPEN_SECONDS
        return True

    def leave(self, key: str | None) -> None:
        """End a staff mode."""
        self._open.pop(key or "", None)
