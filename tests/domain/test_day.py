from typing import Any

from queue_server.domain.day import KEPT_CALLS, RECENT_CALLS, RECENT_ENDS, Day
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.switches import CounterSwitch, ReceptionSwitch, ServiceSwitch
from queue_server.domain.ticket import Ticket, TicketState
from tests.support.halls import NINE, TUESDAY, day_of, entry, issue_entry, undo_entry


def labels(tickets: list[Ticket]) -> list[str]:
    return [ticket.label for ticket in tickets]


OPEN = CounterSwitch(open=True)


def issues(count: int, *, minute: float = 0) -> list[Entry]:
    """Tickets t1, t2 ... with the numbers 500, 501 ..., entries 1, 2 ..."""
    return [issue_entry(n, f"t{n}", number=499 + n, minute=minute) for n in range(1, count + 1)]


def test_an_entry_returns_the_ticket_it_moves_and_a_switch_returns_none() -> None:
    day = Day("hall", TUESDAY)
    ticket = day.apply(issue_entry(1))
    assert ticket is not None
    assert day.tickets == {"t1": ticket}
    assert day.apply(entry(2, Kind.PAUSE_SERVICE, None, body={"service": "y"})) is None
    assert day.seq == 2


def test_switches_are_remembered_until_they_are_switched_back() -> None:
    opened = [entry(1, Kind.OPEN_COUNTER, None, counter="1"), entry(2, Kind.OPEN_COUNTER, None, counter="2")]
    paused = [
        entry(3, Kind.PAUSE_SERVICE, None, body={"service": "x"}),
        entry(4, Kind.PAUSE_SERVICE, None, body={"service": "y"}),
    ]
    day = day_of(*opened, *paused)
    assert (day.counters, day.paused_services) == ({"1": OPEN, "2": OPEN}, ["x", "y"])
    day.apply(entry(5, Kind.CLOSE_COUNTER, None, counter="1"))
    day.apply(entry(6, Kind.RESUME_SERVICE, None, body={"service": "x"}))
    assert (day.counters, day.paused_services) == ({"2": OPEN}, ["y"])
    assert (day.counter("1"), day.counter("2"), day.counter("9")) == (CounterSwitch(), OPEN, CounterSwitch())
    assert (day.service("x"), day.service("y")) == (None, ServiceSwitch(since=NINE))
    day.apply(entry(7, Kind.RESUME_SERVICE, None, body={"service": "x"}))
    assert day.switches.keys() == {"counter:2", "service:y"}


def test_the_reception_is_as_the_hours_say_until_it_is_switched_by_hand() -> None:
    day = day_of(entry(1, Kind.OPEN_COUNTER, None, counter="1"))
    assert day.reception is None
    day.apply(entry(2, Kind.CLOSE_RECEPTION, None, body={"reason": "停電"}))
    assert day.reception == ReceptionSwitch(False, None, "停電")
    day.apply(entry(3, Kind.RESET_RECEPTION, None))
    assert day.reception is None


def test_notices_and_changes_of_the_structure_stand_oldest_first_whatever_they_are_called() -> None:
    notices = [
        entry(seq, Kind.POST_NOTICE, None, body={"id": id_, "text": text, "until": None})
        for seq, id_, text in ((1, "z", "一"), (2, "a", "二"))
    ]
    changes = [
        entry(seq, Kind.CHANGE_STRUCTURE, None, body={"part": part, "id": "1", "value": seq, "base": 0})
        for seq, part in ((3, "levels"), (4, "alerts"))
    ]
    day = day_of(*notices, *changes)
    assert [notice.text for notice in day.notices] == ["一", "二"]
    assert [(change.part, change.value) for change in day.structure] == [("levels", 3), ("alerts", 4)]
    assert (day.counters, day.paused_services) == ({}, [])


def test_an_ended_ticket_leaves_the_day_and_frees_its_label() -> None:
    day = day_of(*issues(2), entry(3, Kind.CANCEL, "t1"))
    assert day.live_labels() == {"501"}
    assert day.by_label("500") is None
    assert day.by_label("501") == day.tickets["t2"]


