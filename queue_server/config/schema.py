"""The tables of a city profile file: which keys there are and what each must look like."""

import re
from datetime import date, time
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

from queue_server.config.codes import SENTENCES, Code
from queue_server.domain.site import Discipline, Interval, LevelKey, ReinstatePlace

LARGEST_NUMBER = 99_999
ONLY_STAGE = "受付"
"""The stage of a service that names none."""
_TIME = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_INTERVAL = re.compile(f"{_TIME}-{_TIME}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")

ID_PATTERN = r"^[a-z0-9-]{1,32}$"
TEXT_PATTERN = r"^[^\s\p{Cc}]([^\p{Cc}\p{Zl}\p{Zp}]*[^\s\p{Cc}])?$"
PREFIX_PATTERN = r"^\w{0,3}$"
PHONE_PATTERN = r"^[0-9+() -]{0,24}$"


def _misfit(code: Code, **values: str) -> ValueError:
    """What a reader of values raises; pydantic passes it on with its code."""
    return PydanticCustomError(code.value, SENTENCES[code], values or None)


def interval_of(value: object) -> Interval:
    """`"08:30-17:15"` as an interval; ValueError when it is not one or ends before it begins."""
    match = _INTERVAL.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _misfit(Code.NOT_HOURS)
    hour, minute, end_hour, end_minute = map(int, match.groups())
    interval = Interval(time(hour, minute), time(end_hour, end_minute))
    if interval.opens >= interval.closes:
        raise _misfit(Code.REVERSED_HOURS)
    return interval


def time_of(value: object) -> time:
    """`"18:00"` as a time of day; ValueError when it is not one."""
    if not isinstance(value, str) or not re.fullmatch(_TIME, value):
        raise _misfit(Code.NOT_TIME)
    return time.fromisoformat(value)


def date_of(value: object) -> date:
    """`"2026-11-23"`, or the same as a TOML date, as a date; ValueError when there is no such day."""
    if type(value) is date:  # a datetime is a date too, and is not meant
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise _misfit(Code.NOT_DATE)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _misfit(Code.NO_SUCH_DAY, day=value) from None


def month_day_of(value: object) -> tuple[int, int]:
    """`"12-29"` as (12, 29); ValueError when no year has that day."""
    if not isinstance(value, str) or not (match := _MONTH_DAY.fullmatch(value)):
        raise _misfit(Code.NOT_MONTH_DAY)
    month, day = map(int, match.groups())
    try:
        date(2000, month, day)  # a leap year: 02-29 is a day
    except ValueError:
        raise _misfit(Code.NO_SUCH_DAY, day=value) from None
    return month, day


Id = Annotated[str, Field(pattern=ID_PATTERN)]
Text = Annotated[str, Field(pattern=TEXT_PATTERN, max_length=80)]
Note = Annotated[str, Field(max_length=400)]
IntervalText = Annotated[Interval, PlainValidator(interval_of)]
TimeText = Annotated[time, PlainValidator(time_of)]
DateText = Annotated[date, PlainValidator(date_of)]
MonthDayText = Annotated[tuple[int, int], PlainValidator(month_day_of)]
Number = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
Bound = Annotated[int, Field(ge=1, le=10_000)]
Minutes = Annotated[int, Field(ge=1, le=600)]
Weight = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]


class Table(BaseModel):
    """A table of the file; a key it does not know is an error, and so is a value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CityTable(Table):
    """[city]"""

    id: Id
    name: Text


class ClosedPeriodTable(Table):
    """[[site.hours.closed_period]]"""

    first: MonthDayText
    last: MonthDayText
    reason: Text


class SpecialDayTable(Table):
    """[[site.hours.special_day]]"""

    day: DateText
    open: list[IntervalText]
    reason: Text


class HoursTable(Table):
    """[site.hours]"""

    monday: list[IntervalText]
    tuesday: list[IntervalText]
    wednesday: list[IntervalText]
    thursday: list[IntervalText]
    friday: list[IntervalText]
    saturday: list[IntervalText]
    sunday: list[IntervalText]
    closed_on_holidays: bool
    day_end: TimeText
    closed_period: list[ClosedPeriodTable] = []
    special_day: list[SpecialDayTable] = []


class LevelTable(Table):
    """[[site.level]] and [[site.service.level]]"""

    key: Annotated[LevelKey, Field(strict=False)]
    label: Text
    people: Bound | None = None
    minutes: Bound | None = None


class CategoryTable(Table):
    """[[site.category]]"""

    id: Id
    name: Text
    reading: Note = ""


class SeriesTable(Table):
    """[[site.series]]"""

    id: Id
    first: Number
    last: Number
    prefix: Annotated[str, Field(pattern=PREFIX_PATTERN)] = ""
    digits: Annotated[int, Field(ge=0, le=5)] = 0


class ServiceTable(Table):
    """[[site.service]]"""

    id: Id
    name: Text
    category: str
    series: str
    minutes_per_person: Annotated[float, Field(gt=0, le=480, allow_inf_nan=False)]
    reading: Note = ""
    note: Note = ""
    stages: Annotated[list[Text], Field(min_length=1)] = [ONLY_STAGE]
    level: list[LevelTable] = []


class CounterTable(Table):
    """[[site.counter]]"""

    id: Id
    name: Text
    services: Annotated[list[str], Field(min_length=1)]
    discipline: Annotated[Discipline, Field(strict=False)] = Discipline.OLDEST
    weights: dict[str, Weight] = {}
    stages: dict[str, Annotated[list[str], Field(min_length=1)]] = {}
    longest_wait: Minutes | None = None


class AreaTable(Table):
    """[[site.area]]"""

    id: Id
    name: Text
    counters: Annotated[list[str], Field(min_length=1)]


class PriorityTable(Table):
    """[[site.priority]]"""

    id: Id
    name: Text
    head_start: Minutes


class AlertsTable(Table):
    """[site.alerts]"""

    people: Bound | None = None
    wait_minutes: Bound | None = None
    without_call_minutes: Bound | None = None


class SiteTable(Table):
    """[[site]]"""

    id: Id
    name: Text
    address: Note = ""
    phone: Annotated[str, Field(pattern=PHONE_PATTERN)] = ""
    reinstate: Annotated[ReinstatePlace, Field(strict=False)] = ReinstatePlace.BACK
    reinstate_after: Annotated[int, Field(ge=1, le=99)] | None = None
    hours: HoursTable
    alerts: AlertsTable = AlertsTable()
    level: list[LevelTable] = []
    category: Annotated[list[CategoryTable], Field(min_length=1)]
    series: Annotated[list[SeriesTable], Field(min_length=1)]
    service: Annotated[list[ServiceTable], Field(min_length=1)]
    counter: Annotated[list[CounterTable], Field(min_length=1)]
    area: list[AreaTable] = []
    priority: list[PriorityTable] = []


class ProfileTable(Table):
    """The whole file."""

    city: CityTable
    site: Annotated[list[SiteTable], Field(min_length=1)]
