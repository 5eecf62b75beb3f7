"""What this process has to log as an error is counted, whoever says it and however loud the log is."""

import io
import json
import subprocess
import sys

import pytest
import structlog
from flask.testing import FlaskClient
from werkzeug.exceptions import BadGateway

from queue_server.city import City
from queue_server.log_lines import ERRORS
from queue_server.logs import configure_logging
from queue_server.realtime.gate import log_bug
from tests.conftest import SITE

LEVELS = ["debug", "info", "warning", "error", "critical"]


@pytest.mark.parametrize("level", LEVELS)
def test_errors_are_counted_at_every_level_of_the_log_and_written_where_it_says(
    monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    stream = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stream)
        configure_logging(level)
    log, before = structlog.get_logger(), ERRORS.count
    for name in LEVELS:
        getattr(log, name)("said")
    assert ERRORS.count == before + 2, "error and critical"
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        log.exception("said")
    assert ERRORS.count == before + 3
    written = [json.loads(line)["level"] for line in stream.getvalue().splitlines()]
    assert written == LEVELS[LEVELS.index(level) :] + (["error"] if level != "critical" else [])


SAYS = """
import logging.config, sys
from queue_server.log_lines import ERRORS, logging_configuration
logging.config.dictConfig(logging_configuration(sys.argv[1]))
for name in ("gunicorn.error", "a.library"):
    for say in ("info", "warning", "error", "critical"):
        getattr(logging.getLogger(name), say)("said")
print(ERRORS.count)
"""


@pytest.mark.parametrize(
    ("level", "written"),
    [("info", ["info", *["warning", "error", "critical"] * 2]), ("critical", ["critical", "critical"])],
)
def test_what_gunicorn_and_libraries_say_is_counted_too(level: str, written: list[str]) -> None:
    """gunicorn says what went wrong on a connection that was a websocket."""
    done = subprocess.run([sys.executable, "-c", SAYS, level], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "4\n"
    assert [json.loads(line)["level"] for line in done.stderr.splitlines()] == written


def errors(client: FlaskClient) -> float:
    [line] = [line for line in client.get("/metrics").text.splitlines() if line.startswith("queue_errors_total ")]
    return float(line.split()[1])


def test_a_mistake_on_a_socket_is_counted_though_no_view_answered(client: FlaskClient) -> None:
    before = errors(client)
    log_bug(ZeroDivisionError())
    assert errors(client) == before + 1


def test_a_mistake_of_the_clock_is_counted_though_nobody_asked_for_anything(
    client: FlaskClient, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    before = errors(client)
    monkeypatch.setattr(city.halls[SITE], "tick", fail)
    city.tick()
    assert errors(client) == before + 1


@pytest.mark.parametrize("error", [ZeroDivisionError(), BadGateway()])
def test_whatever_is_answered_with_an_error_of_ours_is_counted_once(
    client: FlaskClient, city: City, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(_token: str) -> None:
        raise error

    monkeypatch.setattr(city, "ticket_by_token", fail)
    before = errors(client)
    assert client.get("/api/t/x").status_code >= 500
    assert client.get("/api/t").status_code == 404
    assert errors(client) == before + 1
