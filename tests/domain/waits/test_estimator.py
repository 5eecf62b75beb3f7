"""The estimator as a whole: what it says at first, what it learns, and what never happens."""

import json
import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.waits.estimator import Estimator
from queue_server.domain.waits.ranges import Range
from queue_server.domain.waits.state import estimator_of_plain, plain_estimator

many = settings(deadline=None, max_examples=60)


def a_day(estimator: Estimator, seed: int, minutes: float = 8.0, counters: int = 2, people: int = 90) -> list[bool]:
    """A day of one line, from half past eight on; returns for those who had somebody ahead: within the range?"""
    chance = random.Random(seed)
    arrivals = sorted(510 + chance.random() * 360 for _ in range(people))
    free = [510.0] * counters
    line: list[tuple[int, Range, float, int]] = []
    within = []
    estimator.counters("a", counters)
    for who, now in enumerate([*arrivals, float("inf")]):
        while line and min(free) <= now:
            ticket, told, since, ahead = line.pop(0)
            turn = max(min(free), since)
            estimator.called("a", str(ticket), turn)
            free[free.index(min(free))] = turn + minutes * chance.uniform(0.5, 1.5)
            if ahead:
                within.append(told.low <= turn - since <= told.high)
        if who < people:
            line.append((who, estimator.issued("a", str(who), now), now, len(line)))
    return within


def taught(days: int = 6, **how: float) -> Estimator:
    estimator = Estimator()
    for seed in range(days):
        a_day(estimator, seed, **how)  # type: ignore[arg-type]
        estimator.begin_day()
    return estimator


def test_on_the_first_morning_a_wait_is_people_times_the_promised_minutes_by_counters() -> None:
    estimator = Estimator({"a": 12.0})
    estimator.counters("a", 3)
    expected = estimator.predict("a", 540.0, 6)
    assert expected.low < expected.point < expected.high
    assert expected.point == pytest.approx(6.5 * 12 / 3, rel=0.1)


def test_with_a_free_counter_and_nobody_before_them_people_are_called_at_once() -> None:
    estimator = Estimator({"a": 12.0})
    estimator.counters("a", 1, free=1)
    free = estimator.predict("a", 540.0, 0)
    estimator.counters("a", 1, free=0)
    assert free.high < 5 < estimator.predict("a", 540.0, 0).high


def test_promised_minutes_are_overruled_by_what_is_seen_in_the_first_hour() -> None:
    """20 minutes a person are promised, three are true."""
    estimator = Estimator({"a": 20.0})
    estimator.counters("a", 1)
    before = estimator.predict("a", 540.0, 5)
    for who in range(25):
        estimator.issued("a", str(who), 540.0)
    for who in range(20):
        estimator.called("a", str(who), 543.0 + 3 * who)
    after = estimator.predict("a", 600.0, 5)
    assert after.high < before.low


def test_a_line_that_was_never_seen_is_guessed_by_how_right_the_promises_of_the_others_were() -> None:
    estimator = Estimator({"a": 10.0, "b": 10.0})
    before = estimator.predict("b", 600.0, 5)
    for who in range(25):
        estimator.issued("a", str(who), 540.0)
        estimator.called("a", str(who), 541.0 + 3 * who)
    assert estimator.predict("b", 620.0, 5).point < before.point


def test_after_some_days_eight_of_ten_waits_lie_in_their_range() -> None:
    estimator = taught(4)
    within = [each for seed in range(100, 112) for each in a_day_and_on(estimator, seed)]
    assert len(within) > 500
    assert 0.74 <= sum(within) / len(within) <= 0.9


def a_day_and_on(estimator: Estimator, seed: int) -> list[bool]:
    within = a_day(estimator, seed)
    estimator.begin_day()
    return within


def test_what_was_learned_narrows_the_ranges() -> None:
    def width(estimator: Estimator) -> float:
        estimator.counters("a", 2)
        found = estimator.predict("a", 600.0, 5)
        return (found.high - found.low) / found.point

    assert width(taught(12)) < width(Estimator({"a": 8.0}))


def test_one_more_person_ahead_never_shortens_the_wait_that_is_expected() -> None:
    estimator = taught()
    estimator.counters("a", 2)
    for who in range(40):
        estimator.issued("a", str(who), 540.0 + who / 4)
    for now in (550.0, 620.0, 700.0):
        points = [estimator.predict("a", now, ahead).point for ahead in range(41)]
        assert points == sorted(points)


def test_one_more_open_counter_never_lengthens_the_wait_that_is_expected() -> None:
    estimator = Estimator({"a": 10.0})
    points = []
    for counters in range(1, 8):
        estimator.counters("a", counters)
        points.append(estimator.predict("a", 540.0, 8).point)
    assert points == sorted(points, reverse=True)


def test_a_standstill_lengthens_what_is_expected_minute_by_minute() -> None:
    estimator = Estimator({"a": 8.0})
    estimator.counters("a", 2)
    for who in range(10):
        estimator.issued("a", f"t{who}", 540.0)
    estimator.called("a", "t0", 545.0)
    points = [estimator.predict("a", 545.0 + wait, 9).point for wait in (0, 10, 20, 30)]
    assert points == sorted(points)
    assert points[0] < points[-1]


