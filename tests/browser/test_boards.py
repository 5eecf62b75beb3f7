"""The hall's screens in Chromium: every layout at its real size, also overfull, and what they do in months."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from queue_server.config import Settings
from queue_server.hall import Caller
from tests.browser.test_pages import violations
from tests.browser.test_public_switches import RUNS_OVER
from tests.browser.window import refresh, visitor
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.apps import city_of, make_app
from tests.support.clock import ManualClock

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
SIZES = [(1920, 1080), (1080, 1920), (3840, 2160)]
PANELS = ("hall", "mynumber", "entrance", "counter-6")
CALLS = 3_000
FEW_NODES, FEW_BYTES = 200, 2_000_000
"""What a page may differ by between two moments: the last calls on it are others."""

Window = Callable[..., AbstractContextManager[BrowserContext]]


def screen(name: str = "hall") -> str:
    return f"/board/{SITE}/{name}"


@pytest.fixture
def window(browser: Browser, app: Flask) -> Window:
    def open_(size: tuple[int, int] = SIZES[0], **options: Any) -> AbstractContextManager[BrowserContext]:
        return visitor(browser, app, viewport={"width": size[0], "height": size[1]}, bypass_csp=True, **options)

    return open_


@pytest.fixture
def board(window: Window) -> Iterator[Page]:
    with window() as context:
        yield context.new_page()


# -- nothing runs over -------------------------------------------------------------------------------


WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OVERFULL_LAYOUTS = ("calls_and_services", "calls", "services", "counter")
OVERFULL_HALL = """
[city]
id = "big"
name = "大きな市"
[[site]]
id = "honchosha"
name = "大きな市役所本庁舎1階総合窓口フロア東側"
[site.hours]
closed_on_holidays = false
day_end = "23:59"
"""
OVERFULL_PARTS = """
[[site.level]]
key = "free"
label = "空いています"
[[site.level]]
key = "very_crowded"
label = "大変混雑しています"
people = 20
[[site.category]]
id = "c"
name = "受付"
"""
OVERFULL_SERVICE = """
[[site.series]]
id = "s{number}"
first = {first}
last = {last}
[[site.service]]
id = "v{number}"
name = "国民健康保険・後期高齢者医療・介護保険の届出と相談"
names = {{ en = "National health insurance, medical care and nursing care" }}
category = "c"
series = "s{number}"
minutes_per_person = 15
[[site.counter]]
id = "{number}"
name = "{at}番窓口"
services = ["v{number}"]
"""
OVERFULL_SCREEN = """
[[site.board]]
id = "{id}"
name = "画面"
layout = "{layout}"
languages = ["ja", "en"]
"""


def overfull(settings: Settings, tmp_path: Path) -> Settings:
    """Twenty services of long names and four-digit numbers, a counter for each, and every kind of screen."""
    parts = [OVERFULL_HALL, *(f'{day} = ["00:00-23:59"]' for day in WEEK), OVERFULL_PARTS]
    for number in range(20):
        first = 1000 + 400 * number
        parts.append(OVERFULL_SERVICE.format(number=number, first=first, last=first + 399, at=number + 1))
    parts += [OVERFULL_SCREEN.format(id=layout.replace("_", "-"), layout=layout) for layout in OVERFULL_LAYOUTS]
    parts.append('counter = "3"')
    profile = tmp_path / "overfull.toml"
    profile.write_text("\n".join(parts), "utf-8")
    return Settings(data_dir=settings.data_dir, profile=str(profile), log_level="critical")


def fill(api: Api) -> None:
    """Everybody is called once; somebody waits everywhere, thirty at the first service; some did not come."""
    for number in range(20):
        for _ in range(31 if number == 0 else 3):
            api.issue(f"v{number}")
        called = api.called(str(number), f"v{number}")
        if number % 5 == 4:
            api.move(called["id"], "no-show")


def test_an_overfull_hall_runs_over_on_no_screen_of_any_size(
    browser: Browser, settings: Settings, clock: ManualClock, tmp_path: Path, axe: str
) -> None:
    with make_app(overfull(settings, tmp_path), clock) as app:
        fill(Api(app, SITE))
        for size in SIZES:
            with visitor(browser, app, viewport={"width": size[0], "height": size[1]}, bypass_csp=True) as context:
                page = context.new_page()
                for layout in OVERFULL_LAYOUTS:
                    page.goto(screen(layout.replace("_", "-")))
                    assert page.evaluate(RUNS_OVER) == [], f"{layout} at {size}"
                    assert page.evaluate(LINES_RUN_OVER) == [], f"{layout} at {size}"
                    if size == SIZES[0]:
                        assert violations(page, axe) == [], layout


OTHERS = [("1", "shomei"), ("3", "shomei"), ("4", "todoke"), ("5", "mynumber"), ("6", "mynumber")]


@pytest.mark.parametrize("others", range(6))
def test_a_number_that_is_served_in_its_second_stage_stays_within_its_row(
    window: Window, api: Api, others: int
) -> None:
    """Number, counter in two languages, stage and state: as much as a row can have."""
    ticket = api.called("3", "koseki")["id"]
    api.move(ticket, "advance")
    api.counter("2", "open")
    assert api.counter("2", "call-next").get_json()["ticket"]["id"] == ticket
    api.move(ticket, "start")
    for counter, service in OTHERS[:others]:
        api.called(counter, service)
    for size in SIZES:
        with window(size) as context:
            page = context.new_page()
            page.goto(screen())
            expect(page.locator(".call")).to_have_count(others + 1)
            expect(page.locator(".call[data-state=serving] .call__stage")).to_have_text("交付")
            assert page.evaluate(RUNS_OVER) == [], f"{others} others at {size}"


LINES_RUN_OVER = """() => {
    const lines = document.querySelector(".lines");
    if (!lines) return [];
    const frame = lines.getBoundingClientRect();
    const shown = [...lines.querySelectorAll(".line:not([hidden])")];
    const below = (line) => line.getBoundingClientRect().bottom > frame.bottom + 2;
    return shown.filter(below).map((line) => line.dataset.service);
}"""


@pytest.mark.parametrize("name", PANELS)
def test_axe_finds_nothing_on_any_screen_with_calls_and_without(board: Page, api: Api, axe: str, name: str) -> None:
    board.goto(screen(name))
    assert violations(board, axe) == []
    api.called("6", "mynumber")
    refresh(board)
    expect(board.locator(".is-fresh")).to_have_count(0 if name == "entrance" else 1)
    board.reload()
    assert violations(board, axe) == []


# -- what happens while it is open -------------------------------------------------------------------


def test_a_call_of_another_area_changes_nothing_on_a_screen(board: Page, api: Api) -> None:
    board.goto(screen("mynumber"))
    api.called("1", "shomei")
    refresh(board)
    expect(board.locator(".call")).to_have_count(0)
    expect(board.locator("[data-announce]")).to_be_empty()
    api.called("6", "mynumber")
    refresh(board)
    expect(board.locator(".call.is-fresh")).to_have_count(1)


def test_the_panel_of_a_counter_follows_its_counter_and_flashes_for_a_call(board: Page, api: Api) -> None:
    board.goto(screen("counter-6"))
    panel = board.locator(".panel")
    expect(panel).to_have_attribute("data-state", "closed")
    ticket = api.called("6", "mynumber")
    refresh(board)
    expect(panel).to_have_class(re.compile("is-fresh"))
    expect(panel.locator("[data-field=panel_label]")).to_have_text(ticket["label"])
    api.move(ticket["id"], "start")
    refresh(board)
    expect(panel).to_have_attribute("data-state", "serving")
    expect(panel).not_to_have_class(re.compile("is-fresh"))


def test_a_flash_is_seen_less_than_three_times_a_second_and_rests_where_motion_is_unwanted(
    window: Window, api: Api
) -> None:
    """WCAG 2.2, success criterion 2.3.1: no more than three flashes in any second."""
    for motion, wanted in (("no-preference", ["call-flash", "1s"]), ("reduce", ["none"])):
        with window(reduced_motion=motion) as context:
            page = context.new_page()
            page.goto(screen())
            api.called("6", "mynumber")
            refresh(page)
            style = page.locator(".call.is-fresh").evaluate(
                "(node) => [getComputedStyle(node).animationName, getComputedStyle(node).animationDuration]"
            )
            assert style[: len(wanted)] == wanted


def test_languages_take_turns_and_the_calls_stay(board: Page, api: Api) -> None:
    api.called("6", "mynumber")
    board.clock.install()
    board.goto(screen("mynumber"))
    title = board.locator("#calls-title")
    expect(title).to_have_text("お呼び出し中")
    board.clock.run_for(11_000)
    expect(title).to_have_text("Now calling")
    expect(board.locator("html")).to_have_attribute("lang", "en")
    expect(board.locator(".call__counter")).to_have_text("Counter 6")
    board.clock.run_for(10_000)
    expect(title).to_have_text("お呼び出し中")
    expect(board.locator(".call__counter")).to_have_text("6番窓口")


def test_many_services_take_turns_and_each_is_seen(
    browser: Browser, settings: Settings, clock: ManualClock, tmp_path: Path
) -> None:
    with (
        make_app(overfull(settings, tmp_path), clock) as app,
        visitor(browser, app, viewport={"width": 1920, "height": 1080}) as context,
    ):
        page = context.new_page()
        page.clock.install()
        page.goto(screen("calls-and-services"))
        seen: set[str] = set()
        for turn in ("1 / 2", "2 / 2", "1 / 2"):
            expect(page.locator("[data-part=page]")).to_have_text(turn)
            seen |= set(
                page.locator(".line:not([hidden])").evaluate_all("(all) => all.map((each) => each.dataset.service)")
            )
            page.clock.run_for(10_000)
        assert seen == {f"v{number}" for number in range(20)}


def test_slides_follow_one_another_and_a_call_stays_beside_them(
    browser: Browser, settings: Settings, clock: ManualClock, tmp_path: Path
) -> None:
    folder = tmp_path / "slides"
    folder.mkdir()
    (folder / "1.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>", "utf-8")
    (folder / "2.html").write_text("<p>市からのお知らせ</p>", "utf-8")
    text = (ROOT / "queue_server/profiles/atsugi.toml").read_text("utf-8")
    text = text.replace('layout = "calls_and_services"', f'layout = "calls_and_slides"\nslides = "{folder}"', 1)
    profile = tmp_path / "slides.toml"
    profile.write_text(text, "utf-8")
    with (
        make_app(Settings(data_dir=settings.data_dir, profile=str(profile), log_level="critical"), clock) as app,
        visitor(browser, app, viewport={"width": 1920, "height": 1080}) as context,
    ):
        page = context.new_page()
        page.clock.install()
        page.goto(screen())
        expect(page.locator("[data-slide=picture]")).to_be_visible()
        page.clock.run_for(16_000)
        expect(page.locator("[data-slide=picture]")).to_be_hidden()
        expect(page.frame_locator("iframe").locator("p")).to_have_text("市からのお知らせ")
        Api(app, SITE).called("6", "mynumber")
        refresh(page)
        call, slides = (page.locator(name).bounding_box() for name in (".call", ".slides"))
        assert call is not None
        assert slides is not None
        assert call["x"] + call["width"] <= slides["x"]


# -- for months --------------------------------------------------------------------------------------


def beats(page: Page) -> None:
    """Let the page say that it is alive once more."""
    with page.expect_response("**/alive"):
        page.clock.run_for(20_500)


def marked(page: Page) -> bool:
    """Whether this is still the page that was marked, and not one that was loaded anew."""
    return bool(page.evaluate("document.documentElement.dataset.mark === 'yes'"))


def mark(page: Page) -> None:
    page.evaluate("document.documentElement.dataset.mark = 'yes'")


def test_a_page_that_shows_an_old_structure_is_loaded_anew_but_not_while_a_call_stands(
    board: Page, api: Api, app: Flask
) -> None:
    board.clock.install()
    board.goto(screen())
    mark(board)
    ticket = api.called("6", "mynumber")
    refresh(board)
    value = {"name": "六番窓口", "services": ["mynumber"]}
    city_of(app).hall(SITE).change_structure(Caller("device:test", "rename"), "counter", "6", value, 0)
    beats(board)
    beats(board)
    assert marked(board), "somebody is being called"
    api.move(ticket["id"], "start")
    refresh(board)
    with board.expect_navigation():
        board.clock.run_for(41_000)
    assert not marked(board)
    expect(board.locator(".call__counter")).to_have_text("六番窓口")


def test_a_page_that_hears_nothing_though_the_server_answers_is_loaded_anew(window: Window) -> None:
    with window() as context:
        page = context.new_page()
        page.clock.install()
        page.goto(screen())
        mark(page)
        context.route("**/api/**", lambda route: route.abort())
        page.clock.run_for(4 * 60_000)
        assert marked(page)
        with page.expect_navigation():
            page.clock.run_for(2 * 60_000)
        assert not marked(page)


def test_a_page_that_breaks_is_loaded_anew_and_less_often_when_it_breaks_again(board: Page) -> None:
    board.clock.install()
    board.goto(screen())
    for pause in (5_000, 10_000):
        mark(board)
        board.evaluate("reportError(new Error('broken on purpose'))")
        board.clock.run_for(pause - 1_000)
        assert marked(board)
        with board.expect_navigation():
            board.clock.run_for(2_000)


def measured(session: CDPSession) -> tuple[int, int]:
    """Nodes and bytes of the page's heap after its garbage was collected."""
    session.send("HeapProfiler.collectGarbage")
    found = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return int(found["Nodes"]), int(found["JSHeapUsedSize"])


