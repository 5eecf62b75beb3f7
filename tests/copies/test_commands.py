"""The commands as an administrator types them, with what they say and how they end."""

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.cli import main
from queue_server.copies.folder import backups_in, journal_folder
from queue_server.copies.journal_files import contents
from queue_server.storage.database import FILE_NAME
from tests.copies.conftest import Copied, contents_of
from tests.support.waiting import wait_until


def run(*words: object, status: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == status, result.output
    return result


def test_backup_says_what_it_made_and_what_it_deleted(town: Copied) -> None:
    for _ in range(2):
        town.backup()
    said = run("backup", "--data", town.directory, "--to", town.folder, "--keep-last", 1, "--keep-days", 1).output
    newest = backups_in(town.folder)[0]
    assert said.startswith(f"{newest.path}: {newest.seq} entries, the tables are what the journal says.")
    # Those of the test's clock are of another day, week and month than the machine's.
    assert all(f"deleted {backup.path.name}" in said or backup.path.exists() for backup in backups_in(town.folder))


def test_verifying_a_backup_changes_nothing_of_it(town: Copied) -> None:
    backup = town.backup()
    before = {path.name: path.read_bytes() for path in backup.path.iterdir()}
    said = run("verify", "--data", backup.path).output
    assert said == f"{backup.seq} entries: the tables are what the journal says.\n"
    assert {path.name: path.read_bytes() for path in backup.path.iterdir()} == before


def test_backup_keeps_of_the_journal_copy_what_the_oldest_backup_needs(town: Copied) -> None:
    town.copy()
    run("backup", "--data", town.directory, "--to", town.folder)
    first = next(iter(contents(journal_folder(town.folder), 0)))
    assert "accounts" in first or first["entry"]["seq"] == 1


def test_backup_that_fails_ends_with_one_and_words(town: Copied, tmp_path: Path) -> None:
    said = run("backup", "--data", tmp_path / "none", "--to", town.folder, status=1)
    assert "There is no database" in said.output
    (tmp_path / "file").touch()
    run("backup", "--data", town.directory, "--to", tmp_path / "file" / "x", status=1)


def test_restore_says_from_what_and_where_the_old_one_is(town: Copied) -> None:
    backup = town.backup()
    town.work()
    run("journal-copy", "--data", town.directory, "--to", town.folder, "--once")
    count = len(town.entries())
    town.city.close()
    before = contents_of(town.directory)
    refused = run("restore", "--data", town.directory, "--from", town.folder, status=1)
    assert "--force" in refused.output
    (town.directory / FILE_NAME).write_bytes(b"nothing" * 1000)
    said = run("restore", "--data", town.directory, "--from", town.folder).output
    assert f"{backup.path.name} and {count - backup.seq} entries of the journal copy" in said
    assert "What was there before is in" in said
    assert f"{count} entries: the tables are what the journal says." in said
    assert contents_of(town.directory) == before
    run("verify", "--data", town.directory)
    town.restart()


def test_restore_names_what_it_passed_over_and_takes_its_options(town: Copied) -> None:
    backup = town.backup()
    (backup.path / FILE_NAME).write_bytes(b"x")
    town.copy()
    town.city.close()
    options = ("--data", town.directory, "--from", town.folder, "--force", "--until", 5)
    said = run("restore", *options).output
    assert f"Restored from {5 - 0} entries of the journal copy." in said
    assert run("restore", *options, "--without-journal", "--backup", backup.path.name, status=1)
    (town.directory / FILE_NAME).unlink()
    said = run("restore", "--data", town.directory, "--from", town.folder).output
    assert f"passed over {backup.path.name}" in said
    town.restart()


def test_the_check_says_how_far_the_copy_is(town: Copied) -> None:
    options = ("journal-copy", "--data", town.directory, "--to", town.folder)
    behind = run(*options, "--check", status=1).output
    assert f"copied to entry 0 of {len(town.entries())}" in behind
    assert "does not follow" in behind
    assert run(*options, "--once").output == f"copied to entry {len(town.entries())}\n"
    assert run(*options, "--check").output == f"copied to entry {len(town.entries())} of {len(town.entries())}\n"
    assert (
        "No such file" in run("journal-copy", "--data", town.folder, "--to", town.folder, "--once", status=1).output
    )


def test_the_copy_follows_by_itself_and_says_what_fails_once(town: Copied) -> None:
    """A real process beside the one that writes, its second disk gone for a while, and killed in the end."""
    words = ("journal-copy", "--data", town.directory, "--to", town.folder, "--interval", "0.05")
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with (
        (town.directory / "said").open("wb") as said,
        subprocess.Popen(
            [sys.executable, "-m", "queue_server.cli", *map(str, words)], stderr=said, env=environment
        ) as process,
    ):
        try:
            wait_until(lambda: _copied(town) == len(town.entries()), "an entry is not copied")
            assert "Another journal-copy runs" in run(*words, status=1).output
            town.work()
            wait_until(lambda: _copied(town) == len(town.entries()), "an entry is not copied")
            # The disk is away: a file stands where its folder was.
            away = town.folder / "away"
            journal_folder(town.folder).rename(away)
            journal_folder(town.folder).touch()
            _swap(town.directory / FILE_NAME)
            wait_until(
                lambda: b"journal_copy_failed" in (town.directory / "said").read_bytes(), "a lost disk is not told"
            )
            journal_folder(town.folder).unlink()
            away.rename(journal_folder(town.folder))
            wait_until(
                lambda: b"journal_copy_live" in (town.directory / "said").read_bytes().rpartition(b"failed")[2],
                "it does not go on",
            )
            assert _copied(town) == len(town.entries())
        finally:
            process.send_signal(signal.SIGKILL)
    events = [json.loads(line)["event"] for line in (town.directory / "said").read_text().splitlines()]
    assert events == ["journal_copy_live", "journal_copy_failed", "journal_copy_live"]


def _swap(database: Path) -> None:
    """Another file with the same content, as a restore puts one in place: the follower opens everything anew."""
    new = database.with_name("new")
    new.write_bytes(database.read_bytes())
    new.rename(database)


def _copied(town: Copied) -> int:
    entries = [content["entry"]["seq"] for content in contents(journal_folder(town.folder), 0) if "entry" in content]
    return len(entries)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_export_prints_a_day(town: Copied, form: str) -> None:
    said = run("export", "--data", town.directory, "--day", "2026-11-24", "--format", form).output
    if form == "jsonl":
        lines = [json.loads(line) for line in said.splitlines()]
        assert lines[0]["kind"] == "open_counter"
    else:
        assert said.startswith("\ufeffseq,at,site,")
        lines = list(csv.DictReader(said.removeprefix("\ufeff").splitlines()))
        assert lines[0]["body"] == ""
        assert json.loads(next(line["body"] for line in lines if line["kind"] == "issue"))["label"] == "A01"
    assert len(lines) == sum(entry.site == "hall" for entry in town.entries())
    assert run("export", "--data", town.directory, "--day", "2026-11-24", "--site", "branch").output == ""
    assert "no database" in run("export", "--data", town.folder, "--day", "2026-11-24", status=1).output


def test_export_and_archive_say_what_cannot_be_read(town: Copied) -> None:
    town.city.close()
    (town.directory / FILE_NAME).write_bytes(b"x" * 9000)
    assert "cannot be read" in run("export", "--data", town.directory, "--day", "2026-11-24", status=1).output
    options = ("archive", "--data", town.directory, "--to", town.folder, "--year")
    assert "cannot be read" in run(*options, 2020, status=1).output
    assert (
        "no database" in run("archive", "--data", town.folder, "--to", town.folder, "--year", 2020, status=1).output
    )


def test_archive_says_how_many_entries_it_wrote(town: Copied) -> None:
    options = ("archive", "--data", town.directory, "--to", town.folder, "--year")
    town.sql(
        "INSERT INTO journal SELECT seq + 99, at, site, '2020-03-31', kind, NULL, counter, actor, '', '{}' "
        "FROM journal"
    )
    assert run(*options, 2020).output == f"{town.folder}/journal-2020.jsonl.gz: {len(town.entries()) // 2} entries\n"
    assert "not over" in run(*options, 9998, status=1).output
    assert "no entry" in run(*options, 2019, status=1).output
