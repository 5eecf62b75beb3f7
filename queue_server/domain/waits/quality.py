"""How good the told waits were: of the last visitors, how many were called within the range that they got."""

from collections import deque
from dataclasses import dataclass, field

LOOKED_AT = 200
"""How many of the last visitors it is told of."""

FEWEST = 30
"""Of fewer nothing is told: a share of ten says nothing."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Of `called` visitors who had got a range, so many were called within it."""

    called: int
    within: int

    @property
    def share(self) -> float:
        """The share of them, to the hundredth."""
        return round(self.within / self.called, 2)


@dataclass(slots=True)
class Tally:
    """Counts, of the last visitors who had got a range, who was called within it."""

    kept: deque[bool] = field(default_factory=lambda: deque(maxlen=LOOKED_AT))

    def count(self, within: bool) -> None:
        """One more was called."""
        self.kept.append(within)

    def quality(self) -> Quality | None:
        """What can be told; None of too few."""
        return Quality(len(self.kept), sum(self.kept)) if len(self.kept) >= FEWEST else None
