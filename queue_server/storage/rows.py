"""Rows as they stand in the file, for copies of it: what is copied is neither interpreted nor left out."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from queue_server.domain.entries import ACCESS_KINDS, Entry, Kind
from queue_server.storage.database import BUSY_MILLISECONDS, FILE_NAME, raise_translated

Row = dict[str, Any]

ACCOUNT_TABLES = ("device", "staff", "kiosk_pin")
"""Who may act. These tables hold hashes that the journal does not, so the journal cannot tell them again."""

PASSING_TABLES = ("subscription", "linking_code")
"""What goes with its ticket and is in no copy: where people want to be told."""

_CHANGES_ACCOUNTS = frozenset(kind.value for kind in ACCESS_KINDS - {Kind.SIGN_IN})


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, for another process than the server's; it never makes the file.

    Raises StorageUnavailable or DamagedDatabase.
    """
    try:
        # Not mode=ro: the first reader of a database in WAL mode makes the files beside it.
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=BUSY_MILLISECONDS / 1000
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA query_only = ON")
    except sqlite3.DatabaseError as error:
        raise_translated(error)
    return connection


@contextmanager
def reading(data: Path) -> Iterator[Database]:
    """One unchanging view of the database of a data directory, also while its server writes.

    Raises StorageUnavailable or DamagedDatabase.
    """
    with closing(open_for_reading(data / FILE_NAME)) as connection:
        connection.row_factory = None
        try:
            connection.execute("BEGIN")
            yield Database(connection)
        except sqlite3.DatabaseError as error:
            raise_translated(error)


def entry_rows(connection: sqlite3.Connection, after: int, limit: int) -> list[Row]:
    """The rows of the journal that follow entry `after`, at most so many."""
    sql = "SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?"
    return [dict(row) for row in connection.execute(sql, (after, limit))]


def holds_row(connection: sqlite3.Connection, entry: Mapping[str, Any]) -> bool:
    """Whether the journal has an entry as this row says; a column that one of them has not does not count."""
    found = connection.execute("SELECT * FROM journal WHERE seq = ?", (entry["seq"],))
    names = [column[0] for column in found.description]
    return any(
        all(entry[name] == value for name, value in zip(names, row, strict=True) if name in entry) for row in found
    )


def answer_row(connection: sqlite3.Connection, entry: Mapping[str, Any]) -> Row | None:
    """What the command of an entry was answered, while that is kept."""
    row = connection.execute(
        "SELECT * FROM answer WHERE actor = ? AND request_id = ?", (entry["actor"], entry["request_id"])
    ).fetchone()
    return dict(row) if row else None


def changes_accounts(entry: Mapping[str, Any]) -> bool:
    """Whether an entry's row says that the tables of who may act were changed."""
    return entry["kind"] in _CHANGES_ACCOUNTS


def account_rows(connection: sqlite3.Connection) -> dict[str, list[Row]]:
    """Every row of the tables of who may act."""
    return {
        table: [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # names are this module's
        for table in ACCOUNT_TABLES
    }


def insert_row(db: Database, table: str, row: Mapping[str, Any], *, unless_there: bool = False) -> None:
    """Put a row in; a column that the table does not have is left out."""
    columns = {str(column[1]) for column in db.execute(f"PRAGMA table_info({table})")}
    names = [name for name in row if name in columns]
    db.execute(
        f"INSERT {'OR IGNORE ' if unless_there else ''}INTO {table} ({', '.join(names)}) "
        f"VALUES ({', '.join('?' * len(names))})",
        tuple(row[name] for name in names),
    )


def replace_accounts(db: Database, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    """Have exactly these rows in the tables of who may act."""
    for table in ACCOUNT_TABLES:
        db.execute(f"DELETE FROM {table}")
        for row in tables[table]:
            insert_row(db, table, row)


def entry_of(row: Mapping[str, Any]) -> Entry:
    """The entry that a row of the journal is; KeyError, TypeError or ValueError for what is none."""
    return Entry(
        seq=int(row["seq"]),
        at=datetime.fromisoformat(row["at"]),
        site=row["site"],
        business_day=date.fromisoformat(row["business_day"]),
        kind=Kind(row["kind"]),
        actor=row["actor"],
        request_id=row["request_id"],
        ticket=row["ticket"],
        counter=row["counter"],
        body=json.loads(row["body"]),
    )


def labels_of(db: Database, site: str, business_day: date) -> dict[str, tuple[str, str]]:
    """The label and the service of each ticket of a site's business day, by its id."""
    sql = "SELECT id, label, service FROM ticket WHERE site = ? AND business_day = ?"
    return {id_: (label, service) for id_, label, service in db.execute(sql, (site, business_day.isoformat()))}


def entries_of_year(db: Database, year: int) -> Iterator[Entry]:
    """Every entry of the business days of a year, of all sites and of the city, in the order of seq."""
    found = db.execute(
        "SELECT * FROM journal WHERE business_day BETWEEN ? AND ? ORDER BY seq",
        (f"{year:04}-01-01", f"{year:04}-12-31"),
    )
    names = [column[0] for column in found.description]
    return (entry_of(dict(zip(names, row, strict=True))) for row in found)


def sites_of(db: Database, business_day: date) -> list[str]:
    """The sites that wrote on a business day, the city itself not among them."""
    sql = "SELECT DISTINCT site FROM journal WHERE business_day = ? AND site <> '' ORDER BY site"
    return [site for (site,) in db.execute(sql, (business_day.isoformat(),))]
