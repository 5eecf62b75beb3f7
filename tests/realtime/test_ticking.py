"""Time goes on in a hall whatever one second brings."""

import sqlite3
from typing import Any

import pytest
from flask import Flask

from queue_server import context
from queue_server.city import City
from queue_server.domain.calendar import local_minute
from queue_server.health import Pulse, Readiness
from queue_server.health.readiness import STALLED_AFTER_SECONDS
from queue_server.realtime import DeskSockets, checkpoint_forever, tick_forever
from queue_server.storage.database import CHECKPOINT_EVERY, StorageUnavailable, Store
from tests.support.api import Api
from tests.support.clock import ManualClock
from tests.support.server import SITE


class Over(Exception):  # noqa: N818 - the end of a test
    """The test has seen enough seconds."""


class Seconds:
    """Stands for Socket.IO: with each sleep the clock goes on to the next of some minutes."""

    def __init__(self, clock: ManualClock, *minutes: str) -> None:
        self._clock = clock
        self._minutes = list(minutes)

    def sleep(self, _seconds: float) -> None:
        if not self._minutes:
            raise Over
        self._clock.set(local_minute(self._minutes.pop(0)))


class DisksLate(DeskSockets):
    """At the first look, the disk that tells who may still listen does not read."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def outdated(self, city: City) -> list[str]:
        self.looks += 1
        if self.looks == 1:
            raise sqlite3.OperationalError("disk I/O error")
        return super().outdated(city)


def test_a_second_that_fails_is_followed_by_the_next(app: Flask, city: City, api: Api, clock: ManualClock) -> None:
    api.issue("inkan")
    phases: list[str] = []
    city.hall(SITE).listen(lambda site: phases.append(city.hall(site).board.data["status"]["phase"]))
    desks, seconds = DisksLate(), Seconds(clock, "2026-11-24T17:30", "2026-11-25T07:00", "2026-11-25T09:00")
    socketio: Any = seconds
    with pytest.raises(Over):
        tick_forever(socketio, city, desks, Pulse(), app.extensions[context.METRICS])
    assert phases == ["after_closing", "before_opening", "open"]
    assert desks.looks == 3


@pytest.mark.parametrize(
    "trouble", [StorageUnavailable("database or disk is full"), sqlite3.ProgrammingError("a bug")]
)
def test_a_checkpoint_that_fails_is_made_again_later(
    city: City, clock: ManualClock, trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    real = Store.checkpoint

    def checkpoint(store: Store) -> None:
        made.append(store._commits)
        if len(made) == 1:
            raise trouble
        real(store)

    monkeypatch.setattr(Store, "checkpoint", checkpoint)
    for _ in range(CHECKPOINT_EVERY):
        city.prove_writable()
    seconds: Any = Seconds(clock, "2026-11-24T09:00", "2026-11-24T09:01", "2026-11-24T09:02")
    with pytest.raises(Over):
        checkpoint_forever(seconds, city)
    assert len(made) == 2, "twice due, and not a third time"
    assert made[0] >= CHECKPOINT_EVERY


class Watch:
    """Seconds that never go back; with each sleep of Socket.IO a minute passes."""

    def __init__(self, sleeps: int) -> None:
        self.now = 500.0
        self._left = sleeps

    def __call__(self) -> float:
        return self.now

    def sleep(self, _seconds: float) -> None:
        if not self._left:
            raise Over
        self._left -= 1
        self.now += 60


def problems_after(app: Flask, city: City, watch: Watch) -> list[str]:
    """What /readyz says when the clock has worked until the watch ends."""
    pulse = Pulse(watch)
    socketio: Any = watch
    with pytest.raises(Over):
        tick_forever(socketio, city, DeskSockets(), pulse, app.extensions[context.METRICS])
    return Readiness(city, pulse, watch).problems()


def test_a_clock_whose_work_fails_each_second_is_not_ready(
    app: Flask, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it never succeeded since the start."""
    assert problems_after(app, city, Watch(sleeps=3)) == []

    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(city.hall(SITE), "tick", fail)
    assert problems_after(app, city, Watch(sleeps=3)) == ["clock_stalled"]


def test_nothing_is_wrong_before_the_first_second_is_over(app: Flask, city: City) -> None:
    watch = Watch(sleeps=0)
    watch.now += 10 * STALLED_AFTER_SECONDS
    assert problems_after(app, city, watch) == []
