"""What nginx says itself has the headers of the server's answers, and words for whoever reads it."""

import base64
import hashlib
import json
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from queue_server.page_headers import HEADERS, OVER_HTTPS
from queue_server.web.messages import SENTENCES
from tests.support.proxy import Nginx
from tests.support.server import free_port
from tests.support.upstream import Upstream

PATIENCE_SECONDS = 20
COMMAND = Path(__file__).parents[2] / "queue_server" / "web" / "static" / "js" / "command.js"
AWAY = "ただいまつながりにくくなっています。しばらくしてから、もう一度開いてください。"
SLOW = {"zone=queue_nobody:4m  rate=50r/s": "zone=queue_nobody:4m rate=1r/m", "burst=300 nodelay": "burst=1 nodelay"}
HEADER_NAMES = [*HEADERS, "Cache-Control", "Strict-Transport-Security"]
# Read as text: the file is a module to browsers. fetch is node's own, and asks the real nginx.
COMMANDER = """
import { readFileSync } from "node:fs";
const [, script, address, patience] = process.argv;
globalThis.document = { documentElement: { lang: "ja" }, querySelector: () => null };
const source = readFileSync(script, "utf-8");
const { sendCommand, NoAnswer } = await import("data:text/javascript," + encodeURIComponent(source));
try {
  const { status, data } = await sendCommand(address, {}, { patience: Number(patience) });
  console.log(JSON.stringify([status, data.code]));
} catch (error) {
  console.log(JSON.stringify(error instanceof NoAnswer ? "no answer" : String(error)));
}
"""


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """nginx, with nobody behind it."""
    with Nginx(tmp_path_factory.mktemp("away") / "nginx", free_port()) as running:
        (running.static / "v-0123456789ab").mkdir()
        (running.static / "v-0123456789ab" / "a.css").write_text("a{}")
        yield running


@pytest.fixture
def slow(behind: Upstream, tmp_path: Path) -> Iterator[Nginx]:
    """nginx that has enough of somebody after two questions, and of a server after a second."""
    changed = {**SLOW, "proxy_read_timeout 30s;": "proxy_read_timeout 1s;"}
    with Nginx(tmp_path / "nginx", behind.port, changed=changed) as running:
        yield running


def client_of(nginx: Nginx) -> httpx.Client:
    return httpx.Client(base_url=nginx.url, verify=nginx.trust, timeout=PATIENCE_SECONDS, trust_env=False)


def assert_guarded(answer: httpx.Response) -> None:
    """Each header once, and none that would let the answer be kept or do anything."""
    headers = answer.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    for name in ("X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy"):
        assert headers.get_list(name) == [HEADERS[name]]
    assert headers.get_list("Cache-Control") == ["no-store"]
    assert headers.get_list(OVER_HTTPS[0]) == [OVER_HTTPS[1]]
    assert len(headers.get_list("Content-Security-Policy", split_commas=False)) == 1


@pytest.mark.parametrize(
    "path", ["/", "/status/honchosha", "/t/0123456789abcdefghijkl", "/desk", "/v-0123456789ab/b.js"]
)
def test_a_resident_reads_what_to_do_while_the_server_is_away(away: Nginx, path: str) -> None:
    with client_of(away) as client:
        answer = client.get(path)
    assert answer.status_code == 502
    assert_guarded(answer)
    assert answer.headers["Retry-After"] == "10"
    assert answer.headers["Refresh"] == "20", "a screen comes back by itself"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert '<html lang="ja">' in answer.text
    assert AWAY in answer.text
    assert "20秒ごとに自動で読み込み直されます" in answer.text
    assert "hard to reach at the moment" in answer.text.split('<div lang="en">')[1]


