"""An application that tells: Web Push to a push service on this machine, mail to a mail server on this machine."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.context import NOTIFIER
from queue_server.notify import Notifier
from queue_server.settings import MailSecurity, Settings
from tests.support.api import Api
from tests.support.mail_server import MailServer
from tests.support.push_service import PushService

Ticket = dict[str, str]


def call(api: Api, ticket: Ticket) -> None:
    """Open a counter and call this number there."""
    api.counter("6", "open")
    assert api.counter("6", "call", {"label": ticket["label"]}).status_code == 200


@pytest.fixture
def mine(api: Api) -> Ticket:
    """A number with four people before it."""
    for _ in range(4):
        api.issue()
    ticket: Ticket = api.issue().get_json()
    return ticket


@pytest.fixture(scope="package")
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, mail_server: MailServer) -> Settings:
    return replace(
        settings,
        push_contact="mailto:hall@city.example.jp",
        push_services="127.0.0.1",
        smtp_host="127.0.0.1",
        smtp_port=mail_server.port,
        smtp_security=MailSecurity.NONE,
        mail_from="市民課 <queue@city.example.jp>",
    )


@pytest.fixture
def notifier(app: Flask) -> Notifier:
    found: Notifier = app.extensions[NOTIFIER]
    return found


@pytest.fixture
def told(service: PushService, notifier: Notifier) -> Callable[[], list[tuple[str, str]]]:
    """Send what is due; what the push service has delivered since this test began."""
    before = len(service.told())

    def drain() -> list[tuple[str, str]]:
        notifier.drain()
        return service.told()[before:]

    return drain


@pytest.fixture
def wish(client: FlaskClient) -> Callable[..., TestResponse]:
    """Send a wish with a ticket's token."""

    def send(ticket: dict[str, str], way: str, body: dict[str, Any]) -> TestResponse:
        return client.post(f"/api/t/{ticket['token']}/{way}", json=body)

    return send
