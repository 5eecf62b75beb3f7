from collections.abc import Callable
from typing import Any

import pytest

from queue_server.domain.ticket import Move, TicketState
from queue_server.snapshot import View
from tests.hall.pictures import as_it_is
from tests.support.halls import Town


def undo(town: Town, counter: str = "1") -> list[View]:
    tickets: list[View] = town.hall.undo(town.caller(), counter)["tickets"]
    return tickets


PRESSES: dict[str, Callable[[Town], Any]] = {
    "call": lambda town: town.call("502", "2"),
    "next": lambda town: town.call_next("2"),
    "complete": lambda town: town.move(town.id_of("A01"), Move.COMPLETE),
    "complete and next": lambda town: town.call_next("1", complete=True),
    "start": lambda town: town.move(town.id_of("A01"), Move.START),
    "no show": lambda town: town.move(town.id_of("A01"), Move.NO_SHOW),
    "hold": lambda town: town.move(town.id_of("A01"), Move.HOLD, reason="記入"),
    "transfer": lambda town: town.move(town.id_of("A01"), Move.TRANSFER, service="y", counter="2"),
    "transfer of a held one": lambda town: town.move(town.id_of("500"), Move.TRANSFER, service="z"),
    "advance": lambda town: town.move(town.id_of("A01"), Move.ADVANCE),
    "resume": lambda town: town.move(town.id_of("500"), Move.RESUME),
    "reinstate": lambda town: town.move(town.id_of("501"), Move.REINSTATE),
    "cancel of an absent one": lambda town: town.move(town.id_of("501"), Move.CANCEL),
}
WITHOUT_COUNTER: dict[str, Callable[[Town, Any], Any]] = {
    "cancel": lambda town, caller: town.hall.move(caller, town.id_of("502"), Move.CANCEL),
    "prioritize": lambda town, caller: town.hall.move(caller, town.id_of("503"), Move.PRIORITIZE, priority="baby"),
}


@pytest.mark.parametrize("recalled", [False, True], ids=["", "announced again"])
@pytest.mark.parametrize("name", PRESSES)
def test_the_last_press_is_taken_back_and_everything_is_as_before(busy: Town, name: str, recalled: bool) -> None:
    before = as_it_is(busy)
    PRESSES[name](busy)
    after = as_it_is(busy)
    assert after != before
    (press,) = busy.desk["undo"]
    if recalled and press["label"] in busy.labels(TicketState.CALLED):
        busy.move(busy.id_of(press["label"]), Move.RECALL)
    undo(busy, press["counter"])
    now = as_it_is(busy)
    assert now == before
    with busy.refuses("nothing_to_undo"):
        undo(busy, press["counter"])
    busy.verify()
    busy.restart()
    assert as_it_is(busy) == now


def test_a_second_call_that_is_taken_back_leaves_the_ticket_on_hold_with_its_reason(busy: Town) -> None:
    """Its first call is not put back on the board: it is long past."""
    before = as_it_is(busy)
    busy.call("500", "2")
    undo(busy, "2")
    assert as_it_is(busy)[1:] == before[1:]
    assert [call["label"] for call in busy.board["calls"]] == ["A01", "501"]


@pytest.mark.parametrize("actor", ["staff:a", "device:desk"])
@pytest.mark.parametrize("counter", ["1", "2"])
@pytest.mark.parametrize("name", WITHOUT_COUNTER)
def test_what_was_pressed_for_a_number_at_no_counter_is_taken_back_at_any(
    busy: Town, name: str, counter: str, actor: str
) -> None:
    before = as_it_is(busy)
    WITHOUT_COUNTER[name](busy, busy.caller(actor=actor))
    assert as_it_is(busy) != before
    assert [(press["actor"], press["counter"]) for press in busy.desk["undo"] if press["actor"] == actor] == [
        (actor, None)
    ]
    busy.hall.undo(busy.caller(actor=actor), counter)
    assert as_it_is(busy) == before
    busy.verify()


