"""What was set aside beside the journal copy: a restore passes over none of it in silence, and can use it."""

import shutil
from pathlib import Path

import pytest

from queue_server.copies.folder import SET_ASIDE, Backup, CopyFailed, backups_in, journal_folder
from queue_server.copies.forgetting import forget_what_backups_hold
from queue_server.copies.journal_files import journal_files
from queue_server.copies.lines import content_of, line_of
from queue_server.copies.restoring import Restored, Wish, restore
from queue_server.storage.database import FILE_NAME
from tests.copies.conftest import Copied, contents_of
from tests.copies.test_commands import run

WHOLE = Wish()


class Gone:
    """A hall whose database went back to its backup while the copy was ahead, and whose disk then died."""

    def __init__(self, town: Copied) -> None:
        self.town, self.folder, self.backup = town, town.folder, town.backup()
        town.work()
        self.reached = len(town.entries())
        self.contents = town.contents()
        town.copy()
        town.city.close()
        shutil.copyfile(self.backup.path / FILE_NAME, town.directory / "new")
        for path in town.directory.glob(f"{FILE_NAME}*"):
            path.unlink()
        (town.directory / "new").rename(town.directory / FILE_NAME)
        self.work_on()

    def work_on(self, times: int = 0) -> None:
        """The hall works so often on what it has; the copy follows."""
        self.town.restart()
        for _ in range(times):
            self.town.work()
        self.town.copy()
        self.town.city.close()

    @property
    def asides(self) -> list[Path]:
        return sorted(journal_folder(self.folder).glob(f"{SET_ASIDE}*"))

    def restore(self, to: Path, wish: Wish = WHOLE) -> Restored:
        return restore(to, self.folder, wish, self.town.clock.now())


@pytest.fixture
def gone(town: Copied) -> Gone:
    return Gone(town)


def test_a_copy_that_was_ahead_of_an_older_database_is_not_passed_over(gone: Gone, tmp_path: Path) -> None:
    """That is how numbers on people's slips would be given out again, with a message of success."""
    end, [aside] = gone.backup.seq, gone.asides
    with pytest.raises(CopyFailed) as said:
        gone.restore(tmp_path / "to")
    assert f"it would end with entry {end}, and {aside} holds entries {end + 1} to {gone.reached}." in str(said.value)
    assert f"--with-set-aside {aside.name} restores them too; --until {end} restores without them" in str(said.value)
    assert not (tmp_path / "to" / FILE_NAME).exists()


def test_what_was_set_aside_can_be_restored_as_if_it_never_had_been(gone: Gone, tmp_path: Path) -> None:
    [aside] = gone.asides
    done = gone.restore(tmp_path / "to", Wish(set_asides=(aside.name,)))
    assert done.from_set_asides == {aside.name: gone.reached - gone.backup.seq}
    assert (done.from_journal, done.seq, done.notes) == (0, gone.reached, [])
    assert contents_of(tmp_path / "to") == gone.contents


@pytest.mark.parametrize("wish", [{"with_journal": False}, {"with_backup": False}])
def test_it_can_stand_for_the_journal_copy_or_go_without_a_backup(
    gone: Gone, tmp_path: Path, wish: dict[str, bool]
) -> None:
    [aside] = gone.asides
    gone.restore(tmp_path / "to", Wish(**wish, set_asides=(aside.name,)))  # type: ignore[arg-type]
    assert contents_of(tmp_path / "to") == gone.contents


def test_who_bounds_the_restore_gets_it_with_a_note(gone: Gone, tmp_path: Path) -> None:
    end, [aside] = gone.backup.seq, gone.asides
    note = f"not read: {aside}, which goes on with entries {end + 1} to {gone.reached}"
    for number, wish in enumerate((Wish(until=end), Wish(with_journal=False))):
        done = gone.restore(tmp_path / f"to-{number}", wish)
        assert (done.seq, done.notes) == (end, [note])
    one = gone.restore(tmp_path / "one", Wish(until=gone.reached - 1, set_asides=(aside.name,)))
    assert one.notes == [f"not read: {aside}, which goes on with entry {gone.reached}"]
    none = gone.restore(tmp_path / "none", Wish(until=end, set_asides=(aside.name,)))
    assert (none.seq, none.from_set_asides) == (end, {})


def test_a_bound_behind_the_end_bounds_nothing(gone: Gone, tmp_path: Path) -> None:
    with pytest.raises(CopyFailed, match="it would end with entry"):
        gone.restore(tmp_path / "to", Wish(until=gone.reached))


def test_another_course_of_the_same_day_is_noted_and_not_used(gone: Gone, tmp_path: Path) -> None:
    """The hall went on from the older state: both have a last number, and only one can be true."""
    gone.work_on(times=1)
    [aside] = gone.asides
    done = gone.restore(tmp_path / "to")
    assert contents_of(tmp_path / "to") == gone.town.contents()
    assert done.notes == [f"not read: {aside}, a copy of another history up to entry {gone.reached}"]
    with pytest.raises(CopyFailed, match=rf"{aside.name} is of no use: .*two histories"):
        gone.restore(tmp_path / "other", Wish(set_asides=(aside.name,)))


