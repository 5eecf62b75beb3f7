"""The lost disk, and the way back from an update, rehearsed with the commands of deploy/RUNBOOK.md as they stand."""

import re
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from queue_server.city import open_city
from queue_server.copies.folder import SET_ASIDE, backups_in, journal_folder
from queue_server.copies.journal_files import journal_files
from queue_server.domain.roles import Role
from tests.copies.conftest import Copied, contents_of
from tests.support.halls import MACHI

ROOT = Path(__file__).resolve().parents[2]
RUNBOOK = (ROOT / "deploy" / "RUNBOOK.md").read_text(encoding="utf-8")
SECTION = RUNBOOK.split("\n## The disk is gone\n")[1].split("\n## ")[0]
RESTORE, PUT_AWAY = re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)
WAY_BACK = RUNBOOK.split("**The way back**")[1].split("```sh\n")[1].split("```")[0]
HELPERS = """
set -eu
hall() { "$PYTHON" -m queue_server.cli "$@"; }
systemctl() { :; }
chown() { :; }
cp() { :; }
"""


class Rehearsal:
    """A hall's folders in the place of those that the runbook names."""

    def __init__(self, town: Copied, tmp_path: Path) -> None:
        self.town, self.data, self.folder, self.root = town, town.directory, town.folder, tmp_path / "root"

    def run(self, commands: str, status: int = 0) -> str:
        """What the commands of the runbook say, in this test's folders."""
        for there, here in (
            ("/var/lib/queue-server", self.data),
            ("/var/backups/queue-server", self.folder),
            ("/root/", f"{self.root}/"),
        ):
            commands = commands.replace(there, str(here))
        environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHON": sys.executable,
            "PYTHONPATH": str(ROOT),
            "QUEUE_SERVER_DATA": str(self.data),
        }
        words = ["bash", "-c", HELPERS + commands]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr


class Lost(Rehearsal):
    """A hall whose data's disk is gone, with what it held; another disk has its copies."""

    def __init__(self, town: Copied, tmp_path: Path) -> None:
        super().__init__(town, tmp_path)
        for name, content in (("secret.key", b"s" * 32), ("vapid.pem", b"the first one's")):
            (self.data / name).write_bytes(content)
        town.backup()
        town.work()
        town.copy()
        town.city.close()
        self.contents = contents_of(self.data)
        self.last_backup = backups_in(self.folder)[0]
        shutil.rmtree(self.data)
        self.data.mkdir(mode=0o700)
        self.root.mkdir()

    def start_anew(self) -> None:
        """A server on the empty folder, with keys of its own, and both kinds of copies."""
        with closing(open_city(MACHI, self.data, self.town.clock)) as city:
            city.accounts.create_staff("tanaka", Role.CLERK, None, actor="operator:root")
        for name in ("secret.key", "vapid.pem"):
            (self.data / name).write_bytes(b"another")
        self.town.clock.advance(timedelta(hours=1))
        self.town.copy()
        self.town.backup()

    def is_back(self) -> bool:
        keys = {name: (self.data / name).read_bytes() for name in ("secret.key", "vapid.pem")}
        return contents_of(self.data) == self.contents and keys == {
            "secret.key": b"s" * 32,
            "vapid.pem": b"the first one's",
        }


@pytest.fixture
def lost(town: Copied, tmp_path: Path) -> Lost:
    return Lost(town, tmp_path)


def test_with_nothing_started_the_day_is_back_and_so_are_the_keys(lost: Lost) -> None:
    said = lost.run(RESTORE)
    assert "Restored from backup-" in said
    assert "not read" not in said
    assert lost.is_back()
    lost.town.restart()
    assert lost.town.verify() == len(lost.contents["journal"])


def test_with_a_server_started_on_the_empty_folder_the_day_is_back_all_the_same(lost: Lost) -> None:
    lost.start_anew()
    newer = backups_in(lost.folder)[0]
    assert newer != lost.last_backup
    [aside] = journal_folder(lost.folder).glob(f"{SET_ASIDE}*")
    names = PUT_AWAY.replace("backup-OF-TODAY", newer.path.name).replace("set-aside-OF-TODAY", aside.name)
    lost.run(names)
    lost.run(RESTORE)
    assert lost.is_back()
    assert [backup.path.name for backup in backups_in(lost.root / "empty-server")] == [newer.path.name]
    assert (lost.root / "empty-server" / "data" / "queue.sqlite3").is_file(), "nothing was deleted"


def test_without_these_steps_a_restore_refuses_to_leave_out_what_was_put_aside(lost: Lost) -> None:
    """What a person in a hurry does: the empty database put away, and the copies as they are."""
    lost.start_anew()
    [newer] = [backup for backup in backups_in(lost.folder) if backup != lost.last_backup]
    shutil.rmtree(newer.path)
    for file in lost.data.iterdir():
        file.unlink()
    said = lost.run(RESTORE, status=1)
    assert "two histories" in said
    for file in journal_files(journal_folder(lost.folder)):
        file.path.unlink()
    said = lost.run(RESTORE, status=1)
    [aside] = journal_folder(lost.folder).glob(f"{SET_ASIDE}*")
    entries = f"entries {lost.last_backup.seq + 1} to {len(lost.contents['journal'])}"
    assert f"it would end with entry {lost.last_backup.seq}, and {aside} holds {entries}." in said
    assert not (lost.data / "queue.sqlite3").exists(), "nothing that a server would go on from"
    lost.run(RESTORE.replace("hall restore", f"hall restore --with-set-aside {aside.name}"))
    assert contents_of(lost.data) == lost.contents


def test_with_both_backups_there_it_names_the_copy_of_the_lost_disk(lost: Lost) -> None:
    lost.start_anew()
    for file in lost.data.iterdir():
        file.unlink()
    said = lost.run(RESTORE)
    [aside] = journal_folder(lost.folder).glob(f"{SET_ASIDE}*")
    assert f"not read: {aside}, a copy of another history up to entry {len(lost.contents['journal'])}" in said


def test_a_copy_aside_that_cannot_be_read_fails_no_restore(lost: Lost) -> None:
    aside = journal_folder(lost.folder) / f"{SET_ASIDE}20261101T000000"
    (aside / "journal-000000000001.jsonl").mkdir(parents=True)
    (journal_folder(lost.folder) / f"{SET_ASIDE}20261102T000000").mkdir()
    said = lost.run(RESTORE)
    assert "not read" not in said
    assert f"cannot be read: {aside}: Is a directory" in said
    assert lost.is_back()


def test_the_way_back_from_an_update_is_the_day_as_it_was_backed_up(town: Copied, tmp_path: Path) -> None:
    backup, before = town.backup(), town.contents()
    town.copy()
    town.work()
    town.copy()
    town.city.close()
    restoring = [line for line in WAY_BACK.splitlines() if "/opt/" not in line]
    said = Rehearsal(town, tmp_path).run("\n".join(restoring).replace("NAME", backup.path.name))
    assert "Restored from backup-" in said
    assert contents_of(town.directory) == before
    town.restart()
    town.work()
    assert town.copy() == len(town.entries()), "the journal copy begins anew by itself"