def test_an_undo_is_an_entry_that_names_what_it_takes_back_and_history_stays(town: Town) -> None:
    ticket = town.called("y")
    answer = town.hall.undo(town.caller("key"), "1")
    assert [(each["label"], each["state"], each["counter"]) for each in answer["tickets"]] == [
        ("500", "waiting", None)
    ]
    entry = town.entries()[-1]
    assert town.kinds() == ["open_counter", "issue", "call", "undo"]
    assert (entry.ticket, entry.request_id, entry.body["undoes"]) == (ticket["id"], "key", 3)


def test_complete_and_next_is_one_press_and_one_undo(town: Town) -> None:
    town.called("y")
    town.issue("y")
    town.call_next(complete=True)
    assert [(ticket["label"], ticket["state"]) for ticket in undo(town)] == [("501", "waiting"), ("500", "called")]
    assert town.kinds()[-2:] == ["undo", "undo"]
    assert town.called_next("1") == "501"
    town.verify()


def test_a_press_that_only_completed_is_taken_back_too(town: Town) -> None:
    town.called("y")
    town.call_next(complete=True)
    assert [ticket["state"] for ticket in undo(town)] == ["called"]


@pytest.mark.parametrize("restarted", [False, True], ids=["", "over a restart"])
def test_the_same_undo_pressed_twice_takes_back_once(town: Town, restarted: bool) -> None:
    town.called("y")
    town.move(town.id_of("500"), Move.START)
    first = town.hall.undo(town.caller("press"), "1")
    if restarted:
        town.restart()
    assert town.hall.undo(town.caller("press"), "1") == first
    assert town.kinds().count("undo") == 1


def test_a_press_can_be_taken_back_after_a_restart(town: Town) -> None:
    town.called("y")
    town.restart()
    assert [ticket["state"] for ticket in undo(town)] == ["waiting"]


def test_the_desk_lists_the_presses_that_can_be_taken_back(town: Town) -> None:
    town.called("y", "1")
    town.issue("x")
    town.hall.call(town.person("a"), "1", "A01")
    assert town.desk["undo"] == [
        {
            **{"actor": "device:desk", "counter": "1", "label": "500", "move": "call", "seq": 3, "taken_by": None},
            "moves": [{"label": "500", "move": "call"}],
        },
        {
            **{"actor": "staff:a", "counter": "1", "label": "A01", "move": "call", "seq": 5, "taken_by": None},
            "moves": [{"label": "A01", "move": "call"}],
        },
    ]
    town.hall.open_counter(town.person("b"), "2")
    town.issue_many(2)
    for _ in range(2):
        town.hall.call_next(town.person("b"), "2", complete=True)
    assert town.desk["undo"][-1]["moves"] == [{"label": "501", "move": "complete"}, {"label": "502", "move": "call"}]
    town.hall.move(town.person("a"), town.id_of("A01"), Move.COMPLETE)
    town.hall.close_counter(town.caller(), "1")
    assert [press["label"] for press in town.desk["undo"]] == ["500", "502"], "the counter of A01 is closed"


# -- what cannot be taken back -----------------------------------------------------------------------


def test_who_pressed_nothing_has_nothing_to_take_back(town: Town) -> None:
    with town.refuses("nothing_to_undo"):
        undo(town)
    with town.knows_no("counter"):
        undo(town, "9")
    town.issue("y")
    with town.refuses("nothing_to_undo"):
        undo(town)


def test_another_persons_press_is_theirs(town: Town) -> None:
    town.called("y")
    with town.refuses("nothing_to_undo"):
        town.hall.undo(town.person("b"), "1")
    with town.refuses("nothing_to_undo"):
        town.hall.undo(town.supervisor(), "1")


def test_a_device_takes_back_only_what_was_pressed_at_its_own_counter(town: Town) -> None:
    town.open("2")
    town.called("y", "1")
    with town.refuses("nothing_to_undo"):
        undo(town, "2")
    assert len(undo(town, "1")) == 1


