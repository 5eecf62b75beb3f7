"""Which backups are kept: the last ones, and the last one of each day, week and month, as far back as wanted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.calendar import JST


@dataclass(frozen=True, slots=True)
class Retention:
    """How many are kept: of the last ones, and of days, ISO weeks and months (JST) that have one."""

    last: int = 3
    days: int = 14
    weeks: int = 8
    months: int = 12


def kept(times: Iterable[datetime], retention: Retention) -> set[datetime]:
    """Those of the instants (aware) whose backups are kept; the newest always is.

    A rule counts periods that have a backup, not calendar days: a month without any costs nothing of what there is.
    """
    newest_first = sorted(set(times), reverse=True)
    chosen = set(newest_first[: max(1, retention.last)])
    for periods, period_of in (
        (retention.days, _day),
        (retention.weeks, _week),
        (retention.months, _month),
    ):
        chosen |= _newest_of_each(newest_first, periods, period_of)
    return chosen


def _newest_of_each(
    newest_first: list[datetime], periods: int, period_of: Callable[[datetime], tuple[int, ...]]
) -> set[datetime]:
    newest: dict[tuple[int, ...], datetime] = {}
    for at in newest_first:
        newest.setdefault(period_of(at.astimezone(JST)), at)
    return set(list(newest.values())[:periods])


def _day(local: datetime) -> tuple[int, ...]:
    return (local.year, local.month, local.day)


def _week(local: datetime) -> tuple[int, ...]:
    return tuple(local.isocalendar()[:2])


def _month(local: datetime) -> tuple[int, ...]:
    return (local.year, local.month)
