"""Searching the journal."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from queue_server.domain.entries import Kind
from queue_server.storage.database import BUSY_MILLISECONDS, raise_translated


@dataclass(frozen=True, slots=True)
class Question:
    """Which lines of the journal are wanted; what is empty or None does not narrow the search."""

    site: str | None = None
    """A site's id; "" for the entries of the city, which are about who may act."""
    first_day: date | None = None
    last_day: date | None = None
    """Business days, both included."""
    actor: str = ""
    """A part of the actor's name."""
    kinds: Collection[Kind] = ()
    label: str = ""
    """The number on the slip."""
    before: int | None = None
    """Only entries with a smaller seq."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry as people read it. `at` is aware UTC; `body` is without the token of a slip."""

    seq: int
    at: datetime
    site: str
    business_day: date
    kind: Kind
    actor: str
    counter: str | None
    label: str | None
    service: str | None
    body: Mapping[str, Any]


def search(path: Path, question: Question, lines: int) -> list[AuditLine]:
    """At most so many lines, newest first, read on a connection of its own that cannot write.

    Raises StorageUnavailable or DamagedDatabase.
    """
    where, values = _conditions(question)
    sql = (
        "SELECT j.seq, j.at, j.site, j.business_day, j.kind, j.actor, j.counter, t.label, t.service, j.body "
        "FROM journal j LEFT JOIN ticket t ON t.id = j.ticket "
        f"WHERE {' AND '.join(where) or 'TRUE'} ORDER BY j.seq DESC LIMIT ?"
    )
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_MILLISECONDS / 1000)) as connection:
            connection.execute("PRAGMA query_only = ON")
            return [_line(row) for row in connection.execute(sql, (*values, lines))]
    except sqlite3.DatabaseError as error:
        raise_translated(error)


def _conditions(question: Question) -> tuple[list[str], list[Any]]:
    wanted: list[tuple[str, Any]] = []
    if question.site is not None:
        wanted.append(("j.site = ?", question.site))
    if question.first_day is not None:
        wanted.append(("j.business_day >= ?", question.first_day.isoformat()))
    if question.last_day is not None:
        wanted.append(("j.business_day <= ?", question.last_day.isoformat()))
    if question.actor:
        wanted.append(("instr(j.actor, ?) > 0", question.actor))
    if question.label:
        wanted.append(("j.ticket IN (SELECT id FROM ticket WHERE label = ?)", question.label))
    if question.before is not None:
        wanted.append(("j.seq < ?", question.before))
    where, values = [condition for condition, _ in wanted], [value for _, value in wanted]
    if question.kinds:
        where.append(f"j.kind IN ({', '.join('?' * len(question.kinds))})")
        values += sorted(kind.value for kind in question.kinds)
    return where, values


def _line(row: tuple[Any, ...]) -> AuditLine:
    seq, at, site, day, kind, actor, counter, label, service, body = row
    return AuditLine(
        seq,
        datetime.fromisoformat(at),
        site,
        date.fromisoformat(day),
        Kind(kind),
        actor,
        counter,
        label,
        service,
        _without_secrets(json.loads(body)),
    )


def _without_secrets(body: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says, without what opens a ticket."""
    return {
        name: _without_secrets(value) if isinstance(value, dict) else value
        for name, value in body.items()
        if name != "token"
    }
