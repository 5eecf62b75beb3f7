"""A browser in the hall that is an enrolled kiosk, and one that is not."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.domain.roles import Role
from tests.support.api import Api
from tests.support.printer import FakePrinter

PAGE = "/kiosk/honchosha"


@pytest.fixture
def csrf() -> Callable[[FlaskClient], str]:
    """The CSRF token that the kiosk's page carries for a browser."""

    def read(browser: FlaskClient) -> str:
        found = re.search(r'name="csrf[-_]token" (?:value|content)="([^"]+)"', browser.get(PAGE).text)
        assert found
        return found[1]

    return read


@pytest.fixture
def kiosk(app: Flask, api: Api, csrf: Callable[[FlaskClient], str]) -> FlaskClient:
    browser = app.test_client()
    form = {"token": api.tokens[Role.KIOSK], "csrf_token": csrf(browser)}
    assert browser.post(f"{PAGE}/enroll", data=form).location == PAGE
    return browser


@pytest.fixture(scope="module")
def shared_printer() -> Iterator[FakePrinter]:
    with FakePrinter() as printer:
        yield printer


@pytest.fixture
def fake(shared_printer: FakePrinter) -> FakePrinter:
    """A printer as a process of its own, with paper and an open line."""
    for words in ("ready", "after ", "cut 0"):
        shared_printer.tell(words)
    return shared_printer
