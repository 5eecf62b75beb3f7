"""The course of the running day, read from the journal as it grows."""

from queue_server.domain.course import HourCount
from tests.support.halls import Town


def test_each_look_counts_what_came_since_the_last_one(town: Town) -> None:
    assert town.hall.day_course() == ()
    town.issue("y")
    assert town.hall.day_course() == (HourCount("y", 9, 1, 0, 0),)
    town.pass_minutes(12)
    town.open("2")
    assert town.called_next("2") is not None
    assert town.hall.day_course() == (HourCount("y", 9, 1, 1, 720),)


def test_a_new_day_begins_anew_and_a_restart_loses_nothing(town: Town) -> None:
    town.issue("y")
    town.restart()
    assert town.hall.day_course() == (HourCount("y", 9, 1, 0, 0),)
    town.at("2026-11-25T09:00")
    town.hall.tick()
    assert town.hall.day_course() == ()
