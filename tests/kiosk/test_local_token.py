"""The kiosk computer's token comes from a variable or a file such as a credential of systemd, and from no option."""

from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.local.program import LocalSettings
from queue_server.cli import main

TOKEN = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[LocalSettings]:
    """With what the program would have been started."""
    found: list[LocalSettings] = []
    # The package's attribute of that name is the command itself.
    monkeypatch.setattr(import_module("queue_server.cli.kiosk"), "_run", found.append)
    return found


def start(tmp_path: Path, *options: str, **variables: str) -> str:
    needed = [
        "kiosk",
        "--server",
        "https://queue.example.jp",
        "--site",
        "honchosha",
        "--data",
        str(tmp_path / "kiosk"),
    ]
    return CliRunner().invoke(main, [*needed, *options], env={"QUEUE_SERVER_KIOSK_TOKEN": "", **variables}).output


def test_the_token_of_a_file_is_read_without_its_line_break(tmp_path: Path, started: list[LocalSettings]) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n")
    start(tmp_path, QUEUE_SERVER_KIOSK_TOKEN_FILE=str(tmp_path / "token"))
    start(tmp_path, "--token-file", str(tmp_path / "token"))
    start(tmp_path, QUEUE_SERVER_KIOSK_TOKEN=TOKEN)
    assert [settings.address.token for settings in started] == [TOKEN] * 3


def test_no_token_two_tokens_and_what_is_none_are_refused_without_being_shown(
    tmp_path: Path, started: list[LocalSettings]
) -> None:
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "words").write_text("two words")
    (tmp_path / "noise").write_bytes(b"\xff\xfe")
    assert "A token is needed" in start(tmp_path)
    assert "A token is needed" in start(
        tmp_path, "--token-file", str(tmp_path / "token"), QUEUE_SERVER_KIOSK_TOKEN=TOKEN
    )
    assert "QUEUE_SERVER_KIOSK_TOKEN is not usable" in start(tmp_path, QUEUE_SERVER_KIOSK_TOKEN="two words")
    assert "No such option" in start(tmp_path, f"--token={TOKEN}")
    said = start(tmp_path, "--token-file", str(tmp_path / "words"))
    assert "--token-file is not usable" in said
    assert "two words" not in said
    assert "cannot be read as a token" in start(tmp_path, "--token-file", str(tmp_path / "noise"))
    assert started == []
