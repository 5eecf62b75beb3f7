from datetime import date
from pathlib import Path

import pytest

from queue_server.config import load_profile
from queue_server.domain.calendar import local_minute
from queue_server.domain.ticket import Move
from queue_server.hall import CLOCK_ACTOR
from tests.support.halls import Town, town_in

TUESDAY_MORNING, WEDNESDAY_MORNING = "2026-11-24T09:00", "2026-11-25T09:00"


def states(town: Town) -> dict[str, str]:
    """The state of every label, of all days."""
    return dict(town.sql("SELECT label, state FROM ticket ORDER BY seq"))


@pytest.mark.parametrize(
    ("minute", "phase", "open_"),
    [
        ("2026-11-24T08:29", "before_opening", False),
        ("2026-11-24T08:30", "open", True),
        ("2026-11-24T11:59", "open", True),
        ("2026-11-24T12:00", "break", False),
        ("2026-11-24T13:00", "open", True),
        ("2026-11-24T17:15", "after_closing", False),
        ("2026-11-21T11:59", "open", True),
        ("2026-11-21T12:00", "after_closing", False),
        ("2026-11-22T10:00", "closed_day", False),
        ("2026-11-23T10:00", "closed_day", False),
    ],
)
def test_numbers_are_given_exactly_in_the_opening_hours(tmp_path: Path, minute: str, phase: str, open_: bool) -> None:
    with town_in(tmp_path, now=local_minute(minute)) as town:
        assert town.board["status"]["phase"] == phase
        assert town.service("x")["accepting"] is open_
        if open_:
            assert town.issue()["label"] == "A01"
        else:
            with town.refuses("hall_closed"):
                town.issue()


def test_the_real_halls_saturday_ends_at_noon(tmp_path: Path) -> None:
    with town_in(tmp_path, load_profile("atsugi"), local_minute("2026-11-21T11:59")) as town:
        assert town.issue("mynumber")["label"] == "500"
        town.at("2026-11-21T12:00")
        with town.refuses("hall_closed"):
            town.issue("mynumber")


def test_the_board_opens_and_closes_by_itself_when_the_clock_ticks(tmp_path: Path) -> None:
    with town_in(tmp_path, now=local_minute("2026-11-24T08:29")) as town:
        seen: list[str] = []
        town.listen(lambda board, _desk: seen.append(board.data["status"]["phase"]))
        for minute in ("08:30", "12:00", "13:00", "17:15"):
            town.at(f"2026-11-24T{minute}")
        assert seen == ["open", "break", "open", "after_closing"]


def test_within_a_minute_that_changes_nothing_a_tick_makes_no_new_board(town: Town) -> None:
    before = town.hall.board
    town.pass_minutes(0.9)
    town.city.tick()
    assert town.hall.board is before
    town.pass_minutes(0.1)
    town.city.tick()
    assert town.hall.board.version > before.version


def test_after_closing_time_those_who_hold_a_number_are_still_served(town: Town) -> None:
    town.issue()
    town.open("1")
    town.at("2026-11-24T17:20")
    answer = town.call_next()
    assert answer is not None
    assert town.move(answer["ticket"]["id"], Move.COMPLETE)["state"] == "completed"


def test_at_the_days_end_every_open_ticket_expires_and_everything_is_switched_back(town: Town) -> None:
    tickets = {move: town.called("y")["id"] for move in (Move.START, Move.HOLD, Move.NO_SHOW, Move.COMPLETE)}
    for move, ticket in tickets.items():
        town.move(ticket, move)
    town.called("y")
    town.issue("y")
    town.hall.pause_service(town.caller(), "x")
    town.at("2026-11-24T18:59")
    assert "expire" not in town.kinds()
    town.at("2026-11-24T19:00")
    assert states(town) == {"503": "completed"} | dict.fromkeys(("500", "501", "502", "504", "505"), "expired")
    assert town.kinds()[-7:] == ["expire"] * 5 + ["close_counter", "resume_service"]
    last = town.entries()[-1]
    assert (last.actor, last.business_day, last.at) == (CLOCK_ACTOR, date(2026, 11, 24), town.clock.now())
    assert (town.service("y")["waiting"], town.board["counters"][0]["open"]) == ([], False)
    town.verify()


def test_a_day_that_has_ended_is_not_ended_again(town: Town) -> None:
    town.issue()
    town.at("2026-11-24T19:00")
    entries, version = town.kinds(), town.hall.board.version
    town.city.tick()
    assert (town.kinds(), town.hall.board.version) == (entries, version)
    town.at("2026-11-24T23:59")
    assert town.kinds() == entries


def test_the_next_days_numbers_start_again(town: Town) -> None:
    town.issue("y")
    town.issue("y")
    town.at("2026-11-24T19:00")
    town.at(WEDNESDAY_MORNING)
    answer = town.issue("y")
    assert (answer["label"], answer["ahead"]) == ("500", 0)
    assert town.entries()[-1].business_day == date(2026, 11, 25)
    town.verify()


