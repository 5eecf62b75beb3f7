"""What a kiosk makes of the last board: the hours to come, as the server itself would judge them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kiosk.local import known
from queue_server.domain import calendar
from queue_server.domain.calendar import JST
from queue_server.domain.site import SpecialDay
from queue_server.domain.switches import ReceptionSwitch
from queue_server.snapshot import jst, status_view
from tests.support.halls import HOURS

DAYS = [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 28), date(2026, 11, 29)]
"""A holiday, a Tuesday with a lunch break, a Saturday morning, a closed Sunday."""
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


def board_at(now: datetime, reception: ReceptionSwitch | None) -> dict[str, Any]:
    status = calendar.status_at(HOURS, now, reception)
    return {"as_of": jst(now), "status": status_view(status), "categories": [], "counters": []}


def receptions(day: date) -> st.SearchStrategy[ReceptionSwitch | None]:
    until = MINUTES.map(lambda at: ReceptionSwitch(True, datetime.combine(day, at, JST)))
    closed = st.sampled_from(["", "停電のため"]).map(lambda reason: ReceptionSwitch(False, None, reason))
    return st.none() | until | closed


@given(st.data())
def test_what_staff_switched_is_read_off_the_board_for_the_rest_of_the_day(data: st.DataObject) -> None:
    day = data.draw(st.sampled_from(DAYS))
    reception = data.draw(receptions(day))
    drawn, later = sorted(datetime.combine(day, data.draw(MINUTES), JST) for _ in range(2))
    judged = known.status_now(HOURS, board_at(drawn, reception), later)
    assert judged.open == calendar.status_at(HOURS, later, reception).open


@given(st.data())
def test_nothing_that_staff_switched_yesterday_counts_today(data: st.DataObject) -> None:
    day = data.draw(st.sampled_from(DAYS))
    board = board_at(datetime.combine(day, data.draw(MINUTES), JST), data.draw(receptions(day)))
    today = datetime.combine(day + timedelta(days=1), data.draw(MINUTES), JST)
    assert known.status_now(HOURS, board, today) == calendar.status_at(HOURS, today)


def test_without_any_board_the_hours_decide() -> None:
    at = datetime(2026, 11, 24, 9, tzinfo=JST)
    assert known.status_now(HOURS, None, at).open
    assert known.pauses_of(None, at.date()) == {}
    assert known.live_labels(None, at.date()) == set()


def test_a_special_day_that_came_later_than_the_board_counts_on_its_day() -> None:
    monday = datetime(2026, 11, 25, 9, tzinfo=JST)
    closed = SpecialDay(monday.date(), (), "停電")
    hours = type(HOURS)(HOURS.week, True, (), (closed,), HOURS.day_end)
    board = board_at(monday - timedelta(days=1), None)
    assert not known.status_now(hours, board, monday).open


def service(**changes: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {"waiting": [], "serving": [], "held": [], "no_show": [], "calling": []}
    whole = {"id": "y", "name": "印鑑", "series": "b", "note": "", "paused": False, "ended_today": False}
    return {**whole, **nothing, **changes}


def board_of(*services: dict[str, Any]) -> dict[str, Any]:
    return {"as_of": "2026-11-24T09:00:00+09:00", "categories": [{"services": list(services)}], "counters": []}


def test_labels_of_everybody_who_holds_a_number_are_known() -> None:
    shown = service(waiting=["1"], serving=["2"], held=["3"], no_show=["4"], calling=[{"label": "5"}])
    board = board_of(shown, service(id="x", waiting=["6"]))
    assert known.live_labels(board, date(2026, 11, 24)) == {"1", "2", "3", "4", "5", "6"}
    assert known.live_labels(board, date(2026, 11, 25)) == set()


def test_a_pause_says_whether_it_is_for_today() -> None:
    board = board_of(service(id="x", paused=True), service(id="y", paused=True, ended_today=True), service(id="z"))
    assert known.pauses_of(board, date(2026, 11, 24)) == {"x": "service_paused", "y": "service_ended"}
    assert known.pauses_of(board, date(2026, 11, 25)) == {}


def test_another_name_is_another_structure_and_another_line_is_not() -> None:
    board = board_of(service())
    assert known.structure_of(board) == known.structure_of(board_of(service(waiting=["1"])))
    assert known.structure_of(board) != known.structure_of(board_of(service(name="戸籍")))
    assert known.structure_of(board) != known.structure_of(
        {**board, "counters": [{"id": "1", "name": "", "services": []}]}
    )
