import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from queue_server.city import StartRefused, open_city
from queue_server.copies import restoring
from queue_server.copies.checking import entries_of_whole
from queue_server.copies.folder import Backup, CopyFailed, backup_name, backups_in, journal_folder
from queue_server.copies.journal_files import journal_files
from queue_server.copies.lines import content_of, line_of
from queue_server.copies.restoring import Restored, Wish, restore
from queue_server.domain.calendar import local_minute
from queue_server.domain.ticket import Move
from queue_server.storage.database import FILE_NAME, UNFINISHED_RESTORE, connect
from queue_server.storage.directory_lock import DirectoryLock
from queue_server.storage.migrations import MIGRATIONS
from tests.copies.conftest import Copied, contents_of
from tests.storage.test_old_database import old_database
from tests.support.halls import MACHI, run_sql

WHOLE, FORCE = Wish(), Wish(force=True)


class Lost:
    """A town whose machine is off, with what it held while it ran."""

    def __init__(self, town: Copied, backup: Backup) -> None:
        self.town, self.backup, self.data, self.folder = town, backup, town.directory, town.folder
        self.version = town.board["version"]
        self.entries = len(town.entries())
        town.city.close()
        self.contents = contents_of(self.data)

    @property
    def now(self) -> datetime:
        return self.town.clock.now()

    def restore(self, wish: Wish = WHOLE) -> Restored:
        return restore(self.data, self.folder, wish, self.now)

    def break_page(self, page: int = 2) -> None:
        path = self.data / FILE_NAME
        content = bytearray(path.read_bytes())
        content[page * 4096 : page * 4096 + 512] = b"\xff" * 512
        path.write_bytes(content)

    def journal_lines(self) -> list[bytes]:
        (file,) = journal_files(journal_folder(self.folder))
        return file.path.read_bytes().splitlines(keepends=True)

    def write_journal(self, lines: list[bytes]) -> None:
        (file,) = journal_files(journal_folder(self.folder))
        file.path.write_bytes(b"".join(lines))

    def unchanged(self) -> bool:
        return contents_of(self.data) == self.contents and not (self.data / UNFINISHED_RESTORE).exists()


@pytest.fixture
def lost(town: Copied) -> Lost:
    """A backup, then work that only the journal copy holds."""
    backup = town.backup()
    town.work()
    town.copy()
    return Lost(town, backup)


def test_a_broken_page_costs_nothing_with_a_backup_and_the_journal_copy(lost: Lost) -> None:
    lost.break_page()
    with pytest.raises(StartRefused, match="is damaged"):
        open_city(MACHI, lost.data, lost.town.clock)
    done = lost.restore()
    assert contents_of(lost.data) == lost.contents
    assert (done.backup, done.seq) == (lost.backup, lost.entries)
    assert done.from_journal == lost.entries - lost.backup.seq
    lost.town.restart()
    assert lost.town.verify() == lost.entries


def test_the_damaged_database_is_set_aside_and_not_touched(lost: Lost) -> None:
    lost.break_page()
    damaged = (lost.data / FILE_NAME).read_bytes()
    done = lost.restore()
    assert done.set_aside is not None
    assert done.set_aside.parent == lost.data
    assert (done.set_aside / FILE_NAME).read_bytes() == damaged


def test_after_a_restore_screens_take_the_next_board(lost: Lost) -> None:
    """Also where the machine's clock has gone back since, as long as the old database can be read."""
    for now in (lost.now, datetime.fromisoformat("2001-01-01T00:00+00:00")):
        restore(lost.data, lost.folder, FORCE, now)
        lost.town.restart()
        assert lost.town.board["version"] > lost.version
        lost.version = lost.town.board["version"]
        lost.town.city.close()


def test_a_retry_after_a_restore_gets_the_answer_that_it_got_before(town: Copied) -> None:
    town.backup()
    first = town.issue("y", key="once")
    town.copy()
    lost = Lost(town, backups_in(town.folder)[0])
    lost.break_page()
    lost.restore()
    town.restart()
    assert town.issue("y", key="once") == first
    assert len(town.entries()) == lost.entries


def test_a_hall_goes_on_with_its_numbers_after_a_restore(lost: Lost) -> None:
    lost.break_page()
    lost.restore()
    lost.town.restart()
    given = set(lost.town.sql("SELECT series, round, number FROM ticket"))
    for _ in range(3):
        ticket = lost.town.issue("y")
        row = lost.town.sql("SELECT series, round, number FROM ticket WHERE id = ?", ticket["id"])[0]
        assert row not in given
    assert lost.town.copy() == 3, "the journal copy goes on as if nothing had happened"


def test_without_a_backup_the_journal_copy_is_enough_while_it_is_whole(town: Copied) -> None:
    town.copy()
    lost = Lost(town, Backup(town.folder, town.clock.now(), 0))
    (lost.data / FILE_NAME).unlink()
    done = lost.restore()
    assert (done.backup, done.from_journal) == (None, lost.entries)
    assert done.set_aside is None
    assert contents_of(lost.data) == lost.contents


