"""queue-server: serve | demo | token | user | verify."""

import os
import secrets
import socket
import sys
from pathlib import Path
from typing import NoReturn

import click

import queue_server
from queue_server.accounts import SHORTEST_PASSWORD, Accounts, NameTaken
from queue_server.clock import SystemClock
from queue_server.config import ProfileError, Settings, SettingsError, load_profile
from queue_server.domain.roles import Role
from queue_server.storage.database import (
    FILE_NAME,
    DamagedDatabase,
    DirectoryInUse,
    DirectoryLock,
    StorageUnavailable,
    Store,
    connect,
)
from queue_server.storage.verification import Difference, verify

data_option = click.option(
    "--data",
    envvar="QUEUE_SERVER_DATA",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The data directory.",
)
staff_roles = click.Choice([Role.DESK.value, Role.ADMIN.value])


@click.group()
@click.version_option(package_name="queue-server")
def main() -> None:
    """Queue tickets, calling and congestion display for city halls."""


@main.command()
@click.option("--profile", help="A profile that ships (atsugi) or a file.")
@click.option("--data", help="The data directory.")
@click.option("--host", help="The address to listen on (127.0.0.1).")
@click.option("--port", help="The port (8000).")
@click.option("--clock", help="A simulated clock that starts at YYYY-MM-DDTHH:MM (JST) and runs on.")
def serve(**options: str | None) -> None:
    """Run the server. Options stand for QUEUE_SERVER_PROFILE, _DATA, _HOST, _PORT and _CLOCK."""
    settings = _settings(options)
    _check_profile(settings.profile)
    try:
        lock = DirectoryLock(settings.data_dir)
        lock.acquire()
        lock.release()
    except DirectoryInUse:
        _fail(f"Another server runs on {settings.data_dir}. Stop it first, or give this one its own --data.")
    except OSError as error:
        _fail(f"{settings.data_dir} cannot be used: {error.strerror}.")
    _check_address(settings)
    environment = {**os.environ, **settings.to_environment()}
    arguments = [sys.executable, "-P", "-m", "gunicorn", "--config", str(gunicorn_configuration())]
    os.execve(sys.executable, arguments, environment)  # noqa: S606 - replaces this process, no shell


@main.command()
@click.option("--profile", default="atsugi", show_default=True, help="A profile that ships or a file.")
@click.option("--host", help="The address to listen on (127.0.0.1).")
@click.option("--port", help="The port (8000).")
@click.option("--clock", help="A simulated clock that starts at YYYY-MM-DDTHH:MM (JST) and runs on.")
@click.option("--quiet", is_flag=True, help="No simulated residents and clerks.")
def demo(quiet: bool, **options: str | None) -> None:
    """Show a living hall on fresh data; when the real hall would be closed, at a simulated hour."""
    # Only this command needs what the simulated people need; a server's start does not pay for it.
    from queue_server.demo.run import DemoFailed, run_demo

    settings = _settings({**options, "data": "."})
    _check_profile(settings.profile)
    _check_address(settings)
    try:
        run_demo(settings, quiet=quiet, say=click.echo)
    except DemoFailed as error:
        _fail(str(error))


@main.command()
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--name", required=True, help="What the journal calls the device, for example kiosk-1.")
@data_option
def token(role: str, name: str, data: Path) -> None:
    """Make a device token and print it once, as the last word; works while the server runs."""
    printed = _accounts(data).create_device(_checked_name(name), Role(role))
    click.echo(f"Token of {role} {name}, shown only now: {printed}")


@main.group()
def user() -> None:
    """People who sign in."""


@user.command("add")
@click.option("--name", required=True, help="The name to sign in with.")
@click.option("--role", required=True, type=staff_roles)
@click.option("--generate", is_flag=True, help="Make a password and print it as the last word, instead of asking.")
@data_option
def user_add(name: str, role: str, generate: bool, data: Path) -> None:
    """Add a person; works while the server runs."""
    accounts = _accounts(data)
    password = secrets.token_urlsafe(12) if generate else click.prompt("Password", hide_input=True)
    if not generate and click.prompt("Again", hide_input=True) != password:
        _fail("The two passwords differ; nobody was added.")
    try:
        accounts.create_staff(_checked_name(name), Role(role), password)
    except NameTaken:
        _fail(f"There is a person named {name} already.")
    except ValueError:
        _fail(f"A password has at least {SHORTEST_PASSWORD} characters; nobody was added.")
    click.echo(f"Password of {name}, shown only now: {password}" if generate else f"Added {name}.")


@main.command("verify")
@data_option
def verify_command(data: Path) -> None:
    """Fold the journal and compare it with the tables; exit 1 with the first difference."""
    path = data / FILE_NAME
    if not path.is_file():
        _fail(f"There is no database in {data}.")
    try:
        database = connect(path)
        database.execute("BEGIN")
        entries = verify(database)
        database.close()
    except (Difference, DamagedDatabase, StorageUnavailable) as error:
        _fail(str(error))
    click.echo(f"{entries} entries: the tables are what the journal says.")


def gunicorn_configuration() -> Path:
    """deploy/gunicorn.conf.py, which an installed package carries inside itself."""
    package = Path(queue_server.__file__).parent
    installed = package / "gunicorn.conf.py"
    return installed if installed.is_file() else package.parent / "deploy" / "gunicorn.conf.py"


def _settings(options: dict[str, str | None]) -> Settings:
    given = {f"QUEUE_SERVER_{name.upper()}": value for name, value in options.items() if value is not None}
    try:
        return Settings.from_environment({**os.environ, **given})
    except SettingsError as error:
        _fail(str(error))


def _check_profile(profile: str) -> None:
    try:
        load_profile(profile)
    except ProfileError as error:
        _fail(str(error))


def _check_address(settings: Settings) -> None:
    """Fail in words when somebody listens there already, or the address is not this machine's."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            _fail(f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}. Choose another --port.")


def _accounts(data: Path) -> Accounts:
    try:
        return Accounts(Store(data), SystemClock())
    except (StorageUnavailable, DamagedDatabase) as error:
        _fail(f"{data} cannot be used: {error}")


def _checked_name(name: str) -> str:
    stripped = name.strip()
    if not stripped or len(stripped) > 64 or not stripped.isprintable():
        _fail("A name has 1 to 64 printable characters.")
    return stripped


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
