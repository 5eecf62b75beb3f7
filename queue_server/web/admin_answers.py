"""The administrator's blueprint, and how its pages leave: kept by no cache, and after a deed with a sentence."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from queue_server.access import caller, guarded_actor
from queue_server.accounts import UnknownAccount
from queue_server.context import current_city
from queue_server.domain.calendar import JST
from queue_server.domain.site import Site
from queue_server.domain.ticket import Refused
from queue_server.hall import Caller
from queue_server.snapshot import View
from queue_server.web.bodies import KEY_PATTERN
from queue_server.web.errors import answer_error

admin = Blueprint("admin", __name__, url_prefix="/admin")

LONGEST_SENTENCE = 300
Fields = MultiDict[str, str]
"""What stands in a form, by the names of its controls: as it was typed, or as it is filled in at first."""
Problems = dict[str, list[str]]
"""What is wrong with a form: sentences by the names of its controls; "" for the form as a whole."""


def show(template: str, status: int = 200, *, site: Site | None = None, **values: Any) -> Response:
    """A page of the administrator; `site` is the hall it is about, None for a page of the whole city."""
    city = current_city()
    sites = [hall.site for hall in city.halls.values()]
    page = render_template(
        f"admin/{template}.html",
        actor=guarded_actor(),
        city=city.profile,
        site=site,
        menu_site=site or (sites[0] if len(sites) == 1 else None),
        several_sites=len(sites) > 1,
        simulated=city.clock.simulated,
        now=city.clock.now().astimezone(JST),
        key=uuid.uuid4().hex,
        **values,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def done(url: str, sentence: str) -> ResponseReturnValue:
    """Go on to a page that says what was done; a sentence that a cookie has no room for is cut."""
    flash(sentence if len(sentence) <= LONGEST_SENTENCE else f"{sentence[:LONGEST_SENTENCE]}…")
    return redirect(url, 303)


def once(command: Callable[[Caller], View]) -> View:
    """Give a command of a hall under the key that its form carries, so that a double press is one command.

    A page that one comes back to and sends with something else is a new command.
    """
    key = request.form.get("key", "")
    try:
        return command(caller(key if KEY_PATTERN.fullmatch(key) else uuid.uuid4().hex))
    except Refused as refused:
        if refused.code != "request_id_reused":
            raise
    return command(caller(uuid.uuid4().hex))


@admin.errorhandler(UnknownAccount)
def _unknown_account(_error: UnknownAccount) -> ResponseReturnValue:
    """The page of a device or a person that does not exist does not exist either."""
    return answer_error(404, "not_found")
