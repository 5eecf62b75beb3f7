"""The JSON API. Commands are ordinary POSTs; GET never changes state."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from queue_server.access import caller, public, requires
from queue_server.context import Unknown, current_city, hall_or_404
from queue_server.domain.roles import Permission
from queue_server.domain.ticket import TICKET_MOVES, Move
from queue_server.snapshot import Picture, View
from queue_server.web import bodies
from queue_server.web.errors import BadRequest
from queue_server.web.openapi import describe

api = Blueprint("api", __name__, url_prefix="/api")

MOVES_BY_NAME = {move.value.replace("_", "-"): move for move in TICKET_MOVES}
"""The moves that are commands on a ticket, as they are written in a path."""


@api.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """This API, described."""
    return jsonify(describe(sorted(MOVES_BY_NAME)))


@api.get("/sites")
@public
def sites() -> ResponseReturnValue:
    """The sites of the city and whether they are open."""
    halls = current_city().halls.values()
    return _public(
        jsonify(
            sites=[
                {"id": hall.site.id, "name": hall.site.name, "status": hall.board.data["status"]} for hall in halls
            ]
        )
    )


@api.get("/sites/<site_id>/board")
@public
def board(site_id: str) -> ResponseReturnValue:
    """The newest public board, with an ETag of its version."""
    return _public(_picture(hall_or_404(site_id).board, "public, max-age=1"))


@api.get("/sites/<site_id>/desk")
@requires(Permission.CALL)
def desk_view(site_id: str) -> ResponseReturnValue:
    """What the desks of a site see."""
    return _picture(hall_or_404(site_id).desk_view, "private, no-cache")


@api.get("/t/<token>")
@public
def ticket_by_token(token: str) -> ResponseReturnValue:
    """The state of the ticket that this token opens."""
    found = current_city().find_ticket_by_token(token)
    if found is None:
        raise Unknown("ticket")
    hall, ticket = found
    response = jsonify(hall.ticket_status(ticket))
    response.headers["Cache-Control"] = "no-store"
    return response


@api.post("/sites/<site_id>/tickets")
@requires(Permission.ISSUE)
def issue(site_id: str) -> ResponseReturnValue:
    """Issue the next number of a service."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.IssueBody)
    return _done(hall.issue(caller(bodies.request_id()), body.service), 201)


@api.post("/sites/<site_id>/counters/<counter_id>/open")
@requires(Permission.CALL)
def open_counter(site_id: str, counter_id: str) -> ResponseReturnValue:
    """Open a counter."""
    hall = hall_or_404(site_id)
    bodies.read_body(bodies.Nothing)
    return _done(hall.open_counter(caller(bodies.request_id()), counter_id))


@api.post("/sites/<site_id>/counters/<counter_id>/close")
@requires(Permission.CALL)
def close_counter(site_id: str, counter_id: str) -> ResponseReturnValue:
    """Close a counter."""
    hall = hall_or_404(site_id)
    bodies.read_body(bodies.Nothing)
    return _done(hall.close_counter(caller(bodies.request_id()), counter_id))


@api.post("/sites/<site_id>/counters/<counter_id>/call-next")
@requires(Permission.CALL)
def call_next(site_id: str, counter_id: str) -> ResponseReturnValue:
    """Call the next ticket; 204 when nobody waits."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.CallNextBody)
    view = hall.call_next(caller(bodies.request_id()), counter_id, complete=body.complete)
    return _done(view) if view is not None else _done_without_content()


@api.post("/sites/<site_id>/counters/<counter_id>/call")
@requires(Permission.CALL)
def call(site_id: str, counter_id: str) -> ResponseReturnValue:
    """Call any number."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.CallBody)
    return _done(hall.call(caller(bodies.request_id()), counter_id, body.label))


@api.post("/sites/<site_id>/services/<service_id>/pause")
@requires(Permission.MANAGE)
def pause_service(site_id: str, service_id: str) -> ResponseReturnValue:
    """Stop issuing numbers of a service."""
    hall = hall_or_404(site_id)
    bodies.read_body(bodies.Nothing)
    return _done(hall.pause_service(caller(bodies.request_id()), service_id))


@api.post("/sites/<site_id>/services/<service_id>/resume")
@requires(Permission.MANAGE)
def resume_service(site_id: str, service_id: str) -> ResponseReturnValue:
    """Issue numbers of a paused service again."""
    hall = hall_or_404(site_id)
    bodies.read_body(bodies.Nothing)
    return _done(hall.resume_service(caller(bodies.request_id()), service_id))


@api.post("/tickets/<ticket_id>/<move_name>")
@requires(Permission.CALL)
def move_ticket(ticket_id: str, move_name: str) -> ResponseReturnValue:
    """Make a move of a ticket."""
    move = MOVES_BY_NAME.get(move_name)
    if move is None:
        raise Unknown("move")
    hall = current_city().hall_of_ticket(ticket_id)
    return _done(hall.move(caller(bodies.request_id()), ticket_id, move, **_details(move)))


def _details(move: Move) -> dict[str, str]:
    """What a move needs besides the ticket."""
    match move:
        case Move.TRANSFER:
            target = bodies.read_body(bodies.TransferBody)
            if target.service is None and target.counter is None:
                raise BadRequest(422, "transfer_nowhere")
            return target.model_dump(exclude_none=True)
        case Move.HOLD:
            return bodies.read_body(bodies.HoldBody).model_dump()
        case _:
            bodies.read_body(bodies.Nothing)
            return {}


def _picture(picture: Picture, cache_control: str) -> Response:
    response = Response(picture.body, content_type="application/json")
    response.set_etag(picture.etag)
    response.headers["Cache-Control"] = cache_control
    response.make_conditional(request)
    return response


def _done(view: View, status: int = 200) -> Response:
    response = jsonify(view)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _done_without_content() -> Response:
    return Response(status=204, headers={"Cache-Control": "no-store"})


def _public(response: Response) -> Response:
    """Let pages of other hosts read what is public anyway."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
