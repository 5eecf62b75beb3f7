import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from queue_server.domain.waits.features import FREE_INPUT, INPUTS, PATIENCE, known, pace_of_now, patient
from queue_server.domain.waits.memory import PRIOR_RECENT, RECENT_GAPS, Line, Prior, Waiting

PRIOR = Prior(gap=6.0, work=12.0)
CLOSING, FREE, HOL = 8, FREE_INPUT, 5


def waiting(since: float, ahead: int = 0) -> Waiting:
    return Waiting(since, ahead, (0.0,) * INPUTS, 1.0, 1.0, 0.2)


@example(2.598285589804666e-12, 1.0)
@given(st.floats(0, 3_000), st.floats(0.1, 500))
def test_patience_shortens_long_waits_more_and_none_below_nothing(minutes: float, more: float) -> None:
    assert 0 <= patient(minutes) <= minutes
    assert patient(minutes) < patient(minutes + more)
    assert patient(minutes + more) - patient(minutes) <= more + 1e-9


def test_the_wait_of_the_patient_is_that_in_which_the_line_is_served_or_gone() -> None:
    """minutes = PATIENCE (exp(w / PATIENCE) - 1), solved for w."""
    wait = patient(200.0)
    assert PATIENCE * (math.exp(wait / PATIENCE) - 1) == pytest.approx(200.0)


def test_before_anything_was_seen_all_rules_say_the_same() -> None:
    facts = known(Line(), PRIOR, 540.0, 4, None)
    assert len(facts.inputs) == INPUTS
    # 4.5 turns of 6 minutes; work at one counter is 12 minutes a person.
    assert facts.inputs[0] == facts.inputs[1] == pytest.approx(facts.inputs[4])
    assert facts.inputs[2] > facts.inputs[0]
    assert sum(facts.inputs[:5]) == pytest.approx(0.0)


def test_twice_the_counters_halve_what_the_rule_of_work_says() -> None:
    one, two = Line(), Line()
    one.today.counters, two.today.counters = 1.0, 2.0
    (first, a), (second, b) = (
        (known(line, PRIOR, 540.0, 20, None), known(line, PRIOR, 540.0, 20, None).size) for line in (one, two)
    )
    assert math.exp(first.inputs[2] + a) > math.exp(second.inputs[2] + b)


@pytest.mark.parametrize(("counters", "free", "said"), [(None, None, 0.0), (2.0, 0.0, 0.0), (2.0, 1.0, 1.0)])
def test_a_free_counter_is_said_where_it_is_known(counters: float | None, free: float | None, said: float) -> None:
    line = Line()
    line.today.counters, line.today.free = counters, free
    assert known(line, PRIOR, 540.0, 0, None).inputs[FREE] == said


def test_the_end_of_the_day_is_said_only_when_the_wait_would_run_past_it() -> None:
    line = Line()
    assert known(line, PRIOR, 540.0, 5, None).inputs[CLOSING] == 0.0
    assert known(line, PRIOR, 540.0, 5, 1_000.0).inputs[CLOSING] == 0.0
    assert known(line, PRIOR, 990.0, 5, 1_000.0).inputs[CLOSING] < 0.0
    assert known(line, PRIOR, 1_010.0, 5, 1_000.0).inputs[CLOSING] < known(line, PRIOR, 990.0, 5, 1_000.0).inputs[8]


def test_how_long_the_first_one_waits_is_compared_with_the_whole_line() -> None:
    line = Line()
    line.today.waiting = {str(n): waiting(500.0 + n, n) for n in range(10)}
    newcomer, half_way = (known(line, PRIOR, 540.0, ahead, None) for ahead in (10, 4))
    assert newcomer.inputs[HOL] == pytest.approx(half_way.inputs[HOL])
    assert newcomer.size > half_way.size


def test_the_pace_of_now_is_that_of_the_last_gaps_shrunken_to_the_usual_one() -> None:
    line = Line()
    line.today.gaps.extend([2.0] * RECENT_GAPS)
    assert pace_of_now(line, 6.0, 0.0) == pytest.approx(
        (RECENT_GAPS * 2 + PRIOR_RECENT * 6) / (RECENT_GAPS + PRIOR_RECENT)
    )
    assert pace_of_now(line, 6.0, 0.0) < pace_of_now(line, 6.0, 20.0) < pace_of_now(line, 6.0, 30.0)


def test_a_standstill_has_an_end() -> None:
    assert pace_of_now(Line(), 6.0, 100.0) == pace_of_now(Line(), 6.0, 1_000.0)


def test_the_slots_of_the_day_are_gone_through_with_their_own_pace() -> None:
    """Half an hour of two calls a minute from ten on; who comes at half past nine with many ahead gains by it."""
    quick = Line()
    quick.slot_minutes[20], quick.slot_calls[20] = 3_000.0, 6_000.0
    slow, fast = (known(line, PRIOR, 570.0, 30, None) for line in (Line(), quick))
    assert fast.inputs[4] < slow.inputs[4]
    assert known(Line(), PRIOR, 1_439.0, 400, None).size > 0, "the line outlasts the day"


def test_waits_at_about_this_length_are_scaled_to_it() -> None:
    line = Line()
    for _ in range(50):
        line.learn_wait(10, 40.0)
    at_ten, at_twenty, at_hundred = (known(line, PRIOR, 540.0, ahead, None) for ahead in (10, 20, 100))
    assert math.exp(at_ten.inputs[3] + at_ten.size) == pytest.approx(patient(40.0) + 1, rel=0.1)
    assert at_twenty.inputs[3] > at_ten.inputs[3] - 0.2
    assert at_hundred.inputs[3] == pytest.approx(known(Line(), PRIOR, 540.0, 100, None).inputs[3], abs=0.3)
