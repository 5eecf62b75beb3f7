"""Cities, days and tickets for tests: a real SQLite file, a clock that stands at nine on a Tuesday."""

import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from queue_server.city import City, open_city
from queue_server.config import load_profile
from queue_server.desk_view import DeskView
from queue_server.domain.calendar import local_minute
from queue_server.domain.day import Day, fold
from queue_server.domain.entries import Entry, Kind, plain_ticket
from queue_server.domain.site import (
    Category,
    CityProfile,
    Counter,
    Hours,
    Interval,
    LevelKey,
    Series,
    Service,
    Site,
    Threshold,
)
from queue_server.domain.ticket import Move, Refused, Ticket, TicketState
from queue_server.hall import Caller, Hall, Unknown
from queue_server.snapshot import Board, View
from queue_server.storage import journal
from queue_server.storage.database import FILE_NAME, Store
from queue_server.storage.verification import verify
from tests.support.clock import ManualClock

TUESDAY = date(2026, 11, 24)
NINE = local_minute("2026-11-24T09:00")

_MORNING, _AFTERNOON = Interval(time(8, 30), time(12, 0)), Interval(time(13, 0), time(17, 15))
HOURS = Hours(
    week=((_MORNING, _AFTERNOON),) * 5 + ((_MORNING,), ()),
    closed_on_holidays=True,
    closed_periods=(),
    special_days=(),
    day_end=time(19, 0),
)
LEVELS = (
    Threshold(LevelKey.FREE, "空き"),
    Threshold(LevelKey.MODERATE, "やや混雑", minutes=10),
    Threshold(LevelKey.CROWDED, "混雑", people=3),
)
SITE = Site(
    id="hall",
    name="町役場",
    hours=HOURS,
    categories=(Category("c", "区分", "くぶん"),),
    series={"a": Series("a", 1, 3, prefix="A", digits=2), "b": Series("b", 500, 599)},
    services={
        "x": Service("x", "業務X", "c", "a", LEVELS, 4.0, stages=("受付", "交付")),
        "y": Service("y", "業務Y", "c", "b", LEVELS, 10.0, note="予約優先"),
    },
    counters={"1": Counter("1", "1番", ("x", "y")), "2": Counter("2", "2番", ("y",))},
)
"""Series a has three numbers, service x two stages; both counters serve y."""

BRANCH = Site(
    id="branch",
    name="支所",
    hours=HOURS,
    categories=SITE.categories,
    series=SITE.series,
    services=SITE.services,
    counters=SITE.counters,
)
MACHI = CityProfile("machi", "町", {"hall": SITE, "branch": BRANCH})

MINATO_FILE = Path(__file__).with_name("minato.toml")


def minato(*changes: tuple[str, str]) -> CityProfile:
    """The profile of minato.toml, with these texts in the place of others as if somebody had edited the file."""
    text = MINATO_FILE.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands once in the file"
        text = text.replace(old, new)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "minato.toml"
        file.write_text(text, encoding="utf-8")
        return load_profile(str(file))


@cache
def empty_database() -> bytes:
    """A database with all its tables and nothing in them: copying it is ten times as fast as making it."""
    with TemporaryDirectory() as folder:
        Store(Path(folder)).close()
        return (Path(folder) / FILE_NAME).read_bytes()


