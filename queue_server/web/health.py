"""For machines that look after this one: is the process alive, can it do its work, what does it count."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from queue_server.access import public, requires_watch
from queue_server.context import current_metrics, current_readiness

health = Blueprint("health", __name__)

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@health.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """That the process answers; it asks neither the disk nor the halls."""
    return _kept_by_nobody(Response("ok\n", mimetype="text/plain"))


@health.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Whether commands are taken now: 200, or 503 with the codes of what is wrong; the runbook has the words.

    `warnings`, where there are any, are what an administrator must know though commands are taken.
    """
    readiness = current_readiness()
    problems, warnings = readiness.problems(), readiness.warnings()
    told = {"warnings": warnings} if warnings else {}
    if not problems:
        return _kept_by_nobody(jsonify(ready=True, **told))
    response = jsonify(ready=False, code=problems[0], problems=problems, **told)
    response.status_code = 503
    response.headers["Retry-After"] = "5"
    return _kept_by_nobody(response)


@health.get("/metrics")
@requires_watch
def metrics() -> ResponseReturnValue:
    """The metrics in the text format of Prometheus."""
    return _kept_by_nobody(Response(current_metrics().text(), content_type=METRICS_TYPE))


def _kept_by_nobody(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
