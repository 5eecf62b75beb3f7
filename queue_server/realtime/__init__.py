"""Socket.IO: news out, no commands in.

Connecting yields the current board, so reconnecting is the recovery path. A whole board is sent, never a
delta: a client replaces what it shows if `version` is newer.
"""

import socket
import time
from collections.abc import Callable, Iterable
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import engineio.base_socket
import engineio.socket
import structlog
from flask import request
from flask_socketio import ConnectionRefusedError as Refusal
from flask_socketio import Namespace, SocketIO, emit, join_room

from queue_server.access import Actor, current_actor, still_valid
from queue_server.city import City
from queue_server.clock import stopwatch
from queue_server.context import Unknown, hall_or_404
from queue_server.domain.roles import Permission
from queue_server.health import CutReason, Metrics, Pulse
from queue_server.realtime.fanout import Fanout
from queue_server.realtime.frames import News
from queue_server.realtime.gate import LONGEST_MESSAGE_BYTES, Gate, log_bug, quiet_logger

__all__ = ["Gate"]

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

PING_SECONDS = 10
"""How often a client hears something even when nothing happens; it speaks of silence after 30 s."""

TICK_SECONDS = 1

SEND_BUFFER_BYTES = 64 * 1024
"""What the kernel may hold for one client: some ten boards. What is newer waits here, as one newest board."""


class DeskSockets:
    """Which sockets hear the desk view, and for whom: they are cut when the person or device may not any more."""

    def __init__(self) -> None:
        self._listening: dict[str, tuple[str, Actor]] = {}

    def add(self, socket_id: str, site: str, actor: Actor) -> None:
        """Remember for whom a socket listens to the desk view of a site."""
        self._listening[socket_id] = (site, actor)

    def forget(self, socket_id: str) -> None:
        """A socket is gone."""
        self._listening.pop(socket_id, None)

    def listen_to(self, site: str) -> bool:
        """Whether any socket hears the desk view of a site."""
        return any(site == listened for listened, _ in self._listening.values())

    def __len__(self) -> int:
        return len(self._listening)

    def outdated(self, city: City) -> list[str]:
        """The sockets of people who signed out, were idle for too long or lost their role, and of revoked devices."""
        return [each for each, (_, actor) in list(self._listening.items()) if not still_valid(city, actor)]


class HallNamespace(Namespace):  # type: ignore[misc]
    """What a client may do here: connect to the news of one site."""

    def __init__(self, namespace: str, desks: DeskSockets) -> None:
        super().__init__(namespace)
        self._desks = desks

    def on_disconnect(self, _reason: Any = None) -> None:
        """Forget a desk's socket."""
        self._desks.forget(request.sid)  # type: ignore[attr-defined]

    def on_connect(self, _auth: Any = None) -> None:
        """Join the site's room and hand over the current board; staff who ask for it also get the desk view."""
        try:
            hall = hall_or_404(request.args.get("site", ""))
        except Unknown as error:
            raise Refusal("unknown_site") from error
        join_room(f"site:{hall.site.id}")
        emit("board", hall.board.data)
        if request.args.get("desk") == "1":
            actor = current_actor(Permission.CALL)
            if actor is None or not actor.may(Permission.CALL):
                raise Refusal("not_signed_in")
            self._desks.add(request.sid, hall.site.id, actor)  # type: ignore[attr-defined]
            join_room(f"desk:{hall.site.id}")
            emit("desk", hall.desk_view.data)


class Broadcaster:
    """Sends the newest pictures to each site's rooms, framed once; a burst of changes leaves as one newest board."""

    def __init__(
        self, socketio: SocketIO, city: City, desks: DeskSockets, note_cut: Callable[[CutReason], None]
    ) -> None:
        """`note_cut` is told of each client that is dropped."""
        self._city = city
        self._desks = desks
        self._changed: set[str] = set()
        self._wake = socketio.server.eio.create_event()
        self._give_way = partial(socketio.sleep, 0)
        self._fanout = Fanout(socketio, note_cut)
        for hall in city.halls.values():
            hall.listen(self._note)

    def _note(self, site_id: str) -> None:
        """Runs in the command's own greenlet: only remembers, so that no command waits for a socket."""
        self._changed.add(site_id)
        self._wake.set()

    def run(self) -> None:
        """Send for ever; belongs into a background task.

        Whoever made the change is answered first: a clerk does not wait until thousands of phones have theirs.
        """
        while True:
            self._wake.wait()
            self._wake.clear()
            self._give_way()
            self.send_changed()

    def send_changed(self) -> None:
        """Send the newest picture of each site that has changed, however often, since this was done last."""
        while self._changed:
            self._send(self._changed.pop())

    def _send(self, site_id: str) -> None:
        hall = self._city.halls[site_id]
        try:
            # A picture is drawn only where somebody looks at it; the staff's view is the larger one.
            if self._fanout.has_listeners(f"site:{site_id}"):
                self._fanout.send(News("board", hall.board.body), f"site:{site_id}")
            if self._desks.listen_to(site_id):
                self._fanout.send(News("desk", hall.desk_view.body), f"desk:{site_id}")
        except Exception:
            log.exception("broadcast_failed", site=site_id)


