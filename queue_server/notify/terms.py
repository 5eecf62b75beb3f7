"""The words of the notices: what is told, by whom, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from queue_server.domain.nearness import NoticeKind
from queue_server.domain.waits.ranges import Estimate
from queue_server.notify.services import PushServices
from queue_server.storage.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class Name:
    """What a thing of the profile is called in Japanese, and in other languages by tag."""

    name: str
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a holder is told now."""

    kind: NoticeKind
    ticket: str
    label: str
    site: Name
    service: Name
    counter: Name
    """Without a name while the number has no counter."""
    ahead: int
    estimate: Estimate | None
    call_seq: int
    """The call that it tells of; 0 for one that the turn is near."""
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A notice in words, in the language of the one who reads it."""

    title: str
    body: str


MAIL_ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}$"
"""What mail is sent to."""
LONGEST_MAIL_ADDRESS = 254

Words = Callable[[Notice, str], Message]
"""Puts a notice into words of a language, named by its tag."""


class Outcome(StrEnum):
    """What came of sending a notice."""

    SENT = "sent"
    GONE = "gone"
    """Nobody is there any more: the wish is forgotten."""
    AGAIN = "again"
    """It failed, and may go through later."""


class Sender(Protocol):
    """One way of telling. It may wait for a network, as long as other greenlets run meanwhile."""

    def send(self, wish: Subscription, notice: Notice) -> Outcome:
        """Send one notice; whatever the network does is an outcome, never an exception."""


NO_SERVICES = PushServices()


@dataclass(frozen=True, slots=True)
class Offer:
    """What this server can offer to a ticket's holder."""

    push_key: str | None = None
    """The public key that a browser subscribes with; None where Web Push is off."""
    services: PushServices = NO_SERVICES
    mail: bool = False
    line: str | None = None
    """The basic id of the city's LINE official account; None where LINE is off."""
