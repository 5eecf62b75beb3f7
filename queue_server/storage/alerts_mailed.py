"""Which limits of the city were mailed to supervisors. No picture of the journal: nothing is decided by it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlite_utils import Database

from queue_server.domain.alerts import AlertKind, AlertName


def read_mailed(db: Database, site: str) -> tuple[set[AlertName], dict[AlertName, datetime]]:
    """Of a site: which alerts stood when this was written last, and when (aware) each was mailed last."""
    rows = db.execute(
        "SELECT service, kind, standing, mailed_at FROM alert_mailed WHERE site = ?", (site,)
    ).fetchall()
    names = {(service, AlertKind(kind)): (bool(standing), at) for service, kind, standing, at in rows}
    told = {name: datetime.fromisoformat(at) for name, (_, at) in names.items() if at is not None}
    return {name for name, (standing, _) in names.items() if standing}, told


def store_mailed(
    db: Database, site: str, standing: Collection[AlertName], told: Mapping[AlertName, datetime]
) -> None:
    """Keep both in the place of what was kept before; belongs inside a transaction."""
    db.execute("DELETE FROM alert_mailed WHERE site = ?", (site,))
    for name in sorted({*standing, *told}):
        service, kind = name
        at = told[name].isoformat() if name in told else None
        db.execute(
            "INSERT INTO alert_mailed (site, kind, service, standing, mailed_at) VALUES (?, ?, ?, ?, ?)",
            (site, kind.value, service, int(name in standing), at),
        )
