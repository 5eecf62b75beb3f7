"""News reaches every connected screen of a real server, whole and in order."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import socketio
import websocket

from queue_server.domain.roles import Role
from queue_server.settings import WorkerKind
from tests.support.server import SITE, Server

PATIENCE_SECONDS = 20


@contextmanager
def screen(
    server: Server,
    query: str = f"site={SITE}",
    token: str | None = None,
    transports: tuple[str, ...] = ("websocket",),
) -> Iterator["queue.Queue[Any]"]:
    """The boards and desk views that one client is sent, as (event, picture)."""
    news: queue.Queue[Any] = queue.Queue()
    client = socketio.Client()
    for event in ("board", "desk"):
        client.on(event, lambda picture, event=event: news.put((event, picture)))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    client.connect(
        f"{server.url}?{query}", headers=headers, transports=list(transports), wait_timeout=PATIENCE_SECONDS
    )
    try:
        yield news
    finally:
        client.disconnect()
        client.shutdown()


def next_of(news: "queue.Queue[Any]", event: str, after: int = 0) -> Any:
    """The next picture of that kind that is newer than a version."""
    while True:
        name, picture = news.get(timeout=PATIENCE_SECONDS)
        if name == event and picture["version"] > after:
            return picture


def waiting(board: Any, service: str = "inkan") -> list[str]:
    return next(s["waiting"] for c in board["categories"] for s in c["services"] if s["id"] == service)


def test_a_ticket_reaches_every_screen_as_a_whole_board(server: Server) -> None:
    with screen(server) as first, screen(server) as second, server.client(Role.KIOSK) as kiosk:
        before = max(next_of(first, "board")["version"], next_of(second, "board")["version"])
        issued = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status().json()
        boards = [next_of(news, "board", before) for news in (first, second)]
        for board in boards:
            assert issued["label"] in waiting(board)
            assert board["seq"] >= issued["board_seq"]
        assert boards[0] == boards[1]


def test_desks_get_their_view_and_public_screens_do_not(server: Server) -> None:
    token = server.token(Role.DESK)
    with screen(server, f"site={SITE}&desk=1", token) as desk, screen(server) as public:
        before = next_of(desk, "desk")["version"]
        assert next_of(public, "board")
        with server.client(Role.KIOSK) as kiosk:
            issued = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status().json()
        view = next_of(desk, "desk", before)
        assert issued["id"] in [ticket["id"] for ticket in view["tickets"]]
        board = next_of(public, "board", before)
        assert issued["id"] not in str(board)
        while not public.empty():
            assert public.get()[0] == "board"


def test_whoever_polls_or_upgrades_from_polling_gets_every_newest_board_too(server: Server) -> None:
    with (
        screen(server, transports=("polling",)) as polling,
        screen(server, transports=("polling", "websocket")) as upgraded,
        screen(server) as direct,
        server.client(Role.KIOSK) as kiosk,
    ):
        everybody = (polling, upgraded, direct)
        before = max(next_of(news, "board")["version"] for news in everybody)
        for _ in range(3):
            issued = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status().json()
            boards = [next_of(news, "board", before) for news in everybody]
            assert all(issued["label"] in waiting(board) for board in boards)
            before = max(board["version"] for board in boards)


@pytest.mark.parametrize("worker", list(WorkerKind))
def test_both_coroutine_workers_carry_the_same_hall(tmp_path: Path, worker: WorkerKind) -> None:
    """The worker is one setting: a ticket, a call and the news of both, under either."""
    with Server(tmp_path / "data", {"QUEUE_SERVER_WORKER": worker}) as server:
        password = server.add_user("sato")
        gone = websocket.create_connection(
            f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket&site={SITE}"
        )
        gone.send("40")
        while not gone.recv().startswith("42"):
            pass
        gone.shutdown()
        with screen(server) as news, server.client(Role.ADMIN) as admin:
            before = next_of(news, "board")["version"]
            admin.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status()
            assert waiting(next_of(news, "board", before)) == ["400"]
            admin.post(f"/api/sites/{SITE}/counters/4/open").raise_for_status()
            called = admin.post(f"/api/sites/{SITE}/counters/4/call-next").raise_for_status().json()
            assert called["ticket"]["label"] == "400"
        with server.client() as browser:
            page = browser.get("/desk/sign-in")
            csrf = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
            form = {"name": "sato", "password": password, "csrf_token": csrf}
            assert browser.post("/desk/sign-in", data=form).status_code == 303
        assert server.stop() == 0
        said = server.log.read_text()
        assert f"Using worker: {worker}" in said
        assert "Traceback" not in said
        assert "shutdown error" not in said, "a screen that goes away is no error"
