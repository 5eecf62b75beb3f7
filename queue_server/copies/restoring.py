"""The way back: the last good backup, and behind it what the journal copy holds.

The new database is made and verified beside the old one. Only then the old one is set aside, and never deleted.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from queue_server.copies.asides import aside_named, left_out
from queue_server.copies.backup import KEYS
from queue_server.copies.checking import entries_of_whole
from queue_server.copies.folder import (
    Backup,
    CopyFailed,
    backups_in,
    give_to_owner,
    journal_folder,
    make_certain,
    set_aside_in,
    unfinished,
)
from queue_server.copies.journal_files import contents, last_entry, torn_files
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
    with_backup: bool = True
    set_asides: tuple[str, ...] = ()
    """The names of set-aside copies that are followed after the journal copy, in this order."""

    def ends_with(self, seq: int) -> bool:
        """Whether nothing behind this entry is wanted."""
        return self.until is not None and seq >= self.until


@dataclass(slots=True)
class Restored:
    """What a restore did."""

    backup: Backup | None = None
    seq: int = 0
    from_journal: int = 0
    from_set_asides: dict[str, int] = field(default_factory=dict)
    """How many entries came from each set-aside copy, by its name."""
    set_aside: Path | None = None
    rejected: list[str] = field(default_factory=list)
    """Backups that do not verify."""
    notes: list[str] = field(default_factory=list)
    """What the copies hold and was not used."""


def restore(data: Path, folder: Path, wish: Wish, now: datetime) -> Restored:
    """Bring the database of `data` back from `folder`.

    Raises CopyFailed, with everything as it was, when a server runs on it, when the database there is whole (without
    `force`), when the copies do not make a whole one, or when what was set aside beside the journal copy goes on from
    it and nobody said whether that is wanted.
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
            return done
    except DirectoryInUse as error:
        raise CopyFailed(f"A server runs on {data}. Stop it first: systemctl stop queue-server") from error
    except (StorageUnavailable, Difference, BrokenJournal) as error:
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
    if done.backup is None and (wish.backup or not (wish.with_journal or wish.set_asides)):
        raise CopyFailed("\n".join([f"There is no backup to restore in {folder}.", *done.rejected]))
    with _opened(work) as store:
        _follow_copies(store, folder, wish, done)
        done.seq = entries_of_whole(store.database)
        _mind_what_was_set_aside(store.database, folder, wish, done)
    if done.backup is None and not done.seq:
        raise CopyFailed(
            "\n".join([f"{folder} holds neither a backup nor a journal copy to restore.", *done.rejected])
        )
    return done


def _follow_copies(store: Store, folder: Path, wish: Wish, done: Restored) -> None:
    copy = journal_folder(folder)
    if wish.with_journal and not wish.ends_with(done.backup.seq if done.backup else 0):
        done.from_journal = _follow(store, copy, "the journal copy", wish.until)
        if not wish.ends_with(journal.last_seq(store.database)):
            done.notes += [f"passed over: half a line at the end of {path}" for path in torn_files(copy)]
    for name in wish.set_asides:
        path = aside_named(copy, name)
        if not wish.ends_with(journal.last_seq(store.database)):
            done.from_set_asides[name] = _follow(store, path, name, wish.until)


def _mind_what_was_set_aside(db: Database, folder: Path, wish: Wish, done: Restored) -> None:
    """Raise CopyFailed when a set-aside copy goes on from here, unless the wish ends here; note what else is."""
    for aside in left_out(db.conn, journal_folder(folder), done.seq):
        if aside.same and aside.first and wish.with_journal and not wish.ends_with(done.seq):
            ways = [f"--with-set-aside {aside.path.name} restores them too"] if aside.first == done.seq + 1 else []
            ways += [f"--until {done.seq} restores without them"] if done.seq else []
            raise CopyFailed(
                f"Nothing was restored: it would end with entry {done.seq}, and {aside.path} holds {aside.entries}.\n"
                f"{'; '.join(ways) or 'Look at them first'}. Numbers issued in entries left out are given out again."
            )
        if aside.error:
            done.notes.append(f"cannot be read: {aside.path}: {aside.error}")
        elif aside.same:
            done.notes.append(f"not read: {aside.path}, which goes on with {aside.entries}")
        else:
            done.notes.append(f"not read: {aside.path}, a copy of another history up to entry {aside.last}")


def _candidates(folder: Path, wish: Wish) -> list[Backup]:
    backups = backups_in(folder) if wish.with_backup else []
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


def _follow(store: Store, copy: Path, called: str, until: int | None) -> int:
    """Append the entries of a journal copy that follow, and what they leave; returns how many."""
    with store.transaction() as db:
        base = last = journal.last_seq(db)
        try:
            for row, answer in _rows_to_follow(db, copy, base, until):
                if row["seq"] != last + 1:
                    raise CopyFailed(f"it goes on with entry {row['seq']}")
                rows.insert_row(db, "journal", row)
                project(db, rows.entry_of(row))
                if answer is not None:
                    rows.insert_row(db, "answer", answer, unless_there=True)
                last = row["seq"]
        except (CopyFailed, BrokenJournal, ValueError, KeyError, TypeError) as error:
            raise CopyFailed(
                f"Nothing was restored. After entry {last} {called} is of no use: {error}\n"
                f"--until {last} restores what comes before."
            ) from error
    return last - base


def _rows_to_follow(
    db: Database, copy: Path, base: int, until: int | None
) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """The journal's rows after entry `base`, each with its answer; whoever may act comes into the tables beside."""
    reached = False
    for content in contents(copy, base):
        if "accounts" in content:
            rows.replace_accounts(db, content["accounts"])
            continue
        row, reached = content["entry"], True
        if row["seq"] == base:
            _require_same_history(db, row)
        else:
            yield row, content["answer"]
        # What comes behind the last one wanted is not even read: it may be why this one is the last.
        if until is not None and row["seq"] >= until:
            return
    # A copy that ends before the backup does has nothing to add, or it is the copy of another database.
    last = None if reached else last_entry(copy)
    if last is not None:
        _require_same_history(db, last)


def _require_same_history(db: Database, row: Mapping[str, Any]) -> None:
    if not rows.holds_row(db.conn, row):
        raise CopyFailed(
            f"entry {row['seq']} is another one than that of the backup: two histories. "
            "Name another backup, restore without the journal copy (--without-journal), "
            "or from it alone (--without-backup)."
        )


# -- putting it in place -----------------------------------------------------------------------------


def _lift_version(work: Path, data: Path, unix_seconds: int) -> None:
    """Let the next board be newer than any that a screen has seen: queue_server/NOTES.md, note 4."""
    reserved = unix_seconds * BLOCK
    try:
        with closing(rows.open_for_reading(data / FILE_NAME)) as old:
            reserved = max(reserved, old.execute("SELECT max(reserved) FROM version_block").fetchone()[0] or 0)
    except (StorageUnavailable, sqlite3.DatabaseError):
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
