"""Typed doors from a Flask request to the city and the settings."""

from typing import cast

from flask import Flask, current_app

from queue_server.city import City
from queue_server.config import Settings
from queue_server.hall import FormerDay, Hall, Unknown

CITY, SETTINGS = "queue_server.city", "queue_server.settings"


def install(app: Flask, city: City, settings: Settings) -> None:
    """Put the city and the settings behind the doors of this module."""
    app.extensions[CITY] = city
    app.extensions[SETTINGS] = settings


def current_city() -> City:
    """The city that this application serves."""
    return cast(City, current_app.extensions[CITY])


def current_settings() -> Settings:
    """The settings that this application runs with."""
    return cast(Settings, current_app.extensions[SETTINGS])


def hall_or_404(site_id: str) -> Hall:
    """The hall of a site named in a URL; raises Unknown("site"), which is answered as 404."""
    return current_city().hall(site_id)


__all__ = ["FormerDay", "Unknown", "current_city", "current_settings", "hall_or_404", "install"]
