"""What a ticket's holder does without a script: ordinary forms, each answered by a way back to the page (303).

The token in the address is what permits it. There is no session and no cookie that a foreign page could use, and a
page that does not know the token has no address to send a form to.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from display.pages import asked_language, display, of_one_holder, page, ticket_page
from queue_server.access import held_ticket, note_mail_wish, requires_ticket
from queue_server.context import current_city
from queue_server.domain.nearness import NEAR_BY_DEFAULT, NEAR_CHOICES, Nearness
from queue_server.domain.ticket import Move, Refused, Ticket
from queue_server.languages import tag_of_request
from queue_server.notify import Channel, Subscription
from queue_server.notify.terms import LONGEST_MAIL_ADDRESS, MAIL_ADDRESS
from queue_server.wishing import choose_near, keep_wish, linking_code

WISHES = "wishes-title"
"""Where the page goes on after a wish."""


@display.post("/t/<token>")
@requires_ticket
def wish(token: str) -> ResponseReturnValue:
    """Take one wish of the form; `way` is the button that was pressed."""
    _, ticket = held_ticket()
    deed = _DEEDS.get(request.form.get("way", ""))
    try:
        problem = deed(ticket) if deed is not None else None
    except Refused as error:
        if error.code != "too_many_wishes":
            # Its state, or what this server offers, has changed since: the page says how it is now.
            return redirect(_back(token), 303)
        problem = gettext("この番号のお知らせ先は、これ以上登録できません。")
    if problem is not None:
        return ticket_page(problem), 422
    return redirect(_back(token, WISHES), 303)


@display.get("/t/<token>/leave")
@requires_ticket
def leave_question(token: str) -> ResponseReturnValue:
    """Ask once more before a number is given up."""
    hall, ticket = held_ticket()
    if Move.CANCEL not in ticket.lawful_moves():
        return redirect(_back(token), 303)
    return of_one_holder(page("leave", site=hall.site, ticket=ticket, back=_back(token)))


@display.post("/t/<token>/leave")
@requires_ticket
def leave(token: str) -> ResponseReturnValue:
    """Give the number up; whoever was called meanwhile, or sends it twice, reads on the page how it is."""
    hall, ticket = held_ticket()
    with suppress(Refused):
        hall.leave(ticket, uuid.uuid4().hex)
    return redirect(_back(token), 303)


def _back(token: str, anchor: str | None = None) -> str:
    return url_for("display.ticket", token=token, lang=asked_language(), _anchor=anchor)


def _near() -> Nearness:
    chosen = request.form.get("near", "")
    return next((each for each in NEAR_CHOICES if f"{each.unit.value}:{each.value}" == chosen), NEAR_BY_DEFAULT)


def _mail(ticket: Ticket) -> str | None:
    address = request.form.get("address", "").strip()
    if len(address) > LONGEST_MAIL_ADDRESS or not re.fullmatch(MAIL_ADDRESS, address):
        return str(gettext("メールアドレスを確かめてください。"))
    note_mail_wish()
    wished = Subscription(ticket.id, ticket.site, Channel.MAIL, address, language=tag_of_request(), near=_near())
    keep_wish(wished, ticket)
    return None


def _line(ticket: Ticket) -> None:
    linking_code(ticket, _near(), tag_of_request())


def _stop_mail(ticket: Ticket) -> None:
    current_city().wishes.stop(ticket.id, Channel.MAIL)


def _stop_line(ticket: Ticket) -> None:
    current_city().wishes.stop(ticket.id, Channel.LINE)


def _choose(ticket: Ticket) -> None:
    choose_near(ticket, _near())


_DEEDS: Mapping[str, Callable[[Ticket], str | None]] = MappingProxyType(
    {"mail": _mail, "mail_stop": _stop_mail, "line": _line, "line_stop": _stop_line, "near": _choose}
)
