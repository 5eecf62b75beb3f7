"""The tables that are the journal's picture: tickets, numbers, open counters, paused services, answers."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from queue_server.domain.entries import Entry, Kind
from queue_server.domain.numbering import Allocation
from queue_server.domain.ticket import OPEN_STATES, Ticket, TicketState

COLUMNS = tuple(field.name for field in dataclasses.fields(Ticket))
_TIMES = ("issued_at", "called_at", "started_at", "ended_at")
_STORE = (
    f"INSERT INTO ticket ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "
    "ON CONFLICT (id) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "id")
)
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM ticket"


def store_ticket(db: Database, ticket: Ticket) -> None:
    """Write the ticket's row as it now is."""
    db.execute(_STORE, tuple(_plain(getattr(ticket, name)) for name in COLUMNS))


def find_ticket(db: Database, ticket_id: str) -> Ticket | None:
    """The ticket with this id, of any day."""
    return _first(db, f"{_SELECT} WHERE id = ?", ticket_id)


def find_by_token(db: Database, token: str) -> Ticket | None:
    """The ticket that this token opens, of any day."""
    return _first(db, f"{_SELECT} WHERE token = ?", token)


def count_tickets(db: Database) -> int:
    """How many tickets there are, of all days."""
    return int(db.execute("SELECT count(*) FROM ticket").fetchone()[0])


def open_services(db: Database, since: date) -> list[tuple[str, str, int]]:
    """The (site, service, stage) that open tickets of a business day and later ones are in, each once."""
    states = sorted(state.value for state in OPEN_STATES)
    return db.execute(
        f"SELECT DISTINCT site, service, stage FROM ticket "
        f"WHERE business_day >= ? AND state IN ({', '.join('?' * len(states))})",
        [since.isoformat(), *states],
    ).fetchall()


def last_allocation(db: Database, site: str, business_day: date, series: str) -> Allocation | None:
    """The number given out last in a series that day."""
    row = db.execute(
        "SELECT round, number FROM number WHERE site = ? AND business_day = ? AND series = ?",
        (site, business_day.isoformat(), series),
    ).fetchone()
    return Allocation(*row) if row else None


def all_allocations(db: Database) -> Iterator[tuple[tuple[str, date, str], Allocation]]:
    """Every allocation row, keyed by site, business day and series."""
    for site, day, series, round_, number in db.execute(
        "SELECT site, business_day, series, round, number FROM number"
    ):
        yield (site, date.fromisoformat(day), series), Allocation(round_, number)


def store_allocation(db: Database, ticket: Ticket) -> None:
    """Record the number of a ticket just issued as the last one of its series."""
    db.execute(
        "INSERT OR REPLACE INTO number (site, business_day, series, round, number) VALUES (?, ?, ?, ?, ?)",
        (ticket.site, ticket.business_day.isoformat(), ticket.series, ticket.round, ticket.number),
    )


def store_switch(db: Database, entry: Entry) -> None:
    """Record what an entry switched: a counter opened or closed, a service paused or resumed."""
    match entry.kind:
        case Kind.OPEN_COUNTER:
            db.execute("INSERT OR REPLACE INTO open_counter VALUES (?, ?)", (entry.site, entry.counter))
        case Kind.CLOSE_COUNTER:
            db.execute("DELETE FROM open_counter WHERE site = ? AND counter = ?", (entry.site, entry.counter))
        case Kind.PAUSE_SERVICE:
            db.execute("INSERT OR REPLACE INTO paused_service VALUES (?, ?)", (entry.site, entry.body["service"]))
        case Kind.RESUME_SERVICE:
            db.execute(
                "DELETE FROM paused_service WHERE site = ? AND service = ?",
                (entry.site, entry.body["service"]),
            )
        case _:
            raise ValueError(f"{entry.kind} switches nothing")


def switched(db: Database) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """All open counters and all paused services, as (site, id)."""
    counters = {(site, counter) for site, counter in db.execute("SELECT site, counter FROM open_counter")}
    services = {(site, service) for site, service in db.execute("SELECT site, service FROM paused_service")}
    return counters, services


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


def _plain(value: Any) -> Any:
    """A value as SQLite stores it; datetime is checked first because it is a date too."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, TicketState):
        return value.value
    return value


def _first(db: Database, sql: str, value: str) -> Ticket | None:
    row = db.execute(sql, (value,)).fetchone()
    return _ticket(row) if row else None


def _ticket(row: tuple[Any, ...]) -> Ticket:
    values = dict(zip(COLUMNS, row, strict=True))
    for name in _TIMES:
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    values["business_day"] = date.fromisoformat(values["business_day"])
    values["state"] = TicketState(values["state"])
    return Ticket(**values)
