from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.calendar import JST
from queue_server.domain.retention import Retention, kept

LAST = datetime(2026, 11, 24, 20, 30, tzinfo=JST)
NIGHTS = [LAST - timedelta(days=back) for back in range(400)]
NOTHING = Retention(last=0, days=0, weeks=0, months=0)

instants = st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), max_size=40)  # noqa: DTZ001
numbers = st.integers(0, 5)
retentions = st.builds(Retention, numbers, numbers, numbers, numbers)


def days_back(times: set[datetime]) -> list[int]:
    return sorted((LAST - at).days for at in times)


def test_the_newest_is_kept_whatever_the_rules_say() -> None:
    assert kept(NIGHTS, NOTHING) == {LAST}
    assert kept([], Retention()) == set()


def test_the_last_ones_are_kept_also_of_one_day() -> None:
    hours = [LAST - timedelta(hours=back) for back in range(5)]
    assert kept(hours, Retention(last=3, days=1, weeks=0, months=0)) == set(hours[:3])


def test_of_each_day_its_last_one_is_kept() -> None:
    twice = NIGHTS[:3] + [night - timedelta(hours=6) for night in NIGHTS[:3]]
    assert kept(twice, Retention(last=1, days=2, weeks=0, months=0)) == set(NIGHTS[:2])


def test_days_weeks_and_months_reach_back_as_far_as_they_say() -> None:
    assert days_back(kept(NIGHTS, Retention(last=1, days=4, weeks=0, months=0))) == [0, 1, 2, 3]
    # 24 November 2026 is a Tuesday: Sundays end the weeks before.
    assert days_back(kept(NIGHTS, Retention(last=1, days=0, weeks=3, months=0))) == [0, 2, 9]
    assert days_back(kept(NIGHTS, Retention(last=1, days=0, weeks=0, months=3))) == [0, 24, 55]


def test_a_day_is_one_in_japan() -> None:
    before, after = datetime(2026, 11, 24, 14, 59, tzinfo=UTC), datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    assert kept([before, after], Retention(last=1, days=2, weeks=0, months=0)) == {before, after}
    assert kept([before, after], Retention(last=1, days=1, weeks=0, months=0)) == {after}


def test_a_machine_that_was_off_for_a_year_loses_none_of_its_backups() -> None:
    old = NIGHTS[390:395]
    assert kept([LAST, *old], Retention(last=1, days=6, weeks=0, months=0)) == {LAST, *old}


@given(instants, retentions)
def test_what_is_kept_once_is_kept_again(times: list[datetime], retention: Retention) -> None:
    once = kept(times, retention)
    assert once <= set(times)
    assert kept(once, retention) == once
    assert not times or max(times) in once


@given(instants, retentions, st.sampled_from(["last", "days", "weeks", "months"]))
def test_a_rule_that_reaches_further_keeps_no_less(times: list[datetime], retention: Retention, rule: str) -> None:
    values = {name: getattr(retention, name) for name in ("last", "days", "weeks", "months")}
    further = Retention(**{**values, rule: values[rule] + 1})
    assert kept(times, retention) <= kept(times, further)
