"""Wishes to be told, as the API and the forms of a ticket's page take them: one rule for both."""

from typing import TYPE_CHECKING

from queue_server.context import current_city, current_line, current_notifier, current_offer
from queue_server.domain.linking import shown_code
from queue_server.domain.nearness import Nearness
from queue_server.domain.ticket import Refused, Ticket
from queue_server.notify import Channel, Subscription
from queue_server.snapshot import View, jst
from queue_server.storage.linking_codes import LinkingCode

if TYPE_CHECKING:
    from queue_server.notify.line_talk import LineTalk


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


def choose_near(ticket: Ticket, near: Nearness) -> None:
    """Tell the holder from another moment on, by every way that was wished for; raises StorageUnavailable."""
    current_city().wishes.choose(ticket.id, near)
    current_notifier().note(ticket.site)


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
    current_notifier().note(ticket.site)
    return _shown(talk, made)


def code_of_page(ticket: Ticket) -> View | None:
    """The code that a ticket's page shows while it may be written: as `linking_code` answers it."""
    talk = current_line()
    code = current_city().linking.code_of(ticket.id) if talk is not None else None
    return _shown(talk, code) if talk is not None and code is not None else None


def _shown(talk: "LineTalk", code: LinkingCode) -> View:
    text = shown_code(code.code)
    return {"code": text, "link": talk.account.chat_link(text), "expires_at": jst(code.expires_at)}
