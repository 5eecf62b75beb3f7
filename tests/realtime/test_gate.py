"""Who may open a socket, from which page, and how little a client may say on it: against a real server."""

import contextlib
import errno
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import websocket
from engineio.server import Server as EngineServer
from engineio.socket import Socket
from eventlet.websocket import RFC6455WebSocket
from flask import Flask, request, request_started

from queue_server.access.buckets import Buckets
from queue_server.access.pace import EXTENSION, Pace
from queue_server.app import socketio_of
from queue_server.domain.roles import Role
from queue_server.realtime.gate import MOST_WAITING, POST_BYTES
from queue_server.realtime.metering import BURST_BYTES, BYTES_A_SECOND, MeteredSocket
from tests.fuzz.bystander import metric
from tests.fuzz.frames import BINARY, CONTINUE, frame, text, upgrade_head
from tests.support.server import SITE, Server
from tests.support.waiting import wait_until

QUERY = f"EIO=4&transport=websocket&site={SITE}"
POLLING = f"/socket.io/?EIO=4&transport=polling&site={SITE}"


def status_of(server: Server, **options: Any) -> int:
    """101 for a websocket that was opened, or what was answered in its place."""
    try:
        websocket.create_connection(f"ws://127.0.0.1:{server.port}/socket.io/?{QUERY}", timeout=10, **options).close()
    except websocket.WebSocketBadStatusException as refused:
        return refused.status_code
    return 101


# -- which way ---------------------------------------------------------------------------------------


def test_a_page_is_asked_for_past_the_library_of_the_sockets(app: Flask) -> None:
    """It would make a class and a copy of the environment for each, on every page and command."""
    seen: list[dict[str, Any]] = []
    with request_started.connected_to(lambda *_, **__: seen.append(request.environ), app):
        assert app.test_client().get("/api/sites").status_code == 200
    assert len(seen) == 1
    assert "flask.app" not in seen[0], "the library's mark on what went through it"


# -- from which page ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:{port}.evil.example",
        "http://evil.example/127.0.0.1:{port}",
        "file://",
    ],
)
def test_a_page_of_another_host_opens_no_socket(server: Server, origin: str) -> None:
    foreign = origin.format(port=server.port)
    assert status_of(server, origin=foreign) == 400
    answer = httpx.get(server.url + POLLING, headers={"Origin": foreign}, trust_env=False)
    assert answer.status_code == 400
    assert "sid" not in answer.text
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_page_of_this_server_opens_one_and_so_does_a_program_without_a_page(server: Server) -> None:
    assert status_of(server, origin=server.url) == 101
    assert status_of(server, suppress_origin=True) == 101


def test_what_a_client_says_of_a_forwarded_host_lets_no_foreign_page_in(server: Server) -> None:
    """The library would add it to the hosts whose pages may connect; another proxy may have passed it on."""
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert status_of(server, origin="https://evil.example", header=headers) == 400


def test_behind_a_proxy_with_https_its_pages_are_those_of_https(server: Server) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    assert status_of(server, origin=f"https://127.0.0.1:{server.port}", header=headers) == 101
    assert status_of(server, origin=f"http://127.0.0.1:{server.port}", header=headers) == 400


@pytest.mark.parametrize("name", ["j", "%6a", "%6A"])
def test_answers_are_no_scripts_that_a_foreign_page_could_read(server: Server, name: str) -> None:
    assert httpx.get(f"{server.url}{POLLING}&{name}=0", trust_env=False).status_code == 400


@pytest.mark.parametrize(
    "path", [POLLING, "/socket.io/?EIO=3", "/socket.io/", f"{POLLING}&sid=nobody", f"{POLLING}&j=0"]
)
def test_every_answer_beside_the_pages_carries_the_security_headers_too(server: Server, path: str) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    answer = httpx.get(server.url + path, headers=headers, trust_env=False)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "wanting",
    ["Sec-WebSocket-Version: 8", "Sec-WebSocket-Key: short", "Upgrade: h2c", "Connection: keep-alive"],
)
def test_a_websocket_that_is_asked_for_unsoundly_is_refused_before_the_libraries_see_it(
    server: Server, wanting: str
) -> None:
    name = wanting.partition(":")[0]
    head = re.sub(rf"{name}: [^\r]*", wanting, upgrade_head(server.port, QUERY).decode())
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(head.encode())
        assert client.recv(1_024).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("sid", ["", "&sid=", "&sid", "&%73id="], ids=["none", "empty", "bare", "encoded"])
