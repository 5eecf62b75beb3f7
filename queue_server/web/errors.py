"""One family of errors and one JSON shape: `{code, message, state?, errors?}`."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from queue_server.access import SAFE_METHODS, Denied, TooOften
from queue_server.context import FormerDay, Unknown, current_metrics
from queue_server.domain.ticket import Refused, TicketState
from queue_server.hall import StorageUnavailable
from queue_server.web.messages import sentence

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

HTTP_CODES = {
    400: "malformed_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "malformed_request",
}


class BadRequest(Exception):  # noqa: N818 - an answer, not a failure
    """A request that cannot be taken: 400 for one that cannot be read, 422 for one that does not fit.

    `errors` names each wrong field: [{"field", "message"}].
    """

    def __init__(self, status: int, code: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.errors = errors


def wants_json() -> bool:
    """Whether the caller is a program: everything below /api/."""
    return request.path.startswith("/api/")


def answer_error(
    status: int,
    code: str,
    state: TicketState | None = None,
    errors: list[dict[str, str]] | None = None,
    details: Mapping[str, Any] | None = None,
) -> Response:
    """The error in its JSON shape, or as a page for a browser; `details` stand beside the code."""
    if request.method not in SAFE_METHODS:
        current_metrics().note_refusal(code)
    if not wants_json():
        response = Response(render_template("error.html", status=status, message=sentence(code)), status)
    else:
        body: dict[str, object] = {**(details or {}), "code": code, "message": sentence(code)}
        if state is not None:
            body["state"] = state.value
        if errors is not None:
            body["errors"] = errors
        response = jsonify(body)
        response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def register_errors(app: Flask) -> None:
    """Answer every error of the house in one shape."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Unknown, _unknown)
    app.register_error_handler(FormerDay, _former_day)
    app.register_error_handler(Denied, _denied)
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(BadRequest, _bad_request)
    app.register_error_handler(StorageUnavailable, _storage_unavailable)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _bug)


def unreadable(app: Flask) -> "WSGIApplication":
    """What answers 400 to a request of an application by its head alone, and carries nothing out."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with app.request_context(environ):
            response = app.process_response(answer_error(400, "malformed_request"))
            return response(environ, start_response)

    return answer


def _refused(error: Refused) -> ResponseReturnValue:
    status = 422 if error.code == "request_id_reused" else 409
    return answer_error(status, error.code, error.state, details=error.details)


def _unknown(error: Unknown) -> ResponseReturnValue:
    return answer_error(404, f"unknown_{error.what}")


def _former_day(error: FormerDay) -> ResponseReturnValue:
    return answer_error(410, "ticket_of_former_day", details={"business_day": error.business_day.isoformat()})


def _too_often(error: TooOften) -> ResponseReturnValue:
    response = answer_error(429, "too_often")
    response.headers["Retry-After"] = str(error.seconds)
    return response


def _denied(error: Denied) -> ResponseReturnValue:
    return answer_error(error.status, error.code)


def _bad_request(error: BadRequest) -> ResponseReturnValue:
    return answer_error(error.status, error.code, errors=error.errors)


def _storage_unavailable(_error: StorageUnavailable) -> ResponseReturnValue:
    return answer_error(503, "storage_unavailable")


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if status >= 500:
        # No client's fault, whoever raised it.
        _log_bug(error)
    code = HTTP_CODES.get(status, "malformed_request" if status < 500 else "server_error")
    response = answer_error(status, code)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _bug(error: Exception) -> ResponseReturnValue:
    """What is not foreseen is a bug: traceback in the log, 500."""
    _log_bug(error)
    return answer_error(500, "server_error")


def _log_bug(error: Exception) -> None:
    # The path may carry a ticket's token; the endpoint says enough.
    log.error("unhandled_error", endpoint=request.endpoint, method=request.method, exc_info=error)
