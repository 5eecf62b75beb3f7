"""What is to be expected of the coming days, from the counts of the days that are over."""

from datetime import date, timedelta

import structlog

from queue_server.domain.course import COUNTED_KINDS, course_of
from queue_server.domain.day_kinds import day_kind
from queue_server.domain.forecast import Forecast, coming, forecast
from queue_server.domain.forecast_model import CountedDay, learn
from queue_server.domain.site import CityProfile, Hours, Site
from queue_server.storage import journal, statistics
from queue_server.storage.database import DamagedDatabase, StorageUnavailable, Store

log = structlog.get_logger()

HISTORY = timedelta(days=800)
"""How far back a forecast looks: two springs and a bit."""
CHECKED = timedelta(days=14)
"""How far back a day that is counted is looked at again: a kiosk may hand over numbers some days late."""

MOST_AT_ONCE = 10
"""So many days are counted at one call; the server calls each second."""


class Forecasts:
    """Counts days that are over, and keeps each service's forecast for the day that runs."""

    def __init__(self, store: Store, profile: CityProfile) -> None:
        self._store = store
        self._events = profile.events
        self._counted_until: dict[str, date] = {}
        self._kept: dict[tuple[str, str], tuple[date, Hours, Forecast]] = {}

    def count_days(self, site: str, today: date) -> int:
        """Count days of a site before today that are not counted yet, some at each call; returns how many.

        Costs nothing when all was done for today already. A disk that refuses is tried again at the next call: counts
        are the journal's picture, and nothing is lost.
        """
        if self._counted_until.get(site) == today:
            return 0
        try:
            with self._store.reading() as db:
                days = statistics.days_to_count(db, site, today, CHECKED)
            # A few at a time, a transaction each: a first start on years of journal never holds anybody up for long.
            for day, seq in days[:MOST_AT_ONCE]:
                with self._store.transaction() as db:
                    counts = course_of(journal.read_kinds(db, site, day, COUNTED_KINDS))
                    statistics.store_counts(db, site, day, seq, counts)
        except DamagedDatabase:
            # Every hall's clock says so.
            return 0
        except StorageUnavailable as error:
            log.warning("days_not_counted", site=site, reason=str(error))
            return 0
        if len(days) <= MOST_AT_ONCE:
            self._counted_until[site] = today
        if days:
            self._kept = {key: kept for key, kept in self._kept.items() if key[0] != site}
            log.info("days_counted", site=site, days=len(days[:MOST_AT_ONCE]))
        return len(days[:MOST_AT_ONCE])

    def of(self, site: Site, service: str, today: date) -> Forecast:
        """The coming two weeks of one service of a site; learned once a day. KeyError for an unknown service."""
        kept = self._kept.get((site.id, service))
        if kept is None or kept[:2] != (today, site.hours):
            kept = (today, site.hours, self._learn(site, service, today))
            self._kept[site.id, service] = kept
        return kept[2]

    def _learn(self, site: Site, service: str, today: date) -> Forecast:
        minutes = site.services[service].minutes_per_person
        history = self._history(site, service, today)
        priors = {event.id: event.factor for event in self._events if event.concerns(service)}
        model = learn(history, priors, today)
        used = [each for each in history if each.kind.hours]
        return forecast(service, minutes, model, used, coming(site.hours, today, service, self._events))

    def _history(self, site: Site, service: str, today: date) -> list[CountedDay]:
        since = today - HISTORY
        with self._store.looking_up() as db:
            days: dict[date, dict[int, int]] = {day: {} for day in statistics.counted_days(db, site.id, since)}
            for day, count in statistics.counts_of(db, site.id, service, since):
                days[day][count.hour] = count.issued
        # Before the service's first number there was no such service, rather than a service without people.
        first = min((day for day, hours in days.items() if hours), default=today)
        return [
            CountedDay(day_kind(site.hours, day, service, self._events), hours)
            for day, hours in days.items()
            if first <= day < today
        ]
