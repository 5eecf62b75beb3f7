"""How many people come in an hour: a product of causes, learned from counted days.

people(day, hour) = level x causes of the day x share of the hour x part of the hour that is open.

Each factor is a Gamma-Poisson estimate: the people counted where a cause held, over those expected there without it,
both together with a prior that stands for some days of ordinary counts (the conjugate prior of a Poisson rate; see
Gelman et al., Bayesian Data Analysis, 3rd ed., 2.6). The factors are improved in turns. With no day counted the
priors alone speak: the course of a day of 大船渡市's city hall, Mondays and days after a holiday as district offices
of Warsaw had them, and no more.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from queue_server.domain.day_kinds import MONDAY, Cause, DayKind

HOUR_PRIOR: Mapping[int, float] = {
    8: 8, 9: 13, 10: 16, 11: 13, 12: 8.5, 13: 12, 14: 12, 15: 10, 16: 8, 17: 8,
}  # fmt: skip
"""People an open hour by the hour of the clock, in any unit: 大船渡市's day, its first and last hours made whole."""
HOUR_ELSE = 9.0
CAUSE_PRIOR: Mapping[Cause, float] = {("weekday", MONDAY): 1.09, ("after_closure", 1): 1.15}
STRENGTH: Mapping[str, float] = {"weekday": 4, "week": 8, "month": 15, "after_closure": 4, "event": 4}
"""For how many ordinary days the prior of a cause stands."""
HOUR_STRENGTH = 6.0
"""For how many days the prior of an hour stands; of an hour of one weekday, apart from that, for as many."""
ROUNDS, TURNS = 2, 6
MEMORY_DAYS = 365.0
"""A day counts half after so many days."""
LEVEL_MEMORY_DAYS = 28.0
"""The level follows the last weeks: a day counts half in it after so many days."""
LEVEL_STRENGTH = 5.0
MONTHS_AFTER_DAYS = 400
"""A month is told from the level only when every month was seen: before that, a rise in autumn might be either."""


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day that is over: what was known of it beforehand, and how many people came in each hour."""

    kind: DayKind
    people: Mapping[int, int]

    @property
    def total(self) -> int:
        """How many came in the hours that were open by the calendar."""
        return sum(count for hour, count in self.people.items() if hour in self.kind.hours)


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned of one service."""

    level: float
    """People on an ordinary open day, in the unit of the shares."""
    factors: Mapping[Cause, float]
    shares: Mapping[int, float]
    weekday_shares: Mapping[tuple[int, int], float]
    """Per weekday and hour, how much an hour differs from its share."""
    days: int
    """From how many counted days; 0 is the prior."""

    def factor(self, cause: Cause) -> float:
        """How much a cause brings, 1 for nothing."""
        return self.factors.get(cause, CAUSE_PRIOR.get(cause, 1.0))

    def share(self, weekday: int, hour: int) -> float:
        """How full an open hour is against others."""
        return self.shares.get(hour, _prior(hour)) * self.weekday_shares.get((weekday, hour), 1.0)

    def people(self, kind: DayKind) -> dict[int, float]:
        """How many people are expected in each open hour of a day."""
        whole = self.level * math.prod(self.factor(cause) for cause in kind.causes)
        weekday = kind.day.weekday()
        return {hour: whole * self.share(weekday, hour) * part for hour, part in kind.hours.items()}


def learn(days: Sequence[CountedDay], event_priors: Mapping[str, float], until: date) -> Model:
    """What counted days before `until` say; `event_priors` are the profile's factors of its events."""
    used = [each for each in days if each.kind.hours and each.kind.day < until]
    priors: dict[Cause, float] = dict(CAUSE_PRIOR)
    priors.update({("event", name): factor for name, factor in event_priors.items()})
    if not any(each.total for each in used):
        return Model(1.0, priors, {}, {}, 0)
    return _Learning(used, priors, until).model()


