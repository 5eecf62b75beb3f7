"""Pings by one task: clients that answer stay for longer than any timeout, those that are silent are let go."""

import socket
import time
from pathlib import Path

import pytest

from queue_server.domain.roles import Role
from queue_server.realtime import PING_SECONDS
from queue_server.realtime.pings import PING_FRAME
from tests.realtime.test_fanout import PATIENCE_SECONDS, PONG, raw_client
from tests.support.server import SITE, Server


def read_until(client: socket.socket, wanted: bytes) -> bytes:
    """What a client is sent up to and with `wanted`, or to the end of the connection."""
    data = b""
    while wanted not in data:
        chunk = client.recv(1)
        if not chunk:
            break
        data += chunk
    return data


@pytest.mark.long
@pytest.mark.crash
def test_who_answers_stays_and_who_is_silent_is_let_go(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server, raw_client(server) as answering, raw_client(server) as silent:
        began = time.monotonic()
        for _ in range(3):
            assert read_until(answering, PING_FRAME).endswith(PING_FRAME)
            answering.sendall(PONG)
        assert time.monotonic() - began > 2 * PING_SECONDS
        silent.settimeout(PATIENCE_SECONDS)
        heard = read_until(silent, b"never")
        assert heard.count(PING_FRAME) == 1, "asked once, waited for, ended"
        with server.client(Role.KIOSK) as kiosk:
            kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status()
        assert b'42["board"' in read_until(answering, b'"as_of"')
