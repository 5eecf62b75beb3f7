"""The SQLite file: connection, pragmas, transactions and the errors a full or broken disk makes.

One connection writes (a second one brings the log of what it wrote into the file), one lock is held over each whole
transaction, and nothing inside a transaction may yield to another greenlet: an insert of another greenlet would
silently join it and disappear with its rollback.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

from sqlite_utils import Database, Migrations

from queue_server.storage.migrations import MIGRATIONS

FILE_NAME = "queue.sqlite3"
UNFINISHED_RESTORE = "restore.unfinished"
"""Stands in a data directory while a restore exchanges its database."""
BUSY_MILLISECONDS = 5_000
CACHED_STATEMENTS = 256
"""More than there are: every statement is prepared once."""
CACHE_KIBIBYTES = 4 * 1024
"""The upper pages of the indexes of years of tickets stay in memory; a command is no faster with eight times as much,
which would take a day of ten thousand tickets to fill and look like a leak meanwhile."""
BALLAST_BYTES = 256 * 1024
CHECKPOINT_EVERY = 32
"""Commits, some ten pages each: long before the thousand pages at which SQLite makes a checkpoint within a commit."""


class StorageUnavailable(Exception):  # noqa: N818 - a state people are told about
    """The disk does not take writes now (full, read-only, failing); nothing was changed."""


class DamagedDatabase(StorageUnavailable):
    """The database cannot be trusted; the message says what is wrong, in words for the administrator."""


_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def connect(path: Path) -> Database:
    """A connection with this project's pragmas: WAL, and FULL, since a number on paper must survive a power cut.

    Raises DamagedDatabase for a file that is no database, StorageUnavailable when it cannot be opened.
    """
    with ExitStack() as opened:
        try:
            connection = sqlite3.connect(
                path,
                isolation_level=None,
                check_same_thread=False,
                timeout=BUSY_MILLISECONDS / 1000,
                cached_statements=CACHED_STATEMENTS,
            )
            opened.callback(connection.close)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA recursive_triggers = ON")
            # What is deleted concerns people: its pages are overwritten, and not only marked as free.
            connection.execute("PRAGMA secure_delete = ON")
            # What a savepoint keeps for its undoing stays in memory, and is no second file that a command writes.
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")
        except sqlite3.DatabaseError as error:
            raise_translated(error)
        opened.pop_all()
    return Database(connection)


def raise_translated(error: sqlite3.Error) -> NoReturn:
    """Raise the error of this module that says what an error of SQLite means; one that is a bug stays itself."""
    if is_damage(error):
        raise DamagedDatabase(str(error)) from error
    if isinstance(error, sqlite3.OperationalError):
        raise StorageUnavailable(str(error)) from error
    raise error


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error of SQLite says that the file is broken."""
    # The extended code carries its family in the low byte.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


class Store:
    """The data directory's database, its write lock and its one writing connection."""

    def __init__(self, directory: Path, file_name: str = FILE_NAME, migrations: Migrations = MIGRATIONS) -> None:
        """Open the database in `directory`, make it if there is none, and bring its tables up to date.

        The kiosk's own program has a file and tables of its own. Raises StorageUnavailable or DamagedDatabase.
        """
        self.directory = directory
        if (directory / UNFINISHED_RESTORE).exists():
            raise DamagedDatabase("a restore was interrupted; run queue-server restore again")
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageUnavailable(f"{directory}: {error.strerror}") from error
        self.path = directory / file_name
        self.lock = threading.RLock()
        self._damage: str | None = None
        self._commits = 0
        """Since the last checkpoint that was made here."""
        self._closed = False
        self.database = connect(self.path)
        try:
            if migrations.pending(self.database):
                migrations.apply(self.database)
        except sqlite3.Error as error:
            self.close()
            raise_translated(error)

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """Hold the lock over one BEGIN IMMEDIATE ... COMMIT; any exception rolls everything back.

        Raises StorageUnavailable when the disk refuses, DamagedDatabase when the file is broken, and ever after:
        what is written to such a file may make it worse and may not be found again.
        """
        with self.lock:
            self.require_sound()
            connection = self.database.conn
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield self.database
                connection.execute("COMMIT")
                self._commits += 1
            except sqlite3.Error as error:
                self._roll_back()
                self._raise_noted(error)
            except BaseException:
                self._roll_back()
                raise

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Hold the lock over what a command or the clock reads outside of a transaction.

        Raises StorageUnavailable and DamagedDatabase as `transaction` does.
        """
        with self.lock:
            self.require_sound()
            with self.looking_up() as db:
                yield db

    @contextmanager
    def looking_up(self) -> Iterator[Database]:
        """Hold the lock over what is read for somebody who changes nothing, or is asked who he is.

        Raises StorageUnavailable, or DamagedDatabase where what is read is broken, which ends all writing. What was
        met elsewhere does not matter here: a desk goes on showing what it can.
        """
        with self.lock:
            try:
                yield self.database
            except sqlite3.Error as error:
                self._raise_noted(error)

    @property
    def in_transaction(self) -> bool:
        """Whether somebody's transaction is open."""
        return bool(self.database.conn.in_transaction)

    def require_sound(self) -> None:
        """Raises DamagedDatabase once anything has met damage."""
        if self._damage is not None:
            raise DamagedDatabase(self._damage)

    def note_damage(self, what: str) -> None:
        """Write nothing any more: `what` was found broken."""
        self._damage = what

    def _raise_noted(self, error: sqlite3.Error) -> NoReturn:
        try:
            raise_translated(error)
        except DamagedDatabase as damage:
            self.note_damage(str(damage))
            raise

    def try_to_write(self) -> None:
        """Commit a row larger than any command's and take it away again; its pages stay for the commands to come.

        Raises StorageUnavailable while the disk has no room for that.
        """
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO ballast (id, room) VALUES (1, zeroblob(?))", (BALLAST_BYTES,))
        with self.transaction() as db:
            db.execute("DELETE FROM ballast")

    def leave_mark(self) -> None:
        """Commit something of the size of a command, and nothing new: the same row each time, in no journal.

        Raises StorageUnavailable or DamagedDatabase, as a command would now.
        """
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO ballast (id, room) VALUES (2, zeroblob(64))")

    @property
    def checkpoint_due(self) -> bool:
        """Whether enough was committed since the last checkpoint."""
        return self._damage is None and self._commits >= CHECKPOINT_EVERY

    def checkpoint(self) -> None:
        """Bring what is committed from the log into the file, as far as nobody reads it.

        By a connection of its own, so that a thread can do it while commands go on: it holds no lock that a commit
        waits for, and nobody else closes it. Raises StorageUnavailable or DamagedDatabase; nothing is lost then, it
        all stays in the log.
        """
        self.require_sound()
        self._commits = 0
        if self._closed:
            return
        try:
            beside = connect(self.path)
        except DamagedDatabase as damage:
            self.note_damage(str(damage))
            raise
        try:
            beside.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.Error as error:
            self._raise_noted(error)
        finally:
            beside.close()

    def _roll_back(self) -> None:
        if self.in_transaction:
            self.database.conn.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection; the store is of no use afterwards."""
        self._closed = True
        self.database.close()
