"""queue-server: serve | demo | kiosk | token | device | user | kiosk-pin | voice | verify | backup | journal-copy |
restore | export | archive | replay | static."""

import click

from queue_server.cli.copies import backup, journal_copy, restore
from queue_server.cli.devices import device, token
from queue_server.cli.exporting import archive, export
from queue_server.cli.kiosk import kiosk
from queue_server.cli.kiosks import kiosk_pin
from queue_server.cli.people import user
from queue_server.cli.replaying import replay
from queue_server.cli.serving import demo, serve
from queue_server.cli.static import static_command
from queue_server.cli.verifying import verify_command
from queue_server.cli.voice import voice


@click.group()
@click.version_option(package_name="queue-server")
def main() -> None:
    """Queue tickets, calling and congestion display for city halls."""


COMMANDS = (
    *(serve, demo, kiosk),
    *(token, device, user, kiosk_pin, voice),
    *(verify_command, backup, journal_copy, restore, export, archive, replay, static_command),
)
for command in COMMANDS:
    main.add_command(command)
