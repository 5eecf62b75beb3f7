import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from queue_server.copies import follower as follower_module
from queue_server.copies.folder import JOURNAL_COPY_MARK, CopyFailed, journal_folder
from queue_server.copies.follower import ENTRIES_AT_ONCE, Follower, forget_before, lag_of
from queue_server.copies.journal_files import contents, journal_files
from queue_server.copies.lines import BadLine, content_of, line_of
from queue_server.storage.database import FILE_NAME
from tests.copies.conftest import Copied


@pytest.fixture
def running() -> Iterator[Callable[[Follower], Follower]]:
    """Followers that go on, and are closed in the end."""
    with ExitStack() as opened:
        yield lambda follower: opened.enter_context(closing(follower))


def copied(town: Copied, after: int = 0) -> list[int]:
    """The entries that the copy holds, in its order."""
    return [content["entry"]["seq"] for content in contents(journal_folder(town.folder), after) if "entry" in content]


def last_file(town: Copied) -> Path:
    return journal_files(journal_folder(town.folder))[-1].path


def test_a_line_that_was_cut_or_changed_is_known() -> None:
    line = line_of({"entry": {"label": "市民課"}})
    assert content_of(line) == {"entry": {"label": "市民課"}}
    for place in range(len(line)):
        changed = line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :]
        for damaged in (line[:place], changed):
            with pytest.raises(BadLine):
                content_of(damaged)


def test_every_entry_is_copied_once_and_in_order(running: Callable[[Follower], Follower], town: Copied) -> None:
    follower = running(town.follower())
    assert follower.catch_up() == len(town.entries())
    assert follower.catch_up() == 0
    town.work()
    follower.catch_up()
    assert copied(town) == [entry.seq for entry in town.entries()]
    assert follower.copied == len(town.entries())
    files = journal_files(journal_folder(town.folder))
    assert {stat.S_IMODE(file.path.stat().st_mode) for file in files} == {0o600}, "tokens stand in it"


def test_a_copy_that_has_everything_says_so_every_few_seconds(
    running: Callable[[Follower], Follower], town: Copied, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = town.directory / JOURNAL_COPY_MARK
    follower = running(town.follower())
    assert not mark.exists()
    follower.catch_up()
    made = mark.stat()
    assert stat.S_IMODE(made.st_mode) == 0o600
    os.utime(mark, (0, 0))
    town.work()
    follower.catch_up()
    assert mark.stat().st_mtime == 0, "not at each entry: it is a file to be made"
    monkeypatch.setattr(follower_module, "SIGN_SECONDS", 0)
    follower.catch_up()
    assert mark.stat().st_mtime >= made.st_mtime, "also where nothing is new"
    assert sorted(path.name for path in town.directory.iterdir() if path.name.startswith(".")) == []


def test_a_copy_that_fails_says_nothing(town: Copied, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower_module, "SIGN_SECONDS", 0)
    town.folder.write_text("no folder")
    with pytest.raises(CopyFailed):
        town.copy()
    assert not (town.directory / JOURNAL_COPY_MARK).exists()


def test_a_data_directory_that_takes_no_sign_of_life_is_copied_all_the_same(town: Copied) -> None:
    (town.directory / JOURNAL_COPY_MARK).mkdir()
    assert town.copy() == len(town.entries())


def test_a_row_is_copied_as_it_stands_with_its_answer(town: Copied) -> None:
    town.copy()
    lines = [content for content in contents(journal_folder(town.folder), 0) if "entry" in content]
    assert [tuple(line["entry"].values()) for line in lines] == town.sql("SELECT * FROM journal ORDER BY seq")
    issued = next(line for line in lines if line["entry"]["kind"] == "issue")
    assert json.loads(issued["answer"]["body"])["id"] == issued["entry"]["ticket"]


def test_another_process_goes_on_where_the_last_one_ended(town: Copied) -> None:
    town.copy()
    town.work()
    assert town.copy() > 0
    assert copied(town) == [entry.seq for entry in town.entries()]


def test_a_line_torn_by_a_power_cut_is_taken_back_and_written_again(town: Copied) -> None:
    town.copy()
    path = last_file(town)
    whole = path.read_bytes()
    for cut in (1, 20, 300):
        path.write_bytes(whole[:-cut])
        town.copy()
        assert path.read_bytes() == whole


def test_a_file_that_had_only_its_name_is_begun_anew(town: Copied) -> None:
    town.copy()
    last_file(town).write_bytes(b"")
    town.copy()
    assert copied(town) == [entry.seq for entry in town.entries()]


def test_a_line_that_was_changed_on_the_disk_sets_the_copy_aside_and_begins_another(town: Copied) -> None:
    town.copy()
    path = last_file(town)
    changed = path.read_bytes().replace(b'"kind":"call"', b'"kind":"hold"', 1)
    path.write_bytes(changed)
    town.copy()
    assert copied(town) == [entry.seq for entry in town.entries()]
    (aside,) = (each for each in journal_folder(town.folder).iterdir() if each.is_dir())
    assert (aside / path.name).read_bytes() == changed


def test_a_database_with_another_history_begins_another_copy_and_the_old_one_is_kept(town: Copied) -> None:
    town.copy()
    old = last_file(town).read_bytes()
    town.city.close()
    for path in town.directory.glob(f"{FILE_NAME}*"):
        path.unlink()
    other = Copied(town.directory)
    other.folder, other.clock = town.folder, town.clock
    other.work()
    other.work()
    other.copy()
    assert copied(other) == [entry.seq for entry in other.entries()]
    (aside,) = (each for each in journal_folder(town.folder).iterdir() if each.is_dir())
    assert [path.read_bytes() for path in aside.iterdir()] == [old]
    other.city.close()


def test_a_follower_that_runs_takes_up_the_database_that_a_restore_put_in_place(
    running: Callable[[Follower], Follower], town: Copied
) -> None:
    follower = running(town.follower())
    follower.catch_up()
    town.city.close()
    path = town.directory / FILE_NAME
    (town.directory / "new").write_bytes(path.read_bytes())
    (town.directory / "new").rename(path)
    town.restart()
    town.work()
    follower.catch_up()
    assert copied(town) == [entry.seq for entry in town.entries()]


def test_each_business_day_has_a_file(running: Callable[[Follower], Follower], town: Copied) -> None:
    follower = running(town.follower())
    follower.catch_up()
    town.begin_next_day()
    follower.catch_up()
    ended = len(town.entries())
    town.work()
    follower.catch_up()
    assert [file.first for file in journal_files(journal_folder(town.folder))] == [1, ended + 1]
    assert copied(town) == [entry.seq for entry in town.entries()]
    # Of the day before, the entry right before is read as well: it tells whether this is the same history.
    assert copied(town, ended)[:2] == [ended, ended + 1]
    assert copied(town, ended + 2)[0] == ended + 2


def test_more_than_one_reading_is_copied_in_several(town: Copied) -> None:
    town.sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
        "INSERT INTO journal SELECT (SELECT max(seq) FROM journal) + i, at, site, business_day, 'recall', ticket, "
        "counter, actor, request_id, body FROM n, (SELECT * FROM journal WHERE kind = 'call' LIMIT 1)",
        2 * ENTRIES_AT_ONCE,
    )
    assert town.copy() == len(town.entries())
    assert copied(town) == list(range(1, len(town.entries()) + 1))


