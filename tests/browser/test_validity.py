"""The validity form in Chromium: chosen dates become sentences in the page, and nobody is told of them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from flask import Flask, render_template_string
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kiosk.words import with_reading
from queue_server.access import public
from queue_server.validity_words import validity_words
from tests.browser.conftest import KIOSK, PHONE
from tests.browser.test_pages import violations
from tests.browser.window import visitor

pytestmark = pytest.mark.browser

Window = Callable[..., AbstractContextManager[BrowserContext]]

LYING = (1920, 1080)
LEAST_TARGET, LEAST_TEXT = 96, 24
TOUCH_PAGE = """
{% extends "base.html" %}
{% from "validity.html" import validity_form %}
{% block html_class %}kiosk{% endblock %}
{% block title %}{{ _("有効期限と更新できる期間を調べる") }}{% endblock %}
{% block head %}
  <link rel="stylesheet" href="{{ url_for('kiosk.static', filename='css/kiosk.css') }}">
  <link rel="stylesheet" href="{{ url_for('static', filename='css/validity-form.css') }}">
  <link rel="stylesheet" href="{{ url_for('static', filename='css/validity-kiosk.css') }}">
{% endblock %}
{% block main %}
<h1>{{ _("有効期限と更新できる期間を調べる") }}</h1>
{{ validity_form(words, today, document="card", kiosk=True, ruby=ruby) }}
{% endblock %}
{% block scripts %}
<script type="module" src="{{ url_for('static', filename='js/validity-form.js') }}"></script>
{% endblock %}
"""
KEPT = "[document.cookie, localStorage.length, sessionStorage.length, location.href, history.length]"
CHOSEN = "nodes => nodes.map((node) => node.value)"
SMALL = """([target, text]) => [...document.querySelectorAll("form select, form button, form summary, form option")]
    .filter((node) => node.checkVisibility())
    .filter((node) => node.getBoundingClientRect().height < target
        || parseFloat(getComputedStyle(node).fontSize) < text)
    .map((node) => node.outerHTML)"""


@pytest.fixture
def window(browser: Browser, app: Flask) -> Window:
    """The public page at /validity, and a kiosk's page at /touch."""

    @public
    def touch() -> str:
        words = {"words": validity_words(), "today": date(2026, 11, 24), "ruby": with_reading}
        return render_template_string(TOUCH_PAGE, **words)

    app.add_url_rule("/touch", "touch", touch)

    def open_(size: tuple[int, int], **options: Any) -> AbstractContextManager[BrowserContext]:
        return visitor(browser, app, viewport={"width": size[0], "height": size[1]}, **options)

    return open_


@pytest.fixture
def phone(window: Window) -> Iterator[Page]:
    with window(PHONE) as context:
        yield opened(context, "/validity")


def opened(context: BrowserContext, path: str) -> Page:
    """The page with its form ready; what it complains of fails the test at once."""
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(path)
    expect(page.locator("[data-validity]")).to_be_visible()
    expect(page.locator("[data-rule]")).to_be_hidden()
    return page


def choose(page: Page, field: str, day: str) -> None:
    """Choose a date such as 1985-6-10 in its three lists; a part of 0 is left alone."""
    for part, value in zip(("year", "month", "day"), day.split("-"), strict=True):
        if value != "0":
            page.locator(f"[data-date={field}] [data-part={part}]").select_option(value)


def press(page: Page, option: str) -> None:
    page.locator(f"[data-option={option}]").click()


def test_a_resident_chooses_a_printed_date_and_reads_when_to_renew(phone: Page) -> None:
    answer = phone.get_by_role("status")
    expect(answer).to_have_text("日付を選ぶと、更新できる期間がここに出ます。")
    choose(phone, "expiry", "2027-2-25")
    expect(answer).to_contain_text("まだ更新できません")
    expect(answer).to_contain_text("2026年11月26日(木)から2027年2月25日(木)まで更新できます。")
    choose(phone, "expiry", "0-0-24")
    expect(answer).to_contain_text("まだ更新できません2026年11月25日(水)から")
    choose(phone, "expiry", "0-0-10")
    expect(answer).to_contain_text("いま更新できます")
    expect(answer).to_contain_text("2026年11月24日(火)現在")
    choose(phone, "expiry", "2026-11-23")
    expect(answer).to_contain_text("カードが有効期限内なら、電子証明書を新しく発行できます。")
    press(phone, "card")
    expect(answer).to_contain_text("新しいカードを申請してください。")
    choose(phone, "expiry", "2036-12-0")
    expect(answer).to_contain_text("有効期限が先すぎます。")


def test_from_birth_and_issue_the_page_works_out_the_birthday_or_the_limit_that_comes_first(phone: Page) -> None:
    answer = phone.get_by_role("status")
    press(phone, "issued")
    choose(phone, "born", "2000-2-29")
    choose(phone, "issued", "2022-4-1")
    expect(answer).to_have_text("日付を選ぶと、更新できる期間がここに出ます。")
    press(phone, "first")
    expect(answer).to_contain_text("有効期限は2027年2月28日(日)です。 発行された日のあと5回目の誕生日までです。")
    press(phone, "renewed")
    expect(answer).to_contain_text("有効期限は2028年2月29日(火)です。 発行された日のあと6回目の誕生日までです。")
    phone.locator("main summary:not(.tongues__head)").click()
    choose(phone, "stay_until", "2027-3-31")
    expect(answer).to_contain_text("在留期間の満了の日までです。")
    choose(phone, "card_until", "2026-0-0")
    expect(answer).to_have_text("日付を選ぶと、更新できる期間がここに出ます。")
    press(phone, "card")
    expect(phone.locator("[data-date=card_until]")).to_be_hidden()
    expect(answer).to_contain_text("有効期限は2027年3月31日(水)です。")


