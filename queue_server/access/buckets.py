"""How often something may be done: a bucket of tokens per key, in memory that has a bound.

Why not the library `limits`, which counts sign-ins: its memory grows with every key that a visitor makes up, until a
minute later, and its windows let twice the amount through around their edge. Here one number a key is kept, the
instant at which its bucket will be full again (the generic cell rate algorithm, ITU-T I.371).
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_KEYS = 50_000
"""Some 10 MB. The key that was used the longest ago is forgotten first, which is as if its bucket were full."""

ROUNDING_SECONDS = 1e-6
"""Sums of fractions of a second are not exact; nobody is refused for that."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then `per_minute`; at most burst + per_minute in the first minute."""

    burst: int
    per_minute: float


class Buckets:
    """The buckets of many keys under many rates."""

    def __init__(self, most_keys: int = MOST_KEYS, now: Callable[[], float] = time.monotonic) -> None:
        """`now` tells seconds that never go back."""
        self._full_at: OrderedDict[tuple[object, ...], float] = OrderedDict()
        self._most_keys = most_keys
        self._now = now

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, rate: Rate, *key: object) -> float:
        """Take one token of this key's bucket; 0.0, or the seconds until there is one, and then nothing was taken."""
        now, seconds_a_token = self._now(), 60 / rate.per_minute
        full_at = max(self._full_at.pop(key, now), now)
        wait = full_at - now - (rate.burst - 1) * seconds_a_token
        refused = wait > ROUNDING_SECONDS
        self._full_at[key] = full_at if refused else full_at + seconds_a_token
        if len(self._full_at) > self._most_keys:
            self._full_at.popitem(last=False)
        return wait if refused else 0.0
