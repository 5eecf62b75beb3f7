from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.config import load_profile
from queue_server.domain.calendar import (
    JST,
    SEARCH_DAYS,
    DayPlan,
    Phase,
    business_day,
    day_ends_at,
    day_plan,
    local_minute,
    open_hours,
    status_at,
)
from queue_server.domain.site import ClosedPeriod, Hours, Interval, SpecialDay
from queue_server.domain.switches import ReceptionSwitch

ATSUGI = load_profile("atsugi").sites["honchosha"].hours
MORNING, AFTERNOON = Interval(time(8, 30), time(12, 0)), Interval(time(13, 0), time(17, 0))


def at(text: str) -> datetime:
    return local_minute(text)


@pytest.mark.parametrize(
    ("moment", "phase", "reason", "next_open"),
    [
        ("2026-11-24T08:29", Phase.BEFORE_OPENING, "", "2026-11-24T08:30"),
        ("2026-11-24T08:30", Phase.OPEN, "", None),
        ("2026-11-24T17:14", Phase.OPEN, "", None),
        ("2026-11-24T17:15", Phase.AFTER_CLOSING, "", "2026-11-25T08:30"),
        ("2026-11-21T11:59", Phase.OPEN, "", None),
        ("2026-11-21T12:00", Phase.AFTER_CLOSING, "", "2026-11-24T08:30"),
        ("2026-11-22T10:00", Phase.CLOSED_DAY, "", "2026-11-24T08:30"),
        ("2026-11-23T10:00", Phase.CLOSED_DAY, "勤労感謝の日", "2026-11-24T08:30"),
        ("2026-12-28T17:15", Phase.AFTER_CLOSING, "", "2027-01-04T08:30"),
        ("2026-12-29T10:00", Phase.CLOSED_DAY, "年末年始", "2027-01-04T08:30"),
        ("2027-01-01T10:00", Phase.CLOSED_DAY, "年末年始", "2027-01-04T08:30"),
        ("2027-01-03T10:00", Phase.CLOSED_DAY, "年末年始", "2027-01-04T08:30"),
        ("2027-01-04T08:30", Phase.OPEN, "", None),
        ("2027-03-22T10:00", Phase.CLOSED_DAY, "春分の日 振替休日", "2027-03-23T08:30"),
        ("2026-09-22T10:00", Phase.CLOSED_DAY, "国民の休日", "2026-09-24T08:30"),
    ],
)
def test_atsugi_keeps_the_hours_of_its_page(moment: str, phase: Phase, reason: str, next_open: str | None) -> None:
    status = status_at(ATSUGI, at(moment))
    assert (status.phase, status.reason, status.open) == (phase, reason, phase is Phase.OPEN)
    assert status.next_open == (at(next_open) if next_open else None)


def test_the_last_microsecond_before_closing_is_open_and_the_closing_time_is_not() -> None:
    closing = at("2026-11-24T17:15")
    assert status_at(ATSUGI, closing - timedelta(microseconds=1)).open
    assert not status_at(ATSUGI, closing).open


def test_opens_and_closes_are_of_the_saturday_itself() -> None:
    for moment in ("2026-11-21T07:00", "2026-11-21T09:00", "2026-11-21T15:00"):
        status = status_at(ATSUGI, at(moment))
        assert (status.opens, status.closes) == (at("2026-11-21T08:30"), at("2026-11-21T12:00"))


def test_a_closed_day_has_no_hours() -> None:
    status = status_at(ATSUGI, at("2026-11-22T10:00"))
    assert (status.opens, status.closes) == (None, None)


def test_the_zone_of_the_question_does_not_matter_and_answers_are_in_japan_time() -> None:
    instant = datetime(2026, 11, 23, 23, 29, tzinfo=UTC)
    status = status_at(ATSUGI, instant)
    assert status.phase is Phase.BEFORE_OPENING
    assert status.next_open is not None
    assert status.next_open.tzinfo is JST
    assert status == status_at(ATSUGI, instant.astimezone(timezone(timedelta(hours=-5))))


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        status_at(ATSUGI, datetime.fromisoformat("2026-11-24T09:00"))


