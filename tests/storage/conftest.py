"""A store and a town on a real SQLite file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.storage.database import Store
from tests.support.halls import Town, town_in


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "data")
    yield store
    store.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with town_in(tmp_path / "data") as town:
        yield town
