"""One server process to a data directory. Apart from the database, which a start does not need when it looks here."""

import fcntl
import time
from pathlib import Path
from typing import IO

LOCK_NAME = "server.lock"


class DirectoryInUse(Exception):  # noqa: N818 - a state people are told about
    """Another server process works on this data directory."""


class DirectoryLock:
    """The file lock that lets one server process, and no second, work on a data directory."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / LOCK_NAME
        self._file: IO[str] | None = None

    def acquire(self, patience_seconds: float = 0.0) -> None:
        """Take the lock, waiting for a predecessor that is shutting down for at most `patience_seconds`.

        Raises DirectoryInUse. The operating system frees the lock when the process ends, however it ends.
        """
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._path.open("a")
        deadline = time.monotonic() + patience_seconds
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if time.monotonic() >= deadline:
                    file.close()
                    raise DirectoryInUse(str(self._path.parent)) from error
                time.sleep(0.05)
            else:
                self._file = file
                return

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None