def test_what_fails_is_said_and_tried_again_without_losing_or_doubling_anything(
    running: Callable[[Follower], Follower], town: Copied, tmp_path: Path
) -> None:
    town.folder = tmp_path / "file" / "copies"
    (tmp_path / "file").touch()
    follower = running(town.follower())
    with pytest.raises(CopyFailed, match="Not a directory"):
        follower.catch_up()
    (tmp_path / "file").unlink()
    follower.catch_up()
    assert copied(town) == [entry.seq for entry in town.entries()]


def test_a_database_that_is_not_there_yet_is_waited_for(tmp_path: Path, town: Copied) -> None:
    with pytest.raises(CopyFailed, match="No such file"):
        Follower(tmp_path / "nothing", town.folder, town.clock.now).catch_up()


def test_the_lag_is_what_the_copy_has_not(town: Copied) -> None:
    assert lag_of(town.directory, town.folder).copied == 0
    town.copy()
    done = len(town.entries())
    assert lag_of(town.directory, town.folder).oldest is None
    at = town.clock.now()
    town.work()
    lag = lag_of(town.directory, town.folder)
    assert (lag.copied, lag.written, lag.oldest) == (done, len(town.entries()), at)
    with pytest.raises(CopyFailed):
        lag_of(town.directory / "nothing", town.folder)


def test_what_every_backup_holds_may_go_and_the_file_of_its_last_entry_stays(
    running: Callable[[Follower], Follower], town: Copied
) -> None:
    follower = running(town.follower())
    days = []
    for _ in range(3):
        follower.catch_up()
        days.append(len(town.entries()))
        town.begin_next_day()
        follower.catch_up()
        town.work()
    files = [file.first for file in journal_files(journal_folder(town.folder))]
    assert forget_before(town.folder, 1) == 0
    assert forget_before(town.folder, files[1] - 1) == 0
    assert forget_before(town.folder, files[1]) == 1
    assert copied(town, files[1])[0] == files[1]
    assert forget_before(town.folder, 10**6) == len(files) - 2
