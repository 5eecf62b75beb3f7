"""Every command is timed, by name, after its lock is free; a hall says in which day it is and whether it writes."""

import threading
from datetime import date

import pytest

from queue_server.domain.ticket import Refused
from queue_server.hall import StorageUnavailable
from tests.support.halls import Town


@pytest.fixture
def timed(town: Town) -> list[tuple[str, float]]:
    """What the timekeeper of the hall was told."""
    told: list[tuple[str, float]] = []
    town.hall.time_commands(lambda command, seconds: told.append((command, seconds)))
    return told


def test_commands_are_timed_by_name_also_those_that_are_refused_or_repeated(
    town: Town, timed: list[tuple[str, float]]
) -> None:
    caller = town.caller()
    town.hall.open_counter(caller, "1")
    town.hall.open_counter(caller, "1")
    with pytest.raises(Refused):
        town.hall.call_next(town.caller(), "2")
    assert [command for command, _ in timed] == ["open_counter", "open_counter", "call_next"]
    assert all(seconds > 0 for _, seconds in timed)


def test_a_command_that_the_disk_refused_is_timed_too(town: Town, timed: list[tuple[str, float]]) -> None:
    town.store.database.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageUnavailable):
        town.issue("y")
    assert [command for command, _ in timed] == ["issue"]


def test_the_timekeeper_is_told_while_others_may_command(town: Town) -> None:
    """In another thread the lock can be had: nobody waits for whoever counts."""
    had: list[bool] = []

    def told(_command: str, _seconds: float) -> None:
        other = threading.Thread(target=lambda: had.append(town.store.lock.acquire(timeout=10)))
        other.start()
        other.join()

    town.hall.time_commands(told)
    town.open("1")
    assert had == [True]


def test_a_hall_says_its_day_and_whether_the_disk_takes_writes(town: Town) -> None:
    assert (town.hall.business_day, town.hall.writable) == (date(2026, 11, 24), True)
    town.store.database.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageUnavailable):
        town.issue("y")
    assert town.hall.writable is False
    town.store.database.execute("PRAGMA query_only = OFF")
    town.hall.tick()
    assert town.hall.writable is True