class QuietErrors:
    """What a websocket library has to say when a screen is simply gone, at the level of debugging."""

    def write(self, text: str) -> None:
        """Take one remark."""
        log.debug("websocket", remark=text)

    def flush(self) -> None:
        """Nothing is held back."""


def quiet_websockets(wsgi_app: "WSGIApplication") -> "WSGIApplication":
    """Keep eventlet's remark on each closed socket out of the server's error stream, and the kernel's buffer small.

    Left alone, the kernel keeps up to four megabytes of old boards for each client that does not read.
    """

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("HTTP_UPGRADE", "").lower() == "websocket":
            environ["wsgi.errors"] = QuietErrors()
            connection = environ.get("gunicorn.socket")
            if connection is not None:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        return wsgi_app(environ, start_response)

    return serve


def tick_forever(socketio: SocketIO, city: City, desks: DeskSockets, pulse: Pulse, metrics: Metrics) -> None:
    """Let time do its work every second, and cut desks that may not listen any more; for a background task.

    What fails once, as a disk that does not read for a moment, is tried again a second later. The pulse beats only
    when the clock's work was done in every hall: what fails each second is a clock that stands still.
    """
    pulse.begin()
    while True:
        began = stopwatch()
        socketio.sleep(TICK_SECONDS)
        metrics.note_late(stopwatch() - began - TICK_SECONDS)
        try:
            if city.tick():
                pulse.beat()
            _cut_outdated(socketio, city, desks)
        except Exception:
            log.exception("tick_failed")


def checkpoint_forever(socketio: SocketIO, city: City) -> None:
    """Bring the database's log into its file now and then; for a background task of its own, which may wait for the
    disk."""
    while True:
        socketio.sleep(TICK_SECONDS)
        try:
            city.checkpoint_if_due()
        except Exception:
            log.exception("checkpoint_failed")


def _cut_outdated(socketio: SocketIO, city: City, desks: DeskSockets) -> None:
    for socket_id in desks.outdated(city):
        desks.forget(socket_id)
        socketio.server.disconnect(socket_id)


def live_by_monotonic_time() -> None:
    """Have engineio count how long a client does not answer by a clock that nobody sets.

    By the machine's clock, NTP's step forward would cut every client whose answer to a ping is on its way, and a step
    back would keep the dead ones for as long. Both modules ask `time.time()` for that, and for nothing else.
    """
    for module in (engineio.socket, engineio.base_socket):
        module.time = SimpleNamespace(time=time.monotonic)


def make_socketio(async_mode: str, desks: DeskSockets) -> SocketIO:
    """A Socket.IO server that only this host's own pages may connect to."""
    live_by_monotonic_time()
    socketio = SocketIO(
        async_mode=async_mode,
        ping_interval=PING_SECONDS,
        ping_timeout=PING_SECONDS,
        max_http_buffer_size=LONGEST_MESSAGE_BYTES,
        logger=quiet_logger(),
        engineio_logger=quiet_logger(),
        manage_session=False,
        cookie=None,
    )
    socketio.on_namespace(HallNamespace("/", desks))
    socketio.on_error_default(log_bug)
    return socketio


def count_sockets(socketio: SocketIO, desks: DeskSockets) -> dict[str, int]:
    """The open sockets by kind: of desks, of everybody else, not entered yet; and how many of all are polling."""
    engine_sockets = list(socketio.server.eio.sockets.values())
    entered = sum(1 for _ in socketio.server.manager.get_participants("/", None))
    return {
        "desk": len(desks),
        "public": entered - len(desks),
        "opening": len(engine_sockets) - entered,
        "polling": sum(not each.upgraded for each in engine_sockets),
    }
