"""The rows of a hall's screen: equal unless somebody is called, in both languages, broken between phrases."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.scenes import run_the_day
from tests.browser.test_public_switches import RUNS_OVER
from tests.browser.window import refresh, visitor
from tests.conftest import SITE
from tests.support.api import Api

pytestmark = pytest.mark.browser

LYING, STANDING = (1920, 1080), (1080, 1920)
COUNTERS = [("1", "shomei"), ("3", "koseki"), ("4", "todoke"), ("5", "mynumber"), ("6", "mynumber")]
Window = Callable[[tuple[int, int]], AbstractContextManager[BrowserContext]]

SHAPES = """() => [...document.querySelectorAll(".call")].map((row) => {
    const box = row.getBoundingClientRect();
    const shown = (part) => part.checkVisibility() && part.textContent;
    const size = (name) => [...row.querySelectorAll(name)].filter(shown)
        .map((part) => getComputedStyle(part).fontSize).join();
    return [box.width, box.height, size(".call__label"), size(".call__counter"), size(".call__second")].join(" ");
})"""

# The first signs of the lines of a text, and the signs before them.
BREAKS = """(node) => {
    const found = [];
    const range = document.createRange();
    const signs = node.firstChild;
    let last = null;
    for (let at = 0; at < signs.length; at++) {
        range.setStart(signs, at);
        range.setEnd(signs, at + 1);
        const top = range.getBoundingClientRect().top;
        const [before, after] = [signs.data.slice(Math.max(0, at - 3), at), signs.data.slice(at, at + 3)];
        if (last !== null && top > last + 4) found.push(`${before}|${after}`);
        last = top;
    }
    return found;
}"""


@pytest.fixture
def window(browser: Browser, app: Flask) -> Window:
    def open_(size: tuple[int, int], **options: Any) -> AbstractContextManager[BrowserContext]:
        return visitor(browser, app, viewport={"width": size[0], "height": size[1]}, bypass_csp=True, **options)

    return open_


def opened(context: BrowserContext, screen: str = "hall") -> Page:
    page = context.new_page()
    page.goto(f"/board/{SITE}/{screen}")
    return page


def serve(api: Api, counters: list[tuple[str, str]]) -> None:
    for counter, service in counters:
        api.move(api.called(counter, service)["id"], "start")


@pytest.mark.parametrize("size", [LYING, STANDING])
def test_a_number_that_is_served_in_a_stage_is_told_from_one_that_is_called(
    window: Window, api: Api, size: tuple[int, int]
) -> None:
    serve(api, [("3", "koseki")])
    with window(size) as context:
        page = opened(context)
        expect(page.locator(".call__stage")).to_be_visible()
        expect(page.locator(".call__state")).to_be_visible()
        expect(page.locator("[data-field=call_state]")).to_have_text("応対中")


@pytest.mark.parametrize("size", [LYING, STANDING])
@pytest.mark.parametrize("served", [3, 4, 5])
def test_no_row_is_larger_than_another_while_nobody_is_called(
    window: Window, api: Api, size: tuple[int, int], served: int
) -> None:
    counters = [each for each in COUNTERS if each[1] != "koseki"] if served < len(COUNTERS) else COUNTERS
    serve(api, counters[:served])
    with window(size) as context:
        page = opened(context)
        rows = page.evaluate(SHAPES)
        assert len(rows) == served
        shapes = {row.rsplit(" ", 1)[0] if served == len(COUNTERS) else row for row in rows}
        assert len(shapes) == 1, rows
        assert page.evaluate(RUNS_OVER) == []


def test_the_title_follows_what_is_true(window: Window, api: Api) -> None:
    called = api.called("6", "mynumber")
    with window(LYING) as context:
        page = opened(context)
        title = page.locator("#calls-title")
        expect(title).to_have_text("お呼び出し中Now calling")
        api.move(called["id"], "start")
        refresh(page)
        expect(title).to_have_text("応対中Serving")
        expect(page.locator(".call__state")).to_have_text("応対中Serving")
        api.called("4", "todoke")
        refresh(page)
        expect(title).to_have_text("お呼び出し中Now calling")
        expect(page.locator(".call").first.locator(".call__state")).to_be_hidden()


@pytest.mark.parametrize("others", range(1, 6))
@pytest.mark.parametrize("size", [LYING, STANDING])
def test_who_is_served_is_told_beside_those_who_are_called(
    window: Window, api: Api, size: tuple[int, int], others: int
) -> None:
    serve(api, COUNTERS)
    for _ in range(others):
        api.issue("inkan")
    api.counter("2", "open")
    assert api.counter("2", "call-next").status_code == 200
    with window(size) as context:
        page = opened(context)
        for row in page.locator(".call[data-state=serving]").all():
            expect(row.locator("[data-field=call_state]")).to_be_visible()
        assert page.evaluate(RUNS_OVER) == []


def test_a_second_language_follows_the_board(window: Window, api: Api) -> None:
    with window(LYING) as context:
        page = opened(context)
        level = page.locator("[data-service=mynumber] [data-field=level_second]")
        expect(level).to_have_text("Not crowded")
        for _ in range(6):
            api.issue("mynumber")
        refresh(page)
        expect(level).to_have_text("Crowded")
        run_the_day(api, "services/mynumber/pause")
        refresh(page)
        expect(level).to_have_text("Paused")


def test_a_counters_panel_follows_a_break_in_both_languages(window: Window, api: Api) -> None:
    api.counter("6", "open")
    with window(LYING) as context:
        page = opened(context, "counter-6")
        run_the_day(api, "counters/6/break", minutes=15)
        refresh(page)
        expect(page.locator("[data-field=panel_word]")).to_have_text("6番窓口は休憩中です。9時30分ごろ再開します。")
        expect(page.locator("[data-field=panel_second]")).to_have_text("On a break: Counter 6. Back at about 9:30.")


NOTICE = (
    "本日は待ち時間が長くなっていますので、コンビニエンスストアでの証明書の交付もどうぞご利用ください。"
    "お待ちくださいますようお願いいたします。"
)


@pytest.mark.parametrize("size", [LYING, STANDING])
def test_a_notice_breaks_between_phrases_and_never_runs_over_however_long_it_is(
    window: Window, api: Api, size: tuple[int, int]
) -> None:
    with window(size) as context:
        page = opened(context)
        for signs in range(20, 201, 15):
            text = (NOTICE * 3)[:signs]
            run_the_day(api, "notices", text=text, until=None)
            refresh(page)
            item = page.locator("[data-list=texts] li")
            expect(item.last).to_have_text(text)
            assert page.evaluate(RUNS_OVER) == [], signs
            if page.locator("[data-room]").get_attribute("data-room") != "row-full":
                for broken in item.last.evaluate(BREAKS):
                    before, after = broken.split("|")
                    assert after[0] not in "っゃゅょァィゥェォッャュョー、。", broken
                    assert (before[-1] + after[0]) not in ("ち時", "時間", "待ち", "くだ", "ださ"), broken
            for notice in api.get(f"/api/sites/{SITE}/board").get_json()["notices"]:
                api.post(f"/api/sites/{SITE}/notices/{notice['id']}/withdraw", {})
