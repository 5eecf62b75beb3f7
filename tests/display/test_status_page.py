"""The phone page as it comes from the server, before any script has run."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.conftest import SITE
from tests.support.api import Api
from tests.support.page_tree import Node

Open = Callable[..., Node]
STATUS = f"/status/{SITE}"


def service(page: Node, name: str = "mynumber") -> Node:
    return page.one(data_service=name)


def test_one_look_says_that_the_hall_is_open_until_when_and_as_of_when(open_page: Open) -> None:
    page = open_page(STATUS)
    assert page.one(data_opening="").text == "受付中です 本日の受付は17:15までです。"
    assert page.one(data_field="as_of").text == "9時15分現在"
    assert page.one(data_refresh="").attrs["href"] == STATUS
    assert page.one(data_refresh="").text == "最新の情報に更新"


def test_every_service_of_the_profile_stands_under_its_category(open_page: Open) -> None:
    page = open_page(STATUS)
    assert [h2.text for h2 in page.tags("h2")][:3] == ["証明書の交付", "戸籍の届出", "異動受付"]
    assert service(page).one(class_="service__name").text == "マイナンバー関係 500番台"


def test_four_waiting_500_numbers_are_not_crowded_and_the_fifth_makes_it_crowded(api: Api, open_page: Open) -> None:
    for _ in range(4):
        api.issue()
    level = service(open_page(STATUS)).one(data_field="level")
    assert (level.attrs["data-level"], level.text) == ("free", "混雑していません")
    api.issue()
    level = service(open_page(STATUS)).one(data_field="level")
    assert (level.attrs["data-level"], level.text) == ("crowded", "混雑中")


def test_a_service_says_who_waits_and_which_number_was_called_to_which_counter(api: Api, open_page: Open) -> None:
    api.called(counter="6")
    api.issue()
    api.issue()
    card = service(open_page(STATUS))
    assert card.one(data_field="people").text == "2人"
    assert card.one(data_field="call_label").text == "500"
    assert card.one(data_field="call_counter").text == "6番窓口"
    assert [item.text for item in card.one(data_list="waiting").tags("li")] == ["501", "502"]


def test_the_called_number_stays_after_its_holder_has_been_served(api: Api, open_page: Open) -> None:
    ticket = api.called()
    api.move(ticket["id"], "complete")
    assert service(open_page(STATUS)).one(data_field="call_label").text == "500"


def test_before_the_first_call_the_page_says_so(open_page: Open) -> None:
    assert service(open_page(STATUS)).one(data_field="call_label").text == "まだありません"


def test_an_estimate_is_a_range_and_called_a_guide(api: Api, open_page: Open) -> None:
    api.counter("6", "open")
    for _ in range(3):
        api.issue()
    page = open_page(STATUS)
    estimate = api.service("mynumber")["estimate"]
    assert service(page).one(data_field="range").text == f"{estimate['low']}〜{estimate['high']}分ほど"
    assert "待ち時間は目安です" in page.text


def test_a_range_from_nought_is_said_as_within(api: Api, open_page: Open) -> None:
    api.counter("6", "open")
    assert service(open_page(STATUS)).one(data_field="range").text == "5分以内"


def test_without_an_open_counter_there_is_no_estimate_rather_than_a_wrong_one(open_page: Open) -> None:
    assert service(open_page(STATUS)).one(data_field="range").text == "ただいまお知らせできません"


def test_numbers_that_were_called_in_vain_and_numbers_put_aside_are_named(api: Api, open_page: Open) -> None:
    api.move(api.called()["id"], "no-show")
    api.move(api.called()["id"], "hold")
    card = service(open_page(STATUS))
    assert card.one(data_numbers="no_show").text == "不在のためお待ちしている番号 500"
    assert card.one(data_numbers="held").text == "保留中の番号 501"


def test_a_paused_service_says_so_instead_of_a_level_and_still_shows_who_waits(api: Api, open_page: Open) -> None:
    api.issue()
    api.post(f"/api/sites/{SITE}/services/mynumber/pause", {})
    card = service(open_page(STATUS))
    assert card.one(data_field="sentence").text == "受付を休止しています。"
    assert card.one(data_part="level").text == ""
    assert card.one(data_part="range").text == ""
    assert card.one(data_field="people").text == "1人"
    assert service(open_page(STATUS), "inkan").one(data_part="level").text != ""


def test_before_opening_the_page_says_from_when(open_page: Open, at: Callable[[str], object]) -> None:
    at("2026-11-24T08:00")
    page = open_page(STATUS)
    assert page.one(data_opening="").text == "受付開始前です 本日の受付は8:30からです。"
    assert service(page).one(data_part="level").text == "", "an empty line is no invitation before opening"


def test_after_closing_it_says_when_the_hall_opens_next(open_page: Open, at: Callable[[str], object]) -> None:
    at("2026-11-24T17:15")
    page = open_page(STATUS)
    assert page.one(data_opening="").text == "本日の受付は終了しました 次の受付は11月25日(水) 8:30からです。"
    assert service(page).one(data_part="facts").text == ""


def test_after_closing_people_who_still_wait_are_told_to_wait(
    api: Api, open_page: Open, at: Callable[[str], object]
) -> None:
    api.issue()
    at("2026-11-24T17:15")
    page = open_page(STATUS)
    assert "番号札をお持ちのかたは、番号をお呼びするまでお待ちください。" in page.one(data_opening="").text
    assert service(page).one(data_field="people").text == "1人"


def test_on_a_saturday_the_hall_closes_at_noon_and_opens_next_on_monday(
    open_page: Open, at: Callable[[str], object]
) -> None:
    at("2026-11-28T11:59")
    assert "本日の受付は12:00までです。" in open_page(STATUS).one(data_opening="").text
    at("2026-11-28T12:00")
    assert "次の受付は11月30日(月) 8:30からです。" in open_page(STATUS).one(data_opening="").text


def test_on_a_closed_day_the_page_says_why(open_page: Open, at: Callable[[str], object]) -> None:
    at("2026-12-30T10:00")
    opening = open_page(STATUS).one(data_opening="")
    assert opening.attrs["data-phase"] == "closed_day"
    assert opening.text.startswith("本日は受付を行っていません 年末年始のためお休みです。")


def test_the_page_carries_the_board_it_was_made_from_and_no_ticket_id(api: Api, client: FlaskClient) -> None:
    issued = api.issue().get_json()
    text = client.get(STATUS).text
    assert f'"version":{api.board()["version"]}' in text
    assert issued["id"] not in text
    assert issued["token"] not in text


def test_an_unknown_hall_is_a_page_that_helps(open_page: Open) -> None:
    page = open_page("/status/nowhere", status=404)
    assert page.tags("h1")[0].text == "ページが見つかりません"
    assert [a.attrs["href"] for a in page.one(class_="links").tags("a")] == [STATUS]