def test_what_the_restored_has_as_well_is_not_worth_a_word(gone: Gone, tmp_path: Path) -> None:
    """A damaged file was set aside and written again."""
    for aside in gone.asides:
        shutil.rmtree(aside)
    [path] = [file.path for file in journal_files(journal_folder(gone.folder))]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:4], b"damaged\n", *lines[5:]]))
    gone.work_on()
    assert len(gone.asides) == 1
    assert gone.restore(tmp_path / "to").notes == []


def test_a_damaged_copy_is_read_as_far_as_it_can_be(gone: Gone, tmp_path: Path) -> None:
    [aside] = gone.asides
    [path] = aside.iterdir()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:-3], b"damaged\n", lines[-2], lines[-1][:-1]]))
    with pytest.raises(CopyFailed, match=rf"holds entries {gone.backup.seq + 1} to {gone.reached - 1}\."):
        gone.restore(tmp_path / "to")
    with pytest.raises(CopyFailed, match=rf"After entry {gone.reached - 3} {aside.name} is of no use: .*damaged"):
        gone.restore(tmp_path / "to", Wish(set_asides=(aside.name,)))
    done = gone.restore(tmp_path / "to", Wish(set_asides=(aside.name,), until=gone.reached - 3))
    assert done.seq == gone.reached - 3


def test_entries_that_cannot_be_joined_are_said_too(gone: Gone, tmp_path: Path) -> None:
    [aside] = gone.asides
    [path] = aside.iterdir()
    later = [line for line in path.read_bytes().splitlines(keepends=True) if _seq(line) > gone.backup.seq + 1]
    path.write_bytes(b"".join(later))
    path.rename(path.with_name(f"journal-{gone.backup.seq + 2:012d}.jsonl"))
    with pytest.raises(CopyFailed) as said:
        gone.restore(tmp_path / "to")
    assert "--with-set-aside" not in str(said.value)
    assert f"--until {gone.backup.seq} " in str(said.value)


def _seq(line: bytes) -> int:
    return int(content_of(line).get("entry", {}).get("seq", 0))


def test_nothing_but_what_was_set_aside_is_not_nothing(gone: Gone, tmp_path: Path) -> None:
    [aside] = gone.asides
    for file in journal_files(journal_folder(gone.folder)):
        file.path.unlink()
    with pytest.raises(
        CopyFailed, match=rf"end with entry 0, .*\n--with-set-aside {aside.name} restores them too\. "
    ):
        gone.restore(tmp_path / "to", Wish(with_backup=False))
    done = gone.restore(tmp_path / "to", Wish(with_backup=False, set_asides=(aside.name,)))
    assert (done.backup, done.seq) == (None, gone.reached)


@pytest.mark.parametrize("name", ["set-aside-20200101T000000", "../journal", "", "."])
def test_a_name_that_is_none_restores_nothing(gone: Gone, tmp_path: Path, name: str) -> None:
    with pytest.raises(CopyFailed, match="There is no"):
        gone.restore(tmp_path / "to", Wish(set_asides=(name,)))
    assert not (tmp_path / "to" / FILE_NAME).exists()


def test_the_commands_say_what_was_used_and_what_was_not(gone: Gone, tmp_path: Path) -> None:
    [aside] = gone.asides
    words = ("restore", "--data", tmp_path / "to", "--from", gone.folder)
    assert "Nothing was restored" in run(*words, status=1).output
    said = run(*words, "--with-set-aside", aside.name).output
    count = gone.reached - gone.backup.seq
    assert f"and 0 entries of the journal copy and {count} of {aside.name}.\n" in said
    said = run(*words, "--force", "--until", gone.backup.seq).output
    assert f"not read: {aside}, which goes on with entries" in said
    assert "wants none" in run(*words, "--backup", gone.backup.path.name, "--without-backup", status=1).output


# -- another history ---------------------------------------------------------------------------------


class Anew:
    """A hall that began with an empty directory; the copies of the former one, further ahead, are in its folder."""

    def __init__(self, town: Copied) -> None:
        for _ in range(4):
            town.work()
        self.former = town.backup()
        town.copy()
        town.city.close()
        for path in town.directory.glob(f"{FILE_NAME}*"):
            path.unlink()
        self.town = Copied(town.directory)
        self.town.folder = self.folder = town.folder
        self.town.work()
        self.town.copy()

    def next_day(self) -> None:
        self.town.begin_next_day()
        self.town.copy()
        self.town.work()
        self.town.copy()

    def firsts(self) -> list[int]:
        return [file.first for file in journal_files(journal_folder(self.folder))]

    def backup(self) -> Backup:
        """A backup, and what the command does after it."""
        made = self.town.backup()
        forget_what_backups_hold(self.folder)
        return made