class Town:
    """A city on its own directory, with its commands in few words; `restart` starts a new server on it."""

    def __init__(self, directory: Path, profile: CityProfile = MACHI, now: datetime = NINE) -> None:
        self.directory = directory
        if not (directory / FILE_NAME).exists():
            directory.mkdir(exist_ok=True)
            (directory / FILE_NAME).write_bytes(empty_database())
        self.profile = profile
        self.clock = ManualClock(now)
        self.city: City = open_city(profile, directory, self.clock)

    def restart(self, profile: CityProfile | None = None) -> None:
        """Stop the server and start one on what it left, perhaps with another profile."""
        self.city.close()
        self.profile = profile or self.profile
        self.city = open_city(self.profile, self.directory, self.clock)

    def without_service(self, service: str) -> CityProfile:
        """The profile as it would be if a service had been taken out of every site."""
        sites = {}
        for site in self.profile.sites.values():
            services = {id_: kept for id_, kept in site.services.items() if id_ != service}
            counters = {
                counter.id: replace(counter, services=tuple(id_ for id_ in counter.services if id_ != service))
                for counter in site.counters.values()
            }
            sites[site.id] = replace(site, services=services, counters=counters)
        return replace(self.profile, sites=sites)

    def at(self, minute: str) -> None:
        """Let the clock stand at a local minute, and let time do its work."""
        self.clock.set(local_minute(minute))
        self.city.tick()

    def pass_minutes(self, minutes: float) -> None:
        """Move the clock on; nobody ticks."""
        self.clock.advance(timedelta(minutes=minutes))

    @property
    def hall(self) -> Hall:
        """The hall of the profile's first site."""
        return next(iter(self.city.halls.values()))

    @property
    def store(self) -> Store:
        """The live connection, for tests that break it."""
        return self.hall._store

    def listen(self, heard: Callable[[Board, DeskView], object]) -> None:
        """Have the newest pictures heard at every change."""

        def hear(_site: str) -> None:
            heard(self.hall.board, self.hall.desk_view)

        self.hall.listen(hear)

    @property
    def board(self) -> View:
        """The newest public board's data."""
        return self.hall.board.data

    def service(self, service: str) -> View:
        """One service of the board."""
        found = [s for category in self.board["categories"] for s in category["services"] if s["id"] == service]
        return found[0]

    @property
    def desk(self) -> View:
        """The newest desk view's data."""
        return self.hall.desk_view.data

    def caller(self, key: str | None = None, actor: str = "device:desk", *, supervises: bool = False) -> Caller:
        """Who gives the next command; without a key it is a new one."""
        return Caller(actor, key or uuid.uuid4().hex, supervises)

    def person(self, name: str, key: str | None = None) -> Caller:
        """A clerk who gives the next command."""
        return self.caller(key, f"staff:{name}")

    def supervisor(self, key: str | None = None) -> Caller:
        """The supervisor who gives the next command."""
        return self.caller(key, "staff:boss", supervises=True)

    def issue(self, service: str = "x", key: str | None = None, priority: str = "") -> View:
        return self.hall.issue(self.caller(key), service, priority)

    def issue_many(self, count: int, service: str = "y") -> list[View]:
        return [self.issue(service) for _ in range(count)]

    def open(self, *counters: str) -> None:
        for counter in counters:
            self.hall.open_counter(self.caller(), counter)

    def call_next(self, counter: str = "1", key: str | None = None, *, complete: bool = False) -> View | None:
        return self.hall.call_next(self.caller(key), counter, complete=complete)

    def call(self, label: str, counter: str = "1", key: str | None = None) -> View:
        ticket: View = self.hall.call(self.caller(key), counter, label)["ticket"]
        return ticket

    def move(self, ticket_id: str, move: Move, key: str | None = None, **details: Any) -> View:
        ticket: View = self.hall.move(self.caller(key), ticket_id, move, **details)["ticket"]
        return ticket

    def called(self, service: str = "x", counter: str = "1") -> View:
        """A ticket issued and called by its label."""
        self.open(counter)
        return self.call(self.issue(service)["label"], counter)

    def call_and_complete(self, label: str, counter: str = "1") -> None:
        """A ticket is called by its label and its visit ends."""
        self.open(counter)
        self.move(self.call(label, counter)["id"], Move.COMPLETE)

    def called_next(self, counter: str = "1") -> str | None:
        """The label that a counter calls next."""
        view = self.call_next(counter)
        return view["ticket"]["label"] if view and view["ticket"] else None

    def labels(self, *states: TicketState) -> list[str]:
        """The labels of the open tickets in these states; the waiting ones, in the order of the line, without any."""
        day = self.hall._day
        if not states:
            return [ticket.label for ticket in day.waiting()]
        return [ticket.label for ticket in day.tickets.values() if ticket.state in states]

    def id_of(self, label: str) -> str:
        """The id of the ticket that carried a label last."""
        rows = self.sql("SELECT id FROM ticket WHERE label = ? ORDER BY issued_at DESC, seq DESC", label)
        return str(rows[0][0])

    def entries(self) -> list[Entry]:
        """The whole journal."""
        return list(journal.read_all(self.store.database))

    def kinds(self) -> list[str]:
        """What the journal's entries are, in order."""
        return [entry.kind.value for entry in self.entries()]

    def verify(self) -> int:
        return verify(self.store.database)

    @contextmanager
    def refuses(self, code: str, state: str | None = None, **details: Any) -> Iterator[None]:
        """What stands inside is refused with this code and these details, and changes nothing."""
        with self._unchanged(), pytest.raises(Refused) as refused:
            yield
        assert (refused.value.code, refused.value.state) == (code, state)
        assert dict(refused.value.details) == details

    @contextmanager
    def knows_no(self, what: str) -> Iterator[None]:
        """What stands inside names something that does not exist, and changes nothing."""
        with self._unchanged(), pytest.raises(Unknown) as unknown:
            yield
        assert unknown.value.what == what

    @contextmanager
    def _unchanged(self) -> Iterator[None]:
        before = (self.entries(), self.hall.board)
        yield
        assert (self.entries(), self.hall.board) == before

    def sql(self, statement: str, *values: Any) -> list[Any]:
        """Run a statement past the program, on a connection of its own."""
        return run_sql(self.directory, statement, *values)


