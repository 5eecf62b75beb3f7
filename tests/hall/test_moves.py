from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from queue_server.domain.site import ReinstatePlace
from queue_server.domain.ticket import MOVES, TICKET_MOVES, Move, TicketState
from tests.support.halls import MACHI, Town, town_in

PATHS: dict[TicketState, list[Move]] = {
    TicketState.CALLED: [],
    TicketState.SERVING: [Move.START],
    TicketState.HELD: [Move.HOLD],
    TicketState.NO_SHOW: [Move.NO_SHOW],
    TicketState.COMPLETED: [Move.COMPLETE],
    TicketState.CANCELLED: [Move.HOLD, Move.CANCEL],
}
BY_HAND = sorted(TICKET_MOVES)
DETAILS: dict[Move, dict[str, Any]] = {Move.TRANSFER: {"service": "y"}, Move.HOLD: {"reason": "記入"}}


def ticket_at(town: Town, state: TicketState) -> str:
    """A ticket that commands have brought into a state."""
    if state is TicketState.WAITING:
        return str(town.issue("x")["id"])
    ticket = str(town.called("x")["id"])
    if state is TicketState.EXPIRED:
        town.at("2026-11-24T19:00")
        return ticket
    for move in PATHS[state]:
        town.move(ticket, move)
    return ticket


@pytest.mark.parametrize("state", TicketState)
@pytest.mark.parametrize("move", BY_HAND)
def test_every_move_is_made_or_refused_as_the_table_says(town: Town, state: TicketState, move: Move) -> None:
    ticket = ticket_at(town, state)
    if state in MOVES[move].sources:
        assert town.move(ticket, move, **DETAILS.get(move, {}))["state"] == MOVES[move].target
    else:
        with town.refuses("illegal_move", state):
            town.move(ticket, move, **DETAILS.get(move, {}))
    town.verify()


def test_a_recall_is_a_new_call_to_the_same_counter(town: Town) -> None:
    ticket = town.called("x")
    first = town.board["calls"][0]
    again = town.move(ticket["id"], Move.RECALL)
    second = town.board["calls"][0]
    assert (again["state"], again["counter"]) == ("called", "1")
    assert second["call_seq"] > first["call_seq"]
    assert len(town.board["calls"]) == 1


def test_an_advanced_number_waits_for_its_next_stage_at_its_old_place(town: Town) -> None:
    ticket = town.called("x")
    town.issue("x")
    moved = town.move(ticket["id"], Move.ADVANCE)
    assert (moved["state"], moved["stage"], moved["label"], moved["counter"]) == ("waiting", "交付", "A01", None)
    assert town.service("x")["waiting"] == ["A01", "A02"]
    assert town.call("A01")["stage"] == "交付"


def test_after_the_last_stage_there_is_no_next(town: Town) -> None:
    ticket = town.called("x")
    town.move(ticket["id"], Move.ADVANCE)
    town.call("A01")
    with town.refuses("no_next_stage", "called"):
        town.move(ticket["id"], Move.ADVANCE)
    alone = town.called("y")
    with town.refuses("no_next_stage", "called"):
        town.move(alone["id"], Move.ADVANCE)


def test_a_transfer_to_another_service_begins_at_its_first_stage_with_the_same_number(town: Town) -> None:
    ticket = town.called("x")
    town.move(ticket["id"], Move.ADVANCE)
    town.call("A01")
    moved = town.move(ticket["id"], Move.TRANSFER, service="y")
    assert (moved["label"], moved["service"], moved["stage"]) == ("A01", "y", None)
    assert town.service("y")["waiting"] == ["A01"]
    assert town.entries()[-1].body["stage"] == 0


def test_a_transfer_within_the_service_keeps_the_stage(town: Town) -> None:
    ticket = town.called("x")
    town.move(ticket["id"], Move.ADVANCE)
    town.call("A01")
    assert town.move(ticket["id"], Move.TRANSFER, counter="2")["stage"] == "交付"


def test_a_transfer_to_a_service_and_a_counter_is_called_by_that_counter(town: Town) -> None:
    ticket = town.called("x")
    town.open("2")
    moved = town.move(ticket["id"], Move.TRANSFER, service="y", counter="2")
    assert (moved["service"], moved["reserved_counter"]) == ("y", "2")
    assert town.call_next("1") is None
    assert town.called_next("2") == "A01"


