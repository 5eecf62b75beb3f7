"""The course of a day by hour."""

from dataclasses import replace
from typing import Any

from queue_server.domain.course import DayCourse, HourCount, by_hour, course_of
from queue_server.domain.entries import Entry, Kind
from tests.support.halls import entry, issue_entry


def issue(seq: int, ticket: str, minute: float, **body: Any) -> Entry:
    made = issue_entry(seq, ticket, minute=minute)
    return replace(made, body={**made.body, **body})


def call(seq: int, ticket: str, minute: float, kind: Kind = Kind.CALL, **body: Any) -> Entry:
    return entry(seq, kind, ticket, counter="1", minute=minute, body=body)


def test_a_wait_belongs_to_the_hour_of_the_number_and_lasts_until_its_first_call() -> None:
    counts = course_of([issue(1, "a", 50), issue(2, "b", 70), call(3, "a", 65), call(4, "a", 90)])
    assert counts == (HourCount("y", 9, 1, 1, 15 * 60), HourCount("y", 10, 1, 0, 0))


def test_a_call_that_was_taken_back_is_none() -> None:
    course = DayCourse()
    for each in (issue(1, "a", 0), call(2, "a", 10), call(3, "a", 10, Kind.UNDO, undoes=2)):
        course.take(each)
    assert course.hours() == (HourCount("y", 9, 1, 0, 0),)
    course.take(call(4, "a", 30))
    assert course.hours() == (HourCount("y", 9, 1, 1, 1800),)
    assert course.seq == 4


def test_an_undo_of_something_else_and_other_entries_change_nothing() -> None:
    assert course_of([issue(1, "a", 0), call(2, "a", 5), call(3, "a", 6, Kind.UNDO, undoes=9)])[0].called == 1
    assert course_of([call(1, "a", 6, Kind.UNDO, undoes=9), call(2, "a", 5, Kind.COMPLETE)]) == ()


def test_a_number_that_a_kiosk_gave_out_by_itself_counts_by_its_true_time() -> None:
    given = "2026-11-24T08:45:00+09:00"
    counts = course_of([issue(1, "a", 60, issued_at=given), call(2, "a", 75)])
    assert counts == (HourCount("y", 8, 1, 1, 90 * 60),)


def test_a_clock_that_went_back_makes_no_negative_wait() -> None:
    assert course_of([issue(1, "a", 5), call(2, "a", 0)]) == (HourCount("y", 9, 1, 1, 0),)


def test_the_hours_of_all_services_together_come_in_order() -> None:
    found = by_hour([HourCount("y", 10, 2, 1, 60), HourCount("x", 9, 1, 0, 0), HourCount("x", 10, 1, 1, 30)])
    assert list(found.values()) == [HourCount("", 9, 1, 0, 0), HourCount("", 10, 3, 2, 90)]