def test_the_page_loads_nothing_and_its_one_style_sheet_is_the_one_that_its_policy_names(away: Nginx) -> None:
    with client_of(away) as client:
        answer = client.get("/")
    [style] = re.findall("<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert not re.findall(r"\b(?:src|href)=|url\(|@import|<script", answer.text)
    assert 'name="color-scheme" content="light dark"' in answer.text


@pytest.mark.parametrize(
    "path", ["/api/sites", "/api/t/0123456789abcdefghijkl", "/socket.io/?EIO=4&transport=polling"]
)
def test_a_program_gets_the_shape_of_every_error(away: Nginx, path: str) -> None:
    with client_of(away) as client:
        answer = client.get(path)
    assert answer.status_code == 502
    assert_guarded(answer)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Retry-After"] == "10"
    assert answer.json().keys() == {"code", "message"}
    assert answer.json()["code"] == "server_away"
    assert answer.json()["message"].startswith(AWAY)


def test_what_a_script_sends_is_answered_in_its_shape_and_a_form_in_words(away: Nginx) -> None:
    with client_of(away) as client:
        script = client.post("/kiosk/honchosha/slips", json={})
        form = client.post("/desk/sign-in", data={"name": "x"})
    assert script.json()["code"] == "server_away"
    assert AWAY in form.text
    assert "Refresh" not in form.headers, "what was sent is not sent again"
    assert "自動" not in form.text


def test_a_frame_of_another_page_shows_the_words_too(away: Nginx) -> None:
    with client_of(away) as client:
        assert "frame-ancestors *" in client.get("/embed/honchosha").headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in client.get("/embed").headers["Content-Security-Policy"]


def test_who_asks_too_often_is_told_when_to_come_back(slow: Nginx, behind: Upstream) -> None:
    with client_of(slow) as client:
        found = [client.get("/desk") for _ in range(4)]
        program = client.get("/api/sites/honchosha/desk")
    assert [answer.status_code for answer in found] == [200, 200, 429, 429]
    assert behind.asked["/desk"] == 2
    for answer in (found[-1], program):
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "5"
        assert_guarded(answer)
    assert SENTENCES["too_often"] in found[-1].text
    assert program.json()["code"] == "too_often"
    assert program.json()["message"].startswith(SENTENCES["too_often"])


@pytest.mark.parametrize(("path", "code"), [("/desk", None), ("/api/sites/honchosha/tickets", "too_large")])
def test_what_is_too_large_is_said_so(away: Nginx, path: str, code: str | None) -> None:
    with client_of(away) as client:
        answer = client.post(path, content=b"x" * 70_000)
    assert answer.status_code == 413
    assert_guarded(answer)
    assert SENTENCES["too_large"] in answer.text
    assert "Retry-After" not in answer.headers
    assert code is None or answer.json()["code"] == code


def test_a_server_that_does_not_answer_in_time_is_away(slow: Nginx, behind: Upstream) -> None:
    behind.gate.clear()
    with client_of(slow) as client:
        answer = client.get("/api/sites/honchosha/desk")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (504, "server_away", "10")
    assert_guarded(answer)


def test_an_error_of_a_file_is_kept_by_nobody_and_a_file_is(away: Nginx) -> None:
    with client_of(away) as client:
        file = client.get("/v-0123456789ab/a.css")
        wrong = client.post("/v-0123456789ab/a.css")
        beyond = client.get("/v-0123456789ab/a.css", headers={"Range": "bytes=99-"})
    assert "immutable" in file.headers["Cache-Control"]
    assert file.headers[OVER_HTTPS[0]] == OVER_HTTPS[1]
    assert (wrong.status_code, wrong.headers["Cache-Control"]) == (405, "no-store")
    assert SENTENCES["method_not_allowed"] in wrong.text
    assert (beyond.status_code, beyond.text) == (200, "a{}")
    assert beyond.headers.get_list("Cache-Control") == file.headers.get_list("Cache-Control")


@pytest.mark.parametrize("asked", [b"GET / HTTP/1.1\r\n\r\n", b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\n\r\n"])
def test_what_nginx_cannot_read_is_answered_with_the_headers_too(away: Nginx, asked: bytes) -> None:
    with (
        socket.create_connection(("127.0.0.1", away.port), timeout=PATIENCE_SECONDS) as plain,
        away.trust.wrap_socket(plain, server_hostname="127.0.0.1") as tls,
    ):
        tls.sendall(asked)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += tls.recv(4096)
    assert re.match(rb"HTTP/1.1 4(00|14) ", answer)
    for name in HEADER_NAMES:
        assert answer.lower().count(f"\r\n{name.lower()}: ".encode()) == 1


def test_an_answer_that_the_server_did_not_guard_is_guarded_and_one_that_it_did_is_left_alone(
    slow: Nginx, behind: Upstream
) -> None:
    """gunicorn answers by itself what it cannot read; a style sheet goes without what speaks of documents."""
    with client_of(slow) as client:
        behind.headers = {}
        assert_guarded(client.get("/look.css"))
        behind.headers = {"Content-Security-Policy": "default-src 'self'"}
        answer = client.get("/validity")
    assert answer.headers["Content-Security-Policy"] == "default-src 'self'"
    assert not {name.lower() for name in HEADER_NAMES[1:]} & answer.headers.keys()


@pytest.mark.parametrize(
    "asked", [b"GET /?a=b HTTP/1.1\r\nHost: queue.example.jp\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"]
)
def test_the_way_to_https_is_kept_by_nobody_and_promises_nothing_over_http(away: Nginx, asked: bytes) -> None:
    with socket.create_connection(("127.0.0.1", away.plain_port), timeout=PATIENCE_SECONDS) as plain:
        plain.sendall(asked)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += plain.recv(4096)
    head = answer.decode().split("\r\n\r\n")[0]
    for line in ("Cache-Control: no-store", "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer"):
        assert head.count(line) == 1
    assert "Content-Security-Policy: default-src 'none'" in head
    assert "Strict-Transport-Security" not in head, "a browser has to pass it over there (RFC 6797, 7.2)"
    assert head.startswith("HTTP/1.1 400 ") or "Location: https://queue.example.jp/?a=b" in head


def sent(address: str, patience_ms: int) -> object:
    """What the pages' own script makes of a command to this address."""
    words = ["node", "--input-type=module", "-e", COMMANDER, str(COMMAND), address, str(patience_ms)]
    run = subprocess.run(words, capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS)
    return json.loads(run.stdout)


def test_a_command_is_sent_on_while_the_server_is_away_and_never_taken_for_answered(tmp_path: Path) -> None:
    """Three answers of a failing server end the attempts; those of the proxy in its place do not."""
    with Nginx(tmp_path / "nginx", free_port(), plain=True) as nginx:
        assert sent(f"{nginx.url}/api/sites/honchosha/tickets", 3_000) == "no answer"


def test_a_command_that_came_too_often_is_refused_in_a_shape_that_pages_read(
    behind: Upstream, tmp_path: Path
) -> None:
    with Nginx(tmp_path / "nginx", behind.port, plain=True, changed=SLOW) as nginx:
        for _ in range(3):
            last = httpx.post(f"{nginx.url}/api/sites/honchosha/tickets", trust_env=False)
        assert last.status_code == 429
        assert sent(f"{nginx.url}/api/sites/honchosha/tickets", 3_000) == [429, "too_often"]
