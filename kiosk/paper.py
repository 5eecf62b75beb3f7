"""What comes out of the kiosk's printer: a slip, the same slip once more, a list of what to bring."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from kiosk.answers import answer, json_body, problem, source_of
from kiosk.pages import kiosk
from kiosk.printing import PrintResult
from kiosk.slip.layout import draw_list, draw_slip
from kiosk.slip.words import list_content, slip_content
from kiosk.source import Source, View
from queue_server.access import requires
from queue_server.context import Unknown
from queue_server.domain.roles import Permission
from queue_server.languages import tag_of_request

DOTS = 576
"""The width of a slip where the profile names no machine."""


@kiosk.post("/kiosk/<site_id>/slips")
@requires(Permission.ISSUE)
def print_slip(site_id: str) -> ResponseReturnValue:
    """Print the slip of a number that was just issued; the same number twice is one slip."""
    source, ticket = source_of(site_id), _ticket(site_id)
    return _printed(print_ticket(source, ticket, f"slip {ticket['id']}"))


@kiosk.post("/kiosk/<site_id>/reprints")
@requires(Permission.ISSUE)
def print_again(site_id: str) -> ResponseReturnValue:
    """Print a slip once more; it is journalled, under the Idempotency-Key of the touch."""
    source, ticket = source_of(site_id), _ticket(site_id)
    key = request.headers.get("Idempotency-Key") or uuid.uuid4().hex
    source.reprint(ticket["id"], key)
    return _printed(print_ticket(source, ticket, f"reprint {key}", copy=True))


@kiosk.post("/kiosk/<site_id>/lists")
@requires(Permission.ISSUE)
def print_list(site_id: str) -> ResponseReturnValue:
    """Print what somebody has to bring, without a number."""
    source, body = source_of(site_id), json_body()
    procedure, applicant, holds = body.get("procedure"), body.get("applicant"), body.get("holds")
    fits = isinstance(procedure, str) and isinstance(applicant, str) and isinstance(holds, dict)
    content = list_content(source, str(procedure), str(applicant), holds or {}, tag_of_request()) if fits else None
    if content is None:
        return problem(422, "invalid_fields", gettext("入力内容に誤りがあります。"))
    dots = source.machine.dots if source.machine else DOTS
    key = request.headers.get("Idempotency-Key") or uuid.uuid4().hex
    return _printed(source.prints.submit(f"list {key}", lambda: draw_list(content, dots)))


@kiosk.get("/kiosk/<site_id>/paper")
@requires(Permission.ISSUE)
def paper(site_id: str) -> ResponseReturnValue:
    """How the kiosk's printer is. A page that asks is a kiosk that is there."""
    source = source_of(site_id)
    source.say_alive()
    state = source.prints.state
    return answer({"state": state.value if state else None})


def print_ticket(source: Source, ticket: View, key: str, *, copy: bool = False) -> PrintResult:
    """Print a ticket's slip in the language of the request; drawing and sending happen outside the event loop."""
    content = slip_content(source, ticket, tag_of_request(), copy=copy)
    dots = source.machine.dots if source.machine else DOTS
    draw: Callable[[], Any] = lambda: draw_slip(content, dots)  # noqa: E731 - a job by name
    return source.prints.submit(key, draw)


def _ticket(site_id: str) -> View:
    token = json_body().get("token")
    ticket = source_of(site_id).ticket(token) if isinstance(token, str) else None
    if ticket is None:
        raise Unknown("ticket")
    return {**ticket, "token": token}


def _printed(result: PrintResult) -> Response:
    return answer({"printed": result.printed, "state": result.state.value if result.state else None})
