"""私の番号 as it comes from the server, in every state a ticket can be in."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.support.api import Api
from tests.support.page_tree import Node

Open = Callable[..., Node]


@pytest.fixture
def mine(api: Api) -> dict[str, str]:
    """A ticket with one waiting before it and one behind it: 501."""
    api.issue()
    ticket: dict[str, str] = api.issue().get_json()
    api.issue()
    return ticket


def call_mine(api: Api) -> None:
    api.counter("6", "open")
    assert api.counter("6", "call", {"label": "501"}).status_code == 200


def slip(page: Node) -> Node:
    return page.one(data_ticket="")


def test_waiting_it_shows_the_number_and_the_people_ahead(api: Api, mine: dict[str, str], open_page: Open) -> None:
    page = open_page(mine["ticket_url"])
    assert slip(page).attrs["data-state"] == "waiting"
    assert slip(page).tags("h1")[0].text == "あなたの番号 501"
    assert slip(page).one(data_field="ahead").text == "あと1人"
    assert slip(page).one(data_part="range").text == "", "no counter is open, so nobody can say"
    api.counter("6", "open")
    assert slip(open_page(mine["ticket_url"])).one(data_field="range").text.endswith(("分ほど", "分以内"))


def test_who_is_being_served_counts_as_ahead(api: Api, mine: dict[str, str], open_page: Open) -> None:
    api.counter("6", "open")
    first = api.counter("6", "call-next").get_json()["ticket"]
    assert slip(open_page(mine["ticket_url"])).one(data_field="ahead").text == "あと1人"
    api.move(first["id"], "complete")
    page = open_page(mine["ticket_url"])
    assert slip(page).one(data_field="ahead").text == "次にお呼びします"
    assert slip(page).one(data_field="call_label").text == "500"


def test_the_last_few_are_told_to_come_near(api: Api, open_page: Open) -> None:
    issued = [api.issue().get_json() for _ in range(5)]
    soon = [slip(open_page(ticket["ticket_url"])).one(data_part="soon").text != "" for ticket in issued]
    assert soon == [True, True, True, True, False]


def test_called_it_says_where_to_go(api: Api, mine: dict[str, str], open_page: Open) -> None:
    call_mine(api)
    page = open_page(mine["ticket_url"])
    assert slip(page).attrs["data-state"] == "called"
    assert "お呼びしています 6番窓口" in slip(page).text
    assert slip(page).all(data_field="ahead")[0].text == ""


@pytest.mark.parametrize(
    ("moves", "state", "words"),
    [
        (["start"], "serving", "窓口で応対中です 6番窓口"),
        (["hold"], "held", "もう一度お呼びします"),
        (["no-show"], "no_show", "お近くの職員に番号札かこの画面をお見せください"),
        (["complete"], "completed", "ご利用ありがとうございました"),
        (["no-show", "cancel"], "cancelled", "この番号は取り消されました"),
    ],
)
def test_every_later_state_has_its_own_words(
    api: Api, mine: dict[str, str], open_page: Open, moves: list[str], state: str, words: str
) -> None:
    call_mine(api)
    for move in moves:
        assert api.move(mine["id"], move).status_code == 200
    page = open_page(mine["ticket_url"])
    assert slip(page).attrs["data-state"] == state
    assert words in slip(page).text


def test_after_the_day_the_number_has_expired(
    mine: dict[str, str], open_page: Open, at: Callable[[str], object]
) -> None:
    at("2026-11-24T19:00")
    page = open_page(mine["ticket_url"])
    assert slip(page).attrs["data-state"] == "expired"
    assert "この番号の受付日は終わりました" in slip(page).text


def test_only_the_waiting_are_shown_a_place_in_the_line(api: Api, mine: dict[str, str], open_page: Open) -> None:
    call_mine(api)
    api.move(mine["id"], "complete")
    assert "待ち時間の目安" not in open_page(mine["ticket_url"]).text


def test_the_page_is_neither_indexed_nor_kept_nor_passed_on(mine: dict[str, str], client: FlaskClient) -> None:
    headers = client.get(mine["ticket_url"]).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Cache-Control"] == "no-store"


def test_the_page_holds_no_id_and_no_token_of_anybody(api: Api, mine: dict[str, str], client: FlaskClient) -> None:
    other = api.issue().get_json()
    text = client.get(mine["ticket_url"]).text
    for secret in (mine["id"], other["id"], other["token"]):
        assert secret not in text


def test_whoever_waits_reads_of_breaks_and_of_a_reception_that_ended_early(
    api: Api, mine: dict[str, str], command: Callable[..., None], open_page: Open
) -> None:
    api.counter("6", "open")
    command("counters/6/break", minutes=10)
    command("reception/close", reason="混雑のため")
    command("notices", text="駐車場は満車です。", until=None)
    page = open_page(mine["ticket_url"])
    assert page.one(data_opening="").text == (
        "本日の受付は終了しました （混雑のため） 番号札をお持ちのかたは、番号をお呼びするまでお待ちください。"
        " 次の受付は11月25日(水) 8:30からです。"
    )
    assert page.one(data_list="breaks").text == "6番窓口は休憩中です。9時25分ごろ再開します。"
    assert page.one(data_list="notices").text == "駐車場は満車です。"
    assert slip(page).one(data_field="ahead").text == "あと1人"


def test_the_page_of_an_ended_ticket_says_nothing_of_the_hall_that_would_grow_old(
    api: Api, mine: dict[str, str], command: Callable[..., None], open_page: Open
) -> None:
    command("notices", text="駐車場は満車です。", until=None)
    call_mine(api)
    assert "駐車場は満車です。" in open_page(mine["ticket_url"]).text
    api.move(mine["id"], "complete")
    page = open_page(mine["ticket_url"])
    assert "駐車場は満車です。" not in page.text
    assert page.one(class_="ticket__hall").text == ""


def test_an_unknown_token_is_a_page_that_helps(open_page: Open) -> None:
    page = open_page("/t/AAAAAAAAAAAAAAAAAAAAAA", status=404)
    assert "番号札をお近くの職員にお見せください" in page.text


def test_the_next_day_the_slip_leads_to_a_page_that_says_whose_number_it_was(
    mine: dict[str, str], open_page: Open, at: Callable[[str], object], client: FlaskClient
) -> None:
    at("2026-11-25T09:00")
    page = open_page(mine["ticket_url"], status=410)
    assert "11月24日(火)の「マイナンバー関係」の番号札です。" in page.text
    assert "新しい番号札をお取りください" in page.text
    assert mine["token"] not in client.get(mine["ticket_url"]).text
    headers = client.get(mine["ticket_url"]).headers
    assert (headers["Referrer-Policy"], headers["X-Robots-Tag"], headers["Cache-Control"]) == (
        "no-referrer",
        "noindex",
        "no-store",
    )


def test_called_it_says_since_when(api: Api, mine: dict[str, str], open_page: Open) -> None:
    assert slip(open_page(mine["ticket_url"])).all(data_field="called_at")[0].text == ""
    call_mine(api)
    assert slip(open_page(mine["ticket_url"])).one(data_field="called_at").text == "9時15分にお呼びしました"


def test_leaving_the_line_is_offered_only_where_it_is_lawful(api: Api, mine: dict[str, str], open_page: Open) -> None:
    assert open_page(mine["ticket_url"]).one(class_="leave").attrs.get("hidden") is None
    call_mine(api)
    assert "hidden" in open_page(mine["ticket_url"]).all(class_="leave")[0].attrs


@pytest.mark.parametrize("by_holder", [True, False])
def test_who_left_reads_that_and_not_that_somebody_took_the_number_away(
    client: FlaskClient, api: Api, mine: dict[str, str], open_page: Open, by_holder: bool
) -> None:
    if by_holder:
        headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
        assert client.post(f"{mine['ticket_url']}/leave", headers=headers).status_code == 303
    else:
        assert api.move(mine["id"], "cancel").status_code == 200
    said = slip(open_page(mine["ticket_url"])).text
    assert ("順番待ちを取りやめました" in said) is by_holder
    assert ("この番号は取り消されました" in said) is not by_holder
    assert ("お心当たりのないとき" in said) is not by_holder
    assert client.get(f"/api/t/{mine['token']}").get_json()["given_up"] is by_holder
