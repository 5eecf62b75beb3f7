"""What a journal copy need not hold any longer: the days that every backup of the same database has."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from queue_server.copies.folder import Backup, CopyFailed, backups_in, journal_folder
from queue_server.copies.follower import forget_before
from queue_server.copies.journal_files import last_entry, whole_entries
from queue_server.storage.database import FILE_NAME, StorageUnavailable
from queue_server.storage.rows import holds_row, open_for_reading


def forget_what_backups_hold(folder: Path) -> int:
    """Delete the files of the journal copy that no backup of a folder needs to be followed; returns how many.

    The numbers of entries begin anew in an empty data directory, so backups of another history say nothing about
    this copy, however high theirs are. A copy that is damaged loses nothing.
    """
    copy = journal_folder(folder)
    try:
        last = last_entry(copy)
    except CopyFailed:
        return 0
    if last is None:
        return 0
    needed = [backup.seq for backup in backups_in(folder) if _may_be_followed(backup, copy, last)]
    # The last entry stays, also where a file has been begun after it: the copy goes on behind it.
    return forget_before(folder, min(*needed, last["seq"])) if needed else 0


def _may_be_followed(backup: Backup, copy: Path, last: Mapping[str, Any]) -> bool:
    """Whether a backup and the copy have the same entry where both have one; also where that cannot be told."""
    seq = min(backup.seq, last["seq"])
    entry = next((each for each in whole_entries(copy, seq) if each["seq"] == seq), None)
    try:
        with closing(open_for_reading(backup.path / FILE_NAME)) as database:
            return entry is None or holds_row(database, entry)
    except (StorageUnavailable, sqlite3.DatabaseError):
        return True
