from dataclasses import replace

import pytest

from queue_server.domain.entries import Entry, Kind
from queue_server.domain.site import Site
from queue_server.domain.ticket import TicketState
from queue_server.domain.waits.floor import Floor, Share, floor_now, line_of, waiting_before
from tests.support.halls import SITE, TUESDAY, day_of, entry, issue_entry, ticket_in

OPEN_1, OPEN_2 = (entry(n, Kind.OPEN_COUNTER, None, counter=str(n - 90)) for n in (91, 92))
X, LATER, Y = ("x", 0), ("x", 1), ("y", 0)


def floor(*entries: Entry, site: Site = SITE, without: str | None = None) -> Floor:
    return floor_now(site, day_of(*entries), without)


def test_a_line_that_no_open_counter_serves_has_no_share() -> None:
    assert floor().shares == {}
    assert set(floor(OPEN_2).shares) == {Y}
    assert set(floor(OPEN_1).shares) == {X, LATER, Y}


def test_a_stage_belongs_to_the_counters_that_serve_it() -> None:
    site = replace(SITE, counters={"1": replace(SITE.counters["1"], stages={"x": (0,)})})
    assert set(floor(OPEN_1, site=site).shares) == {X, Y}


def test_a_counter_on_a_break_serves_nobody() -> None:
    away = entry(93, Kind.START_BREAK, None, counter="2", body={"until": "2026-11-24T03:00:00+00:00"})
    assert floor(OPEN_2, away).shares == {}


def test_what_a_counter_serves_today_counts_and_a_service_that_left_the_profile_does_not() -> None:
    today = entry(93, Kind.ASSIGN_SERVICES, None, counter="2", body={"services": ["x", "gone"]})
    assert set(floor(OPEN_2, today).shares) == {X, LATER}


def test_a_counter_alone_counts_whole_and_two_count_twice() -> None:
    people = [issue_entry(n, f"t{n}", number=500 + n) for n in (1, 2)]
    assert floor(*people, OPEN_2).shares[Y].counters == 1.0
    site = replace(SITE, counters={**SITE.counters, "1": replace(SITE.counters["1"], services=("y",))})
    assert floor(*people, OPEN_1, OPEN_2, site=site).shares[Y].counters == 2.0


def test_a_shared_counter_counts_as_far_as_its_work_is_the_lines_own() -> None:
    """Three of y at 10 minutes and one of x at 4: 34 minutes of work at counter 1."""
    people = [*(issue_entry(n, f"t{n}", number=500 + n) for n in (1, 2, 3)), issue_entry(4, "t4", service="x")]
    shares = floor(*people, OPEN_1).shares
    assert shares[Y].counters == pytest.approx((30 + 5) / (34 + 5))
    assert shares[X].counters == pytest.approx((4 + 2) / (34 + 2))
    # People ahead and half the own turn, by the share, take as long as all the work ahead.
    assert (1 + 0.5) * 4 / shares[X].counters == pytest.approx(34 + 2)


@pytest.mark.parametrize(
    ("entries", "free"),
    [
        ((), 1.0),
        ((issue_entry(1),), 0.0),
        ((issue_entry(1), entry(2, Kind.CALL, counter="2")), 0.0),
        ((issue_entry(1), entry(2, Kind.CALL, counter="2"), entry(3, Kind.COMPLETE)), 1.0),
    ],
)
def test_a_counter_is_free_when_nobody_is_there_and_nobody_waits_for_it(
    entries: tuple[Entry, ...], free: float
) -> None:
    assert floor(OPEN_2, *entries).shares[Y] == Share(1.0, free)


def test_whoever_is_about_to_enter_is_left_out() -> None:
    assert floor(OPEN_2, issue_entry(1), without="t1").shares[Y].free == 1.0
    assert floor(OPEN_2, issue_entry(1), without="t1").waiting == {}
    assert floor(OPEN_2, issue_entry(1)).waiting == {Y: 1}


def test_only_who_waits_is_in_a_line() -> None:
    assert line_of(None) is None
    assert [line_of(ticket_in(state)) for state in TicketState] == [Y, *[None] * (len(TicketState) - 1)]


def test_before_somebody_are_those_of_their_line_with_a_smaller_place() -> None:
    day = day_of(*(issue_entry(n, f"t{n}", number=500 + n) for n in (1, 2)), issue_entry(3, "t3", service="x"))
    assert [waiting_before(day, Y, place) for place in (0.5, 1.0, 1.5, 9.0)] == [0, 1, 1, 2]
    assert waiting_before(day, Y, 2.0, 2) == 1
    assert waiting_before(day, X, 9.0) == 1
    assert day.business_day == TUESDAY
