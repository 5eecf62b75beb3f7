"""What Flask and gunicorn cost by themselves: the server that reads a command and does nothing with it.

It has no rules, no disk, no sign-in, no log and no headers of its own, so that no server on this stack answers more
commands a second with one process.
"""

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from flask import Flask, Response, jsonify, request

from tests.bench.lean import Clients, post
from tests.support.server import SITE, START_SECONDS, free_port

PATH = f"/api/sites/{SITE}/tickets"


def serve() -> Flask:
    """The application as gunicorn runs it."""
    app = Flask(__name__)

    @app.post("/api/sites/<site>/tickets")
    def issue(site: str) -> tuple[Response, int]:
        body = json.loads(request.get_data())
        return jsonify(id=uuid.uuid4().hex, label="501", site=site, service=body["service"], state="waiting"), 201

    return app


@contextmanager
def stack_alone() -> Iterator[int]:
    """It runs as this project's server does, with the same worker; yields its port."""
    port = free_port()
    words = [
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        "eventlet",
        "--keep-alive",
        "15",
        "--log-level",
        "error",
    ]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "gunicorn", *words, "--no-control-socket", f"{__name__}:serve()"]
    )
    try:
        _wait_until_up(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


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


def _wait_until_up(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/", trust_env=False, timeout=2)
            return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise AssertionError("the server with nothing in it did not start")
