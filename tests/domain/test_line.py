import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.line import in_order, place_behind, place_with_head_start
from queue_server.domain.site import PriorityClass
from queue_server.domain.ticket import Ticket, TicketState
from tests.support.halls import NINE, ticket_in

CLASSES = {"senior": PriorityClass("senior", "高齢のかた", 10), "baby": PriorityClass("baby", "乳幼児連れのかた", 25)}


def person(
    n: int, place: float, *, minute: float = 0, service: str = "y", priority: str = "", seq: int | None = None
) -> Ticket:
    return ticket_in(
        TicketState.WAITING,
        id=f"t{n}",
        place=place,
        seq=n if seq is None else seq,
        service=service,
        priority=priority,
        issued_at=NINE + timedelta(minutes=minute),
    )


def ids(line: Sequence[Ticket]) -> list[str]:
    return [ticket.id for ticket in line]


def test_of_two_at_one_place_the_older_entry_comes_first() -> None:
    assert ids(in_order([person(3, 2.0), person(2, 2.0), person(1, 5.0), person(4, -1.0)])) == [
        "t4",
        "t2",
        "t3",
        "t1",
    ]


# -- coming back behind some people ------------------------------------------------------------------

MIXED = [person(1, 1.0), person(2, 2.0, service="x"), person(3, 3.0), person(4, 4.0, service="x"), person(5, 5.0)]


@pytest.mark.parametrize(
    ("people", "line"),
    [
        (0, ["back", "t1", "t2", "t3", "t4", "t5"]),
        (1, ["t1", "t2", "back", "t3", "t4", "t5"]),
        (2, ["t1", "t2", "t3", "t4", "back", "t5"]),
        (3, ["t1", "t2", "t3", "t4", "t5", "back"]),
        (99, ["t1", "t2", "t3", "t4", "t5", "back"]),
    ],
)
def test_a_place_behind_some_people_counts_those_of_its_own_service(people: int, line: list[str]) -> None:
    back = replace(person(9, place_behind(MIXED, "y", people, 50.0)), id="back")
    assert ids(in_order([*MIXED, back])) == line


def test_behind_nobody_is_the_end_of_the_line() -> None:
    assert place_behind([], "y", 0, 50.0) == place_behind(MIXED[:2], "z", 0, 50.0) == 50.0


# -- priority ----------------------------------------------------------------------------------------


def enters(line: list[Ticket], n: int, minute: float, priority: str = "") -> list[Ticket]:
    """The line when person n has come, with a head start for a class, else at the end."""
    issued_at = NINE + timedelta(minutes=minute)
    place = end = float(max(n, math.ceil(max((ticket.place for ticket in line), default=0.0)) + 1))
    if priority:
        place = place_with_head_start(line, issued_at, CLASSES[priority].head_start, CLASSES, end)
    return in_order([*line, person(n, place, minute=minute, priority=priority)])


def counts_as(ticket: Ticket) -> datetime:
    """When somebody counts as having come."""
    head_start = CLASSES[ticket.priority].head_start if ticket.priority else 0
    return ticket.issued_at - timedelta(minutes=head_start)


@pytest.mark.parametrize(
    ("minute", "line"),
    [
        (12.5, ["t1", "t2", "new", "t3"]),
        (10.5, ["t1", "new", "t2", "t3"]),
        (9.0, ["new", "t1", "t2", "t3"]),
        (25.0, ["t1", "t2", "t3", "new"]),
    ],
)
def test_a_head_start_overtakes_those_who_came_within_it_and_nobody_else(minute: float, line: list[str]) -> None:
    others = [person(1, 1.0, minute=0), person(2, 2.0, minute=1), person(3, 3.0, minute=4)]
    after = enters(others, 9, minute, "senior")
    assert [{"t9": "new"}.get(id_, id_) for id_ in ids(after)] == line


def test_who_came_exactly_the_head_start_earlier_is_not_overtaken() -> None:
    assert ids(enters([person(1, 1.0, minute=0)], 2, 10, "senior")) == ["t1", "t2"]


def test_into_an_empty_line_everybody_comes_at_the_end() -> None:
    assert place_with_head_start([], NINE, 10, CLASSES, 50.0) == 50.0


def test_a_head_start_is_compared_with_the_head_start_of_the_others() -> None:
    line = enters([], 1, 0, "baby")
    line = enters(line, 2, 10, "senior")
    assert ids(enters(line, 3, 20, "baby")) == ["t1", "t3", "t2"]


def test_a_class_that_left_the_profile_has_no_head_start_any_more() -> None:
    line = [person(1, 1.0, minute=8, priority="gone")]
    assert ids(enters(line, 2, 10, "senior")) == ["t2", "t1"]


EVENTS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.5, 1.0, 4.0, 12.0]), st.sampled_from(["", "senior", "baby", "call"])),
    min_size=2,
    max_size=60,
)


@settings(max_examples=80, deadline=None)
@given(EVENTS)
def test_whoever_came_longer_ago_than_a_head_start_is_never_overtaken(events: list[tuple[float, str]]) -> None:
    line: list[Ticket] = []
    minute = 0.0
    for n, (step, what) in enumerate(events, start=1):
        minute += step
        if what == "call":
            line = line[1:]
            continue
        before, line = line, enters(line, n, minute, what)
        assert ids([ticket for ticket in line if ticket.id != f"t{n}"]) == ids(before), "nobody changes places"
        mine = ids(line).index(f"t{n}")
        head_start = timedelta(minutes=CLASSES[what].head_start if what else 0)
        overtaken = line[mine + 1 :]
        assert all(line[mine].issued_at - ticket.issued_at < head_start for ticket in overtaken)
        assert all(counts_as(ticket) > counts_as(line[mine]) for ticket in overtaken)
        for class_ in ("", *CLASSES):
            alike = [ticket.seq for ticket in line if ticket.priority == class_]
            assert alike == sorted(alike), "of one class, first come first served"
        assert ids(line) == ids(sorted(line, key=lambda ticket: (counts_as(ticket), ticket.seq)))


def test_a_gap_takes_as_many_people_as_come_in_the_order_in_which_they_come() -> None:
    line = [person(1, 1.0, minute=-30), person(2, 2.0, minute=-0.5)]
    for n in range(3, 203):
        line = enters(line, n, (n - 3) / 1000, "senior")
    assert ids(line) == ["t1", *(f"t{n}" for n in range(3, 203)), "t2"]


def test_before_the_first_in_line_there_is_always_room() -> None:
    line = [person(1, 1.0, minute=-5)]
    for n in range(2, 102):
        line = enters(line, n, 0, "baby" if n % 2 else "senior")
    odd, even = ([f"t{n}" for n in range(first, 102, 2)] for first in (3, 2))
    assert ids(line) == [*odd, *even, "t1"]
