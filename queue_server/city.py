"""City: all halls of one city over one data directory."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import structlog

from queue_server.accounts import Accounts
from queue_server.audit import Audit
from queue_server.clock import Clock
from queue_server.domain.calendar import business_day
from queue_server.domain.site import CityProfile
from queue_server.domain.ticket import Ticket
from queue_server.forecasts import Forecasts
from queue_server.hall import Hall, Together, Unknown
from queue_server.notify import Linking, Wishes
from queue_server.notify.mailed import MailedAlerts
from queue_server.storage import tickets
from queue_server.storage.database import (
    DamagedDatabase,
    StorageUnavailable,
    Store,
)
from queue_server.storage.directory_lock import DirectoryInUse, DirectoryLock
from queue_server.storage.marks import store_mark
from queue_server.storage.verification import DamagedFile, Difference, verify_since_mark
from queue_server.storage.versions import VersionCounter
from queue_server.worker import Turns, run_blocking, turns

log = structlog.get_logger()

PREDECESSOR_PATIENCE_SECONDS = 6.0
"""How long a start waits for a server that is shutting down."""


class StartRefused(Exception):  # noqa: N818 - an answer for the administrator
    """The server must not start; the message says why and what to do."""


class City:
    """The halls of one city, their one database, and who may act in them."""

    def __init__(self, profile: CityProfile, store: Store, clock: Clock, turns: Turns | None = None) -> None:
        """Take up all halls where the journal left them; `open_city` is the way to one that was verified.

        `turns` are those of the event loop that runs the commands, if one does.
        """
        self.profile = profile
        self.clock = clock
        self.accounts = Accounts(store, clock)
        self.audit = Audit(store)
        self.forecasts = Forecasts(store, profile)
        self.wishes = Wishes(store)
        self.mailed_alerts = MailedAlerts(store)
        self._store = store
        self._opened = ExitStack()
        self._verified_on = business_day(clock.now())
        self.verification_failed = False
        """Whether the newest verification, at the start or after midnight, came to what a start refuses."""
        versions = VersionCounter(store, int(time.time()))
        together = Together(store, clock, turns)
        self.halls: Mapping[str, Hall] = {
            site.id: Hall(site, store, clock, versions, together, profile_text=profile.text)
            for site in profile.sites.values()
        }
        self.linking = Linking(store, clock, self.halls)

    def hall(self, site_id: str) -> Hall:
        """The hall of a site; raises Unknown("site")."""
        hall = self.halls.get(site_id)
        if hall is None:
            raise Unknown("site")
        return hall

    def hall_of_ticket(self, ticket_id: str) -> Hall:
        """The hall that issued a ticket; raises Unknown("ticket")."""
        for hall in self.halls.values():
            if hall.open_ticket(ticket_id) is not None:
                return hall
        with self._store.looking_up() as db:
            ticket = tickets.find_ticket(db, ticket_id)
        if ticket is None or ticket.site not in self.halls:
            raise Unknown("ticket")
        return self.halls[ticket.site]

    def find_ticket_by_token(self, token: str) -> tuple[Hall, Ticket] | None:
        """The ticket that a token opens, with its hall."""
        with self._store.looking_up() as db:
            ticket = tickets.find_by_token(db, token)
        if ticket is None or ticket.site not in self.halls:
            return None
        return self.halls[ticket.site], ticket

    def ticket_by_token(self, token: str) -> tuple[Hall, Ticket]:
        """The ticket of today that a token opens, with its hall; raises Unknown("ticket") or FormerDay."""
        found = self.find_ticket_by_token(token)
        if found is None:
            raise Unknown("ticket")
        hall, ticket = found
        hall.require_today(ticket)
        return hall, ticket

    def tick(self) -> bool:
        """Let time do its work in every hall; one that fails does not stop the others.

        Returns whether it was done in all of them. Counting days that are over is no part of it: what fails there is
        logged and tried again, and holds no day up.
        """
        self._verify_after_midnight()
        done = [self._tick_hall(hall) for hall in self.halls.values()]
        return all(done)

    def _tick_hall(self, hall: Hall) -> bool:
        done = True
        try:
            hall.tick()
        except Exception:
            log.exception("tick_failed", site=hall.site.id)
            done = False
        try:
            self.forecasts.count_days(hall.site.id, business_day(self.clock.now()))
        except Exception:
            log.exception("counting_days_failed", site=hall.site.id)
        return done

    def _verify_after_midnight(self) -> None:
        """Once a business day, while nobody waits: a start then has no more than a day to verify.

        A table that is not what the journal says stops nothing, but a start would refuse it, also where the
        verification itself breaks.
        """
        today = business_day(self.clock.now())
        if today == self._verified_on:
            return
        self._verified_on = today
        try:
            verify_and_mark(self._store)
            self.verification_failed = False
        except Difference as error:
            self.verification_failed = True
            log.error("verification_failed", difference=str(error))
        except Exception:
            self.verification_failed = True
            log.exception("verification_failed")

    def prove_writable(self) -> None:
        """Commit something that changes nothing; raises StorageUnavailable or DamagedDatabase where that fails."""
        self._store.leave_mark()

    def checkpoint_if_due(self) -> None:
        """Keep the log of the database short, beside the event loop and not within somebody's command."""
        if not self._store.checkpoint_due:
            return
        try:
            run_blocking(self._store.checkpoint)
        except StorageUnavailable as error:
            # SQLite makes one by itself when the log is long.
            log.warning("checkpoint_failed", reason=str(error))

    def close_with(self, opened: ExitStack) -> None:
        """Make this city the owner of what was opened for it."""
        self._opened = opened

    def close(self) -> None:
        """Close the database and free the data directory for the next server."""
        self._opened.close()


