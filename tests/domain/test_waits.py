import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.waits.simple import GAP_CAP, ROUND_TO, Estimate, estimate_wait

AHEAD, COUNTERS, MINUTES = st.integers(0, 400), st.integers(1, 20), st.floats(0.5, 60)
GAPS = st.lists(st.floats(0, 600), max_size=20)
many = settings(deadline=None)


@pytest.mark.parametrize(
    ("ahead", "counters", "gaps", "expected"),
    [
        (0, 1, (), Estimate(0, 0.0, 5)),
        (1, 1, (), Estimate(5, 10.0, 20)),
        (4, 2, (), Estimate(10, 20.0, 35)),
        (5, 1, (), Estimate(30, 50.0, 80)),
        (4, 1, (10.0,) * 6, Estimate(20, 40.0, 65)),
        (4, 1, (5.0,) * 6, Estimate(15, 30.0, 50)),
    ],
)
def test_a_wait_is_people_ahead_times_a_pace_shrunk_towards_the_profile(
    ahead: int, counters: int, gaps: tuple[float, ...], expected: Estimate
) -> None:
    assert estimate_wait(ahead, counters, 10.0, gaps) == expected


def test_nobody_can_say_how_long_without_an_open_counter() -> None:
    assert estimate_wait(3, 0, 10.0, ()) is None


@many
@given(AHEAD, COUNTERS, MINUTES, GAPS)
def test_a_range_holds_what_is_expected_and_is_told_in_fives(
    ahead: int, counters: int, minutes: float, gaps: list[float]
) -> None:
    estimate = estimate_wait(ahead, counters, minutes, gaps)
    assert estimate is not None
    assert 0 <= estimate.low <= estimate.point <= estimate.high
    assert estimate.low % ROUND_TO == estimate.high % ROUND_TO == 0
    assert estimate.low < estimate.high


@many
@given(AHEAD, COUNTERS, MINUTES, GAPS)
def test_one_more_person_ahead_never_shortens_the_wait(
    ahead: int, counters: int, minutes: float, gaps: list[float]
) -> None:
    fewer, more = (estimate_wait(n, counters, minutes, gaps) for n in (ahead, ahead + 1))
    assert fewer is not None
    assert more is not None
    assert (fewer.low, fewer.point, fewer.high) <= (more.low, more.point, more.high)
    assert fewer.low <= more.low
    assert fewer.high <= more.high


@many
@given(AHEAD, COUNTERS, MINUTES)
def test_one_more_open_counter_never_lengthens_the_wait(ahead: int, counters: int, minutes: float) -> None:
    alone, helped = (estimate_wait(ahead, n, minutes, ()) for n in (counters, counters + 1))
    assert alone is not None
    assert helped is not None
    assert helped.high <= alone.high


@many
@given(COUNTERS, MINUTES, GAPS)
def test_a_standstill_is_not_a_pace(counters: int, minutes: float, gaps: list[float]) -> None:
    estimate = estimate_wait(1, counters, minutes, gaps)
    assert estimate is not None
    assert estimate.point <= GAP_CAP * minutes / counters + 1e-9
