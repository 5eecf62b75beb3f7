"""The documents name what the code names."""

import re
import subprocess
from pathlib import Path
from textwrap import dedent

import click
import pytest

from queue_server.access import pace
from queue_server.cli import main
from queue_server.settings import _VARIABLES, FILE, SECRETS, Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
RUNBOOK = (ROOT / "deploy" / "RUNBOOK.md").read_text(encoding="utf-8")


def commands(group: click.Group, prefix: str = "queue-server") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, f"{prefix} {name}")
        else:
            found.append((f"{prefix} {name}", command))
    return found


COMMANDS = commands(main)


def row_of(command: str) -> str:
    """The names of a command's row in the README: what stands in its first cell."""
    rows = re.findall(r"^\| (`queue-server .+?) \|", README, re.MULTILINE)
    [found] = [row for row in rows if re.match(rf"`{command}[` ](?!\w)", row) or row == f"`{command} EVENTS`"]
    return found


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_command_stands_in_the_readme_with_its_options_and_no_others(name: str, command: click.Command) -> None:
    options = {option for p in command.params for option in p.opts if option.startswith("--")}
    assert set(re.findall(r"`(--[\w-]+)`", row_of(name))) == options


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


def environment_blocks() -> list[str]:
    """The blocks of the runbook that go into /etc/queue-server/environment."""
    blocks = re.findall(r"^ *```ini\n(.*?)^ *```", RUNBOOK, re.DOTALL | re.MULTILINE)
    return [dedent(block) for block in blocks if not block.startswith("[")]


def as_systemd_reads_it(block: str) -> dict[str, str]:
    """EnvironmentFile= knows comments at the start of a line alone (systemd.exec(5))."""
    lines = [line for line in block.splitlines() if not line.startswith(("#", ";"))]
    return {name: value.strip() for name, _, value in (line.partition("=") for line in lines)}


def test_no_comment_of_the_runbook_becomes_part_of_a_value() -> None:
    blocks = environment_blocks()
    assert len(blocks) == 4
    for block in blocks:
        for name, value in as_systemd_reads_it(block).items():
            assert not re.search(r"\s#", value), f"{name}={value}"


def test_the_server_takes_what_the_runbook_writes_into_its_environment() -> None:
    """All of it together, with the secrets that the runbook puts into files."""
    given = {"QUEUE_SERVER_DATA": "/var/lib/queue-server", "QUEUE_SERVER_PROFILE": "atsugi"}
    given |= dict.fromkeys(SECRETS, "0123456789abcdef" * 2)
    for block in environment_blocks():
        given |= as_systemd_reads_it(block)
    settings = Settings.from_environment(given)
    assert settings.smtp_security.value == "starttls"
    assert settings.line_basic_id == "@123abcde"
    assert settings.push_contact == "mailto:it@city.example.jp"
    assert settings.oidc_claim == "preferred_username"


def test_no_adduser_of_the_runbook_has_two_words_for_one_group() -> None:
    """Debian's adduser dies of it."""
    lines = re.findall(r"adduser .*--system.*", RUNBOOK)
    assert len(lines) >= 4
    assert [line for line in lines if "--group" in line and "--ingroup" in line] == []


@pytest.mark.parametrize("block", re.findall(r"^ *```sh\n(.*?)^ *```", RUNBOOK, re.DOTALL | re.MULTILINE))
def test_a_shell_can_read_every_block_of_the_runbook(block: str) -> None:
    done = subprocess.run(["bash", "-n"], input=dedent(block), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_documents_of_an_installation_name_one_host() -> None:
    named = set()
    for path in [*(ROOT / "deploy").rglob("*"), ROOT / "README.md", ROOT / "README.ja.md"]:
        if path.is_file() and path.suffix != ".pyc":
            named |= set(re.findall(r"[\w.-]+\.example(?:\.\w+)*", path.read_text(encoding="utf-8")))
    assert {name for name in named if name.partition(".")[0] in ("queue", "hall")} == {"queue.example.jp"}


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


DOCUMENTS = sorted(path for path in ROOT.rglob("*.md") if not {"node_modules", ".venv"} & set(path.parts))


def anchors(text: str) -> set[str]:
    """What GitHub makes of each heading."""
    titles = re.findall(
        r"^#+ (.+)$", re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_to_a_section_that_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", text):
        linked = document.parent / target if target else document
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked.read_text(encoding="utf-8")), f"{target}#{anchor}"


def test_the_runbook_begins_with_trouble_and_lists_its_sections_in_their_order() -> None:
    contents, _, rest = RUNBOOK.partition("\n## ")
    assert rest.startswith("When something is wrong\n")
    titles = re.findall(r"^## (.+)$", "## " + rest, re.MULTILINE)
    assert re.findall(r"\[([^]]+)\]\(#", contents) == titles


NOTE = re.compile(r"NOTES\.md(?:\)|`)?, (?:notes? )?(\d+)(?: to (\d+))?|\bnote (\d+)\b")


def test_notes_are_numbered_and_every_reference_names_one() -> None:
    notes = ROOT / "queue_server" / "NOTES.md"
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", notes.read_text(encoding="utf-8"), re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    sources = [
        path for place in ("queue_server", "display", "kiosk", "deploy") for path in (ROOT / place).rglob("*.py")
    ]
    named = set()
    for path in [*sources, *DOCUMENTS, ROOT / "pyproject.toml"]:
        text = path.read_text(encoding="utf-8")
        named |= {int(number) for found in NOTE.findall(text) for number in found if number}
    assert {1, 21, 29, 31, 34, 56} <= named <= set(numbers)


def test_the_functions_that_halls_ask_for_are_one_table_of_files_that_are_there() -> None:
    text = (ROOT / "docs" / "functions.md").read_text(encoding="utf-8")
    assert len(re.findall(r"\n\n\|", text)) == 1
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) > 30
    assert {len(row) for row in rows} == {4}
    named = set(re.findall(r"`([a-z_]+/[\w./]*|test_\w+\.py)`", text))
    places = [ROOT, ROOT / "queue_server", ROOT / "tests" / "browser"]
    assert [name for name in sorted(named) if not any((place / name).exists() for place in places)] == []


@pytest.mark.parametrize("room", ["queue_server", "display", "kiosk", "deploy", "tests"])
def test_every_room_has_a_readme_of_one_screen(room: str) -> None:
    lines = (ROOT / room / "README.md").read_text(encoding="utf-8").splitlines()
    assert 5 <= len(lines) <= 80


def test_lock_files_name_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "resolved" not in text
        assert not re.search(r"https?://(?!github|opencollective|feross|www.patreon)", text), name


def test_the_rates_of_the_threat_model_are_those_of_the_door() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    [said] = re.findall(r"^Rates, at once and then a minute: (.*?)\n\n", text, re.DOTALL | re.MULTILINE)
    rates = [pace.PAGES, pace.DATA, pace.FORMS, pace.TICKET, pace.TICKETS, pace.PERSON, pace.STRANGERS, pace.SOCKETS]
    assert re.findall(r"([\d,]+) / ([\d,]+)", said) == [(f"{each.burst:,}", f"{each.per_minute:,}") for each in rates]
    assert pace.DEVICE == pace.DATA
    assert f"mail addresses {pace.MAIL.burst} an hour" in said
    assert pace.MAIL.per_minute * 60 == pace.MAIL.burst


def test_every_file_that_the_threat_model_names_is_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+/[\w./]*)`", text))
    assert len(named) > 50
    places = [ROOT / place for place in ("", "queue_server", "tests")]
    assert [name for name in sorted(named) if not any((place / name).exists() for place in places)] == []
