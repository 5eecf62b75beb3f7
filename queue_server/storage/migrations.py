"""The numbered migrations of the database; one that was released is never edited, a new one is added."""

from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("queue_server")

_OPEN_STATES = "('waiting', 'called', 'serving', 'held', 'no_show')"


@MIGRATIONS()
def m0001_journal(db: Database) -> None:
    """The append-only record that every other table of the live hall is a picture of."""
    db.execute(
        """
        CREATE TABLE journal (
            seq INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            site TEXT NOT NULL,
            business_day TEXT NOT NULL,
            kind TEXT NOT NULL,
            ticket TEXT,
            counter TEXT,
            actor TEXT NOT NULL,
            request_id TEXT NOT NULL,
            body TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX journal_day ON journal (site, business_day, seq)")
    db.execute("CREATE INDEX journal_ticket ON journal (ticket, seq) WHERE ticket IS NOT NULL")
    for action in ("UPDATE", "DELETE"):
        db.execute(
            f"""
            CREATE TRIGGER journal_no_{action.lower()} BEFORE {action} ON journal
            BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
            """
        )


@MIGRATIONS()
def m0002_ticket(db: Database) -> None:
    """Tickets as the journal leaves them, and the row each number is allocated from."""
    db.execute(
        """
        CREATE TABLE ticket (
            id TEXT PRIMARY KEY,
            site TEXT NOT NULL,
            business_day TEXT NOT NULL,
            series TEXT NOT NULL,
            round INTEGER NOT NULL,
            number INTEGER NOT NULL,
            label TEXT NOT NULL,
            token TEXT NOT NULL UNIQUE,
            service TEXT NOT NULL,
            state TEXT NOT NULL,
            place REAL NOT NULL,
            seq INTEGER NOT NULL,
            issued_at TEXT NOT NULL,
            stage INTEGER NOT NULL,
            counter TEXT,
            reserved_counter TEXT,
            call_seq INTEGER,
            called_at TEXT,
            started_at TEXT,
            ended_at TEXT,
            reason TEXT NOT NULL,
            UNIQUE (site, business_day, series, round, number)
        ) STRICT
        """
    )
    db.execute(
        f"CREATE UNIQUE INDEX ticket_live_label ON ticket (site, business_day, label) WHERE state IN {_OPEN_STATES}"
    )
    db.execute(
        """
        CREATE TABLE number (
            site TEXT NOT NULL,
            business_day TEXT NOT NULL,
            series TEXT NOT NULL,
            round INTEGER NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (site, business_day, series)
        ) STRICT, WITHOUT ROWID
        """
    )


@MIGRATIONS()
def m0003_switches(db: Database) -> None:
    """What staff switch in the day: counters that are open, services that are paused."""
    for table, thing in (("open_counter", "counter"), ("paused_service", "service")):
        db.execute(
            f"""
            CREATE TABLE {table} (
                site TEXT NOT NULL,
                {thing} TEXT NOT NULL,
                PRIMARY KEY (site, {thing})
            ) STRICT, WITHOUT ROWID
            """
        )


@MIGRATIONS()
def m0004_answer(db: Database) -> None:
    """What each acknowledged command was answered, so that a retry gets the same answer."""
    db.execute(
        """
        CREATE TABLE answer (
            actor TEXT NOT NULL,
            request_id TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            business_day TEXT NOT NULL,
            body TEXT,
            PRIMARY KEY (actor, request_id)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute("CREATE INDEX answer_day ON answer (business_day)")


@MIGRATIONS()
def m0005_access(db: Database) -> None:
    """Who may do what: devices by token, people by password."""
    db.execute(
        """
        CREATE TABLE device (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            token_hash TEXT NOT NULL UNIQUE,
            created_at TEXT NOT NULL,
            revoked_at TEXT
        ) STRICT
        """
    )
    db.execute(
        """
        CREATE TABLE staff (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL,
            password_hash TEXT NOT NULL,
            created_at TEXT NOT NULL,
            disabled_at TEXT
        ) STRICT
        """
    )


@MIGRATIONS()
def m0006_version_block(db: Database) -> None:
    """The end of the block of board versions that is in use; a start never goes below it."""
    db.execute("CREATE TABLE version_block (id INTEGER PRIMARY KEY CHECK (id = 1), reserved INTEGER NOT NULL) STRICT")


@MIGRATIONS()
def m0007_ballast(db: Database) -> None:
    """Where it is tried out whether a disk that was full has room again."""
    db.execute("CREATE TABLE ballast (id INTEGER PRIMARY KEY, room BLOB NOT NULL) STRICT")
