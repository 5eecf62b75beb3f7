"""deploy/nginx.conf before this project's own server: pages, files, sockets, headers, and what the logs say."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import requests
import socketio

from queue_server.domain.roles import Role
from queue_server.page_headers import FRESH, HEADERS, OF_PARTS
from queue_server.static_files import FOR_EVER
from tests.support.proxy import Nginx
from tests.support.server import SITE, Server, run_cli
from tests.support.waiting import wait_until

PATIENCE_SECONDS = 20


@pytest.fixture(scope="module")
def nginx(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with Nginx(tmp_path_factory.mktemp("proxy") / "nginx", server.port) as running:
        run_cli("static", "--to", str(running.static))
        yield running


@pytest.fixture
def client(nginx: Nginx) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=nginx.url, verify=nginx.trust, timeout=PATIENCE_SECONDS, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def ticket(server: Server) -> str:
    with server.client(Role.KIOSK) as kiosk:
        issued = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status()
    return str(issued.json()["token"])


@pytest.mark.parametrize(
    "path", ["/", f"/status/{SITE}", f"/board/{SITE}", "/desk/sign-in", f"/kiosk/{SITE}", f"/api/sites/{SITE}/board"]
)
def test_every_answer_keeps_its_headers_of_security(server: Server, client: httpx.Client, path: str) -> None:
    through = client.get(path).headers
    direct = httpx.get(f"{server.url}{path}", trust_env=False).headers
    # The board is open data: pages of any host may read it.
    open_data = {"Cross-Origin-Resource-Policy": "cross-origin"} if path.startswith("/api/") else {}
    for name, value in {**HEADERS, **open_data}.items():
        assert through.get_list(name) == direct.get_list(name) == [value]
    assert through.get("Cache-Control") == direct.get("Cache-Control")


def test_a_language_is_kept_past_the_cache_and_shown_to_its_chooser_alone(nginx: Nginx) -> None:
    """The choice is never kept, and what is kept of a page is apart for each cookie."""
    with (
        httpx.Client(base_url=nginx.url, verify=nginx.trust, timeout=PATIENCE_SECONDS, trust_env=False) as chooser,
        httpx.Client(base_url=nginx.url, verify=nginx.trust, timeout=PATIENCE_SECONDS, trust_env=False) as another,
    ):
        assert '<html lang="ja"' in chooser.get(f"/status/{SITE}").text
        for _ in range(2):
            chosen = chooser.get(f"/language/en?page=status&site_id={SITE}")
            assert chosen.headers["Set-Cookie"].startswith("lang=en;")
            assert {part.strip() for part in chosen.headers["Set-Cookie"].split(";")} >= {"Secure", "HttpOnly"}
        for _ in range(3):
            assert '<html lang="en"' in chooser.get(f"/status/{SITE}").text
            assert '<html lang="ja"' in another.get(f"/status/{SITE}").text


def test_files_come_from_the_folder_packed_and_may_be_kept(
    server: Server, nginx: Nginx, client: httpx.Client
) -> None:
    page = client.get(f"/status/{SITE}").text
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert (nginx.static / sheet.lstrip("/")).is_file()
    with client.stream("GET", sheet) as answer:
        packed = b"".join(answer.iter_raw())
    assert packed == (nginx.static / f"{sheet.lstrip('/')}.gz").read_bytes()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers.get_list("Cache-Control") == [FOR_EVER]
    direct = httpx.get(f"{server.url}{sheet}", trust_env=False).headers
    for name in {*HEADERS, *OF_PARTS}:
        assert (
            answer.headers.get_list(name) == direct.get_list(name) == ([OF_PARTS[name]] if name in OF_PARTS else [])
        )
    plain = client.get(sheet, headers={"Accept-Encoding": "identity"})
    assert plain.content == (nginx.static / sheet.lstrip("/")).read_bytes()
    unchanged = client.get(sheet, headers={"Accept-Encoding": "identity", "If-None-Match": plain.headers["ETag"]})
    assert (unchanged.status_code, unchanged.headers["Cache-Control"]) == (304, FOR_EVER)
    script = sheet.split("/static/")[0] + "/display/static/js/status.js"
    assert client.get(script).headers["Content-Type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("path", ["/static/css/base.css", "/v-0123456789ab/display/static/js/status.js"])
def test_files_that_are_not_in_the_folder_come_from_the_server(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers.get_list("Cache-Control") == ["no-cache"]


@pytest.mark.parametrize(
    "path", ["/v-0123456789ab/../../etc/passwd", "/v-0123456789ab/%2e%2e/%2e%2e/queue-server.conf"]
)
def test_nothing_outside_of_the_folder_is_served(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code in (400, 404)


def test_a_board_through_nginx_is_the_servers_own_packed_and_known_by_its_tag(
    server: Server, client: httpx.Client
) -> None:
    path = f"/api/sites/{SITE}/board"
    board = client.get(path)
    assert board.headers["Content-Encoding"] == "gzip"
    assert board.headers["Cache-Control"] == FRESH
    assert board.json()["site"]["id"] == SITE
    assert client.get(path, headers={"If-None-Match": board.headers["ETag"]}).status_code == 304
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.json().keys() == httpx.get(f"{server.url}{path}", trust_env=False).json().keys()


def test_a_tickets_page_is_neither_kept_nor_written_down(nginx: Nginx, client: httpx.Client, ticket: str) -> None:
    for path in (f"/t/{ticket}", f"/api/t/{ticket}"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
    while client.get(f"/t/{ticket}").status_code != 429:
        pass
    client.get("/api/sites")
    kept = [each for each in (nginx.folder / "cache").rglob("*") if each.is_file()]
    assert kept, "what is public is there"
    assert not [each for each in kept if ticket.encode() in each.read_bytes()]
    # It writes what is read most by the second.
    wait_until(lambda: "/api/sites" in nginx.said(), "no line of what was asked last")
    assert ticket not in nginx.said()


def test_news_come_through_a_websocket_and_by_polling(nginx: Nginx, server: Server) -> None:
    for transport in ("websocket", "polling"):
        news: list[int] = []
        session = requests.Session()
        session.verify, session.trust_env = str(nginx.certificate), False
        screen = socketio.Client(http_session=session)
        screen.on("board", lambda board, news=news: news.append(board["seq"]))
        address = f"{nginx.url}?site={SITE}"
        # A browser says where its page is from; the server compares that with the Host that nginx passes on. The
        # library's websocket says so by itself.
        headers = {"Origin": nginx.url} if transport == "polling" else {}
        screen.connect(address, headers=headers, transports=[transport], wait_timeout=PATIENCE_SECONDS)
        try:
            assert screen.transport() == transport
            with server.client(Role.KIOSK) as kiosk:
                issued = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status()
            for _ in range(PATIENCE_SECONDS * 50):
                if news and news[-1] >= issued.json()["board_seq"]:
                    break
                screen.sleep(0.02)
            assert news[-1] >= issued.json()["board_seq"]
        finally:
            screen.disconnect()
            screen.shutdown()
            session.close()


def test_a_command_comes_through_with_its_token_and_key(nginx: Nginx, server: Server) -> None:
    headers = {"Authorization": f"Bearer {server.token(Role.KIOSK)}", "Idempotency-Key": "through-nginx-once"}
    with httpx.Client(
        base_url=nginx.url, verify=nginx.trust, headers=headers, timeout=PATIENCE_SECONDS, trust_env=False
    ) as kiosk:
        answers = [kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]


def test_the_server_away_for_a_moment_is_not_noticed_by_who_reads(tmp_path: Path) -> None:
    path = f"/api/sites/{SITE}/board"
    with (
        Server(tmp_path / "data") as server,
        Nginx(tmp_path / "nginx", server.port) as nginx,
        httpx.Client(base_url=nginx.url, verify=nginx.trust, trust_env=False) as client,
    ):
        before = client.get(path)
        server.kill()
        away = client.get(path)
        assert (away.status_code, away.content) == (200, before.content)
        server.start()
        versions = {before.json()["version"]}
        while len(versions) == 1:
            versions.add(client.get(path).raise_for_status().json()["version"])
        assert max(versions) > before.json()["version"]