def test_the_line_is_ordered_by_place_and_not_by_when_a_ticket_came_into_it() -> None:
    back = [entry(4, Kind.CALL, "t1", counter="1"), entry(5, Kind.NO_SHOW, "t1")]
    day = day_of(*issues(3), *back, entry(6, Kind.REINSTATE, "t1", body={"place": 6.0}))
    assert labels(day.waiting()) == ["501", "502", "500"]
    day = day_of(*issues(3), *back, entry(6, Kind.REINSTATE, "t1", body={"place": 1.0}))
    assert labels(day.waiting()) == ["500", "501", "502"]


def test_the_line_of_one_service_holds_nobody_else_and_nobody_who_is_called() -> None:
    day = day_of(*issues(3), issue_entry(4, "t4", number=504, service="x"), entry(5, Kind.CALL, "t1", counter="1"))
    assert labels(day.waiting("y")) == ["501", "502"]
    assert labels(day.waiting("x")) == ["504"]
    assert [ticket.label for ticket in day.tickets.values() if ticket.state is TicketState.CALLED] == ["500"]


def test_at_a_counter_is_who_was_called_there_last() -> None:
    calls = [entry(4, Kind.CALL, "t2", counter="1"), entry(5, Kind.CALL, "t1", counter="1")]
    day = day_of(*issues(3), *calls)
    assert day.at_counter("1") == day.tickets["t1"]
    assert day.at_counter("2") is None
    day.apply(entry(6, Kind.START, "t2"))
    assert day.at_counter("1") == day.tickets["t1"], "a start is no call"
    day.apply(entry(7, Kind.TRANSFER, "t2", body={"service": "y", "stage": 0, "counter": None}))
    day.apply(entry(8, Kind.CALL, "t2", counter="1"))
    assert day.at_counter("1") == day.tickets["t2"]
    day.apply(entry(9, Kind.COMPLETE, "t2"))
    assert day.at_counter("1") == day.tickets["t1"]
    day.apply(entry(10, Kind.HOLD, "t1", body={"reason": ""}))
    assert day.at_counter("1") is None


def test_the_last_calls_stand_newest_first_and_each_number_once() -> None:
    count = RECENT_CALLS + 2
    calls = [entry(100 + n, Kind.CALL, f"t{n}", counter="1") for n in range(1, count + 1)]
    ended = [entry(150 + n, Kind.COMPLETE, f"t{n}") for n in (1, 2)]
    day = day_of(*issues(count), *calls[:2], *ended, *calls[2:])
    assert [call.id for call in day.recent_calls] == [f"t{n}" for n in range(count, count - RECENT_CALLS, -1)]
    day.apply(entry(200, Kind.RECALL, "t5"))
    assert [call.id for call in day.recent_calls][:3] == ["t5", f"t{count}", f"t{count - 1}"]
    assert day.recent_calls[0].call_seq == 200
    assert len({call.id for call in day.recent_calls}) == RECENT_CALLS


def test_a_call_that_still_stands_stays_however_many_are_newer() -> None:
    count = RECENT_CALLS + 3
    calls = [entry(100 + n, Kind.CALL, f"t{n}", counter=str(n)) for n in range(1, count + 1)]
    day = day_of(*issues(count), *calls)
    assert [call.id for call in day.recent_calls] == [f"t{n}" for n in range(count, 0, -1)]
    day.apply(entry(200, Kind.START, "t1"))
    day.apply(entry(201, Kind.COMPLETE, "t2"))
    day.apply(entry(202, Kind.NO_SHOW, "t3"))
    day.apply(entry(203, Kind.RECALL, "t9"))
    assert [call.id for call in day.recent_calls][RECENT_CALLS:] == ["t1"], (
        "served; the others are not called any more"
    )


def test_an_ended_call_stays_among_the_last_calls() -> None:
    day = day_of(*issues(1), entry(2, Kind.CALL, "t1", counter="1"), entry(3, Kind.COMPLETE, "t1"))
    assert [call.label for call in day.recent_calls] == ["500"]


