"""Many phones in one loop: websockets that come back as the pages' Socket.IO client does, or never read."""

import random
import selectors
import socket as sockets
import struct
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.server import SITE

_FRAME = struct.Struct("!BB4s")
HELLO, PONG = b"40", b"3"


def handshake(port: int) -> bytes:
    """The request of a browser that goes straight to the websocket, as the pages do."""
    return (
        f"GET /socket.io/?EIO=4&transport=websocket&site={SITE} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def masked(payload: bytes) -> bytes:
    """A client's text frame, masked with zeros."""
    return _FRAME.pack(0x81, 0x80 | len(payload), bytes(4)) + payload


def split(data: bytes) -> tuple[list[bytes], bytes]:
    """The payloads of the whole frames in `data`, and what is left."""
    payloads = []
    while len(data) >= 2:
        length, start = data[1] & 0x7F, 2
        if length == 126:
            if len(data) < 4:
                break
            length, start = int.from_bytes(data[2:4], "big"), 4
        if len(data) < start + length:
            break
        payloads.append(data[start : start + length])
        data = data[start + length :]
    return payloads, data


@dataclass(frozen=True, slots=True)
class Backoff:
    """How the pages' client waits between tries: socket.io-client's backoff with the numbers of live.js."""

    delay: float = 2.0
    longest: float = 10.0
    jitter: float = 1.0

    def wait(self, attempt: int, chance: random.Random) -> float:
        """Seconds before try number `attempt` (0 the first): contrib/backo2.js, `Backoff.prototype.duration`."""
        seconds = self.delay * 2**attempt
        deviation = chance.random() * self.jitter * seconds
        return min(seconds + (deviation if chance.random() < 0.5 else -deviation), self.longest)


@dataclass(eq=False)
class Phone:
    """One client; `board` is the newest that it was sent."""

    socket: sockets.socket | None = None
    attempt: int = 0
    upgraded: bool = False
    data: bytes = b""
    board: bytes = b""
    silent: bool = False
    """It answers no ping by itself."""
    pings: int = 0


@dataclass
class Phones:
    """Phones on one address, moved by `step`; when each connection was opened, had its first board, and was lost."""

    port: int
    count: int
    receive_buffer: int | None = None
    backoff: Backoff = field(default_factory=Backoff)
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    opened: list[float] = field(default_factory=list)
    meant: list[float] = field(default_factory=list)
    """When each connection would have been opened on a machine of its own: a busy one makes them late together."""
    live: list[float] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self.phones = [Phone() for _ in range(self.count)]
        self._due: list[tuple[float, Phone]] = [(0.0, phone) for phone in self.phones]

    @property
    def connected(self) -> int:
        """How many have a board on the connection that they have now."""
        return sum(phone.socket is not None and bool(phone.board) for phone in self.phones)

    def run_until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Let the phones live until something holds; False when it does not within so long."""
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                return False
            self.step()
        return True

    def step(self) -> None:
        """Open what is due, read what came."""
        now = time.monotonic()
        due = [(at, phone) for at, phone in self._due if at <= now]
        self._due = [(at, phone) for at, phone in self._due if at > now]
        for at, phone in due:
            self._open(at, phone)
        for key, _ in self._selector.select(timeout=0.01):
            self._read(key.data)

    def close(self) -> None:
        for phone in self.phones:
            if phone.socket is not None:
                phone.socket.close()
        self._selector.close()

    def _open(self, at: float, phone: Phone) -> None:
        connection = sockets.socket()
        if self.receive_buffer is not None:
            connection.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, self.receive_buffer)
        # A full backlog of the server is not waited for: the other phones would be late.
        connection.settimeout(0.5)
        try:
            connection.connect(("127.0.0.1", self.port))
            connection.sendall(handshake(self.port))
        except OSError:
            connection.close()
            self._come_back(phone)
            return
        self.opened.append(time.monotonic())
        self.meant.append(at)
        connection.setblocking(False)
        phone.socket, phone.upgraded, phone.data, phone.board = connection, False, b"", b""
        self._selector.register(connection, selectors.EVENT_READ, phone)

    def _read(self, phone: Phone) -> None:
        assert phone.socket is not None
        try:
            piece = phone.socket.recv(1 << 20)
            if piece:
                phone.data += piece
                self._take(phone)
                return
        except OSError:
            pass
        self._selector.unregister(phone.socket)
        phone.socket.close()
        phone.socket = None
        self.lost.append(time.monotonic())
        self._come_back(phone)

    def _take(self, phone: Phone) -> None:
        assert phone.socket is not None
        if not phone.upgraded:
            head, found, phone.data = phone.data.partition(b"\r\n\r\n")
            if not found:
                phone.data = head
                return
            if b" 101 " not in head:
                raise OSError
            phone.upgraded = True
            phone.socket.sendall(masked(HELLO))
        payloads, phone.data = split(phone.data)
        for payload in payloads:
            if payload == b"2":
                phone.pings += 1
                if not phone.silent:
                    phone.socket.sendall(masked(PONG))
            elif payload.startswith(b'42["board"'):
                if not phone.board:
                    self.live.append(time.monotonic())
                    phone.attempt = 0
                phone.board = payload

    def _come_back(self, phone: Phone) -> None:
        phone.board = b""
        self._due.append((time.monotonic() + self.backoff.wait(phone.attempt, self.chance), phone))
        phone.attempt += 1


def busiest(times: list[float], window: float) -> int:
    """The most that happened within any span of so many seconds."""
    within: deque[float] = deque()
    most = 0
    for at in sorted(times):
        within.append(at)
        while within[0] < at - window:
            within.popleft()
        most = max(most, len(within))
    return most
