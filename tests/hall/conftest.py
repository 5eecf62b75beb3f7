"""A town on a real SQLite file, at nine on a Tuesday."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.domain.ticket import Move
from tests.support.halls import Town, minato, town_in


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with town_in(tmp_path / "data") as town:
        yield town


@pytest.fixture
def port(tmp_path: Path) -> Iterator[Town]:
    """The hall of minato.toml: priority classes, disciplines, stages, alerts."""
    with town_in(tmp_path / "port", minato()) as town:
        yield town


@pytest.fixture
def busy(port: Town) -> Town:
    """At counter 1, A01 is called at its first stage; 500 is held, 501 is absent, 502 and 503 wait."""
    port.open("1", "2")
    for move in (Move.HOLD, Move.NO_SHOW):
        port.move(port.called("y", "2")["id"], move)
    port.pass_minutes(2)
    port.called("x", "1")
    port.issue_many(2)
    port.at("2026-11-24T09:05")
    return port
