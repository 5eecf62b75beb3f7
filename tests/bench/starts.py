"""From the start of a process to its first answer, with an empty data directory and with years of journal."""

import http.client
import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.history import ENTRIES, LAST_DAY, make_history
from tests.support.server import OPEN_HOUR, SITE, Server

OLD = 35_000 if os.environ.get("QUICK") else 334_000
"""Numbers of former days; three entries each."""
PATIENCE_SECONDS = 60.0


def rows(rounds: int) -> Iterator[tuple[str, str, str]]:
    """The table's lines."""
    with TemporaryDirectory(prefix="queue-bench-") as folder:
        empty, full = Path(folder) / "empty", Path(folder) / "full"
        make_history(full, OLD)
        # As if a server had run until yesterday: what it learned is kept, and its last day is learned at the start.
        for data in (empty, full):
            first_answer(data, f"{LAST_DAY}T08:00")
        found = [(first_answer(empty), first_answer(full)) for _ in range(rounds)]
        nothing, years = (median(figures) for figures in zip(*found, strict=True))
        yield (
            f"start -> first answer, {OLD * ENTRIES:,} entries",
            f"{years:.2f} s",
            f"{years / nothing:.2f} of an empty journal ({nothing:.2f} s)",
        )


def first_answer(data: Path, clock: str = OPEN_HOUR) -> float:
    """Seconds from starting the server's process until it has answered with a whole board."""
    server = Server(data, {"QUEUE_SERVER_CLOCK": clock})
    began = time.perf_counter()
    server.launch()
    try:
        while not _answers(server):
            assert time.perf_counter() < began + PATIENCE_SECONDS, server.log.read_text()
            time.sleep(0.005)
        return time.perf_counter() - began
    finally:
        server.stop()


def _answers(server: Server) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", f"/api/sites/{SITE}/board")
        answer = connection.getresponse()
        return answer.status == 200 and b'"version"' in answer.read()
    except ConnectionError:
        return False
    finally:
        connection.close()
