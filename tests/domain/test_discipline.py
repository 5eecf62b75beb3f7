from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.domain.day import Day
from queue_server.domain.discipline import callable_by, may_call_next, next_for
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.site import Counter, Discipline, PriorityClass
from queue_server.domain.ticket import TicketState
from tests.support.halls import NINE, SITE, day_of, entry, issue_entry, ticket_in

BOTH, ONLY_X, ONLY_Y = Counter("1", "1番", ("x", "y")), Counter("2", "2番", ("x",)), Counter("3", "3番", ("y",))
HALL = replace(
    SITE,
    counters={counter.id: counter for counter in (BOTH, ONLY_X, ONLY_Y)},
    priorities={"senior": PriorityClass("senior", "高齢のかた", 10)},
)
ORDER = replace(BOTH, discipline=Discipline.ORDER)
WEIGHTED = replace(BOTH, discipline=Discipline.WEIGHTED, weights={"x": 3.0})
ALL = [BOTH, ORDER, WEIGHTED]


def next_id(day: Day, counter: Counter, minute: float = 0) -> str | None:
    """Whom a counter calls, `minute` minutes after nine."""
    ticket = next_for(HALL, day, counter, NINE + timedelta(minutes=minute))
    return ticket.id if ticket else None


def line(*services: str, step: float = 1) -> list[Entry]:
    """People t1, t2 ... of these services, who came a step of minutes one after the other from nine on."""
    return [
        issue_entry(n, f"t{n}", number=499 + n, service=service, minute=step * (n - 1))
        for n, service in enumerate(services, start=1)
    ]


def handed(seq: int, ticket: str, counter: str, service: str = "y") -> list[Entry]:
    """A ticket is called to counter 1 and handed to another counter by name."""
    body = {"service": service, "stage": 0, "counter": counter}
    return [entry(seq, Kind.CALL, ticket, counter="1"), entry(seq + 1, Kind.TRANSFER, ticket, body=body)]


def test_a_counter_calls_the_first_in_line_over_all_its_services() -> None:
    day = day_of(issue_entry(1, "t1", service="y"), issue_entry(2, "t2", number=501, service="x"))
    assert [next_id(day, counter) for counter in (BOTH, ONLY_X, ONLY_Y)] == ["t1", "t2", "t1"]


@pytest.mark.parametrize("counter", [*ALL, ONLY_X, ONLY_Y])
def test_nobody_is_next_where_nobody_waits(counter: Counter) -> None:
    assert next_id(day_of(issue_entry(1, "t1"), entry(2, Kind.CALL, counter="1")), counter) is None


def opened(seq: int, counter: str) -> Entry:
    return entry(seq, Kind.OPEN_COUNTER, None, counter=counter)


def test_a_ticket_transferred_to_a_counter_is_called_there_alone_whatever_its_service() -> None:
    day = day_of(opened(0, "2"), issue_entry(1, "t1"), *handed(2, "t1", "2"))
    assert [next_id(day, counter) for counter in (BOTH, ONLY_X, ONLY_Y)] == [None, "t1", None]
    day.apply(entry(4, Kind.CALL, counter="2"))
    day.apply(entry(5, Kind.ADVANCE))
    assert next_id(day, ONLY_Y) == "t1", "the reservation ends with the call"


def test_who_may_be_called_next_is_decided_by_reservation_before_service() -> None:
    reserved, day = ticket_in(TicketState.WAITING, reserved_counter="3", service="x"), day_of(opened(1, "3"))
    assert not may_call_next(HALL, day, reserved, BOTH)
    assert may_call_next(HALL, day, reserved, ONLY_Y)


CLOSED = entry(10, Kind.CLOSE_COUNTER, None, counter="2")
BREAK = entry(10, Kind.START_BREAK, None, counter="2", body={"until": "2026-11-24T09:15:00+09:00"})
HANDED_AND_ANOTHER = [
    *(opened(0, "2"), issue_entry(1, "t1"), issue_entry(2, "t2", number=501)),
    *handed(3, "t1", "2"),
]


@pytest.mark.parametrize("counter", [*ALL, ONLY_Y])
def test_while_its_counter_is_closed_a_handed_ticket_is_called_in_its_place_by_those_of_its_service(
    counter: Counter,
) -> None:
    day = day_of(*HANDED_AND_ANOTHER)
    assert next_id(day, counter) == "t2"
    day.apply(CLOSED)
    assert [next_id(day, counter), next_id(day, ONLY_X)] == ["t1", "t1"]
    assert [ticket.id for ticket in callable_by(HALL, day, counter)] == ["t1", "t2"]
    day.apply(opened(11, "2"))
    assert [next_id(day, counter), next_id(day, ONLY_X)] == ["t2", "t1"], "its own counter has it back"


