from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from queue_server.domain.alerts import Alert, AlertKind, alerts_of, newly_reached
from queue_server.domain.day import Day
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.site import AlertLimits
from tests.support.halls import NINE, SITE, day_of, entry, issue_entry, undo_entry


def alerts(day: Day, minute: float, **limits: int) -> list[tuple[str, str, int]]:
    """The alerts so many minutes after nine, with these limits."""
    found = alerts_of(replace(SITE, alerts=AlertLimits(**limits)), day, NINE + timedelta(minutes=minute))
    return [(alert.service, alert.kind.value, alert.value) for alert in found]


def people(count: int, step: float = 0) -> list[Entry]:
    return [issue_entry(n, f"t{n}", number=499 + n, minute=step * (n - 1)) for n in range(1, count + 1)]


def test_a_hall_without_limits_alerts_nobody() -> None:
    assert alerts(day_of(*people(50)), 600) == []


@pytest.mark.parametrize(("count", "alerted"), [(2, []), (3, [("y", "people", 3)]), (4, [("y", "people", 4)])])
def test_so_many_people_alert_as_the_limit_is_reached(count: int, alerted: list[tuple[str, str, int]]) -> None:
    assert alerts(day_of(*people(count)), 0, people=3) == alerted


@pytest.mark.parametrize(("minute", "alerted"), [(29.99, []), (30, [("y", "wait", 30)]), (31.5, [("y", "wait", 31)])])
def test_the_longest_wait_alerts_in_whole_minutes(minute: float, alerted: list[tuple[str, str, int]]) -> None:
    assert alerts(day_of(*people(2, step=10)), minute, wait_minutes=30) == alerted


def test_the_longest_wait_is_that_of_the_oldest_number_wherever_it_stands_in_line() -> None:
    later = entry(3, Kind.PRIORITIZE, "t1", minute=12, body={"priority": "", "place": 9.0})
    day = day_of(*people(2, step=10), later)
    assert [ticket.id for ticket in day.waiting()] == ["t2", "t1"]
    assert alerts(day, 30, wait_minutes=30) == [("y", "wait", 30)]


CALLED = entry(2, Kind.CALL, counter="1", minute=4)
TO_Y = {"service": "y", "stage": 0, "counter": None}


@pytest.mark.parametrize(
    ("entries", "since"),
    [
        ([], 0),
        ([CALLED, entry(3, Kind.ADVANCE, minute=10)], 10),
        ([CALLED, entry(3, Kind.TRANSFER, minute=10, body=TO_Y)], 10),
        ([CALLED, entry(3, Kind.HOLD, minute=5, body={"reason": ""}), entry(4, Kind.RESUME, minute=10)], 0),
        ([CALLED, entry(3, Kind.NO_SHOW, minute=5), entry(4, Kind.REINSTATE, minute=10, body={"place": 1.0})], 10),
        (
            [
                *(CALLED, entry(3, Kind.ADVANCE, minute=10), entry(4, Kind.CALL, counter="2", minute=12)),
                *(entry(5, Kind.HOLD, minute=13, body={"reason": ""}), entry(6, Kind.RESUME, minute=20)),
            ],
            10,
        ),
    ],
    ids=["issued", "advanced", "transferred", "held", "absent", "held at the next stage"],
)
def test_minutes_of_waiting_count_from_the_entry_into_the_present_line(entries: list[Entry], since: float) -> None:
    day = day_of(*people(1), *entries)
    assert alerts(day, since + 29.9, wait_minutes=30) == []
    assert alerts(day, since + 30, wait_minutes=30) == [("y", "wait", 30)]


def test_a_number_of_the_next_stage_does_not_wait_without_a_call_from_its_issue() -> None:
    day = day_of(*people(1), CALLED, entry(3, Kind.ADVANCE, minute=20))
    assert alerts(day, 34, without_call_minutes=15) == []
    assert alerts(day, 35, without_call_minutes=15) == [("y", "without_call", 15)]


