"""A whole copy of the data directory, made while the server writes."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from queue_server.copies.checking import entries_of_whole
from queue_server.copies.folder import (
    BACKUP_MARK,
    Backup,
    CopyFailed,
    alone_in,
    backup_name,
    give_to_owner,
    leave_mark,
    make_certain,
    unfinished,
)
from queue_server.storage import journal
from queue_server.storage.database import FILE_NAME, StorageUnavailable, raise_translated
from queue_server.storage.rows import PASSING_TABLES, open_for_reading
from queue_server.storage.verification import Difference

KEYS = ("secret.key", "vapid.pem")
"""What else belongs to a server: who is signed in, and what phones know it by."""


def make_backup(data: Path, folder: Path, now: datetime) -> Backup:
    """Copy the database of `data` as it is at one instant into `folder`, verify the copy, and only then name it.

    The copy reads one snapshot of the write-ahead log, so the server's writes never wait for it. What was left for
    notices (addresses of people) is not in it. Raises CopyFailed; then there is no new backup, and no half one.
    """
    if not (data / FILE_NAME).is_file():
        raise CopyFailed(f"There is no database in {data}.")
    try:
        with alone_in(folder, "backup"), unfinished(folder) as part:
            seq = _copy_database(data / FILE_NAME, part / FILE_NAME)
            for name in KEYS:
                if (data / name).is_file():
                    shutil.copy2(data / name, part / name)
            give_to_owner(part)
            for path in (*part.iterdir(), part):
                make_certain(path)
            backup = _named(part, folder, now, seq)
        leave_mark(data / BACKUP_MARK)
        return backup
    except Difference as error:
        raise CopyFailed(f"The copy is not what its journal says, so it was thrown away: {error}") from error
    except StorageUnavailable as error:
        raise CopyFailed(f"{data} cannot be copied: {error}") from error
    except OSError as error:
        raise CopyFailed(f"{error.filename or folder} cannot be written: {error.strerror}") from error


def _named(part: Path, folder: Path, now: datetime, seq: int) -> Backup:
    backup = Backup(folder / backup_name(now, seq), now, seq)
    if not backup.path.exists():
        # Else: the same second and the same last entry, so it is this one.
        part.rename(backup.path)
        make_certain(folder)
    return backup


def _copy_database(source: Path, target: Path) -> int:
    """Copy one snapshot into a new file and verify it; returns its last entry."""
    try:
        with closing(open_for_reading(source)) as reader, closing(sqlite3.connect(target)) as copy:
            # All pages in one step: in several, each write between them would begin the copy again.
            reader.backup(copy, pages=-1)
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            # One file that can be moved about, and no addresses of people in it, nor where they stood.
            copy.execute("PRAGMA journal_mode = DELETE")
            copy.execute("PRAGMA secure_delete = ON")
            for table in PASSING_TABLES:
                copy.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are the program's own
            database = Database(copy)
            entries_of_whole(database)
            seq = journal.last_seq(database)
    except sqlite3.DatabaseError as error:
        raise_translated(error)
    target.chmod(0o600)
    return seq
