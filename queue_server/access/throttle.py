"""Guessing passwords is slowed down, and nobody is locked out for the morning.

Counted are failures, by name and address together: a guesser elsewhere cannot keep a clerk out. The address alone
gets a generous limit, because a whole hall may share one. A limit is over after a few minutes and is not prolonged by
trying on. The counts are in memory, as one process serves a hall.
"""

import ipaddress
import math
import time

from flask import current_app, request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter

from queue_server.domain.roles import LONGEST_NAME, normal_name

EXTENSION = "queue_server.throttle"
PER_NAME = RateLimitItemPerMinute(5, 3)
PER_ADDRESS = RateLimitItemPerMinute(60, 3)

PACE_EXTENSION = "queue_server.pace"
READS_PER_TICKET = RateLimitItemPerMinute(60)
"""A page asks some ten times a minute; the rest is for reloads by hand."""
READS_PER_ADDRESS = RateLimitItemPerMinute(900)
"""Everybody in a hall may have one address, that of its wireless network."""
MAILS_PER_TICKET = RateLimitItemPerHour(10)
"""A typing mistake is corrected, a choice changed; more would be mail to strangers."""
WRONG_CODES_PER_PERSON = RateLimitItemPerHour(10)
"""With 3.8e11 codes, nobody comes to anything."""
NO_ADDRESS = ("127.0.0.1", "::/64", "None")
"""What a proxy that names nobody looks like: all phones of a city would be counted as one."""


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


class TooOften(Exception):  # noqa: N818 - an answer, not a failure
    """Somebody asks for a ticket too often; the next question is answered in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Pace:
    """How often public pages and tickets were asked for in this minute.

    Of a ticket by ticket and address together, so that whoever reloads without end slows nobody else, also behind the
    same address; by address alone generously, which is what slows a search for tokens. A page that is open goes on
    meanwhile: the board that it reads is not counted.
    """

    def __init__(
        self, per_ticket: RateLimitItem = READS_PER_TICKET, per_address: RateLimitItem = READS_PER_ADDRESS
    ) -> None:
        self._per_ticket = per_ticket
        self._per_address = per_address
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def note(self, address: str, token: str | None = None) -> None:
        """Count one question, of a ticket where there is a token; raises TooOften."""
        if token is not None:
            self._hit(self._per_ticket, token[:LONGEST_NAME], address)
        if address not in NO_ADDRESS:
            self._hit(self._per_address, address)

    def note_mail(self, ticket: str) -> None:
        """Count a mail address that was typed for a ticket; raises TooOften."""
        self._hit(MAILS_PER_TICKET, ticket)

    def _hit(self, limit: RateLimitItem, *key: str) -> None:
        if not self._limiter.hit(limit, *key):
            reset = self._limiter.get_window_stats(limit, *key).reset_time
            raise TooOften(max(1, math.ceil(reset - time.time())))


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


def client_address() -> str:
    """Where a request comes from: its peer, or whom a proxy on this machine names. Of IPv6 the network alone."""
    peer = _parse(request.remote_addr)
    if peer is None or peer.is_loopback:
        peer = _parse(request.headers.get("X-Forwarded-For", "").rpartition(",")[2]) or peer
    if isinstance(peer, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((peer, 64), strict=False))
    return str(peer)


def _parse(text: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address((text or "").strip())
    except ValueError:
        return None
    # What a socket that takes both says of IPv4.
    return getattr(address, "ipv4_mapped", None) or address


def _key(name: str) -> str:
    return normal_name(name)[:LONGEST_NAME]
