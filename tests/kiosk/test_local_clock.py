"""The server's time on the kiosk computer."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.local.clock import ServerClock
from kiosk.local.store import KioskStore
from queue_server.domain.calendar import local_minute
from tests.support.clock import ManualClock

NINE = local_minute("2026-11-24T09:00")
ALMOST = timedelta(seconds=2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[KioskStore]:
    opened = KioskStore(tmp_path / "kiosk")
    yield opened
    opened.close()


def test_before_the_server_was_heard_it_is_the_machines_own(store: KioskStore) -> None:
    assert ServerClock(store, ManualClock(NINE)).now() == NINE
    assert not ServerClock(store, ManualClock(NINE)).simulated


def test_it_runs_on_from_what_the_server_said_whatever_the_machines_clock_is_set_to(store: KioskStore) -> None:
    machine = ManualClock(NINE)
    clock = ServerClock(store, machine)
    clock.hear(NINE + timedelta(minutes=7), simulated=True)
    machine.set(NINE - timedelta(days=1))
    assert timedelta() <= clock.now() - (NINE + timedelta(minutes=7)) < ALMOST
    assert clock.simulated
    assert clock.now().utcoffset() == timedelta()


def test_after_a_start_without_the_server_the_known_difference_counts(store: KioskStore) -> None:
    machine = ManualClock(NINE)
    ServerClock(store, machine).hear(NINE + timedelta(hours=1), simulated=True)
    machine.advance(timedelta(minutes=20))
    again = ServerClock(store, machine)
    assert timedelta() <= again.now() - (NINE + timedelta(hours=1, minutes=20)) < ALMOST
    assert again.simulated


def test_a_machine_that_lost_its_time_does_not_lead_back_behind_the_servers(store: KioskStore) -> None:
    machine = ManualClock(NINE)
    ServerClock(store, machine).hear(NINE, simulated=False)
    machine.set(local_minute("1970-01-01T09:00"))
    assert ServerClock(store, machine).now() == NINE


def test_the_server_may_be_set_back(store: KioskStore) -> None:
    clock = ServerClock(store, ManualClock(NINE))
    clock.hear(NINE + timedelta(hours=1), simulated=False)
    clock.hear(NINE, simulated=False)
    assert clock.now() - NINE < ALMOST
