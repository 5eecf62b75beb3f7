"""What a forecast knows of a date beforehand."""

from dataclasses import replace
from datetime import date

import pytest

from queue_server.config import load_profile
from queue_server.domain.day_kinds import day_kind
from queue_server.domain.events import Event

HOURS = load_profile("atsugi").sites["honchosha"].hours
MAILING = Event("mailing", "x", 1.4, frozenset({"mynumber"}), day_of_month=15, first=2, last=14)


@pytest.mark.parametrize(
    ("day", "follows"),
    [
        (date(2026, 11, 24), True),  # a Tuesday after a holiday on Monday
        (date(2026, 11, 25), False),
        (date(2026, 11, 30), False),  # a Monday after a Sunday that is always closed
        (date(2027, 1, 4), True),  # the first day after New Year
    ],
)
def test_a_day_after_a_holiday_is_told_from_one_after_an_ordinary_sunday(day: date, follows: bool) -> None:
    assert (("after_closure", 1) in day_kind(HOURS, day, "x", ()).causes) is follows


def test_a_hall_that_never_opens_follows_nothing() -> None:
    never = replace(HOURS, week=((),) * 7)
    assert ("after_closure", 1) not in day_kind(never, date(2026, 11, 24), "x", ()).causes


def test_a_day_has_its_weekday_its_week_of_the_month_its_month_and_its_events() -> None:
    kind = day_kind(HOURS, date(2026, 11, 25), "mynumber", [MAILING])
    assert kind.causes == (("weekday", 2), ("week", 3), ("month", 11), ("event", "mailing"))
    assert ("event", "mailing") not in day_kind(HOURS, date(2026, 11, 25), "shomei", [MAILING]).causes
    assert ("event", "mailing") not in day_kind(HOURS, date(2026, 11, 12), "mynumber", [MAILING]).causes


def test_a_closed_day_has_no_hours_and_says_why() -> None:
    kind = day_kind(HOURS, date(2026, 11, 23), "x", ())
    assert (kind.hours, kind.reason) == ({}, "勤労感謝の日")
    assert day_kind(HOURS, date(2026, 11, 28), "x", ()).hours == {8: 0.5, 9: 1, 10: 1, 11: 1}
