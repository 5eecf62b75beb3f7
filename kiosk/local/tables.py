"""The tables of the kiosk computer's own file; a migration that was released is never edited, a new one is added."""

from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("queue_kiosk")


@MIGRATIONS()
def m0001_kept(db: Database) -> None:
    """What was last heard of the server, and the versions of the boards that this program shows."""
    db.execute("CREATE TABLE kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")
    db.execute("CREATE TABLE version_block (id INTEGER PRIMARY KEY CHECK (id = 1), reserved INTEGER NOT NULL) STRICT")


@MIGRATIONS()
def m0002_offline_ticket(db: Database) -> None:
    """Numbers given out while the server was away, in their order; no number twice a day."""
    db.execute(
        """
        CREATE TABLE offline_ticket (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            token TEXT NOT NULL UNIQUE,
            business_day TEXT NOT NULL,
            service TEXT NOT NULL,
            series TEXT NOT NULL,
            number INTEGER NOT NULL,
            label TEXT NOT NULL,
            issued_at TEXT NOT NULL,
            replaces TEXT NOT NULL,
            handed_over INTEGER NOT NULL DEFAULT 0,
            refused TEXT,
            UNIQUE (business_day, series, number),
            UNIQUE (business_day, label)
        ) STRICT
        """
    )
    db.execute("CREATE INDEX outbox ON offline_ticket (seq) WHERE handed_over = 0 AND refused IS NULL")


@MIGRATIONS()
def m0003_answer(db: Database) -> None:
    """The answer to each command that got a number: the same Idempotency-Key gets the same one."""
    db.execute(
        """
        CREATE TABLE answer (
            request_id TEXT PRIMARY KEY,
            business_day TEXT NOT NULL,
            service TEXT NOT NULL,
            token TEXT NOT NULL,
            body TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX answer_token ON answer (token)")


@MIGRATIONS()
def m0004_printed(db: Database) -> None:
    """Slips that came out of the printer: none comes out twice by itself."""
    db.execute("CREATE TABLE printed (job TEXT PRIMARY KEY, business_day TEXT NOT NULL) STRICT")


@MIGRATIONS()
def m0005_reprint(db: Database) -> None:
    """Slips that were printed once more while the server was away: it has yet to be told, in their order."""
    db.execute(
        "CREATE TABLE reprint (seq INTEGER PRIMARY KEY AUTOINCREMENT, ticket TEXT NOT NULL,"
        " request_id TEXT NOT NULL UNIQUE) STRICT"
    )
