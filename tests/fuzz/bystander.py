"""Somebody who uses the server while others attack it: asks whether it is alive, takes numbers, watches the board."""

import contextlib
import json
import os
import re
import threading
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import websocket

from queue_server.domain.roles import Role
from tests.support.server import SITE, Server

PAUSE_SECONDS = 0.2
STALL_SECONDS = 8.0
"""What nobody would call slow any more; a busy machine is not a stall."""


class Bystander:
    """Goes on beside an attack; afterwards tells the longest that it waited, in seconds."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client = server.client(Role.KIOSK)
        self._over = threading.Event()
        self._news = threading.Condition()
        self._seq = 0
        self._socket = websocket.create_connection(
            f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket&site={SITE}", timeout=30
        )
        self._threads = [threading.Thread(target=self._watch), threading.Thread(target=self._take_numbers)]
        self.longest = {"alive": 0.0, "command": 0.0, "news": 0.0}
        self.numbers = 0
        self.errors: list[str] = []

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._threads[1].join()
        self._socket.close()
        self._threads[0].join()
        self._client.close()

    def _note(self, what: str, began: float) -> None:
        self.longest[what] = max(self.longest[what], time.monotonic() - began)

    def _watch(self) -> None:
        """Read the news as a page does, and answer pings."""
        with contextlib.suppress(websocket.WebSocketException, OSError):
            while True:
                message = self._socket.recv()
                if message.startswith("0"):
                    self._socket.send("40")
                elif message == "2":
                    self._socket.send("3")
                elif message.startswith('42["board"'):
                    with self._news:
                        self._seq = max(self._seq, json.loads(message[2:])[1]["seq"])
                        self._news.notify_all()
        if not self._over.is_set():
            self.errors.append("the board's socket was cut")

    def _take_numbers(self) -> None:
        while not self._over.is_set():
            try:
                began = time.monotonic()
                alive = self._client.get("/healthz")
                self._note("alive", began)
                began = time.monotonic()
                key = {"Idempotency-Key": str(uuid.uuid4())}
                issued = self._client.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}, headers=key)
                self._note("command", began)
                if alive.status_code != 200 or issued.status_code not in (201, 409):
                    self.errors.append(f"{alive.status_code} {issued.status_code} {issued.text}")
                elif issued.status_code == 201:
                    self.numbers += 1
                    self._await_news(issued.json()["board_seq"], time.monotonic())
            except httpx.HTTPError as error:
                self.errors.append(repr(error))
            self._over.wait(PAUSE_SECONDS)

    def _await_news(self, seq: int, began: float) -> None:
        with self._news:
            if not self._news.wait_for(lambda: self._seq >= seq, timeout=30):
                self.errors.append(f"no board with {seq}")
        self._note("news", began)


def worker_of(server: Server) -> int:
    """The process that serves: gunicorn's one child."""
    assert server.process is not None
    [child] = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    return int(child)


def resident_kb(pid: int) -> int:
    """The memory of a process that is in use, in KiB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1])


def open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def metric(server: Server, name: str) -> dict[str, float]:
    """The samples of a metric, by what stands behind its name."""
    text = httpx.get(f"{server.url}/metrics", trust_env=False, timeout=30).text
    lines = [line for line in text.splitlines() if re.match(rf"{name}[ {{]", line)]
    return {line.removeprefix(name).rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}
