"""The body of a request is read before anybody works on it: whole, within its bounds, and within a few seconds.

gunicorn waits for a request's head only as long as `keepalive` says, but for a body without end: a client that sends
a byte a minute would hold a coroutine and its memory for as long as it likes. And it hands on what came of a body
whose connection broke off, as if that were all: "taro@example.co" for what should have ended in ".com".
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
    wsgi_app: "WSGIApplication",
    unreadable: "WSGIApplication",
    longest_bytes: int,
    longer_bytes: Mapping[str, int] | None = None,
) -> "WSGIApplication":
    """The application behind this reader; a body longer than `longest_bytes` is left to it, cut off just beyond.

    `longer_bytes` are the bounds of the paths that may take more. A request whose body ends before its announced
    length or its last chunk is incomplete (RFC 9112, section 8) and never carried out: `unreadable` answers it, as it
    does one whose chunks cannot be read. After that, and after a body that did not come in time, the connection is
    closed: where the next request begins on it, nobody knows.
    """

    turns = itertools.count()

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if next(turns) % TURNS == 0:
            give_way()
        if _has_body(environ):
            chunked = "HTTP_TRANSFER_ENCODING" in environ
            longest = (longer_bytes or {}).get(environ["PATH_INFO"], longest_bytes)
            # A byte more than is allowed is how too much is seen.
            wanted = longest + 1 if chunked else min(_length(environ), longest + 1)
            try:
                with patience(LONGEST_WAIT_SECONDS):
                    body = environ["wsgi.input"].read(wanted)
            except TimeoutError:
                _hang_up_after(start_response)
                return _too_slow(with_headers(environ, start_response))
            except OSError:
                # Of gunicorn too, for chunks that end early or are none.
                body = None
            if body is None or (len(body) < wanted and not chunked):
                _hang_up_after(start_response)
                environ["wsgi.input"] = io.BytesIO()
                return unreadable(environ, start_response)
            environ["wsgi.input"] = io.BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ.pop("HTTP_TRANSFER_ENCODING", None)
        return wsgi_app(environ, start_response)

    return serve


def _has_body(environ: "WSGIEnvironment") -> bool:
    return _length(environ) > 0 or "HTTP_TRANSFER_ENCODING" in environ


def _length(environ: "WSGIEnvironment") -> int:
    text = environ.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdecimal() else 0


def _hang_up_after(start_response: Any) -> None:
    """Have gunicorn close the connection after this answer; a `Connection` of an application's own it passes over.

    The seam: `start_response` is a method of gunicorn's response. Held by tests/web/test_reading_ahead.py.
    """
    force_close = getattr(getattr(start_response, "__self__", None), "force_close", None)
    if force_close is not None:
        force_close()


def _too_slow(start_response: Any) -> Iterable[bytes]:
    body = json.dumps({"code": "too_slow", "message": "too_slow"}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response("408 Request Timeout", headers)
    return [body]
