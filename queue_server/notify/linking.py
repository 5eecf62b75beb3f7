"""Linking a LINE account with a number: the code on the ticket's page, written to the city's account."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from queue_server.clock import Clock
from queue_server.domain.linking import HOLDS, new_code
from queue_server.domain.nearness import Nearness
from queue_server.domain.ticket import Ticket
from queue_server.hall import Hall
from queue_server.notify.terms import Name
from queue_server.notify.wishes import MOST_WISHES
from queue_server.storage import linking_codes, subscriptions
from queue_server.storage.database import Store
from queue_server.storage.linking_codes import LinkingCode
from queue_server.storage.subscriptions import Channel, Subscription


class Linked(StrEnum):
    """What came of a code that somebody wrote."""

    YES = "yes"
    UNKNOWN = "unknown"
    """Nobody was shown it, it is too old, its number has ended, or somebody else has used it."""
    TOO_MANY = "too_many"
    """The number has as many wishes as it may have."""


class Linking:
    """The codes of one data directory."""

    def __init__(self, store: Store, clock: Clock, halls: Mapping[str, Hall]) -> None:
        self._store = store
        self._clock = clock
        self._halls = halls

    def make_code(self, ticket: Ticket, near: Nearness, language: str) -> LinkingCode:
        """A new code for an open ticket, in place of its last one; who is linked already is told by this choice.

        Raises StorageUnavailable.
        """
        now = self._clock.now()
        code = LinkingCode(new_code(secrets.choice), ticket.id, ticket.site, language, near, now + HOLDS)
        with self._store.transaction() as db:
            linking_codes.forget_expired(db, now)
            linking_codes.store_code(db, code)
            for wish in subscriptions.subscriptions_of_ticket(db, ticket.id):
                if wish.channel is Channel.LINE:
                    subscriptions.store_subscription(db, replace(wish, near=near, language=language))
        return code

    def code_of(self, ticket: str) -> LinkingCode | None:
        """The code of a ticket that may still be written."""
        with self._store.looking_up() as db:
            code = linking_codes.code_of_ticket(db, ticket)
        return code if code is not None and not code.used and code.expires_at > self._clock.now() else None

    def link(self, text: str, user: str) -> tuple[Linked, Subscription | None, Ticket | None]:
        """Use a code for this account: what came of it, with the wish and the ticket where it was linked.

        The same account may write it again, since LINE may deliver a message twice. Raises StorageUnavailable.
        """
        with self._store.transaction() as db:
            linking_codes.forget_expired(db, self._clock.now())
            code = linking_codes.find_code(db, text)
            hall = self._halls.get(code.site) if code is not None else None
            ticket = hall.open_ticket(code.ticket) if code is not None and hall is not None else None
            if code is None or ticket is None:
                return Linked.UNKNOWN, None, None
            wishes = subscriptions.subscriptions_of_ticket(db, code.ticket)
            mine = next((each for each in wishes if (each.channel, each.address) == (Channel.LINE, user)), None)
            if code.used:
                return (Linked.YES, mine, ticket) if mine is not None else (Linked.UNKNOWN, None, None)
            if mine is None and len(wishes) >= MOST_WISHES:
                return Linked.TOO_MANY, None, ticket
            wish = Subscription(code.ticket, code.site, Channel.LINE, user, language=code.language, near=code.near)
            subscriptions.store_subscription(db, wish)
            linking_codes.note_used(db, text)
            return Linked.YES, wish, ticket

    def site_of(self, wish: Subscription) -> Name:
        """What the hall of a wish is called."""
        site = self._halls[wish.site].site
        return Name(site.name, site.names)
