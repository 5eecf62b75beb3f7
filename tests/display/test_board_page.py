"""The hall's screen as it comes from the server."""

from collections.abc import Callable

from tests.conftest import SITE
from tests.support.api import Api
from tests.support.clock import ManualClock
from tests.support.page_tree import Node

Open = Callable[..., Node]
Command = Callable[..., None]
BOARD = f"/board/{SITE}"


def calls(page: Node) -> list[str]:
    """The calls in the screen's main language."""
    found = []
    for item in page.one(data_list="calls").tags("li"):
        parts = [item.one(class_=part).text for part in ("call__label", "call__counter", "call__stage")]
        state = item.one(data_field="call_state").text if item.one(class_="call__state").text else ""
        found.append(" ".join(part for part in [*parts, state] if part))
    return found


def texts(page: Node) -> list[str]:
    return [item.text for item in page.one(data_list="texts").tags("li")]


def line(page: Node, service: str = "mynumber") -> Node:
    return page.one(data_service=service)


def test_the_newest_call_stands_first_with_its_counter(api: Api, open_page: Open) -> None:
    api.called("6", "mynumber")
    api.called("4", "todoke")
    assert calls(open_page(BOARD)) == ["300 4番窓口", "500 6番窓口"]


def test_a_recalled_number_comes_to_the_front_again(api: Api, open_page: Open) -> None:
    first = api.called("6", "mynumber")
    api.called("4", "todoke")
    api.move(first["id"], "recall")
    assert calls(open_page(BOARD)) == ["500 6番窓口", "300 4番窓口"]


def test_who_is_being_served_stands_after_who_is_being_called(api: Api, open_page: Open) -> None:
    api.called("4", "todoke")
    api.move(api.called("6", "mynumber")["id"], "start")
    assert calls(open_page(BOARD)) == ["300 4番窓口", "500 6番窓口 応対中"]


def test_the_title_over_the_calls_is_true_of_them(api: Api, open_page: Open) -> None:
    """Nobody is being called where all are at a counter already."""
    first = api.called("6", "mynumber")
    title = open_page(BOARD).one(id="calls-title")
    assert title.text == "お呼び出し中 Now calling"
    api.move(first["id"], "start")
    title = open_page(BOARD).one(id="calls-title")
    assert (title.text, title.tags("span")[0].attrs["data-title"]) == ("応対中 Serving", "serving")
    api.called("4", "todoke")
    assert open_page(BOARD).one(id="calls-title").text == "お呼び出し中 Now calling"


def test_a_screen_of_two_languages_says_states_and_levels_in_both(
    api: Api, command: Command, open_page: Open
) -> None:
    api.move(api.called("6", "mynumber")["id"], "start")
    command("services/inkan/pause")
    page = open_page(BOARD)
    assert page.one(class_="call__state").text == "応対中 Serving"
    assert line(page, "inkan").one(class_="line__level").text == "受付休止中 Paused"
    assert line(page, "mynumber").one(class_="line__level").text == "混雑していません Not crowded"
    turned = open_page(f"{BOARD}?lang=en")
    assert line(turned, "mynumber").one(class_="line__level").text == "Not crowded 混雑していません"
    assert line(turned, "inkan").one(class_="line__level").text == "Paused 受付休止中"


def test_a_counter_on_a_break_says_until_when_and_in_both_languages(command: Command, open_page: Open) -> None:
    command("counters/6/open")
    command("counters/6/break", minutes=15)
    panel = open_page(f"{BOARD}/counter-6").one(data_panel="6")
    assert panel.attrs["data-state"] == "break"
    assert panel.one(data_field="panel_word").text == "6番窓口は休憩中です。9時30分ごろ再開します。"
    assert panel.one(data_field="panel_second").text == "On a break: Counter 6. Back at about 9:30."
    assert panel.one(class_="panel__services").text == "マイナンバー関係 My Number Card procedures"


def test_a_break_that_nobody_comes_back_from_after_closing_is_a_closed_counter(
    command: Command, open_page: Open, at: Callable[[str], object]
) -> None:
    at("2026-11-24T17:10")
    command("counters/6/open")
    command("counters/6/break", minutes=60)
    at("2026-11-24T17:20")
    panel = open_page(f"{BOARD}/counter-6").one(data_panel="6")
    assert panel.one(data_field="panel_word").text == "この窓口は閉まっています"


def test_who_has_been_served_is_called_no_longer(api: Api, open_page: Open) -> None:
    api.move(api.called()["id"], "complete")
    page = open_page(BOARD)
    assert calls(page) == []
    assert page.one(data_title="no_calls").text == "ただいまお呼び出ししている番号はありません"


