"""What the kiosk computer keeps on its disk: the hall as last heard of, numbers given out alone, answers, prints.

A number is committed here before anybody is told it, with the care that the server takes: WAL, synchronous=FULL,
BEGIN IMMEDIATE, one lock. A file lock on the directory keeps a second program out.
"""

import json
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import structlog
from sqlite_utils import Database

from kiosk.local.tables import MIGRATIONS
from queue_server.domain.site import NumberRange, Series
from queue_server.storage.database import (
    DamagedDatabase,
    StorageUnavailable,
    Store,
)
from queue_server.storage.directory_lock import DirectoryInUse, DirectoryLock
from queue_server.storage.versions import VersionCounter

__all__ = [
    "Answer",
    "DamagedDatabase",
    "DirectoryInUse",
    "DirectoryLock",
    "GivenTicket",
    "KioskStore",
    "ReserveExhausted",
    "StorageUnavailable",
    "Wish",
]

log = structlog.get_logger()

FILE_NAME = "kiosk.sqlite3"

View = dict[str, Any]


class ReserveExhausted(Exception):  # noqa: N818 - an answer, not a failure
    """Every number that this kiosk may give out by itself today in a series is given out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that a command got: `service` is what it asked for, to tell a retry from a reused key."""

    service: str
    body: View


@dataclass(frozen=True, slots=True)
class GivenTicket:
    """A number that this kiosk gave out by itself; `issued_at` is aware, in the server's time."""

    seq: int
    id: str
    token: str
    service: str
    series: str
    number: int
    label: str
    issued_at: datetime
    replaces: str
    """The Idempotency-Key of the command to which the server gave no answer."""
    handed_over: bool = False
    refused: str | None = None
    """The code with which the server refused to take it over; None for none."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A number that is wanted: of which service, under which key, with which id and token, and when."""

    key: str
    id: str
    token: str
    service: str
    at: datetime
    business_day: date