class _Learning:
    """The factors while they are improved."""

    def __init__(self, days: Sequence[CountedDay], priors: Mapping[Cause, float], until: date) -> None:
        self.days = days
        self.weights = [0.5 ** ((until - each.kind.day).days / MEMORY_DAYS) for each in days]
        self.recent = [0.5 ** ((until - each.kind.day).days / LEVEL_MEMORY_DAYS) for each in days]
        self.totals = [float(each.total) for each in days]
        self.ordinary = sum(self.totals) / len(days)
        self.priors = priors
        known_days = (until - min(each.kind.day for each in days)).days
        self.causes = [
            [cause for cause in each.kind.causes if cause[0] != "month" or known_days >= MONTHS_AFTER_DAYS]
            for each in days
        ]
        self.rows: dict[Cause, list[int]] = {}
        for index, causes in enumerate(self.causes):
            for cause in causes:
                self.rows.setdefault(cause, []).append(index)
        self.factors = {cause: priors.get(cause, 1.0) for cause in {*self.rows, *priors}}
        self.shares = {hour: _prior(hour) for each in days for hour in each.kind.hours}
        self.weekday_shares: dict[tuple[int, int], float] = {}
        self.level = 1.0

    def model(self) -> Model:
        for _ in range(ROUNDS):
            self._learn_causes()
            self._learn_hours()
        expected = self._expected()
        strength = LEVEL_STRENGTH * self.ordinary
        counted = sum(weight * total for weight, total in zip(self.recent, self.totals, strict=True))
        foreseen = sum(weight * each for weight, each in zip(self.recent, expected, strict=True))
        level = self.level * (strength + counted) / (strength + foreseen)
        return Model(level, self.factors, self.shares, self.weekday_shares, len(self.days))

    def _expected(self) -> list[float]:
        """How many people the factors as they are expect on each day."""
        return [
            self.level * exposure * math.prod(self.factors[cause] for cause in causes)
            for causes, exposure in zip(self.causes, self._exposures(), strict=True)
        ]

    def _exposures(self) -> list[float]:
        return [
            sum(self._share(each.kind.day.weekday(), hour) * part for hour, part in each.kind.hours.items())
            for each in self.days
        ]

    def _share(self, weekday: int, hour: int) -> float:
        return self.shares[hour] * self.weekday_shares.get((weekday, hour), 1.0)

    def _learn_causes(self) -> None:
        expected = self._expected()
        for _ in range(TURNS):
            counted = sum(weight * total for weight, total in zip(self.weights, self.totals, strict=True))
            foreseen = sum(weight * each for weight, each in zip(self.weights, expected, strict=True))
            self.level *= counted / foreseen
            expected = [each * counted / foreseen for each in expected]
            for cause, rows in self.rows.items():
                before = self.factors[cause]
                strength = STRENGTH[cause[0]] * self.ordinary
                came = sum(self.weights[row] * self.totals[row] for row in rows)
                without = sum(self.weights[row] * expected[row] for row in rows) / before
                after = (strength + came) / (strength / self.priors.get(cause, 1.0) + without)
                self.factors[cause] = after
                for row in rows:
                    expected[row] *= after / before

    def _learn_hours(self) -> None:
        """The share of each hour, then what the hours of one weekday have of their own."""
        came: dict[tuple[int, int], float] = {}
        open_: dict[tuple[int, int], float] = {}
        for each, weight, whole, exposure in zip(
            self.days, self.weights, self._expected(), self._exposures(), strict=True
        ):
            weekday = each.kind.day.weekday()
            for hour, part in each.kind.hours.items():
                key = (weekday, hour)
                came[key] = came.get(key, 0.0) + weight * each.people.get(hour, 0)
                open_[key] = open_.get(key, 0.0) + weight * part * whole / exposure
        per_share = self.level * HOUR_STRENGTH
        for hour in self.shares:
            keys = [key for key in came if key[1] == hour]
            prior = per_share * _prior(hour)
            self.shares[hour] = (prior + sum(came[key] for key in keys)) / (
                per_share + sum(open_[key] * self.weekday_shares.get(key, 1.0) for key in keys)
            )
        for key, count in came.items():
            share = self.shares[key[1]]
            prior = per_share * share
            self.weekday_shares[key] = (prior + count) / (prior + open_[key] * share)


def _prior(hour: int) -> float:
    return HOUR_PRIOR.get(hour, HOUR_ELSE)
