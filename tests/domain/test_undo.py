from dataclasses import replace
from typing import Any

import pytest

from queue_server.domain.day import Day
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.domain.undo import before_last_move, brought_back, counters_of, may_come_back, may_restore, taken_by
from tests.support.halls import day_of, entry, issue_entry, ticket_in, undo_entry

OPEN = [entry(n, Kind.OPEN_COUNTER, None, counter=str(n)) for n in (1, 2)]
ISSUED = [issue_entry(3, "t1"), issue_entry(4, "t2", number=501)]
CALLED = ticket_in(TicketState.CALLED, counter="1")
WAITING = ticket_in(TicketState.WAITING)


def hall(*entries: Entry) -> Day:
    """Two open counters and two numbers, 500 and 501, and what happened then."""
    return day_of(*OPEN, *ISSUED, *entries)


def at_counter(seq: int, kind: Kind, ticket: str = "t1", counter: str = "1", **body: Any) -> Entry:
    return entry(seq, kind, ticket, counter=counter, body=body)


def test_a_ticket_may_go_back_into_the_line_whatever_happens_at_the_counters() -> None:
    day = hall(at_counter(5, Kind.CALL), entry(6, Kind.CLOSE_COUNTER, None, counter="1"))
    assert may_restore(day, [WAITING])


def test_a_ticket_goes_back_to_a_counter_that_is_open_and_free() -> None:
    completed = [at_counter(5, Kind.CALL), at_counter(6, Kind.COMPLETE)]
    assert may_restore(hall(*completed), [CALLED])
    assert not may_restore(hall(*completed, entry(7, Kind.CLOSE_COUNTER, None, counter="1")), [CALLED])
    assert not may_restore(hall(*completed, at_counter(7, Kind.CALL, "t2")), [CALLED])
    assert may_restore(hall(*completed, at_counter(7, Kind.CALL, "t2", "2")), [CALLED])


def test_a_counter_on_a_break_takes_nobody_back() -> None:
    until = {"until": "2026-11-24T09:15:00+09:00"}
    pause = entry(7, Kind.START_BREAK, None, counter="1", body=until)
    assert not may_restore(hall(at_counter(5, Kind.CALL), at_counter(6, Kind.COMPLETE), pause), [CALLED])


def test_a_counter_is_free_when_who_is_there_goes_back_as_well() -> None:
    day = hall(at_counter(5, Kind.CALL), at_counter(6, Kind.COMPLETE), at_counter(7, Kind.CALL, "t2"))
    second = ticket_in(TicketState.WAITING, id="t2", label="501")
    assert may_restore(day, [CALLED, second])
    assert not may_restore(day, [CALLED])


@pytest.mark.parametrize("closed", [False, True])
def test_who_stands_at_the_counter_already_may_stay_there(closed: bool) -> None:
    """Its start is taken back; another one was called to the same counter, or the counter was closed."""
    moved = [at_counter(5, Kind.CALL), at_counter(6, Kind.START), at_counter(7, Kind.CALL, "t2")]
    day = hall(*moved, *([entry(8, Kind.CLOSE_COUNTER, None, counter="1")] if closed else []))
    assert may_restore(day, [CALLED])


def test_a_number_that_was_given_out_again_stays_with_the_new_holder() -> None:
    again = [at_counter(5, Kind.CANCEL), issue_entry(6, "t9", number=500)]
    assert not may_restore(hall(*again), [WAITING])
    assert may_restore(hall(*again, entry(7, Kind.CANCEL, "t9")), [WAITING])


def test_a_number_of_another_day_stays_ended() -> None:
    day = hall(at_counter(5, Kind.CANCEL))
    tomorrow = day.business_day.replace(day=25)
    assert not may_restore(day, [ticket_in(TicketState.WAITING, business_day=tomorrow)])


def test_of_several_tickets_all_can_go_back_or_none() -> None:
    day = hall(at_counter(5, Kind.CANCEL), issue_entry(6, "t9", number=500))
    assert not may_restore(day, [ticket_in(TicketState.WAITING, id="t2", label="501"), WAITING])


def test_the_counters_concerned_are_those_where_somebody_appears_or_disappears() -> None:
    day = hall(at_counter(5, Kind.CALL, "t1", "2"), at_counter(6, Kind.CALL, "t2"))
    assert counters_of(day, [WAITING]) == ["2"]
    assert counters_of(day, [CALLED]) == ["1", "2"]
    assert counters_of(day, [ticket_in(TicketState.CALLED, id="gone", counter="1")]) == ["1"]
    assert counters_of(day, [ticket_in(TicketState.NO_SHOW, id="gone", counter="1")]) == []


# -- one ticket, whatever its counter does now --------------------------------------------------------

COMPLETED = [at_counter(5, Kind.CALL), at_counter(6, Kind.COMPLETE)]
NEXT = at_counter(7, Kind.CALL, "t2")
CLOSED = entry(7, Kind.CLOSE_COUNTER, None, counter="1")
BREAK = entry(7, Kind.START_BREAK, None, counter="1", body={"until": "2026-11-24T09:15:00+09:00"})
ON_HOLD = replace(CALLED, state=TicketState.HELD)


