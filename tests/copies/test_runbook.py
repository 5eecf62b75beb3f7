"""The lost disk, the way back from an update, another profile: rehearsed with the commands of deploy/RUNBOOK.md."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from queue_server.city import open_city
from queue_server.copies.folder import SET_ASIDE, backups_in, journal_folder
from queue_server.copies.journal_files import journal_files
from queue_server.domain.roles import Role
from tests.copies.conftest import Copied, contents_of
from tests.support.halls import MACHI
from tests.support.server import START_SECONDS, free_port

ROOT = Path(__file__).resolve().parents[2]
RUNBOOK = (ROOT / "deploy" / "RUNBOOK.md").read_text(encoding="utf-8")
SECTION = RUNBOOK.split("\n## The disk is gone\n")[1].split("\n## ")[0]
RESTORE, PUT_AWAY = re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)
WAY_BACK = RUNBOOK.split("**The way back**")[1].split("```sh\n")[1].split("```")[0]
[HALL] = re.findall(r"^hall\(\) .*$", RUNBOOK, re.MULTILINE)
TRY, TAKE, WAY_BACK_OF_PROFILE = re.findall(
    r"```sh\n(.*?)```", RUNBOOK.split("\n## Change the profile\n")[1].split("\n## ")[0], re.DOTALL
)
HELPERS = f"""
set -eu
{HALL}
runuser() {{ shift 3; "$@"; }}
systemctl() {{ :; }}
chown() {{ :; }}
cp() {{ :; }}
"""
# Root may enter every folder; the service's user, whom runuser stands for, may not.
AS_NOBODY_SPECIAL = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all"]


class Rehearsal:
    """A hall's folders in the place of those that the runbook names."""

    def __init__(self, town: Copied, tmp_path: Path) -> None:
        self.town, self.data, self.folder, self.root = town, town.directory, town.folder, tmp_path / "root"
        self.settings = tmp_path / "etc"
        self.program = tmp_path / "queue-server"
        self.program.write_text(f'#!/bin/sh\nexec {sys.executable} -m queue_server.cli "$@"\n')
        self.program.chmod(0o755)

    def words(self, commands: str) -> list[str]:
        """A shell with the commands of the runbook, in this test's folders."""
        script = HELPERS + commands
        for there, here in (
            ("/opt/queue-server/bin/queue-server", self.program),
            ("/var/lib/queue-server", self.data),
            ("/var/backups/queue-server", self.folder),
            ("/etc/queue-server", self.settings),
            ("/root/", f"{self.root}/"),
        ):
            script = script.replace(there, str(here))
        return ["bash", "-c", script]

    @property
    def environment(self) -> dict[str, str]:
        """No more than the runbook gives to it."""
        return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "QUEUE_SERVER_DATA": str(self.data)}

    def run(self, commands: str, status: int = 0) -> str:
        """What the commands say."""
        words = self.words(commands)
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, timeout=60)
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
    for copied in journal_files(journal_folder(lost.folder)):
        copied.path.unlink()
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


class Trial(Rehearsal):
    """A new profile beside the hall's own, tried from a folder that the service's user may not enter: root's home."""

    def __init__(self, town: Copied, tmp_path: Path) -> None:
        super().__init__(town, tmp_path)
        self.port, self.log = free_port(), tmp_path / "trial.log"
        self.root.mkdir()
        self.settings.mkdir()
        (self.settings / "city.toml").write_text("before", encoding="utf-8")

    def give(self, profile: str) -> None:
        (self.settings / "new.toml").write_text(profile, encoding="utf-8")

    @contextmanager
    def trying(self) -> Iterator["subprocess.Popen[bytes]"]:
        commands = TRY.replace("8099", str(self.port))
        words = self.words(f'cd {self.root}; chmod 000 "$PWD"\n{commands}')
        with self.log.open("wb") as log:
            trial = subprocess.Popen(
                [*(AS_NOBODY_SPECIAL if os.geteuid() == 0 else []), *words],
                env={**self.environment, "TMPDIR": str(self.settings.parent)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield trial
        finally:
            if trial.poll() is None:
                os.killpg(trial.pid, signal.SIGKILL)
                trial.wait(timeout=20)
            self.root.chmod(0o700)

    def wait_until_up(self, trial: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert trial.poll() is None, self.log.read_text()
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/api/sites", trust_env=False).raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self.log.read_text())


@pytest.fixture
def trial_of(town: Copied, tmp_path: Path) -> Trial:
    return Trial(town, tmp_path)


def test_a_new_profile_is_tried_from_roots_home_beside_the_running_hall(trial_of: Trial) -> None:
    before = trial_of.town.contents()
    trial_of.give((ROOT / "queue_server" / "profiles" / "atsugi.toml").read_text(encoding="utf-8"))
    with trial_of.trying() as trial:
        trial_of.wait_until_up(trial)
        os.killpg(trial.pid, signal.SIGINT)
        trial.wait(timeout=20)
    assert "Permission denied" not in trial_of.log.read_text()
    assert trial_of.town.contents() == before, "the hall's own data are not touched"
    (trial_of.settings / "city.toml").write_text("# the former one", encoding="utf-8")
    trial_of.run(f"unset -f cp\n{TAKE}")
    assert "[[site]]" in (trial_of.settings / "city.toml").read_text(encoding="utf-8")
    assert not (trial_of.settings / "new.toml").exists()
    trial_of.run(f"unset -f cp\n{WAY_BACK_OF_PROFILE}")
    assert (trial_of.settings / "city.toml").read_text(encoding="utf-8") == "# the former one"


def test_a_new_profile_with_a_mistake_ends_its_trial_with_the_line(trial_of: Trial) -> None:
    trial_of.give("[[site]]\nminuten = 3\n")
    with trial_of.trying() as trial:
        assert trial.wait(timeout=START_SECONDS) != 0
    assert f"{trial_of.settings}/new.toml:2: site[0].minuten: unknown key" in trial_of.log.read_text()
