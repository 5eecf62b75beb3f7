"""Wishes to be told, as the API and the forms of a ticket's page take them: one rule for both."""

from queue_server.context import current_city, current_line, current_notifier, current_offer
from queue_server.domain.linking import shown_code
from queue_server.domain.nearness import Nearness
from queue_server.domain.ticket import Refused, Ticket
from queue_server.notify import Channel, Subscription
from queue_server.snapshot import View, jst


def keep_wish(wish: Subscription, ticket: Ticket) -> None:
    """Keep a wish for an open ticket, and tell at once what is due.

    Raises Refused ("mail_off", "illegal_move", "too_many_wishes"), StorageUnavailable.
    """
    if wish.channel is Channel.MAIL and not current_offer().mail:
        raise Refused("mail_off")
    if not ticket.is_open:
        raise Refused("illegal_move", ticket.state)
    if not current_city().wishes.keep(wish):
        raise Refused("too_many_wishes")
    current_notifier().note(wish.site)


def linking_code(ticket: Ticket, near: Nearness, language: str) -> View:
    """A code for an open ticket: {code, link, expires_at}.

    Raises Refused ("line_off", "illegal_move"), StorageUnavailable.
    """
    talk = current_line()
    if talk is None:
        raise Refused("line_off")
    if not ticket.is_open:
        raise Refused("illegal_move", ticket.state)
    made = current_city().linking.make_code(ticket, near, language)
    text = shown_code(made.code)
    return {"code": text, "link": talk.account.chat_link(text), "expires_at": jst(made.expires_at)}
