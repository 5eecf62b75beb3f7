"""What every answer of this project's web servers carries: nothing is loaded from elsewhere, and nobody frames a page
but the one that is made for it."""

from flask import Flask, Response, request

POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors "
HEADERS = {
    "Content-Security-Policy": f"{POLICY}'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
OF_A_FILE = {"X-Content-Type-Options": "nosniff"}
"""What a style sheet or a module needs of it: the rest speaks of documents, and no browser asks a part for it.

A phone loads thirty of them, and on its line the headers would weigh a sixth of the page.
"""
PARTS = frozenset({"text/css", "text/javascript"})


def install(app: Flask) -> None:
    """Put the headers on every answer of an application."""
    app.after_request(_add_headers)


def framed_by_anybody(response: Response) -> Response:
    """Let pages of any host frame this answer: only for one with nothing to press and nothing secret."""
    response.headers["Content-Security-Policy"] = f"{POLICY}*"
    return response


def _add_headers(response: Response) -> Response:
    part = _is_part(response)
    if part:
        # A name to save it under, which nobody does; the day of its last change, beside its ETag.
        for name in ("Content-Disposition", "Last-Modified"):
            response.headers.pop(name, None)
    for name, value in (OF_A_FILE if part else HEADERS).items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _is_part(response: Response) -> bool:
    """Whether an answer is a file that pages are made with; a worker is none, since it acts by its own headers."""
    return (request.endpoint or "").endswith("static") and response.mimetype in PARTS
