"""`make bench`: speed, as figures of this machine in this minute beside a baseline of the same minute.

Nothing here asserts a time; QUICK=1 takes one round instead of three.
"""

import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.bench.fanout import call_to_last_screen
from tests.bench.forecasting import replay
from tests.bench.painted import CALLS, call_to_paint
from tests.bench.reads import board_reads
from tests.bench.waits import predictions
from tests.bench.writes import bare_inserts, durable_tickets
from tests.support.server import Server

ROUNDS = 1 if os.environ.get("QUICK") else 3
SCREENS = 100


def rounds(measure: "object", *arguments: object) -> list[float]:
    """The medians, figure by figure, of ROUNDS runs of a measurement that returns several figures."""
    assert callable(measure)
    results = [measure(*arguments) for _ in range(ROUNDS)]
    return [median(figures) for figures in zip(*results, strict=True)]


def main() -> None:
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory(prefix="queue-bench-") as directory:
        bare = rounds(bare_inserts, Path(directory))
        rows.append(("bare sqlite3, the same rows and pragmas", f"{bare[0]:,.0f} tickets/s", "1.00"))
        for clients in (1, 8):
            with Server(
                Path(directory) / f"writes-{clients}",
                {"QUEUE_SERVER_LOG_LEVEL": "error", "QUEUE_SERVER_RATE_LIMITS": "0"},
            ) as server:
                rate, p99 = rounds(durable_tickets, server, clients)
            ratio = f"{rate / bare[0]:.2f} of bare"
            rows.append((f"durable tickets, {clients} client(s)", f"{rate:,.0f} /s, p99 {p99:.1f} ms", ratio))
        with Server(
            Path(directory) / "screens", {"QUEUE_SERVER_LOG_LEVEL": "error", "QUEUE_SERVER_RATE_LIMITS": "0"}
        ) as server:
            last, first = rounds(call_to_last_screen, server, SCREENS)
            rows.append((f"call -> last of {SCREENS} screens", f"{last:.1f} ms", f"first {first:.1f} ms"))
            middle, late = rounds(call_to_paint, server)
            rows.append((f"call -> painted in Chromium, {CALLS} calls", f"{middle:.0f} ms", f"p99 {late:.0f} ms"))
            plain, unchanged = rounds(board_reads, server)
            rows.append(("board GET", f"{plain:,.0f} /s", "1.00"))
            rows.append(
                ("board GET with its ETag (304)", f"{unchanged:,.0f} /s", f"{unchanged / plain:.2f} of plain")
            )
        found = replay(Path(directory) / "year")
        rows.append(("forecast of an hour's people, error (WAPE)", f"{found.forecast:.1%}", "1.00"))
        against = f"{found.last_week / found.forecast:.2f}"
        rows.append(("the same weekday last week", f"{found.last_week:.1%}", against))
        rows.append(
            ("forecast of the second week", f"{found.two_weeks_ahead:.1%}", f"{found.learning_ms:.0f} ms to learn")
        )
    milliseconds, thousands = rounds(predictions)
    rows.append(("a wait predicted", f"{milliseconds:.2f} ms", f"{thousands:.1f} thousand events/s learned"))
    print(
        f"\n{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, median of {ROUNDS} round(s)\n"
    )
    width = max(len(row[0]) for row in rows)
    for name, figure, ratio in rows:
        print(f"  {name:<{width}}  {figure:<28} {ratio}")


main()
