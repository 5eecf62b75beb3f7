"""The way back: the last good backup, and behind it what the journal copy holds.

The new database is made and verified beside the old one. Only then the old one is set aside, and never deleted.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from queue_server.copies.backup import KEYS
from queue_server.copies.checking import entries_of_whole
from queue_server.copies.folder import (
    SET_ASIDE,
    Backup,
    CopyFailed,
    backups_in,
    give_to_owner,
    journal_folder,
    make_certain,
    set_aside_in,
    unfinished,
)
from queue_server.copies.journal_files import contents, journal_files, tail_of
from queue_server.domain.entries import BrokenJournal
from queue_server.storage import journal, rows
from queue_server.storage.database import (
    FILE_NAME,
    UNFINISHED_RESTORE,
    DamagedDatabase,
    StorageUnavailable,
    Store,
    connect,
    raise_translated,
)
from queue_server.storage.directory_lock import DirectoryInUse, DirectoryLock
from queue_server.storage.projection import project
from queue_server.storage.verification import Difference
from queue_server.storage.versions import BLOCK

_FILES = (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be restored: by default all that the folder of copies holds."""

    backup: str | None = None
    """The name of a backup; None for the newest that verifies."""
    until: int | None = None
    """The last entry wanted."""
    with_journal: bool = True
    force: bool = False
    """Also over a database that is whole."""


@dataclass(slots=True)
class Restored:
    """What a restore did."""

    backup: Backup | None = None
    seq: int = 0
    from_journal: int = 0
    set_aside: Path | None = None
    rejected: list[str] = field(default_factory=list)
    """Backups that do not verify."""
    unread: dict[Path, int] = field(default_factory=dict)
    """Journal copies that were set aside and go further than what was restored, each with its last entry."""


def restore(data: Path, folder: Path, wish: Wish, now: datetime) -> Restored:
    """Bring the database of `data` back from `folder`.

    Raises CopyFailed, with everything as it was, when a server runs on it, when the database there is whole (without
    `force`), or when the copies do not make a whole one.
    """
    lock = DirectoryLock(data)
    try:
        with ExitStack() as held:
            lock.acquire()
            held.callback(lock.release)
            if not wish.force:
                _refuse_over_a_whole_one(data)
            with unfinished(data) as work:
                done = _build(work, folder, wish)
                _lift_version(work, data, int(now.timestamp()))
                done.set_aside = _put_in_place(work, data, now)
            _copy_keys(done.backup, data)
            done.unread = _set_aside_beyond(done.seq, folder)
            return done
    except DirectoryInUse as error:
        raise CopyFailed(f"A server runs on {data}. Stop it first: systemctl stop queue-server") from error
    except (StorageUnavailable, DamagedDatabase, Difference, BrokenJournal) as error:
        raise CopyFailed(f"Nothing was restored: {error}") from error
    except OSError as error:
        raise CopyFailed(f"{error.filename or data}: {error.strerror}") from error


def _refuse_over_a_whole_one(data: Path) -> None:
    path = data / FILE_NAME
    if not path.is_file() or (data / UNFINISHED_RESTORE).exists():
        return
    try:
        with closing(connect(path)) as db:
            entries = entries_of_whole(db)
    except (Difference, DamagedDatabase):
        return
    raise CopyFailed(
        f"The database in {data} is whole: {entries} entries, the tables are what the journal says. "
        "--force sets it aside and restores all the same."
    )


# -- making the new one ------------------------------------------------------------------------------


def _build(work: Path, folder: Path, wish: Wish) -> Restored:
    """A whole database in `work`; what was used for it."""
    done = Restored()
    for backup in _candidates(folder, wish):
        if wish.until is not None and backup.seq > wish.until:
            continue
        why = _take_backup(work, backup)
        if why is None:
            done.backup = backup
            break
        done.rejected.append(f"{backup.path.name}: {why}")
    if done.backup is None and (wish.backup or not wish.with_journal):
        raise CopyFailed("\n".join([f"There is no backup to restore in {folder}.", *done.rejected]))
    with _opened(work) as store:
        if wish.with_journal and (wish.until is None or not done.backup or done.backup.seq < wish.until):
            done.from_journal = _follow(store, folder, wish.until)
        done.seq = entries_of_whole(store.database)
    if done.backup is None and not done.seq:
        raise CopyFailed(
            "\n".join([f"{folder} holds neither a backup nor a journal copy to restore.", *done.rejected])
        )
    return done


def _candidates(folder: Path, wish: Wish) -> list[Backup]:
    backups = backups_in(folder)
    return [backup for backup in backups if backup.path.name == wish.backup] if wish.backup else backups


def _take_backup(work: Path, backup: Backup) -> str | None:
    """Copy a backup into `work`, its tables brought up to date: a former version may have made it.

    Says what is wrong with one that is of no use, and leaves nothing of it.
    """
    try:
        shutil.copyfile(backup.path / FILE_NAME, work / FILE_NAME)
        with _opened(work) as store:
            entries = entries_of_whole(store.database)
            if entries != backup.seq:
                raise Difference(f"it ends with entry {entries}")
    except (Difference, DamagedDatabase, OSError) as error:
        for name in _FILES:
            (work / name).unlink(missing_ok=True)
        return str(error)
    return None


