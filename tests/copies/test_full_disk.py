"""The copies' disk is full: the copy waits, keeps what it has, and goes on by itself; a restore finds all of it."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path

import pytest

from queue_server.copies.folder import CopyFailed, journal_folder
from queue_server.copies.follower import lag_of
from queue_server.copies.journal_files import contents, journal_files
from queue_server.copies.restoring import Wish, restore
from queue_server.storage.database import FILE_NAME
from tests.copies.conftest import Copied
from tests.faults.disks import NOT_ROOT, fill, free, tmpfs
from tests.support.waiting import wait_until

TRIES = 30
FullDisk = Callable[[Path], AbstractContextManager[None]]


def require_disk_of_its_own(folder: Path) -> None:
    if not folder.is_mount():
        pytest.skip(NOT_ROOT)


@contextmanager
def no_byte_may_be_written(_folder: Path) -> Iterator[None]:
    """A name can be made and not a byte written into it: what a disk without a free block does, also without root."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def no_block_is_left(folder: Path) -> Iterator[None]:
    require_disk_of_its_own(folder)
    fill(folder)
    try:
        yield
    finally:
        free(folder)


@contextmanager
def one_block_is_left(folder: Path) -> Iterator[None]:
    """A line and a half of the next lines fit, or a little more."""
    require_disk_of_its_own(folder)
    fill(folder)
    os.truncate(folder / "hog", (folder / "hog").stat().st_size - 4096)
    try:
        yield
    finally:
        free(folder)


@pytest.fixture(params=[no_byte_may_be_written, no_block_is_left, one_block_is_left])
def full(request: pytest.FixtureRequest) -> FullDisk:
    found: FullDisk = request.param
    return found


@pytest.fixture
def copied(town: Copied, tmp_path: Path) -> Iterator[Copied]:
    """A town whose copies are on a disk of their own, if that can be, with a day in them; the next one has begun."""
    with tmpfs(tmp_path / "disk", 1 << 20) if os.geteuid() == 0 else nullcontext(tmp_path / "disk") as disk:
        town.folder = disk / "copies"
        town.backup()
        town.work()
        town.copy()
        next_day(town)
        town.work()
        yield town


def next_day(town: Copied) -> None:
    town.begin_next_day()
    town.copy()


def set_asides(town: Copied) -> list[Path]:
    return [path for path in journal_folder(town.folder).iterdir() if path.is_dir()]


def seqs(town: Copied) -> list[int]:
    return [content["entry"]["seq"] for content in contents(journal_folder(town.folder), 0) if "entry" in content]


def first_file(town: Copied) -> Path:
    return journal_files(journal_folder(town.folder))[0].path


def test_a_disk_that_takes_the_name_of_the_new_day_and_no_line_of_it_costs_nothing(
    copied: Copied, full: FullDisk, tmp_path: Path
) -> None:
    before, kept = seqs(copied), first_file(copied).read_bytes()
    with closing(copied.follower()) as follower:
        with full(copied.folder.parent):
            for _ in range(TRIES):
                with pytest.raises(CopyFailed):
                    follower.catch_up()
            assert set_asides(copied) == []
            assert first_file(copied).read_bytes() == kept
            assert seqs(copied)[: len(before)] == before
            lag = lag_of(copied.directory, copied.folder)
            assert (lag.copied, lag.written) == (len(seqs(copied)), len(copied.entries()))
        held = len(seqs(copied))
        done = restore(tmp_path / "restored", copied.folder, Wish(), copied.clock.now())
        assert done.seq == held >= len(before), "everything that is on the disk, and it is said to be that"
        assert follower.catch_up() == len(copied.entries()) - held
    assert seqs(copied) == [entry.seq for entry in copied.entries()]
    assert set_asides(copied) == []


def test_a_disk_that_fills_up_within_the_day_costs_nothing(copied: Copied, full: FullDisk) -> None:
    copied.copy()
    copied.work()
    with closing(copied.follower()) as follower:
        with full(copied.folder.parent):
            for _ in range(TRIES):
                with pytest.raises(CopyFailed):
                    follower.catch_up()
        follower.catch_up()
    assert seqs(copied) == [entry.seq for entry in copied.entries()]
    assert set_asides(copied) == []


def test_a_disk_without_room_for_a_name_costs_nothing(copied: Copied) -> None:
    """No inode is left."""
    disk = copied.folder.parent
    require_disk_of_its_own(disk)
    subprocess.run(["mount", "-o", "remount,nr_inodes=20", disk], check=True)
    made = []
    try:
        for number in range(30):
            made.append(disk / f"hog-{number}")
            made[-1].touch()
    except OSError:
        made.pop()
    assert len(made) < 30
    with closing(copied.follower()) as follower:
        for _ in range(TRIES):
            with pytest.raises(CopyFailed, match="No space left"):
                follower.catch_up()
        for path in made:
            path.unlink()
        follower.catch_up()
    assert seqs(copied) == [entry.seq for entry in copied.entries()]
    assert set_asides(copied) == []


def test_another_database_on_a_full_disk_sets_the_old_copy_aside_once(copied: Copied, full: FullDisk) -> None:
    old = seqs(copied)
    copied.city.close()
    for path in copied.directory.glob(f"{FILE_NAME}*"):
        path.unlink()
    other = Copied(copied.directory)
    other.folder = copied.folder
    with closing(other.city), closing(other.follower()) as follower:
        other.work()
        with full(copied.folder.parent):
            for _ in range(TRIES):
                with pytest.raises(CopyFailed):
                    follower.catch_up()
        follower.catch_up()
        assert seqs(other) == [entry.seq for entry in other.entries()]
    [aside] = set_asides(other)
    assert [content["entry"]["seq"] for content in contents(aside, 0) if "entry" in content] == old


def test_the_process_says_once_that_the_disk_is_full_and_goes_on_by_itself(copied: Copied) -> None:
    require_disk_of_its_own(copied.folder.parent)
    words = ("journal-copy", "--data", copied.directory, "--to", copied.folder, "--interval", "0.05")
    said = copied.directory / "said"
    with (
        said.open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "queue_server.cli", *map(str, words)],
            stderr=log,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        ) as process,
    ):
        try:
            wait_until(lambda: len(seqs(copied)) == len(copied.entries()), "an entry is not copied")
            copied.begin_next_day()
            wait_until(lambda: len(seqs(copied)) == len(copied.entries()), "an entry is not copied")
            fill(copied.folder.parent)
            copied.work()
            wait_until(lambda: b"journal_copy_failed" in said.read_bytes(), "a full disk is not told")
            # So that it has tried more than once.
            tried = journal_folder(copied.folder).stat().st_mtime_ns
            wait_until(lambda: journal_folder(copied.folder).stat().st_mtime_ns > tried, "it does not try again")
            free(copied.folder.parent)
            wait_until(lambda: len(seqs(copied)) == len(copied.entries()), "an entry is not copied")
            wait_until(
                lambda: "journal_copy_live" in said.read_text().splitlines()[-1], "it does not say that it goes on"
            )
        finally:
            process.kill()
    events = [json.loads(line)["event"] for line in said.read_text().splitlines()]
    assert events == ["journal_copy_live", "journal_copy_failed", "journal_copy_live"]
    assert set_asides(copied) == []
