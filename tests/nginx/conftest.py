"""A real nginx on the shipped file, before a server that counts what it is asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.proxy import Nginx
from tests.support.upstream import Upstream, upstream


@pytest.fixture
def behind() -> Iterator[Upstream]:
    with upstream() as server:
        yield server


@pytest.fixture
def nginx(behind: Upstream, tmp_path: Path) -> Iterator[Nginx]:
    with Nginx(tmp_path / "nginx", behind.port) as running:
        yield running
