"""Bodies are read within bounds before anybody works on them; slow heads and slow bodies hold nothing for long."""

import contextlib
import io
import json
import socket
import sqlite3
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from gunicorn.http.errors import ChunkMissingTerminator, InvalidChunkSize, NoMoreData

from queue_server import reading_ahead
from queue_server.domain.roles import Role
from queue_server.worker import patience
from tests.support.mail_server import MailServer
from tests.support.server import SITE, Server

LONGEST = 100


class Endless(io.RawIOBase):
    """A body that goes on as long as anybody reads."""

    def __init__(self) -> None:
        self.read_bytes = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "never without a bound"
        self.read_bytes += size
        return b"x" * size


class Broken(io.RawIOBase):
    def __init__(self, error: Exception) -> None:
        self.error = error

    def read(self, size: int = -1) -> bytes:
        raise self.error


def answer(environ: dict[str, Any], path: str = "/short") -> tuple[str, bytes, dict[str, Any]]:
    """The status, the body, and what the application saw."""
    environ = {"PATH_INFO": path, **environ}
    seen: dict[str, Any] = {}
    statuses: list[str] = []

    def app(given: dict[str, Any], start: Any) -> list[bytes]:
        seen.update(given)
        start("200 OK", [])
        return [given["wsgi.input"].read()]

    def unreadable(_environ: dict[str, Any], start: Any) -> list[bytes]:
        start("400 Bad Request", [])
        return [b"unreadable"]

    served = reading_ahead.install(app, unreadable, LONGEST, {"/long": 2 * LONGEST})  # type: ignore[arg-type]
    body = b"".join(served(environ, lambda status, _headers, *_error: statuses.append(status)))  # type: ignore[arg-type, return-value]
    return statuses[0], body, seen


def never(_environ: Any, _start: Any) -> list[bytes]:
    raise AssertionError("nothing was wrong with this body")


def test_a_body_within_bounds_arrives_whole() -> None:
    status, body, _ = answer({"CONTENT_LENGTH": "5", "wsgi.input": io.BytesIO(b"hello and more")})
    assert (status, body) == ("200 OK", b"hello")


def test_of_a_body_beyond_bounds_one_byte_more_is_read_than_is_allowed() -> None:
    endless = Endless()
    _, body, seen = answer({"CONTENT_LENGTH": "99999999999", "wsgi.input": endless})
    assert (len(body), endless.read_bytes) == (LONGEST + 1, LONGEST + 1)
    assert int(seen["CONTENT_LENGTH"]) > LONGEST, "and whoever comes next sees that it is too long"


def test_a_path_that_may_take_more_is_read_up_to_its_own_bound() -> None:
    whole = {"CONTENT_LENGTH": str(2 * LONGEST), "wsgi.input": Endless()}
    assert len(answer(whole, "/long")[1]) == 2 * LONGEST
    assert len(answer({"CONTENT_LENGTH": "99999999999", "wsgi.input": Endless()}, "/long")[1]) == 2 * LONGEST + 1
    assert len(answer(whole)[1]) == LONGEST + 1


