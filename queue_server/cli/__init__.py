"""queue-server: serve | demo | token | device | user | verify."""

import click

from queue_server.cli.devices import device, token
from queue_server.cli.people import user
from queue_server.cli.serving import demo, serve
from queue_server.cli.verifying import verify_command


@click.group()
@click.version_option(package_name="queue-server")
def main() -> None:
    """Queue tickets, calling and congestion display for city halls."""


for command in (serve, demo, token, device, user, verify_command):
    main.add_command(command)
