"""Fixtures that all tests share: a real application on a real SQLite file, at a quarter past nine on a Tuesday."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from queue_server.city import City
from queue_server.config import Settings
from queue_server.domain.calendar import local_minute
from queue_server.storage.database import FILE_NAME
from tests.support.api import Api
from tests.support.apps import city_of, make_app
from tests.support.clock import ManualClock
from tests.support.halls import empty_database
from tests.support.server import Server

# What is imported and collected here stays for the whole run: looking through it for garbage, while it grows and then
# again beside the garbage of every test, was an eighth of the time of tests that make an application.
gc.disable()

SITE = "honchosha"

# The same commit tries the same examples every time; `make hunt` looks on from other seeds. Only the moments at which
# real processes are killed are drawn anew each time, as their timing is anyway.
hypothesis.settings.register_profile("same", derandomize=True)
hypothesis.settings.register_profile("hunt", derandomize=False, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first: they wait more than they compute, and none is left alone at the end of a run in parallel."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """From now on garbage is collected, and only among what the tests make."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A test's log stream is closed after it; the next test must not write there."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(autouse=True)
def priority_as_before() -> Iterator[None]:
    """No test may leave this process behind all others: every test after it would wait for them."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    yield
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


@pytest.fixture
def clock() -> ManualClock:
    """Tuesday 2026-11-24, 9:15 JST: the Atsugi hall is open."""
    return ManualClock(local_minute("2026-11-24T09:15"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / FILE_NAME).write_bytes(empty_database())
    return Settings(data_dir=data, profile="atsugi", log_level="critical")


@pytest.fixture
def app(settings: Settings, clock: ManualClock) -> Iterator[Flask]:
    with make_app(settings, clock) as app:
        yield app


@pytest.fixture
def city(app: Flask) -> City:
    return city_of(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody is signed in to."""
    return app.test_client()


@pytest.fixture
def api(app: Flask) -> Api:
    """The API as devices use it: one token a role."""
    return Api(app, SITE)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server that the tests of one run share; each test leaves it with its hall open."""
    data = tmp_path_factory.mktemp("server") / "data"
    with Server(data, {"QUEUE_SERVER_OPEN_KIOSK": "1"}) as running:
        yield running
