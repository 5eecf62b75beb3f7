"""From a call to the screens that show it, and reading the board."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.fanout import call_to_last_screen
from tests.bench.painted import CALLS, call_to_paint
from tests.bench.reads import board_reads
from tests.bench.rounds import medians
from tests.support.server import Server

SCREENS = 100


def rows(rounds: int) -> Iterator[tuple[str, str, str]]:
    """The table's lines."""
    with (
        TemporaryDirectory(prefix="queue-bench-") as folder,
        Server(Path(folder) / "screens", {"QUEUE_SERVER_LOG_LEVEL": "error"}) as server,
    ):
        last, first = medians(rounds, lambda: call_to_last_screen(server, SCREENS))
        yield f"call -> last of {SCREENS} screens", f"{last:.1f} ms", f"first {first:.1f} ms"
        middle, late = medians(rounds, lambda: call_to_paint(server))
        yield f"call -> painted in Chromium, {CALLS} calls", f"{middle:.0f} ms", f"p99 {late:.0f} ms"
        plain, unchanged = medians(rounds, lambda: board_reads(server))
        yield "board GET", f"{plain:,.0f} /s", "1.00"
        yield "board GET with its ETag (304)", f"{unchanged:,.0f} /s", f"{unchanged / plain:.2f} of plain"
