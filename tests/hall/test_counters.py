from collections.abc import Callable
from typing import Any

import pytest

from queue_server.domain.ticket import Move
from queue_server.hall import LONGEST_BREAK_MINUTES, Caller
from queue_server.snapshot import View
from tests.support.halls import Town


def counter(town: Town, counter_id: str) -> View:
    """A counter as the desk sees it."""
    return next(each for each in town.desk["counters"] if each["id"] == counter_id)


def on_board(town: Town, counter_id: str) -> View:
    return next(each for each in town.board["counters"] if each["id"] == counter_id)


def sits(town: Town, name: str, counter_id: str, **how: bool) -> View:
    """A person opens a counter."""
    view: View = town.hall.open_counter(town.person(name), counter_id, **how)["counter"]
    return view


# -- one clerk at one counter ------------------------------------------------------------------------


def test_who_opens_a_counter_works_there_and_the_public_does_not_read_the_name(town: Town) -> None:
    assert sits(town, "佐藤", "1") == {
        "id": "1",
        "name": "1番",
        "open": True,
        "services": ["x", "y"],
        "clerk": "佐藤",
        "break_until": None,
    }
    assert (counter(town, "1")["clerk"], counter(town, "2")["clerk"]) == ("佐藤", None)
    assert "佐藤" not in town.hall.board.body.decode()


def test_a_device_opens_a_counter_without_anybody_working_there_and_a_person_may_come(town: Town) -> None:
    town.open("1")
    assert counter(town, "1")["clerk"] is None
    assert sits(town, "a", "1")["clerk"] == "a"
    assert town.kinds() == ["open_counter", "take_counter"]


def test_a_counter_where_another_person_works_is_taken_over_only_with_a_confirmation(town: Town) -> None:
    sits(town, "a", "1")
    with town.refuses("counter_taken", clerk="a", counter="1"):
        sits(town, "b", "1")
    assert sits(town, "b", "1", take_over=True)["clerk"] == "b"
    with town.refuses("counter_taken", clerk="b", counter="1"):
        town.hall.call_next(town.person("a"), "1")
    assert town.kinds() == ["open_counter", "take_counter"]


def test_who_works_elsewhere_moves_only_with_a_confirmation_and_leaves_that_counter_closed(town: Town) -> None:
    sits(town, "a", "1")
    with town.refuses("clerk_elsewhere", counter="1"):
        sits(town, "a", "2")
    sits(town, "a", "2", take_over=True)
    assert [(each["open"], each["clerk"]) for each in town.desk["counters"]] == [(False, None), (True, "a")]
    assert town.kinds() == ["open_counter", "close_counter", "open_counter"]


def test_a_take_over_by_one_who_works_elsewhere_does_both(town: Town) -> None:
    sits(town, "a", "1")
    sits(town, "b", "2")
    with town.refuses("counter_taken", clerk="b", counter="2"):
        sits(town, "a", "2")
    sits(town, "a", "2", take_over=True)
    assert [(each["open"], each["clerk"]) for each in town.desk["counters"]] == [(False, None), (True, "a")]
    town.verify()


def test_who_is_there_already_stays_there_and_nothing_is_written(town: Town) -> None:
    first = sits(town, "a", "1")
    entries = town.entries()
    assert sits(town, "a", "1") == first
    assert sits(town, "a", "1", take_over=True) == first
    town.open("1")
    assert (town.entries(), counter(town, "1")["clerk"]) == (entries, "a")


def test_after_a_counter_was_closed_anybody_may_open_it(town: Town) -> None:
    sits(town, "a", "1")
    town.hall.close_counter(town.person("a"), "1")
    assert sits(town, "b", "1")["clerk"] == "b"
    assert sits(town, "a", "2")["clerk"] == "a"


def test_at_two_sites_the_same_person_may_work_at_a_counter_each(town: Town) -> None:
    sits(town, "a", "1")
    branch = town.city.hall("branch")
    assert branch.open_counter(town.person("a"), "2")["counter"]["clerk"] == "a"


