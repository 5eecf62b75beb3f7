"""Codes that are shown to holders and not written to LINE yet. No picture of the journal: they are deleted."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from queue_server.domain.nearness import Nearness, NearUnit


@dataclass(frozen=True, slots=True)
class LinkingCode:
    """A code, whose number it opens, and how its holder wants to be told."""

    code: str = field(repr=False)
    ticket: str
    site: str
    language: str
    near: Nearness
    expires_at: datetime
    """Aware, UTC."""
    used: bool = False


_COLUMNS = "code, ticket, site, language, near_unit, near_value, expires_at, used"


def store_code(db: Database, code: LinkingCode) -> None:
    """Keep a code; the one that its ticket had before opens nothing more."""
    db.execute("DELETE FROM linking_code WHERE ticket = ?", (code.ticket,))
    near = (code.near.unit.value, code.near.value)
    values = (code.code, code.ticket, code.site, code.language, *near, code.expires_at.isoformat(), int(code.used))
    db.execute(f"INSERT INTO linking_code ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def find_code(db: Database, code: str) -> LinkingCode | None:
    """The code that is written so."""
    row = db.execute(f"SELECT {_COLUMNS} FROM linking_code WHERE code = ?", (code,)).fetchone()
    if row is None:
        return None
    text, ticket, site, language, unit, value, expires_at, used = row
    near = Nearness(NearUnit(unit), value)
    return LinkingCode(text, ticket, site, language, near, datetime.fromisoformat(expires_at), bool(used))


def code_of_ticket(db: Database, ticket: str) -> LinkingCode | None:
    """The code that the holder of a ticket was shown last."""
    row = db.execute("SELECT code FROM linking_code WHERE ticket = ?", (ticket,)).fetchone()
    return find_code(db, row[0]) if row else None


def note_used(db: Database, code: str) -> None:
    """Remember that a code was written: nobody else opens the number with it."""
    db.execute("UPDATE linking_code SET used = 1 WHERE code = ?", (code,))


def forget_expired(db: Database, now: datetime) -> None:
    """Forget the codes whose time is over; their times are texts of one offset, so they are in order."""
    db.execute("DELETE FROM linking_code WHERE expires_at <= ?", (now.isoformat(),))
