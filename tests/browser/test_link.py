"""The cable is pulled, the server dies: every page says so, keeps its last board, and recovers by itself."""

import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.roles import Role
from tests.browser.conftest import BOARD, KIOSK, PHONE, Open
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser

SILENCE_MS = 45_000


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "data", {"QUEUE_SERVER_OPEN_KIOSK": "1"}) as server:
        yield server


def issue(server: Server, service: str = "inkan") -> str:
    with server.client(Role.KIOSK) as kiosk:
        issued = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": service}).raise_for_status().json()
    return str(issued["label"])


@pytest.mark.long
def test_with_the_server_killed_every_page_says_so_within_its_time_and_comes_back(
    own_server: Server, open_page: Open, errors: list[str]
) -> None:
    first = issue(own_server)
    board = open_page(f"{own_server.url}/board/{SITE}", BOARD)
    phone = open_page(f"{own_server.url}/status/{SITE}", PHONE)
    kiosk = open_page(f"{own_server.url}/kiosk/{SITE}", KIOSK)
    waiting = board.locator("[data-service=inkan] [data-field=waiting]")
    expect(waiting).to_contain_text(first)
    own_server.kill()
    expect(kiosk.locator("[data-link-banner]")).to_be_visible(timeout=SILENCE_MS)
    expect(kiosk.locator("[data-category=ido]")).to_be_disabled()
    for page in (board, phone):
        expect(page.locator("[data-link-banner]")).to_be_visible(timeout=SILENCE_MS)
        expect(page.locator("[data-link-banner]")).to_contain_text("通信確認中")
    expect(waiting).to_contain_text(first)
    own_server.start()
    second = issue(own_server)
    for page in (board, phone, kiosk):
        expect(page.locator("[data-link-banner]")).to_be_hidden(timeout=SILENCE_MS)
    expect(waiting).to_contain_text(second, timeout=SILENCE_MS)
    errors.clear()


def test_a_desk_says_at_once_that_the_line_is_cut_and_goes_on_where_it_was(
    server: Server, open_desk: Callable[[str], Page], errors: list[str]
) -> None:
    desk = open_desk("2")
    desk.locator("[data-key=main]").click()
    label = issue(server)
    expect(desk.locator("[data-list=waiting]")).to_contain_text(label)
    desk.context.set_offline(True)
    expect(desk.locator("[data-link-banner]")).to_be_visible()
    desk.context.set_offline(False)
    expect(desk.locator("[data-link-banner]")).to_be_hidden(timeout=SILENCE_MS)
    another = issue(server)
    expect(desk.locator("[data-list=waiting]")).to_contain_text(another)
    errors.clear()


def test_a_called_holder_learns_it_after_the_line_came_back(
    server: Server, open_page: Open, errors: list[str]
) -> None:
    with server.client(Role.ADMIN) as admin:
        ticket = admin.post(f"/api/sites/{SITE}/tickets", json={"service": "koseki"}).raise_for_status().json()
        mine = open_page(f"{server.url}{ticket['ticket_url']}", PHONE)
        expect(mine.locator("[data-ticket]")).to_have_attribute("data-state", "waiting")
        mine.context.set_offline(True)
        admin.post(f"/api/sites/{SITE}/counters/3/open").raise_for_status()
        answer = admin.post(f"/api/sites/{SITE}/counters/3/call", json={"label": ticket["label"]})
        answer.raise_for_status()
        mine.context.set_offline(False)
        expect(mine.locator("[data-ticket]")).to_have_attribute("data-state", "called", timeout=SILENCE_MS)
        admin.post(f"/api/tickets/{ticket['id']}/complete").raise_for_status()
    errors.clear()


def test_a_full_disk_is_said_at_the_kiosk_and_the_desk(
    own_server: Server, open_page: Open, errors: list[str]
) -> None:

    from tests.crash.test_disk import limit_file_size

    kiosk = open_page(f"{own_server.url}/kiosk/{SITE}", KIOSK)
    expect(kiosk.locator("[data-part=choices]")).to_be_visible()
    assert own_server.process is not None
    limit_file_size(own_server.process, 4096)
    with own_server.client(Role.KIOSK) as device:
        answers = (device.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}) for _ in range(400))
        assert any(answer.status_code == 503 for answer in answers)
    expect(kiosk.locator("[data-part=choices]")).to_be_hidden()
    expect(kiosk.locator("[data-field=closed_headline]")).to_contain_text("発券できません")
    limit_file_size(own_server.process, resource.RLIM_INFINITY)
    expect(kiosk.locator("[data-part=choices]")).to_be_visible()
    errors.clear()