def open_city(profile: CityProfile, directory: Path, clock: Clock) -> City:
    """The one server's city on this data directory: locked, verified, and taken up where it was left.

    Raises StartRefused with words for the administrator.
    """
    with ExitStack() as opened:
        try:
            lock = DirectoryLock(directory)
            lock.acquire(PREDECESSOR_PATIENCE_SECONDS)
            opened.callback(lock.release)
            store = Store(directory)
            opened.callback(store.close)
            _verify_or_refuse(store)
            _refuse_lost_services(profile, store, business_day(clock.now()))
            city = City(profile, store, clock, turns())
            store.require_sound()
        except DirectoryInUse as error:
            raise StartRefused(
                f"Another server runs on {directory}. Stop it first, or give this one its own --data."
            ) from error
        except DamagedDatabase as error:
            raise StartRefused(_damage(directory, str(error))) from error
        except (StorageUnavailable, OSError) as error:
            raise StartRefused(
                f"{directory} cannot be written: {error}. Free space or correct the permissions, then start again."
            ) from error
        city.close_with(opened.pop_all())
        return city


def _verify_or_refuse(store: Store) -> None:
    try:
        verify_and_mark(store)
    except Difference as error:
        raise StartRefused(_damage(store.directory, str(error))) from error


def verify_and_mark(store: Store) -> None:
    """Verify what was written since the last mark, and mark how far that was; raises Difference, DamagedDatabase.

    Damage of the file itself ends all writing, like any that is met. That the mark cannot be written costs the next
    start the same work again.
    """
    with store.lock:
        try:
            mark = verify_since_mark(store.database)
        except DamagedFile as error:
            store.note_damage(str(error))
            raise
        log.info("verified", entries=mark.seq)
        try:
            with store.transaction() as db:
                store_mark(db, mark)
        except DamagedDatabase:
            raise
        except StorageUnavailable as error:
            log.warning("mark_not_kept", reason=str(error))


def _refuse_lost_services(profile: CityProfile, store: Store, today: date) -> None:
    """A ticket that is still open in a day that goes on must have its site, service and stage in the profile."""
    with store.reading() as db:
        services = tickets.open_services(db, today)
    for site, service, stage in services:
        known = profile.sites.get(site)
        found = known.services.get(service) if known else None
        if found is None or stage >= len(found.stages):
            raise StartRefused(
                f"The profile has no service {service!r} with stage {stage + 1} at site {site!r}, but tickets of it\n"
                "are still open today. Start with the profile that issued them; change it after the day has ended."
            )


def _damage(directory: Path, what: str) -> str:
    return (
        f"The database in {directory} is damaged: {what}.\n"
        "The server does not start on it, so that nothing gets worse. Keep a copy of the whole directory, then see\n"
        "'A damaged database' in deploy/RUNBOOK.md: queue-server restore brings back what the copies hold."
    )
