"""News is framed once: the frame itself, and clients that read slowly, poll, or do not read at all."""

import json
import re
import socket
import struct
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import websocket

from queue_server.domain.roles import Role
from queue_server.realtime import SEND_BUFFER_BYTES
from queue_server.realtime.fanout import LONGEST_LAG_SECONDS
from queue_server.realtime.frames import News, text_frame
from tests.fuzz.bystander import metric
from tests.support.server import SITE, Server

PATIENCE_SECONDS = 30
CHANGES = 900
"""Boards of about seven kilobytes: more together than the buffers between two sockets of one machine hold."""
PONG = b"\x81\x81\x00\x00\x00\x003"
"""Masked with zeros: the text "3", Engine.IO's answer to a ping."""
VERSION = re.compile(rb'42\["board",\{"version":(\d+)')


# -- the frame ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536])
def test_a_frame_is_one_that_a_websocket_library_reads(length: int) -> None:
    payload = b"x" * length
    near, far = socket.socketpair()
    with near, far:
        near.settimeout(5)
        client = websocket.WebSocket()
        client.sock = near
        client.connected = True
        far.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        far.sendall(text_frame(payload))
        assert client.recv() == payload.decode()
        client.sock = None


def test_news_is_the_packet_that_the_library_would_have_sent() -> None:
    news = News("board", '{"name":"市民課"}'.encode())
    assert news.packet == '2["board",{"name":"市民課"}]'
    assert news.frame.endswith(f"4{news.packet}".encode())
    assert news.frame is news.frame


# -- real clients ------------------------------------------------------------------------------------


