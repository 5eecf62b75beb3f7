"""The hall's screens: their pages, what they show between calls, the city's colours, and their sign of life."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path

from flask import Response, jsonify, make_response, render_template, request, send_from_directory, url_for
from flask_babel import force_locale
from werkzeug.exceptions import NotFound

from display import screens, slides, view, words
from display.announcements import voice_view
from display.board_words import names, tongues
from display.pages import display
from queue_server.access import public
from queue_server.context import Unknown, current_city, hall_or_404
from queue_server.domain.boards import BoardScreen, Layout, Look
from queue_server.hall import Hall
from queue_server.languages import locale_of, offered
from queue_server.ticket_qr import public_address, qr_drawing

PAGE_KEY = re.compile(r"[0-9a-f]{16}")
LOGOS = frozenset({".png", ".svg", ".jpg", ".jpeg", ".webp"})
SLIDE_POLICY = "default-src 'self' 'unsafe-inline' data:; sandbox; frame-ancestors 'self'"
"""A city's own page between calls may style itself, and runs no script."""


@display.get("/board/<site_id>")
@display.get("/board/<site_id>/<screen_id>")
@public
def board(site_id: str, screen_id: str = "") -> Response:
    """A screen of a hall, read from ten metres; the main one where none is named."""
    hall = hall_or_404(site_id)
    screen = _in_language(_screen(hall, screen_id), request.args.get("lang", ""))
    shown = screens.share_of(hall.board.data, hall.site, screen)
    look = current_city().profile.look
    panels = _panels(hall, screen, shown) if screen.layout is Layout.COUNTER else [None]
    with force_locale(locale_of(screen.languages[0])):
        page = render_template(
            "display/board.html",
            view=view,
            words=words,
            messages=words.messages(),
            site=hall.site,
            screen=screen,
            settings={**screens.settings_of(hall.site, screen), "key": _key(hall, screen)},
            tongues=tongues(hall.site, screen),
            board=shown,
            board_block=view.json_block(hall.board),
            voice_block=view.json_block(voice_view(hall, speaks=screen.speaks)),
            counter=hall.site.counters[screen.counters[0]] if screen.layout is Layout.COUNTER else None,
            panel=panels[0],
            panel_second=panels[-1],
            slides=slides.found_in(screen.slides),
            look=look != Look(logo=look.logo),
            logo=url_for("display.logo") if look.logo else "",
        )
    return make_response(page)


@display.post("/board/<site_id>/<screen_id>/alive")
@public
def alive(site_id: str, screen_id: str) -> tuple[Response, int]:
    """A page of a screen says that it is alive; it is told the key of what it should show."""
    hall = hall_or_404(site_id)
    body = request.get_json(silent=True)
    page = body.get("page") if isinstance(body, dict) else None
    if not isinstance(page, str) or not PAGE_KEY.fullmatch(page):
        return jsonify(code="invalid_fields", message="page: 16 hex digits"), 422
    screen = _screen(hall, screen_id)
    hall.report_screen(screen.id, page)
    return jsonify(key=_key(hall, screen)), 200


@display.get("/board/<site_id>/<screen_id>/slides/<name>")
@public
def slide(site_id: str, screen_id: str, name: str) -> Response:
    """One file of the folder that a screen shows between calls."""
    screen = _screen(hall_or_404(site_id), screen_id)
    if name not in {each.name for each in slides.found_in(screen.slides)}:
        raise NotFound
    answer = send_from_directory(Path(screen.slides).resolve(), name, max_age=60)
    answer.headers["Content-Security-Policy"] = SLIDE_POLICY
    return answer


@display.get("/look.css")
@public
def look() -> Response:
    """The city's own colours and sizes, on top of the design's."""
    chosen = current_city().profile.look
    size = f"{chosen.number_size / 100:g}" if chosen.number_size != Look().number_size else ""
    tokens = {"--call": chosen.call, "--accent": chosen.accent, "--call-size": size}
    lines = "".join(f"  {name}: {value};\n" for name, value in tokens.items() if value)
    answer = Response(f":root {{\n{lines}}}\n", mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=60"
    return answer


@display.get("/logo")
@public
def logo() -> Response:
    """The city's logo."""
    file = Path(current_city().profile.look.logo).resolve()
    if file.suffix.lower() not in LOGOS or not file.is_file():
        raise NotFound
    return send_from_directory(file.parent, file.name, max_age=3600)


@display.get("/status/<site_id>/qr.svg")
@public
def status_qr(site_id: str) -> Response:
    """The way from a hall's screen to its phone page."""
    site = hall_or_404(site_id).site
    return qr_drawing(f"{public_address()}{url_for('display.status', site_id=site.id)}")


def _screen(hall: Hall, screen_id: str) -> BoardScreen:
    """A screen of a hall; the first one for "". Raises Unknown("screen")."""
    if not screen_id:
        return next(iter(hall.site.screens.values()))
    found = hall.site.screens.get(screen_id)
    if found is None:
        raise Unknown("screen")
    return found


def _in_language(screen: BoardScreen, tag: str) -> BoardScreen:
    """The screen with another main language, for whoever asks for one."""
    if tag not in offered():
        return screen
    return replace(screen, languages=(tag, *(each for each in screen.languages if each != tag)))


def _panels(hall: Hall, screen: BoardScreen, shown: view.View) -> list[view.Panel]:
    """The panel of a screen's one counter in its first language, and in its second where it has one."""
    panels = []
    for tag in screen.languages[:2]:
        with force_locale(locale_of(tag)):
            panels.append(view.counter_panel(shown, names(hall.site)))
    return panels


def _key(hall: Hall, screen: BoardScreen) -> str:
    """What a page was made from besides its board: another key means that the page has to be loaded anew."""
    site = hall.site
    made_from = [screen, current_city().profile.look, *site.services.values(), *site.counters.values()]
    shown = [(each.name, each.changed) for each in slides.found_in(screen.slides)]
    return hashlib.sha256(repr((made_from, shown)).encode()).hexdigest()[:16]