def test_a_date_that_cannot_be_is_told_where_it_stands(phone: Page) -> None:
    answer = phone.get_by_role("status")
    day = phone.locator("[data-date=expiry] [data-part=day]")
    choose(phone, "expiry", "2028-2-29")
    expect(answer).to_contain_text("2028年2月29日(火)")
    expect(day.locator("option:disabled")).to_have_text(["30日", "31日"])
    choose(phone, "expiry", "2027-0-0")
    expect(answer).to_have_text("その日付はありません。年・月・日を確かめてください。")
    expect(phone.locator("[aria-invalid=true]")).to_have_count(3)
    choose(phone, "expiry", "0-0-28")
    expect(phone.locator("[aria-invalid=true]")).to_have_count(0)
    press(phone, "issued")
    choose(phone, "born", "2026-11-24")
    choose(phone, "issued", "2026-11-23")
    press(phone, "first")
    expect(answer).to_have_text("発行された日が、生まれた日より前になっています。")


def test_years_carry_their_japanese_years(phone: Page) -> None:
    press(phone, "issued")
    years = phone.locator("[data-date=born] [data-part=year] option")
    assert years.count() == 122
    for year in (
        "2026年（令和8年）",
        "2019年（平成31年・令和元年）",
        "1985年（昭和60年）",
        "1926年（大正15年・昭和元年）",
    ):
        expect(years.filter(has_text=year)).to_have_count(1)


def test_nothing_of_what_is_chosen_leaves_the_page_or_stays_in_it(phone: Page) -> None:
    before = phone.evaluate(KEPT)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    press(phone, "issued")
    choose(phone, "born", "1985-6-10")
    choose(phone, "issued", "2022-5-1")
    press(phone, "renewed")
    expect(phone.get_by_role("status")).to_contain_text("2027年6月10日(木)")
    phone.get_by_role("button", name="選んだ日付を消す").click()
    expect(phone.get_by_role("status")).to_have_text("日付を選ぶと、更新できる期間がここに出ます。")
    assert set(phone.locator("select").evaluate_all(CHOSEN)) == {""}
    assert phone.evaluate(KEPT) == before
    assert asked == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_beside_an_answer_and_beside_a_mistake(window: Window, axe: str, theme: str) -> None:
    with window(PHONE, color_scheme=theme, bypass_csp=True) as context:
        page = opened(context, "/validity")
        choose(page, "expiry", "2027-2-10")
        expect(page.get_by_role("status")).to_contain_text("いま更新できます")
        assert violations(page, axe) == []
        press(page, "issued")
        page.locator("main summary:not(.tongues__head)").click()
        choose(page, "born", "2026-11-24")
        choose(page, "issued", "2026-11-23")
        press(page, "first")
        expect(page.locator("[aria-invalid=true]")).to_have_count(3)
        assert violations(page, axe) == []


@pytest.mark.parametrize("size", [KIOSK, LYING], ids=["standing", "lying"])
def test_on_a_kiosk_a_date_is_three_touches_on_large_targets(window: Window, axe: str, size: tuple[int, int]) -> None:
    with window(size, has_touch=True, bypass_csp=True) as context:
        page = opened(context, "/touch")
        for part, text in (("year", "2027年（令和9年）"), ("month", "2月"), ("day", "10日")):
            page.locator(f"[data-date=expiry] [data-part={part}]").tap()
            option = page.locator(f"[data-date=expiry] [data-part={part}] option", has_text=text).first
            expect(option).to_be_in_viewport(ratio=1)
            assert page.evaluate(SMALL, [LEAST_TARGET, LEAST_TEXT]) == []
            option.tap()
        expect(page.get_by_role("status")).to_contain_text("いま更新できます")
        press(page, "issued")
        page.locator("summary").tap()
        assert page.evaluate(SMALL, [LEAST_TARGET, LEAST_TEXT]) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert violations(page, axe) == []


def test_a_kiosk_forgets_with_one_call_and_takes_a_new_day(window: Window) -> None:
    with window(KIOSK) as context:
        page = opened(context, "/touch")
        press(page, "certificate")
        choose(page, "expiry", "2026-12-31")
        expect(page.get_by_role("status")).to_contain_text("いま更新できます")
        page.locator("[data-validity]").evaluate("form => { form.dataset.today = '2027-01-01'; form.reset(); }")
        expect(page.locator("[data-option=card]")).to_have_attribute("aria-pressed", "true")
        assert page.locator("[data-date=expiry] select").evaluate_all(CHOSEN) == [""] * 3
        choose(page, "expiry", "2026-12-31")
        expect(page.get_by_role("status")).to_contain_text("新しいカードを申請してください。")
        press(page, "issued")
        choose(page, "issued", "2027-1-1")


def test_without_javascript_the_rule_is_said_and_no_dead_form_is_shown(window: Window) -> None:
    with window(PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/validity")
        expect(page.get_by_text("有効期限の3か月前の日の翌日から、有効期限の日までです。")).to_be_visible()
        expect(page.locator("form")).to_be_hidden()
