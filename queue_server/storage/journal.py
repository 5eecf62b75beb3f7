"""Reading and appending the journal."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from queue_server.domain.entries import Entry, Kind

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Made once: json.dumps makes an encoder for each text that is not as usual."""
_COLUMNS = "seq, at, site, business_day, kind, ticket, counter, actor, request_id, body"


def last_seq(db: Database) -> int:
    """The seq of the last entry, 0 for an empty journal."""
    return int(db.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()[0])


def last_seq_of(db: Database, site: str) -> int:
    """The seq of the last entry of one site, 0 for a site that never wrote."""
    # Also an entry of an earlier day may be the last one: one jump in the index for each day, instead of a scan.
    row = db.execute(
        """
        WITH RECURSIVE days (day) AS (
            SELECT max(business_day) FROM journal WHERE site = :site
            UNION ALL
            SELECT (SELECT max(business_day) FROM journal WHERE site = :site AND business_day < day)
            FROM days WHERE day IS NOT NULL
        )
        SELECT coalesce(max((SELECT max(seq) FROM journal WHERE site = :site AND business_day = day)), 0) FROM days
        """,
        {"site": site},
    ).fetchone()
    return int(row[0])


def append_next(
    db: Database,
    *,
    now: datetime,
    site: str,
    business_day: date,
    kind: Kind,
    actor: str,
    request_id: str,
    ticket: str | None = None,
    counter: str | None = None,
    body: Mapping[str, Any] | None = None,
) -> Entry:
    """Write the entry that comes next, and give it back; belongs inside a transaction. `now` is aware UTC."""
    entry = Entry(
        last_seq(db) + 1, now, site, business_day, kind, actor, request_id, ticket, counter, body if body else {}
    )
    append(db, entry)
    return entry


def append(db: Database, entry: Entry) -> None:
    """Write one entry; belongs inside a transaction together with the rows it changes."""
    db.execute(
        f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.seq,
            entry.at.isoformat(),
            entry.site,
            entry.business_day.isoformat(),
            entry.kind.value,
            entry.ticket,
            entry.counter,
            entry.actor,
            entry.request_id,
            _JSON.encode(dict(entry.body)),
        ),
    )


def read_all(db: Database) -> Iterator[Entry]:
    """Every entry in the order of seq, streamed."""
    return map(_entry, db.execute(f"SELECT {_COLUMNS} FROM journal ORDER BY seq"))


def read_after(db: Database, seq: int) -> Iterator[Entry]:
    """The entries that follow entry `seq`, in the order of seq, streamed."""
    return map(_entry, db.execute(f"SELECT {_COLUMNS} FROM journal WHERE seq > ? ORDER BY seq", (seq,)))


def read_day(db: Database, site: str, business_day: date) -> Iterator[Entry]:
    """The entries of one site's business day in the order of seq."""
    return map(
        _entry,
        db.execute(
            f"SELECT {_COLUMNS} FROM journal WHERE site = ? AND business_day = ? ORDER BY seq",
            (site, business_day.isoformat()),
        ),
    )


def read_kinds(db: Database, site: str, business_day: date, kinds: Sequence[Kind], after: int = 0) -> Iterator[Entry]:
    """The entries of some kinds of one site's business day that follow entry `after`, in the order of seq."""
    return map(
        _entry,
        db.execute(
            f"SELECT {_COLUMNS} FROM journal WHERE site = ? AND business_day = ? AND seq > ? "
            f"AND kind IN ({', '.join('?' * len(kinds))}) ORDER BY seq",
            (site, business_day.isoformat(), after, *(kind.value for kind in kinds)),
        ),
    )


def read_ticket(db: Database, ticket: str) -> list[Entry]:
    """The entries of one ticket in the order of seq."""
    return [
        _entry(row) for row in db.execute(f"SELECT {_COLUMNS} FROM journal WHERE ticket = ? ORDER BY seq", (ticket,))
    ]


def latest_business_day(db: Database, site: str) -> date | None:
    """The business day that a site last wrote in, None if it never did."""
    found = db.execute("SELECT max(business_day) FROM journal WHERE site = ?", (site,)).fetchone()[0]
    return date.fromisoformat(found) if found else None


def business_days(db: Database, site: str, *, since: date | None, before: date, limit: int) -> list[date]:
    """The last business days of a site with entries, at most `limit`, the oldest first; `since` None for any."""
    rows = db.execute(
        "SELECT DISTINCT business_day FROM journal WHERE site = ? AND business_day >= ? AND business_day < ? "
        "ORDER BY business_day DESC LIMIT ?",
        (site, since.isoformat() if since else "", before.isoformat(), limit),
    ).fetchall()
    return [date.fromisoformat(day) for (day,) in reversed(rows)]


def _entry(row: tuple[Any, ...]) -> Entry:
    seq, at, site, business_day, kind, ticket, counter, actor, request_id, body = row
    return Entry(
        seq=seq,
        at=datetime.fromisoformat(at),
        site=site,
        business_day=date.fromisoformat(business_day),
        kind=Kind(kind),
        ticket=ticket,
        counter=counter,
        actor=actor,
        request_id=request_id,
        body=json.loads(body),
    )
