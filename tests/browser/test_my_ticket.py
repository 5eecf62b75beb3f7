"""The holder's own page in Chromium: the choice, leaving the line, two minutes without a network, the day after."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from queue_server.city import City
from queue_server.domain.calendar import local_minute
from queue_server.domain.roles import Role
from tests.browser.conftest import PHONE, Open
from tests.browser.test_first_load import MOST_BYTES, load
from tests.browser.test_live_pages import BUZZES
from tests.browser.test_pages import violations
from tests.browser.window import refresh, visitor
from tests.support.api import Api
from tests.support.clock import ManualClock
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser

Ticket = dict[str, str]


@pytest.fixture
def window(browser: Browser, app: Flask) -> Iterator[BrowserContext]:
    size = {"width": PHONE[0], "height": PHONE[1]}
    with visitor(browser, app, viewport=size, bypass_csp=True) as context:
        yield context


@pytest.fixture
def mine(api: Api) -> Ticket:
    """A number with four people before it."""
    for _ in range(4):
        api.issue()
    ticket: Ticket = api.issue().get_json()
    return ticket


def opened(window: BrowserContext, ticket: Ticket) -> Page:
    page = window.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.add_init_script(BUZZES)
    page.goto(ticket["ticket_url"])
    page.mouse.click(1, 1)  # before the first touch no phone vibrates
    return page


def test_the_holder_chooses_when_it_is_near_and_the_phone_keeps_it(
    window: BrowserContext, api: Api, mine: Ticket
) -> None:
    page = opened(window, mine)
    soon = page.locator("[data-part=soon]")
    expect(page.get_by_label("そろそろのお知らせ")).to_have_value("people:3")
    expect(soon).to_be_hidden()
    page.get_by_label("そろそろのお知らせ").select_option("people:5")
    expect(soon).to_be_visible()
    page.reload()
    expect(page.get_by_label("そろそろのお知らせ")).to_have_value("people:5")
    expect(soon).to_be_visible()
    page.get_by_label("そろそろのお知らせ").select_option("people:2")
    expect(soon).to_be_hidden()
    other = opened(window, api.issue().get_json())
    expect(other.get_by_label("そろそろのお知らせ")).to_have_value("people:2")


def test_by_minutes_it_is_near_by_the_lower_end_of_the_estimate(
    window: BrowserContext, api: Api, mine: Ticket
) -> None:
    page = opened(window, mine)
    soon = page.locator("[data-part=soon]")
    page.get_by_label("そろそろのお知らせ").select_option("minutes:30")
    expect(soon).to_be_hidden()
    api.counter("6", "open")
    page.reload()
    low = api.get(f"/api/t/{mine['token']}").get_json()["estimate"]["low"]
    for minutes in (5, 10, 15, 30):
        page.get_by_label("そろそろのお知らせ").select_option(f"minutes:{minutes}")
        expect(soon).to_be_visible(visible=low <= minutes)


def test_when_it_becomes_near_the_phone_says_so_once(window: BrowserContext, api: Api, mine: Ticket) -> None:
    page = opened(window, mine)
    api.counter("6", "open")
    first = api.counter("6", "call-next").get_json()["ticket"]
    refresh(page)
    expect(page.locator("[data-field=ahead]")).to_have_text("あと4人")
    expect(page.locator("html")).not_to_have_attribute("data-buzzes", "1")
    api.move(first["id"], "complete")
    refresh(page)
    expect(page.locator("[data-announce]")).to_have_text("そろそろです。窓口の近くでお待ちください。")
    expect(page.locator("html")).to_have_attribute("data-buzzes", "1")
    api.issue()
    refresh(page)
    expect(page.locator("html")).to_have_attribute("data-buzzes", "1")


def test_called_before_the_first_touch_the_page_asks_for_no_vibration(
    window: BrowserContext, api: Api, mine: Ticket
) -> None:
    """A browser refuses it then, and complains of it in its console."""
    page = window.new_page()
    page.add_init_script(BUZZES)
    # Whatever Playwright asks of a page counts as a touch: what the browser says of that is set here.
    page.add_init_script("Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: false } });")
    page.goto(mine["ticket_url"])
    api.counter("6", "open")
    assert api.counter("6", "call", {"label": mine["label"]}).status_code == 200
    refresh(page)
    expect(page.locator("[data-announce]")).to_contain_text(mine["label"])
    assert page.locator("html").get_attribute("data-buzzes") is None
    page.evaluate("navigator.userActivation.hasBeenActive = true")
    api.move(mine["id"], "recall")
    refresh(page)
    expect(page.locator("html")).to_have_attribute("data-buzzes", "1")


def test_leaving_the_line_asks_first(window: BrowserContext, api: Api, mine: Ticket, axe: str) -> None:
    page = opened(window, mine)
    page.get_by_role("button", name="順番待ちを取りやめる").click()
    question = page.get_by_role("dialog", name=f"{mine['label']}番の順番待ちを取りやめますか？")
    expect(question.get_by_role("button", name="このまま待つ")).to_be_focused()
    question.get_by_role("button", name="このまま待つ").click()
    expect(question).to_be_hidden()
    assert mine["label"] in api.service("mynumber")["waiting"]
    page.get_by_role("button", name="順番待ちを取りやめる").click()
    assert violations(page, axe) == []
    question.get_by_role("button", name="取りやめる", exact=True).click()
    expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "cancelled")
    expect(question).to_be_hidden()
    expect(page.get_by_role("button", name="順番待ちを取りやめる")).to_be_hidden()
    assert mine["label"] not in api.service("mynumber")["waiting"]


def test_a_lost_answer_leaves_the_line_once(window: BrowserContext, api: Api, mine: Ticket) -> None:
    page = opened(window, mine)
    lost: list[str] = []

    def lose_the_first(route) -> None:  # type: ignore[no-untyped-def]
        lost.append(route.request.headers["idempotency-key"])
        if len(lost) > 1:
            route.fallback()
            return
        assert api.post(f"/api/t/{mine['token']}/leave", {}, role=None, key=lost[0]).status_code == 200
        route.abort()

    window.route("**/leave", lose_the_first)
    page.get_by_role("button", name="順番待ちを取りやめる").click()
    page.get_by_role("button", name="取りやめる", exact=True).click()
    expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "cancelled")
    assert lost[0] == lost[1]


def test_who_was_called_while_asked_is_shown_the_call(window: BrowserContext, api: Api, mine: Ticket) -> None:
    page = opened(window, mine)
    page.get_by_role("button", name="順番待ちを取りやめる").click()
    api.counter("6", "open")
    assert api.counter("6", "call", {"label": mine["label"]}).status_code == 200
    page.get_by_role("button", name="取りやめる", exact=True).click()
    expect(page.get_by_text("いまは取りやめできません。")).to_be_visible()
    refresh(page)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "called")


def test_called_during_two_minutes_without_a_network_the_holder_is_told_at_return(
    window: BrowserContext, api: Api, city: City, clock: ManualClock, mine: Ticket
) -> None:
    page = window.new_page()
    page.add_init_script(BUZZES)
    page.clock.install()
    page.goto(mine["ticket_url"])
    page.mouse.click(1, 1)  # before the first touch no phone vibrates
    banner, slip = page.locator("[data-link-banner]"), page.locator("[data-ticket]")
    window.route("**/api/**", lambda route: route.abort())
    api.counter("6", "open")
    assert api.counter("6", "call", {"label": mine["label"]}).status_code == 200
    page.clock.run_for(60_000)
    expect(banner).to_contain_text("9時15分の情報を表示しています")
    expect(slip).to_have_attribute("data-state", "waiting")
    clock.advance(timedelta(minutes=2))
    city.tick()
    page.clock.run_for(60_000)
    window.unroute("**/api/**")
    refresh(page)
    expect(slip).to_have_attribute("data-state", "called")
    expect(slip).to_contain_text("6番窓口")
    expect(slip).to_contain_text("9時15分にお呼びしました")
    expect(slip).to_contain_text("通信が途切れている間に、お呼びしました。")
    expect(page.get_by_text("9:15から9:17まで通信が途切れていました。")).to_be_attached()
    expect(page.locator("html")).to_have_attribute("data-buzzes", "1")
    expect(banner).to_be_hidden()
    box = slip.bounding_box()
    assert box is not None
    assert (box["y"], box["height"]) == (0, pytest.approx(PHONE[1], abs=2))


def test_missed_while_the_phone_slept_it_says_what_to_do_and_how_long_it_slept(
    window: BrowserContext, api: Api, city: City, clock: ManualClock, mine: Ticket
) -> None:
    page = opened(window, mine)
    api.counter("6", "open")
    api.counter("6", "call", {"label": mine["label"]})
    api.move(mine["id"], "no-show")
    clock.advance(timedelta(minutes=30))
    city.tick()
    refresh(page)
    expect(page.locator("[data-ticket]")).to_contain_text("お近くの職員に番号札かこの画面をお見せください")
    expect(page.locator("[data-part=gap]")).to_have_text(
        "9:15から9:45まで通信が途切れていました。いまは最新の情報です。"
    )


def test_a_page_left_open_over_night_says_that_its_day_is_over(
    window: BrowserContext, api: Api, city: City, clock: ManualClock, mine: Ticket, axe: str
) -> None:
    page = opened(window, mine)
    clock.set(local_minute("2026-11-25T09:00"))
    city.tick()
    refresh(page)
    expect(page.locator("h1")).to_have_text("この番号札の受付日は終わりました")
    expect(page.locator("main")).to_contain_text("11月24日(火)")
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_an_unknown_number_is_a_page_that_axe_has_nothing_against(window: BrowserContext, axe: str) -> None:
    page = window.new_page()
    answer = page.goto(f"/t/{'A' * 22}")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("main")).to_contain_text("番号札をお近くの職員にお見せください")
    assert violations(page, axe) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", ["waiting", "called", "no-show"])
def test_axe_finds_nothing_in_any_state_and_nothing_scrolls_sideways(
    browser: Browser, app: Flask, api: Api, mine: Ticket, axe: str, state: str, theme: str
) -> None:
    if state != "waiting":
        api.counter("6", "open")
        api.counter("6", "call", {"label": mine["label"]})
    if state == "no-show":
        api.move(mine["id"], "no-show")
    size = {"width": PHONE[0], "height": PHONE[1]}
    with visitor(browser, app, viewport=size, bypass_csp=True, color_scheme=theme) as context:
        page = opened(context, mine)
        assert violations(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("javascript", [True, False], ids=["with its scripts", "without a script"])
def test_the_page_of_a_ticket_is_small_on_its_first_load(
    tmp_path: Path, open_page: Open, errors: list[str], javascript: bool
) -> None:
    """With every way to be told, on a slow line, the socket client included."""
    line = {"CHANNEL_SECRET": "0" * 32, "CHANNEL_ACCESS_TOKEN": "x" * 40, "BASIC_ID": "@123abcde"}
    mail = {
        "SMTP_HOST": "127.0.0.1",
        "MAIL_FROM": "queue@city.example.jp",
        "PUSH_CONTACT": "mailto:a@city.example.jp",
    }
    environment = {f"QUEUE_SERVER_LINE_{name}": value for name, value in line.items()}
    environment |= {f"QUEUE_SERVER_{name}": value for name, value in mail.items()}
    with Server(tmp_path / "data", environment) as server:
        with server.client(Role.KIOSK) as client:
            issued = client.post(f"/api/sites/{SITE}/tickets", json={"service": "shomei"}).json()
        page = open_page("about:blank", PHONE, java_script_enabled=javascript)
        size, asked, painted = load(page, f"{server.url}{issued['ticket_url']}", scripts=javascript)
        page.close()
    print(
        f"\nticket page: {size:,} bytes in {len(asked)} requests, first contentful paint {painted:,.0f} ms on slow 3G"
    )
    assert 0 < size < MOST_BYTES
