from queue_server.domain.day import RECENT_CALLS, RECENT_GAPS, Day, fold
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.ticket import Ticket, TicketState
from tests.support.halls import TUESDAY, entry, issue_entry


def day_of(*entries: Entry) -> Day:
    return fold("hall", TUESDAY, entries)


def labels(tickets: list[Ticket]) -> list[str]:
    return [ticket.label for ticket in tickets]


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
    assert (day.open_counters, day.paused_services) == ({"1", "2"}, {"x", "y"})
    day.apply(entry(5, Kind.CLOSE_COUNTER, None, counter="1"))
    day.apply(entry(6, Kind.RESUME_SERVICE, None, body={"service": "x"}))
    assert (day.open_counters, day.paused_services) == ({"2"}, {"y"})


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
    assert labels(list(day.in_state(TicketState.CALLED))) == ["500"]


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
    day = day_of(*issues(count), *calls)
    assert [call.id for call in day.recent_calls] == [f"t{n}" for n in range(count, count - RECENT_CALLS, -1)]
    day.apply(entry(200, Kind.RECALL, "t5"))
    assert [call.id for call in day.recent_calls][:3] == ["t5", f"t{count}", f"t{count - 1}"]
    assert day.recent_calls[0].call_seq == 200
    assert len({call.id for call in day.recent_calls}) == RECENT_CALLS


def test_an_ended_call_stays_among_the_last_calls() -> None:
    day = day_of(*issues(1), entry(2, Kind.CALL, "t1", counter="1"), entry(3, Kind.COMPLETE, "t1"))
    assert [call.label for call in day.recent_calls] == ["500"]


def test_a_gap_between_two_calls_counts_when_the_next_one_was_already_waiting() -> None:
    calls = [entry(10 + n, Kind.CALL, f"t{n}", counter="1", minute=4 * n) for n in (1, 2, 3)]
    day = day_of(*issues(3), *calls)
    assert list(day.call_gaps["y"]) == [4.0, 4.0]


def test_a_gap_in_which_nobody_waited_tells_nothing_about_the_pace() -> None:
    late = issue_entry(3, "t9", number=509, minute=20)
    calls = [entry(2, Kind.CALL, "t1", counter="1", minute=4), late, entry(4, Kind.CALL, "t9", minute=21)]
    assert day_of(*issues(1), *calls).call_gaps == {}


def test_gaps_are_kept_for_each_service_apart() -> None:
    other = issue_entry(3, "t9", number=509, service="x")
    calls = [entry(n, Kind.CALL, ticket, minute=n) for n, ticket in ((4, "t1"), (5, "t9"), (7, "t2"))]
    assert {k: list(v) for k, v in day_of(*issues(2), other, *calls).call_gaps.items()} == {"y": [3.0]}


def test_a_clock_that_was_set_back_between_two_calls_makes_no_negative_gap() -> None:
    calls = [entry(3, Kind.CALL, "t1", minute=30), entry(4, Kind.CALL, "t2", minute=10)]
    assert list(day_of(*issues(2), *calls).call_gaps["y"]) == [0.0]


def test_only_the_newest_gaps_are_kept() -> None:
    count = RECENT_GAPS + 5
    calls = [entry(100 + n, Kind.CALL, f"t{n}", minute=n * n) for n in range(1, count + 1)]
    gaps = list(day_of(*issues(count), *calls).call_gaps["y"])
    assert len(gaps) == RECENT_GAPS
    assert gaps[-1] == count**2 - (count - 1) ** 2
