"""A wait as a range: what the estimator expects, and what people are shown of it."""

import math
from dataclasses import dataclass

ROUND_TO = 5
"""What is shown is rounded outward to this many minutes."""

PAST_CLOSING = 60.0
"""Minutes after closing time beyond which no wait is told: by then the hall has found another way."""

WIDEST, WIDENING = 30, 1.5
"""A range may be so many minutes wide, and wider by so much per minute of its lower end: 0-30, 30-105, not 0-35."""


@dataclass(frozen=True, slots=True)
class Range:
    """Minutes of wait: `point` is expected, and eight of ten waits lie from `low` to `high`.

    0 <= low <= point <= high, to the fraction of a minute: it is not for showing.
    """

    low: float
    point: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What people are shown (待ち時間の目安), in whole minutes.

    Of ten waits one is longer than the upper end of a Range; rounding outward leaves about one of sixteen.
    Being called later than told hurts several times more than being called earlier pleases.
    """

    low: int
    high: int

    def holds(self, minutes: float) -> bool:
        """Whether a wait of so many minutes is as it was told."""
        return self.low <= minutes <= self.high


def shown(expected: Range, left: float | None) -> Estimate | None:
    """The range as people are shown it; None rather than one that helps nobody.

    `left` is how many minutes are left until the hall closes (below 0 after that), None where nobody can
    say. There is no range that runs far past closing time, and none that is too wide to plan with.
    """
    low = ROUND_TO * math.floor(expected.low / ROUND_TO)
    high = max(low + ROUND_TO, ROUND_TO * math.ceil(expected.high / ROUND_TO))
    too_late = left is not None and high > max(0.0, left) + PAST_CLOSING
    return None if too_late or high - low > WIDEST + WIDENING * low else Estimate(low, high)
