"""Open data: what everybody may read, in the forms that other programs know. Nothing here needs a token."""

from flask import Response, jsonify, url_for
from flask.typing import ResponseReturnValue

from queue_server.access import public
from queue_server.context import current_city, hall_or_404
from queue_server.ticket_qr import public_address
from queue_server.web.answers import api, conditional, open_to_all, picture
from queue_server.web.ngsi import CONTEXT_LINK, queue_monitors

FRESH = "public, max-age=1"


@api.get("/sites")
@public
def sites() -> ResponseReturnValue:
    """The sites of the city and whether they are open."""
    halls = current_city().halls.values()
    listed = [{"id": hall.site.id, "name": hall.site.name, "status": hall.board.data["status"]} for hall in halls]
    return open_to_all(conditional(jsonify(sites=listed), FRESH))


@api.get("/sites/<site_id>/board")
@public
def board(site_id: str) -> ResponseReturnValue:
    """The newest public board, with an ETag of its version."""
    return open_to_all(picture(hall_or_404(site_id).board, FRESH))


@api.get("/sites/<site_id>/ngsi")
@public
def ngsi(site_id: str) -> Response:
    """The same board as QueueMonitor entities, one a service."""
    city, hall = current_city(), hall_or_404(site_id)
    source = public_address() + url_for("api.board", site_id=site_id)
    shown = hall.board
    response = jsonify(queue_monitors(city.profile, hall.site, shown.data, source))
    response.headers["Link"] = CONTEXT_LINK
    response.set_etag(f"ngsi-{shown.etag}")
    return open_to_all(conditional(response, FRESH))
