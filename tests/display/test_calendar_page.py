"""The coming two weeks of a service on the phone, in words."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask

from display import forecast_words
from queue_server.domain.events import Event
from queue_server.domain.forecast import Busy, DayForecast, Forecast, Reason, ReasonKind
from tests.conftest import SITE
from tests.support.page_tree import Node

Open = Callable[..., Node]
CALENDAR = f"/status/{SITE}/calendar"


def day_of(page: Node, day: str) -> Node:
    return page.one(data_day=day)


def test_the_status_page_leads_to_it_and_back(open_page: Open) -> None:
    assert CALENDAR in [a.attrs["href"] for a in open_page(f"/status/{SITE}").tags("a")]
    assert f"/status/{SITE}" in [a.attrs["href"] for a in open_page(CALENDAR).tags("a")]


def test_fourteen_days_are_told_in_words_and_a_closed_day_says_why(
    open_page: Open, at: Callable[[str], datetime]
) -> None:
    at("2026-12-22T10:00")
    page = open_page(f"{CALENDAR}?service=shomei")
    assert len(page.all(class_="day")) == 14
    assert day_of(page, "2026-12-22").tags("h2")[0].text == "12月22日(火) 今日"
    assert day_of(page, "2026-12-29").text == "12月29日(火) お休み：年末年始"
    assert day_of(page, "2026-12-27").text == "12月27日(日) お休み"
    open_day = day_of(page, "2026-12-23")
    assert "10時台 混雑の見込み" in open_day.text
    assert "13時台〜15時台 やや混雑の見込み" in open_day.text


def test_hours_of_today_that_are_past_are_told_no_more(open_page: Open, at: Callable[[str], datetime]) -> None:
    page = open_page(f"{CALENDAR}?service=shomei")
    assert day_of(page, "2026-11-24").one(class_="day__spans").text.startswith("9時台")
    at("2026-11-24T14:59")
    today = day_of(open_page(f"{CALENDAR}?service=shomei"), "2026-11-24")
    assert today.one(class_="day__spans").text.startswith("14時台")
    assert "見込み" in today.one(class_="day__head").text
    tomorrow = day_of(open_page(f"{CALENDAR}?service=shomei"), "2026-11-25")
    assert tomorrow.one(class_="day__spans").text.startswith("8時台")


def test_a_day_that_has_closed_says_so_and_not_that_it_is_a_holiday(
    open_page: Open, at: Callable[[str], datetime]
) -> None:
    at("2026-11-24T17:20")
    page = open_page(f"{CALENDAR}?service=shomei")
    assert day_of(page, "2026-11-24").text == "11月24日(火) 今日 本日の受付は終了しました"
    assert len(page.all(class_="day")) == 14
    at("2026-12-29T10:00")
    assert day_of(open_page(CALENDAR), "2026-12-29").text == "12月29日(火) 今日 お休み：年末年始"


def test_a_day_has_its_reasons(open_page: Open) -> None:
    page = open_page(f"{CALENDAR}?service=mynumber")
    assert "混みやすい理由：有効期限通知書の発送後・休み明け" in day_of(page, "2026-11-24").text
    assert "月曜日" in day_of(page, "2026-11-30").text or "月曜日" in day_of(page, "2026-12-07").text
    assert "混みやすい理由" not in day_of(page, "2026-12-03").text


def test_a_service_is_chosen_by_a_link_and_the_first_one_is_shown_otherwise(open_page: Open) -> None:
    services = open_page(CALENDAR).all(class_="choices__link")
    assert [a.text for a in services if a.attrs.get("aria-current")] == ["住民票・印鑑証明など"]
    chosen = open_page(f"{CALENDAR}?service=mynumber&lang=en")
    (current,) = [a for a in chosen.all(class_="choices__link") if a.attrs.get("aria-current")]
    assert current.attrs["href"] == f"{CALENDAR}?service=mynumber&lang=en"


def test_it_says_what_it_rests_on_and_needs_no_script(open_page: Open) -> None:
    page = open_page(CALENDAR)
    assert "まだ記録が少ないため" in page.text
    assert page.tags("script") == []


@pytest.mark.parametrize("path", ["/status/nowhere/calendar", f"{CALENDAR}?service=nothing"])
def test_an_unknown_hall_or_service_is_a_page_that_helps(open_page: Open, path: str) -> None:
    page = open_page(path, 404)
    assert "ページが見つかりません" in page.text
    assert f"/status/{SITE}" in [a.attrs["href"] for a in page.tags("a")]


def test_every_reason_has_its_words(app: Flask) -> None:
    event = Event("moving", "引っ越しの時期", 2, frozenset(), names={"en": "moving season"})
    values = [
        (ReasonKind.EVENT, "moving"),
        (ReasonKind.AFTER_CLOSURE, 1),
        (ReasonKind.WEEKDAY, 0),
        (ReasonKind.WEEK, 0),
        (ReasonKind.WEEK, 4),
        (ReasonKind.MONTH, 3),
    ]
    reasons = tuple(Reason(kind, value) for kind, value in values)
    day = DayForecast(date(2026, 12, 1), "", (), Busy.BUSY, reasons)
    with app.test_request_context("/"):
        assert forecast_words.reason_texts(day, (event,)) == [
            "引っ越しの時期",
            "休み明け",
            "月曜日",
            "月はじめ",
            "月末",
            "3月",
        ]
    with app.test_request_context("/?lang=en"):
        said = forecast_words.reason_texts(day, (event,))
        assert (said[0], said[2], said[5]) == ("moving season", "Monday", "March")


def test_quiet_days_to_come_are_named_and_what_the_words_rest_on(app: Flask) -> None:
    def day(number: int, busy: Busy | None) -> DayForecast:
        return DayForecast(date(2026, 12, number), "", (), busy, ())

    words = [Busy.QUIET, Busy.BUSY, Busy.QUIET, None, Busy.QUIET, Busy.MODERATE, Busy.QUIET, Busy.QUIET]
    found = Forecast("x", tuple(day(number + 1, busy) for number, busy in enumerate(words)), 120)
    with app.test_request_context("/"):
        assert forecast_words.quiet_days(found) == ["12月3日(木)", "12月5日(土)", "12月7日(月)"]
        assert "120日分" in forecast_words.learned_text(found)
        assert forecast_words.busy_mark(Busy.MODERATE) == {"key": "moderate", "label": "やや混雑の見込み"}
