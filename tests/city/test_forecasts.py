"""Days that are over are counted once, from the journal, and what comes is learned from them."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from queue_server.config import load_profile
from queue_server.domain.course import HourCount
from queue_server.domain.forecast import Busy
from queue_server.forecasts import MOST_AT_ONCE, Forecasts
from queue_server.storage import journal, statistics
from queue_server.storage.database import StorageUnavailable, Store
from tests.support.halls import Town, town_in
from tests.support.simulated_year import entries_of, people_of

PROFILE = load_profile("atsugi")
SITE = PROFILE.sites["honchosha"]
START = date(2026, 9, 1)
TODAY = START + timedelta(days=84)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "data")
    chance, seq = random.Random(7), 0
    for day in (START + timedelta(days=offset) for offset in range(84)):
        with store.transaction() as db:
            people = people_of(SITE.hours, day, START, chance)
            for entry in entries_of(SITE.id, "mynumber", day, people, seq, chance):
                journal.append(db, entry)
                seq = entry.seq
    yield store
    store.close()


@pytest.fixture
def forecasts(store: Store) -> Forecasts:
    return Forecasts(store, PROFILE)


def count_all(forecasts: Forecasts, today: date = TODAY) -> int:
    counted = 0
    while found := forecasts.count_days(SITE.id, today):
        counted += found
    return counted


def test_all_days_are_counted_some_at_a_time_and_then_no_more(forecasts: Forecasts, store: Store) -> None:
    assert forecasts.count_days(SITE.id, TODAY) == MOST_AT_ONCE
    assert count_all(forecasts) + MOST_AT_ONCE == len(statistics.counted_days(store.database, SITE.id, START)) > 60
    again = Forecasts(store, PROFILE)
    assert again.count_days(SITE.id, TODAY) == 0


def test_what_is_counted_is_what_the_journal_says(forecasts: Forecasts, store: Store) -> None:
    count_all(forecasts)
    (issued,) = store.database.execute("SELECT count(*) FROM journal WHERE kind = 'issue'").fetchone()
    counts = [count for _, count in statistics.counts_of(store.database, SITE.id, "mynumber", START)]
    assert sum(count.issued for count in counts) == sum(count.called for count in counts) == issued
    assert 0 < sum(count.wait_seconds for count in counts) / issued < 30 * 60


def test_the_day_that_runs_is_not_counted(forecasts: Forecasts, store: Store) -> None:
    count_all(forecasts, TODAY - timedelta(days=1))
    assert max(statistics.counted_days(store.database, SITE.id, START)) < TODAY - timedelta(days=1)


def test_counts_that_were_thrown_away_are_made_again(forecasts: Forecasts, store: Store) -> None:
    count_all(forecasts)
    before = list(statistics.counts_of(store.database, SITE.id, "mynumber", START))
    with store.transaction() as db:
        db.execute("DELETE FROM hour_count")
        db.execute("DELETE FROM counted_day")
    count_all(Forecasts(store, PROFILE))
    assert list(statistics.counts_of(store.database, SITE.id, "mynumber", START)) == before


def test_a_forecast_is_learned_once_a_day_and_anew_after_more_was_counted(forecasts: Forecasts) -> None:
    nothing_yet = forecasts.of(SITE, "mynumber", TODAY)
    assert nothing_yet.learned_from == 0
    count_all(forecasts)
    found = forecasts.of(SITE, "mynumber", TODAY)
    assert found.learned_from > 60
    assert forecasts.of(SITE, "mynumber", TODAY) is found
    assert forecasts.of(SITE, "mynumber", TODAY + timedelta(days=1)) is not found
    words = {each.hour: each.busy for each in found.days[1].hours}
    assert (words[10], words[17]) == (Busy.BUSY, Busy.QUIET), "the peak and the end of this hall's own day"


def test_a_service_without_a_number_so_far_has_the_forecast_of_halls_in_general(forecasts: Forecasts) -> None:
    count_all(forecasts)
    assert forecasts.of(SITE, "shomei", TODAY).learned_from == 0


def test_a_disk_that_refuses_is_tried_again(forecasts: Forecasts, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise StorageUnavailable("full")

    with monkeypatch.context() as full:
        full.setattr(statistics, "store_counts", refuse)
        assert forecasts.count_days(SITE.id, TODAY) == 0
    assert forecasts.count_days(SITE.id, TODAY) == MOST_AT_ONCE


def test_the_city_counts_a_day_when_the_next_one_has_begun(tmp_path: Path) -> None:
    with town_in(tmp_path / "town") as town:
        town.issue("y")
        town.city.tick()
        assert counts(town) == []
        town.at("2026-11-25T00:10")
        town.city.tick()
        assert counts(town) == [(date(2026, 11, 24), HourCount("y", 9, 1, 0, 0))]


def test_an_entry_that_comes_later_for_a_counted_day_has_it_counted_again(tmp_path: Path) -> None:
    with town_in(tmp_path / "town") as town:
        town.issue("y")
        town.at("2026-11-25T09:00")
        town.city.tick()
        (seq, body) = town.sql("SELECT max(seq), (SELECT body FROM journal WHERE kind = 'issue') FROM journal")[0]
        late = (
            seq + 1,
            "2026-11-24T01:00:00+00:00",
            "hall",
            "2026-11-24",
            "issue",
            "late",
            "device:kiosk",
            "r",
            body,
        )
        town.sql(
            "INSERT INTO journal (seq, at, site, business_day, kind, ticket, actor, request_id, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *late,
        )
        town.at("2026-11-26T09:00")
        town.city.tick()
        assert counts(town) == [
            (date(2026, 11, 24), HourCount("y", 9, 1, 0, 0)),
            (date(2026, 11, 24), HourCount("y", 10, 1, 0, 0)),
        ]


def counts(town: Town) -> list[tuple[date, HourCount]]:
    return list(statistics.counts_of(town.store.database, "hall", "y", date(2026, 1, 1)))
