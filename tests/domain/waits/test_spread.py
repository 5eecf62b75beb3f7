import random

import pytest

from queue_server.domain.waits.spread import BEYOND, first_knots, learn_error, reach


def test_before_an_error_was_seen_both_sides_reach_equally_far_at_every_size() -> None:
    for size in (-3.0, 0.0, 1.5, 4.0, 9.0):
        assert reach(first_knots(), size) == pytest.approx((2.17, 2.17), abs=0.01)


@pytest.mark.parametrize("skew", [0.5, 1.0, 3.0])
def test_in_the_long_run_a_tenth_lies_beyond_either_end_however_the_errors_are_spread(skew: float) -> None:
    chance, knots = random.Random(7), first_knots()
    beyond = [0, 0]
    for turn in range(20_000):
        error = chance.expovariate(1.0) * (skew if chance.random() < 0.5 else -1.0)
        below, above = reach(knots, 3.2)
        if turn >= 5_000:
            beyond[0] += error < -below
            beyond[1] += error > above
        learn_error(knots, 3.2, error)
    assert [count / 15_000 for count in beyond] == pytest.approx([BEYOND, BEYOND], abs=0.01)


def test_errors_of_short_waits_do_not_widen_the_ranges_of_long_ones() -> None:
    knots = first_knots()
    for _ in range(300):
        learn_error(knots, 1.2, 50.0)
    assert reach(knots, 1.2)[1] > reach(first_knots(), 1.2)[1] + 1
    assert reach(knots, 4.5) == reach(first_knots(), 4.5)


def test_a_range_never_ends_on_the_wrong_side_of_what_is_expected() -> None:
    knots = first_knots()
    for _ in range(5_000):
        learn_error(knots, 3.0, -100.0)
    below, above = reach(knots, 3.0)
    assert below > 0
    assert above == 0
