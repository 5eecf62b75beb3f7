"""What the scripts make of a newer board is what the server would have made of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect

from queue_server.city import City
from tests.browser import scenes
from tests.browser.window import refresh, visitor
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.clock import ManualClock

pytestmark = pytest.mark.browser

BUZZES = """let buzzes = 0;
navigator.vibrate = () => {
    document.documentElement.dataset.buzzes = String(++buzzes);
    return true;
};"""

# Texts that are seen, with what decides about colour and shape; what only a script makes is left out.
SEEN = """() => {
    const parts = [];
    const walk = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return parts.push(node.textContent);
        if (node.nodeType !== Node.ELEMENT_NODE || node.hidden) return;
        if (node.matches("[data-announce], [data-alarm], [data-caption], [data-sound-off], [data-course]")) return;
        for (const name of ["level", "state", "phase", "crowd", "newest", "long", "room"]) {
            if (name in node.dataset) parts.push(` [${name} ${node.dataset[name]}] `);
        }
        node.childNodes.forEach(walk);
        parts.push(" ");
    };
    walk(document.querySelector("main"));
    return parts.join("").replace(/\\s+/g, " ").trim();
}"""


@pytest.fixture
def window(browser: Browser, app: Flask) -> Iterator[BrowserContext]:
    with visitor(browser, app, viewport={"width": 1920, "height": 1080}) as context:
        yield context


@pytest.mark.parametrize(
    "scene",
    [
        scenes.busy,
        scenes.lunch,
        scenes.ended_early,
        scenes.closed_with_people,
        scenes.closed_and_empty,
        scenes.before_opening,
        scenes.new_year,
    ],
    ids=lambda scene: scene.__name__,
)
def test_a_page_that_was_open_reads_like_one_that_is_opened_now(
    window: BrowserContext, api: Api, city: City, clock: ManualClock, scene: scenes.Scene
) -> None:
    pages = {place: window.new_page() for place in ("status", "board")}
    before = {}
    for place, page in pages.items():
        page.goto(f"/{place}/{SITE}")
        before[place] = page.evaluate(SEEN)
    scene(api, clock)
    clock.advance(timedelta(minutes=1))
    city.tick()
    fresh = window.new_page()
    for place, page in pages.items():
        fresh.goto(f"/{place}/{SITE}")
        wanted = fresh.evaluate(SEEN)
        assert wanted != before[place]
        refresh(page)
        expect(page.locator('[data-field="as_of"]')).to_have_text(fresh.locator('[data-field="as_of"]').inner_text())
        assert page.evaluate(SEEN) == wanted


def test_a_new_call_is_marked_on_the_screen_and_one_from_before_the_page_is_not(
    window: BrowserContext, api: Api
) -> None:
    api.called("4", "todoke")
    page = window.new_page()
    page.goto(f"/board/{SITE}")
    expect(page.locator(".is-fresh")).to_have_count(0)
    ticket = api.called("6", "mynumber")
    refresh(page)
    expect(page.locator(".is-fresh")).to_have_text("500 6番窓口 Counter 6")
    expect(page.locator("[data-announce]")).to_have_text("500番のかた、6番窓口へお越しください。")
    api.move(ticket["id"], "start")
    refresh(page)
    expect(page.locator(".is-fresh")).to_have_count(0)


def test_a_page_keeps_its_nodes_when_the_board_changes(window: BrowserContext, api: Api) -> None:
    api.called("4", "todoke")
    page = window.new_page()
    page.goto(f"/board/{SITE}")
    page.evaluate("document.querySelector('.call').dataset.mine = 'yes'")
    api.called("6", "mynumber")
    refresh(page)
    expect(page.locator(".call")).to_have_count(2)
    expect(page.locator(".call[data-mine]")).to_have_text("300 4番窓口 Counter 4")


def test_after_30_s_of_silence_the_page_says_so_and_greys_until_the_network_is_back(window: BrowserContext) -> None:
    page = window.new_page()
    page.clock.install()
    page.goto(f"/status/{SITE}")
    expect(page.locator("html[data-started]")).to_have_count(1)
    banner = page.locator("[data-link-banner]")
    window.route("**/api/**", lambda route: route.abort())
    page.clock.run_for(25_000)
    expect(banner).to_be_hidden()
    page.clock.run_for(6_000)
    expect(banner).to_have_text("通信確認中 9時15分の情報を表示しています。つながると自動で新しくなります。")
    expect(page.locator(".goes-stale")).to_have_css("filter", "grayscale(1)")
    window.unroute("**/api/**")
    refresh(page)
    expect(banner).to_be_hidden()
    expect(page.locator(".goes-stale")).to_have_css("filter", "none")


def test_a_ticket_page_follows_its_number_to_the_end(window: BrowserContext, api: Api) -> None:
    api.issue()
    mine = api.issue().get_json()
    api.counter("6", "open")
    page = window.new_page()
    page.goto(mine["ticket_url"])
    slip = page.locator("[data-ticket]")
    expect(slip).to_contain_text("あと1人")
    api.counter("6", "call-next", {"complete": True})
    api.counter("6", "call-next", {"complete": True})
    refresh(page)
    expect(slip).to_have_attribute("data-state", "called")
    expect(slip).to_contain_text("6番窓口")
    expect(page).to_have_title("お呼びしています 501番 6番窓口")
    box = slip.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["height"]) == (pytest.approx(640, abs=40), 0, 1080)
    api.move(mine["id"], "no-show")
    refresh(page)
    expect(slip).to_contain_text("お近くの職員に番号札かこの画面をお見せください")
    api.move(mine["id"], "reinstate")
    refresh(page)
    expect(slip).to_contain_text("次にお呼びします")
    api.counter("6", "call-next")
    api.move(mine["id"], "complete")
    refresh(page)
    expect(slip).to_contain_text("ご利用ありがとうございました")


def test_who_asked_for_it_is_called_with_sound_and_vibration_once_per_call(window: BrowserContext, api: Api) -> None:
    mine = api.issue().get_json()
    api.counter("6", "open")
    page = window.new_page()
    page.add_init_script(BUZZES)
    page.goto(mine["ticket_url"])
    page.get_by_role("button", name="呼ばれたら音と振動で知らせる").click()
    expect(page.get_by_text("この画面を開いたままお待ちください。")).to_be_visible()
    api.counter("6", "call-next")
    refresh(page)
    expect(page.locator("[data-announce]")).to_have_text("500番のかた、6番窓口へお越しください。")
    expect(page.locator("html")).to_have_attribute("data-buzzes", "1")
    api.issue()
    refresh(page)
    expect(page.locator("html")).to_have_attribute("data-buzzes", "1")
    api.move(mine["id"], "recall")
    refresh(page)
    expect(page.locator("html")).to_have_attribute("data-buzzes", "2")


def test_a_number_that_was_used_again_does_not_wake_an_ended_ticket(window: BrowserContext, api: Api) -> None:
    mine = api.issue("inkan").get_json()
    api.counter("2", "open")
    page = window.new_page()
    page.goto(mine["ticket_url"])
    api.counter("2", "call-next")
    api.move(mine["id"], "complete")
    refresh(page)
    slip = page.locator("[data-ticket]")
    expect(slip).to_have_attribute("data-state", "completed")
    # The series of a hundred, without the ten that a kiosk gives out by itself, begins anew.
    for _ in range(90):
        again = api.issue("inkan").get_json()
    assert again["label"] == mine["label"]
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.reload()
    expect(slip).to_have_attribute("data-state", "completed")
