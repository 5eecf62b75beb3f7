"""Taking up what the waits of a site taught before: from what was kept, and from the journal since then."""

from collections.abc import Iterable
from datetime import date

import structlog

from queue_server.domain.day import Day
from queue_server.domain.entries import Entry
from queue_server.domain.site import Site
from queue_server.domain.ticket import Ticket
from queue_server.domain.waits.site_waits import SiteWaits, plain_waits, waits_of_plain
from queue_server.storage import journal
from queue_server.storage.database import StorageUnavailable, Store
from queue_server.storage.learned import Learned, read_learned, store_learned

log = structlog.get_logger()

LOOKED_BACK = 20
"""Business days that are learned again where nothing was kept: what is older counts for less than an eighth."""


def take_up_waits(store: Store, site: Site, day: Day, today: Iterable[Entry]) -> SiteWaits:
    """The waits of a site on the business day of `day`, whose entries so far are `today`.

    What was known on its morning is kept, so that the next start reads this day's entries alone; that it
    cannot be written costs nothing but that.
    """
    kept = _read(store, site.id, day.business_day)
    waits, since = kept if kept else (SiteWaits(), None)
    days = journal.business_days(store.database, site.id, since=since, before=day.business_day, limit=LOOKED_BACK)
    for earlier in days:
        follow_day(waits, site, earlier, journal.read_day(store.database, site.id, earlier))
        waits.begin_day()
    if since != day.business_day:
        _keep(store, site.id, day.business_day, waits)
    follow_day(waits, site, day.business_day, today)
    return waits


def follow_day(waits: SiteWaits, site: Site, business_day: date, entries: Iterable[Entry]) -> None:
    """Let the waits follow the entries of one business day, from its beginning."""
    day = Day(site.id, business_day)
    for entry in entries:
        before = day.tickets.get(entry.ticket or "")
        day.apply(entry)
        follow(waits, site, day, entry, before)


def follow(waits: SiteWaits, site: Site, day: Day, entry: Entry, before: Ticket | None) -> None:
    """Let the waits follow one entry (see SiteWaits.follow); a mistake of theirs is logged and stops nothing else.

    They are no record: what they would have learned of this entry is lost, which is less than a call.
    """
    try:
        waits.follow(site, day, entry, before)
    except Exception:
        log.exception("waits_not_followed", site=site.id, seq=entry.seq)


def _read(store: Store, site: str, business_day: date) -> tuple[SiteWaits, date] | None:
    """What was kept on that morning or an earlier one; None where that cannot be used."""
    try:
        kept = read_learned(store.database, site)
        if kept is None or kept.business_day > business_day:
            return None
        waits = waits_of_plain(kept.body)
    except (KeyError, TypeError, ValueError) as error:
        log.warning("learned_unreadable", site=site, reason=repr(error))
        return None
    return (waits, kept.business_day) if waits else None


def _keep(store: Store, site: str, business_day: date, waits: SiteWaits) -> None:
    try:
        with store.transaction() as db:
            store_learned(db, site, Learned(business_day, plain_waits(waits)))
    except StorageUnavailable as error:
        log.warning("learned_not_kept", site=site, reason=str(error))
