"""What the estimators had learned as a business day began: kept so that a start need not read years of journal.

It is no record: whatever is missing or cannot be read is learned again from the journal's last days.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Learned:
    """What was known on the morning of a business day, before its first entry."""

    business_day: date
    body: Mapping[str, Any]


def read_learned(db: Database, site: str) -> Learned | None:
    """What was kept last for a site."""
    row = db.execute("SELECT business_day, body FROM learned WHERE site = ?", (site,)).fetchone()
    return Learned(date.fromisoformat(row[0]), json.loads(row[1])) if row else None


def store_learned(db: Database, site: str, learned: Learned) -> None:
    """Keep it in the place of what was kept before; belongs inside a transaction."""
    body = json.dumps(dict(learned.body), separators=(",", ":"))
    db.execute(
        "INSERT OR REPLACE INTO learned (site, business_day, body) VALUES (?, ?, ?)",
        (site, learned.business_day.isoformat(), body),
    )
