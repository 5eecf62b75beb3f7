"""From a call to the last of many connected screens."""

import re
import selectors
import time
import uuid
from statistics import fmean

import websocket

from queue_server.domain.roles import Role
from tests.support.server import SITE, Server

CALLS = 10
PATIENCE_SECONDS = 10.0
SEQ = re.compile(r'^42\["board",\{"version":\d+,"seq":(\d+)')


class Screens:
    """Many websocket clients read by one loop, so that the measuring costs little beside the measured."""

    def __init__(self, server: Server, count: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._sockets = [self._connect(server) for _ in range(count)]

    def _connect(self, server: Server) -> websocket.WebSocket:
        url = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket&site={SITE}"
        connected = websocket.create_connection(url, timeout=PATIENCE_SECONDS, skip_utf8_validation=True)
        connected.recv()
        connected.send("40")
        self._selector.register(connected.sock, selectors.EVENT_READ, connected)
        return connected

    def wait_for(self, seq: int) -> list[float]:
        """When each screen had a board with that entry in it, the first one first."""
        arrivals: dict[int, float] = {}
        deadline = time.perf_counter() + PATIENCE_SECONDS
        while len(arrivals) < len(self._sockets):
            assert time.perf_counter() < deadline, "a screen was not told of a call"
            for key, _ in self._selector.select(timeout=1):
                message = key.data.recv()
                at = time.perf_counter()
                if message == "2":
                    key.data.send("3")
                    continue
                found = SEQ.match(message)
                if found and int(found[1]) >= seq:
                    arrivals.setdefault(id(key.data), at)
        return sorted(arrivals.values())

    def close(self) -> None:
        self._selector.close()
        for connected in self._sockets:
            connected.close()


def call_to_last_screen(server: Server, count: int) -> tuple[float, float]:
    """Milliseconds from sending a call to the last and to the first screen that shows it; means over some calls."""
    screens = Screens(server, count)
    last, first = [], []
    with server.client(Role.ADMIN) as admin:
        admin.post(f"/api/sites/{SITE}/counters/6/open")
        for _ in range(CALLS):
            seq = admin.post(f"/api/sites/{SITE}/tickets", json={"service": "mynumber"}).json()["board_seq"]
            screens.wait_for(seq)
            began = time.perf_counter()
            ticket = admin.post(
                f"/api/sites/{SITE}/counters/6/call-next", json={}, headers={"Idempotency-Key": uuid.uuid4().hex}
            ).raise_for_status()
            arrivals = screens.wait_for(seq + 1)
            last.append((arrivals[-1] - began) * 1000)
            first.append((arrivals[0] - began) * 1000)
            admin.post(f"/api/tickets/{ticket.json()['ticket']['id']}/complete").raise_for_status()
            screens.wait_for(seq + 2)
    screens.close()
    return fmean(last), fmean(first)
