"""News to a room, framed once: the same bytes go to every websocket; who cannot take them gets the newest later.

The libraries encode and compress for each client, which costs several times a bare socket server. Here the frame is
made once and written to the socket of every client that is ready. All others (those that poll, are upgrading, or have
something of the library's in their queue) get the ordinary packet.

The seam to the libraries, in one place and held by tests/realtime/test_fanout.py: engineio calls
`server._async["websocket"](socket._websocket_handler, server)`, so the handler's `__self__` is the Engine.IO socket;
eventlet's websocket has `socket` (its `fd` is the real, non-blocking socket) and `_sendlock`, which whoever writes
holds. Under another worker nothing is taken up, and every client gets the ordinary packet.
"""

from collections.abc import Callable
from typing import Any

import structlog
from engineio.packet import MESSAGE, Packet
from flask_socketio import SocketIO

from queue_server.realtime.frames import News

log = structlog.get_logger()

LONGEST_LAG_SECONDS = 20.0
"""A client that takes nothing for so long is dropped; connecting again yields it the newest board."""
NAMESPACE = "/"


class Line:
    """The way to one websocket: a frame at once, or the newest one as soon as it can be taken."""

    def __init__(self, engine_socket: Any, websocket: Any) -> None:
        self._engine_socket = engine_socket
        self._websocket = websocket
        self._newest: bytes | None = None
        self._busy = False

    @property
    def ready(self) -> bool:
        """Whether the library has nothing to say to this client before."""
        engine_socket = self._engine_socket
        return bool(engine_socket.upgraded and not engine_socket.upgrading and engine_socket.queue.empty())

    def give(self, frame: bytes) -> None:
        """Write a frame now if the socket takes it whole; else a greenlet goes on, and a newer frame replaces it."""
        if self._busy or self._websocket._sendlock.locked():
            self._newest = frame
            self._work(b"")
            return
        try:
            written = self._websocket.socket.fd.send(frame)
        except BlockingIOError:
            written = 0
        except OSError:
            # Its reader finds the same, and ends the connection.
            return
        if written == len(frame):
            return
        if written:
            self._websocket._sendlock.acquire(blocking=False)
            self._work(frame[written:])
        else:
            self._newest = frame
            self._work(b"")

    def _work(self, rest: bytes) -> None:
        if not self._busy:
            self._busy = True
            _spawn(self._catch_up, rest)

    def _catch_up(self, rest: bytes) -> None:
        """Finish the frame that was begun, then write the newest one there is; drop a client that takes nothing."""
        try:
            with _patience(LONGEST_LAG_SECONDS):
                if rest:
                    try:
                        self._websocket.socket.sendall(rest)
                    finally:
                        self._websocket._sendlock.release()
                while self._newest is not None:
                    frame, self._newest = self._newest, None
                    self._websocket._send(frame)
        except (OSError, TimeoutError) as error:
            log.info("client_dropped", reason=type(error).__name__)
            _shut(self._websocket)
        finally:
            self._busy = False


class Fanout:
    """Sends news to rooms of a Socket.IO server."""

    def __init__(self, socketio: SocketIO) -> None:
        """Take up the websockets of a server that has none yet."""
        self._server = socketio.server
        self._lines: dict[str, Line] = {}
        if socketio.async_mode == "eventlet":
            engine = self._server.eio
            engine._async = {**engine._async, "websocket": self._watching(engine._async["websocket"])}

    def has_listeners(self, room: str) -> bool:
        """Whether there is anybody in a room."""
        return next(iter(self._server.manager.get_participants(NAMESPACE, room)), None) is not None

    def send(self, news: News, room: str) -> int:
        """Send to everybody in a room; returns how many of them got the bytes that were made once."""
        shared = 0
        packet: Packet | None = None
        for _, engine_id in list(self._server.manager.get_participants(NAMESPACE, room)):
            line = self._lines.get(engine_id)
            if line is not None and line.ready:
                line.give(news.frame)
                shared += 1
            else:
                packet = packet or Packet(MESSAGE, news.packet)
                self._server._send_eio_packet(engine_id, packet)
        return shared

    def _watching(self, factory: Callable[..., Any]) -> Callable[..., Any]:
        """The library's maker of websockets, of which each is known here while it is open."""

        def make(handler: Callable[[Any], Any], server: Any) -> Any:
            engine_socket = handler.__self__  # type: ignore[attr-defined]

            def handle(websocket: Any) -> Any:
                self._lines[engine_socket.sid] = Line(engine_socket, websocket)
                try:
                    return handler(websocket)
                finally:
                    self._lines.pop(engine_socket.sid, None)

            made = factory(handle, server)
            # A compressor for each client would cost more memory than everything else of it, and a frame of its own.
            made._negotiate_permessage_deflate = lambda _extensions: None
            return made

        return make


def _spawn(function: Callable[..., object], *arguments: object) -> None:
    import eventlet

    eventlet.spawn(function, *arguments)


def _patience(seconds: float) -> Any:
    """A block that ends with TimeoutError after so many seconds, whatever it waits for."""
    import eventlet

    return eventlet.Timeout(seconds, TimeoutError())


def _shut(websocket: Any) -> None:
    """End a connection without waiting for it: its reader wakes up and tidies."""
    import socket

    try:
        websocket.socket.fd.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
