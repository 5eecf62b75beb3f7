"""What the waits of a hall make of its journal's entries."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from queue_server.domain.day import Day
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.waits.floor import floor_now
from queue_server.domain.waits.quality import FEWEST, Quality
from queue_server.domain.waits.site_waits import Outlook, SiteWaits, plain_waits, waits_of_plain
from tests.support.halls import NINE, SITE, TUESDAY, entry, issue_entry, undo_entry

OPEN = entry(1, Kind.OPEN_COUNTER, None, counter="2")


def followed(entries: Sequence[Entry], waits: SiteWaits | None = None) -> tuple[SiteWaits, Day]:
    """The waits, and the day, after these entries."""
    waits, day = waits or SiteWaits(), Day(SITE.id, TUESDAY)
    for each in entries:
        before = day.tickets.get(each.ticket or "")
        day.apply(each)
        waits.follow(SITE, day, each, before)
    return waits, day


def waiting(waits: SiteWaits, line: str = "y") -> list[str]:
    """Who waits in a line, as the estimator knows it."""
    return list(waits._estimator.line(line).today.waiting)


def outlook(waits: SiteWaits, day: Day, ahead: int, minute: float = 0, service: str = "y") -> Outlook | None:
    return waits.outlook(SITE, day, floor_now(SITE, day), (service, 0), ahead, NINE + timedelta(minutes=minute))


def issues(count: int, told: dict[str, int] | None = None) -> list[Entry]:
    found = []
    for n in range(1, count + 1):
        each = issue_entry(10 + n, f"t{n}", number=500 + n)
        body: dict[str, Any] = {**each.body, **({"estimate": told} if told else {})}
        found.append(entry(10 + n, Kind.ISSUE, f"t{n}", body=body))
    return found


def test_nobody_can_say_how_long_without_an_open_counter() -> None:
    waits, day = followed(issues(2))
    assert outlook(waits, day, 2) is None
    waits, day = followed([OPEN, *issues(2)])
    found = outlook(waits, day, 2)
    assert found is not None
    assert found.estimate is not None
    assert found.estimate.low <= found.minutes <= found.estimate.high
    assert outlook(waits, day, 0, service="x") is None


def test_the_line_is_who_waits_whatever_moved_them() -> None:
    moves = [
        (entry(20, Kind.CALL, "t1", counter="2", minute=4), ["t2", "t3"]),
        (entry(21, Kind.HOLD, "t1", minute=5, body={"reason": ""}), ["t2", "t3"]),
        (entry(22, Kind.RESUME, "t1", minute=6), ["t2", "t3", "t1"]),
        (entry(23, Kind.CANCEL, "t2", minute=7), ["t3", "t1"]),
        (entry(24, Kind.PRIORITIZE, "t3", minute=8, body={"priority": "", "place": 1.0}), ["t3", "t1"]),
        (entry(25, Kind.CALL, "t3", counter="2", minute=9), ["t1"]),
        (entry(26, Kind.NO_SHOW, "t3", minute=10), ["t1"]),
        (entry(27, Kind.REINSTATE, "t3", minute=11, body={"place": 30.0}), ["t1", "t3"]),
        (entry(28, Kind.CALL, "t1", counter="2", minute=12), ["t3"]),
        (entry(29, Kind.TRANSFER, "t1", minute=13, body={"service": "x", "stage": 1, "counter": None}), ["t3"]),
        (entry(30, Kind.EXPIRE, "t3", minute=14), []),
    ]
    for count in range(1, len(moves) + 1):
        waits, _ = followed([OPEN, *issues(3), *(each for each, _ in moves[:count])])
        assert waiting(waits) == moves[count - 1][1], moves[count - 1][0].kind
    assert waiting(waits, "x/1") == ["t1"]


def test_a_call_that_is_taken_back_puts_its_ticket_into_the_line_again() -> None:
    waits, day = followed([OPEN, *issues(2)])
    before = day.tickets["t1"]
    call = entry(20, Kind.CALL, "t1", counter="2", minute=4)
    waits, _ = followed([OPEN, *issues(2), call, undo_entry(21, before, undoes=20, minute=5)])
    assert sorted(waiting(waits)) == ["t1", "t2"]


def test_switches_and_what_changes_no_line_teach_nothing() -> None:
    waits, _ = followed([OPEN, *issues(2), entry(20, Kind.CALL, "t1", counter="2", minute=4)])
    same, _ = followed(
        [
            OPEN,
            *issues(2),
            entry(20, Kind.CALL, "t1", counter="2", minute=4),
            entry(21, Kind.RECALL, "t1", minute=5),
            entry(22, Kind.COMPLETE, "t1", minute=6),
            entry(23, Kind.CLOSE_COUNTER, None, counter="2", minute=7),
        ]
    )
    assert plain_waits(waits) == plain_waits(same)


def test_asking_changes_nothing_that_was_learned() -> None:
    calls = [entry(20 + n, Kind.CALL, f"t{n}", counter="2", minute=3 * n) for n in range(1, 6)]
    silent, _ = followed([OPEN, *issues(8), *calls])
    loud, day = SiteWaits(), Day(SITE.id, TUESDAY)
    for each in [OPEN, *issues(8), *calls]:
        before = day.tickets.get(each.ticket or "")
        day.apply(each)
        loud.follow(SITE, day, each, before)
        outlook(loud, day, 3, 100)
    for waits in (silent, loud):
        waits.begin_day()
    assert plain_waits(silent) == plain_waits(loud)


def test_calls_teach_how_long_the_next_ones_wait() -> None:
    quick = [entry(20 + n, Kind.CALL, f"t{n}", counter="2", minute=2 * n) for n in range(1, 9)]
    waits, day = followed([OPEN, *issues(12), *quick])
    first, taught = outlook(*followed([OPEN, *issues(12)]), 4), outlook(waits, day, 4, 16)
    assert first is not None
    assert taught is not None
    assert taught.minutes < first.minutes


def test_who_waits_over_the_break_at_noon_is_told_its_hour_too() -> None:
    """Six people at ten minutes each: an hour's work, begun at nine or at half past eleven."""
    waits, day = followed([OPEN])
    morning, noon = outlook(waits, day, 6, 0), outlook(waits, day, 6, 150)
    assert morning is not None
    assert noon is not None
    assert noon.minutes - morning.minutes == pytest.approx(60.0)


