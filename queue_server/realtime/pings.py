"""Pings of all clients by one task: the library's greenlet for each costs memory, and a spawn for every ping."""

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from engineio.packet import PING, Packet

from queue_server.realtime.frames import text_frame
from queue_server.realtime.seam import take_over_pings

PING_FRAME = text_frame(b"2")
TOGETHER_SECONDS = 0.1
"""Pings that fall due within this are sent in one turn."""


class Pings:
    """A line of clients, first come first served, since all of them wait equally long."""

    def __init__(self, engine: Any, at_once: Callable[[str, bytes], bool]) -> None:
        """`at_once` writes a frame to a client of that id, or says that the library has to send the packet itself."""
        self._engine = engine
        self._at_once = at_once
        self._due: deque[tuple[float, Any]] = deque()
        self._running = False
        self._start = take_over_pings(engine, self._later)

    def _later(self, engine_socket: Any) -> None:
        self._due.append((time.monotonic() + self._engine.ping_interval, engine_socket))
        if not self._running:
            self._running = True
            self._start(self._run)

    def _run(self) -> None:
        try:
            while self._due:
                wait = self._due[0][0] - time.monotonic()
                if wait > 0:
                    self._engine.sleep(max(wait, TOGETHER_SECONDS))
                    continue
                self._ping(self._due.popleft()[1])
        finally:
            self._running = False

    def _ping(self, engine_socket: Any) -> None:
        if engine_socket.closing or engine_socket.closed:
            return
        # From now on the library counts how long the answer takes.
        engine_socket.last_ping = time.monotonic()
        if not self._at_once(engine_socket.sid, PING_FRAME):
            engine_socket.send(Packet(PING))
