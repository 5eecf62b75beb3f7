"""`verify`: the tables must be what the journal folds to.

Years of journal are not folded at each start: what was found right up to an entry is marked, and the next
verification goes on from there. What it then does not look at again is said in NOTES.md, 34.
"""

import dataclasses
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from sqlite_utils import Database

from queue_server.domain.entries import ACCESS_KINDS, TICKET_FIELDS, BrokenJournal, Entry, Kind, evolve
from queue_server.domain.numbering import Allocation
from queue_server.domain.switches import Switch, evolve_switch, switch_name
from queue_server.domain.ticket import Ticket
from queue_server.storage import journal, tickets
from queue_server.storage.database import is_damage
from queue_server.storage.marks import Mark, read_mark

SMALL_BYTES = 64 * 1024 * 1024
"""A file of this size is looked through in about a quarter of a second; it holds some 150,000 entries."""


class Difference(Exception):  # noqa: N818 - what verify looks for
    """The first place where the tables are not what the journal says."""


class DamagedFile(Difference):
    """Pages of the file are broken, whatever they once said."""


@dataclasses.dataclass(slots=True)
class _Fold:
    """The whole journal, folded; a ticket leaves memory when it ends, after its row was compared."""

    db: Database
    seq: int = 0
    issued: int = 0
    open_tickets: dict[str, Ticket] = dataclasses.field(default_factory=dict)
    undone_later: dict[str, int] = dataclasses.field(default_factory=dict)
    """Tickets that ended here but not in the table, with their last entry so far: an undo must follow."""
    switches: dict[str, dict[str, Switch]] = dataclasses.field(default_factory=dict)
    allocations: dict[tuple[str, date, str], Allocation] = dataclasses.field(default_factory=dict)

    @classmethod
    def from_mark(cls, db: Database, mark: Mark) -> "_Fold":
        """A fold that goes on where a former one ended."""
        return cls(
            db,
            mark.seq,
            mark.issued,
            {ticket.id: ticket for ticket in mark.open_tickets},
            switches={site: dict(switches) for site, switches in mark.switches.items()},
        )

    def mark(self) -> Mark:
        """Where this fold has ended."""
        return Mark(self.seq, self.issued, tuple(self.open_tickets.values()), self.switches)

    def take_all(self, entries: Iterable[Entry]) -> None:
        """Take entries in, and compare what they lead to with the tables."""
        for entry in entries:
            self.take(entry)
        self._finish()

    def take(self, entry: Entry) -> None:
        if entry.seq != self.seq + 1:
            raise Difference(f"journal: entry {entry.seq} follows entry {self.seq}")
        self.seq = entry.seq
        if entry.kind.changes_ticket:
            self._move(entry)
        elif entry.kind not in ACCESS_KINDS:
            self._switch(entry)

    def _move(self, entry: Entry) -> None:
        ticket = evolve(self.open_tickets.pop(entry.ticket or "", None), entry)
        self.undone_later.pop(ticket.id, None)
        if entry.kind is Kind.ISSUE:
            self.issued += 1
            if not ticket.offline:
                key = (ticket.site, ticket.business_day, ticket.series)
                self.allocations[key] = Allocation(ticket.round, ticket.number)
        if ticket.is_open:
            self.open_tickets[ticket.id] = ticket
        elif self._ended_for_good(ticket):
            self._compare(ticket)

    def _ended_for_good(self, ticket: Ticket) -> bool:
        row = tickets.find_ticket(self.db, ticket.id)
        if row is None or row.seq <= ticket.seq:
            return True
        self.undone_later[ticket.id] = ticket.seq
        return False

    def _switch(self, entry: Entry) -> None:
        of_site = self.switches.setdefault(entry.site, {})
        name = switch_name(entry)
        after = evolve_switch(of_site.get(name), entry)
        if after is None:
            of_site.pop(name, None)
        else:
            of_site[name] = after

    def _compare(self, ticket: Ticket) -> None:
        row = tickets.find_ticket(self.db, ticket.id)
        if row is None:
            raise Difference(f"ticket {ticket.id} ({ticket.label}): in the journal, not in the table")
        for name in TICKET_FIELDS:
            folded, stored = getattr(ticket, name), getattr(row, name)
            if folded != stored:
                # A token opens a ticket; a difference in one is named without showing it.
                shown = "" if name == "token" else f": journal {folded}, table {stored}"
                raise Difference(f"ticket {ticket.id} ({ticket.label}): {name} differs{shown}")

    def _finish(self) -> None:
        for ticket in self.open_tickets.values():
            self._compare(ticket)
        for ticket_id, seq in self.undone_later.items():
            raise Difference(f"ticket {ticket_id}: the table is past entry {seq}, the journal is not")
        count = tickets.count_tickets(self.db)
        if count != self.issued:
            raise Difference(f"tickets: {self.issued} in the journal, {count} in the table")
        for (site, day, series), folded in self.allocations.items():
            if tickets.last_allocation(self.db, site, day, series) != folded:
                raise Difference("numbers: the last number of a series is not the journal's")
        for site in sorted(self.switches.keys() | tickets.sites_with_switches(self.db)):
            switched, stored = self.switches.get(site, {}), tickets.switches_of(self.db, site)
            for name in sorted(switched.keys() | stored.keys()):
                if switched.get(name) != stored.get(name):
                    raise Difference(f"switches: {name} of site {site} is not the journal's")


def verify(db: Database) -> int:
    """Look through the file, fold the whole journal and compare; returns the number of entries.

    Raises Difference with the first thing that is not right: a page of the file that is damaged, a gap in
    `seq`, an entry that cannot follow what came before it, a row that is not what the journal says.
    """
    return _verify_whole(db).seq


def verify_since_mark(db: Database) -> Mark:
    """The same from the entry on up to which it was done before; the whole where there is no mark that can be read.

    Compared are every ticket that is open or was moved since, the numbers given out since, all switches, and how
    many tickets there are. A file of up to SMALL_BYTES is looked through. Raises Difference.
    """
    mark = read_mark(db)
    if mark is None:
        return _verify_whole(db)
    with _in_words():
        if _bytes(db) <= SMALL_BYTES:
            _look_through(db)
        if journal.last_seq(db) < mark.seq:
            raise Difference(f"journal: it ends before entry {mark.seq}, which was there once")
        fold = _Fold.from_mark(db, mark)
        fold.take_all(journal.read_after(db, mark.seq))
    return fold.mark()


def _verify_whole(db: Database) -> Mark:
    with _in_words():
        _look_through(db)
        fold = _Fold(db)
        fold.take_all(journal.read_all(db))
        if tickets.count_allocations(db) != len(fold.allocations):
            raise Difference("numbers: the last number of a series is not the journal's")
    return fold.mark()


def _bytes(db: Database) -> int:
    pages, size = (db.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "page_size"))
    return int(pages * size)


def _look_through(db: Database) -> None:
    for (message,) in db.execute("PRAGMA integrity_check(1)"):
        if message != "ok":
            raise DamagedFile(f"the file is damaged: {message}")


@contextmanager
def _in_words() -> Iterator[None]:
    """Raise everything that a damaged file or journal leads to as a Difference."""
    try:
        yield
    except BrokenJournal as error:
        raise Difference(f"journal: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Difference(f"a row cannot be read: {error}") from error
    except sqlite3.DatabaseError as error:
        found = DamagedFile if is_damage(error) else Difference
        raise found(f"the file is damaged: {error}") from error
