"""What the values of a city profile must look like, and what every table of it has in common."""

import re
from datetime import date, time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

from queue_server.config.codes import SENTENCES, Code
from queue_server.domain.site import Interval, NumberRange
from queue_server.domain.voice import Stretch

LARGEST_NUMBER = 99_999
DOTS_OF_PAPER = {58: 384, 80: 576}
"""What printers of 203 dots an inch print on paper of so many mm."""
ONLY_STAGE = "受付"
"""The stage of a service that names none."""
_TIME = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_INTERVAL = re.compile(f"{_TIME}-{_TIME}")
_RANGE = re.compile(r"([0-9]{1,5})-([0-9]{1,5})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")

ID_PATTERN = r"^[a-z0-9-]{1,32}$"
TEXT_PATTERN = r"^[^\s\p{Cc}]([^\p{Cc}\p{Zl}\p{Zp}]*[^\s\p{Cc}])?$"
PREFIX_PATTERN = r"^\w{0,3}$"
PHONE_PATTERN = r"^[0-9+() -]{0,24}$"
PRINTER_PATTERN = (
    r"^(|tcp://[A-Za-z0-9.:\[\]-]+:[0-9]{1,5}|usb://[0-9a-f]{4}:[0-9a-f]{4}|serial:///[\w./-]+(\?baud=[0-9]{3,6})?"
    r"|file:///[\w./-]+)$"
)


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


def stretch_of(value: object) -> Stretch:
    """`"12:00-13:00"` as a stretch of every day; ValueError when it is not one or ends before it begins."""
    match = _INTERVAL.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _misfit(Code.NOT_STRETCH)
    hour, minute, end_hour, end_minute = map(int, match.groups())
    stretch = Stretch(time(hour, minute), time(end_hour, end_minute))
    if stretch.begins >= stretch.ends:
        raise _misfit(Code.REVERSED_RANGE)
    return stretch


def range_of(value: object) -> NumberRange:
    """`"580-599"` as a range of numbers; ValueError when it is not one or ends before it begins."""
    match = _RANGE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _misfit(Code.NOT_RANGE)
    found = NumberRange(int(match[1]), int(match[2]))
    if found.first > found.last:
        raise _misfit(Code.REVERSED_RANGE)
    return found


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
StretchText = Annotated[Stretch, PlainValidator(stretch_of)]
RangeText = Annotated[NumberRange, PlainValidator(range_of)]
Number = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
Bound = Annotated[int, Field(ge=1, le=10_000)]
Minutes = Annotated[int, Field(ge=1, le=600)]
Weight = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
LanguageTag = Literal["easy", "en", "zh", "ko", "vi", "pt", "fil", "ne"]
Names = dict[LanguageTag, Text]
Notes = dict[LanguageTag, Note]
"""The same in other languages."""


class Table(BaseModel):
    """A table of the file; a key it does not know is an error, and so is a value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
