"""What a client may send here, and how much: almost nothing, since news goes out and no commands come in.

A page opens a socket, enters one site's news once, answers pings, and may leave. Whoever sends anything else, a
second entry, attachments, or more bytes than that takes, is cut off: no client can fill the memory with a message
that never ends, nor hold the event loop with frames that never stop.

The seam to the libraries, held by tests/realtime/test_gate.py: engineio keeps its handlers in `server.handlers`, and
makes websockets by `server._async["websocket"](socket._websocket_handler, server)`; eventlet's websocket reads from
`socket`. Under gevent bytes are not counted; the libraries' own limit on a message holds there.
"""

import json
import logging
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import structlog
from flask import Flask
from flask_socketio import SocketIO

from queue_server.access import TooOften, client_address
from queue_server.access.pace import EXTENSION, Pace
from queue_server.health import CutReason
from queue_server.page_headers import with_headers
from queue_server.realtime.metering import Meter, MeteredSocket

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

PATH = "/socket.io/"
LONGEST_MESSAGE_BYTES = 1_024
"""Of a client; the longest that a page sends are the 40 bytes of its entry."""
POST_BYTES = 8
"""What a posted packet counts beside its own bytes: as much as its frame on a websocket, and more."""
MOST_WAITING = 64
"""Packets that wait for a client that polls: a newer board takes the place of the one that waits, so a page of ours
has a handful; the library adds one for each upgrade that is begun and left."""
POSTED = (b"1", b"3", b"4")
"""What a client that polls may post: CLOSE, PONG and MESSAGE of Engine.IO, version 4. The library answers an UPGRADE,
which belongs on the new websocket, with a packet that waits until it is fetched; "d=" is the post of a script."""
_KEY = re.compile(r"[A-Za-z0-9+/]{22}==")
"""16 bytes in base64: RFC 6455, 4.1."""
NAMESPACE = "/"
ENTER, LEAVE = "0", "1"
"""CONNECT and DISCONNECT of the Socket.IO protocol, version 5; in the namespace /, which needs no name."""


