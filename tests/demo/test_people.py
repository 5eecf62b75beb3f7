"""The demo's people against a real hall in this process: they go on when the server was silent for a while."""

import httpx
import pytest
from flask import Flask

from queue_server.demo.people import PATIENCE_SECONDS, RETRY_SECONDS, People
from queue_server.domain.roles import Role
from tests.conftest import SITE
from tests.support.api import Api


class Gate(httpx.BaseTransport):
    """The way to the application; while it is shut, the server does not answer."""

    def __init__(self, app: Flask) -> None:
        self._through = httpx.WSGITransport(app=app)
        self.shut = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.shut:
            raise httpx.ReadTimeout("silence", request=request)
        return self._through.handle_request(request)


@pytest.fixture
def gate(app: Flask) -> Gate:
    return Gate(app)


@pytest.fixture
def people(gate: Gate, api: Api) -> People:
    client = httpx.Client(transport=gate, base_url="http://localhost")
    people = People(client, SITE, api.tokens[Role.KIOSK], api.tokens[Role.DESK], seed=7)
    people.begin(0.0, ["1", "2", "6"])
    return people


def run(people: People, begin: float, end: float) -> float:
    now = begin
    while now < end:
        now = max(now + 0.1, people.step(now))
    return now


def seq(api: Api) -> int:
    return int(api.board()["seq"])


def test_residents_come_and_clerks_call_them(people: People, api: Api) -> None:
    before = seq(api)
    run(people, 0.0, 60.0)
    assert seq(api) > before + 20
    assert api.board()["calls"]


def test_a_server_that_was_silent_for_a_while_is_asked_again(people: People, gate: Gate, api: Api) -> None:
    now = run(people, 0.0, 30.0)
    before, gate.shut = seq(api), True
    now = run(people, now, now + PATIENCE_SECONDS / 2)
    assert seq(api) == before
    gate.shut = False
    run(people, now, now + 60.0)
    assert seq(api) > before + 10


def test_a_server_that_is_silent_for_good_ends_the_demo(people: People, gate: Gate) -> None:
    gate.shut = True
    with pytest.raises(httpx.ReadTimeout):
        run(people, 0.0, PATIENCE_SECONDS + 10 * RETRY_SECONDS)
