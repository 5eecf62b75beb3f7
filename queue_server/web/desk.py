"""The staff's pages: sign in, choose a counter, work at it. What is done there goes through the API."""

import re
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from queue_server import access
from queue_server.access import current_actor, public, requires
from queue_server.context import Unknown, current_city, hall_or_404
from queue_server.domain.roles import Permission
from queue_server.web.desk_words import messages
from queue_server.web.errors import BadRequest

desk = Blueprint("desk", __name__)

LOCAL_PATH = re.compile(r"/(?!/)[!-\[\]-~]*")
"""A path of this server in visible ASCII: no host, and none of the signs that browsers read as one."""


@desk.get("/desk/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The form to sign in with; who is signed in already goes on."""
    actor = current_actor(Permission.CALL)
    if actor is not None and actor.may(Permission.CALL):
        return redirect(_destination())
    return _sign_in_form()


@desk.post("/desk/sign-in")
@public
def sign_in_with_password() -> ResponseReturnValue:
    """Sign in and go on to where the person was; 401 with the form again for a wrong name or password."""
    if not _csrf_holds():
        return _sign_in_form(400, gettext("画面の有効期限が切れました。もう一度入力してください。"))
    name, password = request.form.get("name", ""), request.form.get("password", "")
    if not name.strip() or not password:
        return _sign_in_form(401, gettext("名前とパスワードを入力してください。"))
    if not access.sign_in(name, password):
        return _sign_in_form(401, gettext("名前またはパスワードが違います。"))
    return redirect(_destination(), 303)


@desk.post("/desk/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign out of this browser."""
    if not _csrf_holds():
        raise BadRequest(400, "csrf_failed")
    access.sign_out()
    return redirect(url_for("desk.sign_in"), 303)


@desk.get("/desk")
@requires(Permission.CALL)
def choose_site() -> ResponseReturnValue:
    """The sites of the city; where there is one, its counters at once."""
    halls = list(current_city().halls.values())
    if len(halls) == 1:
        return redirect(url_for("desk.choose_counter", site_id=halls[0].site.id))
    return _page("sites", boards=[hall.board.data for hall in halls])


@desk.get("/desk/<site_id>")
@requires(Permission.CALL)
def choose_counter(site_id: str) -> Response:
    """The counters of a site: which are open, and what each one serves."""
    hall = hall_or_404(site_id)
    return _page("counters", site=hall.site, view=hall.desk_view.data)


@desk.get("/desk/<site_id>/<counter_id>")
@requires(Permission.CALL)
def counter(site_id: str, counter_id: str) -> Response:
    """The desk of one counter."""
    hall = hall_or_404(site_id)
    found = hall.site.counters.get(counter_id)
    if found is None:
        raise Unknown("counter")
    return _page("counter", site=hall.site, counter=found, view=hall.desk_view.data, messages=messages())


def _page(template: str, status: int = 200, **values: Any) -> Response:
    """A staff page; no cache keeps one."""
    page = render_template(f"desk/{template}.html", actor=current_actor(Permission.CALL), **values)
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _sign_in_form(status: int = 200, problem: str = "") -> Response:
    """The form, with the name that was typed and the way back; never with the password."""
    name = request.form.get("name", "")
    return _page("sign_in", status, problem=problem, name=name, next=_destination())


def _destination() -> str:
    """Where to go after signing in: the page that asked for it, if it is one of ours."""
    wanted = request.values.get("next", "")
    return wanted if LOCAL_PATH.fullmatch(wanted) else url_for("desk.choose_site")


def _csrf_holds() -> bool:
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True