def test_without_the_journal_copy_it_ends_with_the_backup(lost: Lost) -> None:
    lost.break_page()
    done = lost.restore(Wish(with_journal=False))
    assert (done.seq, done.from_journal) == (lost.backup.seq, 0)


def test_it_can_end_with_any_entry(lost: Lost) -> None:
    lost.break_page()
    assert lost.restore(Wish(until=lost.entries - 3)).seq == lost.entries - 3
    assert lost.restore(Wish(until=lost.backup.seq, force=True)).seq == lost.backup.seq


def test_a_journal_copy_that_begins_after_the_backup_is_no_use_and_says_so(lost: Lost) -> None:
    later = [line for line in lost.journal_lines() if content_of(line).get("entry", {}).get("seq", 0) > 25]
    lost.write_journal(later)
    (lost.folder / "journal" / "journal-000000000001.jsonl").rename(
        lost.folder / "journal" / "journal-000000000026.jsonl"
    )
    with pytest.raises(CopyFailed, match=rf"After entry {lost.backup.seq} .*goes on with entry 26"):
        lost.restore(FORCE)
    assert lost.unchanged()


def test_a_backup_that_went_bad_is_passed_over_for_the_one_before(lost: Lost) -> None:
    lost.town.restart()
    newer = lost.town.backup()
    lost.town.city.close()
    (newer.path / FILE_NAME).write_bytes((newer.path / FILE_NAME).read_bytes()[:8192])
    lost.break_page()
    done = lost.restore()
    assert done.backup == lost.backup
    assert [text.partition(":")[0] for text in done.rejected] == [newer.path.name]
    assert contents_of(lost.data)["journal"] == lost.contents["journal"]


def test_a_backup_that_is_not_what_its_name_says_is_passed_over(lost: Lost) -> None:
    lost.backup.path.rename(lost.folder / lost.backup.path.name.replace("000000000", "000000001"))
    lost.break_page()
    done = lost.restore()
    assert done.backup is None
    assert "it ends with entry" in done.rejected[0]
    assert done.from_journal == lost.entries


def test_a_named_backup_is_used_or_nothing(lost: Lost) -> None:
    lost.break_page()
    with pytest.raises(CopyFailed, match="There is no backup to restore"):
        lost.restore(Wish(backup="backup-of-yesterday"))
    assert lost.restore(Wish(backup=lost.backup.path.name)).backup == lost.backup


def test_an_empty_folder_restores_nothing(lost: Lost, tmp_path: Path) -> None:
    with pytest.raises(CopyFailed, match="neither a backup nor a journal copy"):
        restore(lost.data, tmp_path / "other", FORCE, lost.now)
    assert lost.unchanged()


def test_a_database_that_is_whole_is_not_replaced_without_force(lost: Lost) -> None:
    with pytest.raises(CopyFailed, match=rf"is whole: {lost.entries} entries.*--force"):
        lost.restore()
    assert lost.unchanged()
    done = lost.restore(FORCE)
    assert done.set_aside is not None
    with closing(connect(done.set_aside / FILE_NAME)) as db:
        assert entries_of_whole(db) == lost.entries


def test_while_a_server_runs_nothing_is_restored(lost: Lost) -> None:
    lost.town.restart()
    with pytest.raises(CopyFailed, match=r"A server runs on .*systemctl stop"):
        lost.restore(FORCE)
    lost.town.city.close()
    assert lost.unchanged()


def test_afterwards_the_directory_is_free_for_the_server(lost: Lost) -> None:
    lost.restore(FORCE)
    lock = DirectoryLock(lost.data)
    lock.acquire()
    lock.release()


def cut_line(lines: list[bytes]) -> list[bytes]:
    return [*lines[:-2], lines[-2][:-20] + b"\n", lines[-1]]


def missing_line(lines: list[bytes]) -> list[bytes]:
    return [*lines[:-2], lines[-1]]


def impossible_line(lines: list[bytes]) -> list[bytes]:
    content = content_of(lines[-1])
    content["entry"]["kind"] = "complete"
    content["entry"]["ticket"] = "nobody's"
    return [*lines[:-1], line_of(content)]


def unreadable_line(lines: list[bytes]) -> list[bytes]:
    content = content_of(lines[-1])
    content["entry"]["at"] = "yesterday"
    return [*lines[:-1], line_of(content)]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut_line, r"line .* is damaged"),
        (missing_line, "what came between is missing"),
        (impossible_line, "concerns an unknown ticket"),
        (unreadable_line, "Invalid isoformat"),
    ],
)
def test_a_damaged_journal_copy_restores_nothing_by_itself_and_says_up_to_where_it_can(
    lost: Lost, damage: Callable[[list[bytes]], list[bytes]], said: str
) -> None:
    lost.write_journal(damage(lost.journal_lines()))
    with pytest.raises(CopyFailed, match=said) as failed:
        lost.restore(FORCE)
    assert lost.unchanged()
    whole = re.search(r"--until (\d+)", str(failed.value))
    assert whole is not None
    assert lost.restore(Wish(until=int(whole[1]), force=True)).seq == int(whole[1]) >= lost.entries - 3