# Answers the request for the board inside the page: 3,500 of them through the debugger cost Chromium more than
# they cost the page. Each answer is a whole one, and from there on everything is the page's.
NUMBERS_CALLED = """(first) => {
    const ask = window.fetch;
    window.taken = 0;
    window.fetch = async (address, ...rest) => {
        if (!/[/]api[/]sites[/][^/]+[/]board$/.test(address)) return ask(address, ...rest);
        window.taken += 1;
        const calls = [0, 1, 2, 3, 4, 5].map((back) => ({
            ...first.calls[0],
            label: String(500 + ((window.taken - back + 80) % 80)),
            call_seq: first.seq + window.taken - back,
            state: "called",
        }));
        const body = { ...first, version: first.version + window.taken, seq: first.seq + window.taken, calls };
        return new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });
    };
}"""
CALL = """async (times) => {
    const wanted = window.taken + times;
    while (window.taken < wanted) {
        window.dispatchEvent(new Event("online"));
        await new Promise((resolve) => setTimeout(resolve, 2));
    }
}"""


def test_three_thousand_calls_leave_neither_nodes_nor_memory_behind(window: Window, api: Api) -> None:
    """The boards are those of a real hall with other numbers called; the page takes each as it takes any other."""
    for _ in range(8):
        api.issue()
    api.called("6", "mynumber")
    with window() as context:
        page = context.new_page()
        page.goto(screen())
        page.evaluate(NUMBERS_CALLED, api.board())
        session = context.new_cdp_session(page)
        session.send("Performance.enable")
        page.evaluate(CALL, CALLS // 6)
        expect(page.locator(".call.is-fresh").first).to_be_visible()
        nodes, heap = measured(session)
        page.evaluate(CALL, CALLS)
        after = measured(session)
        expect(page.locator(".call")).to_have_count(6)
        expect(page.locator(".call__label").first).to_have_text(page.evaluate("String(500 + (window.taken % 80))"))
        assert after[0] - nodes < FEW_NODES
        assert after[1] - heap < FEW_BYTES
