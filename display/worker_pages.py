"""What belongs to the page of a ticket beside itself: its worker, and what puts it on a phone's home screen."""

import json
from functools import cache
from io import BytesIO
from pathlib import Path

from flask import Response, current_app, request, url_for
from flask_babel import gettext
from PIL import Image, ImageDraw
from werkzeug.exceptions import NotFound

from display.pages import display
from queue_server.access import public
from queue_server.context import current_city
from queue_server.page_headers import HEADERS, OF_DOCUMENTS
from queue_server.static_files import DIGEST

WORKER = Path(__file__).parent / "static" / "js" / "ticket-worker.js"
PAGE_HEADERS = {
    **HEADERS,
    **OF_DOCUMENTS,
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
"""What a page that the worker kept is shown with: the same as one from the server."""

ICON_SIZES = (180, 192, 512)
"""180 is what an iPhone puts on its home screen; the others are for Android."""
ACCENT, PAPER = "#0017c1", "#ffffff"
SMOOTH = 4
"""An icon is drawn that many times as large: Pillow's polygons have hard edges."""


@display.get("/t/worker.js")
@public
def worker() -> Response:
    """What stands behind the pages of tickets; a browser lets it speak for the addresses below its own alone.

    It names the version of everything that pages are made with: any update makes it another one.
    """
    answer = Response(_worker_text(current_app.extensions[DIGEST][:16]), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@display.get("/t/app.webmanifest")
@public
def manifest() -> Response:
    """The page of a ticket as an app. Alike for everybody: without `start_url` it opens the page it was added from.

    (W3C Web Application Manifest, start_url member: the default is the document's own address.)
    """
    content = {
        "name": gettext("あなたの番号"),
        "short_name": gettext("受付番号"),
        "display": "standalone",
        "scope": "/t/",
        "background_color": PAPER,
        "theme_color": _accent(),
        "icons": [
            {
                "src": url_for("display.icon", size=size),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": use,
            }
            for size in ICON_SIZES[1:]
            for use in ("any", "maskable")
        ],
    }
    text = json.dumps(content, ensure_ascii=False)
    return Response(text, mimetype="application/manifest+json", headers={"Cache-Control": "max-age=3600"})


@display.get("/t/icon-<int:size>.png")
@public
def icon(size: int) -> Response:
    """The icon of a home screen: a slip in the city's own colour."""
    if size not in ICON_SIZES:
        raise NotFound
    return Response(_icon(size, _accent()), mimetype="image/png", headers={"Cache-Control": "max-age=86400"})


def _accent() -> str:
    return current_city().profile.look.accent or ACCENT


@cache
def _worker_text(version: str) -> str:
    head = f"const VERSION = {json.dumps(version)};\nconst HEADERS = {json.dumps(PAGE_HEADERS)};\n"
    return head + WORKER.read_text(encoding="utf-8")


@cache
def _icon(size: int, colour: str) -> bytes:
    """The slip of static/img/icon.svg on a full square: phones cut their own corners, up to a tenth on each side."""
    scale = size * SMOOTH / 32
    picture = Image.new("RGB", (size * SMOOTH, size * SMOOTH), colour)
    draw = ImageDraw.Draw(picture)

    def at(*numbers: float) -> list[float]:
        return [number * scale for number in numbers]

    draw.rounded_rectangle(at(8, 6, 24, 26), radius=2 * scale, fill=PAPER)
    for line in ((11, 10.5, 21, 10.5), (11, 21.5, 21, 21.5)):
        draw.line(at(*line), fill=colour, width=round(1.3 * scale))
    strokes = ((12.6, 18.8, 12.6, 13.4), (12.6, 13.4, 16, 18.6), (16, 18.6, 16, 13.4), (19.4, 13.4, 19.4, 18.8))
    for stroke in strokes:
        draw.line(at(*stroke), fill=colour, width=round(1.5 * scale))
    out = BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
