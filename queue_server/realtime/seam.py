"""Where the fan-out takes hold of the libraries, all in one place and held by tests/realtime/test_seam.py.

engineio (4.15) calls `server._async["websocket"](socket._websocket_handler, server)`, so the handler's `__self__` is
the Engine.IO socket. Its writer takes packets by `socket.poll()`, which gives up after 20 s without one. It begins a
ping by `server.start_background_task(socket._send_ping)`, a greenlet for each client that sleeps ten seconds.

eventlet's websocket (0.41) has `socket`, whose `fd` is the real, non-blocking socket, and `_sendlock`, a semaphore
that whoever writes acquires and releases. Packets that wait for a client stand in its socket's `queue`, under either
worker with its items in `queue.queue`.

Websockets are taken up under eventlet alone: under another worker every client is served by the library.
"""

import socket
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from engineio.packet import MESSAGE, Packet
from engineio.socket import Socket

TAKEN_UP = "eventlet"
"""The async mode whose websockets are known here."""


class Wire:
    """One open websocket: where its frames are written to, and what stands in their way.

    It stands in for the websocket's lock, so that whether a frame is being written is known here.
    """

    __slots__ = ("_held", "_lock", "_queueing", "_websocket", "_working", "free", "items", "send", "settled")

    def __init__(self, engine_socket: Any, websocket: Any) -> None:
        self.items: deque[Any] = engine_socket.queue.queue
        """What the library has to say to this client before anybody else."""
        self.free = True
        """Whether nobody writes a frame or waits to begin one, and nobody works through frames that wait."""
        self.send: Callable[[bytes], int] = websocket.socket.fd.send
        """Writes what the socket takes now; raises BlockingIOError when that is nothing."""
        self.settled = False
        """Whether the client is no longer upgrading from polling: the library's writer is at work."""
        self._held = self._working = False
        self._queueing = 0
        self._websocket = websocket
        self._lock = websocket._sendlock
        websocket._sendlock = self

    @property
    def working(self) -> bool:
        """Whether somebody works through frames that wait."""
        return self._working

    @working.setter
    def working(self, value: bool) -> None:
        self._working = value
        self._tell()

    def acquire(self) -> None:
        """Begin a frame, when whoever is in the middle of one has finished it."""
        self._queueing += 1
        self._tell()
        try:
            self._lock.acquire()
            self._held = True
        finally:
            self._queueing -= 1
            self._tell()

    def release(self) -> None:
        """A frame was written whole, or never will be."""
        self._held = False
        self._tell()
        self._lock.release()

    def _tell(self) -> None:
        # Who waits for the lock wakes up a turn later than it is released, and has a frame to begin then.
        self.free = not (self._held or self._working or self._queueing)

    def finish(self, rest: bytes) -> None:
        """Write the rest of a frame that was begun; nobody else writes meanwhile. Waits for the client."""
        try:
            self._websocket.socket.sendall(rest)
        finally:
            self.release()

    def write(self, frame: bytes) -> None:
        """Write a frame when it is its turn. Waits for the client."""
        self._websocket._send(frame)

    def cut(self) -> None:
        """End the connection without waiting for it: its reader wakes up and tidies."""
        try:
            self._websocket.socket.fd.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


class NewsPacket(Packet):  # type: ignore[misc]
    """A packet that a newer one of the same event takes the place of while it waits."""

    def __init__(self, event: str, text: str) -> None:
        super().__init__(MESSAGE, text)
        self.event = event


def send_newest(server: Any, engine_id: str, packet: NewsPacket) -> None:
    """Leave a packet to the library: in place of an older one that waits for this client, else behind the rest."""
    engine_socket = server.eio.sockets.get(engine_id)
    items: deque[Any] = engine_socket.queue.queue if engine_socket is not None else deque()
    for place, waiting in enumerate(items):
        if isinstance(waiting, NewsPacket) and waiting.event == packet.event:
            items[place] = packet
            return
    server._send_eio_packet(engine_id, packet)


def watch_websockets(engine: Any, opened: Callable[[str, Any, Any], Wire], closed: Callable[[str], None]) -> None:
    """Tell of every websocket while it is open: the client's id, its Engine.IO socket, its websocket.

    `opened` returns the wire that was made of them.
    """
    factory = engine._async["websocket"]

    def make(handler: Callable[[Any], Any], server: Any) -> Any:
        engine_socket = handler.__self__  # type: ignore[attr-defined]

        def handle(websocket: Any) -> Any:
            wire = opened(engine_socket.sid, engine_socket, websocket)
            engine_socket.poll = partial(_packets, wire, engine_socket.queue)
            try:
                return handler(websocket)
            finally:
                closed(engine_socket.sid)
                # The overriding method holds the socket that holds it.
                del engine_socket.poll

        made = factory(handle, server)
        # A compressor for each client would cost more memory than everything else of it, and a frame of its own.
        made._negotiate_permessage_deflate = lambda _extensions: None
        return made

    engine._async = {**engine._async, "websocket": make}


def take_over_pings(engine: Any, ping_later: Callable[[Any], None]) -> Callable[..., Any]:
    """Have each ping that the library begins handed to `ping_later`; returns what starts all other tasks."""
    start: Callable[..., Any] = engine.start_background_task

    def start_background_task(target: Any, *arguments: Any, **named: Any) -> Any:
        if getattr(target, "__func__", None) is Socket._send_ping:
            return ping_later(target.__self__)
        return start(target, *arguments, **named)

    engine.start_background_task = start_background_task
    return start


def _packets(wire: Wire, queue: Any) -> list[Packet]:
    """What Socket.poll gives to the library's writer, without its end after 20 s.

    A websocket whose pings go past the queue may have nothing in it for hours.
    """
    wire.settled = True
    found = [queue.get()]
    while found[-1] is not None and not queue.empty():
        found.append(queue.get())
    for _ in found:
        queue.task_done()
    if found[-1] is None:
        found.pop()
        if found:
            # The library's own way to end at the next call.
            queue.put(None)
    return found
