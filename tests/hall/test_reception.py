from datetime import time
from pathlib import Path

import pytest

from queue_server.domain.calendar import local_minute
from queue_server.hall import CLOCK_ACTOR
from queue_server.snapshot import View
from tests.support.halls import Town, town_in

CLOSED = "本日の受付は終了しました。"


def close(town: Town, reason: str = "") -> View:
    status: View = town.hall.close_reception(town.supervisor(), reason)["status"]
    return status


def open_until(town: Town, hour: int, minute: int = 0) -> View:
    status: View = town.hall.open_reception(town.supervisor(), time(hour, minute))["status"]
    return status


def accepts(town: Town) -> bool:
    """Whether the board says that numbers are given, which must be so when one is asked for."""
    told: bool = town.service("y")["accepting"]
    if told:
        town.issue("y")
    else:
        with town.refuses("hall_closed"):
            town.issue("y")
    return told


# -- closed early, extended, opened by hand ----------------------------------------------------------


def test_a_reception_that_closes_early_gives_no_more_numbers_and_serves_who_holds_one(town: Town) -> None:
    town.issue("y")
    town.open("1")
    status = close(town, "混雑のため")
    assert status == town.board["status"]
    assert (status["open"], status["label"], status["reason"]) == (False, CLOSED, "混雑のため")
    assert (status["ended_early"], status["next_open"]) == (True, "2026-11-25T08:30:00+09:00")
    assert not accepts(town)
    assert town.called_next() == "500"
    assert town.desk["reception"] == {"by_hand": "closed", "until": None, "reason": "混雑のため"}
    town.restart()
    assert town.board["status"] == status


def test_a_reception_is_extended_past_closing_and_then_closes_by_itself(town: Town) -> None:
    status = open_until(town, 18)
    assert (status["open"], status["closes"]) == (True, "2026-11-24T18:00:00+09:00")
    assert town.desk["reception"] == {"by_hand": "open", "until": "2026-11-24T18:00:00+09:00", "reason": ""}
    told = []
    for minute in ("17:15", "17:59", "18:00"):
        town.at(f"2026-11-24T{minute}")
        told.append(accepts(town))
    assert told == [True, True, False]
    assert (town.board["status"]["label"], town.board["status"]["ended_early"]) == (CLOSED, False)


@pytest.mark.parametrize(("minute", "day"), [("2026-11-24T07:30", "before"), ("2026-11-23T10:00", "holiday")])
def test_a_reception_is_opened_by_hand_before_its_hours_and_on_a_closed_day(
    tmp_path: Path, minute: str, day: str
) -> None:
    with town_in(tmp_path, now=local_minute(minute)) as town:
        assert not accepts(town)
        open_until(town, 11)
        assert accepts(town)
        town.at(f"{minute[:10]}T11:00")
        assert not accepts(town)
        assert town.board["status"]["ended_early"] is (day == "before")


@pytest.mark.parametrize(
    ("opened", "until", "at_opening"), [("07:30", "08:00", "08:30"), ("12:10", "13:00", "13:00")]
)
def test_opening_by_hand_before_the_hours_or_over_lunch_takes_nothing_from_the_hours(
    tmp_path: Path, opened: str, until: str, at_opening: str
) -> None:
    with town_in(tmp_path, now=local_minute(f"2026-11-24T{opened}")) as town:
        open_until(town, *map(int, until.split(":")))
        assert accepts(town)
        town.at(f"2026-11-24T{at_opening}")
        assert accepts(town)


def test_a_reception_may_be_shortened_to_a_time(town: Town) -> None:
    open_until(town, 11)
    assert accepts(town)
    town.at("2026-11-24T11:00")
    assert not accepts(town)
    assert (town.board["status"]["label"], town.board["status"]["ended_early"]) == (CLOSED, True)


def test_the_last_word_counts(town: Town) -> None:
    close(town)
    assert open_until(town, 18)["open"] is True
    assert close(town, "停電")["reason"] == "停電"
    assert town.hall.reset_reception(town.supervisor())["status"]["open"] is True
    assert (town.desk["reception"]["by_hand"], accepts(town)) == (None, True)
    assert "reception" not in town.hall._day.switches
    town.verify()


def test_what_the_reception_is_already_is_not_written_again(town: Town) -> None:
    town.hall.reset_reception(town.supervisor())
    for _ in range(2):
        close(town, "停電")
    for _ in range(2):
        open_until(town, 18)
    for _ in range(2):
        town.hall.reset_reception(town.supervisor())
    assert town.kinds() == ["close_reception", "open_reception", "reset_reception"]


@pytest.mark.parametrize("until", [time(8, 59), time(9, 0), time(0, 0)])
def test_a_reception_is_not_open_until_a_time_that_is_past(town: Town, until: time) -> None:
    with town.refuses("time_is_past"):
        town.hall.open_reception(town.supervisor(), until)


def test_a_reception_ends_with_the_day_at_the_latest(town: Town) -> None:
    with town.refuses("after_day_end", day_end="19:00"):
        open_until(town, 19, 1)
    assert open_until(town, 19)["open"] is True
    town.at("2026-11-24T18:59")
    assert accepts(town)
    town.at("2026-11-24T19:00")
    assert not accepts(town)
    assert town.entries()[-1].kind.value == "reset_reception"
    with town.refuses("after_day_end", day_end="19:00"):
        open_until(town, 20)


