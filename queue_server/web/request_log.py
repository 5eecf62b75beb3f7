"""One line a request that changed something, failed or took long; by its route, never by its path.

A path may carry a ticket's token, a query what somebody typed, a header who it is: none of it is logged. Reads that
went well are many and say little; they are counted (`queue_http_requests_total`) and logged for debugging alone.
"""

import re
import secrets

import structlog
from flask import Flask, Response, g, request
from werkzeug.routing import Rule

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
    known = given and _ID.fullmatch(given) and from_trusted_proxy()
    g.request_id = given if known else secrets.token_hex(8)
    g.request_began = stopwatch()
    # The coroutine of a connection that is kept open serves one request after the other: each has its own name.
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    began = g.get("request_began")
    if began is None:
        # Refused before it began, by Flask itself.
        return response
    seconds, status, rule, method = stopwatch() - began, response.status_code, request.url_rule, request.method
    endpoint = rule.endpoint if rule is not None else None
    changes = rule is not None and method not in SAFE_METHODS
    kind = "command" if changes else _kind(rule)
    if kind != "static":
        response.headers[HEADER] = g.request_id
    current_metrics().note_request(endpoint, method, status, kind, seconds)
    (log.info if changes or status >= 500 or seconds >= SLOW_SECONDS else log.debug)(
        "request",
        method=method if rule is not None else None,
        route=rule.rule if rule is not None else None,
        status=status,
        ms=round(seconds * 1000, 1),
    )
    return response


def _kind(rule: Rule | None) -> str:
    if rule is None:
        return "page"
    if rule.endpoint == "static" or rule.endpoint.endswith(".static"):
        return "static"
    return "read" if rule.rule.startswith("/api/") else "page"
