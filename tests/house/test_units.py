"""The systemd units give each program what it needs and little more; systemd itself is asked."""

import re
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
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
