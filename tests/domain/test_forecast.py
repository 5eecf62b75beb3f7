"""The coming days in words, and why."""

from datetime import date, timedelta

import pytest

from queue_server.config import load_profile
from queue_server.domain.day_kinds import DayKind, day_kind
from queue_server.domain.events import Event
from queue_server.domain.forecast import (
    DAYS_AHEAD,
    Busy,
    DayForecast,
    Forecast,
    HourForecast,
    Reason,
    ReasonKind,
    Span,
    coming,
    forecast,
    spans,
    still_to_come,
)
from queue_server.domain.forecast_model import CountedDay, Model, learn

HOURS = load_profile("atsugi").sites["honchosha"].hours
MAILING = Event("mailing", "x", 1.4, frozenset(), day_of_month=15, first=2, last=14)
TODAY = date(2026, 12, 1)


def made(people: int, *, days: int = 200, minutes: float = 10, events: tuple[Event, ...] = (MAILING,)) -> Forecast:
    """The forecast of a service to which so many come each whole hour, and twice as many at ten."""
    kinds = [day_kind(HOURS, TODAY - timedelta(days=back), "x", events) for back in range(days, 0, -1)]
    history = [
        CountedDay(kind, {hour: round(people * part * (2 if hour == 10 else 1)) for hour, part in kind.hours.items()})
        for kind in kinds
        if kind.hours
    ]
    model = learn(history, {event.id: event.factor for event in events}, TODAY)
    return forecast("x", minutes, model, history, coming(HOURS, TODAY, "x", events))


def day_of(found: Forecast, day: date) -> DayForecast:
    return next(each for each in found.days if each.day == day)


def test_two_weeks_are_told_today_first_and_closed_days_say_why() -> None:
    found = made(10)
    assert len(found.days) == DAYS_AHEAD
    assert found.days[0].day == TODAY
    sunday = day_of(found, date(2026, 12, 6))
    assert (sunday.hours, sunday.busy, sunday.closed, sunday.reasons) == ((), None, "", ())
    new_year = coming(HOURS, date(2026, 12, 29), "x", ())[0]
    assert forecast("x", 5, Model(1, {}, {}, {}, 0), [], [new_year]).days[0].closed == "年末年始"


def test_an_hour_is_held_against_an_ordinary_hour_of_the_service() -> None:
    words = {each.hour: each.busy for each in made(10).days[1].hours}
    assert words[10] is Busy.BUSY
    assert words[14] in (Busy.MODERATE, Busy.QUIET)
    assert made(10).learned_from > 100


def test_little_work_is_no_crowd_however_much_more_it_is_than_usual() -> None:
    few = {each.hour: each.busy for each in made(2, minutes=4).days[1].hours}
    hardly = {each.busy for each in made(2, minutes=1).days[1].hours}
    assert few[10] is Busy.MODERATE
    assert hardly == {Busy.QUIET}


def test_without_counted_days_the_words_hold_hours_against_each_other() -> None:
    found = forecast("x", 10, learn([], {}, TODAY), [], coming(HOURS, TODAY, "x", ()))
    words = {each.hour: each.busy for each in found.days[0].hours}
    assert (words[10], words[8], found.learned_from) == (Busy.BUSY, Busy.QUIET, 0)
    closed = [kind for kind in coming(HOURS, TODAY, "x", ()) if not kind.hours]
    assert forecast("x", 10, learn([], {}, TODAY), [], closed).days[0].busy is None


def reasons(factors: dict[tuple[str, int | str], float], *causes: tuple[str, int | str]) -> tuple[Reason, ...]:
    kind = DayKind(TODAY, {9: 1.0}, "", causes)
    return forecast("x", 10, Model(1, factors, {}, {}, 0), [], [kind]).days[0].reasons


def test_the_two_strongest_causes_are_named() -> None:
    month, monday, event = ("month", 3), ("weekday", 0), ("event", "mailing")
    found = reasons({month: 1.2, monday: 1.1, event: 1.5}, monday, month, event)
    assert found == (Reason(ReasonKind.EVENT, "mailing"), Reason(ReasonKind.MONTH, 3))


def test_a_cause_that_brings_little_or_fewer_is_no_reason() -> None:
    assert reasons({("month", 8): 0.8, ("weekday", 1): 1.02}, ("month", 8), ("weekday", 1)) == ()


@pytest.mark.parametrize(("week", "named"), [(0, True), (1, False), (2, False), (3, False), (4, True)])
def test_only_the_first_and_the_last_days_of_a_month_have_a_name(week: int, named: bool) -> None:
    assert bool(reasons({("week", week): 1.3}, ("week", week))) is named


def test_hours_that_follow_each_other_and_are_alike_are_told_together() -> None:
    quiet, busy = Busy.QUIET, Busy.BUSY
    hours = tuple(HourForecast(hour, 1, word) for hour, word in ((8, quiet), (9, busy), (10, busy), (13, busy)))
    assert spans(DayForecast(TODAY, "", hours, busy, ())) == [
        Span(8, 8, quiet),
        Span(9, 10, busy),
        Span(13, 13, busy),
    ]
    assert spans(DayForecast(TODAY, "", (), None, ())) == []


HOURS_OF_A_DAY = tuple(
    HourForecast(hour, 1.0, busy)
    for hour, busy in ((9, Busy.QUIET), (10, Busy.BUSY), (11, Busy.BUSY), (13, Busy.QUIET), (14, Busy.MODERATE))
)


@pytest.mark.parametrize(
    ("hour", "left", "word"),
    [
        (0, 5, Busy.MODERATE),
        (9, 5, Busy.MODERATE),
        (10, 4, Busy.BUSY),
        (12, 2, Busy.MODERATE),
        (13, 2, Busy.MODERATE),
        (14, 1, Busy.MODERATE),
        (15, 0, None),
        (None, 0, None),
    ],
)
def test_of_today_only_the_hours_to_come_are_told(hour: int | None, left: int, word: Busy | None) -> None:
    """The word of a whole day stays its own; that of a rest lies in the middle of its hours."""
    reasons = (Reason(ReasonKind.WEEKDAY, 1),)
    today = DayForecast(TODAY, "", HOURS_OF_A_DAY, Busy.MODERATE, reasons)
    tomorrow = DayForecast(TODAY + timedelta(days=1), "", HOURS_OF_A_DAY, Busy.BUSY, reasons)
    found = still_to_come(Forecast("x", (today, tomorrow), 7), TODAY, hour)
    assert [len(day.hours) for day in found.days] == [left, 5]
    assert found.days[0].hours == HOURS_OF_A_DAY[len(HOURS_OF_A_DAY) - left :]
    assert (found.days[0].busy, found.days[0].reasons) == (word, reasons if left else ())
    assert (found.days[1], found.learned_from) == (tomorrow, 7)


def test_a_closed_day_stays_closed_whatever_the_hour() -> None:
    closed = DayForecast(TODAY, "年末年始", (), None, ())
    assert still_to_come(Forecast("x", (closed,), 0), TODAY, 12).days == (closed,)
