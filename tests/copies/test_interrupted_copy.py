"""What a power cut or a dying disk leaves of the journal copy: it goes on from there, and a restore finds all of it.

And what is done by hand beneath it: another database, an older one, in another file or in the same one.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from queue_server.copies import follower as following
from queue_server.copies.folder import CopyFailed, journal_folder
from queue_server.copies.follower import Follower, lag_of
from queue_server.copies.journal_files import contents, file_name, journal_files, torn_files
from queue_server.copies.lines import content_of, line_of
from queue_server.copies.restoring import Wish, restore
from queue_server.storage.database import FILE_NAME
from tests.copies.conftest import Copied, contents_of

CUTS = 40


@pytest.fixture
def two_days(town: Copied) -> Copied:
    """A town with two days in its copy, and a backup of the first morning."""
    town.backup()
    town.work()
    town.copy()
    town.begin_next_day()
    town.copy()
    town.work()
    town.copy()
    return town


def files(town: Copied) -> list[Path]:
    return [file.path for file in journal_files(journal_folder(town.folder))]


def set_asides(town: Copied) -> list[Path]:
    return sorted(path for path in journal_folder(town.folder).iterdir() if path.is_dir())


def seqs(folder: Path) -> list[int]:
    return [content["entry"]["seq"] for content in contents(folder, 0) if "entry" in content]


def entries_of(path: Path) -> list[Any]:
    """The entries of a file with their answers; the accounts may stand there once more."""
    contents_of_file = map(content_of, path.read_bytes().splitlines(keepends=True))
    return [content for content in contents_of_file if "entry" in content]


def whole(town: Copied) -> bool:
    return seqs(journal_folder(town.folder)) == [entry.seq for entry in town.entries()]


def restored(town: Copied, tmp_path: Path, wish: Wish | None = None) -> int:
    data = tmp_path / "restored"
    return restore(data, town.folder, wish or Wish(force=True), town.clock.now()).seq


@pytest.mark.parametrize("left", ["cut", "zeros"])
def test_wherever_the_new_days_first_lines_were_cut_nothing_is_lost_and_nothing_set_aside(
    two_days: Copied, tmp_path: Path, left: str
) -> None:
    """From its name alone to the last byte; or with the length that the file had, and zeros where nothing came."""
    former, path = files(two_days)
    kept, lines, entries = former.read_bytes(), path.read_bytes(), entries_of(path)
    first_day = len(seqs(journal_folder(two_days.folder))) - lines.count(b'{"entry"')
    for cut in sorted({0, 1, *range(7, len(lines), len(lines) // CUTS), len(lines) - 1}):
        path.write_bytes(lines[:cut] + (bytes(len(lines) - cut) if left == "zeros" else b""))
        certain = first_day + lines[: lines.rfind(b"\n", 0, cut) + 1].count(b'{"entry"')
        assert lag_of(two_days.directory, two_days.folder).copied == certain
        if cut % 3 == 0:
            assert restored(two_days, tmp_path) == certain
        two_days.copy()
        assert former.read_bytes() == kept
        assert entries_of(path) == entries
        assert set_asides(two_days) == []
    assert files(two_days) == [former, path]


def test_a_copy_that_has_only_a_name_yet_is_a_copy_of_nothing(town: Copied, tmp_path: Path) -> None:
    town.copy()
    [path] = files(town)
    lines = path.read_bytes()
    path.write_bytes(b"")
    assert lag_of(town.directory, town.folder).copied == 0
    with pytest.raises(CopyFailed, match="neither a backup nor a journal copy"):
        restored(town, tmp_path)
    town.copy()
    assert path.read_bytes() == lines
    assert set_asides(town) == []


def test_a_name_that_no_entry_came_to_does_not_hide_what_came_instead(two_days: Copied, tmp_path: Path) -> None:
    """A disk that lost what it had said was certain: a later file's name is left, and the former file goes on."""
    former, path = files(two_days)
    ahead = path.with_name(file_name(len(two_days.entries()) - 5))
    ahead.touch()
    assert seqs(journal_folder(two_days.folder)) == [entry.seq for entry in two_days.entries()]
    assert restored(two_days, tmp_path) == len(two_days.entries())
    two_days.copy()
    assert files(two_days) == [former, path]


