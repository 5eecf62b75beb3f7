"""nginx's logs name nobody: no address, no query, no browser, no token; and they say what an operator needs."""

import json
import socket
import struct
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.proxy import Nginx
from tests.support.server import free_port
from tests.support.upstream import Upstream
from tests.support.waiting import wait_until

PATIENCE_SECONDS = 20
TOKEN = "0123456789abcdefghijkl"
FIELDS = {"time", "method", "path", "status", "bytes", "seconds", "upstream_seconds", "cache", "request_id"}
PERSONAL = {
    "User-Agent": "Phone-of-Hanako",
    "Referer": "https://other.example/hanako",
    "Cookie": "queue_session=hanako",
}


def client_of(nginx: Nginx, address: str = "127.0.0.77") -> httpx.Client:
    transport = httpx.HTTPTransport(local_address=address, verify=nginx.trust)
    return httpx.Client(base_url=nginx.url, transport=transport, headers=PERSONAL, timeout=PATIENCE_SECONDS)


def lines(nginx: Nginx, path: str) -> list[dict[str, Any]]:
    """The lines of the log once there is one of this path; it writes them by the second."""
    found: list[dict[str, Any]] = []

    def stands() -> bool:
        text = (nginx.folder / "log" / "queue-server.log").read_text(encoding="utf-8")
        found[:] = map(json.loads, text.splitlines())
        return any(line["path"] == path for line in found)

    wait_until(stands, f"no line of {path}")
    return found


def test_a_line_says_what_was_asked_and_how_it_went_and_never_by_whom(nginx: Nginx, behind: Upstream) -> None:
    with client_of(nginx) as client:
        client.get("/?procedure=mynumber.lost")
        kept = client.get("/?procedure=mynumber.lost")
        client.post("/desk/honchosha?who=hanako", content=b"hanako")
        client.get("/last")
    assert kept.status_code == 200
    first, second, _ = found = lines(nginx, "/last")
    assert all(line.keys() == FIELDS for line in found)
    assert (first["method"], first["path"], first["status"], first["cache"]) == ("GET", "/", 200, "MISS")
    assert float(first["upstream_seconds"]) >= 0
    assert first["bytes"] > 0
    assert (second["method"], second["path"]) == ("POST", "/desk/honchosha"), (
        "what is kept is given out without a line"
    )
    assert behind.asked["/?procedure=mynumber.lost"] == 1
    for leaked in ("127.0.0.77", "mynumber", "hanako", "Hanako", "other.example", "?"):
        assert leaked not in nginx.said()


def test_a_line_has_the_id_that_the_server_logs_and_nobody_else_chooses_it(nginx: Nginx, behind: Upstream) -> None:
    with client_of(nginx) as client:
        client.get("/desk", headers={"X-Request-Id": "chosen-by-a-client"})
    [line] = lines(nginx, "/desk")
    assert behind.seen[-1]["x-request-id"] == line["request_id"]
    assert len(line["request_id"]) == 32


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        (f"/wrong/{TOKEN}", "/wrong/*"),
        (f"/{TOKEN}.svg", "/*"),
        (f"/a/b/c/d/e/f/{TOKEN}/g", "/a/b/c/d/e/f/*"),
        ("/no-text/%FF%FE", "/*"),
        ("/desk/hanako@example.jp", "/desk/*"),
        ("/admin/people/hanako", "/admin/people/*"),
        ("/admin/people/hanako/password", "/admin/people/*"),
        ("/api/tickets/0af7651916cd43dd8448eb211c80319c/call", "/api/tickets/*"),
        ("/api/sites/honchosha/counters/2/call-next", "/api/sites/honchosha/counters/2/call-next"),
        (
            "/api/sites/honchosha/services/mynumber.card/forecast",
            "/api/sites/honchosha/services/mynumber.card/forecast",
        ),
    ],
)
def test_of_a_path_nothing_is_kept_that_may_be_a_token_or_a_person(nginx: Nginx, asked: str, path: str) -> None:
    with client_of(nginx) as client:
        client.get(asked)
    [line] = lines(nginx, path)
    assert line["status"] == 200


def test_a_server_that_is_away_and_limits_that_are_reached_leave_no_line_of_errors(tmp_path: Path) -> None:
    with Nginx(tmp_path / "nginx", free_port()) as nginx, client_of(nginx) as client:
        assert {client.get("/?procedure=mynumber.lost").status_code for _ in range(3)} == {502}
        while client.get(f"/t/{TOKEN}?who=hanako").status_code != 429:
            pass
        while client.get("/desk/sign-in?who=hanako").status_code != 429:
            pass
        assert client.post("/desk?who=hanako", content=b"x" * 70_000).status_code == 413
        client.get("/last")
        statuses = {line["status"] for line in lines(nginx, "/last")}
        assert statuses == {413, 429, 502}, "the operator sees it all the same"
        assert not (nginx.folder / "log" / "queue-server-error.log").read_text(encoding="utf-8")


def test_what_is_no_http_and_no_tls_leaves_no_line_of_errors(nginx: Nginx) -> None:
    record = b"\x16\x03\x01" + struct.pack("!H", 5)
    for port, rubbish in (
        (nginx.port, b"GET /?who=hanako HTTP/1.1\r\nHost: x\r\n\r\n"),
        (nginx.port, b"\x00" * 64),
        (nginx.port, record + b"\x01\x00\x00\x01\x00"),
        (nginx.port, b"\x80\x2e\x01\x00\x02" + b"\x01" * 43),
        (nginx.plain_port, b"hanako\r\n\r\n"),
        (nginx.plain_port, b"GET /?who=hanako HTTP/9.9\r\n\r\n"),
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as client:
            client.sendall(rubbish)
            client.shutdown(socket.SHUT_WR)
            try:
                while client.recv(4096):
                    pass
            except ConnectionResetError:
                pass
    with client_of(nginx) as client:
        client.get("/last")
    lines(nginx, "/last")
    assert not (nginx.folder / "log" / "queue-server-error.log").read_text(encoding="utf-8")
    assert "hanako" not in nginx.said()
