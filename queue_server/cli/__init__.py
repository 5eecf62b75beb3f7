"""queue-server: serve | demo | kiosk | token | device | user | kiosk-pin | voice | verify | replay | static."""

import click

from queue_server.cli.devices import device, token
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


for command in (serve, demo, kiosk, token, device, user, kiosk_pin, voice, verify_command, replay, static_command):
    main.add_command(command)
