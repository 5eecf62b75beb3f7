"""How a figure was spread, in a room that does not grow with how often it was taken."""

import math

STEP = 1.02
"""Each bucket is 2 % wider than the one before, which is as exact as a percentile is told."""


class Spread:
    """Counts of durations in buckets of growing width."""

    def __init__(self) -> None:
        self._buckets: dict[int, int] = {}
        self.count = 0
        self.longest = 0.0

    def add(self, nanoseconds: float) -> None:
        """Take one duration."""
        milliseconds = max(nanoseconds / 1e6, 0.001)
        bucket = math.ceil(math.log(milliseconds, STEP))
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1
        self.count += 1
        self.longest = max(self.longest, milliseconds)

    def share(self, part: float) -> float:
        """The milliseconds that so large a part of all durations did not exceed; nan where there are none."""
        missing = part * self.count
        for bucket in sorted(self._buckets):
            missing -= self._buckets[bucket]
            if missing <= 0:
                return min(STEP**bucket, self.longest)
        return math.nan

    def __str__(self) -> str:
        return f"p50 {self.share(0.5):.1f} p99 {self.share(0.99):.1f} max {self.longest:.0f} ms"
