"""user: people who sign in."""

import secrets
from pathlib import Path
from typing import Any

import click

from queue_server.cli.common import accounts_in, data_option, fail, operator
from queue_server.domain.roles import STAFF_ROLES, Role

name_option = click.option("--name", required=True, help="The name to sign in with.")
role_option = click.option("--role", required=True, type=click.Choice([role.value for role in STAFF_ROLES]))


def way_in_options(command: Any) -> Any:
    """How the person will sign in; without either option the command asks for a password."""
    generate = click.option(
        "--generate", is_flag=True, help="Make a password and print it as the last word, instead of asking."
    )
    oidc = click.option("--oidc", is_flag=True, help="No password: sign in through the city's identity provider.")
    return generate(oidc(command))


@click.group()
def user() -> None:
    """People who sign in; all of it works while the server runs."""


@user.command("add")
@name_option
@role_option
@way_in_options
@data_option
def user_add(name: str, role: str, generate: bool, oidc: bool, data: Path) -> None:
    """Add a person."""
    password = _new_password(generate, oidc)
    with accounts_in(data, make=True) as accounts:
        account = accounts.create_staff(name, Role(role), password, actor=operator())
    click.echo(_shown(account.name, password) if generate else f"Added {account.name}.")


@user.command("list")
@data_option
def user_list(data: Path) -> None:
    """List the people: name, role, whether enabled, and how they sign in."""
    with accounts_in(data) as accounts:
        for each in accounts.list_staff():
            state = "disabled" if each.disabled_at else "enabled"
            click.echo("\t".join((each.name, each.role, state, "password" if each.by_password else "oidc")))


@user.command("disable")
@name_option
@data_option
def user_disable(name: str, data: Path) -> None:
    """Let a person sign in no more, and end their sessions at once; for somebody who left."""
    with accounts_in(data) as accounts:
        person = accounts.staff_named(name)
        accounts.disable(person.id, actor=operator())
    click.echo(f"Disabled {person.name}.")


@user.command("enable")
@name_option
@data_option
def user_enable(name: str, data: Path) -> None:
    """Let a person who was disabled sign in again."""
    with accounts_in(data) as accounts:
        person = accounts.staff_named(name)
        accounts.enable(person.id, actor=operator())
    click.echo(f"Enabled {person.name}.")


@user.command("role")
@name_option
@role_option
@data_option
def user_role(name: str, role: str, data: Path) -> None:
    """Give a person another role, from their next request on."""
    with accounts_in(data) as accounts:
        person = accounts.staff_named(name)
        accounts.change_role(person.id, Role(role), actor=operator())
    click.echo(f"{person.name} is now {role}.")


@user.command("password")
@name_option
@way_in_options
@data_option
def user_password(name: str, generate: bool, oidc: bool, data: Path) -> None:
    """Give a person a new password, and end their sessions at once; for one that was forgotten or got out."""
    with accounts_in(data) as accounts:
        person = accounts.staff_named(name)
        password = _new_password(generate, oidc)
        accounts.set_password(person.id, password, actor=operator())
    click.echo(_shown(person.name, password) if generate else f"Changed how {person.name} signs in.")


@user.command("sign-out")
@name_option
@data_option
def user_sign_out(name: str, data: Path) -> None:
    """End every session of a person at once."""
    with accounts_in(data) as accounts:
        person = accounts.staff_named(name)
        accounts.sign_out_everywhere(person.id, actor=operator())
    click.echo(f"Signed {person.name} out everywhere.")


def _new_password(generate: bool, oidc: bool) -> str | None:
    """A password made or asked for, None for a person of the identity provider."""
    if generate and oidc:
        fail("Give either --generate or --oidc.")
    if oidc:
        return None
    if generate:
        return secrets.token_urlsafe(12)
    password: str = click.prompt("Password", hide_input=True)
    if click.prompt("Again", hide_input=True) != password:
        fail("The two passwords differ; nothing was changed.")
    return password


def _shown(name: str, password: str | None) -> str:
    return f"Password of {name}, shown only now: {password}"
