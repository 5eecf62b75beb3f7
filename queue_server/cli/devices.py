"""token, device: kiosks, displays and desks that carry a token."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from queue_server.cli.common import accounts_in, data_option, fail, local_time, operator
from queue_server.domain.roles import DEVICE_ROLES, DeviceRecord, Role, normal_name

if TYPE_CHECKING:
    from queue_server.accounts import Accounts


@click.command()
@click.option("--role", required=True, type=click.Choice([role.value for role in DEVICE_ROLES]))
@click.option("--name", required=True, help="What the journal calls the device, for example kiosk-1.")
@data_option
def token(role: str, name: str, data: Path) -> None:
    """Make a device token and print it once, as the last word; works while the server runs."""
    with accounts_in(data, make=True) as accounts:
        printed = accounts.create_device(name, Role(role), actor=operator())
    click.echo(f"Token of {role} {normal_name(name)}, shown only now: {printed}")


@click.group()
def device() -> None:
    """Devices that carry a token; all of it works while the server runs."""


@device.command("list")
@data_option
def device_list(data: Path) -> None:
    """List the devices: id, role, name, when it was last seen (JST), and when it was revoked."""
    with accounts_in(data) as accounts:
        for each in accounts.list_devices():
            revoked = f"revoked {local_time(each.revoked_at)}" if each.revoked_at else "in use"
            click.echo("\t".join((each.id, each.role, each.name, local_time(each.last_seen_at), revoked)))


@device.command("revoke")
@click.option("--name", help="The name of the device.")
@click.option("--id", "device_id", help="Its id, where several devices have one name.")
@data_option
def device_revoke(name: str | None, device_id: str | None, data: Path) -> None:
    """Let a device's token open nothing from the next request on."""
    if (name is None) == (device_id is None):
        fail("Give either --name or --id.")
    with accounts_in(data) as accounts:
        found = _only(accounts, name, device_id)
        accounts.revoke_device(found.id, actor=operator())
    click.echo(f"Revoked {found.role} {found.name}.")


def _only(accounts: "Accounts", name: str | None, device_id: str | None) -> DeviceRecord:
    """The one device in use that is meant; ends the command when there is none, or more than one."""
    wanted = normal_name(name or "")
    found = [
        each
        for each in accounts.list_devices()
        if each.revoked_at is None and (each.id == device_id if device_id is not None else each.name == wanted)
    ]
    if not found:
        fail(f"There is no device {name or device_id} in use.")
    if len(found) > 1:
        ids = ", ".join(each.id for each in found)
        fail(f"There are {len(found)} devices named {wanted}. Say which one by --id: {ids}")
    return found[0]