def test_new_sockets_of_one_address_are_slowed_and_those_of_others_are_not(app: Flask, sid: str) -> None:
    app.extensions[EXTENSION] = pace = Pace(buckets=Buckets(now=lambda: 1.0))
    browser = app.test_client()
    for _ in range(3_000):
        pace.note_socket("192.0.2.1")
    assert browser.get(POLLING, headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 200
    slowed = browser.get(POLLING + sid, headers={"X-Forwarded-For": "192.0.2.1"})
    assert (slowed.status_code, slowed.get_json()["code"]) == (429, "too_often")
    assert int(slowed.headers["Retry-After"]) >= 1


# -- what it may say ---------------------------------------------------------------------------------


@contextlib.contextmanager
def opened_at(server: Server) -> Iterator[socket.socket]:
    """A socket of a page that has not entered yet, with the handshake read."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(upgrade_head(server.port, QUERY))
        head = b""
        while b'"sid"' not in head:
            head += client.recv(4_096)
        assert head.startswith(b"HTTP/1.1 101 ")
        yield client


@pytest.fixture
def opened(server: Server) -> Iterator[socket.socket]:
    with opened_at(server) as client:
        yield client


def is_cut(client: socket.socket) -> bool:
    """Reads until the server ends the connection; fails with a timeout where it does not."""
    with contextlib.suppress(ConnectionResetError):
        while client.recv(65_536):
            pass
    return True


def cuts(server: Server, reason: str) -> float:
    return metric(server, "queue_sockets_cut_total").get(f'{{reason="{reason}"}}', 0.0)


@pytest.mark.parametrize(
    "messages",
    [
        ['42["issue",{}]'],
        ["40", "40"],
        ["40", '42["board",{}]'],
        ["40", '451-["x",{"_placeholder":true,"num":0}]'],
        ["40", '459999999999-["x"]'],
        ["40/admin,"],
        ["43[]"],
        ["49"],
        ["4"],
        ["40", "41", "40"],
    ],
    ids=str,
)
def test_whoever_says_more_than_a_page_has_to_say_is_cut_off(
    server: Server, opened: socket.socket, messages: list[str]
) -> None:
    before = cuts(server, "unexpected_message")
    opened.sendall(b"".join(text(message) for message in messages))
    assert is_cut(opened)
    assert cuts(server, "unexpected_message") == before + 1


def test_a_binary_message_is_nothing_that_a_page_sends(server: Server, opened: socket.socket) -> None:
    before = cuts(server, "unexpected_message")
    opened.sendall(text("40") + frame(b"x" * 100, BINARY))
    assert is_cut(opened)
    assert cuts(server, "unexpected_message") == before + 1


@pytest.mark.parametrize(
    "flood",
    [
        frame(b"4", final=False) + frame(b"", CONTINUE, final=False) * 2_000,
        frame(b"4", final=False) + frame(b"x" * 500, CONTINUE, final=False) * 100,
        text("3") * 2_000,
    ],
    ids=["pieces of nothing", "a message that never ends", "answers to no question"],
)
def test_whoever_sends_without_end_is_cut_off(server: Server, opened: socket.socket, flood: bytes) -> None:
    before = cuts(server, "too_much")
    with contextlib.suppress(ConnectionError):
        opened.sendall(flood)
    assert is_cut(opened)
    assert cuts(server, "too_much") == before + 1


@pytest.mark.long
@pytest.mark.crash
@pytest.mark.parametrize("worker", ["eventlet", "gevent"])
def test_what_is_no_packet_ends_its_socket_and_is_no_error_of_the_server(tmp_path: Path, worker: str) -> None:
    with Server(tmp_path / "data", {"QUEUE_SERVER_WORKER": worker}) as other:
        for message in ("x", "4" + "[" * 1_000):
            with opened_at(other) as client:
                client.sendall(text("40") + text(message))
                assert is_cut(client), message
        wait_until(lambda: not any(metric(other, "queue_sockets").values()), "a socket is still counted")
        assert metric(other, "queue_errors_total") == {"": 0}
        assert "Traceback" not in other.log.read_text(encoding="utf-8")


def test_a_frame_that_claims_to_be_long_is_refused_before_it_is_read(opened: socket.socket) -> None:
    opened.sendall(frame(b"4", claim=1 << 40))
    assert is_cut(opened)


@pytest.mark.parametrize(("size", "enters"), [(900, True), (1_100, False)])
def test_an_entry_of_more_than_a_kibibyte_is_not_taken(opened: socket.socket, size: int, enters: bool) -> None:
    opened.sendall(text('40{"x":"' + "x" * size + '"}'))
    heard = b""
    with contextlib.suppress(ConnectionResetError):
        while b'42["board"' not in heard and (piece := opened.recv(65_536)):
            heard += piece
    assert (b'42["board"' in heard) is enters


def test_a_page_goes_on_while_it_answers_pings_and_may_leave(server: Server, opened: socket.socket) -> None:
    opened.sendall(text("40"))
    heard = b""
    while b'42["board"' not in heard:
        heard += opened.recv(65_536)
    with server.client(Role.KIOSK) as kiosk:
        kiosk.post(
            f"/api/sites/{SITE}/tickets", json={"service": "inkan"}, headers={"Idempotency-Key": "gate-news-1"}
        )
        heard = b""
        while b'42["board"' not in heard:
            heard += opened.recv(65_536)
    opened.sendall(text("41"))


# -- by polling --------------------------------------------------------------------------------------


class Polling:
    """A page that cannot open a websocket."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._path = POLLING
        self.sid = self.get().text.partition('"sid":"')[2].partition('"')[0]
        self._path = f"{POLLING}&sid={self.sid}"

    def get(self) -> httpx.Response:
        return self._client.get(self._path)

    def post(self, *packets: str) -> int:
        return self._client.post(self._path, content="\x1e".join(packets)).status_code


@pytest.fixture
def polling(server: Server) -> Iterator[Polling]:
    with server.client() as client:
        page = Polling(client)
        assert page.post("40") == 200
        yield page


def test_who_polls_enters_answers_pings_and_leaves(server: Server, polling: Polling) -> None:
    heard = polling.get().text
    while '42["board"' not in heard:
        heard += polling.get().text
    for _ in range(100):
        assert polling.post("3") == 200
    assert polling.post("41", "1") == 200
    assert polling.get().status_code == 400, "the session has ended"


@pytest.mark.parametrize("packet", ["5", "2probe", "0", "6", "b4AAAA", "7", "x", "", "d=5%1e5", "43[]"])
def test_who_posts_what_no_page_posts_is_cut_off(server: Server, polling: Polling, packet: str) -> None:
    before = cuts(server, "unexpected_message")
    answers = [polling.post("3", packet), polling.post("3")]
    assert answers[1] == 400
    assert cuts(server, "unexpected_message") == before + 1


def test_who_posts_without_end_is_cut_off(server: Server, polling: Polling) -> None:
    before = cuts(server, "too_much")
    answers: list[int] = []
    while 400 not in answers:
        answers.append(polling.post("3"))
        assert len(answers) < 10_000
    assert len(answers) > BURST_BYTES / (POST_BYTES + 1)
    assert cuts(server, "too_much") == before + 1


def test_who_begins_upgrades_and_leaves_them_is_cut_off(server: Server, polling: Polling) -> None:
    """Each leaves a packet in what waits, and who polls never has to fetch it."""
    before, tries = cuts(server, "too_much"), 0
    while begins_and_leaves_an_upgrade(server, polling):
        tries += 1
        assert tries <= MOST_WAITING
    assert tries > MOST_WAITING / 2
    assert cuts(server, "too_much") == before + 1


def begins_and_leaves_an_upgrade(server: Server, polling: Polling) -> bool:
    """Whether it was let in."""
    address = f"ws://127.0.0.1:{server.port}/socket.io/?{QUERY}&sid={polling.sid}"
    try:
        upgrade = websocket.create_connection(address, timeout=10)
    except websocket.WebSocketBadStatusException:
        return False
    upgrade.send("2probe")
    assert upgrade.recv() == "3probe"
    # Anything but an UPGRADE ends the try, and the page goes on polling.
    upgrade.send("4")
    with contextlib.suppress(websocket.WebSocketException, ConnectionError):
        upgrade.recv()
    upgrade.shutdown()
    return True


# -- bytes -------------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


def test_a_client_may_say_its_burst_at_once_and_then_a_little_each_second() -> None:
    near, far = socket.socketpair()
    clock, told = Clock(), []
    with near, far:
        metered = MeteredSocket(near, lambda: told.append("excess"), clock)
        far.sendall(b"x" * BURST_BYTES)
        assert len(metered.recv(10 * BURST_BYTES)) == BURST_BYTES
        clock.now += 10
        far.sendall(b"x" * (10 * BYTES_A_SECOND))
        assert len(metered.recv(BURST_BYTES)) == 10 * BYTES_A_SECOND
        assert told == []
        far.sendall(b"x")
        with pytest.raises(OSError, match="more than a page") as caught:
            metered.recv(1)
        assert caught.value.errno == errno.ECONNABORTED
        assert told == ["excess"]
        assert metered.fileno() == near.fileno(), "the rest is the socket's own"


# -- the seam ----------------------------------------------------------------------------------------


def test_the_libraries_have_what_the_gate_takes_hold_of(app: Flask) -> None:
    """If this fails after an upgrade, read realtime/gate.py: the handlers, the maker of websockets, the socket."""
    engine = socketio_of(app).server.eio
    assert isinstance(engine, EngineServer)
    assert {"message", "disconnect"} <= engine.handlers.keys()
    assert engine.handlers["message"].__qualname__ == "Gate._message"
    assert "websocket" in engine._async
    assert callable(Socket._websocket_handler)
    near, far = socket.socketpair()
    with near, far:
        sock = RFC6455WebSocket(near, {"wsgi.errors": None})
        assert sock.socket is near
        sock.socket = MeteredSocket(near, lambda: None)
        far.sendall(text("hello"))
        assert sock.wait() == "hello"
