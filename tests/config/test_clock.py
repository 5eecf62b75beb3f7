from datetime import UTC, datetime, timedelta

import pytest

from queue_server.clock import Clock, SimulatedClock, SystemClock, clock_from
from queue_server.domain.calendar import JST
from tests.support.clock import ManualClock


def test_the_system_clock_tells_the_real_time_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_without_a_setting_the_clock_is_the_real_one() -> None:
    assert not clock_from(None).simulated


def test_a_setting_is_a_minute_in_japan_and_runs_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monotonic = 50.0
    monkeypatch.setattr("queue_server.clock.time.monotonic", lambda: monotonic)
    clock = clock_from("2026-11-24T09:00")
    assert clock.simulated
    assert clock.now() == datetime(2026, 11, 24, 9, 0, tzinfo=JST)
    monotonic += 61.5
    assert clock.now() == datetime(2026, 11, 24, 9, 1, 1, 500_000, tzinfo=JST)
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "setting",
    ["", "tomorrow", "2026-11-24", "2026-11-24T9:00", "2026-11-24T09:00Z", "2026-11-24 09:00", "2026-02-30T09:00"],
)
def test_a_setting_that_is_not_a_local_minute_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match=r"minute|range|month"):
        clock_from(setting)


def test_a_simulated_clock_needs_to_know_its_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        SimulatedClock(datetime.fromisoformat("2026-11-24T09:00"))


def test_the_clock_of_the_tests_moves_only_when_told() -> None:
    clock = ManualClock(datetime(2026, 11, 24, 9, 0, tzinfo=JST))
    as_any_clock: Clock = clock
    assert as_any_clock.now() == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    clock.advance(timedelta(minutes=5))
    assert clock.now() == datetime(2026, 11, 24, 0, 5, tzinfo=UTC)
    clock.set(datetime(2026, 11, 25, 8, 30, tzinfo=JST))
    assert clock.now() == datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