def test_a_long_day_keeps_only_the_last_calls_of_a_service_and_of_a_counter() -> None:
    count = KEPT_CALLS + 1
    calls = [entry(100 + n, Kind.CALL, f"t{n}", counter="1") for n in range(1, count + 1)]
    day = day_of(*issues(count), *calls)
    assert len(day.service_calls["y"]) == len(day.counter_calls["1"]) == KEPT_CALLS
    assert day.last_call("y") == day.last_call_at("1") == day.tickets[f"t{count}"]


# -- what was taken back -----------------------------------------------------------------------------


def before_and_after(*entries: Entry) -> tuple[Day, Day, Ticket]:
    """The day before the last of the entries, the day with it, and its ticket before it."""
    day, after = day_of(*entries[:-1]), day_of(*entries)
    return day, after, day.tickets[entries[-1].ticket or ""]


def test_a_call_that_is_taken_back_leaves_no_trace_in_the_calls() -> None:
    calls = [entry(10, Kind.CALL, "t1", counter="1", minute=4), entry(11, Kind.CALL, "t2", counter="2", minute=9)]
    before, day, ticket = before_and_after(*issues(3), *calls, entry(12, Kind.CALL, "t3", counter="1", minute=10))
    assert [call.id for call in day.service_calls["y"]] == ["t1", "t2", "t3"]
    day.apply(undo_entry(13, ticket, undoes=12))
    assert (day.service_calls, day.recent_calls) == (before.service_calls, before.recent_calls)
    assert [call.id for call in (day.last_call("y"), day.last_call_at("1"), day.last_call_at("2")) if call] == [
        "t2",
        "t1",
        "t2",
    ]
    assert day.tickets == {**before.tickets, "t3": day.tickets["t3"]}


def test_the_only_call_of_a_service_and_a_counter_that_is_taken_back_was_none() -> None:
    _, day, ticket = before_and_after(*issues(1), entry(2, Kind.CALL, "t1", counter="1"))
    day.apply(undo_entry(3, ticket, undoes=2))
    assert (day.last_call("y"), day.last_call_at("1"), day.recent_calls) == (None, None, [])
    assert (day.last_call("x"), day.last_call_at("2")) == (None, None)


def test_a_quiet_service_whose_wrong_call_is_taken_back_keeps_the_call_before() -> None:
    quiet = [issue_entry(90, "q1", number=590, service="x"), issue_entry(91, "q2", number=591, service="x")]
    busy = [entry(100 + n, Kind.CALL, f"t{n}", counter="1") for n in range(1, RECENT_CALLS + 2)]
    first = entry(95, Kind.CALL, "q1", counter="2")
    _, day, ticket = before_and_after(
        *issues(RECENT_CALLS + 1), *quiet, first, *busy, entry(200, Kind.CALL, "q2", counter="2")
    )
    day.apply(undo_entry(201, ticket, undoes=200))
    last, there = day.last_call("x"), day.last_call_at("2")
    assert last is not None
    assert last.id == "q1"
    assert last == there


def test_a_call_that_was_announced_again_is_taken_back_whole() -> None:
    _, day, ticket = before_and_after(*issues(1), entry(2, Kind.CALL, "t1", counter="1"))
    day.apply(entry(3, Kind.RECALL, "t1", counter="1"))
    day.apply(undo_entry(4, ticket, undoes=2))
    assert (day.recent_calls, day.last_call("y")) == ([], None)


def test_what_happened_at_the_counter_is_taken_back_and_the_call_stays() -> None:
    call = entry(2, Kind.CALL, "t1", counter="1")
    before, day, ticket = before_and_after(*issues(1), call, entry(3, Kind.HOLD, "t1", body={"reason": "記入"}))
    day.apply(undo_entry(4, ticket, undoes=3))
    assert (day.recent_calls, day.last_call("y")) == (before.recent_calls, before.last_call("y"))


def test_a_ticket_that_is_brought_back_is_among_the_open_and_no_longer_among_the_ended() -> None:
    end = entry(4, Kind.CANCEL, "t1")
    _, day, ticket = before_and_after(*issues(2), entry(3, Kind.CANCEL, "t2"), end)
    assert [each.id for each in day.ended] == ["t2", "t1"]
    day.apply(undo_entry(5, ticket, undoes=4))
    assert [each.id for each in day.ended] == ["t2"]
    assert day.by_label("500") == day.tickets["t1"]
    assert day.waiting() == [day.tickets["t1"]]


