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

FRESH = "public, max-age=1, stale-while-revalidate=1, stale-if-error=15"
"""For what is the same for everybody and good for a second. A cache may go on for one more while it asks anew, and
for fifteen when nobody answers, which is a restart; after that a screen has to say that it hears nothing."""


def install(app: Flask) -> None:
    """Put the headers on every answer of an application."""
    app.after_request(_add_headers)


def framed_by_anybody(response: Response) -> Response:
    """Let pages of any host frame this answer: only for one with nothing to press and nothing secret."""
    response.headers["Content-Security-Policy"] = f"{POLICY}*"
    return response


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
