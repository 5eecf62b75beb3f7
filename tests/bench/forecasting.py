"""The forecast against "the same weekday last week", over a simulated year that went through a real journal."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from queue_server.config import load_profile
from queue_server.domain.day_kinds import day_kind
from queue_server.domain.forecast_model import CountedDay, learn
from queue_server.forecasts import Forecasts
from queue_server.storage import journal, statistics
from queue_server.storage.database import Store
from tests.support.simulated_year import entries_of, people_of

SITE, SERVICE = "honchosha", "mynumber"
START, DAYS, WARM_UP = date(2025, 11, 10), 392, 56


@dataclass(frozen=True, slots=True)
class Errors:
    """WAPE: the errors of all open hours together, over all people."""

    forecast: float
    last_week: float
    two_weeks_ahead: float
    learning_ms: float
    people: int


def rows(_rounds: int) -> Iterator[tuple[str, str, str]]:
    """The table's lines; the errors are the same in every round."""
    with TemporaryDirectory(prefix="queue-bench-") as folder:
        found = replay(Path(folder) / "year")
    yield "forecast of an hour's people, error (WAPE)", f"{found.forecast:.1%}", "1.00"
    yield "the same weekday last week", f"{found.last_week:.1%}", f"{found.last_week / found.forecast:.2f}"
    yield "forecast of the second week", f"{found.two_weeks_ahead:.1%}", f"{found.learning_ms:.0f} ms to learn"


def write_year(store: Store, seed: int) -> None:
    """A year of the Atsugi hall's journal, a transaction a day."""
    hours = load_profile("atsugi").sites[SITE].hours
    chance, seq = random.Random(seed), 0
    for day in (START + timedelta(days=offset) for offset in range(DAYS)):
        with store.transaction() as db:
            for entry in entries_of(SITE, SERVICE, day, people_of(hours, day, START, chance), seq, chance):
                journal.append(db, entry)
                seq = entry.seq


def replay(directory: Path, seed: int = 1) -> Errors:
    """Count the days of the journal, then forecast each week from what was there before it."""
    store = Store(directory)
    try:
        write_year(store, seed)
        profile, end = load_profile("atsugi"), START + timedelta(days=DAYS)
        forecasts = Forecasts(store, profile)
        while forecasts.count_days(SITE, end):
            pass
        hours = profile.sites[SITE].hours
        days: dict[date, dict[int, int]] = {day: {} for day in statistics.counted_days(store.database, SITE, START)}
        for day, count in statistics.counts_of(store.database, SITE, SERVICE, START):
            days[day][count.hour] = count.issued
    finally:
        store.close()
    kinds = {day: day_kind(hours, day, SERVICE, profile.events) for day in days}
    counted = [CountedDay(kinds[day], people) for day, people in days.items()]
    priors = {event.id: event.factor for event in profile.events}
    wrong, naive, later, spent, weeks = 0.0, 0.0, 0.0, 0.0, 0
    people = people_later = 0
    for week in range(WARM_UP // 7, DAYS // 7):
        today = START + timedelta(days=7 * week)
        began = time.perf_counter()
        model = learn([each for each in counted if each.kind.day < today], priors, today)
        spent, weeks = spent + time.perf_counter() - began, weeks + 1
        for ahead in range(14):
            day = today + timedelta(days=ahead)
            if day not in days:
                continue
            foreseen = model.people(kinds[day])
            error = sum(abs(foreseen[hour] - days[day].get(hour, 0)) for hour in foreseen)
            if ahead < 7:
                wrong += error
                people += sum(days[day].values())
                before = _same_weekday_before(days, day)
                naive += sum(abs(before.get(hour, 0) - days[day].get(hour, 0)) for hour in foreseen)
            else:
                later += error
                people_later += sum(days[day].values())
    return Errors(wrong / people, naive / people, later / people_later, 1000 * spent / weeks, people)


def _same_weekday_before(days: dict[date, dict[int, int]], day: date) -> dict[int, int]:
    """The same weekday of last week; where the hall was closed then, of the week before, and so on."""
    before = day - timedelta(days=7)
    while before not in days and before >= START:
        before -= timedelta(days=7)
    return days.get(before, {})
