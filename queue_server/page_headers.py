"""What every answer of this project's web servers carries: nothing is loaded from elsewhere, and nobody frames a page
but the one that is made for it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors "
HEADERS = {
    "Content-Security-Policy": f"{POLICY}'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OF_DOCUMENTS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
}
"""They say nothing of what a document loads; on two dozen small files they would be 5 kB of a phone's first page."""
DOCUMENTS = frozenset({"text/html", "image/svg+xml"})
OF_PARTS = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}
"""What a style sheet or a module leaves with: opened by itself it may do nothing, and the rest speaks of documents. A
phone's first page has thirty of them, and on its line every header is loaded thirty times."""
PARTS = frozenset({"text/css", "text/javascript"})
_PARTS_DO_WITHOUT = ("Content-Disposition", "Last-Modified", "Accept-Ranges")
"""A name to save it under, which nobody does; the day of its last change, beside its ETag; a half of it."""
_HEADERS = [(name.lower(), (name, value)) for name, value in HEADERS.items()]
_OF_PARTS = [(name.lower(), (name, value)) for name, value in OF_PARTS.items()]
_ALL_HEADERS = [*_HEADERS, *((name.lower(), (name, value)) for name, value in OF_DOCUMENTS.items())]
OVER_HTTPS = ("Strict-Transport-Security", "max-age=31536000")

FRESH = "public, max-age=1, stale-while-revalidate=1, stale-if-error=15"
"""For what is the same for everybody and good for a second. A cache may go on for one more while it asks anew, and
for fifteen when nobody answers, which is a restart; after that a screen has to say that it hears nothing."""


def install(app: Flask) -> None:
    """Put the headers on every answer of an application."""
    app.after_request(_add_headers)


def framed_by_anybody(response: Response) -> Response:
    """Let pages of any host frame this answer: only for one with nothing to press and nothing secret."""
    response.headers["Content-Security-Policy"] = f"{POLICY}*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def with_headers(environ: "WSGIEnvironment", start_response: "StartResponse") -> "StartResponse":
    """For answers that are made before or beside Flask: `start_response` that adds the headers, and no-store."""

    def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
        given = {name.lower() for name, _ in headers}
        added = [*HEADERS.items(), ("Cache-Control", "no-store")]
        if environ.get("wsgi.url_scheme") == "https":
            added.append(OVER_HTTPS)
        return start_response(status, [*headers, *((n, v) for n, v in added if n.lower() not in given)], *error)

    return start


def _add_headers(response: Response) -> Response:
    given = {name.lower() for name, _ in response.headers}
    if _is_part(response):
        wanted = _OF_PARTS
        for name in _PARTS_DO_WITHOUT:
            response.headers.pop(name, None)
    else:
        wanted = _ALL_HEADERS if response.mimetype in DOCUMENTS else _HEADERS
    response.headers.extend([header for lower, header in wanted if lower not in given])
    if "Access-Control-Allow-Origin" in response.headers:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.is_secure:
        response.headers.setdefault(*OVER_HTTPS)
    return response


def _is_part(response: Response) -> bool:
    """Whether an answer is a file that pages are made with; a worker is none, since it acts by its own headers."""
    return (request.endpoint or "").endswith("static") and response.mimetype in PARTS