def test_a_line_says_the_last_number_who_waits_and_how_crowded_it_is(api: Api, open_page: Open) -> None:
    api.called()
    for _ in range(5):
        api.issue()
    mine = line(open_page(BOARD))
    assert mine.one(data_field="call_label").text == "500"
    assert mine.one(data_field="people").text == "5人"
    assert mine.one(data_field="level").text == "混雑中"
    assert mine.one(data_field="waiting").text == "501 502 503 504 505"


def test_a_long_line_names_the_next_eight_and_counts_the_others(api: Api, open_page: Open) -> None:
    for _ in range(10):
        api.issue()
    assert line(open_page(BOARD)).one(data_field="waiting").text == "500 501 502 503 504 505 506 507 ほか2人"


def test_numbers_called_in_vain_and_put_aside_have_their_own_place(api: Api, open_page: Open) -> None:
    api.move(api.called()["id"], "no-show")
    api.move(api.called()["id"], "hold")
    page = open_page(BOARD)
    assert page.one(data_list="no_show").text == "500"
    assert page.one(data_list="held").text == "501"


def test_a_paused_service_says_so_where_its_level_was(api: Api, open_page: Open) -> None:
    api.post(f"/api/sites/{SITE}/services/mynumber/pause", {})
    assert line(open_page(BOARD)).one(data_field="stopped").text == "受付休止中"


def test_a_service_that_ended_for_today_says_so_where_its_level_was(command: Command, open_page: Open) -> None:
    command("services/mynumber/pause", for_today=True)
    assert line(open_page(BOARD)).one(data_field="stopped").text == "本日の受付は終了しました"


def test_a_break_is_said_at_the_foot_and_leaves_the_calls_alone(api: Api, command: Command, open_page: Open) -> None:
    api.called("4", "todoke")
    api.called("6", "mynumber")
    before = calls(open_page(BOARD))
    command("counters/5/open")
    assert texts(open_page(BOARD)) == []
    command("counters/5/break", minutes=15)
    page = open_page(BOARD)
    assert texts(page) == ["5番窓口は休憩中です。9時30分ごろ再開します。"]
    assert calls(page) == before
    assert page.one(data_part="no-texts").text == ""


def test_breaks_stand_before_the_notices_as_plain_text(command: Command, open_page: Open) -> None:
    command("notices", text="<b>駐車場</b>は満車です。", until=None)
    command("counters/5/open")
    command("counters/5/break", minutes=15)
    assert texts(open_page(BOARD))[1:] == ["<b>駐車場</b>は満車です。"]


def test_whoever_holds_a_number_is_told_to_stay_when_the_reception_ends_early(
    api: Api, command: Command, open_page: Open
) -> None:
    api.called()
    api.issue()
    command("reception/close", reason="混雑のため")
    page = open_page(BOARD)
    assert calls(page) == ["500 6番窓口"]
    assert texts(page) == [
        "本日の受付は終了しました（混雑のため）",
        "番号札をお持ちのかたは、番号をお呼びするまでお待ちください。",
    ]
    assert page.one(class_="board__status").text.startswith("本日の受付は終了しました 番号札をお持ちのかたは")


def test_an_extended_reception_has_its_new_end_in_the_head(
    command: Command, open_page: Open, at: Callable[[str], object]
) -> None:
    at("2026-11-24T17:00")
    command("reception/open", until="18:00")
    at("2026-11-24T17:20")
    assert open_page(BOARD).one(class_="board__status").text == "受付中です 本日の受付は18:00までです。"


def test_a_closed_hall_says_so_where_the_calls_were(open_page: Open, at: Callable[[str], object]) -> None:
    at("2026-11-24T17:20")
    closed = open_page(BOARD).one(data_part="closed")
    assert closed.text == "本日の受付は終了しました 次の受付は11月25日(水) 8:30からです。"


def test_calls_that_still_stand_after_closing_stay_on_the_screen(
    api: Api, open_page: Open, at: Callable[[str], object]
) -> None:
    api.called()
    at("2026-11-24T17:20")
    page = open_page(BOARD)
    assert calls(page) == ["500 6番窓口"]
    assert page.one(data_part="closed").text == ""


def test_only_a_simulated_clock_wears_its_badge(
    clock: ManualClock, open_page: Open, at: Callable[[str], object]
) -> None:
    assert open_page(BOARD).one(data_simulated="").text == ""
    clock.simulated = True
    at("2026-11-24T09:16")
    assert open_page(BOARD).one(data_simulated="").text == "模擬時刻 9:16"
