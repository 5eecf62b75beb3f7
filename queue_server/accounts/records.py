"""What devices and staff share: the store, the clock, and the journal entry of each change."""

import uuid

from sqlite_utils import Database

from queue_server.clock import Clock
from queue_server.domain.calendar import business_day
from queue_server.domain.entries import Kind
from queue_server.storage import journal
from queue_server.storage.database import Store

NO_SITE = ""
"""The site of an entry that concerns the whole city."""


class UnknownAccount(Exception):  # noqa: N818 - an answer for the administrator
    """There is no person or device with this id."""


class Records:
    """The accounts of one data directory."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def _record(self, db: Database, kind: Kind, actor: str, **body: str) -> None:
        """Append the entry of a change, inside its transaction. Never give it a password, a token or a hash."""
        now = self._clock.now()
        journal.append_next(
            db,
            now=now,
            site=NO_SITE,
            business_day=business_day(now),
            kind=kind,
            actor=actor,
            request_id=uuid.uuid4().hex,
            body=body,
        )
