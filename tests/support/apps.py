"""Applications for tests that call Flask in this process."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from queue_server.app import create_app
from queue_server.city import City
from queue_server.clock import Clock
from queue_server.context import CITY
from queue_server.settings import Settings


def city_of(app: Flask) -> City:
    """The city behind an application."""
    found: City = app.extensions[CITY]
    return found


@contextmanager
def make_app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """An application without background tasks: a test decides itself when the clock ticks."""
    app = create_app(settings, clock=clock, background=False)
    try:
        yield app
    finally:
        city_of(app).close()
