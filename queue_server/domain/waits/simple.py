"""Estimated waits (待ち時間の目安): always a range, and none rather than a wrong one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

ROUND_TO = 5
"""Ranges are rounded outward to this many minutes."""

PRIOR_WEIGHT = 6.0
"""How many observed gaps the profile's own minutes per person weigh as much as."""

GAP_CAP = 4.0
"""A gap counts for at most this many times the prior pace: a standstill is not a pace."""

LOW_FACTOR, HIGH_FACTOR = 0.6, 1.6
"""The range around the expected wait. Being later than told hurts more than being early pleases, so
the upper end is the farther one (FACTS.md, "Waits: what predicts them")."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A wait in minutes: `low` and `high` are what people are shown, `point` is what is expected."""

    low: int
    point: float
    high: int


def estimate_wait(ahead: int, counters: int, minutes_per_person: float, gaps: Sequence[float]) -> Estimate | None:
    """The wait of somebody with `ahead` people before them at `counters` open counters.

    `gaps` are observed minutes between calls while somebody waited; they are shrunk towards the pace that
    the profile's `minutes_per_person` promises ("people ahead / shrunken pace" in FACTS.md). Returns None
    when no counter is open: then nobody can say.
    """
    if counters < 1:
        return None
    prior = minutes_per_person / counters
    observed = sum(min(gap, GAP_CAP * prior) for gap in gaps)
    pace = (PRIOR_WEIGHT * prior + observed) / (PRIOR_WEIGHT + len(gaps))
    point = ahead * pace
    low = ROUND_TO * math.floor(LOW_FACTOR * point / ROUND_TO)
    high = ROUND_TO * max(1, math.ceil(HIGH_FACTOR * point / ROUND_TO))
    return Estimate(low, point, high)
