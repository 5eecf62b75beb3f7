"""What each signed-in browser last did, and which ones signed out. Only in memory: the cookie carries the rest."""

from datetime import datetime, timedelta

SILENT_FORGOTTEN_AFTER = timedelta(days=1)
"""Longer than any idle time that the settings allow."""
ENDED_FORGOTTEN_AFTER = timedelta(days=7)
"""As long as the longest session that the settings allow."""


class Activity:
    """The last deed of each session and the ones that ended, by the session's id."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}
        self._ended: dict[str, datetime] = {}

    def note(self, session_id: str, at: datetime) -> None:
        """Remember a deed; a new session makes room by forgetting the long silent ones."""
        if session_id not in self._last:
            self._last = _younger(self._last, at - SILENT_FORGOTTEN_AFTER)
        self._last[session_id] = at

    def last(self, session_id: str) -> datetime | None:
        """The last deed of a session, None when this process has seen none."""
        return self._last.get(session_id)

    def end(self, session_id: str, at: datetime) -> None:
        """Remember that somebody signed out: a copy of that cookie opens nothing while this process lives."""
        self._ended = _younger(self._ended, at - ENDED_FORGOTTEN_AFTER)
        self._ended[session_id] = at

    def has_ended(self, session_id: str) -> bool:
        """Whether the session was signed out."""
        return session_id in self._ended


def _younger(times: dict[str, datetime], than: datetime) -> dict[str, datetime]:
    return {session_id: at for session_id, at in times.items() if at > than}
