"""What brings more people for some days, known beforehand."""

from datetime import date, timedelta

import pytest

from queue_server.domain.events import Event

MAILING = Event("mailing", "通知書の発送後", 1.4, frozenset({"mynumber"}), day_of_month=15, first=2, last=14)


def felt(event: Event, month: int, year: int = 2026) -> list[int]:
    """The days of a month on which an event is felt."""
    start = date(year, month, 1)
    days = (start + timedelta(days=offset) for offset in range(31))
    return [day.day for day in days if day.month == month and event.felt_on(day)]


def test_a_mailing_is_felt_from_its_first_to_its_last_day_of_effect_each_month() -> None:
    assert felt(MAILING, 11) == list(range(17, 30))
    assert felt(MAILING, 2) == list(range(17, 29))
    assert felt(MAILING, 3) == [1, *range(17, 30)]


def test_its_effect_reaches_into_the_next_month_and_over_new_year() -> None:
    late = Event("late", "x", 2, frozenset(), day_of_month=28, first=1, last=6)
    assert felt(late, 1, 2027) == [1, 2, 3, 29, 30, 31]
    assert felt(late, 3) == [1, 2, 3, 4, 5, 6, 29, 30, 31]


def test_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    end = Event("end", "x", 2, frozenset(), day_of_month=31)
    assert (felt(end, 2), felt(end, 4), felt(end, 12)) == ([28], [30], [31])


def test_days_before_the_event_may_feel_it_too() -> None:
    before = Event("before", "x", 2, frozenset(), day_of_month=2, first=-3, last=0)
    assert felt(before, 1) == [1, 2, 30, 31]


def test_an_event_on_certain_dates_is_felt_around_those_alone() -> None:
    moving = Event("moving", "x", 4, frozenset(), dates=(date(2027, 4, 1),), last=1)
    assert felt(moving, 4, 2027) == [1, 2]
    assert felt(moving, 4, 2028) == []


@pytest.mark.parametrize(("service", "concerned"), [("mynumber", True), ("koseki", False)])
def test_only_the_services_that_it_names_feel_it(service: str, concerned: bool) -> None:
    assert MAILING.concerns(service) is concerned
    assert Event("all", "x", 2, frozenset(), day_of_month=1).concerns(service)