def test_a_ticket_comes_back_as_it_was_where_that_is_possible() -> None:
    assert brought_back(hall(*COMPLETED), CALLED) is CALLED
    assert brought_back(hall(at_counter(5, Kind.CALL), CLOSED), WAITING) is WAITING


@pytest.mark.parametrize("shut", [NEXT, CLOSED, BREAK], ids=["busy", "closed", "on a break"])
@pytest.mark.parametrize("last", [Kind.COMPLETE, Kind.NO_SHOW, Kind.ADVANCE])
def test_to_a_counter_that_has_no_room_for_it_a_ticket_comes_back_on_hold(last: Kind, shut: Entry) -> None:
    assert brought_back(hall(at_counter(5, Kind.CALL), at_counter(6, last), shut), CALLED) == ON_HOLD


def test_what_is_on_hold_already_is_not_put_there_by_an_undo() -> None:
    held = [at_counter(5, Kind.CALL), at_counter(6, Kind.HOLD, reason="記入")]
    assert brought_back(hall(*held, NEXT), CALLED) is None
    assert brought_back(hall(*held), CALLED) is CALLED


def test_a_number_that_was_given_out_again_does_not_come_back_on_hold_either() -> None:
    assert brought_back(hall(*COMPLETED, NEXT, issue_entry(8, "t9", number=500)), CALLED) is None


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (COMPLETED, True),
        ([*COMPLETED, NEXT], True),
        ([*COMPLETED, CLOSED], True),
        ([*COMPLETED, issue_entry(7, "t9", number=500)], False),
        ([at_counter(5, Kind.CANCEL)], True),
        ([entry(5, Kind.EXPIRE)], False),
    ],
    ids=["completed", "busy", "closed", "given out again", "cancelled", "expired"],
)
def test_an_ended_ticket_may_come_back_exactly_when_its_last_move_can_be_taken_back(
    entries: list[Entry], expected: bool
) -> None:
    day = hall(*entries)
    (ended,) = day.ended
    found = last_move(*(each for each in entries if each.ticket == "t1"))
    assert may_come_back(day, ended) == expected == (found is not None and brought_back(day, found[0]) is not None)


def test_a_persons_press_is_taken_by_who_works_where_it_would_be_seen() -> None:
    opened = [entry(n, Kind.OPEN_COUNTER, None, counter=c, body={"clerk": who}) for n, c, who in CLERKS]
    day = hall(*opened, at_counter(7, Kind.CALL, "t1", "1"))
    assert [taken_by(day, actor, [WAITING]) for actor in ("staff:a", "staff:b", "device:desk")] == [
        None,
        "staff:a",
        None,
    ]
    assert taken_by(day, "staff:b", [ticket_in(TicketState.WAITING, id="t2")]) is None, "it is at no counter"


CLERKS = [(5, "1", "staff:a"), (6, "2", "staff:b")]

# -- the last move of a ticket -----------------------------------------------------------------------


def last_move(*entries: Entry) -> tuple[Ticket, int] | None:
    return before_last_move([issue_entry(3), *entries])


@pytest.mark.parametrize(
    ("entries", "state", "undone"),
    [
        ([at_counter(5, Kind.CALL)], TicketState.WAITING, 5),
        ([at_counter(5, Kind.CALL), at_counter(6, Kind.RECALL)], TicketState.WAITING, 5),
        ([at_counter(5, Kind.CALL), at_counter(6, Kind.RECALL), at_counter(7, Kind.COMPLETE)], TicketState.CALLED, 7),
        ([at_counter(5, Kind.CALL), at_counter(6, Kind.NO_SHOW), at_counter(7, Kind.CANCEL)], TicketState.NO_SHOW, 7),
        (
            [at_counter(5, Kind.CALL), undo_entry(6, WAITING, undoes=5), at_counter(7, Kind.CALL, counter="2")],
            TicketState.WAITING,
            7,
        ),
        (
            [at_counter(5, Kind.CANCEL), undo_entry(6, WAITING, undoes=5), at_counter(7, Kind.CANCEL)],
            TicketState.WAITING,
            7,
        ),
        ([entry(5, Kind.REISSUE, body={"token": "new"}), at_counter(6, Kind.CALL)], TicketState.WAITING, 6),
    ],
)
def test_the_last_move_is_told_with_the_ticket_before_it(
    entries: list[Entry], state: TicketState, undone: int
) -> None:
    found = last_move(*entries)
    assert found is not None
    assert (found[0].state, found[1]) == (state, undone)


def test_before_a_call_that_was_recalled_the_ticket_waited_uncalled() -> None:
    found = last_move(at_counter(5, Kind.CALL), at_counter(6, Kind.RECALL))
    assert found is not None
    assert (found[0].call_seq, found[0].counter) == (None, None)


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [entry(5, Kind.EXPIRE)],
        [entry(5, Kind.REISSUE, body={"token": "new"})],
        [at_counter(5, Kind.CALL), undo_entry(6, WAITING, undoes=5)],
    ],
    ids=["issue", "expire", "reissue", "undo"],
)
def test_what_gave_the_number_out_ended_the_day_or_corrected_before_is_not_taken_back(entries: list[Entry]) -> None:
    assert last_move(*entries) is None
