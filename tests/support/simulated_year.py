"""A year of a hall that no model was told about: weekdays, holidays, mailings, seasons and chance.

Everything here differs from what the forecast assumes: two peaks a day that move with the weekday, a mailing that
waits for the next working day and fades, seasons that begin in the middle of a month, a slow rise, days that are
fuller or emptier for no reason, and Poisson people.
"""

import math
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from queue_server.domain.calendar import JST, day_plan, open_hours
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.site import Hours

WEEKDAYS = (1.22, 1.02, 0.93, 0.95, 1.06, 1.1, 1.0)
PEOPLE_AN_HOUR = 7.0


def people_of(hours: Hours, day: date, start: date, chance: random.Random) -> dict[int, int]:
    """How many people come in each open hour of a day."""
    plan = open_hours(day_plan(hours, day))
    whole = WEEKDAYS[day.weekday()] * (1 + 0.15 * (day - start).days / 365) * season(day) * mailing(hours, day)
    if plan and _after_holiday(hours, day):
        whole *= 1.25
    whole *= math.exp(chance.gauss(0, 0.08))
    return {
        hour: _poisson(PEOPLE_AN_HOUR * whole * _shape(day.weekday(), hour) * part, chance)
        for hour, part in plan.items()
    }


def season(day: date) -> float:
    """Spring is full from the middle of March to the middle of April; August is empty."""
    if date(day.year, 3, 16) <= day <= date(day.year, 4, 14):
        return 1.5
    return 0.85 if day.month == 8 else 1.0


def mailing(hours: Hours, day: date) -> float:
    """Notices leave on the 15th or the next working day; two days later people come, most of them at first."""
    for back in range(31):
        sent = day - timedelta(days=back)
        if sent.day >= 15 and day_plan(hours, sent).intervals:
            first = sent.replace(day=15)
            while not day_plan(hours, first).intervals or first.weekday() >= 5:
                first += timedelta(days=1)
            since = (day - first).days
            return 1 + 0.6 * math.exp(-(since - 2) / 6) if 2 <= since <= 18 else 1.0
    return 1.0


def entries_of(
    site: str, service: str, day: date, people: dict[int, int], seq: int, chance: random.Random
) -> Iterator[Entry]:
    """The journal of a day: each takes a number at some minute of the hour and is called some minutes later."""
    events: list[tuple[datetime, Kind, str, dict[str, Any]]] = []
    number = 0
    for hour, count in people.items():
        for _ in range(count):
            at = datetime.combine(day, time(hour), JST) + timedelta(minutes=chance.uniform(0, 59))
            ticket, number = f"{day}-{number}", number + 1
            body = {
                "service": service,
                "series": "s",
                "round": 1,
                "number": number,
                "label": str(number),
                "token": ticket,
            }
            events.append((at, Kind.ISSUE, ticket, body))
            events.append((at + timedelta(minutes=chance.uniform(1, 30)), Kind.CALL, ticket, {}))
    for at, kind, ticket, body in sorted(events, key=lambda each: each[0]):
        seq += 1
        yield Entry(seq, at.astimezone(UTC), site, day, kind, "device:test", f"{seq}", ticket, None, body)


def _shape(weekday: int, hour: int) -> float:
    late = 0.5 if weekday == 4 else 0.0
    return 0.45 + 1.2 * math.exp(-((hour - 10 - late) ** 2) / 2) + 0.8 * math.exp(-((hour - 14 - late) ** 2) / 3)


def _after_holiday(hours: Hours, day: date) -> bool:
    before = day - timedelta(days=1)
    while before.weekday() == 6:
        before -= timedelta(days=1)
    return not day_plan(hours, before).intervals


def _poisson(mean: float, chance: random.Random) -> int:
    """Knuth's way: good for means of tens."""
    count, product, bound = 0, chance.random(), math.exp(-mean)
    while product > bound:
        count, product = count + 1, product * chance.random()
    return count
