"""The touch pages on which residents take a number, and the enrolment of the machine that shows them."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from kiosk import words
from kiosk.source import Source, find_source
from queue_server.access import enroll_device, public, requires
from queue_server.context import Unknown, hall_or_404
from queue_server.domain.roles import Permission
from queue_server.domain.site import Site
from queue_server.guide_words import guide_view
from queue_server.languages import lang_of, tag_of_request
from queue_server.ticket_qr import page_address, qr_drawing
from queue_server.validity_words import validity_words
from queue_server.words import named

kiosk = Blueprint(
    "kiosk", __name__, template_folder="templates", static_folder="static", static_url_path="/kiosk/static"
)

MOST_IN_ONE_COLUMN = 4
"""Categories that stand one below the other on an upright panel; more stand in two columns."""
ROOMY = 45
"""Room of an upright panel in fifths of a button's head: a category takes 7 of them, each of its services 5."""


def density(board: dict[str, Any]) -> str:
    """How close the first screen has to stand so that nobody scrolls: "roomy", "rows" or "columns"."""
    categories = board["categories"]
    if len(categories) > MOST_IN_ONE_COLUMN:
        return "columns"
    services = sum(len(category["services"]) for category in categories)
    return "roomy" if 7 * len(categories) + 5 * services <= ROOMY else "rows"


@kiosk.get("/kiosk/<site_id>")
@public
def page(site_id: str) -> ResponseReturnValue:
    """The touch page; in a browser that is no enrolled kiosk, the form that makes it one."""
    source = find_source(site_id)
    if source is None:
        return _enrolment(hall_or_404(site_id).site)
    board = source.board
    return _fresh(
        make_response(
            render_template(
                "kiosk/kiosk.html",
                site=source.site,
                site_name=named(source.site),
                board=board,
                density=density(board),
                messages=words.messages(),
                guide=words.with_runs(guide_view(source.profile, source.site)),
                names=_names(source),
                languages=words.languages(),
                lang_of=lang_of,
                tag=tag_of_request(),
                polls=source.polls,
                printer=source.machine is not None and source.machine.printer != "",
                validity=validity_words(),
                today=board["as_of"][:10],
                ruby=words.with_reading,
                named=words.name_of,
            )
        )
    )


@kiosk.post("/kiosk/<site_id>/enroll")
@public
def enroll(site_id: str) -> ResponseReturnValue:
    """Make this browser the kiosk whose token is given; 401 with the form again for a token that is none."""
    site = hall_or_404(site_id).site
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return _enrolment(site, 400, gettext("画面の有効期限が切れました。もう一度入力してください。"))
    token = request.form.get("token", "")
    if not token.strip():
        return _enrolment(site, 401, gettext("端末トークンを入力してください。"))
    if not enroll_device(token, Permission.ISSUE):
        return _enrolment(
            site, 401, gettext("この端末トークンでは登録できません。発券機用のものか確かめてください。")
        )
    return redirect(url_for("kiosk.page", site_id=site.id), 303)


@kiosk.get("/kiosk/<site_id>/qr/<token>.svg")
@requires(Permission.ISSUE)
def qr(site_id: str, token: str) -> Response:
    """The QR code of a ticket's own page, in the language of `?lang=`, for the phone of whoever took the number."""
    source = find_source(site_id)
    if source is None or source.ticket(token) is None:
        raise Unknown("ticket")
    return qr_drawing(page_address(source.address, token, tag_of_request()))


def _names(source: Source) -> dict[str, dict[str, str]]:
    """What services and counters are called in the language of the page, by id."""
    return {
        "service": {each.id: named(each) for each in source.site.services.values()},
        "counter": {each.id: named(each) for each in source.site.counters.values()},
    }


def _enrolment(site: Site, status: int = 200, problem: str = "") -> Response:
    return _fresh(make_response(render_template("kiosk/enroll.html", site=site, problem=problem), status))


def _fresh(response: Response) -> Response:
    """The answer with the word that no cache keeps it: it belongs to this machine or to one resident."""
    response.headers["Cache-Control"] = "no-store"
    return response
