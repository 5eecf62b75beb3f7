"""The administrator's pages in Chromium: by keyboard alone, two at once, and in every dress."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.roles import Role
from tests.browser.conftest import DESK, KIOSK, PHONE, Open
from tests.browser.test_pages import violations
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser

ADMIN = f"/admin/sites/{SITE}"
WIDE, ZOOMED = (1280, 900), (640, 450)
"""A window of 1280 px, and what is left of it at 200 %."""
FITS = "document.documentElement.scrollWidth <= window.innerWidth"
MOST_TABS = 60
OpenAdmin = Callable[..., Page]


@pytest.fixture(scope="session")
def passwords(server: Server) -> dict[str, str]:
    return {name: server.add_user(name, Role.ADMINISTRATOR) for name in ("kanri", "andou")}


@pytest.fixture
def open_admin(server: Server, passwords: dict[str, str], open_page: Open) -> OpenAdmin:
    """Signs in by keyboard and goes to a page."""

    def open_(path: str = ADMIN, size: tuple[int, int] = WIDE, name: str = "kanri", **options: object) -> Page:
        page = open_page(f"{server.url}{path}", size, **options)
        expect(page.get_by_label("名前")).to_be_focused()
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.type(passwords[name])
        page.keyboard.press("Enter")
        expect(page.locator("nav.menu")).to_be_visible()
        return page

    return open_


def tab_to(page: Page, word: str) -> None:
    """Go on by Tab until the control that reads so has the focus."""
    reads = "(node) => (node.labels?.[0]?.innerText || node.innerText || '').trim()"
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.locator(":focus").evaluate(reads) == word:
            return
    raise AssertionError(f"no Tab leads to {word}")


def close_for_the_day(page: Page, reason: str) -> None:
    """On the form of a day: from "open" to "closed", a reason, Enter."""
    tab_to(page, "時間を決めて開ける")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("終日閉める")).to_be_checked()
    tab_to(page, "理由")
    page.keyboard.type(reason)
    page.keyboard.press("Enter")


def test_today_is_closed_by_keyboard_and_everybody_sees_it_at_once(
    server: Server, open_admin: OpenAdmin, open_page: Open, errors: list[str]
) -> None:
    status = open_page(f"{server.url}/status/{SITE}", PHONE)
    kiosk = open_page(f"{server.url}/kiosk/{SITE}", KIOSK)
    admin, other = open_admin(), open_admin(name="andou")
    for page in (admin, other):
        tab_to(page, "本日の時間を変える")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="この日の受付")).to_be_visible()

    close_for_the_day(admin, "システムの点検")
    expect(admin.locator(".form-done")).to_contain_text("終日閉庁")
    for page in (status, kiosk):
        expect(page.locator("body")).to_contain_text("システムの点検のためお休みです。")

    tab_to(other, "時間帯1")
    other.keyboard.press("Control+A")
    other.keyboard.type("8:30-12:00")
    tab_to(other, "理由")
    other.keyboard.type("半日だけ")
    other.keyboard.press("Enter")
    conflict = other.get_by_role("alert")
    expect(conflict).to_contain_text("kanriさんが")
    expect(conflict).to_contain_text("システムの点検")
    expect(conflict).to_contain_text("半日だけ")
    expect(other.get_by_label("理由")).to_have_value("半日だけ")
    expect(status.locator("body")).to_contain_text("システムの点検のためお休みです。")
    tab_to(other, "いまの内容のままにする")
    other.keyboard.press("Enter")
    expect(other.get_by_label("理由")).to_have_value("システムの点検")

    tab_to(other, "特別な設定を消す")
    other.keyboard.press("Enter")
    expect(other.locator(".form-done")).to_contain_text("プロファイルの内容に戻しました")
    for page in (status, kiosk):
        expect(page.locator("body")).not_to_contain_text("システムの点検")
    errors[:] = [error for error in errors if "409" not in error]


def paths_of(page: Page) -> list[str]:
    """Every page of the administrator, the forms too."""
    menu = page.locator("nav.menu a").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
    forms = [f"{ADMIN}/{form}" for form in ("special_day/2026-12-31", "levels/mynumber", "levels/site", "counter/5")]
    page.goto(page.url.split(ADMIN)[0] + "/admin/people")
    person = page.get_by_role("link", name="andou", exact=True).get_attribute("href")
    return [*menu, *forms, "/admin/people/new", str(person), f"{ADMIN}/days?day="]


def test_axe_finds_nothing_in_either_theme_and_no_page_scrolls_sideways(
    server: Server, open_admin: OpenAdmin, errors: list[str], axe: str
) -> None:
    page = open_admin(size=DESK, bypass_csp=True)
    for path in paths_of(page):
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        page.emulate_media(color_scheme="light")
        page.goto(f"{server.url}{path}")
        assert violations(page, axe) == [], path
        page.emulate_media(color_scheme="dark")
        assert page.evaluate("async () => (await axe.run({ runOnly: ['color-contrast'] })).violations") == [], path
        assert page.evaluate(FITS), path
        page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
        assert page.evaluate(FITS), path
    # The day that was asked for last is none.
    errors[:] = [error for error in errors if "422" not in error]


def test_a_form_that_was_not_taken_puts_the_cursor_where_it_is_wrong(
    open_admin: OpenAdmin, errors: list[str], axe: str
) -> None:
    page = open_admin(f"{ADMIN}/counter/5", DESK, bypass_csp=True)
    page.get_by_label("窓口の名前").fill("")
    page.get_by_label("先着順").check()
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_label("窓口の名前")).to_be_focused()
    problem = "名前を入力してください。"
    expect(page.get_by_label("窓口の名前")).to_have_accessible_description(re.compile(f"{problem}$"))
    assert violations(page, axe) == []
    errors[:] = [error for error in errors if "422" not in error]


def test_the_forms_work_without_javascript(open_admin: OpenAdmin) -> None:
    page = open_admin(f"{ADMIN}/alerts/site", java_script_enabled=False)
    page.get_by_label("待っている人").first.fill("16")
    page.get_by_role("button", name="保存する").click()
    expect(page.locator(".form-done")).to_contain_text("待っている人: 16人から")
    page.get_by_role("button", name="プロファイルの内容に戻す").click()
    expect(page.locator(".form-done")).to_contain_text("プロファイルの内容に戻しました")


def test_a_double_click_makes_one_device(server: Server, open_admin: OpenAdmin) -> None:
    page = open_admin("/admin/devices")
    page.get_by_label("端末の名前").fill("二度押し")
    page.get_by_label("呼出端末").check()
    page.get_by_role("button", name="トークンを作る").dblclick()
    expect(page.locator(".secret").first).to_be_visible()
    page.goto(f"{server.url}/admin/devices")
    expect(page.get_by_role("rowheader", name="二度押し")).to_have_count(1)


def test_a_button_stays_beside_its_box_when_something_is_wrong_with_it(
    open_admin: OpenAdmin, errors: list[str]
) -> None:
    page = open_admin(f"{ADMIN}/days")
    for _ in range(2):
        box, button = (page.locator(f".find {name}").bounding_box() for name in ("input[type=date]", "button"))
        assert box is not None
        assert button is not None
        assert abs(box["y"] - button["y"]) <= 1
        page.get_by_role("button", name="この日の時間を決める").click()
        expect(page.locator("#day-problem")).to_be_visible()
    errors[:] = [error for error in errors if "422" not in error]
