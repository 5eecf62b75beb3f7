"""Counts a day, hour and service of days that are over: small enough to be read whole with years of journal.

They are worked out from the journal and may be thrown away at any time: what is missing is counted again.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from sqlite_utils import Database

from queue_server.domain.course import HourCount


def days_to_count(db: Database, site: str, before: date, checked: timedelta) -> list[tuple[date, int]]:
    """The days of a site before a date that are not counted, or were written in since, each with its last entry.

    Only days within `checked` of that date are looked at for later entries: a kiosk hands its numbers over soon.
    """
    counted = {
        date.fromisoformat(day): seq
        for day, seq in db.execute("SELECT business_day, seq FROM counted_day WHERE site = ?", (site,))
    }
    return [
        (day, last)
        for day in _days(db, site)
        if day < before and (day not in counted or day >= before - checked)
        if (last := _last_seq(db, site, day)) != counted.get(day)
    ]


def store_counts(db: Database, site: str, day: date, seq: int, counts: Iterable[HourCount]) -> None:
    """Put down the counts of a day up to entry `seq`, in place of older ones; belongs inside a transaction."""
    key = (site, day.isoformat())
    db.execute("DELETE FROM hour_count WHERE site = ? AND business_day = ?", key)
    for each in counts:
        db.execute(
            "INSERT INTO hour_count (site, business_day, service, hour, issued, called, wait_seconds) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*key, each.service, each.hour, each.issued, each.called, each.wait_seconds),
        )
    db.execute("INSERT OR REPLACE INTO counted_day (site, business_day, seq) VALUES (?, ?, ?)", (*key, seq))


def counted_days(db: Database, site: str, since: date) -> list[date]:
    """The days of a site that are counted, from a date on, earliest first."""
    rows = db.execute(
        "SELECT business_day FROM counted_day WHERE site = ? AND business_day >= ? ORDER BY business_day",
        (site, since.isoformat()),
    )
    return [date.fromisoformat(day) for (day,) in rows]


def counts_of(db: Database, site: str, service: str, since: date) -> Iterator[tuple[date, HourCount]]:
    """The counts of one service from a date on, by day and hour."""
    rows = db.execute(
        "SELECT business_day, service, hour, issued, called, wait_seconds FROM hour_count "
        "WHERE site = ? AND service = ? AND business_day >= ? ORDER BY business_day, hour",
        (site, service, since.isoformat()),
    )
    return ((date.fromisoformat(day), HourCount(*rest)) for day, *rest in rows)


def _days(db: Database, site: str) -> Iterator[date]:
    """The business days in which a site wrote, each found by a jump in the journal's index instead of a scan."""
    day = ""
    while found := db.execute(
        "SELECT min(business_day) FROM journal WHERE site = ? AND business_day > ?", (site, day)
    ).fetchone()[0]:
        day = found
        yield date.fromisoformat(day)


def _last_seq(db: Database, site: str, day: date) -> int:
    row = db.execute(
        "SELECT max(seq) FROM journal WHERE site = ? AND business_day = ?", (site, day.isoformat())
    ).fetchone()
    return int(row[0])
