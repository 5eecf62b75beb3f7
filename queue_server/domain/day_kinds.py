"""What about a date makes a hall fuller or emptier: the day of the week, what came before it, the season, events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from queue_server.domain.calendar import day_plan, open_hours
from queue_server.domain.events import Event
from queue_server.domain.site import Hours

MONDAY = 0
Cause = tuple[str, int | str]
"""What may make a day fuller or emptier, such as ("weekday", 0) or ("event", "expiry-notices")."""
LONGEST_CLOSURE = 14
"""So many days back it is looked for what a day follows."""


@dataclass(frozen=True, slots=True)
class DayKind:
    """One date of a hall as a forecast sees it."""

    day: date
    hours: Mapping[int, float]
    """The hours of the clock in which it is open, each with the part that is; empty for a closed day."""
    reason: str
    """The calendar's own reason, such as a holiday's name."""
    causes: tuple[Cause, ...]
    """What may make it fuller or emptier: ("weekday", 0), ("after_closure", 1), ("week", 2), ("month", 3),
    ("event", id)."""


def day_kind(hours: Hours, day: date, service: str, events: Sequence[Event]) -> DayKind:
    """What there is to know of a date beforehand."""
    plan = day_plan(hours, day)
    causes: list[Cause] = [
        ("weekday", day.weekday()),
        ("week", (day.day - 1) // 7),
        ("month", day.month),
    ]
    if _follows_closure(hours, day):
        causes.append(("after_closure", 1))
    causes += [("event", each.id) for each in events if each.concerns(service) and each.felt_on(day)]
    return DayKind(day, open_hours(plan), plan.reason, tuple(causes))


def _follows_closure(hours: Hours, day: date) -> bool:
    """Whether the hall was closed on the days before though it is usually open on one of them: a holiday."""
    for back in range(1, LONGEST_CLOSURE + 1):
        before = day - timedelta(days=back)
        if day_plan(hours, before).intervals:
            return False
        if hours.week[before.weekday()]:
            return True
    return False
