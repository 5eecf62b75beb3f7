"""Today by hour on the phone page: a drawing, and the same in words and numbers."""

from collections.abc import Callable
from datetime import date, datetime

from flask.testing import FlaskClient

from display.course_chart import FLOOR, TOP, WIDTH, course_chart
from queue_server.city import City
from queue_server.domain.course import HourCount
from queue_server.page_headers import FRESH
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.clock import ManualClock
from tests.support.page_tree import Node, parse

Open = Callable[..., Node]
STATUS = f"/status/{SITE}"
TUESDAY, SATURDAY, SUNDAY = date(2026, 11, 24), date(2026, 11, 28), date(2026, 11, 29)


def count(hour: int, issued: int, called: int, minutes: float) -> HourCount:
    return HourCount("mynumber", hour, issued, called, round(called * minutes * 60))


def test_every_open_hour_has_its_place_and_the_longest_wait_fills_the_drawing(city: City) -> None:
    hours = city.hall(SITE).site.hours
    chart = course_chart(hours, TUESDAY, [count(9, 3, 2, 40), count(10, 2, 1, 10), count(11, 1, 0, 0)])
    assert chart is not None
    assert [bar.hour for bar in chart.bars] == list(range(8, 18))
    by_hour = {bar.hour: bar for bar in chart.bars}
    assert (by_hour[9].minutes, by_hour[9].y, by_hour[9].height) == (40, TOP, FLOOR - TOP)
    assert by_hour[10].height == round((FLOOR - TOP) / 4)
    assert (by_hour[11].minutes, by_hour[11].height) == (None, 0)
    assert chart.longest == by_hour[9]
    assert [bar.hour for bar in chart.spoken] == [9, 10, 11]
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in chart.bars)


def test_short_waits_do_not_look_like_long_ones(city: City) -> None:
    chart = course_chart(city.hall(SITE).site.hours, SATURDAY, [count(9, 1, 1, 0.2), count(10, 1, 1, 5)])
    assert chart is not None
    assert [bar.height for bar in chart.bars] == [0, 2, round((FLOOR - TOP) / 3), 0]


def test_a_closed_day_has_no_drawing_unless_numbers_were_given_out_all_the_same(city: City) -> None:
    hours = city.hall(SITE).site.hours
    assert course_chart(hours, SUNDAY, []) is None
    chart = course_chart(hours, SUNDAY, [count(13, 1, 1, 3)])
    assert chart is not None
    assert [bar.hour for bar in chart.bars] == [13]


def test_before_the_first_call_the_page_says_that_nobody_was_called_yet(api: Api, open_page: Open) -> None:
    api.issue()
    course = open_page(STATUS).one(class_="course")
    assert "今日は、まだお呼びしたかたはいません。" in course.text
    assert course.tags("svg") == []


def test_the_drawing_has_its_words_and_its_table(
    api: Api, open_page: Open, clock: ManualClock, at: Callable[[str], datetime]
) -> None:
    api.issue()
    at("2026-11-24T09:40")
    api.called("6")
    api.issue()
    at("2026-11-24T10:05")
    api.issue()
    course = open_page(STATUS).one(class_="course")
    (drawing,) = course.tags("svg")
    assert drawing.attrs["aria-hidden"] == "true", "the words and the table are for everybody"
    assert "いちばん長かったのは9時台の25分です。" in course.text
    rows = [[cell.text for cell in row.tags("th") + row.tags("td")] for row in course.tags("tr")]
    assert rows == [
        ["時間", "待ち時間", "番号札"],
        ["9時台", "25分", "3人"],
        ["10時台", "まだお呼びしていません", "1人"],
    ]


def test_on_a_closed_day_there_is_nothing_to_draw(open_page: Open, at: Callable[[str], datetime]) -> None:
    at("2026-11-29T10:00")
    assert open_page(STATUS).all(class_="course") == []


def test_the_drawing_alone_is_the_one_of_the_page_and_says_where_a_newer_one_is(
    api: Api, client: FlaskClient, open_page: Open
) -> None:
    api.called("6")
    on_page = open_page(f"{STATUS}?lang=en").one(class_="course")
    address = on_page.attrs["data-course"]
    assert address == f"{STATUS}/course?lang=en"
    answer = client.get(address)
    assert parse(answer.text).one(class_="course").text == on_page.text
    assert answer.headers["Cache-Control"] == FRESH
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_of_a_closed_day_there_is_no_drawing_and_of_an_unknown_hall_no_answer(
    client: FlaskClient, at: Callable[[str], datetime]
) -> None:
    at("2026-11-29T10:00")
    assert client.get(f"{STATUS}/course").text == ""
    assert client.get("/status/nowhere/course").status_code == 404
