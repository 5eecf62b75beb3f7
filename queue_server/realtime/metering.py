"""How much a client may say: what a page has to, with a burst at first; whoever sends more is ended."""

import errno
import time
from collections.abc import Callable
from typing import Any

BURST_BYTES = 4_096
BYTES_A_SECOND = 64
"""A page sends 9 bytes every ten seconds."""


class Meter:
    """Counts the bytes of one client: BURST_BYTES, and BYTES_A_SECOND."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` tells seconds that never go back."""
        self._now = now
        self._read = 0.0
        self._at = now()

    def holds(self, size: int) -> bool:
        """Count so many bytes; False once there are more than a page has to say."""
        now = self._now()
        self._read = max(self._read - (now - self._at) * BYTES_A_SECOND, 0.0) + size
        self._at = now
        return self._read <= BURST_BYTES


class MeteredSocket:
    """A client's socket that reads no more than a page has to say."""

    def __init__(self, socket: Any, on_excess: Callable[[], None], now: Callable[[], float] = time.monotonic) -> None:
        """`on_excess` is called once, before the reading ends; `now` tells seconds that never go back."""
        self._socket = socket
        self._on_excess = on_excess
        self._meter = Meter(now)

    def recv(self, size: int, *flags: int) -> bytes:
        """Read as a socket does; raises OSError (ECONNABORTED) where there was too much."""
        data: bytes = self._socket.recv(min(size, BURST_BYTES), *flags)
        if not self._meter.holds(len(data)):
            self._on_excess()
            raise OSError(errno.ECONNABORTED, "a client sends more than a page has to say")
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)
