"""The words of the write path: who calls, what was decided, what was written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from queue_server.domain.entries import Entry, Kind
from queue_server.domain.ticket import Ticket
from queue_server.snapshot import View


class Unknown(Exception):  # noqa: N818 - an answer, not a failure
    """Something named in a command does not exist.

    `what` is "site", "service", "counter", "ticket", "priority", "notice", "part", "kiosk" or "screen".
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class FormerDay(Exception):  # noqa: N818 - an answer, not a failure
    """A ticket's token was shown after the ticket's business day; it opens nothing any more.

    `business_day`, `site` and `service` (ids) may be told to whoever has the token.
    """

    def __init__(self, business_day: date, site: str, service: str) -> None:
        super().__init__(business_day.isoformat())
        self.business_day = business_day
        self.site = site
        self.service = service


@dataclass(frozen=True, slots=True)
class Caller:
    """Who gives a command, and the id under which a retry of it is known."""

    actor: str
    request_id: str
    supervises: bool = False
    """Whether the caller may command at a counter where somebody else works."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry decided on and not yet written."""

    kind: Kind
    ticket: str | None = None
    counter: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    business_day: date | None = None
    """An earlier day that it belongs to; None for the day that runs."""


@dataclass(frozen=True, slots=True)
class Written:
    """An entry of this transaction with the ticket as it leaves it."""

    entry: Entry
    ticket: Ticket | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command comes to: the entries to write, and how to answer once they are numbered."""

    drafts: Sequence[Draft]
    answer: Callable[[Sequence[Written]], View | None]


class Listener(Protocol):
    """Is told of each site that has a new picture, after the commit and outside the lock."""

    def __call__(self, site: str, /) -> None: ...


class Timekeeper(Protocol):
    """Is told how long each command took, in seconds, also one that was refused; outside the lock."""

    def __call__(self, command: str, seconds: float, /) -> None: ...


CLOCK_ACTOR = "clock"
"""The actor of what time does: expiry at the day's end."""


def ticket_of(written: Written) -> Ticket:
    """The ticket of an entry that moves one."""
    assert written.ticket is not None, "a switch has no ticket"
    return written.ticket


def some(answer: View | None) -> View:
    """The answer of a command that always has one."""
    assert answer is not None, "only call_next may answer nothing"
    return answer