def test_a_chunked_body_gets_the_length_that_it_turned_out_to_have() -> None:
    _, body, seen = answer({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": io.BytesIO(b"hello")})
    assert (body, seen["CONTENT_LENGTH"]) == (b"hello", "5")
    assert "HTTP_TRANSFER_ENCODING" not in seen
    _, _, seen = answer({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": Endless()})
    assert int(seen["CONTENT_LENGTH"]) == LONGEST + 1


@pytest.mark.parametrize("length", [None, "", "0", "-1", "x", "٣"])
def test_where_no_body_is_announced_none_is_read(length: str | None) -> None:
    environ: dict[str, Any] = {"wsgi.input": Broken(AssertionError())}
    if length is not None:
        environ["CONTENT_LENGTH"] = length
    statuses: list[str] = []

    def app(_environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [])
        return []

    served = reading_ahead.install(app, never, LONGEST)
    served(environ, lambda status, _headers, *_error: statuses.append(status))  # type: ignore[arg-type, return-value]
    assert statuses == ["200 OK"]


@pytest.mark.parametrize(
    ("announced", "came"),
    [("5", b""), ("5", b"hell"), (str(LONGEST), b"x" * (LONGEST - 1)), ("99999999999", b"x" * LONGEST)],
)
def test_a_body_that_ends_before_its_announced_length_is_carried_out_by_nobody(announced: str, came: bytes) -> None:
    status, body, seen = answer({"CONTENT_LENGTH": announced, "wsgi.input": io.BytesIO(came)})
    assert (status, body, seen) == ("400 Bad Request", b"unreadable", {})


@pytest.mark.parametrize(
    "error", [ConnectionResetError(), NoMoreData(), InvalidChunkSize(b"zz"), ChunkMissingTerminator(b"")]
)
def test_a_body_that_breaks_off_or_has_no_chunks_is_carried_out_by_nobody(error: Exception) -> None:
    for announced in ({"CONTENT_LENGTH": "5"}, {"HTTP_TRANSFER_ENCODING": "chunked"}):
        status, body, seen = answer({**announced, "wsgi.input": Broken(error)})
        assert (status, body, seen) == ("400 Bad Request", b"unreadable", {})


def test_a_body_that_does_not_come_is_answered_408() -> None:
    status, body, seen = answer({"CONTENT_LENGTH": "5", "wsgi.input": Broken(TimeoutError())})
    assert status.startswith("408 ")
    assert json.loads(body)["code"] == "too_slow"
    assert seen == {}


def test_every_eighth_request_gives_way_to_all_others_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that wait one behind the other on one connection would hold the event loop, since none of them waits."""
    gave_way: list[int] = []
    served = reading_ahead.install(lambda _environ, _start: [b""], never, LONGEST)
    for number in range(24):
        monkeypatch.setattr(reading_ahead, "give_way", partial(gave_way.append, number))
        served({"PATH_INFO": "/"}, lambda *_: None)  # type: ignore[arg-type, return-value]
    assert gave_way == [0, 8, 16]


def test_in_threads_nobody_is_interrupted() -> None:
    done = threading.Event()
    with patience(0.0):
        threading.Timer(0.01, done.set).start()
        assert done.wait(20), "what takes longer than patience is waited for"
    assert done.is_set()


@pytest.mark.parametrize("length", [17_000, 1_000_000])
def test_a_long_body_is_413_in_any_transfer(client: FlaskClient, length: int) -> None:
    assert client.post("/desk/sign-in", data=b"x" * length).status_code == 413
    chunked = client.post(
        "/desk/sign-in", input_stream=io.BytesIO(b"x" * length), headers={"Transfer-Encoding": "chunked"}
    )
    assert chunked.status_code == 413


@pytest.fixture
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("impatient") / "data") as server:
        yield server


def until_closed(client: socket.socket) -> bytes:
    said = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := client.recv(4_096):
            said += piece
    return said


@pytest.mark.long
def test_slow_heads_and_bodies_are_ended_and_meanwhile_others_are_served(impatient: Server) -> None:
    """Forty clients that never finish what they began; the server ends them by itself."""
    head = f"POST /api/sites/{SITE}/tickets HTTP/1.1\r\nHost: x\r\n"
    slow = [socket.create_connection(("127.0.0.1", impatient.port), timeout=60) for _ in range(40)]
    with contextlib.ExitStack() as opened:
        for number, client in enumerate(slow):
            opened.enter_context(client)
            client.sendall((head if number % 2 else f"{head}Content-Length: 500\r\n\r\n{{").encode())
        with impatient.client(Role.KIOSK) as kiosk:
            for number in range(5):
                key = {"Idempotency-Key": f"beside-{number}"}
                issued = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}, headers=key)
                assert issued.status_code == 201
        for number, client in enumerate(slow):
            said = until_closed(client)
            if number % 2:
                assert said == b""
            else:
                assert said.startswith(b"HTTP/1.1 408 "), said[:100]
                assert b"\r\nConnection: close\r\n" in said


@pytest.mark.parametrize(
    ("request_head", "statuses"),
    [
        (b"GET /" + b"x" * 5_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", (400, 414)),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 9_000 + b"\r\n\r\n", (400, 431)),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Many: 1\r\n" * 60 + b"\r\n", (400, 431)),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", (400,)),
        (b"GET / HTTP/1.1\r\nHost: x\r\n folded: 1\r\n\r\n", (400,)),
    ],
    ids=["line", "header", "headers", "two lengths", "folded"],
)
def test_heads_beyond_bounds_or_with_two_readings_are_refused(
    server: Server, request_head: bytes, statuses: tuple[int, ...]
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(request_head)
        assert int(until_closed(client).split(b" ", 2)[1]) in statuses


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture(params=["eventlet", "gevent"])
def hall(tmp_path: Path, mail_server: MailServer, request: pytest.FixtureRequest) -> Iterator[Server]:
    environment = {"QUEUE_SERVER_WORKER": request.param, **mail_server.environment}
    with Server(tmp_path / "data", environment) as running:
        yield running


def said_to(server: Server, head: str, body: bytes) -> bytes:
    """What the server says to a request whose connection takes nothing more after this body, until it closes it."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(head.replace("\n", "\r\n").encode() + b"\r\n" + body)
        client.shutdown(socket.SHUT_WR)
        return until_closed(client)


def test_a_form_and_a_command_that_were_cut_off_are_not_carried_out(hall: Server) -> None:
    with hall.client(Role.ADMIN) as admin:
        tickets = [admin.post(f"/api/sites/{SITE}/tickets", json={"service": "mynumber"}).json() for _ in range(9)]
        form = b"way=mail&near=people:3&address=taro@example.com"
        page = (
            f"POST /t/{tickets[-1]['token']} HTTP/1.1\nHost: x\nContent-Type: application/x-www-form-urlencoded\n"
            f"Content-Length: {len(form)}\n"
        )
        said = said_to(hall, page, form[:-1])
        assert said.startswith(b"HTTP/1.1 400 ")
        assert b"\r\nConnection: close\r\n" in said
        assert b"<html" in said
        assert addresses(hall) == []
        assert said_to(hall, page, form).startswith(b"HTTP/1.1 303 "), "whole, the same form is taken"
        assert addresses(hall) == ["taro@example.com"]

        admin.post(f"/api/sites/{SITE}/counters/6/open").raise_for_status()
        command = (
            f"POST /api/sites/{SITE}/counters/6/call-next HTTP/1.1\nHost: x\nContent-Type: application/json\n"
            f"Authorization: {admin.headers['authorization']}\n"
        )
        cut = [
            (b"", f"{command}Content-Length: 60\n"),
            (b"", f"{command}Transfer-Encoding: chunked\n"),
            (b'12\r\n{"complete": ', f"{command}Transfer-Encoding: chunked\n"),
            (b'12\r\n{"complete": true}', f"{command}Transfer-Encoding: chunked\n"),
            (b'12\r\n{"complete": true}\r\n', f"{command}Transfer-Encoding: chunked\n"),
        ]
        for body, head in cut:
            said = said_to(hall, head, body)
            assert said.startswith(b"HTTP/1.1 400 "), (body, said)
            assert json.loads(said.partition(b"\r\n\r\n")[2])["code"] == "malformed_request"
            assert b"\r\nConnection: close\r\n" in said
        assert admin.get(f"/api/sites/{SITE}/board").json()["calls"] == [], "nobody was called"
        whole = said_to(hall, f"{command}Transfer-Encoding: chunked\n", b'12\r\n{"complete": true}\r\n0\r\n\r\n')
        assert whole.startswith(b"HTTP/1.1 200 ")


def test_what_follows_chunks_that_cannot_be_read_is_no_request(hall: Server) -> None:
    """Who knows where it begins? A proxy may see another beginning, and somebody else's request in it."""
    head = f"POST /api/sites/{SITE}/tickets HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n"
    said = said_to(hall, head, b"zz\r\nGET /api/sites HTTP/1.1\r\nHost: x\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1


def addresses(server: Server) -> list[str]:
    """To whom is written, as it stands on the disk."""
    with contextlib.closing(sqlite3.connect(server.data / "queue.sqlite3")) as connection:
        return [address for (address,) in connection.execute("SELECT address FROM subscription")]
