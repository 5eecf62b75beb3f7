"""The blueprint of the JSON API, and how its answers leave: bytes of pictures, results of commands."""

from flask import Blueprint, Response, jsonify, request

from queue_server.snapshot import Picture, View

api = Blueprint("api", __name__, url_prefix="/api")


def picture(shown: Picture, cache_control: str) -> Response:
    """A picture's own bytes under the ETag of its version; 304, without asking for them, for a reader who has it."""
    if request.if_none_match.contains_weak(shown.etag):
        response = Response(status=304)
    else:
        response = Response(shown.body, content_type="application/json")
    response.set_etag(shown.etag)
    response.headers["Cache-Control"] = cache_control
    return response


def conditional(response: Response, cache_control: str) -> Response:
    """An answer under its ETag, or one of its bytes where it has none yet; 304 for a reader who has it."""
    response.add_etag()
    response.headers["Cache-Control"] = cache_control
    response.make_conditional(request)
    return response


def done(view: View, status: int = 200) -> Response:
    """What a command came to; no cache keeps it."""
    response = jsonify(view)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def done_without_content() -> Response:
    """A command that came to nothing, and rightly so."""
    return Response(status=204, headers={"Cache-Control": "no-store"})


def open_to_all(response: Response) -> Response:
    """Let pages of other hosts read what is public anyway."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
    return response
