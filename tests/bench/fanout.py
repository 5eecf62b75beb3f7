"""From a call to the last of many connected screens."""

import json
import threading
import time
import uuid

import websocket

from queue_server.domain.roles import Role
from tests.support.server import SITE, Server

CALLS = 10
PATIENCE_SECONDS = 10.0


class Screen(threading.Thread):
    """One websocket client that notes when it first saw a board of at least each seq."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        url = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket&site={SITE}"
        self._socket = websocket.create_connection(url, timeout=PATIENCE_SECONDS)
        self._socket.recv()
        self._socket.send("40")
        self.seen: dict[int, float] = {}
        self.changed = threading.Condition()

    def run(self) -> None:
        while True:
            try:
                message = self._socket.recv()
            except (OSError, websocket.WebSocketException):
                return
            at = time.perf_counter()
            if message == "2":
                self._socket.send("3")
            elif isinstance(message, str) and message.startswith("42"):
                name, picture = json.loads(message[2:])
                if name == "board":
                    with self.changed:
                        self.seen[picture["seq"]] = at
                        self.changed.notify_all()

    def wait_for(self, seq: int) -> float:
        """When this screen had a board with that entry in it."""
        with self.changed:
            found = self.changed.wait_for(lambda: any(seen >= seq for seen in self.seen), PATIENCE_SECONDS)
            assert found, "a screen was not told of a call"
            return min(at for seen, at in self.seen.items() if seen >= seq)

    def close(self) -> None:
        self._socket.close()


def call_to_last_screen(server: Server, count: int) -> tuple[float, float]:
    """Milliseconds from sending a call to the last and to the first screen that shows it; means over some calls."""
    screens = [Screen(server) for _ in range(count)]
    for screen in screens:
        screen.start()
    last, first = [], []
    with server.client(Role.ADMIN) as admin:
        admin.post(f"/api/sites/{SITE}/counters/6/open")
        for _ in range(CALLS):
            seq = admin.post(f"/api/sites/{SITE}/tickets", json={"service": "mynumber"}).json()["board_seq"]
            for screen in screens:
                screen.wait_for(seq)
            began = time.perf_counter()
            admin.post(
                f"/api/sites/{SITE}/counters/6/call-next", json={}, headers={"Idempotency-Key": uuid.uuid4().hex}
            ).raise_for_status()
            arrivals = [screen.wait_for(seq + 1) - began for screen in screens]
            last.append(max(arrivals) * 1000)
            first.append(min(arrivals) * 1000)
            ticket = next(t for t in admin.get(f"/api/sites/{SITE}/desk").json()["tickets"] if t["counter"] == "6")
            answer = admin.post(f"/api/tickets/{ticket['id']}/complete").raise_for_status()
            assert answer.json()["ticket"]["state"] == "completed"
            for screen in screens:
                screen.wait_for(seq + 2)
    for screen in screens:
        screen.close()
    return sum(last) / len(last), sum(first) / len(first)
