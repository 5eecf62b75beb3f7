"""The supervisor's pages: one hall at a glance. What is done there goes through the API."""

import io
from typing import Any

import segno
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.access import SIGN_IN, guarded_actor, requires
from queue_server.context import Unknown, current_city, current_settings, hall_or_404
from queue_server.domain.roles import Permission
from queue_server.web.supervisor_words import messages

supervisor = Blueprint("supervisor", __name__)

QR_MODULE = 8
"""Drawing units a module; the page scales the drawing."""


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
    found = current_city().find_ticket_by_token(token)
    if found is None or found[0] is not hall_or_404(site_id):
        raise Unknown("ticket")
    drawing = io.BytesIO()
    address = _public_address() + url_for("display.ticket", token=token)
    # make() might choose a Micro QR, which phones do not read.
    segno.make_qr(address, error="m").save(drawing, kind="svg", scale=QR_MODULE, border=4, light="#fff")
    return _fresh(Response(drawing.getvalue(), mimetype="image/svg+xml"))


def _page_block(site_id: str) -> dict[str, Any]:
    """What the page's scripts need to know besides the view."""
    return {
        "address": _public_address(),
        "qr": url_for("supervisor.qr", site_id=site_id, token="TOKEN"),  # noqa: S106 - the place of a ticket's token
        "idle_minutes": current_settings().idle_minutes if guarded_actor().session else None,
    }


def _public_address() -> str:
    """Where phones find this server, without a slash at the end."""
    return current_settings().public_url or request.url_root.rstrip("/")


def _page(template: str, **values: Any) -> Response:
    return _fresh(make_response(render_template(f"supervisor/{template}.html", actor=guarded_actor(), **values)))


def _fresh(response: Response) -> Response:
    """The answer with the word that no cache keeps it."""
    response.headers["Cache-Control"] = "no-store"
    return response
