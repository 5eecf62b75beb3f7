"""Who is told first of a change: whoever made it."""

from typing import Any

import eventlet
import pytest
from eventlet.event import Event
from flask import Flask
from flask_socketio import SocketIO

from queue_server.city import City
from queue_server.realtime import Broadcaster, DeskSockets
from tests.support.server import SITE


def test_a_command_is_answered_before_its_change_is_sent_to_everybody(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadcaster = Broadcaster(
        SocketIO(Flask("test"), async_mode="eventlet"), city, DeskSockets(), lambda _reason: None
    )
    order: list[str] = []
    monkeypatch.setattr(broadcaster, "_send", order.append)
    committed: Any = Event()

    def command() -> None:
        committed.wait()
        order.append("answered")

    tasks = [eventlet.spawn(broadcaster.run), eventlet.spawn(command)]
    eventlet.sleep(0)
    # As the write path does it: everybody is told of the commit, then those who gave the commands.
    broadcaster._note(SITE)
    committed.send(None)
    while SITE not in order:
        eventlet.sleep(0)
    for task in tasks:
        task.kill()
    assert order == ["answered", SITE]
