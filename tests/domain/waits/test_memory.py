import pytest

from queue_server.domain.waits.memory import (
    DAY_MEMORY,
    FORGOTTEN,
    GAP_LIMIT,
    PRIOR_GAPS,
    SLOTS,
    Line,
    Prior,
    slot_of,
)

PRIOR = Prior(gap=5.0, work=10.0)


def test_before_a_call_a_line_goes_as_was_promised() -> None:
    assert (Line().usual_gap(PRIOR), Line().work(PRIOR)) == (5.0, 10.0)
    assert Line().slot_pace(18, 5.0) == pytest.approx(1 / 5)


def called(*calls: tuple[float, float], counters: float | None = None) -> tuple[Line, list[float | None]]:
    """A line after calls (since when they waited, when they were called), and the gaps that told the pace."""
    line = Line()
    line.today.counters = counters
    return line, [line.learn_call(since, now, PRIOR) for since, now in calls]


def test_the_pace_is_learned_from_gaps_in_which_somebody_waited() -> None:
    line, gaps = called((540, 541), (540, 544), (543, 547), (560, 561))
    assert gaps == [None, 3.0, 3.0, None]
    assert line.usual_gap(PRIOR) == pytest.approx((6 + 5 * PRIOR_GAPS) / (2 + PRIOR_GAPS))
    assert list(line.today.gaps) == [3.0, 3.0]


def test_the_work_of_a_person_is_a_gap_times_the_open_counters() -> None:
    line, _ = called((540, 541), (540, 544), counters=2.0)
    assert line.work(PRIOR) == pytest.approx((6 + 10 * PRIOR_GAPS) / (1 + PRIOR_GAPS))


def test_a_standstill_is_not_a_pace() -> None:
    line, gaps = called((540, 541), (540, 841))
    assert gaps == [None, GAP_LIMIT * 5.0]
    assert list(line.today.gaps) == [300.0]


def test_a_clock_that_was_set_back_makes_no_negative_gap() -> None:
    _, gaps = called((540, 560), (541, 550))
    assert gaps == [None, 0.0]


def test_a_gap_is_spread_over_the_slots_of_the_day() -> None:
    line, _ = called((540, 560), (541, 605))
    assert {slot: minutes for slot, minutes in enumerate(line.slot_minutes) if minutes} == {
        18: 10.0,
        19: 30.0,
        20: 5.0,
    }
    assert line.slot_calls[20] == 1.0
    assert line.today.made_calls == 1.0
    assert line.today.usual_calls > 0


@pytest.mark.parametrize(
    ("minute", "slot"), [(-5.0, 0), (0.0, 0), (29.9, 0), (30.0, 1), (1_439.0, 47), (2_000.0, 47)]
)
def test_every_minute_lies_in_a_slot(minute: float, slot: int) -> None:
    assert slot_of(minute) == slot


def test_a_gap_past_midnight_belongs_to_the_last_slot() -> None:
    line, _ = called((1_400, 1_430), (1_401, 1_500))
    assert (line.slot_minutes[SLOTS - 2], line.slot_minutes[SLOTS - 1]) == (0.0, 70.0)


def test_a_new_day_forgets_today_and_counts_what_was_learned_for_less() -> None:
    line, _ = called((540, 541), (540, 544))
    line.learn_wait(3, 12.0)
    line.begin_day()
    assert (line.gaps, line.count) == (3.0 * DAY_MEMORY, DAY_MEMORY)
    assert line.slot_minutes[18] == pytest.approx(3.0 * DAY_MEMORY)
    assert [each.waits for each in line.lengths.values()] == [12.0 * DAY_MEMORY]
    assert (len(line.today.calls), line.today.waiting, line.today.counters) == (0, {}, None)


def test_a_wait_of_long_ago_is_forgotten_at_last() -> None:
    line = Line()
    line.learn_wait(3, 12.0)
    days = 0
    while line.lengths:
        line.begin_day()
        days += 1
    assert DAY_MEMORY ** (days - 1) <= FORGOTTEN < DAY_MEMORY ** (days - 2)