UNDER_ANOTHER: dict[str, Callable[[Town, Caller], Any]] = {
    "call next": lambda town, caller: town.hall.call_next(caller, "1"),
    "call": lambda town, caller: town.hall.call(caller, "1", "500"),
    "close": lambda town, caller: town.hall.close_counter(caller, "1"),
    "break": lambda town, caller: town.hall.start_break(caller, "1", 15),
    "services": lambda town, caller: town.hall.assign_services(caller, "1", ["y"]),
}


@pytest.mark.parametrize("name", UNDER_ANOTHER)
def test_where_another_person_works_a_person_commands_nothing_but_a_device_and_a_supervisor_do(
    town: Town, name: str
) -> None:
    command = UNDER_ANOTHER[name]
    town.issue_many(2)
    sits(town, "a", "1")
    with town.refuses("counter_taken", clerk="a", counter="1"):
        command(town, town.person("b"))
    before = len(town.entries())
    command(town, town.caller() if name == "call next" else town.supervisor())
    assert len(town.entries()) == before + 1


def test_a_break_keeps_the_counter_for_its_clerk(town: Town) -> None:
    sits(town, "a", "1")
    town.hall.start_break(town.person("a"), "1", 15)
    with town.refuses("counter_taken", clerk="a", counter="1"):
        sits(town, "b", "1")
    with town.refuses("clerk_elsewhere", counter="1"):
        sits(town, "a", "2")
    sits(town, "b", "1", take_over=True)
    assert (counter(town, "1")["clerk"], counter(town, "1")["break_until"]) == ("b", None)


def test_a_supervisor_opens_a_counter_for_somebody_else_without_working_there(town: Town) -> None:
    view = town.hall.open_counter(town.supervisor(), "1", remote=True)["counter"]
    assert (view["open"], view["clerk"]) == (True, None)
    assert sits(town, "a", "1")["clerk"] == "a"
    assert town.hall.open_counter(town.supervisor(), "1", remote=True)["counter"]["clerk"] == "a"
    assert town.kinds() == ["open_counter", "take_counter"]


def test_a_supervisor_who_works_at_a_counter_is_a_clerk_there(town: Town) -> None:
    sits(town, "a", "1")
    with town.refuses("counter_taken", clerk="a", counter="1"):
        town.hall.open_counter(town.supervisor(), "1")
    assert town.hall.open_counter(town.supervisor(), "2")["counter"]["clerk"] == "boss"
    town.hall.open_counter(town.supervisor(), "1", take_over=True)
    assert [each["clerk"] for each in town.desk["counters"]] == ["boss", None]


def test_opening_for_somebody_else_is_for_supervisors_alone(town: Town) -> None:
    assert sits(town, "a", "1", remote=True)["clerk"] == "a"
    with town.refuses("counter_taken", clerk="a", counter="1"):
        sits(town, "b", "1", remote=True)


def test_who_works_where_outlasts_a_restart_and_not_the_night(town: Town) -> None:
    sits(town, "a", "1")
    town.hall.assign_services(town.person("a"), "1", ["y"])
    town.hall.start_break(town.person("a"), "1", 30)
    before = counter(town, "1")
    town.restart()
    assert counter(town, "1") == before
    town.at("2026-11-24T19:00")
    town.at("2026-11-25T08:30")
    assert sits(town, "b", "1") == {
        "id": "1",
        "name": "1番",
        "open": True,
        "services": ["x", "y"],
        "clerk": "b",
        "break_until": None,
    }
    assert town.kinds()[3:5] == ["close_counter", "assign_services"]
    town.verify()


# -- breaks ------------------------------------------------------------------------------------------


def test_a_break_closes_the_counter_and_tells_the_public_when_somebody_comes_back(town: Town) -> None:
    town.pass_minutes(0.6)
    sits(town, "a", "1")
    view = town.hall.start_break(town.person("a"), "1", 15)["counter"]
    back = "2026-11-24T09:15:00+09:00"
    assert (view["open"], view["break_until"], view["clerk"]) == (False, back, "a")
    assert (on_board(town, "1")["open"], on_board(town, "1")["break_until"]) == (False, back)
    assert (counter(town, "1")["break_until"], counter(town, "2")["break_until"]) == (back, None)
    with town.refuses("counter_closed"):
        town.hall.call_next(town.person("a"), "1")


