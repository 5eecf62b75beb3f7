"""How far off the expected wait may be: quantiles of the errors, in units of the spread expected of each.

They are learned one error at a time and per size of the wait. A step up when an error lies beyond the
quantile, a smaller one down when not, so that in the long run the share beyond is the wanted one however
the errors are distributed (Gibbs and Candes, Adaptive conformal inference under distribution shift, 2021).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

BEYOND = 0.1
"""The share of waits that lie below an 80 % range, and the share above it."""

SCALE = 1.35
"""The errors' scale before any was seen: they are taken as Laplace distributed, in units of their spread."""

FIRST_SIZE, KNOTS = 1, 5
"""The quantiles are kept at these sizes, logarithms of minutes + 1, and interpolated between them."""

PRIOR_ERRORS = 500.0
"""How many errors what is assumed at first weighs as much as."""

FULL = 500.0
"""After how many errors no step becomes smaller any more, so that a change of the hall is followed."""


@dataclass(slots=True)
class Knot:
    """The quantiles at one size: how far below and above the expected wait, and the errors seen there."""

    below: float
    above: float
    count: float = 0.0


def first_knots() -> list[Knot]:
    """The quantiles before any error was seen."""
    start = -SCALE * math.log(2.0 * BEYOND)
    return [Knot(start, start) for _ in range(KNOTS)]


def reach(knots: list[Knot], size: float) -> tuple[float, float]:
    """How many spreads the range of a wait of this size reaches below and above what is expected."""
    near = list(_near(size))
    below = sum(weight * knots[index].below for index, weight in near)
    above = sum(weight * knots[index].above for index, weight in near)
    return max(0.0, below), max(0.0, above)


def learn_error(knots: list[Knot], size: float, error: float) -> None:
    """Take in by how many spreads a wait of this size was longer (or, below 0, shorter) than expected."""
    below, above = reach(knots, size)
    for index, weight in _near(size):
        knot = knots[index]
        knot.count = min(FULL, knot.count + weight)
        # The best step is 1 / (n f), with f the density at the quantile: BEYOND / SCALE for Laplace errors.
        step = weight * SCALE / BEYOND / (PRIOR_ERRORS + knot.count)
        knot.below += step * ((error < -below) - BEYOND)
        knot.above += step * ((error > above) - BEYOND)


def _near(size: float) -> Iterator[tuple[int, float]]:
    """The two knots around a size, and the weight of each."""
    place = min(max(size - FIRST_SIZE, 0.0), KNOTS - 1.0)
    index = min(int(place), KNOTS - 2)
    yield index, 1.0 - (place - index)
    yield index + 1, place - index
