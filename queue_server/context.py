"""Typed doors from a Flask request to the city and the settings."""

from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

from queue_server.announcing import Announcer
from queue_server.city import City
from queue_server.config import Settings
from queue_server.hall import FormerDay, Hall, Unknown
from queue_server.health import Metrics, Readiness
from queue_server.notify import Notifier, Offer

if TYPE_CHECKING:
    from queue_server.notify.line_talk import LineTalk

CITY, SETTINGS, ANNOUNCER = "queue_server.city", "queue_server.settings", "queue_server.announcer"
NOTIFIER, OFFER = "queue_server.notifier", "queue_server.offer"
ALERT_WATCH, LINE = "queue_server.alert_watch", "queue_server.line"
METRICS, READINESS = "queue_server.metrics", "queue_server.readiness"


def install(app: Flask, city: City, settings: Settings) -> None:
    """Put the city and the settings behind the doors of this module."""
    app.extensions[CITY] = city
    app.extensions[SETTINGS] = settings
    app.extensions[ANNOUNCER] = Announcer(city, settings.data_dir)


def current_city() -> City:
    """The city that this application serves."""
    return cast(City, current_app.extensions[CITY])


def current_settings() -> Settings:
    """The settings that this application runs with."""
    return cast(Settings, current_app.extensions[SETTINGS])


def current_announcer() -> Announcer:
    """The announcements of the city that this application serves."""
    return cast(Announcer, current_app.extensions[ANNOUNCER])


def current_offer() -> Offer:
    """What this server can offer to a ticket's holder outside the page."""
    return cast(Offer, current_app.extensions[OFFER])


def current_notifier() -> Notifier:
    """Who sends what is due."""
    return cast(Notifier, current_app.extensions[NOTIFIER])


def current_metrics() -> Metrics:
    """What this application counts."""
    return cast(Metrics, current_app.extensions[METRICS])


def current_readiness() -> Readiness:
    """What keeps this application from its work."""
    return cast(Readiness, current_app.extensions[READINESS])


def current_line() -> "LineTalk | None":
    """The talk with the city's LINE account; None where LINE is off."""
    return cast("LineTalk | None", current_app.extensions.get(LINE))


def hall_or_404(site_id: str) -> Hall:
    """The hall of a site named in a URL; raises Unknown("site"), which is answered as 404."""
    return current_city().hall(site_id)


__all__ = [
    "FormerDay",
    "Unknown",
    "current_announcer",
    "current_city",
    "current_line",
    "current_metrics",
    "current_notifier",
    "current_offer",
    "current_readiness",
    "current_settings",
    "hall_or_404",
    "install",
]
