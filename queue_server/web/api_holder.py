"""The JSON API: what the holder of a ticket reads and does with its token."""

from flask.typing import ResponseReturnValue

from queue_server.access import held_ticket, requires_ticket
from queue_server.web import bodies
from queue_server.web.answers import api, done


@api.get("/t/<token>")
@requires_ticket
def ticket_by_token(token: str) -> ResponseReturnValue:
    """The state of the ticket that this token opens."""
    hall, ticket = held_ticket()
    return done(hall.ticket_status(ticket))


@api.post("/t/<token>/leave")
@requires_ticket
def leave(token: str) -> ResponseReturnValue:
    """Give the number up: its holder does not wait any longer."""
    hall, ticket = held_ticket()
    bodies.read_body(bodies.Nothing)
    return done(hall.leave(ticket, bodies.request_id()))