def test_no_range_is_shown_that_runs_far_past_closing_time_and_the_minutes_are_known_all_the_same() -> None:
    """At ten past five, five minutes before closing, with twelve people ahead."""
    waits, day = followed([OPEN])
    late = outlook(waits, day, 12, 490)
    assert late is not None
    assert late.estimate is None
    assert late.minutes > 60
    soon = outlook(waits, day, 2, 490)
    assert soon is not None
    assert soon.estimate is not None


def test_a_reception_that_is_extended_gives_more_time() -> None:
    longer = entry(2, Kind.OPEN_RECEPTION, None, body={"until": "2026-11-24T11:00:00+00:00"})
    waits, day = followed([OPEN, longer])
    found = outlook(waits, day, 7, 490)
    assert found is not None
    assert found.estimate is not None


def served(told: dict[str, int] | None, minutes: Sequence[float]) -> SiteWaits:
    """The waits after people who were told this were called after so many minutes each."""
    calls = [entry(200 + n, Kind.CALL, f"t{n + 1}", counter="2", minute=after) for n, after in enumerate(minutes)]
    return followed([OPEN, *issues(len(minutes), told), *calls])[0]


def test_it_is_counted_who_was_called_within_what_they_were_told() -> None:
    minutes = [4.9, 5.0, 20.0, 20.1, *[10.0] * (FEWEST - 4)]
    assert served({"low": 5, "high": 20}, minutes).quality == Quality(FEWEST, FEWEST - 2)
    assert served({"low": 5, "high": 20}, minutes[1:]).quality is None, "of fewer nothing is told"
    assert served(None, minutes).quality is None, "an old journal has no ranges"


def test_only_the_first_call_of_a_number_counts() -> None:
    again = [
        entry(300, Kind.NO_SHOW, "t1", minute=31),
        entry(301, Kind.REINSTATE, "t1", minute=32, body={"place": 1.0}),
        entry(302, Kind.CALL, "t1", counter="2", minute=90),
    ]
    waits = served({"low": 0, "high": 20}, [10.0] * FEWEST)
    calls = [entry(200 + n, Kind.CALL, f"t{n + 1}", counter="2", minute=10.0) for n in range(FEWEST)]
    twice = followed([OPEN, *issues(FEWEST, {"low": 0, "high": 20}), *calls, *again])[0]
    assert twice.quality == waits.quality == Quality(FEWEST, FEWEST)


def test_what_is_kept_of_a_morning_comes_back_as_it_was() -> None:
    waits = served({"low": 5, "high": 20}, [10.0] * (FEWEST - 1) + [40.0])
    waits.begin_day()
    back = waits_of_plain(plain_waits(waits))
    assert back is not None
    assert (back.quality, plain_waits(back)) == (Quality(FEWEST, FEWEST - 1), plain_waits(waits))
    older = {**plain_waits(waits), "estimator": {**plain_waits(waits)["estimator"], "form": 0}}
    assert waits_of_plain(older) is None
