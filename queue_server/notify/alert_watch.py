"""Mails supervisors when a limit of the city is newly reached: one mail a hall, with everything that is new."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import structlog

from queue_server.clock import Clock
from queue_server.domain.alerts import Alert, AlertName, name_of_alert, newly_reached
from queue_server.domain.site import Site
from queue_server.hall import Hall, StorageUnavailable
from queue_server.notify.mailed import MailedAlerts
from queue_server.notify.notifier import Event
from queue_server.notify.terms import Message, Outcome

log = structlog.get_logger()

AlertWords = Callable[[Site, Sequence[Alert]], Message]


class Mailer(Protocol):
    """Who sends mail."""

    def mail(self, to: Sequence[str], words: Message, key: str) -> Outcome: ...


class AlertWatch:
    """Remembers what stood and what was mailed, also over a restart: the same is mailed once.

    Only a server that is killed between the mail and its note mails it again: better twice than not at all.
    """

    def __init__(
        self,
        halls: Mapping[str, Hall],
        clock: Clock,
        mailer: Mailer,
        recipients: Sequence[str],
        words: AlertWords,
        memory: MailedAlerts,
        wake: Event,
    ) -> None:
        self._halls = halls
        self._clock = clock
        self._mailer = mailer
        self._recipients = recipients
        self._words = words
        self._wake = wake
        self._memory = memory
        self._changed = set(halls)
        self._standing: dict[str, set[AlertName]] = {}
        self._told: dict[str, dict[AlertName, datetime]] = {}
        for site_id in halls:
            self._standing[site_id], self._told[site_id] = memory.of(site_id, clock.now())
        for hall in halls.values():
            hall.listen(self._note)
        wake.set()

    def _note(self, site_id: str) -> None:
        self._changed.add(site_id)
        self._wake.set()

    def look_forever(self) -> None:
        """Look after each change, for ever; for a background task of its own, since a mail server may be slow."""
        while True:
            self._wake.wait()
            self._wake.clear()
            try:
                self.look()
            except Exception:
                log.exception("alert_watch_failed")

    def look(self) -> None:
        """Mail what was newly reached in the halls that have changed; what fails is tried with the next change."""
        while self._changed:
            site_id = self._changed.pop()
            hall, now = self._halls[site_id], self._clock.now()
            alerts = hall.alerts()
            told, before = self._told[site_id], self._standing[site_id]
            fresh = newly_reached(alerts, before, told, now)
            names = {name_of_alert(alert) for alert in fresh}
            sent = bool(fresh) and self._mail(hall.site, fresh, now)
            if sent:
                told.update(dict.fromkeys(names, now))
            self._standing[site_id] = {name_of_alert(alert) for alert in alerts} - (set() if sent else names)
            if sent or self._standing[site_id] != before:
                self._remember(site_id)

    def _remember(self, site_id: str) -> None:
        try:
            self._memory.note(site_id, self._standing[site_id], self._told[site_id])
        except StorageUnavailable:
            log.warning("mailed_alerts_not_noted", site=site_id)

    def _mail(self, site: Site, fresh: Sequence[Alert], now: datetime) -> bool:
        key = f"{site.id} {now.isoformat()} " + " ".join(f"{alert.service}/{alert.kind}" for alert in fresh)
        outcome = self._mailer.mail(self._recipients, self._words(site, fresh), key)
        if outcome is Outcome.GONE:
            log.error("alert_recipients_unknown", site=site.id)
        return outcome is not Outcome.AGAIN
