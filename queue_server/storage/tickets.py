"""The tables that are the journal's picture: tickets, numbers, switches; and the answers kept for retries."""

import json
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from queue_server.domain.entries import TICKET_FIELDS as COLUMNS
from queue_server.domain.entries import plain_ticket, ticket_of_plain
from queue_server.domain.numbering import Allocation
from queue_server.domain.switches import Switch, plain_switch, switch_of_plain
from queue_server.domain.ticket import Ticket
from queue_server.storage.migrations import OPEN_STATES_SQL

_STORE = (
    f"INSERT INTO ticket ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "
    "ON CONFLICT (id) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "id")
)
_LASTING = ("site", "business_day", "series", "round", "number", "label", "token", "issued_at", "offline")
_CHANGING = tuple(name for name in COLUMNS if name != "id" and name not in _LASTING)
_MOVE = f"UPDATE ticket SET {', '.join(f'{name} = ?' for name in _CHANGING)} WHERE id = ?"
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM ticket"


def store_ticket(db: Database, ticket: Ticket, before: Ticket | None = None) -> None:
    """Write the ticket's row as it now is. `before` is the row as it is, where that is known: then only what
    moves change is written, and the indexes of its number and its token stay as they are.
    """
    if before is None or any(getattr(before, name) != getattr(ticket, name) for name in _LASTING):
        db.execute(_STORE, tuple(plain_ticket(ticket).values()))
    else:
        plain = plain_ticket(ticket)
        db.execute(_MOVE, (*(plain[name] for name in _CHANGING), ticket.id))


def find_ticket(db: Database, ticket_id: str) -> Ticket | None:
    """The ticket with this id, of any day."""
    return _first(db, f"{_SELECT} WHERE id = ?", ticket_id)


def find_by_token(db: Database, token: str) -> Ticket | None:
    """The ticket that this token opens, of any day."""
    return _first(db, f"{_SELECT} WHERE token = ?", token)


def is_given_out(db: Database, number: tuple[str, date, str, int, int]) -> bool:
    """Whether a ticket of this site, business day, series, round and number was ever issued."""
    site, business_day, *rest = number
    row = db.execute(
        "SELECT 1 FROM ticket WHERE site = ? AND business_day = ? AND series = ? AND round = ? AND number = ?",
        (site, business_day.isoformat(), *rest),
    ).fetchone()
    return row is not None


def numbers_of_round(db: Database, site: str, business_day: date, series: str, round_: int) -> list[int]:
    """The numbers of one round of a series that were given out on a business day, whatever became of their tickets.

    Read off the index that keeps them apart: it costs as much as there are such numbers.
    """
    rows = db.execute(
        "SELECT number FROM ticket WHERE site = ? AND business_day = ? AND series = ? AND round = ? ORDER BY number",
        (site, business_day.isoformat(), series, round_),
    )
    return [row[0] for row in rows]


def issued_by_service(db: Database, site: str, business_day: date) -> dict[str, int]:
    """How many numbers of each service were given out on a business day."""
    return dict(
        db.execute(
            "SELECT service, count(*) FROM ticket WHERE site = ? AND business_day = ? GROUP BY service",
            (site, business_day.isoformat()),
        ).fetchall()
    )


def count_tickets(db: Database) -> int:
    """How many tickets there are, of all days."""
    return int(db.execute("SELECT count(*) FROM ticket").fetchone()[0])


def open_services(db: Database, since: date) -> list[tuple[str, str, int]]:
    """The (site, service, stage) that open tickets of a business day and later ones are in, each once."""
    # Written as in the index of the open tickets, which SQLite then reads instead of years of tickets.
    return db.execute(
        f"SELECT DISTINCT site, service, stage FROM ticket INDEXED BY ticket_live_label "
        f"WHERE business_day >= ? AND state IN {OPEN_STATES_SQL}",
        (since.isoformat(),),
    ).fetchall()


def last_allocation(db: Database, site: str, business_day: date, series: str) -> Allocation | None:
    """The number given out last in a series that day."""
    row = db.execute(
        "SELECT round, number FROM number WHERE site = ? AND business_day = ? AND series = ?",
        (site, business_day.isoformat(), series),
    ).fetchone()
    return Allocation(*row) if row else None


def count_allocations(db: Database) -> int:
    """How many series have given out a number, counted once a day."""
    return int(db.execute("SELECT count(*) FROM number").fetchone()[0])


def store_allocation(db: Database, ticket: Ticket) -> None:
    """Record the number of a ticket just issued as the last one of its series; one of a kiosk's own is none of it."""
    if ticket.offline:
        return
    db.execute(
        "INSERT OR REPLACE INTO number (site, business_day, series, round, number) VALUES (?, ?, ?, ?, ?)",
        (ticket.site, ticket.business_day.isoformat(), ticket.series, ticket.round, ticket.number),
    )


def store_switch(db: Database, site: str, name: str, switch: Switch | None) -> None:
    """Write a switch's row as it now is; None, as the profile has it, is no row."""
    if switch is None:
        db.execute("DELETE FROM switch WHERE site = ? AND name = ?", (site, name))
    else:
        value = json.dumps(plain_switch(switch), ensure_ascii=False, separators=(",", ":"))
        db.execute("INSERT OR REPLACE INTO switch (site, name, value) VALUES (?, ?, ?)", (site, name, value))


def switches_of(db: Database, site: str) -> dict[str, Switch]:
    """The switches of a site by name."""
    rows = db.execute("SELECT name, value FROM switch WHERE site = ? ORDER BY name", (site,))
    return {name: switch_of_plain(name, json.loads(value)) for name, value in rows}


def sites_with_switches(db: Database) -> set[str]:
    """Every site that has a switch."""
    return {site for (site,) in db.execute("SELECT DISTINCT site FROM switch")}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command was answered: `body` is JSON text, None for an answer without content."""

    fingerprint: str
    body: str | None


def find_answer(db: Database, actor: str, request_id: str) -> Answer | None:
    """The answer that this actor's command with this request id got, if it was acknowledged."""
    row = db.execute(
        "SELECT fingerprint, body FROM answer WHERE actor = ? AND request_id = ?", (actor, request_id)
    ).fetchone()
    return Answer(*row) if row else None


def store_answer(db: Database, actor: str, request_id: str, business_day: date, answer: Answer) -> None:
    """Keep an answer for retries; belongs inside the command's own transaction."""
    db.execute(
        "INSERT INTO answer (actor, request_id, fingerprint, business_day, body) VALUES (?, ?, ?, ?, ?)",
        (actor, request_id, answer.fingerprint, business_day.isoformat(), answer.body),
    )


def forget_answers(db: Database, before: date) -> None:
    """Drop the answers of business days before a date: nobody retries yesterday's press."""
    db.execute("DELETE FROM answer WHERE business_day < ?", (before.isoformat(),))


def _first(db: Database, sql: str, value: str) -> Ticket | None:
    row = db.execute(sql, (value,)).fetchone()
    return ticket_of_plain(dict(zip(COLUMNS, row, strict=True))) if row else None
