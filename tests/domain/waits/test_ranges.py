import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.waits.ranges import PAST_CLOSING, ROUND_TO, Estimate, Range, shown

MINUTES = st.floats(0, 2_000)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 0.0, Estimate(0, 5)),
        (0.0, 5.0, Estimate(0, 5)),
        (4.9, 5.1, Estimate(0, 10)),
        (5.0, 30.0, Estimate(5, 30)),
        (32.0, 61.0, Estimate(30, 65)),
    ],
)
def test_what_is_shown_is_rounded_outward_to_fives(low: float, high: float, expected: Estimate) -> None:
    assert shown(Range(low, (low + high) / 2, high), None) == expected


@pytest.mark.parametrize(
    ("low", "high", "useful"),
    [(0, 30, True), (0, 35, False), (30, 105, True), (30, 110, False), (575, 1_540, False)],
)
def test_a_range_that_is_too_wide_to_plan_with_is_not_shown(low: float, high: float, useful: bool) -> None:
    assert (shown(Range(low, low, high), None) is not None) is useful


@pytest.mark.parametrize(
    ("left", "high", "told"),
    [(60.0, 120.0, True), (60.0, 121.0, False), (0.0, 60.0, True), (-90.0, 60.0, True), (-90.0, 61.0, False)],
)
def test_no_range_runs_far_past_closing_time(left: float, high: float, told: bool) -> None:
    assert PAST_CLOSING == 60
    assert (shown(Range(high - 20, high - 10, high), left) is not None) is told


@given(MINUTES, MINUTES, MINUTES)
def test_what_is_shown_holds_the_range_and_stands_in_fives(a: float, b: float, c: float) -> None:
    low, point, high = sorted((a, b, c))
    told = shown(Range(low, point, high), None)
    if told is not None:
        assert 0 <= told.low <= low <= high <= told.high
        assert told.low % ROUND_TO == told.high % ROUND_TO == 0
        assert told.low < told.high
        assert told.holds(point)


def test_a_wait_is_as_it_was_told_up_to_the_ends_themselves() -> None:
    assert [Estimate(5, 20).holds(minutes) for minutes in (4.9, 5.0, 20.0, 20.1)] == [False, True, True, False]
