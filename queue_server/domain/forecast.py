"""How busy each open hour of the coming days will be, in three words, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from queue_server.domain.day_kinds import Cause, DayKind, day_kind
from queue_server.domain.events import Event
from queue_server.domain.forecast_model import CountedDay, Model
from queue_server.domain.site import Hours

DAYS_AHEAD = 14
QUIET_HOUR, BUSY_HOUR = 0.8, 1.25
"""An hour with fewer, or more, than so many times the people of an ordinary hour of the service."""
QUIET_DAY, BUSY_DAY = 0.88, 1.12
LEAST_WORK, LITTLE_WORK = 10.0, 30.0
"""Minutes of work that come in an hour: below the first no hour is more than quiet, below the second none is busy.

Half the time of a single counter is no crowd, however much more it is than usual."""
FEW_DAYS = 20
"""With fewer counted days, hours are held against the model's own, since nobody knows an ordinary hour yet."""
TELLING = 1.07
"""A cause is named as a reason from so many times the ordinary on."""
MOST_REASONS = 2
NAMED_WEEKS = (0, 4)
"""The first days of a month and its last have a name; the weeks between have none."""


class Busy(StrEnum):
    """How busy it will be."""

    QUIET = "quiet"
    MODERATE = "moderate"
    BUSY = "busy"


class ReasonKind(StrEnum):
    """Why a day will be busier than others."""

    EVENT = "event"
    AFTER_CLOSURE = "after_closure"
    WEEKDAY = "weekday"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; `value` is the event's id, the weekday (0 is Monday), the week of the month from 0, the month."""

    kind: ReasonKind
    value: int | str


@dataclass(frozen=True, slots=True)
class HourForecast:
    """One hour of the clock."""

    hour: int
    people: float
    """Who will take a number; without a counted day only in proportion."""
    busy: Busy


@dataclass(frozen=True, slots=True)
class DayForecast:
    """One day; no hours and no word for a day on which the hall is closed."""

    day: date
    closed: str
    """Why it is closed, as the calendar says it; may be empty on a closed day too."""
    hours: tuple[HourForecast, ...]
    busy: Busy | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Hours that follow each other and are alike: from `first` to the end of `last`."""

    first: int
    last: int
    busy: Busy


@dataclass(frozen=True, slots=True)
class Forecast:
    """The coming days of one service."""

    service: str
    days: tuple[DayForecast, ...]
    learned_from: int
    """Counted days; 0 while only what is known of halls in general speaks."""


def forecast(
    service: str, minutes_per_person: float, model: Model, history: Sequence[CountedDay], kinds: Sequence[DayKind]
) -> Forecast:
    """What the model expects of those days, in words."""
    ordinary = _ordinary_hour(model, history, kinds)
    counted = model.days >= FEW_DAYS
    work = minutes_per_person if counted else None
    return Forecast(service, tuple(_day(model, kind, ordinary, work) for kind in kinds), model.days)


def coming(hours: Hours, today: date, service: str, events: Sequence[Event]) -> list[DayKind]:
    """The coming two weeks, today first."""
    return [day_kind(hours, today + timedelta(days=ahead), service, events) for ahead in range(DAYS_AHEAD)]


def still_to_come(found: Forecast, today: date, hour: int | None) -> Forecast:
    """The forecast without today's hours before `hour`, the hour of the clock; None: the hall has closed for today.

    What is left of the day has the word in the middle of its hours' words; a day with nothing left has none.
    """

    def left(day: DayForecast) -> DayForecast:
        hours = tuple(each for each in day.hours if hour is not None and each.hour >= hour)
        if day.day != today or hours == day.hours:
            return day
        return replace(day, hours=hours, busy=_middle(hours), reasons=day.reasons if hours else ())

    return replace(found, days=tuple(map(left, found.days)))


def _middle(hours: Sequence[HourForecast]) -> Busy | None:
    words = list(Busy)
    ranks = sorted(words.index(each.busy) for each in hours)
    return words[ranks[len(ranks) // 2]] if ranks else None


def spans(day: DayForecast) -> list[Span]:
    """The hours of a day, those together that follow each other and are alike."""
    found: list[Span] = []
    for each in day.hours:
        if found and found[-1].busy is each.busy and found[-1].last == each.hour - 1:
            found[-1] = Span(found[-1].first, each.hour, each.busy)
        else:
            found.append(Span(each.hour, each.hour, each.busy))
    return found


def _ordinary_hour(model: Model, history: Sequence[CountedDay], kinds: Sequence[DayKind]) -> float:
    """People of a whole ordinary hour: the mean of the counted days, else the model's own of the coming ones."""
    if model.days >= FEW_DAYS:
        opened = sum(sum(each.kind.hours.values()) for each in history)
        return sum(each.total for each in history) / opened
    shares = [
        (model.level * model.share(kind.day.weekday(), hour) * part, part)
        for kind in kinds
        for hour, part in kind.hours.items()
    ]
    opened = sum(part for _, part in shares)
    return sum(people for people, _ in shares) / opened if opened else 1.0


def _day(model: Model, kind: DayKind, ordinary: float, minutes_per_person: float | None) -> DayForecast:
    people = model.people(kind)
    hours = tuple(
        HourForecast(
            hour, count, _word(count / kind.hours[hour], ordinary, (QUIET_HOUR, BUSY_HOUR), minutes_per_person)
        )
        for hour, count in people.items()
    )
    if not hours:
        return DayForecast(kind.day, kind.reason, (), None, ())
    whole = sum(people.values()) / sum(kind.hours.values())
    busy = _word(whole, ordinary, (QUIET_DAY, BUSY_DAY), minutes_per_person)
    return DayForecast(kind.day, "", hours, busy, _reasons(model, kind))


def _word(people: float, ordinary: float, bounds: tuple[float, float], minutes_per_person: float | None) -> Busy:
    """The word for so many people in a whole hour, against an ordinary hour and against the work they bring."""
    quiet, busy = (bound * ordinary for bound in bounds)
    word = Busy.QUIET if people < quiet else Busy.BUSY if people >= busy else Busy.MODERATE
    work = people * minutes_per_person if minutes_per_person is not None else None
    if work is not None and work < LEAST_WORK:
        return Busy.QUIET
    if work is not None and work < LITTLE_WORK and word is Busy.BUSY:
        return Busy.MODERATE
    return word


def _reasons(model: Model, kind: DayKind) -> tuple[Reason, ...]:
    """The causes that bring most, the strongest first."""
    found = sorted(
        ((model.factor(cause), cause) for cause in kind.causes if _tells(model, cause)), key=lambda each: -each[0]
    )
    return tuple(Reason(ReasonKind(name), value) for _, (name, value) in found[:MOST_REASONS])


def _tells(model: Model, cause: Cause) -> bool:
    named = cause[0] != ReasonKind.WEEK or cause[1] in NAMED_WEEKS
    return named and model.factor(cause) >= TELLING
