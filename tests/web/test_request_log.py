"""The log says what happened and to which view, and never to whom: no token, no name, no path, no address."""

import gc
import io
import json
import logging
import re
import runpy
import socket
import sys

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from gunicorn.config import Config

from queue_server.city import City
from queue_server.cli.serving import gunicorn_configuration
from queue_server.domain.roles import Role
from queue_server.log_lines import TAKEN_OUT, JsonLine, scrubbed
from queue_server.logs import configure_logging
from queue_server.web import request_log
from queue_server.web.request_log import HEADER
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.people import PASSWORD, add_person, sign_in
from tests.support.server import Server

TICKET_TOKEN, DEVICE_TOKEN = "Xy3_kd-8LpQr5TuVwZaB1c", "q7_" + "aB3-" * 10


@pytest.fixture
def log(app: Flask, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the application logs, at the level of debugging."""
    stream = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stream)
        configure_logging("debug")
    return stream


def lines(log: io.StringIO, event: str = "request") -> list[dict[str, object]]:
    found = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in found if line["event"] == event]


def test_a_command_leaves_one_line_with_its_route_and_no_path(log: io.StringIO, api: Api) -> None:
    ticket = api.issue("inkan").get_json()
    api.move(ticket["id"], "cancel")
    issued, moved = lines(log)
    assert issued["route"] == "/api/sites/<site_id>/tickets"
    assert (issued["method"], issued["status"], issued["level"]) == ("POST", 201, "info")
    assert moved["route"] == "/api/tickets/<ticket_id>/<move_name>"
    assert isinstance(moved["ms"], float)
    assert set(moved) == {"event", "level", "method", "ms", "request_id", "route", "status", "timestamp"}


def test_reads_that_went_well_are_for_debugging_alone(
    log: io.StringIO, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_log, "SLOW_SECONDS", float("inf"))
    client.get(f"/api/sites/{SITE}/board")
    client.get("/nowhere/at/all?name=sato")
    known, unknown = lines(log)
    assert (known["level"], unknown["level"]) == ("debug", "debug")
    assert (unknown["route"], unknown["method"], unknown["status"]) == (None, None, 404)


def test_everything_that_anybody_does_in_a_day_leaves_no_token_name_or_address_in_the_log(
    log: io.StringIO, app: Flask, city: City, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_person(city, "hanako-sato")
    client = app.test_client()
    headers = {"X-Forwarded-For": "203.0.113.77", "User-Agent": "Phone-of-Hanako"}
    sign_in(client, "hanako-sato", PASSWORD)
    sign_in(app.test_client(), "hanako-sato", "a wrong password")
    ticket = api.issue("inkan").get_json()
    for path in (ticket["ticket_url"], f"/api/t/{ticket['token']}", f"/t/{TICKET_TOKEN}", "/kiosk/x/qr/abcdefgh.svg"):
        client.get(path, headers=headers)
    client.post(f"/api/t/{ticket['token']}/mail", json={"address": "hanako@example.jp"}, headers=headers)

    def broken(token: str) -> None:
        reason = "a white cane"
        assert reason
        raise ValueError(f"cannot read /t/{token} of hanako@example.jp, Bearer {DEVICE_TOKEN}")

    monkeypatch.setattr(city, "ticket_by_token", broken)
    assert client.get(f"/t/{ticket['token']}", headers=headers).status_code == 500
    said = log.getvalue()
    assert "unhandled_error" in said
    assert TAKEN_OUT in said
    secrets = [
        ticket["token"],
        TICKET_TOKEN,
        PASSWORD,
        "hanako",
        "203.0.113.77",
        "Phone-of",
        "white cane",
        *api.tokens.values(),
    ]
    assert [secret for secret in secrets if secret in said] == []


def test_a_read_that_took_long_is_told(
    log: io.StringIO, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_log, "SLOW_SECONDS", 0.0)
    client.get(f"/api/sites/{SITE}/board")
    assert [line["level"] for line in lines(log)] == ["info"]


def test_all_lines_of_a_request_carry_its_id_and_the_answer_does_too(
    log: io.StringIO, client: FlaskClient, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_token: str) -> None:
        raise ValueError

    monkeypatch.setattr(city, "ticket_by_token", broken)
    answer = client.get("/api/t/x", headers={HEADER: "0af7651916cd43dd8448eb211c80319c"})
    [request], [error] = lines(log), lines(log, "unhandled_error")
    assert (
        request["request_id"] == error["request_id"] == answer.headers[HEADER] == "0af7651916cd43dd8448eb211c80319c"
    )
    assert request["level"] == "info", "an answer of 500 is told"
    client.get("/healthz")
    assert lines(log)[-1]["request_id"] != request["request_id"]
    structlog.contextvars.clear_contextvars()


@pytest.mark.parametrize("forged", ["short", "with space and more", "x" * 65, 'quote"quote"', "ümläut-ümläut"])
def test_an_id_that_is_none_is_not_taken_over(client: FlaskClient, forged: str) -> None:
    found = client.get("/healthz", headers={HEADER: forged.encode("utf-8").decode("latin-1")}).headers[HEADER]
    assert re.fullmatch(r"[0-9a-f]{16}", found)


def test_an_id_of_somebody_who_is_no_proxy_is_not_taken_over(client: FlaskClient) -> None:
    answer = client.get(
        "/healthz", headers={HEADER: "0af7651916cd43dd"}, environ_overrides={"REMOTE_ADDR": "10.1.2.3"}
    )
    assert answer.headers[HEADER] != "0af7651916cd43dd"


# -- the net -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "secret",
    [
        f"GET /t/{TICKET_TOKEN}",
        "POST /api/t/abcdefghij/leave",
        f"/kiosk/honchosha/qr/{TICKET_TOKEN}.svg",
        f"Authorization: Bearer {DEVICE_TOKEN}",
        f"no device with {DEVICE_TOKEN}.",
        f"KeyError: '{TICKET_TOKEN}'",
        "Cookie: a=b; queue_session=eyJ.x.y; c=d",
        "mail to hanako.sato+queue@mail.city.example.jp failed",
        "Invalid request from ip=203.0.113.77: Invalid HTTP method: 'X'",
        "Invalid request from ip=2001:db8::77: Invalid HTTP method: 'X'",
    ],
)
def test_what_looks_like_a_secret_is_taken_out_however_deep_it_stands(secret: str) -> None:
    found = scrubbed({"event": "x", "exception": [{"exc_value": secret, "frames": ({"line": secret},)}]})
    for leaked in (TICKET_TOKEN, DEVICE_TOKEN, "abcdefghij", "eyJ", "hanako", "203.0", "2001:db8"):
        assert leaked not in json.dumps(found)
    assert TAKEN_OUT in found["exception"][0]["exc_value"]


@pytest.mark.parametrize(
    "harmless",
    [
        "ConnectionRefusedError",
        "structure_change_superseded",
        "/api/t/<token>/leave",
        "2026-11-29T20:09:39.847110Z",
        "0af7651916cd43dd8448eb211c80319c",
        "database is locked",
        "tests/web/test_request_log.py",
        12,
        None,
        True,
    ],
)
def test_what_a_log_needs_stays(harmless: object) -> None:
    assert scrubbed(harmless) == harmless


def test_lines_of_gunicorn_are_json_too_and_go_through_the_net() -> None:
    try:
        raise ValueError(f"/t/{TICKET_TOKEN}")
    except ValueError:
        record = logging.LogRecord(
            "gunicorn.error",
            logging.ERROR,
            "x.py",
            1,
            "Error handling request %s",
            (f"/t/{TICKET_TOKEN}",),
            sys.exc_info(),
        )
    line = json.loads(JsonLine().format(record))
    assert line["event"] == f"Error handling request /t/{TAKEN_OUT}"
    assert (line["level"], line["logger"]) == ("error", "gunicorn.error")
    assert "Traceback" in line["exception"]
    assert TICKET_TOKEN not in json.dumps(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", line["timestamp"])


@pytest.mark.parametrize(
    ("request_", "status", "kind"),
    [
        (b"GET /?procedure=mynumber.lost HTTP/1.1 hanako\r\n\r\n", b"400", "InvalidHTTPVersion"),
        (b"get:hanako /?procedure=mynumber.lost HTTP/1.1\r\n\r\n", b"400", "InvalidRequestMethod"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nha(na)ko: mynumber.lost\r\n\r\n", b"400", "InvalidHeaderName"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: hanako" + b"x" * 9_000 + b"\r\n\r\n", b"431", "LimitRequestHeaders"),
    ],
)
def test_of_a_request_that_cannot_be_read_the_log_says_the_kind_and_not_from_whom_or_what(
    server: Server, request_: bytes, status: bytes, kind: str
) -> None:
    before = len(server.log.read_text().splitlines())
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(request_)
        assert client.recv(100).startswith(b"HTTP/1.1 " + status)
    said = server.log.read_text().splitlines()[before:]
    assert [json.loads(line)["event"] for line in said if "Invalid" in line] == [f"Invalid request: {kind}"]
    for leaked in ("127.0.0.1", "hanako", "mynumber"):
        assert leaked not in "".join(said)


def test_an_error_of_gunicorn_names_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUEUE_SERVER_DATA", "/nowhere")
    monkeypatch.setenv("QUEUE_SERVER_PROFILE", "atsugi")
    monkeypatch.setattr(gc, "disable", lambda: None)
    logger = runpy.run_path(str(gunicorn_configuration()))["OfNobody"](Config())
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger.error_log.addHandler(handler)
    try:
        try:
            raise ValueError("broken")
        except ValueError:
            logger.exception("Error handling request %s %s", "GET", "/?procedure=mynumber.lost")
        logger.exception("Exception in worker process %s", 7)
        logger.warning("Invalid request from ip=203.0.113.77: x")
        logger.warning("Worker %s is slow", 8)
    finally:
        logger.error_log.removeHandler(handler)
    said = stream.getvalue()
    assert "ValueError: broken" in said, "what went wrong stays"
    assert "Exception in worker process 7" in said
    assert "Worker 8 is slow" in said
    assert "mynumber" not in said
    assert "203.0" not in said


def test_every_line_of_a_real_server_is_json(server: Server) -> None:
    with server.client(Role.KIOSK) as kiosk:
        kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}, headers={"Idempotency-Key": "log-line-1"})
    found = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert {"event", "level", "timestamp"} <= set.intersection(*(set(line) for line in found))
    assert any("Listening at" in line["event"] for line in found)
    assert any(line["event"] == "request" and line["status"] == 201 for line in found)
