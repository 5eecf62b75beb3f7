"""The two addresses of the API that the touch page itself asks: the board, and a number."""

import json
import re
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from kiosk.local.hall import NoNumber
from kiosk.local.program import EXTENSION, Program

local_api = Blueprint("local_api", __name__, url_prefix="/api", template_folder="templates")

KEY_PATTERN = re.compile(r"[\x21-\x7e]{1,200}")
PASSED_ON = ("Accept-Language",)
"""What the server has to know of the page's request: in which language a refusal is read."""


def program() -> Program:
    """The program behind this application."""
    return cast(Program, current_app.extensions[EXTENSION])


@local_api.get("/sites/<site_id>/board")
def board(site_id: str) -> ResponseReturnValue:
    """The newest known board, with an ETag of its version; 304 for a page that has it."""
    _require_own(site_id)
    shown = program().hall.board
    response = Response(shown.body, content_type="application/json")
    response.set_etag(str(shown.version))
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


@local_api.post("/sites/<site_id>/tickets")
def issue(site_id: str) -> ResponseReturnValue:
    """A number of the server's, or of this kiosk's own while the server is away."""
    _require_own(site_id)
    key = request.headers.get("Idempotency-Key", "")
    if not KEY_PATTERN.fullmatch(key):
        raise NoNumber("bad_idempotency_key", 400)
    body = request.get_data(cache=False)
    headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
    reply = program().issuing.issue(key, _service_in(body), body, headers)
    response = jsonify(reply.data)
    response.status_code = reply.status
    response.headers["Cache-Control"] = "no-store"
    return response


def _service_in(body: bytes) -> str:
    try:
        service = json.loads(body)["service"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NoNumber("malformed_request", 400) from error
    if not isinstance(service, str):
        raise NoNumber("malformed_request", 400)
    return service


def _require_own(site_id: str) -> None:
    if site_id != program().hall.site_id:
        raise NoNumber("unknown_site", 404)
