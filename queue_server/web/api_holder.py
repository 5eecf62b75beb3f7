"""The JSON API: what the holder of a ticket reads and does with its token."""

from flask.typing import ResponseReturnValue

from queue_server.access import held_ticket, note_mail_wish, requires_ticket
from queue_server.context import current_city, current_offer
from queue_server.domain.ticket import Refused, Ticket
from queue_server.hall import Hall
from queue_server.notify import Channel, Subscription, UnknownPushService
from queue_server.snapshot import View
from queue_server.web import bodies
from queue_server.web.answers import api, done
from queue_server.web.errors import BadRequest
from queue_server.wishing import keep_wish


@api.get("/t/<token>")
@requires_ticket
def ticket_by_token(token: str) -> ResponseReturnValue:
    """The state of the ticket that this token opens."""
    return done(_status(*held_ticket()))


@api.post("/t/<token>/leave")
@requires_ticket
def leave(token: str) -> ResponseReturnValue:
    """Give the number up: its holder does not wait any longer."""
    hall, ticket = held_ticket()
    bodies.read_body(bodies.Nothing)
    return done({**hall.leave(ticket, bodies.request_id()), "told_by": []})


@api.post("/t/<token>/push")
@requires_ticket
def wish_push(token: str) -> ResponseReturnValue:
    """Tell this browser when the turn is near, and at each call; the same one again changes its choice."""
    offer, body = current_offer(), bodies.read_body(bodies.PushBody)
    if offer.push_key is None:
        raise Refused("push_off")
    try:
        offer.services.require(body.endpoint)
    except UnknownPushService as error:
        raise BadRequest(422, "push_service_unknown") from error
    return _keep(Channel.PUSH, body, body.endpoint, body.p256dh, body.auth)


@api.post("/t/<token>/push/stop")
@requires_ticket
def stop_push(token: str) -> ResponseReturnValue:
    """Tell this browser no more."""
    body = bodies.read_body(bodies.StopPushBody)
    current_city().wishes.stop(held_ticket()[1].id, Channel.PUSH, body.endpoint)
    return done({})


@api.post("/t/<token>/mail")
@requires_ticket
def wish_mail(token: str) -> ResponseReturnValue:
    """Send a mail when the turn is near, and at each call; a second address takes the place of the first."""
    body = bodies.read_body(bodies.MailBody)
    note_mail_wish()
    return _keep(Channel.MAIL, body, body.address)


@api.post("/t/<token>/mail/stop")
@requires_ticket
def stop_mail(token: str) -> ResponseReturnValue:
    """Send no more mail, and forget the address."""
    bodies.read_body(bodies.Nothing)
    current_city().wishes.stop(held_ticket()[1].id, Channel.MAIL)
    return done({})


def _status(hall: Hall, ticket: Ticket) -> View:
    """What its holder may know: its state, and in which ways it is told. Addresses are in no answer."""
    return {**hall.ticket_status(ticket), "told_by": current_city().wishes.ways(ticket.id)}


def _keep(
    channel: Channel, body: bodies.WishBody, address: str, p256dh: str = "", auth: str = ""
) -> ResponseReturnValue:
    hall, ticket = held_ticket()
    near, language = body.near.choice, body.language
    keep_wish(Subscription(ticket.id, hall.site.id, channel, address, p256dh, auth, language, near), ticket)
    return done({})
