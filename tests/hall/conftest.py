"""A town on a real SQLite file, at nine on a Tuesday."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.halls import Town, town_in


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with town_in(tmp_path / "data") as town:
        yield town
