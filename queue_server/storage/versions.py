"""Versions of boards, which rise strictly with every board made, over restarts too."""

from queue_server.storage.database import Store

BLOCK = 1_000_000
"""Versions are reserved this many at a time, so that a board costs no write."""


class VersionCounter:
    """Hands out versions; what was reserved on disk is never handed out by a later process."""

    def __init__(self, store: Store, unix_seconds: int) -> None:
        """Reserve the first block. `unix_seconds` of the system's clock lifts the versions above those of a
        database that was since replaced by an older backup; if that clock went back, the disk decides.
        """
        self._store = store
        self._next = self._end = 0
        self._reserve(unix_seconds * BLOCK)

    def _reserve(self, at_least: int) -> None:
        with self._store.transaction() as db:
            row = db.execute("SELECT reserved FROM version_block WHERE id = 1").fetchone()
            self._next = max(row[0] if row else 0, at_least)
            self._end = self._next + BLOCK
            db.execute("INSERT OR REPLACE INTO version_block (id, reserved) VALUES (1, ?)", (self._end,))

    def next(self) -> int:
        """The next version: greater than any given before, below 2**53 so that JavaScript reads it exactly."""
        if self._next == self._end:
            self._reserve(self._end)
        self._next += 1
        return self._next
