"""The journal copy: every committed entry appended to files on another disk, by a process of its own.

It reads the database as anybody may, so no command waits for it, and a full or dead second disk stops nothing but
the copy. What it holds beyond the entries is what the journal cannot tell again: the answers that were given (a retry
after a restore gets the same one) and the tables of who may act.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import structlog

from queue_server.copies.folder import (
    JOURNAL_COPY_MARK,
    CopyFailed,
    give_to_owner,
    journal_folder,
    leave_mark,
    make_certain,
    set_aside_in,
)
from queue_server.copies.journal_files import JournalFile, Tail, file_name, journal_files, last_entry, tail_of
from queue_server.copies.lines import line_of
from queue_server.storage import rows
from queue_server.storage.database import FILE_NAME, StorageUnavailable, raise_translated

log = structlog.get_logger()

ENTRIES_AT_ONCE = 500
"""How many entries are read in one go: none of the server's checkpoints waits for long."""
SIGN_SECONDS = 10.0
"""How often a copy that has everything says so."""


@dataclass(slots=True)
class _Source:
    """The database that is followed, and which file it is: a restore puts another one in its place."""

    connection: sqlite3.Connection
    identity: tuple[int, int]


class _Exchanged(CopyFailed):
    """The database holds another entry, or none, where the copy has its last one."""


