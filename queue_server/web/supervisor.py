"""The supervisor's pages: one hall at a glance. What is done there goes through the API."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from queue_server.access import SIGN_IN, guarded_actor, requires
from queue_server.context import current_city, current_settings, hall_or_404
from queue_server.domain.roles import Permission
from queue_server.ticket_qr import public_address, ticket_qr
from queue_server.web.supervisor_words import messages

supervisor = Blueprint("supervisor", __name__)


@supervisor.get("/supervisor")
@requires(Permission.MANAGE)
def choose_site() -> ResponseReturnValue:
    """The sites of the city; where there is one, its page at once."""
    halls = list(current_city().halls.values())
    if len(halls) == 1:
        return redirect(url_for("supervisor.hall", site_id=halls[0].site.id))
    return _page("sites", halls=[(hall.board.data, hall.desk_view.data) for hall in halls])


@supervisor.get("/supervisor/<site_id>")
@requires(Permission.MANAGE)
def hall(site_id: str) -> Response:
    """Every counter and service of a site, and what those who run it may do."""
    found = hall_or_404(site_id)
    services = (service for category in found.board.data["categories"] for service in category["services"])
    return _page(
        "hall",
        site=found.site,
        view=found.desk_view.data,
        levels={service["id"]: service["level"] for service in services},
        messages=messages(),
        page=_page_block(site_id),
        sign_in=url_for(SIGN_IN, next=url_for("supervisor.hall", site_id=site_id)),
    )


@supervisor.get("/supervisor/<site_id>/qr/<token>.svg")
@requires(Permission.MANAGE)
def qr(site_id: str, token: str) -> Response:
    """The QR code of a ticket's own page, for the slip that was issued again."""
    return ticket_qr(site_id, token)


def _page_block(site_id: str) -> dict[str, Any]:
    """What the page's scripts need to know besides the view."""
    return {
        "address": public_address(),
        "qr": url_for("supervisor.qr", site_id=site_id, token="TOKEN"),  # noqa: S106 - the place of a ticket's token
        "idle_minutes": current_settings().idle_minutes if guarded_actor().session else None,
    }


def _page(template: str, **values: Any) -> Response:
    return _fresh(make_response(render_template(f"supervisor/{template}.html", actor=guarded_actor(), **values)))


def _fresh(response: Response) -> Response:
    """The answer with the word that no cache keeps it."""
    response.headers["Cache-Control"] = "no-store"
    return response
