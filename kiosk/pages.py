"""The touch pages on which residents take a number, and the enrolment of the machine that shows them."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from kiosk import words
from queue_server.access import enroll_device, kiosk_actor, public, requires
from queue_server.context import hall_or_404
from queue_server.domain.roles import Permission
from queue_server.hall import Hall
from queue_server.ticket_qr import ticket_qr

kiosk = Blueprint(
    "kiosk", __name__, template_folder="templates", static_folder="static", static_url_path="/kiosk/static"
)

MOST_IN_ONE_COLUMN = 4
"""Categories that stand one below the other on an upright panel; more stand in two columns."""
ROOMY = 52
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
    hall = hall_or_404(site_id)
    actor = kiosk_actor()
    if actor is None or not actor.may(Permission.ISSUE):
        return _enrolment(hall)
    return _fresh(
        make_response(
            render_template(
                "kiosk/kiosk.html",
                site=hall.site,
                board=hall.board.data,
                density=density(hall.board.data),
                messages=words.messages(),
                ruby=words.with_reading,
            )
        )
    )


@kiosk.post("/kiosk/<site_id>/enroll")
@public
def enroll(site_id: str) -> ResponseReturnValue:
    """Make this browser the kiosk whose token is given; 401 with the form again for a token that is none."""
    hall = hall_or_404(site_id)
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return _enrolment(hall, 400, gettext("画面の有効期限が切れました。もう一度入力してください。"))
    token = request.form.get("token", "")
    if not token.strip():
        return _enrolment(hall, 401, gettext("端末トークンを入力してください。"))
    if not enroll_device(token, Permission.ISSUE):
        return _enrolment(
            hall, 401, gettext("この端末トークンでは登録できません。発券機用のものか確かめてください。")
        )
    return redirect(url_for("kiosk.page", site_id=hall.site.id), 303)


@kiosk.get("/kiosk/<site_id>/qr/<token>.svg")
@requires(Permission.ISSUE)
def qr(site_id: str, token: str) -> Response:
    """The QR code of a ticket's own page, for the phone of the person who just took the number."""
    return ticket_qr(site_id, token)


def _enrolment(hall: Hall, status: int = 200, problem: str = "") -> Response:
    return _fresh(make_response(render_template("kiosk/enroll.html", site=hall.site, problem=problem), status))


def _fresh(response: Response) -> Response:
    """The answer with the word that no cache keeps it: it belongs to this machine or to one resident."""
    response.headers["Cache-Control"] = "no-store"
    return response
