"""The body of a request is read before anybody works on it: whole, within its bounds, and within a few seconds.

gunicorn waits for a request's head only as long as `keepalive` says, but for a body without end: a client that sends
a byte a minute would hold a coroutine and its memory for as long as it likes.
"""

import io
import itertools
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from queue_server.page_headers import with_headers
from queue_server.worker import give_way, patience

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_WAIT_SECONDS = 10.0
"""For 16 KiB: a line of 14 kbit/s."""
TURNS = 8
"""Requests one behind the other on one connection never wait by themselves; every so many, all others go on."""


def install(
    wsgi_app: "WSGIApplication", longest_bytes: int, longer_bytes: Mapping[str, int] | None = None
) -> "WSGIApplication":
    """The application behind this reader; a body longer than `longest_bytes` is left to it, cut off just beyond.

    `longer_bytes` are the bounds of the paths that may take more.
    """

    turns = itertools.count()

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if next(turns) % TURNS == 0:
            give_way()
        if _has_body(environ):
            try:
                with patience(LONGEST_WAIT_SECONDS):
                    longest = (longer_bytes or {}).get(environ["PATH_INFO"], longest_bytes)
                    body = environ["wsgi.input"].read(_wanted(environ, longest))
            except (TimeoutError, OSError):
                return _too_slow(with_headers(environ, start_response))
            environ["wsgi.input"] = io.BytesIO(body)
            if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None or len(body) < _length(environ):
                environ["CONTENT_LENGTH"] = str(len(body))
        return wsgi_app(environ, start_response)

    return serve


def _has_body(environ: "WSGIEnvironment") -> bool:
    return _length(environ) > 0 or "HTTP_TRANSFER_ENCODING" in environ


def _length(environ: "WSGIEnvironment") -> int:
    text = environ.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdecimal() else 0


def _wanted(environ: "WSGIEnvironment", longest_bytes: int) -> int:
    """How much to read: what is announced, at most a byte more than is allowed, which is how too much is seen."""
    announced = longest_bytes + 1 if "HTTP_TRANSFER_ENCODING" in environ else _length(environ)
    return min(announced, longest_bytes + 1)


def _too_slow(start_response: Any) -> Iterable[bytes]:
    body = json.dumps({"code": "too_slow", "message": "too_slow"}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Connection", "close")]
    start_response("408 Request Timeout", headers)
    return [body]
