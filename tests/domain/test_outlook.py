import pytest

from queue_server.domain.entries import Entry, Kind
from queue_server.domain.outlook import (
    being_served,
    level_for,
    people_ahead,
    people_before,
)
from queue_server.domain.site import LevelKey
from tests.support.halls import SITE, day_of, entry, issue_entry

Y = SITE.services["y"]


def line() -> list[Entry]:
    """Three people of service y and one of x between them."""
    others = [issue_entry(n, f"t{n}", number=499 + n) for n in (1, 2, 4)]
    return [*others, issue_entry(3, "t3", number=510, service="x")]


def test_ahead_are_those_before_in_line_and_those_at_the_counters_of_the_same_service() -> None:
    day = day_of(*line())
    assert [people_ahead(day, day.tickets[f"t{n}"]) for n in (1, 2, 4, 3)] == [0, 1, 2, 0]
    day.apply(entry(5, Kind.CALL, "t2", counter="1"))
    assert [people_ahead(day, day.tickets[f"t{n}"]) for n in (1, 4, 3)] == [1, 2, 0]
    assert (being_served(day, "y"), being_served(day, "x")) == (1, 0)


def test_nobody_is_ahead_of_somebody_who_waits_no_longer() -> None:
    day = day_of(*line(), entry(5, Kind.CALL, "t4", counter="1"))
    assert people_ahead(day, day.tickets["t4"]) == 0


def test_who_was_put_on_hold_or_did_not_come_is_not_ahead() -> None:
    day = day_of(*line(), entry(5, Kind.CALL, "t1", counter="1"), entry(6, Kind.NO_SHOW, "t1"))
    day.apply(entry(7, Kind.CALL, "t2", counter="1"))
    day.apply(entry(8, Kind.HOLD, "t2", body={"reason": ""}))
    assert people_ahead(day, day.tickets["t4"]) == 0


def test_who_would_enter_the_line_at_a_place_has_those_at_it_before_them() -> None:
    day = day_of(*line())
    assert [people_before(day, "y", place) for place in (0.5, 1.0, 2.5, 4.0, 99.0)] == [0, 1, 2, 3, 3]
    day.apply(entry(5, Kind.CALL, "t4", counter="1"))
    assert [people_before(day, "y", place) for place in (0.5, 99.0)] == [1, 3]


@pytest.mark.parametrize(
    ("waiting", "minutes", "expected"),
    [
        (0, None, LevelKey.FREE),
        (2, 9.9, LevelKey.FREE),
        (0, 10.0, LevelKey.MODERATE),
        (2, None, LevelKey.FREE),
        (3, None, LevelKey.CROWDED),
    ],
)
def test_the_level_is_reached_by_people_or_by_the_expected_minutes(
    waiting: int, minutes: float | None, expected: LevelKey
) -> None:
    assert level_for(Y, waiting, minutes).key is expected
