"""gzip for what is public: pages, boards and static text, so that a phone on a slow line loads little.

Never an answer in which a cookie puts a secret beside what a visitor sent (BREACH): staff pages, forms with a CSRF
token and every answer to somebody who is signed in leave as they are. The page of a ticket may be packed: its one
secret is its address, so whoever could have it asked for often, to learn from its length, has the secret already.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

TEXTS = frozenset(
    {"text/html", "text/css", "text/javascript", "application/javascript", "application/json", "image/svg+xml"}
)
LEAST_BYTES = 600
"""Below that an answer fits into one packet anyway."""
LARGEST_BYTES = 1024 * 1024
LEVEL = 6
PUBLIC_PAGES = frozenset(
    {
        "display.city",
        "display.status",
        "display.course_part",
        "display.calendar",
        "display.embed",
        "display.board",
        "display.validity",
        "api.openapi",
        "api.sites",
        "api.board",
        "api.names",
        "api.ngsi",
        "api.forecast",
    }
)
"""The endpoints whose answers are the same for everybody, in one language, and hold nothing secret."""
HOLDERS_PAGES = frozenset({"display.ticket", "display.leave_question", "display.worker"})
"""What a holder's phone loads, one for each: packed, and not remembered here."""


def install(app: Flask) -> None:
    """Compress the public answers of an application."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if not _may_be_compressed(response):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or request.accept_encodings.quality("gzip") <= 0:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if not LEAST_BYTES <= len(body) <= LARGEST_BYTES:
        return response
    response.set_data(_gzip.__wrapped__(body) if request.endpoint in HOLDERS_PAGES else _gzip(body))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag is not None:
        # Other bytes of the same thing: a weak tag, which a conditional request compares just as well.
        response.set_etag(etag, weak=True)
    return response


def _may_be_compressed(response: Response) -> bool:
    endpoint = request.endpoint or ""
    static = endpoint == "static" or endpoint.endswith(".static")
    return (
        (static or endpoint in PUBLIC_PAGES | HOLDERS_PAGES)
        and request.method == "GET"
        and response.mimetype in TEXTS
        and "Range" not in request.headers
        and "Content-Encoding" not in response.headers
        and "Set-Cookie" not in response.headers
    )


@lru_cache(maxsize=256)
def _gzip(body: bytes) -> bytes:
    """The same bytes are compressed once: static files, and a page or board that many ask for in the same second."""
    return gzip.compress(body, LEVEL, mtime=0)
