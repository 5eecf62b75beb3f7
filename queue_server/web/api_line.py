"""The JSON API: LINE on the holder's side (a code to link with) and on LINE's (its webhook)."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from queue_server.access import held_ticket, public, requires_ticket
from queue_server.context import current_city, current_line
from queue_server.notify import Channel
from queue_server.notify.line_events import read_events
from queue_server.web import bodies
from queue_server.web.answers import api, done
from queue_server.web.errors import BadRequest
from queue_server.wishing import linking_code

WEBHOOK = "/api/line/webhook"
LONGEST_WEBHOOK_BYTES = 64 * 1024
"""LINE sends some events at once; a message has 5,000 signs at most, which are 15,000 bytes of Japanese."""


@api.post("/t/<token>/line")
@requires_ticket
def wish_line(token: str) -> ResponseReturnValue:
    """A code to write to the city's LINE account, in place of the last one; who is linked is told by this choice."""
    body = bodies.read_body(bodies.LineBody)
    return done(linking_code(held_ticket()[1], body.near.choice, body.language))


@api.post("/t/<token>/line/stop")
@requires_ticket
def stop_line(token: str) -> ResponseReturnValue:
    """Write to nobody on LINE about this number any more, and forget who it was."""
    bodies.read_body(bodies.Nothing)
    current_city().wishes.stop(held_ticket()[1].id, Channel.LINE)
    return done({})


@api.post(WEBHOOK.removeprefix("/api"))
@public
def line_webhook() -> ResponseReturnValue:
    """What happened in the talk with the city's LINE account; only LINE can sign it."""
    talk = current_line()
    if talk is None:
        abort(404)
    request.max_content_length = LONGEST_WEBHOOK_BYTES
    body = request.get_data(cache=False)
    if not talk.account.signed(body, request.headers.get("X-Line-Signature", "")):
        raise BadRequest(401, "bad_signature")
    try:
        events = read_events(body)
    except ValueError as error:
        raise BadRequest(400, "malformed_request") from error
    talk.hear(events)
    return done({})
