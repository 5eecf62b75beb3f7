import os
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from queue_server.copies.backup import make_backup
from queue_server.copies.checking import entries_of_whole
from queue_server.copies.folder import (
    BACKUP_MARK,
    CopyFailed,
    alone_in,
    backups_in,
    journal_folder,
    leave_mark,
    thin_out,
)
from queue_server.domain.retention import Retention
from queue_server.domain.ticket import Move
from queue_server.storage.database import FILE_NAME, connect
from queue_server.storage.rows import ACCOUNT_TABLES, PASSING_TABLES
from tests.copies.conftest import Copied, contents_of
from tests.support.halls import run_sql


def test_a_backup_is_all_there_is_and_says_when_and_how_far(town: Copied) -> None:
    backup = town.backup()
    assert backup.path.name == f"backup-20261124T090100-entry-{len(town.entries()):012d}"
    assert contents_of(backup.path) == town.contents()
    with closing(connect(backup.path / FILE_NAME)) as db:
        assert entries_of_whole(db) == backup.seq == len(town.entries())


def test_a_backup_is_one_file_that_nobody_else_may_read(town: Copied) -> None:
    backup = town.backup()
    assert [path.name for path in backup.path.iterdir()] == [FILE_NAME]
    assert stat.S_IMODE((backup.path / FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(backup.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(town.folder.stat().st_mode) == 0o700


def test_the_keys_go_with_it(town: Copied) -> None:
    (town.directory / "secret.key").write_bytes(b"k" * 32)
    os.chmod(town.directory / "secret.key", 0o600)
    backup = town.backup()
    assert (backup.path / "secret.key").read_bytes() == b"k" * 32
    assert stat.S_IMODE((backup.path / "secret.key").stat().st_mode) == 0o600


def test_the_data_directory_says_how_old_the_newest_one_is(town: Copied) -> None:
    mark = town.directory / BACKUP_MARK
    assert not mark.exists()
    town.backup()
    made = mark.stat()
    assert stat.S_IMODE(made.st_mode) == 0o600
    os.utime(mark, (0, 0))
    town.backup()
    assert mark.stat().st_mtime >= made.st_mtime


def test_the_age_can_be_told_at_every_moment_while_a_backup_ends(town: Copied) -> None:
    """Whoever asks for metrics just then finds the mark; what a crash left of a new one is no hindrance."""
    mark = town.directory / BACKUP_MARK
    town.backup()
    left = mark.with_name(f".{mark.name}")
    left.touch(mode=0o444)
    done, missed = threading.Event(), []

    def look_for_ever() -> None:
        while not done.is_set():
            if not mark.exists():
                missed.append(1)

    looking = threading.Thread(target=look_for_ever)
    looking.start()
    try:
        for _ in range(300):
            leave_mark(mark)
    finally:
        done.set()
        looking.join()
    assert missed == []
    assert stat.S_IMODE(mark.stat().st_mode) == 0o600
    assert not left.exists()


def test_what_cannot_be_written_is_named(town: Copied) -> None:
    """The backup is there; it is the mark in the data directory that could not be left."""
    (town.directory / f".{BACKUP_MARK}").mkdir()
    with pytest.raises(CopyFailed, match=rf"\.{BACKUP_MARK} cannot be written"):
        town.backup()
    assert len(backups_in(town.folder)) == 1


def test_addresses_of_people_are_not_in_it(town: Copied) -> None:
    town.sql(
        "INSERT INTO subscription VALUES ('t', 'hall', 'mail', 'yamada@example.jp', '', '', 'ja', 'people', 3, 0, 0)"
    )
    backup = town.backup()
    assert town.sql("SELECT count(*) FROM subscription") == [(1,)]
    assert b"yamada@example.jp" not in (backup.path / FILE_NAME).read_bytes()


def test_of_every_table_it_was_decided_whether_copies_hold_it(town: Copied) -> None:
    """A new table belongs to one of these: does what is in it go with its ticket, or may a backup keep it?"""
    pictures = {"journal", "ticket", "number", "switch", "answer"}
    counted_again = {"hour_count", "counted_day", "learned", "verified", "ballast", "version_block"}
    for_the_server = {"alert_mailed", "_sqlite_migrations"}
    found = {name for (name,) in town.sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert found - {"sqlite_sequence"} == set().union(
        pictures, counted_again, for_the_server, ACCOUNT_TABLES, PASSING_TABLES
    )


def test_while_it_copies_the_server_goes_on_writing(town: Copied) -> None:
    """A reader of the write-ahead log holds nobody up; each copy is one instant, between two commands."""
    done = threading.Event()
    made: list[int] = []

    def copy_for_ever() -> None:
        while not done.is_set():
            made.append(make_backup(town.directory, town.folder, town.clock.now()).seq)

    copying = threading.Thread(target=copy_for_ever)
    copying.start()
    try:
        while len(set(made)) < 3:
            town.move(town.issue("y")["id"], Move.CANCEL)
            town.clock.advance(timedelta(seconds=1))
    finally:
        done.set()
        copying.join()
    for backup in backups_in(town.folder):
        with closing(connect(backup.path / FILE_NAME)) as db:
            assert entries_of_whole(db) == backup.seq


def test_a_copy_that_is_not_what_its_journal_says_is_thrown_away(town: Copied) -> None:
    town.sql("UPDATE ticket SET state = 'waiting' WHERE state = 'no_show'")
    with pytest.raises(CopyFailed, match=r"thrown away: ticket .* state differs"):
        town.backup()
    assert [path.name for path in town.folder.iterdir()] == [".backup.lock"]


def test_a_file_that_is_no_database_is_said_so(town: Copied) -> None:
    town.city.close()
    (town.directory / FILE_NAME).write_bytes(b"x" * 8192)
    with pytest.raises(CopyFailed, match="cannot be copied"):
        town.backup()
    (town.directory / FILE_NAME).unlink()
    with pytest.raises(CopyFailed, match="no database"):
        town.backup()


def test_a_folder_that_cannot_be_written_is_said_so(town: Copied, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CopyFailed, match="cannot be written"):
        make_backup(town.directory, tmp_path / "file" / "copies", town.clock.now())


def test_a_second_one_meanwhile_is_refused(town: Copied) -> None:
    with alone_in(town.folder, "backup"), pytest.raises(CopyFailed, match="Another backup runs"):
        town.backup()


def test_what_a_crash_left_half_made_is_no_backup_and_goes_with_the_next_one(town: Copied) -> None:
    left = town.folder / ".unfinished-4711"
    left.mkdir(parents=True)
    (left / FILE_NAME).write_bytes(b"half")
    assert backups_in(town.folder) == []
    backup = town.backup()
    assert backups_in(town.folder) == [backup]
    assert not left.exists()


def test_two_in_one_second_of_the_same_journal_are_one(town: Copied) -> None:
    now = town.clock.now()
    assert make_backup(town.directory, town.folder, now) == make_backup(town.directory, town.folder, now)
    assert len(backups_in(town.folder)) == 1


def test_backups_are_thinned_out_by_the_rules_and_strangers_stay(town: Copied) -> None:
    for _ in range(3):
        town.backup()
        town.clock.advance(timedelta(days=1))
    (town.folder / "notes.txt").touch()
    newest, *older = backups_in(town.folder)
    assert thin_out(town.folder, Retention(last=1, days=0, weeks=0, months=0)) == older
    assert backups_in(town.folder) == [newest]
    assert (town.folder / "notes.txt").exists()


def test_a_backup_of_an_older_second_process_does_not_see_uncommitted_rows(town: Copied) -> None:
    """What is not committed was told to nobody, so it is in no backup either."""
    with closing(sqlite3.connect(town.directory / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO ballast (id, room) VALUES (1, zeroblob(9))")
        backup = town.backup()
        other.execute("ROLLBACK")
    assert run_sql(backup.path, "SELECT count(*) FROM ballast") == [(0,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to somebody else")
def test_what_root_makes_belongs_to_the_owner_of_the_folder(town: Copied) -> None:
    town.folder.mkdir()
    os.chown(town.folder, 4711, 4712)
    backup = town.backup()
    town.copy()
    made = [backup.path, *backup.path.iterdir(), *journal_folder(town.folder).iterdir(), journal_folder(town.folder)]
    assert {(path.stat().st_uid, path.stat().st_gid) for path in made} == {(4711, 4712)}
