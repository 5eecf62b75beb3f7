"""What was set aside beside the journal copy: whether it holds entries that a restore would leave out."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from queue_server.copies.folder import SET_ASIDE, CopyFailed
from queue_server.copies.journal_files import whole_entries
from queue_server.storage.rows import holds_row


@dataclass(frozen=True, slots=True)
class Aside:
    """A set-aside copy, seen from the end of a database.

    `same` is False when they hold different entries under one number; `first` is the first entry that it has behind
    that end, 0 where it has none; `last` its last entry; `error` is what the disk said if it could not be read to its
    end.
    """

    path: Path
    same: bool
    first: int
    last: int
    error: str

    @property
    def entries(self) -> str:
        """The entries behind the end, in words."""
        return f"entry {self.first}" if self.first == self.last else f"entries {self.first} to {self.last}"


def aside_named(copy: Path, name: str) -> Path:
    """The set-aside copy with this name. Raises CopyFailed when there is none."""
    path = copy / name
    if path not in _asides_in(copy):
        raise CopyFailed(f"There is no {name} in {copy}.")
    return path


def left_out(database: sqlite3.Connection, copy: Path, seq: int) -> Iterator[Aside]:
    """The set-aside copies beside a journal copy that hold what a database that ends with entry `seq` does not.

    They are read as far as they can be: one may lie there because it is damaged.
    """
    for path in _asides_in(copy):
        common, first, last, error = None, 0, 0, ""
        try:
            for entry in whole_entries(path, seq):
                last = entry["seq"]
                if last <= seq:
                    common = entry
                elif not first:
                    first = last
        except OSError as failure:
            error = failure.strerror or str(failure)
        same = common is None or holds_row(database, common)
        if first or not same or error:
            yield Aside(path, same, first, last, error)


def _asides_in(copy: Path) -> list[Path]:
    return sorted(path for path in copy.glob(f"{SET_ASIDE}*") if path.is_dir())
