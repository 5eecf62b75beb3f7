"""The JSON API: its description, the desks' view, and tickets.

Commands are ordinary POSTs; GET never changes state.
"""

from flask import jsonify
from flask.typing import ResponseReturnValue

from queue_server.access import caller, public, requires
from queue_server.context import Unknown, current_city, hall_or_404
from queue_server.domain.roles import Permission
from queue_server.domain.ticket import TICKET_MOVES, Move
from queue_server.web import bodies
from queue_server.web.answers import api, done, open_to_all, picture
from queue_server.web.errors import BadRequest
from queue_server.web.openapi import describe

MOVES_BY_NAME = {move.value.replace("_", "-"): move for move in TICKET_MOVES}
"""The moves that are commands on a ticket, as they are written in a path."""


@api.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """This API, described."""
    return open_to_all(jsonify(describe(sorted(MOVES_BY_NAME))))


@api.get("/sites/<site_id>/desk")
@requires(Permission.CALL)
def desk_view(site_id: str) -> ResponseReturnValue:
    """What the desks of a site see."""
    return picture(hall_or_404(site_id).desk_view, "no-store")


@api.post("/sites/<site_id>/tickets")
@requires(Permission.ISSUE)
def issue(site_id: str) -> ResponseReturnValue:
    """Issue the next number of a service."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.IssueBody)
    return done(hall.issue(caller(bodies.request_id()), body.service, body.priority), 201)


@api.post("/tickets/<ticket_id>/undo")
@requires(Permission.MANAGE)
def undo_last_move(ticket_id: str) -> ResponseReturnValue:
    """Take back the last move of a ticket."""
    hall = current_city().hall_of_ticket(ticket_id)
    bodies.read_body(bodies.Nothing)
    return done(hall.undo_last_move(caller(bodies.request_id()), ticket_id))


@api.post("/tickets/<ticket_id>/reissue")
@requires(Permission.MANAGE)
def reissue(ticket_id: str) -> ResponseReturnValue:
    """Give an open ticket a new slip with the same number."""
    hall = current_city().hall_of_ticket(ticket_id)
    bodies.read_body(bodies.Nothing)
    return done(hall.reissue(caller(bodies.request_id()), ticket_id))


@api.post("/tickets/<ticket_id>/<move_name>")
@requires(Permission.CALL)
def move_ticket(ticket_id: str, move_name: str) -> ResponseReturnValue:
    """Make a move of a ticket."""
    move = MOVES_BY_NAME.get(move_name)
    if move is None:
        raise Unknown("move")
    hall = current_city().hall_of_ticket(ticket_id)
    return done(hall.move(caller(bodies.request_id()), ticket_id, move, **_details(move)))


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
        case Move.PRIORITIZE:
            return bodies.read_body(bodies.PrioritizeBody).model_dump()
        case _:
            bodies.read_body(bodies.Nothing)
            return {}