def test_a_person_takes_a_press_back_at_whatever_counter_they_are_now(town: Town) -> None:
    town.hall.open_counter(town.person("a"), "1")
    town.issue("y")
    town.hall.call_next(town.person("a"), "1")
    town.hall.open_counter(town.person("a"), "2", take_over=True)
    assert town.hall.undo(town.person("a"), "2")["tickets"][0]["state"] == "waiting"


def test_a_ticket_that_moved_on_is_not_taken_back(town: Town) -> None:
    ticket = town.called("y")["id"]
    town.hall.move(town.person("b"), ticket, Move.START)
    with town.refuses("nothing_to_undo"):
        undo(town)


def test_of_complete_and_next_nothing_is_taken_back_when_one_of_the_two_moved_on(town: Town) -> None:
    town.called("y")
    town.issue("y")
    town.call_next(complete=True)
    town.hall.move(town.person("b"), town.id_of("501"), Move.HOLD)
    with town.refuses("nothing_to_undo"):
        undo(town)


def test_a_number_that_was_given_out_again_stays_with_its_new_holder(town: Town) -> None:
    town.move(town.called("x")["id"], Move.COMPLETE)
    for label in ("A02", "A03", "A01"):
        assert town.issue("x")["label"] == label
    with town.refuses("undo_unlawful"):
        undo(town)
    town.hall.move(town.person("b"), town.id_of("A01"), Move.CANCEL)
    assert undo(town)[0]["label"] == "A01"
    town.verify()


@pytest.mark.parametrize("shut", ["closed", "on a break"])
def test_to_a_counter_that_is_closed_or_on_a_break_nobody_goes_back(town: Town, shut: str) -> None:
    town.move(town.called("y")["id"], Move.HOLD)
    if shut == "closed":
        town.hall.close_counter(town.caller(), "1")
    else:
        town.hall.start_break(town.caller(), "1", 15)
    with town.refuses("undo_unlawful"):
        undo(town)
    town.open("1")
    assert undo(town)[0]["state"] == "called"


def test_to_a_counter_where_somebody_else_was_called_nobody_goes_back(town: Town) -> None:
    town.move(town.called("y")["id"], Move.NO_SHOW)
    town.issue("y")
    town.hall.call_next(town.person("b"), "1")
    with town.refuses("undo_unlawful"):
        undo(town)


def test_after_a_take_over_the_ticket_is_the_other_persons(town: Town) -> None:
    town.hall.open_counter(town.person("a"), "1")
    town.issue("y")
    town.hall.call_next(town.person("a"), "1")
    town.hall.open_counter(town.person("b"), "1", take_over=True)
    town.hall.open_counter(town.person("a"), "2")
    for counter in ("1", "2"):
        with town.refuses("counter_taken", clerk="b", counter="1"):
            town.hall.undo(town.person("a"), counter)
    assert town.desk["counters"][0]["ticket"] == town.id_of("500")
    assert [(press["actor"], press["taken_by"]) for press in town.desk["undo"]] == [("staff:a", "b")]


def test_who_supervises_takes_a_press_back_where_somebody_else_works(town: Town) -> None:
    town.hall.open_counter(town.person("a"), "1")
    town.issue("y")
    town.hall.call_next(town.supervisor(), "1")
    assert [(press["actor"], press["taken_by"]) for press in town.desk["undo"]] == [("staff:boss", "a")]
    assert town.hall.undo(town.supervisor(), "1")["tickets"][0]["state"] == "waiting"


def test_the_press_of_another_day_is_history(town: Town) -> None:
    town.move(town.called("y")["id"], Move.COMPLETE)
    town.at("2026-11-25T09:00")
    town.open("1")
    with town.refuses("nothing_to_undo"):
        undo(town)
    with town.refuses("undo_unlawful", "completed"):
        town.hall.undo_last_move(town.supervisor(), town.id_of("500"))
