"""Making the tables that are the journal's picture from entries, as a restore does."""

from sqlite_utils import Database

from queue_server.domain.entries import ACCESS_KINDS, Entry, Kind, evolve
from queue_server.domain.switches import evolve_switch, switch_name
from queue_server.storage import tickets


def project(db: Database, entry: Entry) -> None:
    """Store what an entry leaves, given the rows that those before it left; belongs inside a transaction.

    Raises BrokenJournal for an entry that cannot follow.
    """
    if entry.kind.changes_ticket:
        ticket = evolve(tickets.find_ticket(db, entry.ticket or ""), entry)
        tickets.store_ticket(db, ticket)
        if entry.kind is Kind.ISSUE:
            tickets.store_allocation(db, ticket)
    elif entry.kind not in ACCESS_KINDS:
        name = switch_name(entry)
        before = tickets.switches_of(db, entry.site).get(name)
        tickets.store_switch(db, entry.site, name, evolve_switch(before, entry))