def test_only_the_tickets_that_ended_last_are_kept_after_an_undo_too() -> None:
    count = RECENT_ENDS + 3
    ends = [entry(100 + n, Kind.CANCEL, f"t{n}") for n in range(1, count + 1)]
    _, day, ticket = before_and_after(*issues(count + 2), *ends)
    assert [each.id for each in day.ended] == [f"t{n}" for n in range(4, count + 1)]
    day.apply(undo_entry(200, ticket, undoes=100 + count))
    for n in (count, count + 1, count + 2):
        day.apply(entry(200 + n, Kind.CANCEL, f"t{n}"))
    assert len(day.ended) == RECENT_ENDS


# -- presses -----------------------------------------------------------------------------------------


def pressed(day: Day) -> dict[str, list[tuple[str, str]]]:
    """Per actor, the moves that a press could take back."""
    return {
        actor: [(move.before.id, move.kind.value) for move in press.moves] for actor, press in day.presses.items()
    }


def test_the_press_that_an_actor_made_last_is_remembered_with_all_its_moves() -> None:
    press: dict[str, Any] = {"actor": "staff:a", "key": "one press"}
    first = entry(4, Kind.CALL, "t1", counter="1", actor="staff:a")
    day = day_of(*issues(3), first, entry(5, Kind.CALL, "t3", counter="2", actor="staff:b"))
    day.apply(entry(6, Kind.COMPLETE, "t1", counter="1", **press))
    day.apply(entry(7, Kind.CALL, "t2", counter="1", **press))
    assert pressed(day) == {"staff:b": [("t3", "call")], "staff:a": [("t1", "complete"), ("t2", "call")]}
    assert (day.presses["staff:a"].counter, day.presses["staff:b"].counter) == ("1", "2")


def test_a_press_is_forgotten_when_one_of_its_tickets_moves_on() -> None:
    press: dict[str, Any] = {"actor": "staff:a", "key": "one press"}
    day = day_of(*issues(2), entry(3, Kind.CALL, "t1", counter="1", actor="staff:a"))
    day.apply(entry(4, Kind.COMPLETE, "t1", counter="1", **press))
    day.apply(entry(5, Kind.CALL, "t2", counter="1", **press))
    day.apply(entry(6, Kind.START, "t2", counter="1", actor="staff:b"))
    assert pressed(day) == {"staff:b": [("t2", "start")]}


def test_a_recall_leaves_the_press_that_it_announced_again() -> None:
    day = day_of(*issues(1), entry(2, Kind.CALL, "t1", counter="1"), entry(3, Kind.RECALL, "t1", counter="1"))
    assert pressed(day) == {"device:desk": [("t1", "call")]}


def test_a_new_slip_or_the_end_of_the_day_leaves_no_press_to_take_back() -> None:
    call = entry(2, Kind.CALL, "t1", counter="1")
    assert pressed(day_of(*issues(1), call, entry(3, Kind.REISSUE, "t1", body={"token": "new"}))) == {}
    assert pressed(day_of(*issues(1), call, entry(3, Kind.EXPIRE, "t1", actor="clock"))) == {}


def test_a_number_that_is_given_out_or_a_switch_is_no_press_to_take_back() -> None:
    day = day_of(*issues(1), entry(2, Kind.CALL, "t1", counter="1"))
    day.apply(issue_entry(3, "t2", number=501))
    day.apply(entry(4, Kind.CLOSE_COUNTER, None, counter="1"))
    assert pressed(day) == {"device:desk": [("t1", "call")]}


def test_a_press_that_was_taken_back_is_forgotten_whole() -> None:
    press: dict[str, Any] = {"actor": "staff:a", "key": "one press"}
    called = entry(3, Kind.CALL, "t1", counter="1", actor="staff:a")
    day = day_of(*issues(2), called, entry(4, Kind.COMPLETE, "t1", **press), entry(5, Kind.CALL, "t2", **press))
    day.apply(undo_entry(6, day_of(*issues(2)).tickets["t2"], undoes=5))
    assert pressed(day) == {}