@pytest.mark.parametrize("command", ["tick", "issue", "refused"])
def test_whatever_comes_first_after_midnight_ends_the_day_before(town: Town, command: str) -> None:
    """The day's end was missed, as by a computer that slept."""
    town.issue("y")
    town.clock.set(local_minute(WEDNESDAY_MORNING))
    if command == "tick":
        town.city.tick()
    elif command == "issue":
        assert town.issue("y")["label"] == "500"
    else:
        with pytest.raises(Exception, match="ticket"):
            town.move("nobody", Move.START)
    assert town.kinds()[:2] == ["issue", "expire"]
    assert town.entries()[1].business_day == date(2026, 11, 24)
    assert town.board["as_of"] == "2026-11-25T09:00:00+09:00"
    assert town.service("y")["waiting"] == (["500"] if command == "issue" else [])


def test_listeners_hear_of_a_new_day_even_when_the_command_that_began_it_is_refused(town: Town) -> None:
    town.issue("y")
    town.clock.set(local_minute("2026-11-25T07:00"))
    waiting: list[list[str]] = []
    town.listen(lambda board, _desk: waiting.append(board.data["categories"][0]["services"][1]["waiting"]))
    with pytest.raises(Exception, match="hall_closed"):
        town.issue("y")
    assert waiting == [[]]


@pytest.mark.parametrize(
    ("minute", "expired"), [("2026-11-24T18:59", False), ("2026-11-24T19:00", True), (WEDNESDAY_MORNING, True)]
)
def test_a_server_that_was_off_at_the_days_end_ends_the_day_when_it_starts(
    town: Town, minute: str, expired: bool
) -> None:
    town.issue("y")
    town.open("1")
    town.clock.set(local_minute(minute))
    town.restart()
    assert states(town) == {"500": "expired" if expired else "waiting"}
    assert town.board["counters"][0]["open"] is not expired
    assert all(entry.business_day == date(2026, 11, 24) for entry in town.entries())
    town.verify()


def test_a_server_that_was_off_for_a_week_starts_with_an_empty_hall(town: Town) -> None:
    town.issue("y")
    town.clock.set(local_minute("2026-12-01T09:00"))
    town.restart()
    assert town.service("y")["waiting"] == []
    assert town.issue("y")["label"] == "500"


def test_a_clock_that_was_set_back_over_midnight_never_begins_an_earlier_day_again(town: Town) -> None:
    town.at(WEDNESDAY_MORNING)
    town.issue("y")
    town.at(TUESDAY_MORNING)
    assert town.issue("y")["label"] == "501"
    town.restart()
    assert town.issue("y")["label"] == "502"
    assert {entry.business_day for entry in town.entries()} == {date(2026, 11, 25)}
    town.at(WEDNESDAY_MORNING)
    assert town.service("y")["waiting"] == ["500", "501", "502"]
    town.verify()


def test_a_clock_that_was_set_back_within_a_day_changes_no_order_and_no_number(town: Town) -> None:
    town.issue("y")
    town.pass_minutes(-25)
    assert town.issue("y")["label"] == "501"
    town.restart()
    assert town.service("y")["waiting"] == ["500", "501"]
    town.verify()


def test_numbers_wrap_within_the_day_and_pass_over_those_still_live(town: Town) -> None:
    first, second, third = (town.issue("x") for _ in range(3))
    town.move(first["id"], Move.CANCEL)
    town.move(third["id"], Move.CANCEL)
    assert [town.issue("x")["label"] for _ in range(2)] == ["A01", "A03"]
    town.move(second["id"], Move.CANCEL)
    assert town.issue("x")["label"] == "A02"
    assert town.sql("SELECT round, number FROM number WHERE series = 'a'") == [(3, 2)]
    town.verify()


def test_a_series_whose_numbers_are_all_live_refuses_and_goes_on_when_one_ends(town: Town) -> None:
    tickets = [town.issue("x")["id"] for _ in range(3)]
    with town.refuses("series_exhausted"):
        town.issue("x")
    assert town.issue("y")["label"] == "500"
    town.move(tickets[1], Move.CANCEL)
    assert town.issue("x")["label"] == "A02"


def test_the_allocation_of_numbers_goes_on_after_a_restart(town: Town) -> None:
    for ticket in [town.issue("x")["id"] for _ in range(2)]:
        town.move(ticket, Move.CANCEL)
    town.restart()
    assert town.issue("x")["label"] == "A03"


def test_a_board_names_its_last_entry_also_before_the_first_one_of_a_new_day(town: Town) -> None:
    town.issue("y")
    town.at("2026-11-25T09:00")
    last = town.board["seq"]
    assert last == len(town.entries()) == 2
    town.restart()
    assert town.board["seq"] == last
