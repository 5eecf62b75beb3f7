"""What a command costs as tickets pile up: old ones of years, and people who wait today.

The hall itself, without HTTP, on the disk as it is, with the file in the system's memory: CPU time, which does not
depend on who else uses the machine, beside that of bare sqlite3 with the rows of an issue in a file of its own.
"""

import os
import re
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from queue_server.city import City, open_city
from queue_server.clock import SimulatedClock
from queue_server.config import load_profile
from queue_server.domain.calendar import local_minute
from queue_server.domain.site import CityProfile
from queue_server.domain.ticket import Move
from queue_server.hall import Caller, Hall
from queue_server.storage.database import connect
from queue_server.storage.migrations import MIGRATIONS
from tests.bench.history import make_history
from tests.bench.writes import SERVICES, bare_insert
from tests.support.server import OPEN_HOUR, SITE

OLD = (0, 10_000, 100_000 if os.environ.get("QUICK") else 1_000_000)
WAITING = (1, 100, 1_000)
EACH = 30 if os.environ.get("QUICK") else 100
"""Of each command in a round."""
COUNTERS = ("1", "2", "3", "4", "5", "6")


def rows(rounds: int) -> Iterator[tuple[str, str, str]]:
    """The table's lines."""
    for old in OLD:
        with TemporaryDirectory(prefix="queue-bench-") as folder:
            directory = Path(folder)
            make_history(directory / "hall", old)
            city = open_city(roomy_profile(directory), directory / "hall", SimulatedClock(local_minute(OPEN_HOUR)))
            try:
                yield from _rows(city, directory, old, rounds)
            finally:
                city.close()


def _rows(city: City, directory: Path, old: int, rounds: int) -> Iterator[tuple[str, str, str]]:
    hall = city.hall(SITE)
    for counter in COUNTERS:
        hall.open_counter(_caller(), counter)
    for waiting in WAITING:
        found = [(_bare(directory), *_commands(hall, waiting)) for _ in range(rounds)]
        bare, issue, call, complete = (median(figures) for figures in zip(*found, strict=True))
        yield (
            f"CPU of issue, call, complete: {old:,} old tickets, {waiting:,} waiting",
            f"{issue:.2f}, {call:.2f}, {complete:.2f} ms",
            f"an issue {issue / bare:.1f} x bare sqlite3 ({bare:.2f} ms)",
        )


def _commands(hall: Hall, waiting: int) -> tuple[float, float, float]:
    """Milliseconds of CPU an issue, a call and a completion with so many people waiting."""
    connection = hall._store.database.conn
    # Who waits beforehand need not survive a power cut.
    connection.execute("PRAGMA synchronous = OFF")
    line = hall._day.waiting()
    for ticket in line[waiting:]:
        hall.move(_caller(), ticket.id, Move.CANCEL)
    for turn in range(waiting - len(line)):
        hall.issue(_caller(), SERVICES[turn % len(SERVICES)])
    connection.execute("PRAGMA synchronous = FULL")
    spent = [0.0, 0.0, 0.0]
    for turn in range(EACH):
        spent[0] += _cpu(lambda turn=turn: hall.issue(_caller(), SERVICES[turn % len(SERVICES)]))[0]
        called: Any = None
        for counter in COUNTERS[turn % len(COUNTERS) :] + COUNTERS:
            took, called = _cpu(lambda counter=counter: hall.call_next(_caller(), counter))
            if called is not None:
                spent[1] += took
                break
        assert called is not None, "a counter for every service is open"
        ticket = called["ticket"]["id"]
        spent[2] += _cpu(lambda ticket=ticket: hall.move(_caller(), ticket, Move.COMPLETE))[0]
    issue, call, complete = (each / EACH * 1000 for each in spent)
    return issue, call, complete


def _cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def _bare(directory: Path) -> float:
    """Milliseconds of CPU that the rows of an issue take."""
    database = connect(directory / f"bare-{uuid.uuid4().hex}.sqlite3")
    MIGRATIONS.apply(database)
    connection = database.conn
    assert isinstance(connection, sqlite3.Connection)
    began = time.process_time()
    for number in range(1, 4 * EACH):
        bare_insert(connection, number)
    spent = (time.process_time() - began) / (4 * EACH)
    database.close()
    return spent * 1000


def _caller() -> Caller:
    return Caller("device:bench", uuid.uuid4().hex)


def roomy_profile(directory: Path) -> CityProfile:
    """The profile of the benches with series that have room for a thousand people waiting."""
    profiles = Path(load_profile.__code__.co_filename).parents[1] / "profiles"
    text = (profiles / "atsugi.toml").read_text(encoding="utf-8")
    for nth, (series, first, last) in enumerate(re.findall(r'id = "(s\d+)"\nfirst = (\d+)\nlast = (\d+)', text)):
        numbers = f'id = "{series}"\nfirst = {{}}\nlast = {{}}'
        text = text.replace(
            numbers.format(first, last), numbers.format(10_000 * (nth + 1), 10_000 * (nth + 1) + 8_999)
        )
    text = re.sub(r"^reserve = .*$", "", text, flags=re.MULTILINE)
    file = directory / "roomy.toml"
    file.write_text(text, encoding="utf-8")
    return load_profile(str(file))
