"""kiosk-pin: what opens the staff mode of a site's kiosks."""

import secrets
from pathlib import Path

import click

from queue_server.cli.common import accounts_in, data_option, operator

PIN_DIGITS = 6


@click.command("kiosk-pin")
@click.option("--site", required=True, help="The id of the site, as in the profile.")
@click.option("--generate", is_flag=True, help="Make a PIN and print it as the last word, instead of asking.")
@data_option
def kiosk_pin(site: str, generate: bool, data: Path) -> None:
    """Give the kiosks of a site the PIN of their staff mode; works while the server runs."""
    pin = _new_pin() if generate else click.prompt("PIN", hide_input=True, confirmation_prompt=True)
    with accounts_in(data) as accounts:
        accounts.set_kiosk_pin(site, pin, actor=operator())
    click.echo(f"PIN of the kiosks of {site}, shown only now: {pin}" if generate else f"Set the PIN of {site}.")


def _new_pin() -> str:
    """Random digits that are not all the same."""
    while len(set(pin := "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS)))) == 1:
        pass
    return pin
