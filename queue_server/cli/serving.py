"""serve, demo: running a server."""

import os
import sys
from pathlib import Path

import click

import queue_server
from queue_server.cli.common import check_address, fail
from queue_server.config import ProfileError, Settings, SettingsError, load_profile
from queue_server.settings import child_environment
from queue_server.storage.directory_lock import DirectoryInUse, DirectoryLock


@click.command()
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
        fail(f"Another server runs on {settings.data_dir}. Stop it first, or give this one its own --data.")
    except OSError as error:
        fail(f"{settings.data_dir} cannot be used: {error.strerror}.")
    check_address(settings.host, settings.port)
    environment = child_environment(os.environ, settings)
    arguments = [sys.executable, "-P", "-m", "gunicorn", "--config", str(gunicorn_configuration())]
    os.execve(sys.executable, arguments, environment)  # noqa: S606 - replaces this process, no shell


@click.command()
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
    check_address(settings.host, settings.port)
    try:
        run_demo(settings, quiet=quiet, say=click.echo)
    except DemoFailed as error:
        fail(str(error))


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
        fail(str(error))


def _check_profile(profile: str) -> None:
    try:
        load_profile(profile)
    except ProfileError as error:
        fail(str(error))
