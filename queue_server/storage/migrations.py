"""The numbered migrations of the database; one that was released is never edited, a new one is added."""

import unicodedata

from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("queue_server")

OPEN_STATES_SQL = "('waiting', 'called', 'serving', 'held', 'no_show')"


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
        "CREATE UNIQUE INDEX ticket_live_label ON ticket (site, business_day, label) "
        f"WHERE state IN {OPEN_STATES_SQL}"
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


@MIGRATIONS()
def m0008_accounts(db: Database) -> None:
    """Roles of people, the epoch that ends all their sessions at once, and when a device was last heard of.

    Names take the form in which a sign-in looks them up (NFKC). An empty password hash is that of a person
    who signs in through the city's identity provider alone.
    """
    db.execute(
        "UPDATE staff SET role = CASE role WHEN 'desk' THEN 'clerk' WHEN 'admin' THEN 'administrator' ELSE role END"
    )
    for staff_id, name in db.execute("SELECT id, name FROM staff").fetchall():
        db.execute(
            "UPDATE OR IGNORE staff SET name = ? WHERE id = ?", (unicodedata.normalize("NFKC", name), staff_id)
        )
    db.execute("ALTER TABLE staff ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE device ADD COLUMN last_seen_at TEXT")


@MIGRATIONS()
def m0009_switch(db: Database) -> None:
    """One table for all that staff switch, and the priority class of a ticket."""
    db.execute(
        """
        CREATE TABLE switch (
            site TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (site, name)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        """
        INSERT INTO switch SELECT site, 'counter:' || counter,
            '{"open":true,"clerk":null,"break_until":null,"services":null}' FROM open_counter
        """
    )
    db.execute("INSERT INTO switch SELECT site, 'service:' || service, '{\"for_today\":false}' FROM paused_service")
    db.execute("DROP TABLE open_counter")
    db.execute("DROP TABLE paused_service")
    db.execute("ALTER TABLE ticket ADD COLUMN priority TEXT NOT NULL DEFAULT ''")


@MIGRATIONS()
def m0010_kiosks(db: Database) -> None:
    """Tickets that a kiosk gave out while the server was away, and what opens the staff mode of a site's kiosks."""
    db.execute("ALTER TABLE ticket ADD COLUMN offline INTEGER NOT NULL DEFAULT 0")
    db.execute(
        """
        UPDATE switch SET value = json_set(value, '$.since', (
            SELECT at FROM journal WHERE journal.site = switch.site AND kind = 'pause_service'
            AND 'service:' || json_extract(body, '$.service') = switch.name
            AND seq > coalesce((
                SELECT max(seq) FROM journal WHERE journal.site = switch.site AND kind = 'resume_service'
                AND 'service:' || json_extract(body, '$.service') = switch.name
            ), 0) ORDER BY seq LIMIT 1
        )) WHERE name LIKE 'service:%'
        """
    )
    db.execute("CREATE TABLE kiosk_pin (site TEXT PRIMARY KEY, pin_hash TEXT NOT NULL) STRICT, WITHOUT ROWID")


@MIGRATIONS()
def m0011_entered_at(db: Database) -> None:
    """When a ticket entered the line that it is in, if it was called before: the last such move in the journal.

    An undo of an older version does not say it: the ticket counts as in the line of its issue.
    """
    db.execute("ALTER TABLE ticket ADD COLUMN entered_at TEXT")
    db.execute(
        """
        UPDATE ticket SET entered_at = (
            SELECT at FROM journal
            WHERE journal.ticket = ticket.id AND kind IN ('advance', 'transfer', 'reinstate') AND seq > coalesce(
                (SELECT max(seq) FROM journal AS undo WHERE undo.ticket = ticket.id AND undo.kind = 'undo'), 0
            )
            ORDER BY seq DESC LIMIT 1
        )
        """
    )


@MIGRATIONS()
def m0012_hour_counts(db: Database) -> None:
    """Counts of days that are over, by hour and service; the server fills them from the journal as it starts."""
    db.execute(
        """
        CREATE TABLE hour_count (
            site TEXT NOT NULL,
            business_day TEXT NOT NULL,
            service TEXT NOT NULL,
            hour INTEGER NOT NULL,
            issued INTEGER NOT NULL,
            called INTEGER NOT NULL,
            wait_seconds INTEGER NOT NULL,
            PRIMARY KEY (site, service, business_day, hour)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TABLE counted_day (
            site TEXT NOT NULL,
            business_day TEXT NOT NULL,
            seq INTEGER NOT NULL,
            PRIMARY KEY (site, business_day)
        ) STRICT, WITHOUT ROWID
        """
    )


@MIGRATIONS()
def m0013_subscription(db: Database) -> None:
    """Who wants to be told of a ticket, and what was told already. No picture of the journal: it is deleted."""
    db.execute(
        """
        CREATE TABLE subscription (
            ticket TEXT NOT NULL,
            site TEXT NOT NULL,
            channel TEXT NOT NULL,
            address TEXT NOT NULL,
            p256dh TEXT NOT NULL,
            auth TEXT NOT NULL,
            language TEXT NOT NULL,
            near_unit TEXT NOT NULL,
            near_value INTEGER NOT NULL,
            told_near INTEGER NOT NULL,
            told_call INTEGER NOT NULL,
            PRIMARY KEY (ticket, channel, address)
        ) STRICT
        """
    )
    db.execute("CREATE INDEX subscription_site ON subscription (site)")


@MIGRATIONS()
def m0014_learned(db: Database) -> None:
    """What the estimator of each site had learned as a business day began; the journal can tell it again."""
    db.execute(
        """
        CREATE TABLE learned (
            site TEXT PRIMARY KEY,
            business_day TEXT NOT NULL,
            body TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    )


@MIGRATIONS()
def m0015_verified(db: Database) -> None:
    """Up to which entry the tables were found to be what the journal says, and how things stood there."""
    db.execute(
        """
        CREATE TABLE verified (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            seq INTEGER NOT NULL,
            body TEXT NOT NULL
        ) STRICT
        """
    )


@MIGRATIONS()
def m0016_linking_code(db: Database) -> None:
    """Codes by which a holder links a LINE account with a number. No picture of the journal: they are deleted."""
    db.execute(
        """
        CREATE TABLE linking_code (
            code TEXT PRIMARY KEY,
            ticket TEXT NOT NULL UNIQUE,
            site TEXT NOT NULL,
            language TEXT NOT NULL,
            near_unit TEXT NOT NULL,
            near_value INTEGER NOT NULL,
            expires_at TEXT NOT NULL,
            used INTEGER NOT NULL
        ) STRICT
        """
    )


@MIGRATIONS()
def m0017_alert_mailed(db: Database) -> None:
    """Which limits of the city were mailed to supervisors, so that a restart mails none of them again."""
    db.execute(
        """
        CREATE TABLE alert_mailed (
            site TEXT NOT NULL,
            kind TEXT NOT NULL,
            service TEXT NOT NULL,
            standing INTEGER NOT NULL,
            mailed_at TEXT,
            PRIMARY KEY (site, kind, service)
        ) STRICT, WITHOUT ROWID
        """
    )
