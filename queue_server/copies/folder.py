"""The folder of copies: where backups and the journal copy are, how they are called, and making files certain."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from queue_server.domain.calendar import JST
from queue_server.domain.retention import Retention, kept

BACKUP_MARK = "last-backup"
"""A file in the data directory, as old as the newest backup of it: what `/metrics` tells the age from."""
JOURNAL_COPY_MARK = "last-journal-copy"
"""The same for the journal copy: as old as the last time that it had everything."""

SET_ASIDE = "set-aside-"
"""How folders begin that hold what was not deleted; the time (JST) follows."""

_NAME = re.compile(r"backup-(\d{8}T\d{6})-entry-(\d{12})")
_TIME = "%Y%m%dT%H%M%S"
_UNFINISHED = ".unfinished-"


class CopyFailed(Exception):  # noqa: N818 - an answer for the administrator
    """A copy was not made, or is of no use; the message says why."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole copy that was verified when it was made: `at` is aware, `seq` the last entry in it."""

    path: Path
    at: datetime
    seq: int


def backup_name(at: datetime, seq: int) -> str:
    """How a backup is called: when it was made (JST) and its last entry."""
    return f"backup-{at.astimezone(JST).strftime(_TIME)}-entry-{seq:012d}"


def backups_in(folder: Path) -> list[Backup]:
    """Every finished backup of a folder, the newest first."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match:
            at = datetime.strptime(match[1], _TIME).replace(tzinfo=JST)
            found.append(Backup(path, at, int(match[2])))
    return sorted(found, key=lambda backup: (backup.at, backup.seq), reverse=True)


def journal_folder(folder: Path) -> Path:
    """Where the journal copy is."""
    return folder / "journal"


@contextmanager
def alone_in(folder: Path, name: str) -> Iterator[None]:
    """Make the folder if it is not there, and let nobody else do the same thing in it meanwhile.

    Raises CopyFailed when somebody does.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / f".{name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CopyFailed(f"Another {name} runs on {folder}.") from error
        yield


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """A folder to make something in, gone afterwards if it was not renamed; what a crash left before is removed."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left)
    path = folder / f"{_UNFINISHED}{os.getpid()}"
    path.mkdir(mode=0o700)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def thin_out(folder: Path, retention: Retention) -> list[Backup]:
    """Delete the backups that the rules do not keep; returns them, the newest first."""
    backups = backups_in(folder)
    stay = kept((backup.at for backup in backups), retention)
    gone = [backup for backup in backups if backup.at not in stay]
    for backup in gone:
        # Renamed first: one that is half deleted is no backup.
        doomed = folder / f"{_UNFINISHED}{backup.path.name}"
        backup.path.rename(doomed)
        shutil.rmtree(doomed)
    return gone


def leave_mark(mark: Path) -> None:
    """Let a mark be as old as this moment: a new file in its place, since the last one may be another user's."""
    fresh = mark.with_name(f".{mark.name}")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.replace(mark)


def set_aside_in(folder: Path, now: datetime) -> Path:
    """A new folder for what is not deleted, named by the time (JST)."""
    name = now.astimezone(JST).strftime(f"{SET_ASIDE}{_TIME}")
    for attempt in count(1):
        path = folder / (name if attempt == 1 else f"{name}-{attempt}")
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            continue
        break
    return path


def give_to_owner(path: Path) -> None:
    """Let what root made belong to whom the folder around it belongs: the server's own user reads it later."""
    if os.geteuid() == 0:
        around = path.parent.stat()
        for each in (path, *path.rglob("*")):
            os.chown(each, around.st_uid, around.st_gid)


def make_certain(path: Path) -> None:
    """Have a file's content, or a folder's names, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
