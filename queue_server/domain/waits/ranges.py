"""A wait as a range: what the estimator expects, and what people are shown of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """Minutes of wait: `point` is expected, and eight of ten waits lie from `low` to `high`.

    0 <= low <= point <= high, to the fraction of a minute: it is not for showing.
    """

    low: float
    point: float
    high: float
