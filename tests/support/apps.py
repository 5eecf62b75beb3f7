"""Applications for tests that call Flask in this process."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from queue_server.app import create_app
from queue_server.city import City
from queue_server.clock import Clock
from queue_server.context import CITY
from queue_server.settings import Settings


class TemplatesInMemory(BytecodeCache):
    """Compiled templates for all applications of this process: every test makes one."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template that an earlier application compiled."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template for later applications."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = TemplatesInMemory()


def city_of(app: Flask) -> City:
    """The city behind an application."""
    found: City = app.extensions[CITY]
    return found


@contextmanager
def make_app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """An application without background tasks: a test decides itself when the clock ticks."""
    app = create_app(settings, clock=clock, background=False)
    app.jinja_env.bytecode_cache = TEMPLATES
    try:
        yield app
    finally:
        city_of(app).close()