def test_who_left_or_never_came_teaches_nothing() -> None:
    estimator, other = Estimator(), Estimator()
    for each in (estimator, other):
        each.issued("a", "1", 540.0)
    estimator.issued("a", "2", 541.0)
    estimator.left("a", "2")
    estimator.left("a", "nobody")
    estimator.called("a", "nobody", 550.0)
    assert plain_estimator(estimator) == plain_estimator(other)
    assert estimator.predict("a", 542.0, 1) == other.predict("a", 542.0, 1)


def test_who_is_issued_again_begins_to_wait_anew() -> None:
    estimator = Estimator()
    estimator.issued("a", "1", 540.0)
    estimator.issued("a", "1", 560.0)
    assert [each.since for each in estimator.line("a").today.waiting.values()] == [560.0]


def test_a_new_day_begins_with_nobody_and_knows_when_the_last_ones_ended() -> None:
    estimator = taught(3)
    assert estimator.line("a").today.waiting == {}
    ends = list(estimator.day_ends)
    assert [closes for closes, _ in ends] == [None] * 3
    assert estimator._day_end() == sorted(last for _, last in ends)[1]
    estimator.begin_day()
    assert list(estimator.day_ends) == ends, "a day without a call says nothing"


def test_the_last_hour_is_learned_for_what_it_is() -> None:
    """Every day the line is cleared at five, ten a minute: who comes shortly before it learns to count on that."""
    estimator = Estimator({"a": 10.0})
    for _ in range(8):
        estimator.counters("a", 1)
        for who in range(60):
            estimator.issued("a", str(who), 900.0 + who)
        for who in range(60):
            estimator.called("a", str(who), 905.0 + 10 * who if who < 11 else 1_015.0 + who / 10)
        estimator.begin_day()
    estimator.counters("a", 1)
    for who in range(40):
        estimator.issued("a", str(who), 990.0)
    taught, fresh = (each.predict("a", 995.0, 40).point for each in (estimator, Estimator({"a": 10.0})))
    assert taught < fresh / 2


def test_the_end_of_the_day_follows_the_closing_time_where_that_is_known() -> None:
    estimator = Estimator()
    assert estimator._day_end() is None
    estimator.closes = 1_020.0
    assert estimator._day_end() == 1_020.0
    for minute in (1_025.0, 1_050.0, 1_035.0):
        estimator.closes = 1_020.0
        estimator.issued("a", "1", 540.0)
        estimator.called("a", "1", minute)
        estimator.begin_day()
    assert estimator._day_end() is None
    estimator.closes = 900.0
    assert estimator._day_end() == 915.0


def test_what_was_kept_goes_on_like_the_one_that_never_stopped() -> None:
    going = taught(4)
    kept = estimator_of_plain(json.loads(json.dumps(plain_estimator(going))))
    assert kept is not None
    assert a_day(going, 50) == a_day(kept, 50)
    assert plain_estimator(going) == plain_estimator(kept)


def test_what_was_kept_in_another_form_is_dropped_and_what_is_broken_is_said() -> None:
    plain = plain_estimator(taught(1))
    assert estimator_of_plain({**plain, "form": 0}) is None
    short = {**plain, "blends": [{**each, "weights": [[0.0]]} for each in plain["blends"]]}
    few = {**plain, "blends": [{**each, "knots": []} for each in plain["blends"]]}
    slots = {**plain, "lines": {"a": {**plain["lines"]["a"], "slots": [[48, 1.0, 1.0]]}}}
    for broken in (short, few, slots):
        with pytest.raises(ValueError, match="other"):
            estimator_of_plain(broken)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["issued", "called", "left", "counters", "day", "ask"]),
        st.sampled_from("abc"),
        st.integers(0, 12),
        st.floats(-20, 90),
    ),
    max_size=80,
)


@many
@given(EVENTS)
def test_whatever_happens_ranges_are_ordered_finite_and_the_same_every_time(
    events: list[tuple[str, str, int, float]],
) -> None:
    first, second = list(said(events)), list(said(events))
    assert first == second
    for each in first:
        assert 0 <= each.low <= each.point <= each.high < 5_000


def said(events: list[tuple[str, str, int, float]]) -> Iterator[Range]:
    """What an estimator says while these things happen; the clock may even go back."""
    estimator, now = Estimator({"a": 5.0}), 500.0
    for kind, line, number, minutes in events:
        now += minutes
        match kind:
            case "issued":
                yield estimator.issued(line, str(number), now, number if number % 3 else None)
            case "called":
                estimator.called(line, str(number), now)
            case "left":
                estimator.left(line, str(number))
            case "counters":
                estimator.counters(line, number / 2, float(number % 2))
            case "day":
                estimator.begin_day()
                now = 500.0
            case _:
                yield estimator.predict(line, now, number)
