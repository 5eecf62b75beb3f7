"""What a power cut may leave of a database: the files at one instant, less what nobody had made certain yet."""

import os
import random
import shutil
import signal
import struct
from dataclasses import dataclass
from pathlib import Path

from queue_server.storage.database import FILE_NAME

PAGE = 4096
WAL_HEAD, FRAME = 32, 24 + PAGE
SECTOR = 512


@dataclass(frozen=True, slots=True)
class LogState:
    """Where the write-ahead log stands: `salt` changes when it begins anew; `frames` is the last committed one.

    SQLite publishes a commit in the index beside the log after the log was synced (synchronous=FULL).
    https://www.sqlite.org/walformat.html, section 2.1: the WAL-index header.
    """

    salt: bytes
    frames: int


def log_state(data: Path) -> LogState:
    """What is certainly on the disk now."""
    with (data / f"{FILE_NAME}-shm").open("rb") as index:
        head = index.read(48)
    return LogState(head[32:40], struct.unpack_from("=I", head, 16)[0])


class PowerCut:
    """Copies of a live database as power cuts leave them."""

    def __init__(self, data: Path, process: int, chance: random.Random) -> None:
        """`process` leads the group of those who write."""
        self._data, self._process, self._chance = data, process, chance
        self._pages_before = b""
        self._state_before: LogState | None = None

    def note_pages(self) -> None:
        """Remember the database file: until the log begins anew, any of its pages may be all that the disk has."""
        self._state_before = log_state(self._data)
        self._pages_before = (self._data / FILE_NAME).read_bytes()

    def cut(self, certain: LogState, target: Path) -> tuple[str, int]:
        """Stop everything, copy what is there to `target`, go on; spoil of the copy what was not `certain`.

        Returns what was done to the log, and how many pages are of an older time.
        """
        target.mkdir()
        os.killpg(self._process, signal.SIGSTOP)
        try:
            for name in (FILE_NAME, f"{FILE_NAME}-wal"):
                shutil.copyfile(self._data / name, target / name)
            state = log_state(self._data)
        finally:
            os.killpg(self._process, signal.SIGCONT)
        if state.salt != certain.salt:
            # The log began anew in between: all of it may be certain, so nothing is spoilt.
            return "log begun anew", 0
        way = self._spoil_log(target / f"{FILE_NAME}-wal", certain.frames)
        same_log = self._state_before is not None and self._state_before.salt == state.salt
        return way, self._spoil_pages(target / FILE_NAME) if same_log else 0

    def _spoil_log(self, path: Path, certain: int) -> str:
        """What lies behind the certain frames was never synced: it is gone, or some of its sectors are."""
        log = bytearray(path.read_bytes())
        start = WAL_HEAD + certain * FRAME
        tail = len(log) - start
        if tail <= 0:
            return "nothing behind the last commit"
        way = self._chance.choice(("whole", "cut", "zeros", "noise"))
        if way == "cut":
            del log[start + self._chance.randrange(tail) :]
        elif way in ("zeros", "noise"):
            for at in range(start, len(log), SECTOR):
                if self._chance.random() < 0.5:
                    end = min(at + SECTOR, len(log))
                    log[at:end] = bytes(end - at) if way == "zeros" else self._chance.randbytes(end - at)
        path.write_bytes(log)
        return f"log {way}"

    def _spoil_pages(self, path: Path) -> int:
        """A checkpoint's pages were not synced yet: some of them are as they were before it, some half so."""
        now, before = bytearray(path.read_bytes()), self._pages_before
        changed = 0
        for at in range(0, min(len(now), len(before)), PAGE):
            if now[at : at + PAGE] != before[at : at + PAGE] and self._chance.random() < 0.7:
                end = at + self._chance.choice((PAGE, PAGE, SECTOR * self._chance.randint(1, 7)))
                now[at:end] = before[at:end]
                changed += 1
        if len(now) > len(before) and self._chance.random() < 0.5:
            del now[len(before) :]
            changed += 1
        path.write_bytes(now)
        return changed