def test_between_two_intervals_of_a_day_is_a_break_until_the_second() -> None:
    hours = replace(ATSUGI, week=((MORNING, AFTERNOON),) * 7)
    status = status_at(hours, at("2026-11-24T12:00"))
    assert (status.open, status.phase) == (False, Phase.BREAK)
    assert (status.opens, status.closes) == (at("2026-11-24T13:00"), at("2026-11-24T17:00"))
    assert status.next_open == at("2026-11-24T13:00")
    assert status_at(hours, at("2026-11-24T13:00")).opens == at("2026-11-24T13:00")


def test_a_special_day_wins_over_every_other_rule() -> None:
    for day in (date(2026, 11, 22), date(2026, 11, 23), date(2026, 12, 30)):
        hours = replace(ATSUGI, special_days=(SpecialDay(day, (MORNING,), "臨時開庁"),))
        plan = day_plan(hours, day)
        assert (plan.intervals, plan.reason) == ((MORNING,), "臨時開庁")
        assert day_plan(hours, day + timedelta(days=365)).reason != "臨時開庁"


def test_a_special_day_may_close_and_says_why() -> None:
    hours = replace(ATSUGI, special_days=(SpecialDay(date(2026, 11, 24), (), "システム更新"),))
    status = status_at(hours, at("2026-11-24T10:00"))
    assert (status.phase, status.reason) == (Phase.CLOSED_DAY, "システム更新")
    assert status.next_open == at("2026-11-25T08:30")


def test_a_closed_period_wins_over_a_holiday() -> None:
    assert day_plan(ATSUGI, date(2027, 1, 1)).reason == "年末年始"


def test_a_closed_period_inside_a_year_ends_on_its_last_day() -> None:
    hours = replace(ATSUGI, closed_periods=(ClosedPeriod((8, 13), (8, 14), "夏季休業"),))
    closed = [day for day in range(10, 18) if not day_plan(hours, date(2026, 8, day)).intervals]
    assert closed == [11, 13, 14, 16]  # 11 is a holiday (山の日), 16 a Sunday


def test_a_hall_that_does_not_keep_holidays_is_open_on_them() -> None:
    assert status_at(replace(ATSUGI, closed_on_holidays=False), at("2026-11-23T10:00")).open


def test_a_hall_that_never_opens_has_no_next_opening() -> None:
    hours = replace(ATSUGI, week=((),) * 7)
    assert status_at(hours, at("2026-11-24T10:00")).next_open is None


def test_the_next_opening_is_looked_for_through_the_last_day_of_the_search() -> None:
    today = date(2026, 11, 24)
    for days, found in ((SEARCH_DAYS, True), (SEARCH_DAYS + 1, False)):
        special = SpecialDay(today + timedelta(days=days), (MORNING,), "")
        hours = replace(ATSUGI, week=((),) * 7, special_days=(special,))
        assert (status_at(hours, at("2026-11-24T10:00")).next_open is not None) is found


@pytest.mark.parametrize("text", ["", "09:00", "2026-11-24 09:00", "2026-11-24T09:00:00", "2026-11-24T25:00"])
def test_what_is_no_local_minute_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a local minute|hour must be"):
        local_minute(text)


