"""`make bench`: speed, as figures of this machine in this minute beside a baseline of the same minute.

Nothing here asserts a time; QUICK=1 takes one round instead of three. Words after the command choose measurements:
`python -m tests.bench writes starts`.
"""

import os
import platform
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from queue_server.logs import configure_logging
from tests.bench import costs, fanout, forecasting, pages, reads, screens, starts, waits, writes

QUICK = bool(os.environ.get("QUICK"))
ROUNDS = 1 if QUICK else 3

Row = tuple[str, str, str]
"""What was measured, its figure, and what it stands beside."""

MEASUREMENTS: dict[str, Callable[[int], Iterable[Row]]] = {
    "writes": writes.rows,
    "fanout": fanout.rows,
    "reads": reads.rows,
    "screens": screens.rows,
    "starts": starts.rows,
    "pages": pages.rows,
    "costs": costs.rows,
    "forecasting": forecasting.rows,
    "waits": waits.rows,
}
"""By name; each is told how many rounds to take, and its figures are the medians of them."""


def main(wanted: list[str]) -> None:
    """Print the table."""
    configure_logging("error")
    cores = os.cpu_count()
    print(f"\n{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {cores} cores, median of {ROUNDS} round(s)\n")
    for name in wanted or MEASUREMENTS:
        for what, figure, beside in MEASUREMENTS[name](ROUNDS):
            print(f"  {what:<62}  {figure:<34} {beside}", flush=True)


main(sys.argv[1:])
