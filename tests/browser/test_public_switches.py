"""What staff switch during the day, on every public screen at its real size: all say it, and nothing runs over."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from queue_server.city import City
from queue_server.config import Settings
from tests.browser import scenes
from tests.browser.conftest import BOARD, KIOSK, PHONE
from tests.browser.window import refresh, visitor
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.clock import ManualClock

pytestmark = pytest.mark.browser

Window = Callable[..., AbstractContextManager[BrowserContext]]

KIOSK_PAGE, BOARD_PAGE, STATUS_PAGE = (f"/{name}/{SITE}" for name in ("kiosk", "board", "status"))
LYING, STANDING = (1920, 1080), (1080, 1920)

# A screen that nobody scrolls: neither it nor what it says runs over, and every call is inside its frame.
RUNS_OVER = """() => {
    const found = [];
    const over = (node) => node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight + 1;
    if (over(document.documentElement)) found.push("the page");
    for (const node of document.querySelectorAll(".aside, .notices, .board__head")) {
        if (node.checkVisibility() && over(node)) found.push(node.className);
    }
    const bottom = (node) => node.getBoundingClientRect().bottom;
    // A box of text is some pixels higher than the figures in it.
    const outside = (part, frame) => part.left < frame.left - 1 || part.right > frame.right + 1 ||
        part.top < frame.top - 4 || part.bottom > frame.bottom + 4;
    for (const call of document.querySelectorAll(".call")) {
        const frame = call.getBoundingClientRect();
        const parts = [...call.children].filter((part) => part.checkVisibility() && part.textContent.trim());
        const over = parts.some((part) => outside(part.getBoundingClientRect(), frame));
        if (over || bottom(call) > bottom(call.closest(".calls"))) found.push(call.textContent);
    }
    return found;
}"""


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Any browser is a kiosk here."""
    return Settings(data_dir=tmp_path / "data", profile=settings.profile, log_level="critical", open_kiosk=True)


@pytest.fixture
def window(browser: Browser, app: Flask) -> Window:
    def open_(size: tuple[int, int], **options: Any) -> AbstractContextManager[BrowserContext]:
        return visitor(browser, app, viewport={"width": size[0], "height": size[1]}, bypass_csp=True, **options)

    return open_


@pytest.fixture
def kiosk(window: Window) -> Iterator[Page]:
    with window(KIOSK) as context:
        page = context.new_page()
        page.goto(KIOSK_PAGE)
        yield page


def opened(context: BrowserContext, path: str) -> Page:
    page = context.new_page()
    page.goto(path)
    expect(page.locator("h1").first).to_be_visible()
    return page


def sentences(page: Page, name: str) -> list[str]:
    return page.locator(f'[data-list="{name}"] li').all_inner_texts()


def test_much_to_say_fits_every_screen_at_its_real_size(window: Window, api: Api, clock: ManualClock) -> None:
    ticket = api.issue("shomei").get_json()["ticket_url"]
    scenes.lunch(api, clock)
    for path, size in [(path, size) for path in (BOARD_PAGE, KIOSK_PAGE) for size in (LYING, STANDING)]:
        with window(size) as context:
            assert opened(context, path).evaluate(RUNS_OVER) == [], f"{path} at {size}"
    with window(PHONE) as context:
        for path in (STATUS_PAGE, ticket):
            page = opened(context, path)
            assert [len(text) for text in sentences(page, "notices")] == [200, 200, 200]
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_axe_finds_nothing_however_much_there_is_to_say(
    window: Window, api: Api, clock: ManualClock, axe: str
) -> None:
    scenes.lunch(api, clock)
    for path, size in ((STATUS_PAGE, PHONE), (BOARD_PAGE, BOARD), (KIOSK_PAGE, KIOSK)):
        with window(size, color_scheme="dark") as context:
            page = opened(context, path)
            page.evaluate(axe)
            found = page.evaluate("async () => (await axe.run()).violations")
            assert [each["id"] for each in found] == [], path


def test_a_break_never_moves_a_call_on_the_screen(window: Window, api: Api, clock: ManualClock) -> None:
    scenes.busy(api, clock)
    with window(BOARD) as context:
        page = opened(context, BOARD_PAGE)
        before = [call.bounding_box() for call in page.locator(".call").all()]
        scenes.run_the_day(api, "counters/5/break", minutes=15)
        refresh(page)
        expect(page.locator('[data-list="texts"]')).to_have_text("5番窓口は休憩中です。9時30分ごろ再開します。")
        assert [call.bounding_box() for call in page.locator(".call").all()] == before


def test_a_ticket_that_was_open_reads_what_the_phone_page_says(
    window: Window, api: Api, city: City, clock: ManualClock
) -> None:
    ticket = api.issue("shomei").get_json()["ticket_url"]
    with window(PHONE) as context:
        page = opened(context, ticket)
        scenes.run_the_day(api, "notices", text="駐車場は満車です。", until=None)
        scenes.ended_early(api, clock)
        clock.advance(timedelta(minutes=15))
        city.tick()
        refresh(page)
        fresh = opened(context, STATUS_PAGE)
        expect(page.locator('[data-list="breaks"]')).to_have_text("5番窓口は休憩中です。まもなく再開します。")
        for name in ("breaks", "notices", "lines"):
            assert sentences(page, name) == sentences(fresh, name)
        expect(page.locator("[data-opening]")).to_contain_text("本日の受付は終了しました（混雑のため）")


def test_the_kiosk_says_why_a_service_that_ended_cannot_be_chosen(kiosk: Page, api: Api) -> None:
    expect(kiosk.locator("[data-category=ido]")).to_be_enabled()
    scenes.run_the_day(api, "services/mynumber/pause", for_today=True)
    scenes.run_the_day(api, "services/inkan/pause")
    refresh(kiosk)
    kiosk.locator("[data-category=ido]").click()
    ended, paused = kiosk.locator("[data-service=mynumber]"), kiosk.locator("[data-service=inkan]")
    expect(ended).to_be_disabled()
    expect(ended.locator("[data-field=why]")).to_have_text("本日の受付は終了しました")
    expect(paused).to_be_disabled()
    expect(paused.locator("[data-field=why]")).to_have_text("9:15から受付を休止しています")
    expect(kiosk.locator("[data-service=todoke]")).to_be_enabled()


def test_the_kiosk_of_a_reception_that_ended_early_offers_nothing_and_says_why(
    kiosk: Page, api: Api, clock: ManualClock
) -> None:
    expect(kiosk.locator('[data-part="choices"]')).to_be_visible()
    scenes.ended_early(api, clock)
    refresh(kiosk)
    expect(kiosk.locator('[data-part="choices"]')).to_be_hidden()
    expect(kiosk.locator('[data-field="closed_headline"]')).to_have_text("本日の受付は終了しました")
    assert sentences(kiosk, "closed") == [
        "（混雑のため）",
        "番号札をお持ちのかたは、番号をお呼びするまでお待ちください。",
        "次の受付は11月25日(水) 8:30からです。",
    ]
    assert sentences(kiosk, "breaks") == ["5番窓口は休憩中です。9時30分ごろ再開します。"]


def test_the_kiosk_of_an_extended_reception_says_its_new_end(
    kiosk: Page, api: Api, city: City, clock: ManualClock
) -> None:
    scenes.extended(api, clock)
    city.tick()
    refresh(kiosk)
    expect(kiosk.locator("[data-opening]")).to_have_text("受付中です 本日の受付は18:00までです。")
    expect(kiosk.locator('[data-part="choices"]')).to_be_visible()
