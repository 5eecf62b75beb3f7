"""What a command comes to, written: each entry of the journal, and the rows that it changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from queue_server.domain.day import Day
from queue_server.domain.entries import Entry, Kind, evolve
from queue_server.domain.switches import Switch, evolve_switch, switch_name
from queue_server.domain.ticket import Ticket
from queue_server.hall.terms import Caller, Draft, Written
from queue_server.storage import journal, tickets


def append_drafts(db: Database, day: Day, caller: Caller, now: datetime, drafts: Sequence[Draft]) -> list[Written]:
    """Append the drafts and project each one; belongs inside a transaction and yields to nobody.

    `day` is the live day, which changes only when the entries are committed. `now` is aware UTC.
    """
    written: list[Written] = []
    changed = _Changed()
    for draft in drafts:
        entry = journal.append_next(
            db,
            now=now,
            site=day.site,
            business_day=draft.business_day or day.business_day,
            kind=draft.kind,
            actor=caller.actor,
            request_id=caller.request_id,
            ticket=draft.ticket,
            counter=draft.counter,
            body=draft.body,
        )
        written.append(Written(entry, _project(db, day, entry, changed)))
    return written


@dataclass(slots=True)
class _Changed:
    """What the drafts of one command have changed so far; the live day changes after it."""

    tickets: dict[str, Ticket] = field(default_factory=dict)
    switches: dict[str, Switch | None] = field(default_factory=dict)


def _project(db: Database, day: Day, entry: Entry, changed: _Changed) -> Ticket | None:
    """Store what the entry leaves; `changed` is how the transaction has left things so far."""
    if not entry.kind.changes_ticket:
        name = switch_name(entry)
        switch = changed.switches[name] if name in changed.switches else day.switches.get(name)
        changed.switches[name] = evolve_switch(switch, entry)
        tickets.store_switch(db, entry.site, name, changed.switches[name])
        return None
    ticket_id = entry.ticket or ""
    before = changed.tickets.get(ticket_id) or day.tickets.get(ticket_id)
    ticket = changed.tickets[ticket_id] = evolve(before, entry)
    tickets.store_ticket(db, ticket, before)
    if entry.kind is Kind.ISSUE:
        tickets.store_allocation(db, ticket)
    return ticket