def test_who_comes_back_from_a_break_goes_on_where_they_were(town: Town) -> None:
    sits(town, "a", "1")
    ticket = town.called("y")
    town.hall.start_break(town.person("a"), "1", 15)
    assert on_board(town, "1")["label"] == ticket["label"]
    assert sits(town, "a", "1") == {
        "id": "1",
        "name": "1番",
        "open": True,
        "services": ["x", "y"],
        "clerk": "a",
        "break_until": None,
    }
    assert counter(town, "1")["ticket"] == ticket["id"]


@pytest.mark.parametrize("ends", ["device", "supervisor"])
def test_a_break_that_somebody_else_ends_leaves_its_clerk_there(town: Town, ends: str) -> None:
    sits(town, "a", "1")
    town.hall.start_break(town.person("a"), "1", 15)
    caller = town.caller() if ends == "device" else town.supervisor()
    assert town.hall.open_counter(caller, "1", remote=True)["counter"]["clerk"] == "a"
    assert (counter(town, "1")["open"], counter(town, "1")["clerk"]) == (True, "a")


def test_a_break_that_is_closed_is_over(town: Town) -> None:
    sits(town, "a", "1")
    town.hall.start_break(town.person("a"), "1", 15)
    view = town.hall.close_counter(town.person("a"), "1")["counter"]
    assert (view["break_until"], view["clerk"]) == (None, None)
    assert (on_board(town, "1")["break_until"], counter(town, "1")["clerk"]) == (None, None)
    assert "counter:1" not in town.hall._day.switches


def test_only_an_open_counter_takes_a_break(town: Town) -> None:
    with town.refuses("counter_closed"):
        town.hall.start_break(town.caller(), "1", 15)
    with town.knows_no("counter"):
        town.hall.start_break(town.caller(), "9", 15)
    sits(town, "a", "1")
    town.hall.start_break(town.person("a"), "1", 15)
    with town.refuses("counter_closed"):
        town.hall.start_break(town.person("a"), "1", 15)


@pytest.mark.parametrize("minutes", [0, -1, LONGEST_BREAK_MINUTES + 1])
def test_a_break_has_a_length_that_a_break_can_have(town: Town, minutes: int) -> None:
    town.open("1")
    with pytest.raises(ValueError, match="a break has 1 to 240 minutes"):
        town.hall.start_break(town.caller(), "1", minutes)
    assert town.kinds() == ["open_counter"]


@pytest.mark.parametrize(("minutes", "until"), [(1, "09:01"), (LONGEST_BREAK_MINUTES, "13:00")])
def test_the_shortest_and_the_longest_break_end_on_the_minute(town: Town, minutes: int, until: str) -> None:
    town.open("1")
    view = town.hall.start_break(town.caller(), "1", minutes)["counter"]
    assert view["break_until"] == f"2026-11-24T{until}:00+09:00"


# -- what a counter serves today ---------------------------------------------------------------------


def estimated(town: Town) -> list[str]:
    """The services of which the board can say how long people wait."""
    return [service for service in ("x", "y", "z") if town.service(service)["estimate"] is not None]


def test_a_counter_serves_what_it_is_assigned_today_and_the_estimates_follow(port: Town) -> None:
    port.open("2")
    port.issue("y")
    port.issue("z")
    assert estimated(port) == ["y"]
    view = port.hall.assign_services(port.caller(), "2", ["z", "x", "z"])["counter"]
    assert (view["services"], view["open"]) == (["z", "x"], True)
    assert estimated(port) == ["x", "z"]
    assert on_board(port, "2")["services"] == ["z", "x"]
    assert (counter(port, "2")["services"], counter(port, "2")["default_services"]) == (["z", "x"], ["y"])
    assert [service["counters_open"] for service in port.desk["services"]] == [1, 0, 1]
    assert [port.called_next("2"), port.called_next("2")] == ["700", None]


