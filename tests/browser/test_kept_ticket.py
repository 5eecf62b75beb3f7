"""The page of a ticket on a line that breaks: a reload without signal shows the last known state, then goes live."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from queue_server.domain.roles import Role
from tests.browser.conftest import EXPECTED_WHILE_AWAY, PHONE, Open
from tests.browser.test_pages import violations
from tests.support.cable import Cable, Line
from tests.support.server import SITE, Server
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
KEPT = """async () => {
    const pages = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const { url } of await cache.keys()) if (!url.includes("/static/")) pages.push(new URL(url).pathname);
    }
    return pages;
}"""
ASSETS = """async () => {
    let count = 0;
    for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) count += url.includes("/static/") ? 1 : 0;
    }
    return count;
}"""


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "data") as running:
        yield running


@pytest.fixture
def cable(hall: Server) -> Iterator[Cable]:
    with Cable(hall.port) as running:
        yield running


@pytest.fixture(autouse=True)
def line_is_cut_on_purpose(browser: Browser, cable: Cable, open_page: Open, errors: list[str]) -> Iterator[None]:
    """Close the pages before their server goes, then forget what a cut line made them complain of."""
    yield
    for context in browser.contexts:
        context.close()
    errors[:] = [each for each in errors if not any(known in each for known in EXPECTED_WHILE_AWAY)]


@pytest.fixture
def mine(hall: Server) -> dict[str, Any]:
    """A number with two before it."""
    with hall.client(Role.KIOSK) as kiosk:
        for _ in range(3):
            issued: dict[str, Any] = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "todoke"}).json()
    return issued


def opened_and_kept(open_page: Open, cable: Cable, mine: dict[str, Any], query: str = "") -> Page:
    page = open_page(f"{cable.url}{mine['ticket_url']}{query}", PHONE)
    wait_until(lambda: page.evaluate(KEPT) == [mine["ticket_url"]], "the page is not kept")
    wait_until(lambda: page.evaluate(ASSETS) > 15, "its scripts are not kept")
    return page


def counter(hall: Server, *deeds: tuple[str, dict[str, Any]]) -> None:
    with hall.client(Role.ADMIN) as admin:
        for deed, body in deeds:
            admin.post(f"/api/sites/{SITE}/counters/4/{deed}", json=body).raise_for_status()


def test_a_reload_without_signal_shows_the_last_state_and_the_call_comes_with_the_signal(
    open_page: Open, hall: Server, cable: Cable, mine: dict[str, Any], axe: str
) -> None:
    page = opened_and_kept(open_page, cable, mine)
    counter(hall, ("open", {}), ("call-next", {}))
    expect(page.locator("[data-field=call_label]")).not_to_have_text("まだありません")
    last = page.locator("[data-field=call_label]").inner_text()
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    wait_until(lambda: last in kept_text(page, mine), "the newest state is not kept")
    cable.set(Line.CUT)
    page.reload()
    expect(page.locator("[data-field=call_label]")).to_have_text(last)
    expect(page.locator("[data-field=ahead]")).to_have_text("あと2人")
    expect(page.locator("[data-link-banner]")).to_contain_text("通信確認中")
    expect(page.locator("[data-link-banner]")).to_contain_text("分の情報を表示しています")
    expect(page.locator("body")).to_have_attribute("data-link", "silent")
    assert page.evaluate("getComputedStyle(document.querySelector('.slip__facts')).filter") == "grayscale(1)"
    assert page.evaluate("getComputedStyle(document.querySelector('.slip')).borderRadius") != "0px", "it is styled"
    counter(hall, ("call", {"label": mine["label"]}))
    cable.set(Line.THROUGH)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "called")
    expect(page.locator("[data-ticket]")).to_contain_text("通信が途切れている間に、お呼びしました。")
    expect(page.locator("[data-link-banner]")).to_be_hidden()
    assert "kept" in page.evaluate("Object.keys(document.documentElement.dataset)")
    page.reload()
    assert "kept" not in page.evaluate("Object.keys(document.documentElement.dataset)"), (
        "with signal it is the server's"
    )


def kept_text(page: Page, mine: dict[str, Any]) -> str:
    script = "async (path) => (await (await caches.match(path))?.text()) ?? ''"
    return str(page.evaluate(script, mine["ticket_url"]))


def test_what_is_kept_has_the_headers_of_the_page_and_none_of_its_secrets(
    open_page: Open, cable: Cable, mine: dict[str, Any]
) -> None:
    page = opened_and_kept(open_page, cable, mine, "?lang=en")
    headers = page.evaluate(
        "async (path) => Object.fromEntries((await caches.match(path)).headers)", mine["ticket_url"]
    )
    with httpx_client(cable) as client:
        served = client.get(mine["ticket_url"]).headers
    for name in ("content-security-policy", "referrer-policy", "content-type", "cache-control"):
        assert headers[name] == served[name]
    assert '<html lang="en"' in kept_text(page, mine)


def httpx_client(cable: Cable) -> Any:
    import httpx

    return httpx.Client(base_url=cable.url, trust_env=False)


def test_a_line_that_is_there_and_carries_nothing_shows_the_kept_page_after_a_while(
    open_page: Open, cable: Cable, mine: dict[str, Any]
) -> None:
    page = opened_and_kept(open_page, cable, mine)
    cable.set(Line.SILENT)
    page.reload(wait_until="commit", timeout=30_000)
    expect(page.locator("[data-link-banner]")).to_contain_text("通信確認中", timeout=60_000)
    cable.set(Line.THROUGH)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-link-banner]")).to_be_hidden(timeout=30_000)


def test_the_end_of_a_ticket_is_the_end_of_what_is_kept(
    open_page: Open, hall: Server, cable: Cable, mine: dict[str, Any]
) -> None:
    page = opened_and_kept(open_page, cable, mine)
    page.get_by_role("button", name="順番待ちを取りやめる").click()
    page.get_by_role("button", name="取りやめる", exact=True).click()
    expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "cancelled")
    wait_until(lambda: page.evaluate(KEPT) == [], "an ended ticket is still kept")
    page.reload()
    expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "cancelled")
    time_to_register = "navigator.serviceWorker.getRegistration('/t/').then((each) => each.active.state)"
    assert page.evaluate(time_to_register) == "activated"
    assert page.evaluate(KEPT) == []


def test_a_slip_that_was_replaced_is_not_kept_any_longer(
    open_page: Open, hall: Server, cable: Cable, mine: dict[str, Any]
) -> None:
    page = opened_and_kept(open_page, cable, mine)
    with hall.client(Role.ADMIN) as admin:
        admin.post(f"/api/tickets/{mine['id']}/reissue").raise_for_status()
    page.goto("about:blank")
    page.goto(f"{cable.url}{mine['ticket_url']}")
    expect(page.locator("main")).to_contain_text("番号札をお近くの職員にお見せください")
    wait_until(lambda: page.evaluate(KEPT) == [], "a slip that was replaced is still kept")


def test_when_the_day_is_over_nothing_of_it_is_shown_even_without_signal(
    open_page: Open, hall: Server, cable: Cable, mine: dict[str, Any]
) -> None:
    page = opened_and_kept(open_page, cable, mine)
    page.goto(f"{cable.url}/validity")
    yesterday = """async (path) => {
        const [name] = await caches.keys();
        const cache = await caches.open(name);
        const kept = await cache.match(path);
        const headers = new Headers(kept.headers);
        if (!(Number(headers.get("X-Kept-Until")) > Date.now())) throw new Error("it is over already");
        headers.set("X-Kept-Until", String(Date.now() - 1));
        await cache.put(path, new Response(await kept.text(), { headers }));
    }"""
    page.evaluate(yesterday, mine["ticket_url"])
    cable.set(Line.CUT)
    with pytest.raises(Exception, match="ERR_"):
        page.goto(f"{cable.url}{mine['ticket_url']}")
    cable.set(Line.THROUGH)
    other = page.context.new_page()
    other.goto(f"{cable.url}/validity")
    assert other.evaluate(KEPT) == []


def test_an_updated_server_has_another_worker_and_the_page_is_kept_anew(
    open_page: Open, hall: Server, cable: Cable, mine: dict[str, Any], tmp_path: Path
) -> None:
    page = opened_and_kept(open_page, cable, mine)
    [before] = page.evaluate("caches.keys()")
    hall.stop()
    updated = tmp_path / "updated"
    shutil.copytree(ROOT / "display", updated / "display")
    (updated / "display" / "static" / "css" / "ticket.css").write_text("/* other */", encoding="utf-8")
    hall.environment["PYTHONPATH"] = f"{updated}:{ROOT}"
    hall.start()
    page.evaluate("navigator.serviceWorker.getRegistration('/t/').then((each) => each.update())")
    wait_until(lambda: before not in page.evaluate("caches.keys()"), "the old version is still there")
    wait_until(lambda: page.evaluate(KEPT) == [mine["ticket_url"]], "the page is not kept anew")
    [after] = page.evaluate("caches.keys()")
    assert re.fullmatch("ticket-[0-9a-f]{16}", after)


def test_axe_finds_nothing_on_a_kept_page(open_page: Open, cable: Cable, mine: dict[str, Any], axe: str) -> None:
    page = opened_and_kept(open_page, cable, mine)
    cable.set(Line.CUT)
    page.reload()
    expect(page.locator("[data-link-banner]")).to_contain_text("通信確認中")
    assert violations(page, axe) == []
