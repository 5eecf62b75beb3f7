"""From a call to the hall's screen that shows it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.painted import CALLS, call_to_paint
from tests.bench.rounds import UNSLOWED, medians
from tests.support.server import Server


def rows(rounds: int) -> Iterator[tuple[str, str, str]]:
    """The table's lines."""
    with (
        TemporaryDirectory(prefix="queue-bench-") as folder,
        Server(Path(folder) / "screens", UNSLOWED) as server,
    ):
        middle, late = medians(rounds, lambda: call_to_paint(server))
        yield f"call -> painted in Chromium, {CALLS} calls", f"{middle:.0f} ms", f"p99 {late:.0f} ms"