class KioskStore:
    """The one file of the kiosk computer. Every method but `kept` may raise StorageUnavailable, and no other error of
    the file: DamagedDatabase, which is one, from the first damage on until the next start.
    """

    def __init__(self, directory: Path) -> None:
        """Open the file in `directory`, or make it, also where the disk takes nothing more.

        Raises StorageUnavailable or DamagedDatabase where it cannot be opened.
        """
        self._store = Store(directory, FILE_NAME, MIGRATIONS)
        self._versions = VersionCounter(self._store, int(time.time()), without_disk=True)
        self._trouble: str | None = None

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        self._store.close()

    @property
    def trouble(self) -> str | None:
        """Why the file does not take or does not give what it should; None since it last took something."""
        return self._trouble

    def next_version(self) -> int:
        """A version for a board: greater than any given before, over restarts too."""
        with self._store.lock:
            return self._versions.next()

    # -- the hall as last heard of ---------------------------------------------------------------

    def keep(self, name: str, value: Any) -> None:
        """Remember a JSON value under a name."""
        text = json.dumps(value, ensure_ascii=False)
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO kept (name, value) VALUES (?, ?)", (name, text))

    def kept(self, name: str) -> Any:
        """What was remembered under a name; None for nothing, and where it cannot be read: the server tells it."""
        try:
            return self._json("SELECT value FROM kept WHERE name = ?", name)
        except StorageUnavailable:
            return None

    # -- answers ---------------------------------------------------------------------------------

    def find_answer(self, key: str) -> Answer | None:
        """The answer that a command under this key got."""
        row = self._one("SELECT service, body FROM answer WHERE request_id = ?", key)
        return Answer(row[0], _parsed(row[1])) if row else None

    def find_number(self, token: str) -> View | None:
        """The answer that gave out the number of a ticket's token."""
        found: View | None = self._json("SELECT body FROM answer WHERE token = ?", token)
        return found

    def store_answer(self, key: str, business_day: date, service: str, body: View) -> None:
        """Remember the answer that a command got from the server."""
        with self._writing():
            self._insert_answer(key, business_day, service, body)

    def numbers_of(self, business_day: date) -> list[View]:
        """The answers of a day that gave out a number, newest first."""
        rows = self._all("SELECT body FROM answer WHERE business_day = ? ORDER BY rowid DESC", str(business_day))
        return [_parsed(row[0]) for row in rows]

    # -- numbers given out alone -----------------------------------------------------------------

    def give_out(
        self,
        wish: Wish,
        series: Series,
        reserve: NumberRange,
        taken_labels: Collection[str],
        answer: Callable[[GivenTicket], View],
    ) -> View:
        """Give out the first number of a reserve that nobody had that day; it is on the disk when this returns.

        `taken_labels` are known to be somebody's, or to have been that day; `answer` makes the answer, which is kept
        for the key. Raises ReserveExhausted.
        """
        day = str(wish.business_day)
        with self._writing() as db:
            number = self._first_free(day, series, reserve, taken_labels)
            label = series.label(number)
            row = (wish.id, wish.token, day, wish.service, series.id, number, label, wish.at.isoformat(), wish.key)
            cursor = db.execute(
                "INSERT INTO offline_ticket"
                " (id, token, business_day, service, series, number, label, issued_at, replaces)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            assert cursor.lastrowid is not None
            ticket = GivenTicket(
                cursor.lastrowid, wish.id, wish.token, wish.service, series.id, number, label, wish.at, wish.key
            )
            body = answer(ticket)
            self._insert_answer(wish.key, wish.business_day, wish.service, body)
        return body

    def outbox(self) -> list[GivenTicket]:
        """Numbers that the server has yet to be told of, in the order in which they were given out."""
        return self._tickets("handed_over = 0 AND refused IS NULL")

    def refused(self, business_day: date) -> list[GivenTicket]:
        """Numbers of a day that the server refused to take over; somebody holds their slips."""
        return self._tickets("business_day = ? AND refused IS NOT NULL", str(business_day))

    def given_out(self, business_day: date) -> list[GivenTicket]:
        """All numbers of a day that this kiosk gave out by itself, in their order."""
        return self._tickets("business_day = ?", str(business_day))

    def note_handed_over(self, ticket_id: str) -> None:
        """The server has taken this number over."""
        with self._writing() as db:
            db.execute("UPDATE offline_ticket SET handed_over = 1 WHERE id = ?", (ticket_id,))

    def note_refused(self, ticket_id: str, code: str) -> None:
        """The server will not take this number over, whenever it is asked."""
        with self._writing() as db:
            db.execute("UPDATE offline_ticket SET refused = ? WHERE id = ?", (code, ticket_id))

    # -- slips printed once more -----------------------------------------------------------------

    def keep_reprint(self, ticket_id: str, key: str) -> None:
        """A slip is printed once more, and the server has yet to be told."""
        with self._writing() as db:
            db.execute("INSERT OR IGNORE INTO reprint (ticket, request_id) VALUES (?, ?)", (ticket_id, key))

    def reprints(self) -> list[tuple[str, str]]:
        """Ticket and Idempotency-Key of each reprint that the server does not know, in their order."""
        rows = self._all("SELECT ticket, request_id FROM reprint ORDER BY seq")
        return [(ticket, key) for ticket, key in rows]

    def drop_reprint(self, key: str) -> None:
        """The server has been told of this reprint."""
        with self._writing() as db:
            db.execute("DELETE FROM reprint WHERE request_id = ?", (key,))

    # -- prints, tidying -------------------------------------------------------------------------

    def note_printed(self, job: str, business_day: date) -> None:
        """This job came out of the printer."""
        with self._writing() as db:
            db.execute("INSERT OR IGNORE INTO printed (job, business_day) VALUES (?, ?)", (job, str(business_day)))

    def was_printed(self, job: str) -> bool:
        """Whether this job came out of the printer before."""
        return self._one("SELECT 1 FROM printed WHERE job = ?", job) is not None

    def forget(self, before: date) -> None:
        """Drop the answers and prints of days that are over, and numbers that the server has; the others stay."""
        day = str(before)
        with self._writing() as db:
            db.execute("DELETE FROM answer WHERE business_day < ?", (day,))
            db.execute("DELETE FROM printed WHERE business_day < ?", (day,))
            db.execute("DELETE FROM offline_ticket WHERE business_day < ? AND handed_over = 1", (day,))

    # -- parts -----------------------------------------------------------------------------------

    def _first_free(self, day: str, series: Series, reserve: NumberRange, taken_labels: Collection[str]) -> int:
        rows = self._all("SELECT label FROM offline_ticket WHERE business_day = ?", day)
        taken = {row[0] for row in rows} | set(taken_labels)
        for number in range(reserve.first, reserve.last + 1):
            if series.label(number) not in taken:
                return number
        raise ReserveExhausted

    def _insert_answer(self, key: str, business_day: date, service: str, body: View) -> None:
        row = (key, str(business_day), service, body["token"], json.dumps(body, ensure_ascii=False))
        self._store.database.execute(
            "INSERT OR REPLACE INTO answer (request_id, business_day, service, token, body) VALUES (?, ?, ?, ?, ?)",
            row,
        )

    def _tickets(self, where: str, *values: Any) -> list[GivenTicket]:
        with self._reading() as db:
            rows = list(db.table("offline_ticket").rows_where(where, values, order_by="seq"))
        return [_ticket(row) for row in rows]

    def _json(self, sql: str, *values: Any) -> Any:
        row = self._one(sql, *values)
        return _parsed(row[0]) if row else None

    def _one(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        with self._reading() as db:
            row: tuple[Any, ...] | None = db.execute(sql, values).fetchone()
        return row

    def _all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._reading() as db:
            rows: list[tuple[Any, ...]] = db.execute(sql, values).fetchall()
        return rows

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        with self._noting(), self._store.reading() as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        with self._noting(), self._store.transaction() as db:
            yield db
        self._note(None)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except StorageUnavailable as error:
            self._note(str(error))
            raise

    def _note(self, trouble: str | None) -> None:
        if trouble is not None and self._trouble is None:
            log.error("storage_unavailable", reason=trouble)
        elif trouble is None and self._trouble is not None:
            log.info("storage_recovered")
        self._trouble = trouble


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise DamagedDatabase(f"no JSON: {error}") from error


def _ticket(row: View) -> GivenTicket:
    del row["business_day"]
    try:
        issued_at = datetime.fromisoformat(row["issued_at"])
    except ValueError as error:
        raise DamagedDatabase(f"no time: {error}") from error
    return GivenTicket(**{**row, "issued_at": issued_at, "handed_over": bool(row["handed_over"])})
