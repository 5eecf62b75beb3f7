"""Who asks too often is slowed down (429 with Retry-After), and nobody else.

Everybody in a hall may have one address, that of its wireless network, so addresses alone get generous rates; what
has a better key is counted by that: a ticket by its token and address, a device and a person by who they are. A
proxy that names nobody is not counted as an address: all phones of a city would be one. Static files, health and the
frames of open sockets are not counted here.
"""

import math

from flask import Flask, current_app

from queue_server.access.buckets import Buckets, Rate
from queue_server.domain.roles import LONGEST_NAME

EXTENSION = "queue_server.pace"

PAGES = Rate(300, 600)
"""Of an address: public pages, each of which is rendered."""
DATA = Rate(3_000, 12_000)
"""Of an address: public reads whose bytes are ready. A thousand phones without a websocket ask a hundred times a
second, and a page that is slowed goes on showing the board that it reads here."""
FORMS = Rate(60, 60)
"""Of an address: what anybody may send, or have this server ask the identity provider for."""
STRANGERS = Rate(300, 600)
"""Of an address: requests that would need somebody to be signed in; twenty desks whose sessions ended ask as well."""
SOCKETS = Rate(3_000, 6_000)
"""Of an address: new sockets. After a restart of the server every phone of a hall comes back within half a minute."""
TICKETS = Rate(1_000, 3_000)
"""Of an address: pages and states of tickets. Everybody who waits may be in the hall's wireless network."""
TICKET = Rate(20, 40)
"""Of a ticket at an address. A page asks some ten times a minute; the rest is for reloads by hand."""
PERSON = Rate(300, 600)
"""Of a session: faster than any hand, and than a desk page beside it."""
DEVICE = Rate(3_000, 12_000)
"""Of a device: a program that runs away, not one that hands over a day's numbers."""
MAIL = Rate(10, 10 / 60)
"""Of a ticket: mail addresses typed. A mistake is corrected, a choice changed; more would be mail to strangers."""

NO_ADDRESS = ("127.0.0.1", "::/64", "None")
"""What a proxy that names nobody looks like, and what programs on this machine look like."""

READY_BYTES = frozenset(
    {
        "display.alive",
        "display.choose_language",
        "display.course_part",
        "display.icon",
        "display.logo",
        "display.look",
        "display.manifest",
        "display.slide",
        "display.status_qr",
        "display.worker",
        "voice.clip",
        "voice.index",
    }
)
"""The public endpoints besides those of the API that render no page."""
SENT_BY_ANYBODY = frozenset(
    {"account.sign_in_with_password", "account.sign_out", "kiosk.enroll", "oidc.begin", "oidc.callback"}
)


class TooOften(Exception):  # noqa: N818 - an answer, not a failure
    """Somebody asks too often; the next question is answered in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Pace:
    """How often each address, ticket, person and device asked of late."""

    def __init__(
        self,
        *,
        ticket: Rate = TICKET,
        tickets: Rate = TICKETS,
        pages: Rate = PAGES,
        buckets: Buckets | None = None,
        slows: bool = True,
    ) -> None:
        """`slows` is False where a measurement must not be held up; mail is counted all the same."""
        self._ticket, self._tickets, self._pages = ticket, tickets, pages
        self._buckets = Buckets() if buckets is None else buckets
        self._slows = slows

    def note_public(self, endpoint: str, address: str) -> None:
        """Count a question that anybody may ask; raises TooOften."""
        rate = rate_of(endpoint)
        if rate is PAGES:
            self.note_address(self._pages, "page", address)
        elif rate is not None:
            self.note_address(rate, "form" if rate is FORMS else "data", address)

    def note_ticket(self, token: str, address: str) -> None:
        """Count a question of a ticket's holder, also one who guesses tokens; raises TooOften."""
        self._take(self._ticket, "ticket", token[:LONGEST_NAME], address)
        self.note_address(self._tickets, "tickets", address)

    def note_stranger(self, address: str) -> None:
        """Count a question of somebody whom nobody knows where somebody has to be known; raises TooOften."""
        self.note_address(STRANGERS, "stranger", address)

    def note_socket(self, address: str) -> None:
        """Count a socket that is to be opened; raises TooOften."""
        self.note_address(SOCKETS, "socket", address)

    def note_person(self, session: str) -> None:
        """Count a question of somebody who is signed in; raises TooOften."""
        self._take(PERSON, "person", session)

    def note_device(self, device: str) -> None:
        """Count a question of a device; raises TooOften."""
        self._take(DEVICE, "device", device)

    def note_mail(self, ticket: str) -> None:
        """Count a mail address that was typed for a ticket; raises TooOften."""
        self._refuse_for(self._buckets.take(MAIL, "mail", ticket))

    def note_address(self, rate: Rate, group: str, address: str) -> None:
        """Count a question of an address within a group of questions; raises TooOften."""
        if address not in NO_ADDRESS:
            self._take(rate, group, address)

    def _take(self, rate: Rate, *key: str) -> None:
        if self._slows:
            self._refuse_for(self._buckets.take(rate, *key))

    def _refuse_for(self, seconds: float) -> None:
        if seconds:
            raise TooOften(math.ceil(seconds))


def rate_of(endpoint: str) -> Rate | None:
    """The rate that an address has for a public endpoint; None for what costs nothing and is not counted."""
    if endpoint == "static" or endpoint.endswith(".static") or endpoint.startswith("health."):
        return None
    if endpoint in SENT_BY_ANYBODY:
        return FORMS
    return DATA if endpoint.startswith("api.") or endpoint in READY_BYTES else PAGES


def install(app: Flask, *, slows: bool) -> None:
    """Begin to count for an application."""
    app.extensions[EXTENSION] = Pace(slows=slows)


def current_pace() -> Pace:
    """What this application has counted."""
    pace: Pace = current_app.extensions[EXTENSION]
    return pace