class Follower:
    """Copies what the journal of a data directory has and the copy has not."""

    def __init__(self, data: Path, folder: Path, now: Callable[[], datetime]) -> None:
        """Nothing is opened yet. `now` (aware) names what is set aside."""
        self._path = data / FILE_NAME
        self._folder = journal_folder(folder)
        self._now = now
        self._source: _Source | None = None
        self._file: IO[bytes] | None = None
        self._last: Mapping[str, Any] | None = None
        """The last entry that is certainly in the copy."""
        self._signed: float | None = None
        """When it last said that it has everything, by the monotonic clock."""

    @property
    def copied(self) -> int:
        """The seq of the last entry in the copy."""
        return int(self._last["seq"]) if self._last else 0

    def catch_up(self) -> int:
        """Append what is missing, and have it on the disk; returns how many entries that were.

        Raises CopyFailed in words; whatever was appended halfway is taken back, and the next call begins anew.
        """
        try:
            try:
                return self._append_what_is_missing()
            except _Exchanged:
                self.close()
                return self._append_what_is_missing()
        except OSError as error:
            self.close()
            raise CopyFailed(f"{error.filename or self._folder}: {error.strerror}") from error
        except StorageUnavailable as error:
            self.close()
            raise CopyFailed(f"{self._path} cannot be read: {error}") from error
        except CopyFailed:
            self.close()
            raise

    def _append_what_is_missing(self) -> int:
        source = self._current_source()
        count = 0
        while lines := self._next_lines(source):
            count += self._append(lines)
        self._give_sign_of_life()
        return count

    def close(self) -> None:
        """Let go of the files; `catch_up` opens them again."""
        if self._source is not None:
            self._source.connection.close()
            self._source = None
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def _give_sign_of_life(self) -> None:
        """Renew the mark in the data directory. One that takes no writes is no reason to copy no more."""
        now = time.monotonic()
        if self._signed is None or now - self._signed >= SIGN_SECONDS:
            self._signed = now
            with suppress(OSError):
                leave_mark(self._path.parent / JOURNAL_COPY_MARK)

    # -- what is read ----------------------------------------------------------------------------

    def _current_source(self) -> _Source:
        """The database as it is now, another one after a restore; the copy that goes on from it."""
        identity = _identity(self._path)
        if self._source is None or self._source.identity != identity:
            self.close()
            self._source = _Source(rows.open_for_reading(self._path), identity)
            self._take_up(self._source)
        return self._source

    def _next_lines(self, source: _Source) -> list[dict[str, Any]]:
        """The next entries with their answers, and the accounts where one changed them: one view of the database.

        Raises _Exchanged when they do not follow what was copied: a file may be overwritten under its name.
        """
        connection = source.connection
        try:
            connection.execute("BEGIN")
            try:
                if self._last is not None and not rows.holds_row(connection, self._last):
                    raise _Exchanged(f"{self._path} was exchanged while it was read")
                entries = rows.entry_rows(connection, self.copied, ENTRIES_AT_ONCE)
                lines = [{"entry": entry, "answer": rows.answer_row(connection, entry)} for entry in entries]
                if any(rows.changes_accounts(entry) for entry in entries):
                    # Before the entries: were it torn off behind them, nothing would bring it again.
                    lines.insert(0, {"accounts": rows.account_rows(connection)})
            finally:
                connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            raise_translated(error)
        return lines

    # -- what is written -------------------------------------------------------------------------

    def _take_up(self, source: _Source) -> None:
        """Go on behind the last entry of the copy.

        A file that has only its name, or half a line, is no loss and begun anew. One that is damaged is set aside and
        written again. Only when the last entry is another one in the database is the whole copy set aside.
        """
        if not self._folder.is_dir():
            self._folder.mkdir(mode=0o700, parents=True)
            give_to_owner(self._folder)
            make_certain(self._folder.parent)
        self._last = None
        files, aside, why, tail = journal_files(self._folder), list[JournalFile](), "", None
        while files and tail is None:
            try:
                tail = self._tail_or_begun_anew(files[-1])
            except CopyFailed as error:
                aside, why = [files[-1], *aside], str(error)
            if tail is None:
                files = files[:-1]
        if tail is not None and tail.entry is not None and not self._goes_on(source, tail.entry):
            files, aside, why = [], [*files, *aside], f"entry {tail.entry['seq']} is another one in the database"
        if aside:
            self._set_aside(aside, why)
        if files and tail is not None:
            self._open(files[-1].path, tail)

    def _tail_or_begun_anew(self, file: JournalFile) -> Tail | None:
        tail = tail_of(file.path)
        if tail.entry is not None:
            return tail
        file.path.unlink()
        return None

    def _goes_on(self, source: _Source, entry: Mapping[str, Any]) -> bool:
        """Whether the copy's last entry is in this database, as it was."""
        try:
            return rows.holds_row(source.connection, entry)
        except sqlite3.DatabaseError as error:
            raise_translated(error)

    def _open(self, path: Path, tail: Tail) -> None:
        self._file = path.open("r+b")
        self._file.truncate(tail.size)
        self._file.seek(tail.size)
        # Nobody knows how the last one to write here ended, and this file has to be whole before another is begun.
        os.fsync(self._file.fileno())
        self._last = tail.entry

    def _append(self, lines: list[dict[str, Any]]) -> int:
        """Write lines and have them on the disk; returns the number of entries among them."""
        entries = [line["entry"] for line in lines if "entry" in line]
        if self._last is None or entries[0]["business_day"] > self._last["business_day"] or self._file is None:
            self._begin_file(entries[0]["seq"])
        file = self._file
        assert file is not None
        before = file.tell()
        file.write(b"".join(line_of(line) for line in lines))
        file.flush()
        try:
            os.fsync(file.fileno())
        except OSError:
            # It can be read now and may never come to the disk, whatever the next sync says: it is written again.
            with suppress(OSError):
                file.truncate(before)
            raise
        self._last = entries[-1]
        return len(entries)

    def _begin_file(self, first: int) -> None:
        """A name without an entry, until the first line is written: every reader passes over such a one."""
        if self._file is not None:
            self._file.close()
        path = self._folder / file_name(first)
        self._file = open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115
        give_to_owner(path)
        make_certain(self._folder)

    def _set_aside(self, files: list[JournalFile], why: str) -> None:
        """Keep what this database does not go on from, or what cannot be read, where no reader takes it for the copy.

        The last file goes last: it tells that the others have to go, should this be cut off.
        """
        aside = set_aside_in(self._folder, self._now())
        try:
            give_to_owner(aside)
            for file in files:
                file.path.rename(aside / file.path.name)
            make_certain(aside)
            make_certain(self._folder)
        finally:
            # Only one that is empty goes: a disk that refuses gets no folder at each try.
            with suppress(OSError):
                aside.rmdir()
        log.warning("journal_copy_set_aside", folder=aside.name, reason=why)


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return (found.st_dev, found.st_ino)


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a journal copy is behind: `oldest` is when the first entry that it lacks was written."""

    copied: int
    written: int
    oldest: datetime | None


def lag_of(data: Path, folder: Path) -> Lag:
    """How far the copy is behind the database. Raises CopyFailed when one of them cannot be read."""
    try:
        last = last_entry(journal_folder(folder))
        copied = int(last["seq"]) if last else 0
        with rows.reading(data) as db:
            written, oldest = db.execute(
                "SELECT coalesce((SELECT max(seq) FROM journal), 0), (SELECT at FROM journal WHERE seq = ?)",
                (copied + 1,),
            ).fetchone()
    except OSError as error:
        raise CopyFailed(f"{error.filename}: {error.strerror}") from error
    except StorageUnavailable as error:
        raise CopyFailed(f"{data} cannot be read: {error}") from error
    return Lag(copied, written, datetime.fromisoformat(oldest) if oldest else None)


def forget_before(folder: Path, seq: int) -> int:
    """Delete the files of a journal copy that only hold entries before `seq`; returns how many."""
    files = journal_files(journal_folder(folder))
    over = [file for file, following in pairwise(files) if following.first <= seq]
    for file in over:
        # Gone already where the follower sets the copy aside just now.
        file.path.unlink(missing_ok=True)
    return len(over)
