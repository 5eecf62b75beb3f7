"""What is learned of who comes when."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from queue_server.config import load_profile
from queue_server.domain.day_kinds import DayKind, day_kind
from queue_server.domain.events import Event
from queue_server.domain.forecast_model import HOUR_ELSE, HOUR_PRIOR, CountedDay, Model, learn

HOURS = load_profile("atsugi").sites["honchosha"].hours
MAILING = Event("mailing", "x", 1.4, frozenset(), day_of_month=15, first=2, last=14)
UNTIL = date(2026, 11, 24)
WEDNESDAY = date(2026, 12, 9)


def kind_of(day: date) -> DayKind:
    return day_kind(HOURS, day, "x", [MAILING])


def days(count: int, people: Callable[[DayKind, int], int]) -> list[CountedDay]:
    """So many days before UNTIL, with people by day and hour."""
    kinds = [kind_of(UNTIL - timedelta(days=back)) for back in range(count, 0, -1)]
    return [CountedDay(kind, {hour: people(kind, hour) for hour in kind.hours}) for kind in kinds]


def learned(count: int, people: Callable[[DayKind, int], int]) -> Model:
    return learn(days(count, people), {"mailing": 1.4}, UNTIL)


def test_before_anything_is_counted_what_is_known_of_halls_in_general_speaks() -> None:
    model = learn([], {"mailing": 1.4}, UNTIL)
    monday, tuesday = model.people(kind_of(date(2026, 12, 7))), model.people(kind_of(date(2026, 12, 8)))
    assert model.days == 0
    assert monday[10] / tuesday[10] == pytest.approx(1.09)
    assert tuesday[10] / tuesday[12] == pytest.approx(HOUR_PRIOR[10] / HOUR_PRIOR[12])
    assert model.factor(("after_closure", 1)) == 1.15
    assert model.factor(("event", "mailing")) == 1.4
    assert model.factor(("month", 3)) == 1.0
    assert model.share(0, 20) == HOUR_ELSE


def test_days_without_anybody_teach_nothing() -> None:
    assert learned(30, lambda _kind, _hour: 0).days == 0


def test_the_course_of_the_day_is_learned() -> None:
    model = learned(200, lambda _kind, hour: 30 if hour == 15 else 10)
    people = model.people(kind_of(WEDNESDAY))
    assert people[15] == pytest.approx(30, rel=0.05)
    assert people[10] == pytest.approx(10, rel=0.05)
    assert people[8] / kind_of(WEDNESDAY).hours[8] == pytest.approx(20, rel=0.1), "half an hour is half an hour"


def test_a_weekday_of_its_own_and_its_hours_of_its_own_are_learned() -> None:
    model = learned(300, lambda kind, hour: 24 if (kind.day.weekday(), hour) == (4, 16) else 10)
    friday, thursday = (model.people(kind_of(date(2026, 12, day))) for day in (11, 10))
    assert friday[16] == pytest.approx(24, rel=0.2)
    assert thursday[16] == pytest.approx(10, rel=0.1)


def test_an_event_that_brings_nobody_is_unlearned_and_one_that_brings_more_is_learned() -> None:
    nothing = learned(300, lambda _kind, _hour: 10)
    doubled = learned(300, lambda kind, _hour: 20 if ("event", "mailing") in kind.causes else 10)
    assert nothing.factor(("event", "mailing")) < 1.1
    assert doubled.factor(("event", "mailing")) > 1.7


def test_the_level_follows_the_last_weeks() -> None:
    model = learned(300, lambda kind, _hour: 20 if kind.day > UNTIL - timedelta(days=60) else 10)
    assert sum(model.people(kind_of(WEDNESDAY)).values()) / 9.75 > 16


def test_what_comes_later_is_not_looked_at() -> None:
    known = days(100, lambda _kind, _hour: 10)
    later = CountedDay(kind_of(UNTIL), dict.fromkeys(kind_of(UNTIL).hours, 1000))
    assert learn([*known, later], {}, UNTIL) == learn(known, {}, UNTIL)


def test_people_in_hours_that_the_calendar_has_closed_are_left_out() -> None:
    saturday = kind_of(date(2026, 11, 21))
    assert CountedDay(saturday, {9: 3, 15: 4}).total == 3


def test_a_month_is_told_from_the_level_once_every_month_was_seen() -> None:
    def spring(kind: DayKind, _hour: int) -> int:
        return 20 if kind.day.month == 4 else 10

    april = kind_of(date(2027, 4, 7))
    assert learned(780, spring).factor(("month", 4)) > 1.5
    assert sum(learned(780, spring).people(april).values()) / 9.75 > 15
    assert learned(300, spring).factor(("month", 4)) == 1.0