def test_an_advance_that_was_taken_back_is_no_entry_into_a_line() -> None:
    day = day_of(*people(1), CALLED)
    before = day.tickets["t1"]
    day.apply(entry(3, Kind.ADVANCE, minute=10))
    day.apply(undo_entry(4, before, undoes=3, minute=11))
    day.apply(entry(5, Kind.HOLD, minute=12, body={"reason": ""}))
    day.apply(entry(6, Kind.RESUME, minute=13))
    assert alerts(day, 30, wait_minutes=30) == [("y", "wait", 30)]


def test_minutes_without_a_call_count_from_the_last_call_of_the_service() -> None:
    day = day_of(*people(2), issue_entry(3, "t3", number=510, service="x"), entry(4, Kind.CALL, "t1", minute=20))
    assert alerts(day, 34, without_call_minutes=15) == [("x", "without_call", 34)]
    assert alerts(day, 35, without_call_minutes=15) == [("x", "without_call", 35), ("y", "without_call", 15)]


def test_minutes_without_a_call_count_only_while_somebody_waits() -> None:
    quiet = [issue_entry(1), entry(2, Kind.CALL), entry(3, Kind.COMPLETE)]
    day = day_of(*quiet)
    assert alerts(day, 60, without_call_minutes=15) == []
    day.apply(issue_entry(4, "t2", number=501, minute=60))
    assert alerts(day, 74, without_call_minutes=15) == []
    assert alerts(day, 75, without_call_minutes=15) == [("y", "without_call", 15)]


def test_a_call_that_was_taken_back_was_none() -> None:
    day = day_of(*people(1))
    waiting = day.tickets["t1"]
    day.apply(entry(2, Kind.CALL, minute=20))
    assert alerts(day, 30, without_call_minutes=15) == []
    day.apply(undo_entry(3, waiting, undoes=2))
    assert alerts(day, 30, without_call_minutes=15) == [("y", "without_call", 30)]


def test_alerts_say_what_was_reached_and_the_limit_in_the_order_of_the_services() -> None:
    day = day_of(*people(2), issue_entry(3, "t3", number=510, service="x"))
    site = replace(SITE, alerts=AlertLimits(people=2, wait_minutes=5, without_call_minutes=4))
    assert alerts_of(site, day, NINE + timedelta(minutes=6)) == [
        Alert("x", AlertKind.WAIT, 6, 5),
        Alert("x", AlertKind.WITHOUT_CALL, 6, 4),
        Alert("y", AlertKind.PEOPLE, 2, 2),
        Alert("y", AlertKind.WAIT, 6, 5),
        Alert("y", AlertKind.WITHOUT_CALL, 6, 4),
    ]


def test_who_is_called_held_or_absent_alerts_nobody() -> None:
    day = day_of(*people(2), entry(3, Kind.CALL, "t1"), entry(4, Kind.CALL, "t2"), entry(5, Kind.NO_SHOW, "t2"))
    assert alerts(day, 600, people=1, wait_minutes=1, without_call_minutes=1) == []


STANDING = [Alert("x", AlertKind.PEOPLE, 15, 15), Alert("x", AlertKind.WAIT, 30, 30)]
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "told_minutes_ago", "fresh"),
    [
        ([], None, STANDING),
        ([("x", AlertKind.PEOPLE)], None, STANDING[1:]),
        ([("y", AlertKind.PEOPLE)], None, STANDING),
        ([], 29, STANDING[1:]),
        ([], 30, STANDING),
        ([("x", AlertKind.PEOPLE)], 500, STANDING[1:]),
    ],
)
def test_an_alert_is_new_when_it_did_not_stand_and_was_not_told_in_the_last_half_hour(
    before: list[tuple[str, AlertKind]], told_minutes_ago: int | None, fresh: list[Alert]
) -> None:
    told = {}
    if told_minutes_ago is not None:
        told[("x", AlertKind.PEOPLE)] = NOON - timedelta(minutes=told_minutes_ago)
    assert newly_reached(STANDING, before, told, NOON) == fresh
