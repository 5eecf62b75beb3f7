"""Connecting yields the current board; staff who ask for it also get the desks' view."""

from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient

from queue_server.app import socketio_of
from queue_server.context import CITY
from queue_server.domain.roles import Role
from queue_server.realtime import Broadcaster, DeskSockets
from tests.support.api import Api


def connect(app: Flask, query: str, token: str | None = None) -> SocketIOTestClient:
    headers = {"Authorization": f"Bearer {token}"} if token else None
    return socketio_of(app).test_client(app, query_string=query, headers=headers)


def received(client: SocketIOTestClient) -> list[tuple[str, Any]]:
    return [(event["name"], event["args"][0]) for event in client.get_received()]


def test_connecting_yields_the_current_board(app: Flask, api: Api) -> None:
    api.issue()
    events = received(connect(app, "site=honchosha"))
    assert [name for name, _ in events] == ["board"]
    assert events[0][1] == api.board()


@pytest.mark.parametrize("query", ["", "site=", "site=nowhere"])
def test_an_unknown_site_is_refused(app: Flask, query: str) -> None:
    assert not connect(app, query).is_connected()


@pytest.mark.parametrize("role", [None, Role.KIOSK])
def test_the_desk_view_is_refused_to_who_may_not_call(app: Flask, api: Api, role: Role | None) -> None:
    client = connect(app, "site=honchosha&desk=1", api.tokens[role] if role else None)
    assert not client.is_connected()


def test_a_desk_gets_board_and_desk_view(app: Flask, api: Api) -> None:
    events = dict(received(connect(app, "site=honchosha&desk=1", api.tokens[Role.DESK])))
    assert set(events) == {"board", "desk"}
    assert events["desk"]["version"] == events["board"]["version"]


def test_nothing_that_a_client_sends_changes_anything(app: Flask, api: Api) -> None:
    api.issue()
    before = api.board()["version"]
    client = connect(app, "site=honchosha")
    for event in ("board", "call-next", "message", "issue"):
        client.emit(event, {"service": "mynumber", "counter": "6"})
    assert api.board()["version"] == before


def test_a_burst_of_changes_within_one_turn_is_one_newest_board(app: Flask, api: Api) -> None:
    broadcaster = Broadcaster(socketio_of(app), app.extensions[CITY], DeskSockets(), lambda _reason: None)
    client = connect(app, "site=honchosha")
    received(client)
    issued = [api.issue() for _ in range(3)]
    assert received(client) == [], "no command waits for a socket"
    broadcaster.send_changed()
    [(event, board)] = received(client)
    assert event == "board"
    assert board["seq"] == issued[-1].get_json()["board_seq"]
    broadcaster.send_changed()
    assert received(client) == []
