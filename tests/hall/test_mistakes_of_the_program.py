"""What is committed stands, also where the program then makes a mistake: nobody is called twice, a hall begins."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from queue_server.domain.calendar import local_minute
from queue_server.domain.day import Day
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.ticket import Move
from queue_server.domain.waits.site_waits import SiteWaits
from tests.support.halls import Town, town_in
from tests.support.turns import Turn


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with town_in(tmp_path / "data") as town:
        town.open("1", "2")
        town.issue_many(4)
        yield town


@contextmanager
def waits_break() -> Iterator[None]:
    """The estimator divides by nothing."""

    def follow(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SiteWaits, "follow", follow)
        yield


@contextmanager
def live_day_breaks_at(kind: Kind) -> Iterator[None]:
    """The live day cannot follow entries of that kind; read from the disk it can."""
    real = Day.apply

    def apply(day: Day, entry: Entry) -> None:
        if entry.kind is kind:
            raise ZeroDivisionError
        real(day, entry)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Day, "apply", apply)
        yield


def label(view: Any) -> str:
    return str(view["ticket"]["label"])


def test_an_estimator_that_breaks_stops_no_call_and_calls_nobody_twice(town: Town) -> None:
    with waits_break():
        called = [label(town.call_next(counter, complete=True)) for counter in ("1", "2", "1")]
        assert called == ["500", "501", "502"]
        assert town.issue("y")["label"] == "504"
    assert label(town.call_next("2", complete=True)) == "503"
    assert town.verify()


def test_a_hall_begins_though_its_estimator_cannot_learn_from_what_was(town: Town) -> None:
    town.call_next("1")
    with waits_break():
        town.restart()
        assert label(town.call_next("2")) == "501"


def test_an_estimator_that_breaks_does_not_end_the_day_again_and_again(town: Town) -> None:
    town.call_next("1")
    with waits_break():
        town.at("2026-11-24T19:00")
        for _ in range(3):
            town.city.tick()
    assert town.kinds().count("expire") == 4
    assert town.kinds().count("close_counter") == 2
    assert town.verify()


def test_what_is_committed_is_answered_and_the_day_is_read_again_before_the_next_command(town: Town) -> None:
    first = label(town.call_next("1"))
    with live_day_breaks_at(Kind.CALL):
        # It completes one and calls another: the live day follows as far as the first.
        second = label(town.call_next("1", "press", complete=True))
    assert (first, second) == ("500", "501")
    assert label(town.call_next("1", "press", complete=True)) == "501", "the same press is told the same"
    assert label(town.call_next("2")) == "502"
    assert town.verify()
    town.restart()
    assert town.labels() == ["503"]


def test_a_tick_finds_the_day_again_without_any_command(town: Town) -> None:
    with live_day_breaks_at(Kind.CALL):
        town.call_next("1")
    assert town.service("y")["waiting"] == ["500", "501", "502", "503"], "the pictures know nothing of it yet"
    town.city.tick()
    assert town.service("y")["waiting"] == ["501", "502", "503"]


def test_commands_of_one_turn_that_are_committed_are_answered_each(town: Town) -> None:
    turn = Turn(town)
    turn.give(lambda: town.issue("y"))
    turn.give(lambda: town.call_next("1"))
    with live_day_breaks_at(Kind.CALL):
        issued, called = turn.take()
    assert (issued["label"], label(called)) == ("504", "500")
    turn.give(lambda: town.call_next("2"))
    assert [label(each) for each in turn.take()] == ["501"]
    assert town.verify()


def test_a_day_that_was_ended_is_not_ended_again_by_a_live_day_that_did_not_follow(town: Town) -> None:
    with live_day_breaks_at(Kind.EXPIRE):
        town.at("2026-11-24T19:00")
        town.city.tick()
    for _ in range(3):
        town.city.tick()
    assert town.kinds().count("expire") == 4
    assert town.labels() == []
    assert town.verify()


def test_a_picture_that_cannot_be_begun_takes_no_answer_away(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def status(_now: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(town.hall, "_status", status)
    assert label(town.call_next("1")) == "500"
    monkeypatch.undo()
    assert label(town.call_next("2")) == "501"
    assert town.verify()


def test_answers_are_kept_for_a_day_also_where_staff_close_everything_by_hand(town: Town) -> None:
    def days_with_answers() -> list[str]:
        return [day for (day,) in town.sql("SELECT DISTINCT business_day FROM answer ORDER BY business_day")]

    def close_by_hand() -> None:
        for waiting in town.labels():
            town.move(town.id_of(waiting), Move.CANCEL)
        for counter in [each["id"] for each in town.desk["counters"] if each["open"]]:
            town.hall.close_counter(town.caller(), counter)

    for morning in ("2026-11-25T09:00", "2026-11-26T09:00", "2026-11-27T09:00"):
        close_by_hand()
        town.at(morning)
        town.open("1")
    assert days_with_answers() == ["2026-11-26", "2026-11-27"]
    close_by_hand()
    town.clock.set(town.clock.now().replace(month=12))
    town.restart()
    assert days_with_answers() == ["2026-11-27"]


@pytest.mark.parametrize("broken", ["hall", "branch"])
def test_a_hall_whose_clock_fails_is_told_and_holds_no_other_up(
    town: Town, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    other = "branch" if broken == "hall" else "hall"

    def fail() -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(town.city.halls[broken], "tick", fail)
        town.clock.set(local_minute("2026-11-25T09:00"))
        assert not town.city.tick()
        days = {site: hall.business_day.isoformat() for site, hall in town.city.halls.items()}
        assert days == {broken: "2026-11-24", other: "2026-11-25"}
    assert town.city.tick()
    assert town.city.halls[broken].business_day.isoformat() == "2026-11-25"


def test_days_that_cannot_be_counted_hold_no_day_up(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_site: str, _today: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(town.city.forecasts, "count_days", fail)
    town.clock.set(local_minute("2026-11-25T09:00"))
    with capture_logs() as logs:
        assert town.city.tick()
    assert [(line["event"], line["site"]) for line in logs if line["log_level"] == "error"] == [
        ("counting_days_failed", "hall"),
        ("counting_days_failed", "branch"),
    ]
    assert town.board["as_of"].startswith("2026-11-25T09:00")
