"""Guessing passwords is slowed down, and nobody is locked out for the morning.

Counted are failures, by name and address together: a guesser elsewhere cannot keep a clerk out. The address alone
gets a generous limit, because a whole hall may share one. A limit is over after a few minutes and is not prolonged by
trying on. The counts are in memory, as one process serves a hall.
"""

import math
import time

from flask import current_app
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from queue_server.domain.roles import LONGEST_NAME, normal_name

EXTENSION = "queue_server.throttle"
PER_NAME = RateLimitItemPerMinute(5, 3)
PER_ADDRESS = RateLimitItemPerMinute(60, 3)

WRONG_CODES_PER_PERSON = RateLimitItemPerHour(10)
"""With 3.8e11 codes, nobody comes to anything."""


class TooManyAttempts(Exception):  # noqa: N818 - an answer, not a failure
    """Too many wrong passwords; the next attempt is taken in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Throttle:
    """The failures of the last minutes."""

    def __init__(self, per_name: RateLimitItem = PER_NAME, per_address: RateLimitItem = PER_ADDRESS) -> None:
        self._per_name = per_name
        self._per_address = per_address
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def begin(self, name: str, address: str) -> None:
        """Count an attempt before it is checked, so that many at the same instant are counted too.

        Raises TooManyAttempts.
        """
        if not self._limiter.test(self._per_address, address):
            raise TooManyAttempts(self._wait(self._per_address, address))
        if not self._limiter.hit(self._per_name, _key(name), address):
            raise TooManyAttempts(self._wait(self._per_name, _key(name), address))

    def failed(self, address: str) -> None:
        """The attempt that began was wrong: it counts for the address as well."""
        self._limiter.hit(self._per_address, address)

    def succeeded(self, name: str, address: str) -> None:
        """The attempt that began was right: nothing is held against this name at this address."""
        self._limiter.clear(self._per_name, _key(name), address)

    def _wait(self, limit: RateLimitItem, *key: str) -> int:
        return max(1, math.ceil(self._limiter.get_window_stats(limit, *key).reset_time - time.time()))


class CodeAttempts:
    """The wrong linking codes of a person on LINE: more than a few an hour are somebody who tries them."""

    def __init__(self, most: RateLimitItem = WRONG_CODES_PER_PERSON) -> None:
        self._most = most
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def exhausted(self, user: str) -> bool:
        """Whether this person may try no more for now."""
        return not self._limiter.test(self._most, user)

    def failed(self, user: str) -> None:
        """Count a wrong code."""
        self._limiter.hit(self._most, user)


def current_throttle() -> Throttle:
    """The failures that this application has counted."""
    throttle: Throttle = current_app.extensions[EXTENSION]
    return throttle


def _key(name: str) -> str:
    return normal_name(name)[:LONGEST_NAME]
