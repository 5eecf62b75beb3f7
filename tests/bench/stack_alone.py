"""What Flask and gunicorn cost by themselves: the server that reads a command and does nothing with it.

It has no rules, no disk, no sign-in, no log and no headers of its own, so that no server on this stack answers more
commands a second with one process.
"""

import gc
import json
import uuid

from flask import Flask, Response, jsonify, request

from queue_server.cli.serving import gunicorn_configuration
from tests.bench.lean import Clients, post
from tests.support.server import SITE, Server

PATH = f"/api/sites/{SITE}/tickets"


def serve() -> Flask:
    """The application as gunicorn runs it."""
    # The configuration leaves it to the application to begin with this, as the project's own does.
    gc.enable()
    app = Flask(__name__)

    @app.get("/api/sites")
    def sites() -> Response:
        return jsonify([])

    @app.post("/api/sites/<site>/tickets")
    def issue(site: str) -> tuple[Response, int]:
        body = json.loads(request.get_data())
        return jsonify(id=uuid.uuid4().hex, label="501", site=site, service=body["service"], state="waiting"), 201

    return app


class StackAlone(Server):
    """It under this project's own configuration of gunicorn; of its data directory it makes nothing."""

    @property
    def command(self) -> list[str]:
        return ["-m", "gunicorn", "--config", str(gunicorn_configuration()), f"{__name__}:serve()"]


def commands_a_second(port: int, count: int, seconds: float) -> float:
    """How many commands so many clients are answered in a second."""
    clients = Clients(port, count)
    answered, spent = 0, 0.0
    while spent < seconds:
        took, answers = clients.ask([post(PATH, "none", {"service": "shomei"}, uuid.uuid4().hex) for _ in range(200)])
        assert {each.status for each in answers} == {201}
        answered += len(answers)
        spent += took
    clients.close()
    return answered / spent
