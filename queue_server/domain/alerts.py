"""What the supervisor is alerted to, by the city's own limits (`[site.alerts]` of the profile)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.domain.day import Day
from queue_server.domain.site import AlertLimits, Service, Site
from queue_server.domain.ticket import Ticket


class AlertKind(StrEnum):
    """Which limit a service has reached."""

    PEOPLE = "people"
    WAIT = "wait"
    WITHOUT_CALL = "without_call"


@dataclass(frozen=True, slots=True)
class Alert:
    """A limit that a service has reached: people, or whole minutes."""

    service: str
    kind: AlertKind
    value: int
    limit: int


AlertName = tuple[str, AlertKind]
"""What an alert is known by: its service and its kind."""

TOLD_AGAIN_AFTER = timedelta(minutes=30)
"""A line that goes up and down around a limit writes no mail each time."""


def name_of_alert(alert: Alert) -> AlertName:
    """What an alert is known by, whatever its value is now."""
    return alert.service, alert.kind


def newly_reached(
    alerts: Iterable[Alert], before: Collection[AlertName], told: Mapping[AlertName, datetime], now: datetime
) -> list[Alert]:
    """The alerts that did not stand `before`, without those that were told less than TOLD_AGAIN_AFTER ago."""
    return [
        alert
        for alert in alerts
        if (name := name_of_alert(alert)) not in before and (name not in told or now - told[name] >= TOLD_AGAIN_AFTER)
    ]


def alerts_of(site: Site, day: Day, now: datetime) -> list[Alert]:
    """Every limit that is reached at an instant (aware), in the order of the profile's services."""
    found: list[Alert] = []
    for service in site.services.values():
        waiting = day.waiting(service.id)
        if waiting:
            found += _alerts(service, waiting, day.last_call(service.id), site.alerts, now)
    return found


def _alerts(
    service: Service, waiting: list[Ticket], last_call: Ticket | None, limits: AlertLimits, now: datetime
) -> Iterator[Alert]:
    oldest = min(ticket.waiting_since for ticket in waiting)
    # Nobody waits "without a call" for longer than somebody waits at all.
    called_at = last_call.called_at if last_call else None
    since = max(oldest, called_at) if called_at else oldest
    for kind, value, limit in (
        (AlertKind.PEOPLE, len(waiting), limits.people),
        (AlertKind.WAIT, _minutes(oldest, now), limits.wait_minutes),
        (AlertKind.WITHOUT_CALL, _minutes(since, now), limits.without_call_minutes),
    ):
        if limit is not None and value >= limit:
            yield Alert(service.id, kind, value, limit)


def _minutes(since: datetime, now: datetime) -> int:
    return int((now - since).total_seconds() // 60)
