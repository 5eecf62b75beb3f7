"""The systemd units give each program what it needs and little more; systemd itself is asked."""

import re
import subprocess
from pathlib import Path

import pytest

from queue_server.settings import FILE, SECRETS

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
TIMERS = sorted(DEPLOY.glob("*.timer"))
MOST_EXPOSED = 3.0


def text_of(unit: Path) -> str:
    return unit.read_text(encoding="utf-8")


def test_there_are_units_for_the_server_the_kiosk_and_the_screens() -> None:
    assert {"queue-server", "queue-kiosk", "queue-kiosk-browser", "queue-board-browser"} <= {u.stem for u in UNITS}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_a_unit_little_exposed(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert found is not None, said
    assert float(found[1]) < MOST_EXPOSED


@pytest.mark.parametrize("unit", [*UNITS, *TIMERS], ids=lambda unit: unit.name)
def test_systemd_understands_every_line_of_a_unit(unit: Path, tmp_path: Path) -> None:
    """With the programs of this machine in the place of those that an installation brings."""
    for each in (*UNITS, *TIMERS):
        text = re.sub(r"^(ExecStart=)\S+", r"\1/bin/true", text_of(each), flags=re.MULTILINE)
        (tmp_path / each.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / unit.name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    said = [line for line in (done.stdout + done.stderr).splitlines() if unit.name in line]
    assert (done.returncode, said) == (0, [])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_runs_as_somebody_without_rights(unit: Path) -> None:
    text = text_of(unit)
    assert re.search(r"^(User=(?!root).+|DynamicUser=yes)$", text, re.MULTILINE)
    for line in ("NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectKernelTunables=yes", "UMask=0077"):
        assert re.search(rf"^{line}$", text, re.MULTILINE), line


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_holds_no_secret_and_names_only_files_that_do(unit: Path) -> None:
    for name, value in re.findall(
        r"^#?Environment=(\w*(?:PASSWORD|SECRET|TOKEN)\w*)=(.*)$", text_of(unit), re.MULTILINE
    ):
        assert name.endswith("_FILE")
        assert value.startswith("%d/"), "a credential of systemd"


@pytest.mark.parametrize("secret", SECRETS)
def test_the_servers_unit_shows_how_each_secret_is_handed_over(secret: str) -> None:
    text = text_of(DEPLOY / "queue-server.service")
    found = re.search(
        rf"^#LoadCredential=(\S+):/etc/queue-server/\1\n#Environment={secret}{FILE}=%d/\1$", text, re.MULTILINE
    )
    assert found is not None


@pytest.mark.parametrize("name", ["queue-server-backup", "queue-server-journal-copy"])
def test_copies_are_made_on_a_disk_of_their_own_or_not_at_all(name: str) -> None:
    """RequiresMountsFor alone is content with the folder where /etc/fstab names no disk for it."""
    text = text_of(DEPLOY / f"{name}.service")
    [folder] = re.findall(r"^ExecStart=.* --to (\S+)", text, re.MULTILINE)
    for line in (f"RequiresMountsFor={folder}", f"AssertPathIsMountPoint={folder}", f"ReadWritePaths={folder}"):
        assert re.search(rf"^{line}$", text, re.MULTILINE), line


def test_the_kiosks_program_is_started_for_ever() -> None:
    """A unit that systemd has given up stays down until somebody signs in to the machine."""
    text = text_of(DEPLOY / "queue-kiosk.service")
    for line in ("Restart=always", "StartLimitIntervalSec=0"):
        assert re.search(rf"^{line}$", text, re.MULTILINE), line


def test_the_kiosks_screen_comes_also_where_its_program_comes_late() -> None:
    """What is required and fails takes with it what requires it, and that is not tried again."""
    text = text_of(DEPLOY / "queue-kiosk-browser.service")
    assert re.search(r"^Wants=queue-kiosk\.service$", text, re.MULTILINE)
    assert not re.search(r"^(Requires|BindsTo|Requisite)=", text, re.MULTILINE)