@contextmanager
def _opened(work: Path) -> Iterator[Store]:
    """The new database with its tables up to date; afterwards it is one file, and certainly on the disk."""
    with closing(Store(work)) as store:
        yield store
        store.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    make_certain(work / FILE_NAME)


def _follow(store: Store, folder: Path, until: int | None) -> int:
    """Append the entries of the journal copy that follow, and what they leave; returns how many."""
    with store.transaction() as db:
        base = last = journal.last_seq(db)
        try:
            for row, answer in _rows_to_follow(db, folder, base, until):
                if row["seq"] != last + 1:
                    raise CopyFailed(f"the journal copy goes on with entry {row['seq']}")
                rows.insert_row(db, "journal", row)
                project(db, rows.entry_of(row))
                if answer is not None:
                    rows.insert_row(db, "answer", answer, unless_there=True)
                last = row["seq"]
        except (CopyFailed, BrokenJournal, ValueError, KeyError, TypeError) as error:
            raise CopyFailed(
                f"Nothing was restored. After entry {last} the journal copy is of no use: {error}\n"
                f"--until {last} restores what comes before."
            ) from error
    return last - base


def _rows_to_follow(
    db: Database, folder: Path, base: int, until: int | None
) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """The journal's rows after entry `base`, each with its answer; whoever may act comes into the tables beside."""
    for content in contents(journal_folder(folder), base):
        if "accounts" in content:
            rows.replace_accounts(db, content["accounts"])
            continue
        row = content["entry"]
        if row["seq"] == base:
            _require_same_history(db, row)
        else:
            yield row, content["answer"]
        # What comes behind the last one wanted is not even read: it may be why this one is the last.
        if until is not None and row["seq"] >= until:
            return


def _require_same_history(db: Database, row: dict[str, object]) -> None:
    present = db.execute("SELECT * FROM journal WHERE seq = ?", (row["seq"],))
    names = [column[0] for column in present.description]
    if dict(zip(names, present.fetchone(), strict=True)) != row:
        raise CopyFailed(
            f"entry {row['seq']} is another one than that of the backup: two histories. "
            "Name another backup, or restore without the journal copy (--without-journal)."
        )


# -- putting it in place -----------------------------------------------------------------------------


def _lift_version(work: Path, data: Path, unix_seconds: int) -> None:
    """Let the next board be newer than any that a screen has seen: queue_server/NOTES.md, note 4."""
    reserved = unix_seconds * BLOCK
    try:
        with closing(rows.open_for_reading(data / FILE_NAME)) as old:
            reserved = max(reserved, old.execute("SELECT max(reserved) FROM version_block").fetchone()[0] or 0)
    except (StorageUnavailable, DamagedDatabase, sqlite3.DatabaseError):
        # What is damaged need not say it: the system's clock is above it.
        pass
    with _opened(work) as store, store.transaction() as db:
        db.execute(
            "INSERT INTO version_block (id, reserved) VALUES (1, ?) "
            "ON CONFLICT (id) DO UPDATE SET reserved = max(reserved, excluded.reserved)",
            (reserved,),
        )


def _put_in_place(work: Path, data: Path, now: datetime) -> Path | None:
    """Exchange the databases; while that is under way, no server starts. Returns where the old one is."""
    mark = data / UNFINISHED_RESTORE
    mark.touch(mode=0o600)
    make_certain(data)
    aside = None
    if any((data / name).exists() for name in _FILES):
        aside = set_aside_in(data, now)
        for name in _FILES:
            if (data / name).exists():
                (data / name).rename(aside / name)
        make_certain(aside)
    (work / FILE_NAME).rename(data / FILE_NAME)
    give_to_owner(data / FILE_NAME)
    make_certain(data)
    try:
        with closing(connect(data / FILE_NAME)) as db:
            entries_of_whole(db)
    except sqlite3.DatabaseError as error:
        raise_translated(error)
    mark.unlink()
    make_certain(data)
    return aside


def _copy_keys(backup: Backup | None, data: Path) -> None:
    """Bring back the keys that are not there; those that are stay."""
    for name in KEYS if backup else ():
        assert backup is not None
        if (backup.path / name).is_file() and not (data / name).exists():
            shutil.copy2(backup.path / name, data / name)
            os.chmod(data / name, 0o600)
            give_to_owner(data / name)


def _set_aside_beyond(seq: int, folder: Path) -> dict[Path, int]:
    """Copies of another history that hold later entries: those of a hall whose server was begun anew meanwhile."""
    found = {}
    for aside in sorted(journal_folder(folder).glob(f"{SET_ASIDE}*")):
        # What cannot be read there is no reason to call a restore failed that is done.
        with suppress(CopyFailed, OSError):
            files = journal_files(aside)
            last = tail_of(files[-1].path).entry if files else None
            if last and last["seq"] > seq:
                found[aside] = last["seq"]
    return found
