"""When a hall is open: weekdays, holidays, closed periods and special days, in Japan Standard Time.

Holidays, with their substitutes (振替休日) and the days between two of them (国民の休日), come from
jpholiday; days that only the office keeps, such as 12-29 to 01-03, are closed periods of the profile.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from itertools import pairwise
from math import ceil

import jpholiday

from queue_server.domain.site import ClosedPeriod, Hours, Interval
from queue_server.domain.switches import ReceptionSwitch

JST = timezone(timedelta(hours=9), "JST")
"""Japan has no daylight saving time, so a fixed offset is the whole rule."""

SEARCH_DAYS = 370
"""How far the next opening is looked for: a year and a few days."""

_LOCAL_MINUTE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")


class Phase(StrEnum):
    """Where in its day a hall stands."""

    OPEN = "open"
    BEFORE_OPENING = "before_opening"
    AFTER_CLOSING = "after_closing"
    CLOSED_DAY = "closed_day"
    BREAK = "break"
    """Between two intervals of the day."""


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The opening intervals of one date, earliest first; none means closed. `reason` may be empty."""

    day: date
    intervals: tuple[Interval, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class OpeningStatus:
    """Whether a hall is open at one instant, and until or from when (aware, JST).

    `opens` and `closes` belong to the interval that matters now: the running one, before opening and in
    a break the coming one, after closing the last one; on a closed day both are None. `next_open` is None
    while open, and when no opening lies within `SEARCH_DAYS`.
    """

    open: bool
    phase: Phase
    reason: str
    opens: datetime | None
    closes: datetime | None
    next_open: datetime | None
    ended_early: bool = False
    """The reception of today was closed by hand before its hours ended."""


def local_minute(text: str) -> datetime:
    """The aware JST instant of `YYYY-MM-DDTHH:MM`; ValueError for anything else."""
    if not _LOCAL_MINUTE.fullmatch(text):
        raise ValueError(f"not a local minute such as 2026-11-24T09:00: {text!r}")
    return datetime.fromisoformat(text).replace(tzinfo=JST)


def business_day(now: datetime) -> date:
    """The date in Japan at an aware instant."""
    return _local(now).date()


def day_ends_at(hours: Hours, day: date) -> datetime:
    """The instant (JST) when the tickets of `day` that are still open expire."""
    return datetime.combine(day, hours.day_end, JST)


def day_begins_at(day: date) -> datetime:
    """Midnight in Japan at which a date begins."""
    return datetime.combine(day, time(), JST)


def closing_of(hours: Hours, day: date, reception: ReceptionSwitch | None = None) -> datetime | None:
    """When the last reception of a date ends; None on a closed day, and where it was closed by hand."""
    spans = list(_spans(day_plan(hours, day)))
    if reception is None:
        return spans[-1][1] if spans else None
    if reception.until is None:
        return None
    return spans[-1][1] if spans and spans[-1][0] >= reception.until else reception.until.astimezone(JST)


def breaks_of(
    hours: Hours, day: date, reception: ReceptionSwitch | None = None
) -> tuple[tuple[datetime, datetime], ...]:
    """The times between two receptions of a date, without those in which it is open by hand."""
    by_hand = reception.until if reception is not None and reception.open else None
    found = []
    for (_, closed), (opens, _) in pairwise(_spans(day_plan(hours, day))):
        begins = closed if by_hand is None else max(closed, by_hand.astimezone(JST))
        if begins < opens:
            found.append((begins, opens))
    return tuple(found)


def day_plan(hours: Hours, day: date) -> DayPlan:
    """The hours of one date: special day before closed period before holiday before day of the week.

    `reason` is the profile's word for the first two and the holiday's Japanese name for the third. It is
    empty for an ordinary day of the week, open or closed.
    """
    for special in hours.special_days:
        if special.day == day:
            return DayPlan(day, special.intervals, special.reason)
    for period in hours.closed_periods:
        if _contains(period, day):
            return DayPlan(day, (), period.reason)
    if hours.closed_on_holidays:
        name = jpholiday.is_holiday_name(day)
        if name:
            return DayPlan(day, (), name)
    return DayPlan(day, hours.week[day.weekday()], "")


def open_hours(plan: DayPlan) -> dict[int, float]:
    """The hours of the clock in which a day is open, earliest first, each with the part of it that is (0 to 1)."""
    found: dict[int, float] = {}
    for interval in plan.intervals:
        begin, end = (each.hour + each.minute / 60 for each in (interval.opens, interval.closes))
        for hour in range(int(begin), ceil(end)):
            found[hour] = found.get(hour, 0.0) + min(end, hour + 1) - max(begin, hour)
    return dict(sorted(found.items()))


def status_at(hours: Hours, now: datetime, reception: ReceptionSwitch | None = None) -> OpeningStatus:
    """The state of the hall at an aware instant; at the closing time itself it is closed.

    `reception` is what staff switched by hand today: open until a time, or closed for the rest of the day.
    After that time the hours decide again where an interval of theirs was still to come, as after a lunch
    break that was worked through; a time inside an interval ends the day's reception early.
    """
    by_hours = _status_by_hours(hours, now)
    if reception is None:
        return by_hours
    if reception.until is not None and now < reception.until:
        opens = by_hours.opens if by_hours.open else None
        return OpeningStatus(True, Phase.OPEN, by_hours.reason, opens, reception.until.astimezone(JST), None)
    early = by_hours.phase not in (Phase.AFTER_CLOSING, Phase.CLOSED_DAY)
    hours_decide = _hours_follow(hours, reception.until) if reception.until else not early
    if hours_decide:
        return by_hours
    closes = reception.until.astimezone(JST) if reception.until else None
    return OpeningStatus(
        False, Phase.AFTER_CLOSING, reception.reason, None, closes, _next_open(hours, _local(now)), early
    )


def _hours_follow(hours: Hours, until: datetime) -> bool:
    """Whether an interval of that day begins at an instant or after it, while none is running."""
    then = _status_by_hours(hours, until)
    return then.phase in (Phase.BEFORE_OPENING, Phase.BREAK) or (then.open and then.opens == until)


def _status_by_hours(hours: Hours, now: datetime) -> OpeningStatus:
    local = _local(now)
    plan = day_plan(hours, local.date())
    if not plan.intervals:
        return OpeningStatus(False, Phase.CLOSED_DAY, plan.reason, None, None, _next_open(hours, local))
    spans = list(_spans(plan))
    for index, (opens, closes) in enumerate(spans):
        if local < opens:
            phase = Phase.BREAK if index else Phase.BEFORE_OPENING
            return OpeningStatus(False, phase, plan.reason, opens, closes, opens)
        if local < closes:
            return OpeningStatus(True, Phase.OPEN, plan.reason, opens, closes, None)
    opens, closes = spans[-1]
    return OpeningStatus(False, Phase.AFTER_CLOSING, plan.reason, opens, closes, _next_open(hours, local))


def _local(now: datetime) -> datetime:
    if now.utcoffset() is None:
        raise ValueError("an instant without a time zone says nothing about opening hours")
    return now.astimezone(JST)


def _contains(period: ClosedPeriod, day: date) -> bool:
    here = (day.month, day.day)
    if period.first <= period.last:
        return period.first <= here <= period.last
    return here >= period.first or here <= period.last


def _spans(plan: DayPlan) -> Iterator[tuple[datetime, datetime]]:
    for interval in plan.intervals:
        yield (
            datetime.combine(plan.day, interval.opens, JST),
            datetime.combine(plan.day, interval.closes, JST),
        )


def _next_open(hours: Hours, local: datetime) -> datetime | None:
    """The first opening on a later date; the callers know that today has none left."""
    for offset in range(1, SEARCH_DAYS + 1):
        for opens, _ in _spans(day_plan(hours, local.date() + timedelta(days=offset))):
            return opens
    return None