@pytest.fixture
def anew(town: Copied) -> Anew:
    return Anew(town)


def test_a_copy_that_ends_before_the_backup_of_another_history_is_not_passed_over(anew: Anew, tmp_path: Path) -> None:
    """Its disk dies on the first day: the newest backup is the former hall's, and the copy has the day."""
    entries = len(anew.town.entries())
    assert entries < anew.former.seq
    with pytest.raises(CopyFailed, match=rf"entry {entries} is another one .*two histories.*--without-backup"):
        restore(tmp_path / "to", anew.folder, WHOLE, anew.town.clock.now())
    done = restore(tmp_path / "to", anew.folder, Wish(with_backup=False), anew.town.clock.now())
    assert contents_of(tmp_path / "to") == anew.town.contents()
    [note] = done.notes
    assert note.startswith("not read: ")
    assert note.endswith(f", a copy of another history up to entry {anew.former.seq}")
    anew.town.city.close()


def test_a_copy_of_the_same_history_that_ends_before_the_backup_has_nothing_to_add(
    town: Copied, tmp_path: Path
) -> None:
    town.copy()
    town.work()
    backup = town.backup()
    done = restore(tmp_path / "to", town.folder, WHOLE, town.clock.now())
    assert (done.backup, done.from_journal, done.seq) == (backup, 0, len(town.entries()))


def test_each_night_keeps_what_this_history_has_not_in_every_backup(anew: Anew, tmp_path: Path) -> None:
    """However high the numbers of the former one are."""
    first = anew.backup()
    for _ in range(3):
        anew.next_day()
        firsts = anew.firsts()
        anew.backup()
        assert anew.firsts() == firsts, "the first backup of this history needs them all"
    restore(tmp_path / "to", anew.folder, Wish(backup=first.path.name), anew.town.clock.now())
    assert contents_of(tmp_path / "to")["journal"] == anew.town.contents()["journal"]
    shutil.rmtree(first.path)
    anew.backup()
    assert anew.firsts() == firsts[1:]
    anew.town.city.close()


def test_without_a_backup_of_this_history_nothing_is_forgotten(anew: Anew) -> None:
    anew.next_day()
    firsts = anew.firsts()
    assert forget_what_backups_hold(anew.folder) == 0
    assert anew.firsts() == firsts
    anew.town.city.close()


def test_a_backup_that_cannot_be_read_keeps_what_it_might_need(anew: Anew) -> None:
    anew.backup()
    for _ in range(2):
        anew.next_day()
    anew.town.backup()
    for backup in backups_in(anew.folder)[1:]:
        (backup.path / FILE_NAME).write_bytes(b"x" * 8192)
    assert forget_what_backups_hold(anew.folder) == 0
    (backups_in(anew.folder)[1].path / FILE_NAME).unlink()
    assert forget_what_backups_hold(anew.folder) == 0
    anew.town.city.close()


def test_of_a_damaged_copy_nothing_is_forgotten(anew: Anew) -> None:
    for _ in range(2):
        anew.next_day()
    anew.town.backup()
    path = journal_files(journal_folder(anew.folder))[-1].path
    whole = path.read_bytes()
    path.write_bytes(b"damaged\n" + whole)
    assert forget_what_backups_hold(anew.folder) == 0
    path.write_bytes(whole)
    assert forget_what_backups_hold(anew.folder) == 2
    anew.town.city.close()


def test_the_last_entry_stays_also_behind_a_name_that_a_full_disk_left_empty(town: Copied) -> None:
    town.copy()
    path = journal_files(journal_folder(town.folder))[-1].path
    path.with_name(f"journal-{len(town.entries()) + 1:012d}.jsonl").touch()
    town.work()
    town.backup()
    assert forget_what_backups_hold(town.folder) == 0
    town.copy()
    assert [file.path for file in journal_files(journal_folder(town.folder))] == [path]


def test_without_a_copy_there_is_nothing_to_forget(town: Copied) -> None:
    town.backup()
    assert forget_what_backups_hold(town.folder) == 0


def test_a_column_that_a_later_version_has_makes_no_other_history(town: Copied) -> None:
    """The backups of a year were made by several versions."""
    town.copy()
    town.begin_next_day()
    town.copy()
    town.work()
    town.copy()
    for file in journal_files(journal_folder(town.folder)):
        found = [content_of(line) for line in file.path.read_bytes().splitlines(keepends=True)]
        with_new_column = [
            {**content, "entry": {**content["entry"], "new_column": 1}} if "entry" in content else content
            for content in found
        ]
        file.path.write_bytes(b"".join(map(line_of, with_new_column)))
    town.backup()
    assert forget_what_backups_hold(town.folder) == 1