@contextmanager
def raw_client(server: Server) -> Iterator[socket.socket]:
    """A websocket of a browser's kind that offers compression, with small buffers, and its answer's head read."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(PATIENCE_SECONDS)
        client.connect(("127.0.0.1", server.port))
        head = [
            f"GET /socket.io/?EIO=4&transport=websocket&site={SITE} HTTP/1.1",
            f"Host: 127.0.0.1:{server.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Extensions: permessage-deflate",
        ]
        client.sendall("\r\n".join([*head, "", ""]).encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += client.recv(1)
        assert b" 101 " in answer
        assert b"permessage-deflate" not in answer, "a compressor for each client, and a frame of its own"
        # Masked with zeros: the text "40", Socket.IO's CONNECT.
        client.sendall(b"\x81\x82\x00\x00\x00\x0040")
        yield client


def boards_in(client: socket.socket, enough: Callable[[list[int]], bool]) -> list[int]:
    """The versions of the boards that a client is sent, frame by frame, until they are enough or it is closed."""
    data, versions = b"", list[int]()
    while not enough(versions):
        try:
            chunk = client.recv(65_536)
        except ConnectionResetError:
            # The server closed while a pong of this client lay unread: as closed as any.
            break
        if not chunk:
            break
        data += chunk
        while (frame := _first_frame(data)) is not None:
            payload, data = frame
            found = VERSION.match(payload)
            if found:
                json.loads(payload[2:])
                versions.append(int(found[1]))
    return versions


def _first_frame(data: bytes) -> tuple[bytes, bytes] | None:
    if len(data) < 2:
        return None
    length, start = data[1] & 0x7F, 2
    if length >= 126:
        size = 2 if length == 126 else 8
        if len(data) < 2 + size:
            return None
        length, start = struct.unpack("!H" if size == 2 else "!Q", data[2 : 2 + size])[0], 2 + size
    return (data[start : start + length], data[start + length :]) if len(data) >= start + length else None


@pytest.fixture(scope="module")
def ticket(server: Server) -> Iterator[str]:
    """A number that is called, and can be called again as often as a test likes."""
    with server.client(Role.ADMIN) as admin:
        admin.post(f"/api/sites/{SITE}/counters/2/open")
        admin.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status()
        called = admin.post(f"/api/sites/{SITE}/counters/2/call-next", json={"complete": True}).raise_for_status()
        yield called.json()["ticket"]["id"]
        admin.post(f"/api/tickets/{called.json()['ticket']['id']}/complete")


def recall(admin: httpx.Client, ticket: str, times: int, *present: socket.socket) -> None:
    """Call a number again and again; meanwhile clients that do not read say that they are there.

    Whoever is silent is let go by the pings, which is another test; a busy machine takes longer than that here.
    """
    for count in range(times):
        if count % 20 == 0:
            for client in present:
                # One that the server has dropped says no more; whether it should have is for the test to tell.
                with suppress(ConnectionError):
                    client.sendall(PONG)
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        admin.post(f"/api/tickets/{ticket}/recall", json={}, headers=headers).raise_for_status()


def newest_version(admin: httpx.Client) -> int:
    return int(admin.get(f"/api/sites/{SITE}/board").json()["version"])


def test_whoever_reads_slowly_delays_nobody_and_gets_the_newest_board_at_last(server: Server, ticket: str) -> None:
    with raw_client(server) as slow, raw_client(server) as quick, server.client(Role.ADMIN) as admin:
        boards_in(quick, bool)
        recall(admin, ticket, CHANGES, slow, quick)
        newest = newest_version(admin)
        assert boards_in(quick, lambda versions: newest in versions)[-1] == newest
        late = boards_in(slow, lambda versions: newest in versions)
        assert late[-1] == newest
        assert late == sorted(late)
        size = len(admin.get(f"/api/sites/{SITE}/board").content)
        # The kernel doubles what it is asked for; the client has a page of its own; one board was begun, one kept.
        most = 2 * SEND_BUFFER_BYTES // size + 4
        assert len(late) <= most, "what no buffer had taken and is old by now is not sent"


def test_whoever_polls_seldom_gets_the_newest_board_alone(server: Server, ticket: str) -> None:
    path = f"/socket.io/?EIO=4&transport=polling&site={SITE}"
    with server.client() as client, server.client(Role.ADMIN) as admin:
        session = json.loads(client.get(path).text[1:])["sid"]
        assert client.post(f"{path}&sid={session}", content="40").text == "OK"
        begin = client.get(f"{path}&sid={session}").text
        while "board" not in begin:
            begin += client.get(f"{path}&sid={session}").text
        recall(admin, ticket, 5)
        newest = newest_version(admin)
        with raw_client(server) as quick:
            boards_in(quick, lambda versions: newest in versions)
        packets = client.get(f"{path}&sid={session}").text.split("\x1e")
        versions = [json.loads(packet[2:])[1]["version"] for packet in packets if packet.startswith("42")]
        assert versions == [newest]


@pytest.mark.long
@pytest.mark.crash
def test_whoever_reads_nothing_is_dropped_and_the_hall_goes_on(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server, raw_client(server) as deaf, server.client(Role.ADMIN) as admin:
        boards_in(deaf, bool)
        admin.post(f"/api/sites/{SITE}/counters/2/open")
        admin.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"})
        called = admin.post(f"/api/sites/{SITE}/counters/2/call-next", json={}).json()["ticket"]["id"]
        # First the buffers are filled, however long a busy machine takes for it; from then on the lag counts.
        recall(admin, called, CHANGES, deaf)
        deadline = time.monotonic() + LONGEST_LAG_SECONDS + PATIENCE_SECONDS
        while "client_dropped" not in server.log.read_text(encoding="utf-8"):
            assert time.monotonic() < deadline
            # The hall goes on at its own pace; commands without a pause would only keep two processors busy.
            recall(admin, called, 1, deaf)
            time.sleep(0.1)
        assert metric(server, "queue_sockets_cut_total")['{reason="lagging"}'] == 1
        newest = newest_version(admin)
        assert newest not in boards_in(deaf, lambda versions: newest in versions), "the connection ended before"
        with raw_client(server) as again:
            assert boards_in(again, bool)[0] >= newest