def test_accounts_without_the_entry_that_changed_them_are_taken_back(two_days: Copied) -> None:
    """Half of an append; were they left, each try on a full disk would add them again."""
    *_, path = files(two_days)
    lines = path.read_bytes()
    path.write_bytes(lines + line_of({"accounts": {"device": [], "staff": [], "kiosk_pin": []}}))
    two_days.copy()
    assert path.read_bytes() == lines


def test_a_restore_says_that_half_a_line_does_not_count(two_days: Copied, tmp_path: Path) -> None:
    former, path = files(two_days)
    assert torn_files(journal_folder(two_days.folder)) == []
    path.write_bytes(path.read_bytes()[:-5])
    done = restore(tmp_path / "restored", two_days.folder, Wish(), two_days.clock.now())
    assert done.seq == len(two_days.entries()) - 1
    assert done.notes == [f"passed over: half a line at the end of {path}"]
    path.write_bytes(b"0000")
    assert torn_files(journal_folder(two_days.folder)) == [path]
    former.write_bytes(former.read_bytes()[:-1])
    assert torn_files(journal_folder(two_days.folder)) == [former, path]
    bounded = restore(tmp_path / "bounded", two_days.folder, Wish(until=20), two_days.clock.now())
    assert bounded.notes == []


def spoil(line: bytes) -> bytes:
    return line[:-9] + b"\0\0\0\0" + line[-5:]


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_damaged_file_alone_is_set_aside_and_written_again(two_days: Copied, number: int) -> None:
    """Also where it is the last line: it has its end, so it was whole once."""
    former, path = files(two_days)
    kept, lines = former.read_bytes(), path.read_bytes().splitlines(keepends=True)
    lines[number] = spoil(lines[number])
    path.write_bytes(b"".join(lines))
    two_days.copy()
    assert whole(two_days)
    assert former.read_bytes() == kept
    [aside] = set_asides(two_days)
    assert [each.name for each in aside.iterdir()] == [path.name]
    assert (aside / path.name).read_bytes() == b"".join(lines)


def test_a_damaged_last_line_is_said_by_a_restore_and_not_passed_over(two_days: Copied, tmp_path: Path) -> None:
    path = files(two_days)[-1]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:-1], spoil(lines[-1])]))
    last = len(two_days.entries()) - 1
    with pytest.raises(CopyFailed, match=rf"After entry {last} the journal copy .*is damaged\n--until {last} "):
        restored(two_days, tmp_path)
    assert restored(two_days, tmp_path, Wish(until=last)) == last