def test_the_business_day_turns_at_midnight_in_japan() -> None:
    assert business_day(datetime(2026, 11, 24, 14, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert business_day(datetime(2026, 11, 24, 15, 0, tzinfo=UTC)) == date(2026, 11, 25)


def test_the_day_ends_at_the_time_of_the_profile() -> None:
    assert day_ends_at(ATSUGI, date(2026, 11, 24)) == at("2026-11-24T19:00")


MINUTES = st.integers(0, 24 * 60 - 1)
INTERVALS = st.lists(MINUTES, max_size=6, unique=True).map(
    lambda edges: tuple(
        Interval(time(a // 60, a % 60), time(b // 60, b % 60))
        for a, b in zip(*[iter(sorted(edges))] * 2, strict=False)
    )
)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
MONTH_DAYS = DAYS.map(lambda day: (day.month, day.day))
HOURS = st.builds(
    Hours,
    week=st.tuples(*[INTERVALS] * 7),
    closed_on_holidays=st.booleans(),
    closed_periods=st.lists(st.builds(ClosedPeriod, MONTH_DAYS, MONTH_DAYS, st.just("休業")), max_size=2).map(tuple),
    special_days=st.lists(
        st.builds(SpecialDay, DAYS, INTERVALS, st.just("特別")), max_size=3, unique_by=lambda special: special.day
    ).map(tuple),
    day_end=st.just(time(23, 59)),
)
ZONES = st.sampled_from([UTC, JST, timezone(timedelta(hours=-5))])
INSTANTS = st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2028-12-31"), timezones=ZONES)


@settings(deadline=None)
@given(HOURS, INSTANTS)
def test_a_hall_is_open_exactly_inside_an_interval_of_its_day(hours: Hours, now: datetime) -> None:
    local = now.astimezone(JST)
    intervals = day_plan(hours, local.date()).intervals
    inside = any(interval.opens <= local.time() < interval.closes for interval in intervals)
    status = status_at(hours, now)
    assert status.open is inside
    assert (status.phase is Phase.OPEN) is inside
    if status.open:
        assert status.opens is not None
        assert status.closes is not None
        assert status.opens <= now < status.closes
        assert status.next_open is None


@settings(deadline=None)
@given(HOURS, INSTANTS, st.floats(0, 1, exclude_max=True))
def test_the_next_opening_is_open_and_nothing_before_it_is(hours: Hours, now: datetime, share: float) -> None:
    status = status_at(hours, now)
    if status.open:
        return
    if status.next_open is not None:
        assert status.next_open > now
        assert status_at(hours, status.next_open).open
    until = status.next_open or now + timedelta(days=SEARCH_DAYS)
    between = now + share * (until - now)
    assert between >= until or not status_at(hours, between).open


# -- the reception opened or closed by hand ----------------------------------------------------------

SHUT = ReceptionSwitch(False, None, "停電")


def open_until(time_: str, day: str = "2026-11-24") -> ReceptionSwitch:
    return ReceptionSwitch(True, at(f"{day}T{time_}").astimezone(UTC))


@pytest.mark.parametrize(
    ("moment", "reception", "phase", "early", "next_open"),
    [
        # Closed by hand: over for the rest of the day, whenever it was said.
        ("2026-11-24T07:00", SHUT, Phase.AFTER_CLOSING, True, "2026-11-25T08:30"),
        ("2026-11-24T10:00", SHUT, Phase.AFTER_CLOSING, True, "2026-11-25T08:30"),
        ("2026-11-24T17:15", SHUT, Phase.AFTER_CLOSING, False, "2026-11-25T08:30"),
        ("2026-11-22T10:00", SHUT, Phase.CLOSED_DAY, False, "2026-11-24T08:30"),
        # Extended past closing.
        ("2026-11-24T17:30", open_until("18:00"), Phase.OPEN, False, None),
        ("2026-11-24T18:00", open_until("18:00"), Phase.AFTER_CLOSING, False, "2026-11-25T08:30"),
        # Shortened.
        ("2026-11-24T14:59", open_until("15:00"), Phase.OPEN, False, None),
        ("2026-11-24T15:00", open_until("15:00"), Phase.AFTER_CLOSING, True, "2026-11-25T08:30"),
        ("2026-11-24T17:15", open_until("15:00"), Phase.AFTER_CLOSING, False, "2026-11-25T08:30"),
        # Opened on a closed day.
        ("2026-11-22T10:00", open_until("12:00", "2026-11-22"), Phase.OPEN, False, None),
        ("2026-11-22T12:00", open_until("12:00", "2026-11-22"), Phase.AFTER_CLOSING, False, "2026-11-24T08:30"),
        # Opened before the hours begin: they go on where they are not over.
        ("2026-11-24T07:59", open_until("08:00"), Phase.OPEN, False, None),
        ("2026-11-24T08:00", open_until("08:00"), Phase.BEFORE_OPENING, False, "2026-11-24T08:30"),
        ("2026-11-24T08:30", open_until("08:00"), Phase.OPEN, False, None),
        ("2026-11-24T08:30", open_until("08:30"), Phase.OPEN, False, None),
        ("2026-11-24T17:15", open_until("08:30"), Phase.AFTER_CLOSING, False, "2026-11-25T08:30"),
        ("2026-11-24T08:31", open_until("08:31"), Phase.AFTER_CLOSING, True, "2026-11-25T08:30"),
    ],
)
def test_what_staff_switch_by_hand_comes_before_the_hours(
    moment: str, reception: ReceptionSwitch, phase: Phase, early: bool, next_open: str | None
) -> None:
    status = status_at(ATSUGI, at(moment), reception)
    assert (status.phase, status.open, status.ended_early) == (phase, phase is Phase.OPEN, early)
    assert status.next_open == (at(next_open) if next_open else None)


@pytest.mark.parametrize(
    ("until", "at_one"),
    [("12:15", Phase.OPEN), ("13:00", Phase.OPEN), ("13:30", Phase.OPEN), ("11:30", Phase.AFTER_CLOSING)],
)
def test_a_lunch_break_that_is_worked_through_does_not_end_the_day(until: str, at_one: Phase) -> None:
    hours = replace(ATSUGI, week=((MORNING, AFTERNOON),) * 7)
    assert status_at(hours, at("2026-11-24T13:05"), open_until(until)).phase is at_one
    assert status_at(hours, at("2026-11-24T12:30"), open_until("12:15")).phase is Phase.BREAK


def test_the_reason_of_a_reception_closed_by_hand_is_told_and_its_hours_are_not() -> None:
    status = status_at(ATSUGI, at("2026-11-24T10:00"), SHUT)
    assert (status.reason, status.opens, status.closes) == ("停電", None, None)


def test_a_reception_opened_by_hand_tells_until_when_in_japan_time() -> None:
    status = status_at(ATSUGI, at("2026-11-24T17:30"), open_until("18:00"))
    assert (status.opens, status.closes, status.reason) == (None, at("2026-11-24T18:00"), "")
    status = status_at(ATSUGI, at("2026-11-24T16:00"), open_until("18:00"))
    assert (status.opens, status.closes) == (at("2026-11-24T08:30"), at("2026-11-24T18:00"))
    over = status_at(ATSUGI, at("2026-11-24T18:10"), open_until("18:00"))
    assert over.closes is not None
    assert (over.closes.isoformat(), over.opens) == ("2026-11-24T18:00:00+09:00", None)


def test_on_a_closed_day_that_is_opened_by_hand_its_reason_stays_known() -> None:
    status = status_at(ATSUGI, at("2026-11-23T10:00"), open_until("12:00", "2026-11-23"))
    assert (status.open, status.reason) == (True, "勤労感謝の日")


def test_the_hours_of_the_clock_each_have_the_part_that_is_open() -> None:
    plan = DayPlan(date(2026, 11, 24), (Interval(time(8, 30), time(12)), Interval(time(12, 45), time(14, 15))), "")
    assert open_hours(plan) == {8: 0.5, 9: 1, 10: 1, 11: 1, 12: 0.25, 13: 1, 14: 0.25}
    assert open_hours(DayPlan(date(2026, 11, 29), (), "")) == {}
