from dataclasses import replace

import pytest

from queue_server.domain.entries import Entry, Kind
from queue_server.domain.outlook import (
    being_served,
    estimate_for,
    estimate_for_newcomer,
    level_for,
    people_ahead,
    people_before,
)
from queue_server.domain.site import LevelKey
from queue_server.domain.waits.simple import Estimate
from tests.support.halls import SITE, day_of, entry, issue_entry

X, Y = SITE.services["x"], SITE.services["y"]
OPEN_1, OPEN_2 = (entry(n, Kind.OPEN_COUNTER, None, counter=str(n - 90)) for n in (91, 92))


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


@pytest.mark.parametrize(("opened", "expected"), [((), None), ((OPEN_1,), 20.0), ((OPEN_1, OPEN_2), 10.0)])
def test_the_estimate_looks_at_the_open_counters_of_the_service(
    opened: tuple[Entry, ...], expected: float | None
) -> None:
    estimate = estimate_for(SITE, day_of(*opened), Y, 2)
    assert (estimate.point if estimate else None) == expected


def test_who_would_enter_the_line_at_a_place_has_those_at_it_before_them() -> None:
    day = day_of(*line())
    assert [people_before(day, "y", place) for place in (0.5, 1.0, 2.5, 4.0, 99.0)] == [0, 1, 2, 3, 3]
    day.apply(entry(5, Kind.CALL, "t4", counter="1"))
    assert [people_before(day, "y", place) for place in (0.5, 99.0)] == [1, 3]


def test_the_estimate_of_a_stage_looks_at_the_open_counters_that_serve_it() -> None:
    counters = {
        "1": replace(SITE.counters["1"], stages={"x": (0,)}),
        "2": replace(SITE.counters["1"], id="2", stages={"x": (1,)}),
    }
    site = replace(SITE, counters=counters)
    assert estimate_for(site, day_of(OPEN_1), X, 2, 0) == estimate_for(SITE, day_of(OPEN_1), X, 2)
    assert estimate_for(site, day_of(OPEN_1), X, 2, 1) is None
    assert estimate_for(site, day_of(OPEN_1, OPEN_2), X, 2, 1) is not None


def test_a_counter_that_serves_a_service_today_shortens_its_estimate_and_no_other() -> None:
    today = entry(93, Kind.ASSIGN_SERVICES, None, counter="2", body={"services": ["x"]})
    assert estimate_for(SITE, day_of(OPEN_2, today), X, 2) == estimate_for(SITE, day_of(OPEN_1), X, 2)
    assert estimate_for(SITE, day_of(OPEN_2, today), Y, 2) is None


def test_a_counter_for_other_services_shortens_nothing() -> None:
    assert estimate_for(SITE, day_of(OPEN_2), X, 2) is None


def test_the_estimate_learns_from_the_calls_of_the_day() -> None:
    calls = [entry(10 + n, Kind.CALL, f"t{n}", minute=m) for n, m in ((1, 0), (2, 2), (4, 4))]
    quick = estimate_for(SITE, day_of(*line(), *calls, OPEN_1), Y, 4)
    assert quick is not None
    assert quick.point == pytest.approx(4 * (6 * 10 + 2 + 2) / 8)


def test_a_newcomer_waits_for_everybody_in_line_and_at_the_counters() -> None:
    day = day_of(*line(), OPEN_1, entry(93, Kind.CALL, "t1", counter="1"))
    assert estimate_for_newcomer(SITE, day, Y) == estimate_for(SITE, day, Y, 3)


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
    estimate = None if minutes is None else Estimate(0, minutes, 60)
    assert level_for(Y, waiting, estimate).key is expected