def test_a_number_handed_to_a_counter_that_closes_is_called_by_the_others_in_its_place(town: Town) -> None:
    ticket = town.called("x")
    town.open("2")
    town.issue("y")
    town.move(ticket["id"], Move.TRANSFER, service="y", counter="2")
    town.hall.start_break(town.caller(), "2", 15)
    assert [each["waiting_count"] for each in town.desk["counters"]] == [1, 2]
    town.hall.close_counter(town.caller(), "2")
    assert [each["next"] for each in town.desk["counters"]] == [ticket["id"]] * 2
    assert town.called_next("1") == "A01"
    town.verify()


def test_a_transfer_must_go_somewhere_that_exists(town: Town) -> None:
    ticket = town.called("x")["id"]
    with town.refuses("transfer_nowhere", "called"):
        town.move(ticket, Move.TRANSFER)
    with town.knows_no("service"):
        town.move(ticket, Move.TRANSFER, service="z")
    with town.knows_no("counter"):
        town.move(ticket, Move.TRANSFER, counter="9")


@pytest.mark.parametrize("reason", ["", "書類を書いています", "'; --", "鬼\U00020bb7\x00"])
def test_a_number_on_hold_keeps_its_reason_and_its_place(town: Town, reason: str) -> None:
    ticket = town.called("x")
    town.issue("x")
    assert town.move(ticket["id"], Move.HOLD, reason=reason)["reason"] == reason
    assert town.service("x")["held"] == ["A01"]
    assert town.move(ticket["id"], Move.RESUME)["reason"] == ""
    assert town.service("x")["waiting"] == ["A01", "A02"]
    town.verify()


@pytest.mark.parametrize(
    ("policy", "line"),
    [
        (ReinstatePlace.BACK, ["A02", "A03", "A01"]),
        (ReinstatePlace.FRONT, ["A01", "A02", "A03"]),
        (ReinstatePlace.AFTER, ["A02", "A01", "A03"]),
    ],
)
def test_who_missed_a_call_comes_back_where_the_policy_says(
    tmp_path: Path, policy: ReinstatePlace, line: list[str]
) -> None:
    site = replace(MACHI.sites["hall"], reinstate=policy, reinstate_after=1)
    with town_in(tmp_path, replace(MACHI, sites={"hall": site})) as town:
        ticket = town.called("x")
        town.issue("x")
        town.move(ticket["id"], Move.NO_SHOW)
        assert town.service("x")["no_show"] == ["A01"]
        town.issue("x")
        assert town.move(ticket["id"], Move.REINSTATE)["counter"] is None
        assert town.service("x")["waiting"] == line
        town.restart()
        assert town.service("x")["waiting"] == line


def test_who_comes_after_a_reinstated_number_stands_behind_it(town: Town) -> None:
    ticket = town.called("y")
    town.move(ticket["id"], Move.NO_SHOW)
    town.move(ticket["id"], Move.REINSTATE)
    town.issue("y")
    assert town.service("y")["waiting"] == ["500", "501"]


@pytest.mark.parametrize("ticket", ["", "nobody", "A01"])
def test_a_ticket_that_does_not_exist_is_unknown(town: Town, ticket: str) -> None:
    town.issue("x")
    with town.knows_no("ticket"):
        town.move(ticket, Move.CANCEL)


@pytest.mark.parametrize("later", ["2026-11-24T09:01", "2026-11-25T09:00"])
def test_a_ticket_of_another_site_is_unknown_here(town: Town, later: str) -> None:
    ticket = town.city.hall("branch").issue(town.caller(), "x")["id"]
    town.at(later)
    assert town.city.hall_of_ticket(ticket).site.id == "branch"
    with town.knows_no("ticket"):
        town.move(ticket, Move.CANCEL)


def test_a_ticket_of_a_former_day_is_refused_with_its_last_state(town: Town) -> None:
    ticket = town.called("x")["id"]
    town.at("2026-11-25T09:00")
    with town.refuses("illegal_move", "expired"):
        town.move(ticket, Move.COMPLETE)


def test_a_move_is_journalled_with_the_counter_it_was_made_at(town: Town) -> None:
    ticket = town.called("x")["id"]
    town.hall.move(town.caller("key", "佐藤"), ticket, Move.START)
    entry = town.entries()[-1]
    assert (entry.kind.value, entry.counter, entry.actor, entry.request_id) == ("start", "1", "佐藤", "key")


@pytest.mark.parametrize("move", [Move.ISSUE, Move.CALL, Move.EXPIRE])
def test_what_is_no_command_on_a_ticket_is_a_mistake_of_the_program(town: Town, move: Move) -> None:
    ticket = town.issue("y")
    before = town.entries()
    with pytest.raises(ValueError, match="is not a command on a ticket"):
        town.move(ticket["id"], move)
    assert town.entries() == before
