"""kiosk: the program of the kiosk computer."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from queue_server.cli.common import check_address, fail

if TYPE_CHECKING:
    from kiosk.local.program import LocalSettings

TOKEN_VARIABLE = "QUEUE_SERVER_KIOSK_TOKEN"  # noqa: S105 - its name
PREDECESSOR_PATIENCE_SECONDS = 6.0
"""How long a start waits for a program that is shutting down."""
_SITE = re.compile(r"[a-z0-9-]{1,32}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,200}")


@click.command()
@click.option("--server", required=True, help="The address of the server, such as https://queue.example.jp")
@click.option(
    "--token-file",
    envvar="QUEUE_SERVER_KIOSK_TOKEN_FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that holds the token, such as a credential of systemd; or QUEUE_SERVER_KIOSK_TOKEN has the token.",
)
@click.option("--site", required=True, help="The id of the site, as in the profile.")
@click.option(
    "--data", required=True, type=click.Path(file_okay=False, path_type=Path), help="The kiosk's own folder."
)
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65_535), help="On loopback.")
@click.option("--printer", help="The printer, in the place of the profile's.")
@click.option("--paper", type=click.Choice(["58", "80"]), help="Its paper in mm, in the place of the profile's.")
@click.option(
    "--log-level", default="info", show_default=True, type=click.Choice(["debug", "info", "warning", "error"])
)
def kiosk(
    server: str,
    token_file: Path | None,
    site: str,
    data: Path,
    port: int,
    printer: str | None,
    paper: str | None,
    log_level: str,
) -> None:
    """Run the kiosk on its own computer: pages for its browser, its printer, its reserve of numbers."""
    # The other commands do not wait for what only this one needs.
    from kiosk.local.program import LocalSettings
    from kiosk.local.remote import Address
    from kiosk.local.setup import PrinterChoice
    from queue_server.logs import configure_logging

    configure_logging(log_level)
    address = Address(
        _server(server), _matching(_SITE, site, "--site"), _token(os.environ.get(TOKEN_VARIABLE), token_file)
    )
    choice = PrinterChoice(_printer(printer), int(paper) if paper else None)
    _run(LocalSettings(address, data, port, choice, log_level=log_level))


def _run(settings: "LocalSettings") -> None:
    from flask import Flask

    from kiosk.local.app import Languages, create_local_app
    from kiosk.local.program import Program
    from kiosk.local.serving import HOST, LocalServer
    from kiosk.local.store import DirectoryInUse, DirectoryLock
    from queue_server.web.languages import html_lang, select_locale

    try:
        lock = DirectoryLock(settings.data)
        # Held by this process and inherited by its worker: both have to end before another program begins.
        lock.acquire(PREDECESSOR_PATIENCE_SECONDS)
    except DirectoryInUse:
        fail(f"Another kiosk runs on {settings.data}. Stop it first, or give this one its own --data.")
    except OSError as error:
        fail(f"{settings.data} cannot be used: {error.strerror}.")
    check_address(HOST, settings.port)

    def make_app() -> Flask:
        program = Program(settings)
        program.start()
        return create_local_app(program, Languages(select_locale, html_lang))

    LocalServer(settings.port, settings.threads, settings.log_level, make_app).run()


def _server(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        fail(f"--server needs an address such as https://queue.example.jp, not {text!r}.")
    return text.rstrip("/")


def _token(text: str | None, file: Path | None) -> str:
    # There is no option for the token itself: every user of the machine can read what a process was started with.
    text = text or None
    if (text is None) == (file is None):
        fail(f"A token is needed, by --token-file or by {TOKEN_VARIABLE}.")
    if file is None:
        return _matching(_TOKEN, text or "", TOKEN_VARIABLE)
    try:
        return _matching(_TOKEN, file.read_text(encoding="ascii"), "--token-file")
    except (OSError, UnicodeDecodeError):
        fail(f"{file} cannot be read as a token.")


def _matching(pattern: re.Pattern[str], text: str, option: str) -> str:
    """The text without what surrounds it; what a secret looked like is not said."""
    if not pattern.fullmatch(text.strip()):
        fail(f"{option} is not usable.")
    return text.strip()


def _printer(text: str | None) -> str | None:
    from queue_server.config.tables import PRINTER_PATTERN

    if text is not None and not re.fullmatch(PRINTER_PATTERN, text):
        fail(
            "--printer needs tcp://HOST:9100, usb://04b8:0e15, serial:///dev/ttyS0?baud=38400 or file:///dev/usb/lp0."
        )
    return text
