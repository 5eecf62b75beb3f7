"""News to a room, framed once: the same bytes go to every websocket; who cannot take them gets the newest later.

The libraries encode and compress for each client, which costs several times a bare socket server. Here the frame is
made once and written to the socket of every client that is ready. All others (those that poll, are upgrading, or have
something of the library's in their queue) get the ordinary packet, which a newer one replaces while it waits. What
this takes of the libraries is in seam.py.
"""

from collections.abc import Callable
from typing import Any

import structlog
from flask_socketio import SocketIO

from queue_server.health import CutReason
from queue_server.realtime.frames import News
from queue_server.realtime.pings import Pings
from queue_server.realtime.seam import TAKEN_UP, NewsPacket, Wire, send_newest, watch_websockets

log = structlog.get_logger()

LONGEST_LAG_SECONDS = 20.0
"""A client that does not take one board in so long is dropped; connecting again yields it the newest one."""
NAMESPACE = "/"


class Line(Wire):
    """The way to one websocket: a frame at once, or the newest one of each event as soon as it can be taken."""

    __slots__ = ("_newest", "_note_cut")

    def __init__(self, engine_socket: Any, websocket: Any, note_cut: Callable[[CutReason], None]) -> None:
        """`note_cut` is told that the client was dropped."""
        super().__init__(engine_socket, websocket)
        self._note_cut = note_cut
        self._newest: dict[str, bytes] = {}
        """What waits, by event."""

    def at_once(self, frame: bytes) -> bool:
        """Write a frame now if nothing is in its way; False if something is, and nothing was written."""
        if not self.free or self.items or not self.settled:
            return False
        try:
            written = self.send(frame)
        except BlockingIOError:
            return False
        except OSError:
            # Its reader finds that the connection is broken.
            return True
        if written < len(frame):
            self.taken_in_part(frame, written)
        return True

    def keep(self, event: str, frame: bytes) -> None:
        """Write a frame when the client can take it, unless a newer one of the same event comes before."""
        self._newest[event] = frame
        self._work(b"")

    def not_taken(self, event: str, frame: bytes, error: OSError) -> None:
        """Go on after a write that failed: a full buffer is waited for; a broken connection its reader finds."""
        if isinstance(error, BlockingIOError):
            self.keep(event, frame)

    def taken_in_part(self, frame: bytes, written: int) -> None:
        """Go on after a write that came to an end in the middle of the frame."""
        # It is free, so this does not wait.
        self.acquire()
        self._work(frame[written:])

    def _work(self, rest: bytes) -> None:
        if not self.working:
            self.working = True
            _spawn(self._catch_up, rest)

    def _catch_up(self, rest: bytes) -> None:
        """Finish the frame that was begun, then write the newest ones there are; drop a client that takes none.

        Each frame has the whole time: who reads, however slowly, always has another one waiting on a busy morning.
        """
        try:
            if rest:
                with _patience(LONGEST_LAG_SECONDS):
                    self.finish(rest)
            while self._newest:
                with _patience(LONGEST_LAG_SECONDS):
                    self.write(self._newest.pop(next(iter(self._newest))))
        except TimeoutError:
            log.info("client_dropped")
            self._note_cut(CutReason.LAGGING)
            self.cut()
        except OSError:
            # It left while something waited for it.
            self.cut()
        finally:
            self._newest.clear()
            self.working = False


class Fanout:
    """Sends news to rooms of a Socket.IO server."""

    def __init__(self, socketio: SocketIO, note_cut: Callable[[CutReason], None]) -> None:
        """Take up the websockets and the pings of a server that has no clients yet.

        `note_cut` is told of each client that is dropped.
        """
        self._server = socketio.server
        self._note_cut = note_cut
        self._lines: dict[str, Line] = {}
        self._pings = Pings(self._server.eio, self._at_once)
        if socketio.async_mode == TAKEN_UP:
            watch_websockets(self._server.eio, self._opened, self._closed)

    def has_listeners(self, room: str) -> bool:
        """Whether there is anybody in a room."""
        return next(iter(self._server.manager.get_participants(NAMESPACE, room)), None) is not None

    def send(self, news: News, room: str) -> int:
        """Send to everybody in a room; returns how many of them got the bytes that were made once.

        A loop over thousands: what it asks of each line stands here and is no call (a fifth of its time).
        """
        others: list[str] = []
        everybody = 0
        frame, line_of = news.frame, self._lines.get
        size = len(frame)
        for _, engine_id in self._server.manager.get_participants(NAMESPACE, room):
            everybody += 1
            line = line_of(engine_id)
            if line is None or line.items or not line.settled:
                others.append(engine_id)
            elif not line.free:
                line.keep(news.event, frame)
            else:
                try:
                    written = line.send(frame)
                except OSError as error:
                    line.not_taken(news.event, frame, error)
                else:
                    if written < size:
                        line.taken_in_part(frame, written)
        if others:
            packet = NewsPacket(news.event, news.packet)
            for engine_id in others:
                send_newest(self._server, engine_id, packet)
        return everybody - len(others)

    def _opened(self, engine_id: str, engine_socket: Any, websocket: Any) -> Line:
        line = self._lines[engine_id] = Line(engine_socket, websocket, self._note_cut)
        return line

    def _closed(self, engine_id: str) -> None:
        self._lines.pop(engine_id, None)

    def _at_once(self, engine_id: str, frame: bytes) -> bool:
        line = self._lines.get(engine_id)
        return line is not None and line.at_once(frame)


def _spawn(function: Any, *arguments: object) -> None:
    import eventlet

    eventlet.spawn(function, *arguments)


def _patience(seconds: float) -> Any:
    """A block that ends with TimeoutError after so many seconds, whatever it waits for."""
    import eventlet

    return eventlet.Timeout(seconds, TimeoutError())
