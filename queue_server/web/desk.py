"""The staff's pages: choose a counter, work at it. What is done there goes through the API."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from queue_server.access import Actor, current_actor, guarded_actor, requires
from queue_server.context import Unknown, current_city, current_settings, hall_or_404
from queue_server.domain.roles import Permission
from queue_server.domain.staffing import is_person, name_of
from queue_server.web.desk_words import messages

desk = Blueprint("desk", __name__)


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
    """The counters of a site: which are open, who works there, and what each one serves."""
    hall = hall_or_404(site_id)
    return _page("counters", site=hall.site, view=hall.desk_view.data, me=_me(guarded_actor()), messages=messages())


@desk.get("/desk/<site_id>/<counter_id>")
@requires(Permission.CALL)
def counter(site_id: str, counter_id: str) -> Response:
    """The desk of one counter."""
    hall = hall_or_404(site_id)
    found = hall.site.counters.get(counter_id)
    if found is None:
        raise Unknown("counter")
    return _page(
        "counter",
        site=hall.site,
        counter=found,
        here={"id": found.id, "name": found.name},
        view=hall.desk_view.data,
        me=_me(guarded_actor()),
        messages=messages(),
    )


def _me(actor: Actor) -> dict[str, Any]:
    """Who works with the page: `actor` as the journal names them, `clerk` as a counter does, None for a device.

    `assists`: may command at a counter where somebody else works. `idle_minutes`: None where nobody signed in.
    """
    person = is_person(actor.name)
    return {
        "actor": actor.name,
        "clerk": name_of(actor.name) if person else None,
        "assists": not person or actor.may(Permission.MANAGE),
        "idle_minutes": current_settings().idle_minutes if actor.session else None,
    }


def _page(template: str, status: int = 200, **values: Any) -> Response:
    """A staff page; no cache keeps one."""
    page = render_template(f"desk/{template}.html", actor=current_actor(Permission.CALL), **values)
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
