"""A kiosk whose disk does not do what it has to: supervisor and desks read it, beside what its printer says."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from queue_server.accounts import Accounts
from queue_server.clock import SystemClock
from queue_server.domain.roles import Role
from queue_server.storage.database import Store
from tests.support.people import PASSWORD
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser

DISK = "発券機のディスクに異常があります"
PAPER = "用紙がありません"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    data = tmp_path / "data"
    store = Store(data)
    accounts = Accounts(store, SystemClock())
    for name, role in {"tanaka": Role.SUPERVISOR, "sato": Role.CLERK}.items():
        accounts.create_staff(name, role, PASSWORD, actor="operator:test")
    store.close()
    with Server(data) as server:
        yield server


def signed_in(open_page: Callable[..., Page], server: Server, name: str, path: str) -> Page:
    page = open_page(f"{server.url}{path}", (1280, 800))
    page.get_by_label("名前").fill(name)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_label("パスワード").press("Enter")
    page.wait_for_url(f"**{path}")
    return page


def report(kiosk: httpx.Client, **said: Any) -> None:
    kiosk.post(f"/api/sites/{SITE}/kiosk", json={"printer": "ready", "waiting": 1, **said}).raise_for_status()


def test_staff_read_that_a_kiosks_disk_is_in_trouble(server: Server, open_page: Callable[..., Page]) -> None:
    headers = {"Authorization": f"Bearer {server.token(Role.KIOSK, 'kiosk-1')}"}
    hall = signed_in(open_page, server, "tanaka", f"/supervisor/{SITE}")
    desk = signed_in(open_page, server, "sato", f"/desk/{SITE}/6")
    state, alerts = hall.locator("[data-list=kiosks] [data-field=state]"), hall.locator(".alerts__item")
    with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as kiosk:
        report(kiosk, recording=False)
        expect(state).to_have_text(DISK)
        expect(hall.locator("[data-list=kiosks] [data-field=since]")).to_be_empty()
        expect(alerts).to_contain_text([DISK])
        expect(desk.locator("body")).to_contain_text(DISK)
        report(kiosk, recording=False, printer="paper_out")
        expect(state).to_have_text(f"{PAPER}、{DISK}")
        expect(alerts).to_contain_text([PAPER, DISK])
        expect(desk.locator("body")).to_contain_text(PAPER)
        report(kiosk)
        expect(state).to_have_text("異常なし")
        expect(alerts).to_have_count(0)
        expect(desk.locator("body")).not_to_contain_text(DISK)
