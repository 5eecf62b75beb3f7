"""Years of journal, made at once: what a hall leaves behind that gave out so many numbers before today.

Every number is issued, called and completed by the entries that a hall writes, with the rows that it leaves; the
server verifies it like any other journal, and the mark that it makes then is there. Ids and tokens are as in reality,
so that the indexes are as wide.
"""

import json
import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from queue_server.domain.entries import TICKET_FIELDS
from queue_server.storage.database import FILE_NAME, Store
from queue_server.storage.marks import Mark, text_of_mark
from tests.support.server import SITE

A_DAY = 500
"""Numbers a business day; a million of them are eight years."""
LAST_DAY = date(2026, 11, 23)
ENTRIES = 3
"""Entries a number."""
SERIES = (("shomei", "s001", 1), ("koseki", "s200", 200), ("todoke", "s300", 300), ("inkan", "s400", 400))
IN_A_ROUND = 90
INDEXES = ("journal_day", "journal_ticket")


def make_history(directory: Path, count: int) -> None:
    """A data directory with `count` numbers of the days before the bench's today."""
    Store(directory).close()
    connection = sqlite3.connect(directory / FILE_NAME, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -800000")
    indexes = [
        connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0] for name in INDEXES
    ]
    connection.execute("BEGIN")
    for name in INDEXES:
        connection.execute(f"DROP INDEX {name}")
    days = -(-count // A_DAY)
    for index in range(days):
        day = LAST_DAY - timedelta(days=days - 1 - index)
        numbers = list(_numbers(day, index * A_DAY, min(A_DAY, count - index * A_DAY)))
        _write_day(connection, day, numbers)
    for sql in indexes:
        connection.execute(sql)
    mark = Mark(count * ENTRIES, count, (), {})
    connection.execute("INSERT INTO verified VALUES (1, ?, ?)", (mark.seq, text_of_mark(mark)))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


Number = tuple[str, str, str, str, int, int, int, datetime]
"""Id, token, service, series, round, number, seq of the issue, time of issue."""


def _numbers(day: date, before: int, count: int) -> Iterator[Number]:
    source = random.Random(before)
    opens = datetime.combine(day, time(0, 0), UTC)
    for index in range(count):
        service, series, first = SERIES[index % len(SERIES)]
        nth = index // len(SERIES)
        yield (
            f"{int((opens + timedelta(minutes=index)).timestamp() * 1000):012x}{source.getrandbits(80):020x}",
            f"{source.getrandbits(128):032x}"[:22],
            service,
            series,
            1 + nth // IN_A_ROUND,
            first + nth % IN_A_ROUND,
            1 + (before + index) * ENTRIES,
            opens + timedelta(minutes=index),
        )


def _write_day(connection: sqlite3.Connection, day: date, numbers: list[Number]) -> None:
    text = day.isoformat()
    connection.executemany(
        "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, 'device:bench', ?, ?)", _entries(numbers)
    )
    columns, marks = ", ".join(TICKET_FIELDS), ", ".join("?" * len(TICKET_FIELDS))
    connection.executemany(f"INSERT INTO ticket ({columns}) VALUES ({marks})", _rows(text, numbers))
    last = {number[3]: number for number in numbers}
    connection.executemany(
        "INSERT INTO number VALUES (?, ?, ?, ?, ?)",
        [(SITE, text, series, number[4], number[5]) for series, number in last.items()],
    )
    # The server counted the day when it was over.
    connection.execute("INSERT INTO counted_day VALUES (?, ?, ?)", (SITE, text, numbers[-1][6] + ENTRIES - 1))
    connection.executemany(
        "INSERT INTO hour_count VALUES (?, ?, ?, 9, ?, ?, 0)",
        [(SITE, text, service, A_DAY // len(SERIES), A_DAY // len(SERIES)) for service, _, _ in SERIES],
    )


def _entries(numbers: list[Number]) -> Iterator[tuple[object, ...]]:
    for id_, token, service, series, round_, number, seq, at in numbers:
        day = at.date().isoformat()
        body = {
            "service": service,
            "series": series,
            "round": round_,
            "number": number,
            "label": str(number),
            "token": token,
            "place": float(seq),
        }
        yield seq, at.isoformat(), SITE, day, "issue", id_, None, id_, json.dumps(body, separators=(",", ":"))
        for nth, kind in ((1, "call"), (2, "complete")):
            yield seq + nth, at.isoformat(), SITE, day, kind, id_, "6", f"{id_}-{nth}", "{}"


def _rows(day: str, numbers: list[Number]) -> Iterator[tuple[object, ...]]:
    for id_, token, service, series, round_, number, seq, at in numbers:
        when = at.isoformat()
        row = {
            "id": id_,
            "site": SITE,
            "business_day": day,
            "series": series,
            "round": round_,
            "number": number,
            "label": str(number),
            "token": token,
            "service": service,
            "state": "completed",
            "place": float(seq),
            "seq": seq + 2,
            "issued_at": when,
            "stage": 0,
            "counter": "6",
            "call_seq": seq + 1,
            "called_at": when,
            "ended_at": when,
            "reason": "",
            "priority": "",
            "offline": 0,
        }
        yield tuple(row.get(name) for name in TICKET_FIELDS)