def test_services_in_order_follow_the_order_that_was_assigned_today(port: Town) -> None:
    port.open("3")
    for service in ("y", "z", "y"):
        port.issue(service)
    port.hall.assign_services(port.caller(), "3", ["y", "z"])
    assert [port.called_next("3") for _ in range(3)] == ["500", "501", "700"]


def test_assigning_what_the_profile_says_takes_the_assignment_back(town: Town) -> None:
    town.hall.assign_services(town.caller(), "1", ["y", "x"])
    assert counter(town, "1")["services"] == ["y", "x"]
    town.hall.assign_services(town.caller(), "1", ["x", "y"])
    assert (town.hall._day.switches, town.kinds()) == ({}, ["assign_services"] * 2)


def test_what_is_assigned_already_is_not_written_again(town: Town) -> None:
    first = town.hall.assign_services(town.caller(), "1", ["y"])
    assert town.hall.assign_services(town.caller(), "1", ["y", "y"]) == first
    town.hall.assign_services(town.caller(), "2", ["y"])
    assert town.kinds() == ["assign_services"]


def test_an_assignment_names_services_that_exist_and_at_least_one(town: Town) -> None:
    with town.refuses("no_service"):
        town.hall.assign_services(town.caller(), "1", [])
    with town.knows_no("service"):
        town.hall.assign_services(town.caller(), "1", ["x", "z"])
    with town.knows_no("counter"):
        town.hall.assign_services(town.caller(), "9", ["x"])


def test_an_assignment_outlasts_closing_a_break_and_a_restart(town: Town) -> None:
    sits(town, "a", "1")
    town.hall.assign_services(town.person("a"), "1", ["y"])
    view = town.hall.start_break(town.person("a"), "1", 15)["counter"]
    assert view["services"] == ["y"]
    assert town.hall.assign_services(town.person("a"), "1", ["x"])["counter"] == {**view, "services": ["x"]}
    assert town.hall.close_counter(town.person("a"), "1")["counter"]["services"] == ["x"]
    town.restart()
    assert sits(town, "b", "1")["services"] == ["x"]
    town.verify()


# -- stages ------------------------------------------------------------------------------------------


def test_a_number_is_taken_in_at_one_counter_and_handed_over_at_another(port: Town) -> None:
    port.open("5", "6")
    first, second = port.issue("x"), port.issue("x")
    assert port.called_next("6") is None
    assert port.called_next("5") == "A01"
    port.move(first["id"], Move.ADVANCE)
    assert [counter(port, each)["waiting_count"] for each in ("1", "5", "6")] == [2, 1, 1]
    assert port.service("x")["waiting"] == ["A01", "A02"]
    called = port.call_next("6")
    assert called is not None
    assert (called["ticket"]["label"], called["ticket"]["stage"]) == ("A01", "交付")
    assert port.called_next("6") is None
    found = port.city.find_ticket_by_token(second["token"])
    assert found is not None
    assert found[0].ticket_status(found[1])["stage"] == "受付"


def test_while_only_the_counter_of_the_next_stage_is_open_a_newcomer_gets_no_estimate(port: Town) -> None:
    port.open("6")
    assert (port.issue("x")["estimate"], port.service("x")["estimate"]) == (None, None)
    port.open("5")
    assert port.service("x")["estimate"] is not None


def test_who_waits_for_the_next_stage_reads_an_estimate_by_its_counters(port: Town) -> None:
    port.open("5")
    ticket = port.issue("x")
    port.called_next("5")
    port.move(ticket["id"], Move.ADVANCE)

    def estimate() -> View | None:
        found = port.city.find_ticket_by_token(ticket["token"])
        assert found is not None
        view: View | None = found[0].ticket_status(found[1])["estimate"]
        return view

    assert estimate() is None
    port.open("6")
    assert estimate() is not None
