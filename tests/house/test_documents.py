"""The documents name what the code names."""

import re
from pathlib import Path

import click
import pytest

from queue_server.cli import main
from queue_server.settings import _VARIABLES, FILE, SECRETS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(group: click.Group, prefix: str = "queue-server") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, f"{prefix} {name}")
        else:
            found.append((f"{prefix} {name}", command))
    return found


COMMANDS = commands(main)


@pytest.mark.parametrize("name", [name for name, _ in COMMANDS])
def test_every_command_stands_in_the_readme(name: str) -> None:
    assert f"`{name}" in README


@pytest.mark.parametrize(
    "option",
    sorted({option for _, command in COMMANDS for p in command.params for option in p.opts if "--" in option}),
)
def test_every_option_stands_in_the_readme(option: str) -> None:
    assert option in README


@pytest.mark.parametrize("variable", [*_VARIABLES, *(secret + FILE for secret in SECRETS)])
def test_every_setting_stands_in_the_readme(variable: str) -> None:
    assert f"`{variable}`" in README


def test_deploy_names_only_settings_that_exist() -> None:
    named = {
        name
        for path in sorted((ROOT / "deploy").iterdir())
        if path.is_file()
        for name in re.findall(r"QUEUE_SERVER_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8"))
    }
    of_commands = {p.envvar for _, command in COMMANDS for p in command.params if isinstance(p.envvar, str)}
    assert named
    assert named <= set(_VARIABLES) | of_commands | {secret + FILE for secret in SECRETS}


@pytest.mark.parametrize("target", ["demo", "test", "setup", "check", "bench", "pictures", "audit", "fuzz"])
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("readme", ["README.md", "README.ja.md"])
def test_every_picture_and_file_that_a_readme_links_to_is_there(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("room", ["queue_server", "display", "kiosk", "deploy"])
def test_every_room_has_a_readme_of_one_screen(room: str) -> None:
    lines = (ROOT / room / "README.md").read_text(encoding="utf-8").splitlines()
    assert 5 <= len(lines) <= 80


def test_lock_files_name_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "resolved" not in text
        assert not re.search(r"https?://(?!github|opencollective|feross|www.patreon)", text), name


def test_every_file_that_the_threat_model_names_is_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+/[\w./]*)`", text))
    assert len(named) > 50
    places = [ROOT / place for place in ("", "queue_server", "tests")]
    assert [name for name in sorted(named) if not any((place / name).exists() for place in places)] == []
