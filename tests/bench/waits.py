"""The estimator alone: what a prediction costs, and a recording of a busy hall's week."""

import random
import time
from collections.abc import Iterator

from queue_server.domain.waits.recording import Event, Recording, Row
from tests.bench.rounds import medians

DAYS, LINES, PEOPLE = 5, 8, 120


def rows(rounds: int) -> Iterator[tuple[str, str, str]]:
    """The table's line."""
    milliseconds, thousands = medians(rounds, predictions)
    yield "a wait predicted", f"{milliseconds:.2f} ms", f"{thousands:.1f} thousand events/s learned"


def predictions() -> tuple[float, float]:
    """Milliseconds a prediction, and thousands of recorded events a second, learning as they come."""
    recording, rows = Recording(), list(_week())
    begin = time.perf_counter()
    predicted = sum(recording.play(row) is not None for row in rows)
    whole = time.perf_counter() - begin
    estimator = recording._sites["hall"].estimator
    begin = time.perf_counter()
    for turn in range(predicted):
        estimator.predict(f"line-{turn % LINES}", 600.0, turn % 20)
    return (time.perf_counter() - begin) / predicted * 1_000, len(rows) / whole / 1_000


def _week() -> Iterator[Row]:
    """Lines of two counters each, at ten minutes a person; the same at every run."""
    chance = random.Random(1)
    for day in range(DAYS):
        rows = [Row("hall", str(day), 500.0, Event.COUNTERS, f"line-{line}", "", 2.0) for line in range(LINES)]
        for line in range(LINES):
            free = [510.0, 510.0]
            for who, came in enumerate(sorted(510 + chance.random() * 480 for _ in range(PEOPLE))):
                turn = max(came, min(free))
                free[free.index(min(free))] = turn + chance.uniform(2, 14)
                rows += [Row("hall", str(day), came, Event.ISSUED, f"line-{line}", str(who))]
                rows += [Row("hall", str(day), turn, Event.CALLED, f"line-{line}", str(who))]
        yield from sorted(rows, key=lambda row: row.minute)