def test_a_closed_counter_hands_its_tickets_to_nobody_who_does_not_serve_them() -> None:
    day = day_of(*HANDED_AND_ANOTHER, CLOSED)
    assert next_id(day, replace(ONLY_X, id="9")) is None
    assert next_id(day, replace(BOTH, id="9", stages={"y": (1,)})) is None


@pytest.mark.parametrize("minute", [0, 30])
def test_during_a_break_of_its_counter_a_handed_ticket_waits_for_it(minute: float) -> None:
    """Also when the break lasts longer than was said: its clerk comes back."""
    day = day_of(*HANDED_AND_ANOTHER, BREAK)
    assert [next_id(day, counter, minute) for counter in (*ALL, ONLY_X)] == ["t2", "t2", "t2", "t1"]


@pytest.mark.parametrize("counter", ALL)
def test_a_ticket_handed_to_a_counter_that_left_the_profile_is_called_by_those_of_its_service(
    counter: Counter,
) -> None:
    day = day_of(issue_entry(1, "t1"), *handed(2, "t1", "9"))
    assert next_id(day, counter) == next_id(day, ONLY_Y) == "t1"
    assert next_id(day, ONLY_X) is None


@pytest.mark.parametrize(("counter", "expected"), [(BOTH, "t2"), (ORDER, "t1"), (WEIGHTED, "t1")])
def test_a_ticket_handed_to_a_counter_comes_first_there_except_where_the_oldest_does(
    counter: Counter, expected: str
) -> None:
    """Where the oldest is called, the handed ticket keeps the place of its number."""
    day = day_of(issue_entry(1, "t2", service="x"), issue_entry(2, "t1", number=501), *handed(3, "t1", "1"))
    assert next_id(day, counter, 30) == expected


@pytest.mark.parametrize("counter", ALL)
def test_a_ticket_of_a_service_that_the_counter_does_not_serve_can_be_handed_to_it(counter: Counter) -> None:
    only_x = replace(counter, services=("x",))
    day = day_of(issue_entry(1, "t1", service="y"), *handed(2, "t1", "1"))
    assert next_id(day, only_x) == "t1"


# -- the disciplines ---------------------------------------------------------------------------------


def test_services_in_order_empties_one_line_before_the_next() -> None:
    day = day_of(*line("y", "y", "x", "y", "x"))
    called = []
    for seq in range(10, 15):
        ticket = next_id(day, ORDER, 5)
        called.append(ticket)
        day.apply(entry(seq, Kind.CALL, ticket, counter="1"))
    assert called == ["t3", "t5", "t1", "t2", "t4"]


def test_the_order_is_that_in_which_the_counter_lists_its_services_now() -> None:
    day = day_of(*line("y", "x"))
    assert next_id(day, replace(ORDER, services=("y", "x"))) == "t1"


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        (12.0, "t1"),  # t1 waited 12 minutes, t2 2 x 3
        (14.9, "t1"),
        (15.1, "t2"),  # 15.1 against 5.1 x 3
        (60.0, "t2"),
    ],
)
def test_by_weight_is_called_whose_minutes_times_the_services_weight_are_most(minute: float, expected: str) -> None:
    assert next_id(day_of(*line("y", "x", step=10)), WEIGHTED, minute) == expected


def test_by_weight_the_first_of_each_service_speaks_for_it() -> None:
    day = day_of(*line("x", "x", "y"))
    assert next_id(day, WEIGHTED, 30) == "t1"
    day.apply(entry(9, Kind.CALL, "t1", counter="1"))
    assert next_id(day, WEIGHTED, 30) == "t2"


def test_a_service_that_has_no_weight_weighs_one() -> None:
    assert next_id(day_of(*line("y", "x")), replace(WEIGHTED, weights={}), 30) == "t1"


@pytest.mark.parametrize(("priority", "expected"), [("senior", "t1"), ("", "t2"), ("gone", "t2")])
def test_by_weight_a_head_start_counts_as_minutes_waited(priority: str, expected: str) -> None:
    """At 9:15 one waited 15 minutes, with a head start 25; the other 11 that count twice."""
    day = day_of(issue_entry(1, "t1", priority=priority), issue_entry(2, "t2", number=501, service="x", minute=4))
    assert next_id(day, replace(WEIGHTED, weights={"x": 2.0}), 15) == expected


