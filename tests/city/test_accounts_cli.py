"""The commands for people and devices, on a data directory whose server may run meanwhile."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from queue_server.accounts import passwords
from queue_server.city import City
from queue_server.cli import common, main
from queue_server.domain.calendar import local_minute
from queue_server.settings import Settings
from queue_server.storage.database import FILE_NAME
from tests.support.people import PASSWORD, cheap_hasher, sign_in

Cli = Callable[..., Result]


@pytest.fixture
def data(settings: Settings) -> Path:
    return settings.data_dir


@pytest.fixture
def cli(data: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """queue-server on the data directory, in this process; `typed` is what the operator types."""
    monkeypatch.setattr(passwords, "_hasher", cheap_hasher())

    def run(*arguments: str, typed: str = "", status: int = 0) -> Result:
        result = CliRunner().invoke(main, [*arguments, "--data", str(data)], input=typed)
        assert result.exit_code == status, result.output
        return result

    return run


def words(result: Result) -> list[list[str]]:
    """The lines of a list, each in its columns."""
    return [line.split("\t") for line in result.stdout.splitlines()]


def test_all_of_it_works_while_the_server_runs(cli: Cli, app: Flask, city: City) -> None:
    password = cli("user", "add", "--name", "ｓａｔｏ", "--role", "clerk", "--generate").stdout.split()[-1]
    client = app.test_client()
    assert sign_in(client, "sato", password).status_code == 303
    assert client.get("/desk/honchosha").status_code == 200
    cli("user", "sign-out", "--name", "sato")
    assert client.get("/desk/honchosha").status_code == 302
    cli("user", "role", "--name", "sato", "--role", "supervisor")
    cli("user", "disable", "--name", "sato")
    assert sign_in(client, "sato", password).status_code == 401
    cli("user", "enable", "--name", "sato")
    again = cli("user", "password", "--name", "sato", "--generate").stdout.split()[-1]
    assert again != password
    assert sign_in(client, "sato", again).status_code == 303
    token = cli("token", "--role", "desk", "--name", "desk-6").stdout.split()[-1]
    headers = {"Authorization": f"Bearer {token}"}
    other = app.test_client()
    assert other.get("/api/sites/honchosha/desk", headers=headers).status_code == 200
    cli("device", "revoke", "--name", "desk-6")
    assert other.get("/api/sites/honchosha/desk", headers=headers).status_code == 401
    rows = city.accounts._store.database.execute("SELECT kind, actor FROM journal ORDER BY seq").fetchall()
    assert [kind for kind, _ in rows] == [
        "add_account", "sign_in", "sign_out_everywhere", "change_account", "disable_account", "enable_account",
        "change_password", "sign_in", "add_device", "revoke_device",
    ]  # fmt: skip
    assert {actor for kind, actor in rows if kind != "sign_in"} == {common.operator()}
    assert password not in str(city.accounts._store.database.execute("SELECT * FROM journal").fetchall())


def test_a_password_is_asked_for_twice_and_never_shown(cli: Cli, data: Path) -> None:
    asked = cli("user", "add", "--name", "sato", "--role", "administrator", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert asked.stdout.splitlines()[-1] == "Added sato."
    assert PASSWORD not in asked.output
    changed = cli("user", "password", "--name", "sato", typed="another one 1\nanother one 1\n")
    assert changed.stdout.splitlines()[-1] == "Changed how sato signs in."


def test_the_lists_say_who_is_there_and_in_which_state(cli: Cli) -> None:
    cli("user", "add", "--name", "sato", "--role", "clerk", "--generate")
    cli("user", "add", "--name", "tanaka", "--role", "administrator", "--oidc")
    cli("user", "disable", "--name", "sato")
    assert words(cli("user", "list")) == [
        ["sato", "clerk", "disabled", "password"],
        ["tanaka", "administrator", "enabled", "oidc"],
    ]
    cli("user", "password", "--name", "tanaka", "--generate")
    cli("user", "password", "--name", "sato", "--oidc")
    assert [line[3] for line in words(cli("user", "list"))] == ["oidc", "password"]
    cli("token", "--role", "kiosk", "--name", "kiosk-1")
    cli("token", "--role", "display", "--name", "board-1")
    cli("device", "revoke", "--name", "kiosk-1")
    board, kiosk = words(cli("device", "list"))
    assert board[1:] == ["display", "board-1", "-", "in use"]
    assert kiosk[1:4] == ["kiosk", "kiosk-1", "-"]
    assert kiosk[4].startswith("revoked 20")


def test_of_two_devices_with_one_name_the_id_says_which(cli: Cli) -> None:
    for _ in range(2):
        cli("token", "--role", "kiosk", "--name", "kiosk-1")
    first, second = (line[0] for line in words(cli("device", "list")))
    refused = cli("device", "revoke", "--name", "kiosk-1", status=1).stderr
    assert first in refused
    assert second in refused
    assert cli("device", "revoke", "--id", first).stdout == "Revoked kiosk kiosk-1.\n"
    assert cli("device", "revoke", "--name", "kiosk-1").stdout == "Revoked kiosk kiosk-1.\n"
    assert all(line[4].startswith("revoked") for line in words(cli("device", "list")))


PERSON = ("--name", "sato", "--role", "administrator")


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("user", "add", *PERSON, "--generate"), "", "There is a person named sato already."),
        (("user", "add", "--name", " ", "--role", "clerk", "--generate"), "", "A name has 1 to 64 printable"),
        (("user", "add", "--name", "suzuki", "--role", "clerk"), "short\nshort\n", "at least 10 characters; nothing"),
        (("user", "add", "--name", "suzuki-ichiro", "--role", "clerk"), "Suzuki-Ichiro\n" * 2, "is not the name"),
        (("user", "add", "--name", "suzuki", "--role", "clerk"), f"{PASSWORD}\nother\n", "The two passwords differ"),
        (("user", "add", "--name", "suzuki", "--role", "clerk", "--oidc", "--generate"), "", "Give either"),
        (("user", "disable", "--name", "sato"), "", "sato is the last administrator who can sign in."),
        (("user", "role", "--name", "sato", "--role", "clerk"), "", "sato is the last administrator"),
        (("user", "enable", "--name", "nobody"), "", "There is nobody named nobody."),
        (("user", "password", "--name", "sato"), "short\nshort\n", "at least 10 characters"),
        (("token", "--role", "kiosk", "--name", "a\tb"), "", "A name has 1 to 64 printable characters."),
        (("device", "revoke", "--name", "kiosk-1"), "", "There is no device kiosk-1 in use."),
        (("device", "revoke",), "", "Give either --name or --id."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_words_and_changes_nothing(
    cli: Cli, arguments: tuple[str, ...], typed: str, said: str
) -> None:
    cli("user", "add", *PERSON, "--generate")
    refused = cli(*arguments, typed=typed, status=1)
    assert said in refused.stderr
    assert words(cli("user", "list")) == [["sato", "administrator", "enabled", "password"]]
    assert words(cli("device", "list")) == []


@pytest.mark.parametrize("role", ["desk", "admin", "kiosk"])
def test_a_person_gets_no_role_of_a_device_by_the_command_line(cli: Cli, role: str) -> None:
    assert "Invalid value for '--role'" in cli("user", "add", "--name", "sato", "--role", role, status=2).stderr


def test_a_list_makes_no_data_directory(cli: Cli, data: Path) -> None:
    shutil.rmtree(data)
    assert cli("user", "list", status=1).stderr == f"There is no database in {data}.\n"
    assert not data.exists()


def test_a_directory_that_cannot_be_used_is_said_in_words(cli: Cli, data: Path) -> None:
    (data / FILE_NAME).write_bytes(b"this is no database, but a text of some length" * 100)
    assert f"{data} cannot be used: " in cli("user", "list", status=1).stderr


def test_an_operator_without_a_name_is_known_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common.os, "getuid", lambda: 4_294_960_000)
    assert common.operator() == "operator:4294960000"


def test_times_are_the_administrators() -> None:
    assert common.local_time(local_minute("2026-11-24T09:15")) == "2026-11-24 09:15"