def test_a_sync_that_failed_is_not_believed_later(two_days: Copied, monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux tells it once, and the next sync succeeds without these lines: they are taken back and written again."""
    path = files(two_days)[-1]
    before, fails = path.stat().st_size, [True]
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        if os.fstat(descriptor).st_size > before and os.fstat(descriptor).st_ino == path.stat().st_ino and fails:
            fails.pop()
            raise OSError(5, "Input/output error")

    two_days.work()
    monkeypatch.setattr(following.os, "fsync", fsync)
    with closing(two_days.follower()) as follower:
        with pytest.raises(CopyFailed, match="Input/output error"):
            follower.catch_up()
        assert path.stat().st_size == before
        follower.catch_up()
    assert whole(two_days)


class PowerCut(BaseException):
    """The machine is off."""


def other_history(town: Copied) -> Copied:
    """Another database in the same data directory, as if somebody had begun with an empty one."""
    town.city.close()
    for path in town.directory.glob(f"{FILE_NAME}*"):
        path.unlink()
    other = Copied(town.directory)
    other.folder = town.folder
    other.work()
    return other


def test_setting_aside_that_was_cut_off_is_done_to_its_end_by_the_next_process(
    two_days: Copied, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, moved = {path.name: path.read_bytes() for path in files(two_days)}, []
    rename = Path.rename
    other = other_history(two_days)

    def cut(path: Path, target: Path) -> Path:
        if moved:
            raise PowerCut
        moved.append(path)
        return rename(path, target)

    with monkeypatch.context() as patch, closing(other.follower()) as follower:
        patch.setattr(Path, "rename", cut)
        with pytest.raises(PowerCut):
            follower.catch_up()
    assert len(files(other)) == 1
    other.copy()
    assert whole(other)
    found = [path for aside in set_asides(other) for path in aside.iterdir()]
    assert {path.name: path.read_bytes() for path in found} == old
    other.city.close()


def test_a_disk_that_refuses_to_set_aside_gets_no_folder_at_each_try(
    two_days: Copied, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, target: Path) -> Path:
        raise OSError(5, "Input/output error", str(path))

    other = other_history(two_days)
    with monkeypatch.context() as patch, closing(other.follower()) as follower:
        patch.setattr(Path, "rename", refuse)
        for _ in range(10):
            with pytest.raises(CopyFailed, match="Input/output error"):
                follower.catch_up()
        assert set_asides(other) == []
    other.copy()
    assert whole(other)
    assert len(set_asides(other)) == 1
    other.city.close()


def restore_by_sqlite(database: Path, older: Path) -> None:
    """What `.restore` of the sqlite3 program does: page by page, by its rules."""
    with closing(sqlite3.connect(older)) as source, closing(sqlite3.connect(database)) as target:
        source.backup(target)


@pytest.mark.parametrize("further", [False, True])
def test_an_older_state_in_the_same_file_begins_another_copy_however_far_it_gets(
    two_days: Copied, further: bool
) -> None:
    """Nothing says that the file is another one: only the entry at the end of the copy does."""
    database, older = two_days.directory / FILE_NAME, two_days.directory / "older"
    two_days.city.close()
    shutil.copyfile(database, older)
    two_days.restart()
    two_days.work()
    with closing(two_days.follower()) as follower:
        follower.catch_up()
        old = seqs(journal_folder(two_days.folder))
        two_days.city.close()
        restore_by_sqlite(database, older)
        two_days.restart()
        while further and len(two_days.entries()) < len(old) + 5:
            two_days.work()
        follower.catch_up()
        assert follower.copied == len(two_days.entries())
    assert whole(two_days)
    [aside] = set_asides(two_days)
    assert seqs(aside) == old


def test_a_column_that_an_update_brought_makes_no_other_database(two_days: Copied) -> None:
    *_, path = files(two_days)
    *before, last = path.read_bytes().splitlines(keepends=True)
    content = content_of(last)
    content["entry"]["column_that_went"] = content["entry"].pop("counter")
    path.write_bytes(b"".join([*before, line_of(content)]))
    two_days.work()
    two_days.copy()
    assert whole(two_days)
    assert set_asides(two_days) == []


def test_what_is_no_database_is_said_and_tried_again(two_days: Copied) -> None:
    two_days.city.close()
    database = two_days.directory / FILE_NAME
    kept = database.read_bytes()
    database.write_bytes(b"x" * 8192)
    with closing(two_days.follower()) as follower:
        with pytest.raises(CopyFailed, match="cannot be read"):
            follower.catch_up()
        database.write_bytes(kept)
        assert follower.catch_up() == 0
    assert set_asides(two_days) == []


def test_a_database_that_is_exchanged_again_meanwhile_is_said_and_tried_again(
    two_days: Copied, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_up: Callable[..., None] = Follower._take_up

    def take_up_another(follower: Follower, source: object) -> None:
        take_up(follower, source)
        assert follower._last is not None
        follower._last = {**follower._last, "request_id": "another"}

    with closing(two_days.follower()) as follower:
        with monkeypatch.context() as patch:
            patch.setattr(Follower, "_take_up", take_up_another)
            with pytest.raises(CopyFailed, match="was exchanged while it was read"):
                follower.catch_up()
        assert follower.catch_up() == 0
    assert whole(two_days)
    assert set_asides(two_days) == []


def test_the_copy_after_all_of_this_restores_every_row(two_days: Copied, tmp_path: Path) -> None:
    path = files(two_days)[-1]
    path.write_bytes(path.read_bytes()[:100])
    two_days.copy()
    restored(two_days, tmp_path)
    assert contents_of(tmp_path / "restored") == two_days.contents()
