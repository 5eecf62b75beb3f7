"""The kiosk computer's own web application: the touch pages of the server's kiosk, on this machine's loopback."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from flask import Flask, Response, jsonify, redirect, render_template, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from werkzeug.exceptions import HTTPException

import kiosk.pages
import kiosk.paper
import kiosk.staff_pages
import queue_server
from kiosk.local import door, source
from kiosk.local.api import local_api, program
from kiosk.local.hall import NoNumber
from kiosk.local.program import EXTENSION, Program
from kiosk.local.store import StorageUnavailable
from kiosk.local.words import sentence
from queue_server import page_headers
from queue_server.context import Unknown
from queue_server.domain.ticket import Refused
from queue_server.late_rules import PromptFlask

log = structlog.get_logger()

LONGEST_BODY_BYTES = 16 * 1024
NOT_READY_SECONDS = 3
"""After this many seconds a page that could not be made yet asks again."""


@dataclass(frozen=True, slots=True)
class Languages:
    """How the language of a request is found: the same way as on the server."""

    select_locale: Callable[[], str]
    html_lang: Callable[[], str]


def create_local_app(running: Program, languages: Languages) -> Flask:
    """The application of the kiosk computer over its program."""
    shared = Path(queue_server.__file__).parent
    app = PromptFlask(
        __name__, template_folder=str(shared / "web/templates"), static_folder=str(shared / "web/static")
    )
    app.config.update(
        MAX_CONTENT_LENGTH=LONGEST_BODY_BYTES,
        BABEL_DEFAULT_LOCALE="ja",
        BABEL_TRANSLATION_DIRECTORIES=str(shared / "translations"),
    )
    if isinstance(app.json, DefaultJSONProvider):
        app.json.ensure_ascii = False
    app.extensions[EXTENSION] = running
    source.install(app, running)
    Babel(app, locale_selector=languages.select_locale)
    app.context_processor(lambda: {"html_lang": languages.html_lang()})
    # The door asks where a command comes from: no session, no token of a page.
    app.jinja_env.globals["csrf_token"] = lambda: ""
    door.install(app, running.settings.port)
    page_headers.install(app)
    app.register_blueprint(local_api)
    app.register_blueprint(kiosk.pages.kiosk)
    app.add_url_rule("/", "start", _start)
    _register_errors(app)
    return app


def _start() -> ResponseReturnValue:
    return redirect(f"/kiosk/{program().hall.site_id}")


def _register_errors(app: Flask) -> None:
    app.register_error_handler(NoNumber, lambda error: _answer(error.status, error.code))
    app.register_error_handler(Unknown, lambda error: _answer(404, f"unknown_{error.what}"))
    app.register_error_handler(Refused, lambda error: _answer(409, error.code))
    app.register_error_handler(door.Foreign, lambda _error: _answer(403, "foreign_origin"))
    app.register_error_handler(StorageUnavailable, lambda _error: _answer(503, "storage_unavailable"))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _bug)


def _answer(status: int, code: str) -> Response:
    """An error as the server says it: JSON for a program, a page for the browser."""
    if request.path.startswith("/api/") or request.is_json:
        response = jsonify(code=code, message=sentence(code))
        response.status_code = status
    else:
        page = render_template("kiosk_local/problem.html", message=sentence(code), again=code == "not_ready")
        response = Response(page, status)
    if code == "not_ready":
        response.headers["Refresh"] = str(NOT_READY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    return _answer(status, "not_found" if status == 404 else "malformed_request" if status < 500 else "server_error")


def _bug(error: Exception) -> ResponseReturnValue:
    # A path may carry a ticket's token; the endpoint says enough.
    log.error("unhandled_error", endpoint=request.endpoint, method=request.method, exc_info=error)
    return _answer(500, "server_error")
