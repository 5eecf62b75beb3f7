"""What several commands need: the data directory, its accounts, and failing in words."""

import os
import pwd
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from queue_server.domain.calendar import JST
from queue_server.domain.roles import LONGEST_NAME

if TYPE_CHECKING:
    from queue_server.accounts import Accounts

data_option = click.option(
    "--data",
    envvar="QUEUE_SERVER_DATA",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The data directory.",
)


@contextmanager
def accounts_in(data: Path, *, make: bool = False) -> "Iterator[Accounts]":
    """The accounts of a data directory, also while its server runs; `make` makes a new directory.

    Whatever the accounts refuse ends the command in words, with exit code 1.
    """
    # `serve` is on this command line too: a server's start does not wait for what it hands over to another process.
    from queue_server.accounts import (
        SHORTEST_PASSWORD,
        Accounts,
        LastAdministrator,
        NameTaken,
        UnknownAccount,
        UnusableName,
        UnusablePassword,
        UnusablePin,
    )
    from queue_server.clock import SystemClock
    from queue_server.storage.database import FILE_NAME, StorageUnavailable, Store

    if not make and not (data / FILE_NAME).is_file():
        fail(f"There is no database in {data}.")
    try:
        with closing(Store(data)) as store:
            yield Accounts(store, SystemClock())
    except StorageUnavailable as error:
        fail(f"{data} cannot be used: {error}")
    except NameTaken as error:
        fail(f"There is a person named {error} already.")
    except UnknownAccount as error:
        fail(f"There is nobody named {error}.")
    except UnusableName:
        fail(f"A name has 1 to {LONGEST_NAME} printable characters.")
    except UnusablePassword as error:
        reason = {
            "too_short": f"A password has at least {SHORTEST_PASSWORD} characters",
            "is_name": "A password is not the name",
            "not_text": "A password is text",
        }[error.code]
        fail(f"{reason}; nothing was changed.")
    except UnusablePin as error:
        fail(f"{error}; nothing was changed.".replace("a PIN", "A PIN", 1))
    except LastAdministrator as error:
        fail(f"{error} is the last administrator who can sign in. Make another one first.")


def operator() -> str:
    """Who runs the command, as the journal names them: the user of the operating system."""
    try:
        return f"operator:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:
        return f"operator:{os.getuid()}"


def local_time(at: datetime | None) -> str:
    """An instant as an administrator reads it, in JST; a dash for never."""
    return at.astimezone(JST).strftime("%Y-%m-%d %H:%M") if at else "-"


def check_address(host: str, port: int) -> None:
    """Fail in words when somebody listens there already, or the address is not this machine's."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"Cannot listen on {host} port {port}: {error.strerror}. Choose another --port.")


def fail(message: str) -> NoReturn:
    """End the command with words on the error stream and exit code 1."""
    click.echo(message, err=True)
    sys.exit(1)
