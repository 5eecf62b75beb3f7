"""Versions of boards, which rise strictly with every board made, over restarts too."""

from queue_server.storage.database import StorageUnavailable, Store

BLOCK = 1_000_000
"""Versions are reserved this many at a time, so that a board costs no write."""


class VersionCounter:
    """Hands out versions; what was reserved on disk is never handed out by a later process."""

    def __init__(self, store: Store, unix_seconds: int, *, without_disk: bool = False) -> None:
        """Reserve the first block. `unix_seconds` of the system's clock lifts the versions above those of a
        database that was since replaced by an older backup; if that clock went back, the disk decides.

        `without_disk` begins also where the disk takes nothing, and reserves as soon as it does. Such versions rise
        over restarts by the clock: a process that began a second later begins BLOCK higher, and nobody makes so many
        boards a second. Only if the clock went back, behind what the disk says, could two processes that both found
        the disk full hand out the same ones. Raises StorageUnavailable where `without_disk` is not given.
        """
        self._store = store
        self._without_disk = without_disk
        self._next = self._end = 0
        self._reserve(unix_seconds * BLOCK)

    def next(self) -> int:
        """The next version: greater than any given before, below 2**53 so that JavaScript reads it exactly."""
        if self._next >= self._end:
            self._reserve(self._next)
        self._next += 1
        return self._next

    def _reserve(self, at_least: int) -> None:
        try:
            self._next, self._end = self._reserved_on_disk(at_least)
        except StorageUnavailable:
            if not self._without_disk:
                raise
            # Nothing is reserved, so that the next version asks the disk again.
            self._next = max(self._known_to_disk(), at_least)

    def _reserved_on_disk(self, at_least: int) -> tuple[int, int]:
        """The block that is reserved when this returns."""
        with self._store.transaction() as db:
            row = db.execute("SELECT reserved FROM version_block WHERE id = 1").fetchone()
            first = max(row[0] if row else 0, at_least)
            db.execute("INSERT OR REPLACE INTO version_block (id, reserved) VALUES (1, ?)", (first + BLOCK,))
        return first, first + BLOCK

    def _known_to_disk(self) -> int:
        """Up to where versions were reserved before; 0 where that cannot be read either."""
        try:
            with self._store.reading() as db:
                row = db.execute("SELECT reserved FROM version_block WHERE id = 1").fetchone()
        except StorageUnavailable:
            return 0
        return row[0] if row else 0
