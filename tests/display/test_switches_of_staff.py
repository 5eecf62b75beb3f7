"""What staff switch during the day, as a resident reads it on the phone page before any script has run."""

from collections.abc import Callable

import pytest

from tests.conftest import SITE
from tests.support.api import Api
from tests.support.page_tree import Node

Open = Callable[..., Node]
Command = Callable[..., None]
At = Callable[[str], object]
STATUS = f"/status/{SITE}"


@pytest.fixture
def away(command: Command) -> Callable[..., None]:
    """Open a counter and let its clerk go for some minutes."""

    def leave(counter: str, minutes: int) -> None:
        command(f"counters/{counter}/open")
        command(f"counters/{counter}/break", minutes=minutes)

    return leave


def opening(page: Node) -> str:
    return page.one(data_opening="").text


def breaks(page: Node) -> list[str]:
    found = page.one(data_list="breaks")
    return [] if "hidden" in found.attrs else [item.text for item in found.tags("li")]


def test_a_break_says_when_the_counter_goes_on_and_is_over_when_it_opens(
    away: Command, command: Command, open_page: Open
) -> None:
    assert breaks(open_page(STATUS)) == []
    away("5", 15)
    assert breaks(open_page(STATUS)) == ["5番窓口は休憩中です。9時30分ごろ再開します。"]
    command("counters/5/open")
    assert breaks(open_page(STATUS)) == []


def test_from_the_time_of_return_a_counter_goes_on_soon(away: Command, open_page: Open, at: At) -> None:
    away("5", 15)
    at("2026-11-24T09:29")
    assert breaks(open_page(STATUS)) == ["5番窓口は休憩中です。9時30分ごろ再開します。"]
    at("2026-11-24T09:30")
    assert breaks(open_page(STATUS)) == ["5番窓口は休憩中です。まもなく再開します。"]


def test_counters_that_go_on_together_share_a_sentence(away: Command, open_page: Open) -> None:
    away("2", 15)
    away("4", 45)
    away("6", 15)
    assert breaks(open_page(STATUS)) == [
        "2番窓口・6番窓口は休憩中です。9時30分ごろ再開します。",
        "4番窓口は休憩中です。10時ごろ再開します。",
    ]


def test_after_closing_a_break_is_of_interest_only_while_somebody_is_here(
    api: Api, away: Command, command: Command, open_page: Open
) -> None:
    ticket = api.called("6")
    away("5", 30)
    command("reception/close")
    assert breaks(open_page(STATUS)) != []
    api.move(ticket["id"], "complete")
    assert breaks(open_page(STATUS)) == []


def test_a_reception_that_ended_early_gives_its_reason_and_is_no_closed_day(
    command: Command, open_page: Open
) -> None:
    command("reception/close", reason="混雑のため")
    page = open_page(STATUS)
    assert opening(page) == "本日の受付は終了しました （混雑のため） 次の受付は11月25日(水) 8:30からです。"
    assert page.one(data_opening="").attrs["data-phase"] == "after_closing"


def test_without_a_reason_it_says_only_that_it_ended(command: Command, open_page: Open) -> None:
    command("reception/close")
    assert opening(open_page(STATUS)) == "本日の受付は終了しました 次の受付は11月25日(水) 8:30からです。"


@pytest.mark.parametrize("move", [None, "hold"])
def test_whoever_holds_a_number_is_still_served_after_an_early_end(
    api: Api, command: Command, open_page: Open, move: str | None
) -> None:
    ticket = api.called()
    if move:
        api.move(ticket["id"], move)
    command("reception/close", reason="混雑のため")
    assert "番号札をお持ちのかたは、番号をお呼びするまでお待ちください。" in opening(open_page(STATUS))


def test_the_next_day_knows_nothing_of_an_early_end(command: Command, open_page: Open, at: At) -> None:
    command("reception/close", reason="混雑のため")
    at("2026-11-25T09:00")
    assert opening(open_page(STATUS)) == "受付中です 本日の受付は17:15までです。"


def test_an_extended_reception_says_its_new_end_and_ends_then(command: Command, open_page: Open, at: At) -> None:
    at("2026-11-24T17:00")
    command("reception/open", until="18:00")
    at("2026-11-24T17:59")
    assert opening(open_page(STATUS)) == "受付中です 本日の受付は18:00までです。"
    at("2026-11-24T18:00")
    assert opening(open_page(STATUS)) == "本日の受付は終了しました 次の受付は11月25日(水) 8:30からです。"


def test_a_sunday_that_was_opened_by_hand_says_until_when(command: Command, open_page: Open, at: At) -> None:
    at("2026-11-29T09:00")
    assert opening(open_page(STATUS)).startswith("本日は受付を行っていません")
    command("reception/open", until="12:00")
    page = open_page(STATUS)
    assert opening(page) == "受付中です 本日の受付は12:00までです。"
    assert page.one(data_service="mynumber").one(data_part="level").text != ""


def test_a_service_that_ended_for_today_says_something_else_than_a_paused_one(
    api: Api, command: Command, open_page: Open
) -> None:
    api.issue()
    command("services/mynumber/pause", for_today=True)
    command("services/inkan/pause")
    page = open_page(STATUS)
    ended, paused = (page.one(data_service=name) for name in ("mynumber", "inkan"))
    assert ended.one(data_field="sentence").text == "本日の受付は終了しました。"
    assert paused.one(data_field="sentence").text == "受付を休止しています。"
    assert ended.one(data_part="level").text == ""
    assert ended.one(data_field="people").text == "1人", "who holds a number is still called"
    assert "本日の受付は終了しました" in [row.text.split()[-1] for row in open_page("/").all(class_="hall__service")]


def test_a_service_that_ended_and_has_nobody_left_shows_no_figures(command: Command, open_page: Open) -> None:
    command("services/mynumber/pause", for_today=True)
    page = open_page(STATUS)
    assert page.one(data_service="mynumber").one(data_part="facts").text == ""
    assert page.one(data_service="todoke").one(data_part="facts").text != ""


def test_a_notice_is_plain_text_and_goes_when_its_time_has_come(command: Command, open_page: Open, at: At) -> None:
    command("notices", text="<script>alert(1)</script>&amp;", until="2026-11-24T10:00:00+09:00")
    notices = open_page(STATUS).one(data_list="notices")
    assert notices.text == "<script>alert(1)</script>&amp;"
    assert [child.tag for child in notices.walk()] == ["ul", "li"]
    at("2026-11-24T10:00")
    assert open_page(STATUS).one(data_list="notices").text == ""
