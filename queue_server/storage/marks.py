"""Up to which entry the tables were found to be what the journal says: the next verification goes on from there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlite_utils import Database

from queue_server.domain.entries import plain_ticket, ticket_of_plain
from queue_server.domain.switches import Switch, plain_switch, switch_of_plain
from queue_server.domain.ticket import Ticket

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Mark:
    """How things stood after entry `seq`, where everything was as the journal says."""

    seq: int
    issued: int
    """How many tickets there were."""
    open_tickets: tuple[Ticket, ...]
    switches: Mapping[str, Mapping[str, Switch]]
    """By site and name."""


def read_mark(db: Database) -> Mark | None:
    """The newest mark; None where there is none, or none that can be read."""
    row = db.execute("SELECT seq, body FROM verified").fetchone()
    if row is None:
        return None
    try:
        body: dict[str, Any] = json.loads(row[1])
        return Mark(
            row[0],
            body["issued"],
            tuple(ticket_of_plain(each) for each in body["open_tickets"]),
            {
                site: {name: switch_of_plain(name, value) for name, value in switches.items()}
                for site, switches in body["switches"].items()
            },
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        log.warning("mark_unreadable", reason=repr(error))
        return None


def store_mark(db: Database, mark: Mark) -> None:
    """Put a mark in the place of the one before; belongs inside a transaction."""
    db.execute("INSERT OR REPLACE INTO verified (id, seq, body) VALUES (1, ?, ?)", (mark.seq, text_of_mark(mark)))


def text_of_mark(mark: Mark) -> str:
    """What a mark says besides its entry."""
    body = {
        "issued": mark.issued,
        "open_tickets": [plain_ticket(ticket) for ticket in mark.open_tickets],
        "switches": {
            site: {name: plain_switch(switch) for name, switch in switches.items()}
            for site, switches in mark.switches.items()
        },
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