@pytest.mark.parametrize("running", [True, False], ids=["running", "off over night"])
def test_what_was_switched_by_hand_ends_with_the_day(town: Town, running: bool) -> None:
    close(town, "停電")
    if running:
        town.at("2026-11-24T19:00")
    town.clock.set(local_minute("2026-11-25T08:30"))
    town.restart()
    assert (town.board["status"]["open"], town.desk["reception"]["by_hand"]) == (True, None)
    assert accepts(town)
    assert town.entries()[1].actor == CLOCK_ACTOR
    town.verify()


def test_a_server_that_was_off_at_opening_time_opens_when_it_starts(tmp_path: Path) -> None:
    with town_in(tmp_path, now=local_minute("2026-11-24T07:00")) as town:
        town.open("1")
        close(town)
        town.hall.reset_reception(town.supervisor())
        town.clock.set(local_minute("2026-11-24T09:00"))
        town.restart()
        assert town.board["status"]["open"] is True
        assert town.board["counters"][0]["open"] is True
        assert accepts(town)


# -- services ----------------------------------------------------------------------------------------


def test_a_service_is_paused_for_a_while_or_for_the_rest_of_the_day(town: Town) -> None:
    for for_today in (False, True, False):
        view = town.hall.pause_service(town.supervisor(), "y", for_today=for_today)["service"]
        assert (view["paused"], view["ended_today"]) == (True, for_today)
        assert (town.service("y")["paused"], town.service("y")["ended_today"]) == (True, for_today)
        assert town.desk["services"][1]["ended_today"] is for_today
        with town.refuses("service_ended" if for_today else "service_paused"):
            town.issue("y")
    town.hall.pause_service(town.supervisor(), "y")
    assert town.kinds() == ["pause_service"] * 3
    town.at("2026-11-25T09:00")
    assert town.service("y")["accepting"] is True
    town.verify()


# -- closing the day ---------------------------------------------------------------------------------


def test_closing_the_day_tells_who_still_holds_a_number_and_closes_nothing(town: Town) -> None:
    town.called("y")
    town.issue("x")
    with town.refuses("tickets_open", labels=["500", "A01"]):
        town.hall.close_day(town.supervisor())


def test_the_day_is_closed_by_hand_and_what_is_open_expires_if_that_is_meant(town: Town) -> None:
    town.open("2")
    town.hall.open_counter(town.person("a"), "1")
    town.issue("y")
    assert town.called_next("1") == "500"
    town.issue("x")
    town.hall.start_break(town.caller(), "2", 15)
    assert town.hall.close_day(town.supervisor(), expire=True) == {"expired": ["500", "A01"]}
    assert town.kinds()[-5:] == ["expire", "expire", "close_counter", "close_counter", "close_reception"]
    assert {entry.actor for entry in town.entries()[-5:]} == {"staff:boss"}
    assert (town.board["status"]["label"], town.board["status"]["ended_early"]) == (CLOSED, True)
    assert [(each["open"], each["break_until"]) for each in town.board["counters"]] == [(False, None)] * 2
    assert (town.desk["tickets"], [each["undoable"] for each in town.desk["ended"]]) == ([], [False, False])
    town.verify()


def test_an_empty_hall_is_closed_by_hand_at_once_and_once(town: Town) -> None:
    town.hall.assign_services(town.caller(), "1", ["y"])
    assert town.hall.close_day(town.supervisor()) == {"expired": []}
    assert town.hall.close_day(town.supervisor()) == {"expired": []}
    assert town.kinds() == ["assign_services", "close_reception"]


def test_closing_the_day_keeps_the_reason_for_which_the_reception_closed(town: Town) -> None:
    close(town, "停電")
    town.hall.close_day(town.supervisor())
    assert town.board["status"]["reason"] == "停電"


def test_after_hours_closing_the_day_reads_as_any_evening_and_the_evening_finds_little_to_do(town: Town) -> None:
    town.hall.assign_services(town.caller(), "1", ["y"])
    town.hall.pause_service(town.supervisor(), "x")
    town.at("2026-11-24T17:30")
    town.hall.close_day(town.supervisor())
    assert town.board["status"]["ended_early"] is False
    town.at("2026-11-24T19:00")
    assert town.kinds()[-4:] == ["close_reception", "assign_services", "resume_service", "reset_reception"]
    entries = town.entries()
    town.at("2026-11-24T19:01")
    assert town.entries() == entries
    town.at("2026-11-25T08:30")
    assert accepts(town)
    town.verify()


def test_a_day_that_was_closed_too_early_is_opened_again_by_hand(town: Town) -> None:
    town.hall.close_day(town.supervisor())
    assert town.hall.reset_reception(town.supervisor())["status"]["open"] is True
    assert accepts(town)


@pytest.mark.parametrize("command", ["close_day", "close_reception"])
def test_the_same_press_closes_once(town: Town, command: str) -> None:
    first = getattr(town.hall, command)(town.supervisor("press"))
    town.hall.reset_reception(town.supervisor())
    assert getattr(town.hall, command)(town.supervisor("press")) == first
    assert town.board["status"]["open"] is True
