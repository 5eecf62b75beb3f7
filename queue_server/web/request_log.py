"""One line a request that changed something, failed or took long; by its route, never by its path.

A path may carry a ticket's token, a query what somebody typed, a header who it is: none of it is logged. Reads that
went well are many and say little; they are counted (`queue_http_requests_total`) and logged for debugging alone.
"""

import re
import secrets

import structlog
from flask import Flask, Response, g, request

from queue_server.access import SAFE_METHODS, from_trusted_proxy
from queue_server.clock import stopwatch
from queue_server.context import current_metrics

log = structlog.get_logger()

HEADER = "X-Request-Id"
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
SLOW_SECONDS = 1.0


def install(app: Flask) -> None:
    """Log, count and name the requests of an application; before its door, so that a refused one has a name too."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    # A proxy's own name for it is kept, so that both logs can be read together; anybody else's is not.
    known = from_trusted_proxy() and _ID.fullmatch(given)
    g.request_id = given if known else secrets.token_hex(8)
    g.request_began = stopwatch()
    # The coroutine of a connection that is kept open serves one request after the other.
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    if "request_id" not in g:
        # Refused before it began, by Flask itself.
        return response
    seconds = stopwatch() - g.request_began
    response.headers[HEADER] = g.request_id
    current_metrics().note_request(request.endpoint, request.method, response.status_code, _kind(), seconds)
    noteworthy = (
        response.status_code >= 500
        or seconds >= SLOW_SECONDS
        or (request.method not in SAFE_METHODS and request.endpoint is not None)
    )
    line = log.bind(
        method=request.method if request.endpoint else None,
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
    )
    (line.info if noteworthy else line.debug)("request")
    return response


def _kind() -> str:
    if request.endpoint is None:
        return "page"
    if request.endpoint == "static" or request.endpoint.endswith(".static"):
        return "static"
    if request.method not in SAFE_METHODS:
        return "command"
    return "read" if request.path.startswith("/api/") else "page"
