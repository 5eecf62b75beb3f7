"""When a holder is told, and of what."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.nearness import (
    MOST_MINUTES,
    MOST_PEOPLE,
    NEAR_BY_DEFAULT,
    NEAR_CHOICES,
    Nearness,
    NearUnit,
    NoticeKind,
    Told,
    notice_due,
)
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.domain.waits.ranges import Estimate

NINE = datetime(2026, 11, 24, tzinfo=UTC)
WAITING = Ticket("t", "hall", date(2026, 11, 24), "s", 0, 1, "A01", "token", "x", TicketState.WAITING, 1.0, 1, NINE)
CALLED = replace(WAITING, state=TicketState.CALLED, call_seq=7)
THREE, TEN_MINUTES = Nearness(NearUnit.PEOPLE, 3), Nearness(NearUnit.MINUTES, 10)


def between(low: int, high: int) -> Estimate:
    return Estimate(low, high)


@pytest.mark.parametrize(("ahead", "near"), [(0, True), (3, True), (4, False)])
def test_by_people_it_is_near_from_that_many_on(ahead: int, near: bool) -> None:
    assert THREE.holds(ahead, None) is near


@pytest.mark.parametrize(
    ("ahead", "estimate", "near"),
    [
        (5, between(10, 30), True),
        (5, between(15, 40), False),
        (5, between(0, 5), True),
        (5, None, False),
        (0, None, True),
    ],
)
def test_by_minutes_it_is_near_as_soon_as_the_call_may_come_within_them(
    ahead: int, estimate: Estimate | None, near: bool
) -> None:
    assert TEN_MINUTES.holds(ahead, estimate) is near


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        (NearUnit.PEOPLE, 0),
        (NearUnit.PEOPLE, MOST_PEOPLE + 1),
        (NearUnit.MINUTES, -1),
        (NearUnit.MINUTES, MOST_MINUTES + 1),
    ],
)
def test_a_choice_that_means_nothing_is_refused(unit: NearUnit, value: int) -> None:
    with pytest.raises(ValueError, match="from 1 to"):
        Nearness(unit, value)


def test_the_page_offers_the_default_among_its_choices() -> None:
    assert NEAR_BY_DEFAULT in NEAR_CHOICES
    assert len(set(NEAR_CHOICES)) == len(NEAR_CHOICES)


def test_near_is_told_once() -> None:
    assert notice_due(WAITING, 3, None, THREE, Told()) is NoticeKind.NEAR
    assert notice_due(WAITING, 3, None, THREE, Told(near=True)) is None
    assert notice_due(WAITING, 4, None, THREE, Told()) is None


def test_each_call_is_told_once_and_an_announcement_again_is_another_one() -> None:
    assert notice_due(CALLED, 0, None, THREE, Told()) is NoticeKind.CALLED
    assert notice_due(CALLED, 0, None, THREE, Told(call_seq=7)) is None
    assert notice_due(replace(CALLED, call_seq=9), 0, None, THREE, Told(call_seq=7)) is NoticeKind.CALLED


@given(
    state=st.sampled_from([each for each in TicketState if each not in (TicketState.WAITING, TicketState.CALLED)]),
    near=st.booleans(),
)
def test_whoever_neither_waits_nor_is_called_is_told_nothing(state: TicketState, near: bool) -> None:
    ticket = replace(CALLED, state=state)
    assert notice_due(ticket, 0, None, THREE, Told(near=near)) is None
