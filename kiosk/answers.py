"""What the kiosk's own addresses read from a request, and how they answer."""

from typing import Any

from flask import Response, jsonify, request

from kiosk.source import Source, find_source
from queue_server.context import Unknown


def source_of(site_id: str) -> Source:
    """The source of a site for whoever asks; raises Unknown("site") for a browser that is no kiosk."""
    source = find_source(site_id)
    if source is None:
        raise Unknown("site")
    return source


def json_body() -> dict[str, Any]:
    """The JSON object of the request; an empty one where there is none."""
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def answer(data: dict[str, Any], status: int = 200) -> Response:
    """An answer for this page alone."""
    response = jsonify(data)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def problem(status: int, code: str, message: str) -> Response:
    """A refusal in the shape of the API's."""
    return answer({"code": code, "message": message}, status)