class Gate:
    """Stands before the Socket.IO server of an application."""

    def __init__(
        self, socketio: SocketIO, note_cut: Callable[[CutReason], None], forget_desk: Callable[[str], None]
    ) -> None:
        """Take the server's handlers over; after `Fanout`, which knows the websockets.

        `note_cut` is told why a socket was cut; `forget_desk` of a Socket.IO id that is gone.
        """
        self._manager = socketio.server.manager
        self._engine = engine = socketio.server.eio
        self._note_cut = note_cut
        self._forget_desk = forget_desk
        self._entered: set[str] = set()
        self._meters: dict[str, Meter] = {}
        """Of the clients that post, by Engine.IO id."""
        self._take, self._forget = engine.handlers["message"], engine.handlers["disconnect"]
        engine.on("message", self._message)
        engine.on("disconnect", self._gone)
        self._disconnect_all, engine.disconnect = engine.disconnect, self._disconnect
        if socketio.async_mode in ("eventlet", "gevent"):
            factory = self._guarding(engine._async["websocket"], metered=socketio.async_mode == "eventlet")
            engine._async = {**engine._async, "websocket": factory}

    def before(self, app: Flask, pages: "WSGIApplication", sockets: "WSGIApplication") -> "WSGIApplication":
        """Both behind this gate: `sockets` answers the requests that open or carry a socket, `pages` all others.

        The library's own way to the pages makes a class and copies the environment for each request.
        """

        def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            if not environ.get("PATH_INFO", "").startswith(PATH):
                return pages(environ, start_response)
            start = with_headers(environ, start_response)
            # Origin is compared with the name and the scheme that gunicorn took from a trusted proxy, and no others.
            for name in ("HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO"):
                environ.pop(name, None)
            # Read as the library reads it: what it takes for a name is one here too.
            query = parse_qs(environ.get("QUERY_STRING", ""))
            # A script of another page could read answers that are scripts ("j", JSONP).
            if "j" in query or _asks_unsoundly(environ, query) or not self._may_go_on(environ, query):
                return _refuse(start, "400 Bad Request", "malformed_request")
            if "sid" not in query:
                pace: Pace = app.extensions[EXTENSION]
                try:
                    with app.request_context(environ):
                        pace.note_socket(client_address())
                except TooOften as refused:
                    return _refuse(start, "429 Too Many Requests", "too_often", ("Retry-After", str(refused.seconds)))
            try:
                return sockets(environ, start)
            except KeyError as error:
                # So the library says that a session was closed between two requests of it.
                log.debug("socket_session_gone", error=type(error).__name__)
                return _refuse(start, "400 Bad Request", "malformed_request")
            except Exception as error:
                if "HTTP_UPGRADE" in environ:
                    # A connection that was a websocket takes no answer any more; the worker knows how each kind ends.
                    raise
                # Here, and not in gunicorn, which would log the address with all that is in it.
                log_bug(error)
                return _refuse(start, "500 Internal Server Error", "server_error")

        return serve

    def _may_go_on(self, environ: "WSGIEnvironment", query: dict[str, list[str]]) -> bool:
        """Whether a request is for the library; cuts off a client that was let in and fills the memory."""
        engine_id = query.get("sid", [""])[0]
        engine_socket = self._engine.sockets.get(engine_id)
        if engine_socket is None:
            # It opens a socket, or the library says that it knows no such one.
            return True
        reason = None
        if engine_socket.queue.qsize() > MOST_WAITING:
            reason = CutReason.TOO_MUCH
        elif environ.get("REQUEST_METHOD") == "POST":
            reason = self._what_is_wrong_with_post(engine_id, environ)
        if reason is not None:
            self._cut(engine_id, reason)
        return reason is None

    def _what_is_wrong_with_post(self, engine_id: str, environ: "WSGIEnvironment") -> CutReason | None:
        """Why a client has to be cut off for what it posts; what was read is there for the library again."""
        body = environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), LONGEST_MESSAGE_BYTES + 1))
        environ["wsgi.input"] = BytesIO(body)
        packets = body.split(b"\x1e")
        if not self._meters.setdefault(engine_id, Meter()).holds(len(body) + POST_BYTES * len(packets)):
            return CutReason.TOO_MUCH
        return None if all(packet.startswith(POSTED) for packet in packets) else CutReason.UNEXPECTED_MESSAGE

    def _message(self, engine_id: str, data: Any) -> Any:
        """Let a client enter once and leave; cut off whoever wants anything else."""
        if not isinstance(data, dict | list | str) or not self._may(engine_id, data):
            self._cut(engine_id, CutReason.UNEXPECTED_MESSAGE)
            return None
        try:
            return self._take(engine_id, data)
        finally:
            if self._is_gone(engine_id):
                self._clear_away(engine_id)

    def _is_gone(self, engine_id: str) -> bool:
        engine_socket = self._engine.sockets.get(engine_id)
        return engine_socket is None or bool(engine_socket.closed)

    def _clear_away(self, engine_id: str) -> None:
        """A client that went while it was let in: the library forgets it only before, and would keep it for ever."""
        self._gone(engine_id, self._engine.reason.TRANSPORT_CLOSE)
        socket_id = self._manager.sid_from_eio_sid(engine_id, NAMESPACE)
        if socket_id is not None:
            self._manager.disconnect(socket_id, NAMESPACE, ignore_queue=True)
            self._forget_desk(socket_id)

    def _may(self, engine_id: str, data: Any) -> bool:
        # engineio has read a message of one figure as JSON.
        text = data if isinstance(data, str) else json.dumps(data)
        if text == LEAVE:
            return True
        if text != ENTER and not text.startswith(ENTER + "{"):
            return False
        if engine_id in self._entered or self._is_gone(engine_id):
            return False
        self._entered.add(engine_id)
        return True

    def _gone(self, engine_id: str, reason: Any) -> Any:
        self._entered.discard(engine_id)
        self._meters.pop(engine_id, None)
        return self._forget(engine_id, reason)

    def _cut(self, engine_id: str, reason: CutReason) -> None:
        if not self._is_gone(engine_id):
            self._note_cut(reason)
            self._disconnect(engine_id)

    def _disconnect(self, engine_id: str | None = None) -> None:
        """As the library does it, but without waiting until a client has taken what was meant for it: some never do,
        and whoever waits (the clock's work, when a desk is cut) would wait for ever."""
        if engine_id is None:
            self._disconnect_all()
            return
        engine_socket = self._engine.sockets.get(engine_id)
        if engine_socket is not None:
            engine_socket.close(wait=False, reason=self._engine.reason.SERVER_DISCONNECT)
            self._engine.sockets.pop(engine_id, None)

    def _guarding(self, factory: Callable[..., Any], *, metered: bool) -> Callable[..., Any]:
        """The library's maker of websockets; what each of them cannot read ends it, and what it reads is counted."""

        def make(handler: Callable[[Any], Any], server: Any) -> Any:
            engine_socket = handler.__self__  # type: ignore[attr-defined]

            def handle(websocket: Any) -> Any:
                if metered:
                    websocket.socket = MeteredSocket(websocket.socket, lambda: self._note_cut(CutReason.TOO_MUCH))
                else:
                    websocket.close = _quiet(websocket.close)
                try:
                    return handler(websocket)
                except Exception as error:
                    # What the library could not read is the client's fault; a socket is left in order all the same.
                    self._note_cut(CutReason.UNREADABLE)
                    log.debug("websocket_unreadable", error=type(error).__name__)
                    engine_socket.queue.put(None)
                    engine_socket.close(wait=False, abort=True)
                    return []

            # Whoever made the factory looks here for the Engine.IO socket.
            handle.__self__ = engine_socket  # type: ignore[attr-defined]
            return factory(handle, server)

        return make


def log_bug(error: Exception) -> None:
    """Log what is a mistake of this program and no client's."""
    log.error("unhandled_error", endpoint="socket", exc_info=error)


def quiet_logger() -> logging.Logger:
    """For the libraries, which report each mistake of a client with a traceback; our own are logged by us."""
    logger = logging.getLogger("queue_server.realtime.libraries")
    logger.setLevel(logging.CRITICAL)
    return logger


def _quiet(close: Callable[[], Any]) -> Callable[[], None]:
    """The close of a websocket under gevent, whose goodbye fails where the client has gone already."""

    def close_quietly() -> None:
        with suppress(OSError):
            close()

    return close_quietly


def _asks_unsoundly(environ: "WSGIEnvironment", query: dict[str, list[str]]) -> bool:
    """Whether a websocket is asked for otherwise than RFC 6455, 4.1 has it: the libraries would try, and break."""
    asks = query.get("transport", [""])[0] == "websocket"
    if not asks and "HTTP_UPGRADE" not in environ:
        return False
    return not (
        environ.get("REQUEST_METHOD") == "GET"
        and environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        and "upgrade" in environ.get("HTTP_CONNECTION", "").lower()
        and environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13"
        and _KEY.fullmatch(environ.get("HTTP_SEC_WEBSOCKET_KEY", ""))
        and asks
    )


def _refuse(start_response: "StartResponse", status: str, code: str, *headers: tuple[str, str]) -> Iterable[bytes]:
    body = json.dumps({"code": code, "message": code}).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers])
    return [body]
