from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.calendar import breaks_of, closing_of, day_begins_at, local_minute
from queue_server.domain.switches import ReceptionSwitch
from queue_server.domain.waits.day_clock import DayClock, day_clock
from tests.support.halls import HOURS, TUESDAY

SUNDAY = date(2026, 11, 29)


def at(text: str, day: date = TUESDAY) -> ReceptionSwitch:
    """The reception open by hand until a time of the day."""
    return ReceptionSwitch(True, local_minute(f"{day.isoformat()}T{text}"))


def clock(reception: ReceptionSwitch | None = None, day: date = TUESDAY) -> DayClock:
    return day_clock(HOURS, day, reception)


def test_a_day_with_a_break_at_noon_has_an_hour_less() -> None:
    here = clock()
    assert (here.breaks, here.closes) == (((720.0, 780.0),), 1_035.0)
    assert [here.worked(minute) for minute in (700.0, 720.0, 750.0, 780.0, 900.0)] == [700, 720, 720, 720, 840]


@pytest.mark.parametrize(
    ("wall", "minutes", "told"),
    [(700, 10, 10), (700, 20, 20), (700, 25, 85), (730, 0, 50), (730, 5, 55), (800, 30, 30), (720, 1, 61)],
)
def test_who_waits_over_the_break_is_told_its_hour_too(wall: float, minutes: float, told: float) -> None:
    assert clock().told(wall, minutes) == told


@given(st.floats(0, 1_439), st.floats(0.01, 600))
def test_what_is_told_leads_to_the_minute_at_which_that_much_was_worked(wall: float, minutes: float) -> None:
    here = clock()
    assert here.worked(wall + here.told(wall, minutes)) == pytest.approx(here.worked(wall) + minutes)


def test_a_break_that_is_worked_through_by_hand_is_none() -> None:
    assert clock(at("12:30")).breaks == ((750.0, 780.0),)
    assert clock(at("13:00")).breaks == ()
    assert clock(ReceptionSwitch(False, None, "停電")).breaks == ((720.0, 780.0),)


def test_the_day_closes_with_its_last_reception() -> None:
    assert clock().closes == 1_035.0
    assert clock(at("18:00")).closes == 1_080.0
    assert clock(at("12:30")).closes == 1_035.0, "the afternoon is still to come"
    assert clock(at("16:00")).closes == 960.0
    assert clock(ReceptionSwitch(False, None, "停電")).closes is None
    assert clock(day=SUNDAY).closes is None
    assert clock(at("10:00", SUNDAY), SUNDAY).closes == 600.0


def test_the_calendar_says_the_same_in_instants() -> None:
    assert day_begins_at(TUESDAY) == local_minute("2026-11-24T00:00")
    assert closing_of(HOURS, TUESDAY) == local_minute("2026-11-24T17:15")
    assert breaks_of(HOURS, TUESDAY) == ((local_minute("2026-11-24T12:00"), local_minute("2026-11-24T13:00")),)
    through = replace(HOURS, week=((replace(HOURS.week[0][0], closes=time(17)),),) * 7)
    assert breaks_of(through, TUESDAY) == ()
    assert clock().on_the_wall(day_begins_at(TUESDAY) + timedelta(minutes=61)) == 61.0
