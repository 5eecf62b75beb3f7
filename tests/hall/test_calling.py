import pytest

from queue_server.domain.ticket import Move
from tests.support.halls import Town


def called(town: Town, counter: str = "1") -> str | None:
    view = town.call_next(counter)
    return view["ticket"]["label"] if view else None


def test_numbers_are_called_in_the_order_of_issue_over_all_services_of_the_counter(town: Town) -> None:
    for service in ("y", "x", "x", "y"):
        town.issue(service)
    town.open("1", "2")
    assert [called(town) for _ in range(2)] == ["500", "A01"]
    assert called(town, "2") == "501"
    assert [called(town), called(town)] == ["A02", None]


def test_a_call_is_answered_with_the_ticket_and_without_its_token(town: Town) -> None:
    issued = town.issue("x")
    town.open("1")
    town.pass_minutes(4)
    answer = town.call_next()
    assert answer == {
        "ticket": {
            "id": issued["id"],
            "label": "A01",
            "service": "x",
            "service_name": "業務X",
            "stage": "受付",
            "state": "called",
            "counter": "1",
            "counter_name": "1番",
            "reserved_counter": None,
            "issued_at": "2026-11-24T09:00:00+09:00",
            "called_at": "2026-11-24T09:04:00+09:00",
            "reason": "",
            "priority": "",
            "offline": False,
        },
        "completed": None,
    }


def test_where_nobody_waits_nothing_is_answered_written_or_told(town: Town) -> None:
    town.open("1")
    before = (town.kinds(), town.hall.board)
    assert town.call_next() is None
    assert (town.kinds(), town.hall.board) == before


def test_a_second_press_meant_for_another_number_completes_nobody(town: Town) -> None:
    town.open("1")
    for _ in range(3):
        town.issue("x")
    first = town.call_next()["ticket"]
    second = town.hall.call_next(town.caller(), "1", complete=True, current=first["id"])
    assert second is not None
    assert second["completed"]["id"] == first["id"]
    before = town.kinds()
    with town.refuses("another_ticket_here"):
        town.hall.call_next(town.caller(), "1", complete=True, current=first["id"])
    assert town.kinds() == before
    town.move(second["ticket"]["id"], Move.COMPLETE)
    with town.refuses("another_ticket_here"):
        town.hall.call_next(town.caller(), "1", complete=True, current=second["ticket"]["id"])


@pytest.mark.parametrize("command", ["call_next", "call"])
def test_a_closed_counter_calls_nobody(town: Town, command: str) -> None:
    town.issue("x")
    with town.refuses("counter_closed"):
        town.call_next() if command == "call_next" else town.call("A01")


@pytest.mark.parametrize("command", ["call_next", "call"])
def test_a_counter_that_does_not_exist_is_unknown(town: Town, command: str) -> None:
    town.issue("x")
    with town.knows_no("counter"):
        town.call_next("9") if command == "call_next" else town.call("A01", "9")


def test_the_ticket_at_the_counter_is_completed_in_the_same_transaction_as_the_next_call(town: Town) -> None:
    town.issue_many(2)
    town.open("1")
    town.call_next()
    versions = [town.hall.board.version]
    town.listen(lambda board, _desk: versions.append(board.version))
    answer = town.call_next(complete=True)
    assert answer is not None
    assert (answer["completed"]["label"], answer["completed"]["state"]) == ("500", "completed")
    assert (answer["ticket"]["label"], answer["ticket"]["state"]) == ("501", "called")
    assert town.kinds()[-2:] == ["complete", "call"]
    assert len(versions) == 2, "one change, one picture"


def test_the_ticket_at_the_counter_is_completed_also_when_nobody_waits(town: Town) -> None:
    town.called("x")
    answer = town.call_next(complete=True)
    assert answer is not None
    assert answer["ticket"] is None
    assert answer["completed"]["label"] == "A01"
    assert town.call_next(complete=True) is None


def test_completing_where_nobody_is_just_calls_the_next(town: Town) -> None:
    town.issue("y")
    town.open("1")
    answer = town.call_next(complete=True)
    assert answer is not None
    assert (answer["ticket"]["label"], answer["completed"]) == ("500", None)


def test_without_complete_the_ticket_at_the_counter_stays_there(town: Town) -> None:
    first = town.called("y")
    town.issue("y")
    town.call_next()
    assert town.hall._day.tickets[first["id"]].state.value == "called"
    answer = town.call_next(complete=True)
    assert answer is not None
    assert answer["completed"]["label"] == "501", "who was called last is the one at the counter"


def test_any_number_may_be_called_out_of_turn(town: Town) -> None:
    town.issue_many(3)
    town.open("1")
    assert town.call("502")["label"] == "502"
    assert called(town) == "500"


def test_a_number_may_be_called_at_a_counter_that_does_not_serve_it(town: Town) -> None:
    town.issue("x")
    town.open("2")
    assert called(town, "2") is None
    assert town.call("A01", "2")["counter"] == "2"


def test_a_number_on_hold_may_be_called_and_its_reason_is_forgotten(town: Town) -> None:
    ticket = town.called("x")
    town.move(ticket["id"], Move.HOLD, reason="記入")
    again = town.call("A01")
    assert (again["state"], again["reason"]) == ("called", "")


def test_a_number_that_is_called_already_is_refused_with_its_state(town: Town) -> None:
    town.called("x")
    with town.refuses("illegal_move", "called"):
        town.call("A01")


def test_a_number_nobody_holds_now_is_unknown(town: Town) -> None:
    ticket = town.called("x")
    town.move(ticket["id"], Move.COMPLETE)
    for label in ("A01", "A02", "", "号"):
        with town.knows_no("ticket"):
            town.call(label)


def test_a_ticket_transferred_to_a_counter_is_called_there_and_nowhere_else(town: Town) -> None:
    ticket = town.called("x")
    town.open("2")
    moved = town.move(ticket["id"], Move.TRANSFER, counter="2")
    assert (moved["state"], moved["reserved_counter"], moved["counter"]) == ("waiting", "2", None)
    assert called(town, "1") is None
    assert called(town, "2") == "A01"


def test_with_a_clock_that_was_set_back_the_order_is_still_that_of_issue(town: Town) -> None:
    town.issue("y")
    town.pass_minutes(-20)
    town.issue("y")
    town.open("1")
    assert [called(town), called(town)] == ["500", "501"]
    assert town.verify() == 5
