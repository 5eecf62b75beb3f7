"""People in a test's browser: accounts with cheap hashes, forms as a browser sends them."""

import re

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.accounts import Accounts, passwords
from queue_server.city import City
from queue_server.domain.roles import Account, Role

PASSWORD = "correct horse"
JAPANESE = {"Accept-Language": "ja"}
SIGN_IN = "/desk/sign-in"
CSRF = re.compile(r'name="csrf[-_]token" (?:value|content)="([^"]+)"')


def cheap_hasher() -> PasswordHasher:
    """argon2id that takes no time; the costs stand in each hash, so comparing takes none either."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def add_person(city: City, name: str = "sato", role: Role = Role.CLERK, password: str | None = PASSWORD) -> Account:
    """A person who can sign in; without a password through the identity provider alone."""
    return add_account(city.accounts, name, role, password)


def add_account(accounts: Accounts, name: str, role: Role = Role.CLERK, password: str | None = PASSWORD) -> Account:
    """The same, where no city is open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", cheap_hasher())
        return accounts.create_staff(name, role, password, actor="operator:test")


def csrf_of(client: FlaskClient, path: str = SIGN_IN) -> str:
    """The CSRF token that a page carries, in its form or its head."""
    found = CSRF.search(client.get(path).text)
    assert found, f"{path} carries no CSRF token"
    return found[1]


def submit(client: FlaskClient, page: str = SIGN_IN, action: str | None = None, **fields: str) -> TestResponse:
    """Send the form of a page with the token that the page carries; `action` where it goes elsewhere."""
    return client.post(action or page, data={"csrf_token": csrf_of(client, page), **fields}, headers=JAPANESE)


def sign_in(client: FlaskClient, name: str = "sato", password: str = PASSWORD, **more: str) -> TestResponse:
    """Sign in by the form."""
    return submit(client, name=name, password=password, **more)


def signed_in(client: FlaskClient, city: City, name: str = "sato", role: Role = Role.CLERK) -> FlaskClient:
    """The same browser, with a new person signed in."""
    add_person(city, name, role)
    assert sign_in(client, name).status_code == 303
    return client
