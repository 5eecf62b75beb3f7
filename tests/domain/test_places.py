"""Which site to go to."""

from queue_server.domain.guide import Booking
from queue_server.domain.places import Standing, emptiest, in_order
from queue_server.domain.site import LevelKey

FREE, MODERATE = LevelKey.FREE, LevelKey.MODERATE


def standing(
    site: str,
    level: LevelKey = FREE,
    people: int = 0,
    minutes: int | None = 10,
    *,
    takes_numbers: bool = True,
    booking: Booking = Booking.NONE,
) -> Standing:
    return Standing(site, takes_numbers, booking, level, people, minutes)


def test_the_citys_level_decides_first() -> None:
    assert emptiest([standing("a", MODERATE, 1, 5), standing("b", FREE, 4, 20)]) == {"b"}


def test_within_a_level_the_minutes_decide_then_the_people() -> None:
    assert emptiest([standing("a", minutes=20, people=1), standing("b", minutes=10, people=4)]) == {"b"}
    assert emptiest([standing("a", people=2), standing("b", people=1)]) == {"b"}


def test_minutes_that_nobody_can_say_are_no_short_wait() -> None:
    assert emptiest([standing("a", people=3, minutes=None), standing("b", people=1, minutes=30)]) == {"b"}


def test_two_may_be_the_emptiest() -> None:
    assert emptiest([standing("a"), standing("b"), standing("c", people=2)]) == {"a", "b"}


def test_where_all_are_alike_or_there_is_one_only_none_is_the_emptiest() -> None:
    assert emptiest([standing("a"), standing("b")]) == frozenset()
    assert emptiest([standing("a")]) == frozenset()
    assert emptiest([]) == frozenset()


def test_who_needs_a_booking_or_is_closed_is_not_recommended() -> None:
    found = [
        standing("booked", booking=Booking.REQUIRED),
        standing("closed", takes_numbers=False),
        standing("a", people=1),
        standing("b", people=2),
    ]
    assert emptiest(found) == {"a"}


def test_the_order_is_where_to_go_then_with_a_booking_then_what_is_closed() -> None:
    found = [
        standing("closed", takes_numbers=False),
        standing("booked", booking=Booking.REQUIRED, minutes=None),
        standing("full", MODERATE, 9, 40),
        standing("empty", people=1),
        standing("alike", people=1),
    ]
    assert [each.site for each in in_order(found)] == ["empty", "alike", "full", "booked", "closed"]
