"""A client that does not read gets the newest board, never a backlog: nginx takes little that it cannot pass on."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from queue_server.realtime import SEND_BUFFER_BYTES
from tests.support.proxy import Nginx

PATIENCE_SECONDS = 60
BLOCKED_SECONDS = 3
"""Nobody takes a byte for that long: all buffers on the way are full."""
BOARD_BYTES = 7_000
MOST_BYTES = 1_000_000
"""Measured: 0.3 to 0.7 MB with the file as it is, and 3.9 to 5.3 where nginx's send buffer is left to the kernel."""
HANDSHAKE = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
ASK = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: queue.example.jp\r\n"
    b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
)


class Pushing:
    """A server that opens one websocket, as the real one does, and pushes boards until nobody takes them."""

    def __init__(self, listener: socket.socket) -> None:
        self.pushed = 0
        self.full = threading.Event()
        self._listener = listener
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(4096)
            connection.sendall(HANDSHAKE)
            connection.settimeout(BLOCKED_SECONDS)
            try:
                while not self._over.is_set():
                    self.pushed += connection.send(b"x" * BOARD_BYTES)
            except TimeoutError:
                self.full.set()

    @classmethod
    @contextmanager
    def on_a_free_port(cls) -> Iterator[tuple["Pushing", int]]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            server = cls(listener)
            server._thread.start()
            try:
                yield server, listener.getsockname()[1]
            finally:
                server._over.set()
                server._thread.join(PATIENCE_SECONDS)


@contextmanager
def phone(nginx: Nginx) -> Iterator[ssl.SSLSocket]:
    """A websocket that is open, of a client whose own buffer is small."""
    with socket.socket() as plain:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
        plain.settimeout(PATIENCE_SECONDS)
        plain.connect(("127.0.0.1", nginx.port))
        with nginx.trust.wrap_socket(plain, server_hostname="127.0.0.1") as client:
            client.sendall(ASK)
            assert client.recv(12) == b"HTTP/1.1 101"
            yield client


def test_what_is_pushed_to_who_never_reads_soon_stands_still(tmp_path: Path) -> None:
    with (
        Pushing.on_a_free_port() as (server, port),
        Nginx(tmp_path / "nginx", port) as nginx,
        phone(nginx),
    ):
        assert server.full.wait(PATIENCE_SECONDS), "it takes without end"
        assert server.pushed < MOST_BYTES


def test_it_does_so_for_a_phone_that_read_for_hours_and_then_lost_its_signal(tmp_path: Path) -> None:
    """The kernel makes buffers larger for whoever reads fast."""
    with (
        Pushing.on_a_free_port() as (server, port),
        Nginx(tmp_path / "nginx", port) as nginx,
        phone(nginx) as client,
    ):
        read = 0
        while read < 10_000_000:
            read += len(client.recv(65_536))
        assert server.full.wait(PATIENCE_SECONDS), "it takes without end"
        assert server.pushed - read < MOST_BYTES
