"""A request is read before anybody works on it: its body whole, within its bounds, and within a few seconds.

gunicorn waits for a request's head only as long as `keepalive` says, but for a body without end: a client that sends
a byte a minute would hold a coroutine and its memory for as long as it likes. And it hands on what came of a body
whose connection broke off, as if that were all: "taro@example.co" for what should have ended in ".com".

Of the head, what no browser sends and Flask's own parts stumble over is put right or refused here.
"""

import io
import itertools
import json
from collections.abc import Iterable, Mapping
from string import punctuation
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

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
        _put_query_right(environ)
        if not _may_be_a_host(environ.get("HTTP_HOST", "")):
            return _refuse(environ, start_response, "400 Bad Request", "malformed_request")
        if _has_body(environ):
            try:
                body = _whole_body(environ, (longer_bytes or {}).get(environ["PATH_INFO"], longest_bytes))
            except TimeoutError:
                return _refuse(environ, start_response, "408 Request Timeout", "too_slow")
            except (OSError, EOFError):
                # An OSError is gunicorn's too, for chunks that end early or are none.
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


def _whole_body(environ: "WSGIEnvironment", longest_bytes: int) -> bytes:
    """The body; of one that is too long a byte more than is allowed, which is how too much is seen.

    Raises TimeoutError, OSError, and EOFError where it ends before its announced length.
    """
    chunked = "HTTP_TRANSFER_ENCODING" in environ
    wanted = longest_bytes + 1 if chunked else min(_length(environ), longest_bytes + 1)
    with patience(LONGEST_WAIT_SECONDS):
        body: bytes = environ["wsgi.input"].read(wanted)
    if len(body) < wanted and not chunked:
        raise EOFError
    return body


def _hang_up_after(start_response: Any) -> None:
    """Have gunicorn close the connection after this answer; a `Connection` of an application's own it passes over.

    The seam: `start_response` is a method of gunicorn's response. Held by tests/web/test_reading_ahead.py.
    """
    force_close = getattr(getattr(start_response, "__self__", None), "force_close", None)
    if force_close is not None:
        force_close()


def _put_query_right(environ: "WSGIEnvironment") -> None:
    """Give bytes that no query may have the form in which it may have them (RFC 3986, section 2.1)."""
    query = environ.get("QUERY_STRING", "")
    if not query.isascii():
        environ["QUERY_STRING"] = quote(query, safe=punctuation, encoding="latin-1")


def _may_be_a_host(host: str) -> bool:
    """Whether a `Host` can be the name of one: without that, no page can be made, not even one that says so."""
    try:
        host.partition(":")[0].encode("idna")
    except UnicodeError:
        return False
    return True


def _refuse(environ: "WSGIEnvironment", start_response: "StartResponse", status: str, code: str) -> Iterable[bytes]:
    _hang_up_after(start_response)
    body = json.dumps({"code": code, "message": code}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    with_headers(environ, start_response)(status, headers)
    return [body]