def test_a_last_line_that_was_torn_does_not_count(lost: Lost) -> None:
    lines = lost.journal_lines()
    lost.write_journal([*lines[:-1], lines[-1][:-5]])
    assert lost.restore(FORCE).seq == lost.entries - 1


def test_a_journal_copy_of_another_history_is_refused(lost: Lost) -> None:
    lines = []
    for line in lost.journal_lines():
        content = content_of(line)
        if content.get("entry", {}).get("seq") == lost.backup.seq:
            content["entry"]["request_id"] = "another"
        lines.append(line_of(content))
    lost.write_journal(lines)
    with pytest.raises(CopyFailed, match="two histories"):
        lost.restore(FORCE)
    assert lost.restore(Wish(with_journal=False, force=True)).seq == lost.backup.seq


def test_people_and_tokens_made_since_the_backup_come_back(lost: Lost) -> None:
    lost.break_page()
    lost.restore()
    assert run_sql(lost.data, "SELECT count(*) FROM staff") == [(2,)]
    assert contents_of(lost.data)["device"] == lost.contents["device"]


def test_keys_come_back_where_they_are_missing(town: Copied) -> None:
    (town.directory / "secret.key").write_bytes(b"k" * 32)
    (town.directory / "vapid.pem").write_bytes(b"old")
    lost = Lost(town, town.backup())
    (lost.data / "secret.key").unlink()
    (lost.data / "vapid.pem").write_bytes(b"new")
    lost.restore(FORCE)
    assert (lost.data / "secret.key").read_bytes() == b"k" * 32
    assert (lost.data / "vapid.pem").read_bytes() == b"new"


class PowerCut(BaseException):
    """The machine is off."""


@pytest.mark.parametrize("step", ["set aside", "put in place", "done"])
def test_a_restore_that_was_cut_off_lets_no_server_start_until_it_is_done_again(
    lost: Lost, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between setting the old database aside and putting the new one in place there must be no empty hall."""
    lost.break_page()
    whole_rename, whole_unlink = Path.rename, Path.unlink

    def rename(self: Path, target: Path) -> Path:
        if step == ("set aside" if self.parent == lost.data else "put in place"):
            raise PowerCut
        return whole_rename(self, target)

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self.name == UNFINISHED_RESTORE:
            raise PowerCut
        whole_unlink(self, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(restoring.Path, "rename", rename)
        patch.setattr(restoring.Path, "unlink", unlink)
        with pytest.raises(PowerCut):
            lost.restore()
    with pytest.raises(StartRefused, match="restore was interrupted"):
        open_city(MACHI, lost.data, lost.town.clock)
    lost.restore()
    assert contents_of(lost.data) == lost.contents


def test_a_backup_of_an_older_version_is_brought_up_to_date(lost: Lost) -> None:
    """The columns that a row of the copy has and a table has not are left out; tables that are missing are made."""
    path = lost.backup.path / FILE_NAME
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("DROP TABLE learned")
        old.execute("DELETE FROM _sqlite_migrations WHERE name = 'm0014_learned'")
    lost.break_page()
    lost.restore()
    assert run_sql(lost.data, "SELECT count(*) FROM learned") == [(0,)]


def test_every_kind_of_move_is_followed(lost: Lost) -> None:
    kinds = {content_of(line)["entry"]["kind"] for line in lost.journal_lines() if b'"entry"' in line}
    assert {Move.ISSUE, Move.CALL, Move.HOLD, "undo", "pause_service", "post_notice", "add_device"} <= kinds
    assert json.loads(lost.journal_lines()[-1].partition(b" ")[2])["entry"]["seq"] == lost.entries


def test_a_backup_that_a_former_version_made_is_brought_up_to_date(tmp_path: Path) -> None:
    """An update that fails in the night has older tables in every backup; the one before it must still be of use."""
    made, folder, data = tmp_path / "made", tmp_path / "copies", tmp_path / "data"
    made.mkdir()
    old_database(made).close()
    backup = folder / backup_name(local_minute("2026-11-24T09:08"), 37)
    backup.mkdir(parents=True)
    shutil.copyfile(made / FILE_NAME, backup / FILE_NAME)
    done = restore(data, folder, WHOLE, local_minute("2026-11-24T09:09"))
    assert (done.backup, done.seq, done.rejected) == (backups_in(folder)[0], 37, [])
    with closing(connect(data / FILE_NAME)) as db:
        assert entries_of_whole(db) == 37
        assert not MIGRATIONS.pending(db)
