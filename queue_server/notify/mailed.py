"""What the alert watch remembers over a restart: what stood, and what was mailed when."""

from collections.abc import Collection, Mapping
from datetime import datetime

from queue_server.domain.alerts import AlertName
from queue_server.domain.calendar import business_day
from queue_server.storage import alerts_mailed
from queue_server.storage.database import Store


class MailedAlerts:
    """The memory of one data directory."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, site: str, now: datetime) -> tuple[set[AlertName], dict[AlertName, datetime]]:
        """What stood at a site and when it was mailed, as far as it was today: yesterday's lines have ended."""
        with self._store.looking_up() as db:
            standing, told = alerts_mailed.read_mailed(db, site)
        today = {name: at for name, at in told.items() if business_day(at) == business_day(now)}
        return standing & today.keys(), today

    def note(self, site: str, standing: Collection[AlertName], told: Mapping[AlertName, datetime]) -> None:
        """Remember both from now on; raises StorageUnavailable."""
        with self._store.transaction() as db:
            alerts_mailed.store_mailed(db, site, standing, told)