@pytest.mark.parametrize("minute", [-30, 0, 0.5])
def test_with_a_clock_that_was_set_back_weights_turn_no_order_round(minute: float) -> None:
    assert next_id(day_of(*line("y", "x")), WEIGHTED, minute) == "t1"


@pytest.mark.parametrize("counter", [ORDER, WEIGHTED])
@pytest.mark.parametrize(("minute", "expected"), [(29.9, "t2"), (30.0, "t1"), (45.0, "t1")])
def test_whoever_waited_the_longest_wait_is_called_first(counter: Counter, minute: float, expected: str) -> None:
    day = day_of(*line("y", "x", step=5))
    assert next_id(day, replace(counter, longest_wait=30), minute) == expected


@pytest.mark.parametrize("counter", [ORDER, WEIGHTED])
def test_of_all_who_waited_too_long_the_first_in_line_is_called(counter: Counter) -> None:
    assert next_id(day_of(*line("y", "x")), replace(counter, longest_wait=30), 60) == "t1"


@pytest.mark.parametrize("counter", [ORDER, WEIGHTED])
def test_whoever_waits_too_long_for_another_counter_by_name_changes_nothing_here(counter: Counter) -> None:
    day = day_of(opened(0, "3"), *line("y", "y", "x", step=10), *handed(5, "t1", "3"))
    assert next_id(day, replace(counter, longest_wait=50, weights={"x": 20.0}), 55) == "t3"
    assert next_id(day, replace(counter, longest_wait=40, weights={"x": 20.0}), 55) == "t2"


@pytest.mark.parametrize("counter", [ORDER, WEIGHTED])
@pytest.mark.parametrize(("minute", "expected"), [(39.9, "t2"), (40.0, "t1")])
def test_the_longest_wait_counts_from_the_entry_into_the_present_line(
    counter: Counter, minute: float, expected: str
) -> None:
    """t1 came at nine, and enters the line of the next stage ten minutes later."""
    advanced = [entry(5, Kind.CALL, "t1", counter="1", minute=4), entry(6, Kind.ADVANCE, "t1", minute=10)]
    day = day_of(*line("y", "x", step=10), *advanced)
    preferring_x = replace(counter, longest_wait=30, weights={"x": 20.0})
    assert [ticket.id for ticket in day.waiting()] == ["t1", "t2"], "its place is that of its number"
    assert next_id(day, preferring_x, minute) == expected


@pytest.mark.parametrize(("minute", "expected"), [(12.0, "t1"), (15.1, "t2")])
def test_by_weight_a_number_of_the_next_stage_counts_all_its_minutes(minute: float, expected: str) -> None:
    advanced = [entry(5, Kind.CALL, "t1", counter="1", minute=4), entry(6, Kind.ADVANCE, "t1", minute=11)]
    assert next_id(day_of(*line("y", "x", step=10), *advanced), WEIGHTED, minute) == expected


def test_the_longest_wait_does_not_come_before_a_ticket_handed_to_the_counter() -> None:
    day = day_of(*line("y", "x"), *handed(5, "t2", "1", "x"))
    assert next_id(day, replace(ORDER, longest_wait=30), 60) == "t2"


# -- stages ------------------------------------------------------------------------------------------


def test_a_number_is_called_for_each_stage_at_a_counter_that_serves_it() -> None:
    reception, handover = replace(ONLY_X, stages={"x": (0,)}), replace(BOTH, stages={"x": (1,)})
    day = day_of(*line("x", "x"))
    assert (next_id(day, reception), next_id(day, handover)) == ("t1", None)
    day.apply(entry(5, Kind.CALL, "t1", counter="2"))
    day.apply(entry(6, Kind.ADVANCE, "t1"))
    assert (next_id(day, reception), next_id(day, handover)) == ("t2", "t1")


def test_a_counter_without_stages_of_a_service_serves_all_of_them() -> None:
    counter = replace(BOTH, stages={"y": (0,)})
    assert [counter.serves(*what) for what in (("x", 1), ("y", 0), ("y", 1), ("z", 0))] == [True, True, False, False]


def test_a_counter_works_through_what_it_serves_in_the_order_of_the_line() -> None:
    day = day_of(opened(0, "2"), *line("y", "x", "y"), *handed(5, "t3", "2"))
    assert [ticket.id for ticket in callable_by(HALL, day, BOTH)] == ["t1", "t2"]
    assert [ticket.id for ticket in callable_by(HALL, day, ONLY_X)] == ["t2", "t3"]
