"""Today by hour on a page that is open: asked for again after a call, a minute apart at the least."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from queue_server.city import City
from tests.browser.conftest import PHONE
from tests.browser.window import refresh, visitor
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.clock import ManualClock

pytestmark = pytest.mark.browser


@pytest.fixture
def window(browser: Browser, app: Flask) -> Iterator[BrowserContext]:
    with visitor(browser, app, viewport={"width": PHONE[0], "height": PHONE[1]}) as context:
        yield context


def test_the_drawing_follows_the_calls_and_is_not_asked_for_more_than_once_a_minute(
    window: BrowserContext, api: Api, city: City, clock: ManualClock
) -> None:
    api.called("6")
    page = window.new_page()
    page.clock.install()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if request.url.endswith("/course") else None)
    page.goto(f"/status/{SITE}")
    expect(page.locator("html[data-started]")).to_have_count(1)
    course = page.locator("[data-course]")
    course.get_by_text("数字で見る").click()
    expect(course.locator("td").nth(1)).to_have_text("1人")
    for _ in range(3):
        clock.advance(timedelta(minutes=1))
        city.tick()
        refresh(page)
    page.clock.run_for(200_000)
    assert asked == [], "a minute passes, and nothing was called"
    for _ in range(3):
        api.issue()
        api.counter("6", "call-next", {"complete": True})
        refresh(page)
    label = page.locator("[data-service=mynumber] [data-field=call_label]")
    expect(label).to_have_text("503")
    page.clock.run_for(59_000)
    assert asked == []
    with page.expect_response("**/course"):
        # Second by second: in one leap the question would be given up before its answer is there.
        for _ in range(31):
            if not asked:
                page.clock.run_for(1_000)
    expect(course.locator("td").nth(1)).to_have_text("4人")
    expect(course.locator("details")).to_have_attribute("open", "")
    expect(course.locator(".course__time")).to_have_text("9時18分現在")
    page.clock.run_for(200_000)
    assert len(asked) == 1, "three calls, one question"


def test_a_question_that_fails_is_asked_again_and_the_drawing_stays(window: BrowserContext, api: Api) -> None:
    page = window.new_page()
    page.clock.install()
    page.goto(f"/status/{SITE}")
    expect(page.locator("html[data-started]")).to_have_count(1)
    failed: list[Request] = []
    page.on("requestfailed", lambda request: failed.append(request) if request.url.endswith("/course") else None)
    window.route("**/course", lambda route: route.abort())
    api.called("6")
    until(page, lambda: len(failed) == 2, "it is not asked for again")
    expect(page.locator("[data-course]")).to_contain_text("今日は、まだお呼びしたかたはいません。")
    window.unroute("**/course")
    drawn = page.locator("[data-course] svg")
    until(page, lambda: drawn.count() == 1, "it is not asked for any more")
    expect(page.locator("[data-course]")).to_contain_text("いちばん長かったのは")


def until(page: Page, condition: Callable[[], bool], what: str) -> None:
    """Let the page's minutes pass until something has happened; each round gives its requests their turn."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, what
        # Not in one leap: questions would be given up before their answers are there.
        page.clock.run_for(5_000)
        refresh(page)
