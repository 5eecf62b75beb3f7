"""A hall that nobody looks at draws nothing, and presses of many at once are each answered once."""

import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from queue_server.app import socketio_of
from queue_server.city import City
from queue_server.domain.roles import Role
from queue_server.realtime import Broadcaster, DeskSockets
from queue_server.snapshot import Board
from tests.support.api import Api
from tests.support.server import SITE, Server

PRESSES, HANDS = 12, 8


def test_a_board_is_drawn_for_somebody_only(app: Flask, city: City, api: Api) -> None:
    hall, socketio = city.hall(SITE), socketio_of(app)
    broadcaster = Broadcaster(socketio, city, DeskSockets(), lambda _reason: None)
    api.issue("inkan")
    broadcaster._send(SITE)
    drawn: list[Board | None] = [hall._board]
    listener = socketio.test_client(app, query_string=f"?site={SITE}")
    api.issue("inkan")
    broadcaster._send(SITE)
    drawn.append(hall._board)
    assert [board is None for board in drawn] == [True, False]
    assert listener.get_received()
    listener.disconnect()


def test_a_visitor_without_a_cookie_has_an_empty_session_and_gets_none(app: Flask) -> None:
    with app.test_client() as client:
        answer = client.get(f"/api/sites/{SITE}/board")
        assert "Set-Cookie" not in answer.headers
        client.set_cookie("queue_session", "forged")
        assert client.get(f"/api/sites/{SITE}/board").status_code == 200


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """One whose numbers nobody else needs."""
    with Server(tmp_path / "data") as server:
        yield server


def test_many_who_press_at_once_get_a_number_each(own_server: Server) -> None:
    token = own_server.token(Role.KIOSK)
    answers: list[dict[str, Any]] = []

    def press() -> None:
        with own_server.client() as client:
            headers = {"Authorization": f"Bearer {token}"}
            for _ in range(PRESSES):
                key = {"Idempotency-Key": uuid.uuid4().hex, **headers}
                for _ in range(2):
                    posted = client.post(f"/api/sites/{SITE}/tickets", json={"service": "shomei"}, headers=key)
                    answers.append(posted.raise_for_status().json())

    hands = [threading.Thread(target=press) for _ in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len(answers) == 2 * PRESSES * HANDS
    assert len({answer["label"] for answer in answers}) == PRESSES * HANDS
    assert len({answer["board_seq"] for answer in answers}) == PRESSES * HANDS
