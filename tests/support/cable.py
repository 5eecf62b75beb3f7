"""The network between a kiosk and its server: a TCP relay whose cable a test pulls, squeezes and mends."""

import contextlib
import socket
import struct
import threading
from enum import StrEnum
from types import TracebackType
from typing import Self

_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER for a close that the other side sees as a reset."""


class Line(StrEnum):
    """What the cable does."""

    THROUGH = "through"
    CUT = "cut"
    """Every connection is reset, and every new one as well."""
    SILENT = "silent"
    """Half-open: connections stay and new ones are accepted, but nothing comes through until it is mended or cut."""
    DEAF = "deaf"
    """What the kiosk says arrives; what the server answers does not."""


class Cable:
    """Listens on a port of its own and passes everything on to `target` on loopback, as long as it is whole."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._changed = threading.Condition()
        self._line = Line.THROUGH
        self._sockets: set[socket.socket] = set()
        self._closed = False
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def set(self, line: Line) -> None:
        """Make the cable so from now on. What a silent line held back arrives late once it is mended."""
        with self._changed:
            self._line = line
            if line is Line.CUT:
                self._reset_all()
            self._changed.notify_all()

    def close(self) -> None:
        """Take the cable away."""
        with self._changed:
            self._closed = True
            self._reset_all()
            self._changed.notify_all()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            with self._changed:
                if self._line is Line.CUT or self._closed:
                    _reset(near)
                    continue
                far = self._connect()
                if far is None:
                    _reset(near)
                    continue
                for each in (near, far):
                    # What comes in two pieces goes on in two, without a wait between them.
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self._sockets.add(each)
                for source, sink, answers in ((near, far, False), (far, near, True)):
                    thread = threading.Thread(target=self._pump, args=(source, sink, answers), daemon=True)
                    self._threads.append(thread)
                    thread.start()

    def _connect(self) -> socket.socket | None:
        try:
            return socket.create_connection(("127.0.0.1", self._target), timeout=2)
        except OSError:
            return None

    def _pump(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        source.settimeout(None)
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if not self._wait_until_through(source, answers):
                    break
                sink.sendall(data)
        # A line that is dead says nothing of an end either.
        if self._wait_until_through(source, answers):
            with self._changed:
                for each in (source, sink):
                    self._sockets.discard(each)
                    with contextlib.suppress(OSError):
                        # The thread of the other direction wakes up; a mere close would leave it reading for ever.
                        each.shutdown(socket.SHUT_RDWR)
                    each.close()

    def _wait_until_through(self, source: socket.socket, answers: bool) -> bool:
        """Wait until the line lets this direction through; False when the connection was reset meanwhile."""
        open_lines = {Line.THROUGH} if answers else {Line.THROUGH, Line.DEAF}
        with self._changed:
            self._changed.wait_for(lambda: self._line in open_lines or source not in self._sockets)
            return source in self._sockets

    def _reset_all(self) -> None:
        for each in self._sockets:
            _reset(each)
        self._sockets.clear()


def _reset(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        # A thread that reads from it wakes up.
        connection.shutdown(socket.SHUT_RD)
    connection.close()