@contextmanager
def town_in(directory: Path, profile: CityProfile = MACHI, now: datetime = NINE) -> Iterator[Town]:
    """A town that is closed in the end."""
    town = Town(directory, profile, now)
    try:
        yield town
    finally:
        town.city.close()


def run_sql(directory: Path, statement: str, *values: Any) -> list[Any]:
    """Run a statement on the database of a directory, past the program."""
    connection = sqlite3.connect(directory / FILE_NAME, isolation_level=None)
    try:
        return connection.execute(statement, values).fetchall()
    finally:
        connection.close()


def entry(
    seq: int,
    kind: Kind,
    ticket: str | None = "t1",
    *,
    minute: float = 0,
    counter: str | None = None,
    site: str = "hall",
    day: date = TUESDAY,
    body: Mapping[str, Any] | None = None,
    actor: str = "device:desk",
    key: str | None = None,
) -> Entry:
    """A journal entry, `minute` minutes after nine; without a key it is a press of its own."""
    at = ManualClock(NINE + timedelta(minutes=minute)).now()
    return Entry(seq, at, site, day, kind, actor, key or f"key {seq}", ticket, counter, body or {})


def undo_entry(seq: int, before: Ticket, undoes: int, **where: Any) -> Entry:
    """The entry that puts a ticket back to what it was before entry `undoes`."""
    return entry(seq, Kind.UNDO, before.id, body={"undoes": undoes, "ticket": plain_ticket(before)}, **where)


def issue_entry(
    seq: int, ticket: str = "t1", *, number: int = 500, service: str = "y", priority: str = "", **where: Any
) -> Entry:
    """The entry of a number of series b."""
    body = {
        "service": service,
        "series": "b",
        "round": 1,
        "number": number,
        "label": str(number),
        "token": ticket * 2,
    }
    return entry(seq, Kind.ISSUE, ticket, body=body | ({"priority": priority} if priority else {}), **where)


def day_of(*entries: Entry) -> Day:
    """The Tuesday of the hall that these entries leave."""
    return fold("hall", TUESDAY, entries)


def ticket_in(state: TicketState, **changes: Any) -> Ticket:
    """A ticket in a state, with everything that a ticket there may carry."""
    values: dict[str, Any] = {
        "id": "t1",
        "site": "hall",
        "business_day": TUESDAY,
        "series": "b",
        "round": 1,
        "number": 500,
        "label": "500",
        "token": "t1t1",
        "service": "y",
        "state": state,
        "place": 7.0,
        "seq": 9,
        "issued_at": ManualClock(NINE).now(),
    }
    return Ticket(**{**values, **changes})
