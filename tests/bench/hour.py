"""One hour of ten times a city hall's load on one machine: memory, the slow tail, and whether anything is lost.

    MINUTES=60 python -m tests.bench.hour

A thousand phones and ten boards hold websockets; the phones also load the status page now and then. Five kiosks give
out numbers, twenty desks call them: about a hundred changes a minute. Prints a line a minute and a summary; its last
line says what was lost or doubled, and the exit status is 1 if anything was.
"""

import json
import math
import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from queue_server.domain.roles import Role
from queue_server.storage.database import FILE_NAME
from tests.bench.contestants import Clients, compile_c, resident_kilobytes
from tests.bench.spread import Spread
from tests.support.server import SITE, Server, run_cli

MINUTES = float(os.environ.get("MINUTES", "60"))
PHONES, BOARDS, DESKS, KIOSKS = 1000, 10, 20, 5
ISSUES_A_MINUTE, CALLS_A_MINUTE, PAGES_A_MINUTE = 42, 44, 500
RECALLED, MISSED = 0.2, 0.1
"""How many of the called are called again, and how many do not come."""
SERVICES = ("shomei", "koseki", "todoke", "inkan", "mynumber")
PATIENCE_SECONDS = 15.0
STATUS = f"/status/{SITE}"
PATH = f"/socket.io/?EIO=4&transport=websocket&site={SITE}"
ROOM = 4096
"""So many commands and arrivals at most are remembered until they are matched; a minute brings a few hundred."""
OVERLAP = 500
"""So many entries are read again in each minute."""
GRACE_SECONDS = 5.0
PROFILE = Path(__file__).parents[2] / "queue_server" / "profiles" / "atsugi.toml"


@dataclass
class Command:
    """One command that was acknowledged: when it was sent, and which entries it has to have left."""

    sent: int
    entries: "Counter[str]"
    ticket: str = ""
    """The id that was acknowledged, for a number given out or called."""


@dataclass
class Books:
    """What happened since the last minute, and over all; everything in it is bounded."""

    commands: dict[str, Command] = field(default_factory=dict)
    arrivals: dict[int, tuple[int, int]] = field(default_factory=dict)
    command: Spread = field(default_factory=Spread)
    delivery: Spread = field(default_factory=Spread)
    page: Spread = field(default_factory=Spread)
    minute_command: Spread = field(default_factory=Spread)
    minute_delivery: Spread = field(default_factory=Spread)
    wrong: "Counter[str]" = field(default_factory=Counter)
    done: "Counter[str]" = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    seq: int = 0
    """The last entry of the journal that was looked at."""

    def acknowledge(self, key: str, command: Command, taken: int) -> None:
        """A command was answered after so many nanoseconds."""
        with self.lock:
            self.command.add(taken)
            self.minute_command.add(taken)
            self.commands[key] = command
            if len(self.commands) > ROOM:
                self.wrong["commands that were never looked for"] += 1
                self.commands.pop(next(iter(self.commands)))

    def arrived(self, seq: int, first: int, last: int) -> None:
        """The last of the phones has a board with that entry in it."""
        with self.lock:
            self.arrivals[seq] = (first, last)
            if len(self.arrivals) > ROOM:
                self.arrivals.pop(next(iter(self.arrivals)))


class Hall:
    """The people of the hall, each a thread that acts at random moments until it is over."""

    def __init__(self, server: Server, books: Books) -> None:
        self._server = server
        self._books = books
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        """Open the counters and let everybody in."""
        for number in range(KIOSKS):
            self._start(self._kiosk, Role.KIOSK, f"kiosk-{number}", 60.0 * KIOSKS / ISSUES_A_MINUTE)
        for number in range(DESKS):
            self._start(self._desk, Role.DESK, f"{number + 1}", 60.0 * DESKS / CALLS_A_MINUTE)
        self._start(self._readers, None, "phones", 60.0 / PAGES_A_MINUTE)

    def end(self) -> None:
        """Let everybody finish what they do, and wait for that."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _start(self, act: Callable[..., None], role: Role | None, name: str, pause: float) -> None:
        headers = {"Authorization": f"Bearer {self._server.token(role, name)}"} if role else {}
        chance = random.Random(name)

        def run() -> None:
            with httpx.Client(
                base_url=self._server.url, headers=headers, timeout=PATIENCE_SECONDS, trust_env=False
            ) as client:
                if role is Role.DESK:
                    self._send(client, f"/api/sites/{SITE}/counters/{name}/open", {}, Counter(open_counter=1))
                try:
                    while not self._over.wait(chance.expovariate(1 / pause)):
                        act(client, chance, name)
                except Exception:
                    self._note(f"{name} went home early")
                    raise

        thread = threading.Thread(target=run, name=name)
        self._threads.append(thread)
        thread.start()

    def _kiosk(self, client: httpx.Client, chance: random.Random, _name: str) -> None:
        body = {"service": chance.choice(SERVICES)}
        self._send(client, f"/api/sites/{SITE}/tickets", body, Counter(issue=1))

    def _desk(self, client: httpx.Client, chance: random.Random, counter: str) -> None:
        path = f"/api/sites/{SITE}/counters/{counter}/call-next"
        called = self._send(client, path, {"complete": True}, Counter(call=1))
        if called is None:
            return
        if chance.random() < RECALLED and not self._over.wait(2):
            self._send(client, f"/api/tickets/{called}/recall", {}, Counter(recall=1))
        if chance.random() < MISSED and not self._over.wait(2):
            self._send(client, f"/api/tickets/{called}/no-show", {}, Counter(no_show=1))

    def _readers(self, client: httpx.Client, chance: random.Random, _name: str) -> None:
        language = chance.choice(["ja", "ja", "ja", "ja", "en", "zh"])
        began = time.monotonic_ns()
        try:
            found = client.get(STATUS, headers={"Accept-Language": language}).status_code
        except httpx.HTTPError as error:
            found = 0
            self._note(f"a page failed: {type(error).__name__}")
        with self._books.lock:
            self._books.page.add(time.monotonic_ns() - began)
            self._books.done["pages"] += 1
            if found not in (0, 200):
                self._books.wrong[f"a page was answered {found}"] += 1

    def _send(self, client: httpx.Client, path: str, body: object, entries: "Counter[str]") -> str | None:
        """One command, tried again under its key as a device does; returns the ticket's id, None for nobody there."""
        key = uuid.uuid4().hex
        began = time.monotonic_ns()
        for _ in range(3):
            try:
                answer = client.post(path, json=body, headers={"Idempotency-Key": key})
                break
            except httpx.HTTPError as error:
                self._note(f"a command failed: {type(error).__name__}")
        else:
            return None
        taken = time.monotonic_ns() - began
        if answer.status_code not in (200, 201, 204):
            self._note(f"a command was answered {answer.status_code}: {answer.text[:80]}")
            return None
        found = answer.json() if answer.content else {}
        # Who called and found nobody waiting has a 204, or the ticket that was completed alone.
        about = found.get("ticket", found) or {}
        ticket = str(about.get("id", ""))
        nobody = entries["call"] > 0 and not ticket
        self._books.acknowledge(key, Command(began, Counter() if nobody else entries, ticket), taken)
        return ticket or None

    def _note(self, what: str) -> None:
        with self._books.lock:
            self._books.wrong[what] += 1


def look(books: Books, database: Path, grace: float = GRACE_SECONDS) -> None:
    """Compare what was acknowledged since the last time with what the journal holds of it, and with the phones.

    What was sent within the last `grace` seconds is left for the next time: it may still be on its way to a phone.
    """
    latest = time.monotonic_ns() - int(grace * 1e9)
    with books.lock:
        commands = {key: command for key, command in books.commands.items() if command.sent <= latest}
        for key in commands:
            del books.commands[key]
    left: dict[str, Counter[str]] = {key: Counter() for key in commands}
    newest: dict[str, int] = {}
    # Some entries are read twice: the answer to a command comes later than its entries.
    for seq, kind, ticket, key in _rows(
        database,
        "SELECT seq, kind, ticket, request_id FROM journal WHERE seq > ? ORDER BY seq",
        books.seq - OVERLAP,
    ):
        books.seq = max(books.seq, seq)
        if key in commands:
            left[key][kind] += 1
            newest[key] = seq
            if kind in commands[key].entries and commands[key].ticket not in ("", ticket):
                books.wrong["another ticket than was acknowledged"] += 1
    for key, command in commands.items():
        _compare(books, command, left[key], newest.get(key))


def _compare(books: Books, command: Command, left: "Counter[str]", seq: int | None) -> None:
    """What one command has left in the journal, and when the last phone had it."""
    for kind, count in command.entries.items():
        books.done[kind] += left[kind]
        if left[kind] != count:
            books.wrong[f"{kind} {'lost' if left[kind] < count else 'doubled'}"] += 1
    if not command.entries:
        return
    with books.lock:
        arrival = books.arrivals.get(seq or 0)
    if arrival is None:
        books.wrong["a change that not every phone got"] += 1
        return
    books.done["delivered"] += 1
    books.delivery.add(arrival[1] - command.sent)
    books.minute_delivery.add(arrival[1] - command.sent)


def _rows(database: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def _follow(clients: Clients, arrived: Callable[[int, int, int], None]) -> threading.Thread:
    """Read what the clients say for as long as they are there."""

    def read() -> None:
        for arrival in clients.arrivals():
            arrived(*arrival)

    thread = threading.Thread(target=read)
    thread.start()
    return thread


@contextmanager
def audience(folder: Path, server: Server, books: Books) -> Iterator[list[Clients]]:
    """The phones, whose arrivals are kept, and the boards, whose are not."""
    program = compile_c("clients", folder)
    with ExitStack() as stack:
        groups = []
        for count, arrived in ((PHONES, books.arrived), (BOARDS, lambda *_: None)):
            clients = stack.enter_context(Clients(program, server.port, count, PATH, socketio=True))
            thread = _follow(clients, arrived)
            stack.callback(thread.join)
            stack.callback(clients.end)
            groups.append(clients)
        yield groups


def profile(folder: Path) -> Path:
    """The Atsugi hall with a counter for every desk."""
    counter = f'\n[[site.counter]]\nid = "{{0}}"\nname = "{{0}}番窓口"\nservices = {json.dumps(SERVICES)}\n'
    found = folder / "hour.toml"
    more = "".join(counter.format(number + 1) for number in range(6, DESKS))
    found.write_text(PROFILE.read_text(encoding="utf-8") + more, encoding="utf-8")
    return found


def run(minutes: float) -> int:
    """All of it, from the start of the server to the verification of what it wrote; returns how much went wrong."""
    books = Books()
    with tempfile.TemporaryDirectory(prefix="queue-hour-") as directory:
        folder = Path(directory)
        settings = {"QUEUE_SERVER_LOG_LEVEL": "error", "QUEUE_SERVER_PROFILE": str(profile(folder))}
        with Server(folder / "data", settings) as server, audience(folder, server, books) as groups:
            assert server.process is not None
            database, hall = folder / "data" / FILE_NAME, Hall(server, books)
            try:
                hall.begin()
                _minutes(minutes, server.process.pid, books, database)
            finally:
                hall.end()
            _wait_for_the_last(books, database)
            look(books, database, grace=0)
            dropped = sum(group.closed for group in groups)
            if dropped:
                books.wrong["phones or boards that were dropped"] += dropped
            _compare_totals(books, database)
        verified = run_cli("verify", "--data", str(folder / "data")).strip()
    print(f"\ncommand sent -> acknowledged            {books.command} ({books.command.count:,})")
    print(f"command sent -> last of {PHONES:,} phones    {books.delivery} ({books.delivery.count:,})")
    print(f"status page                             {books.page} ({books.page.count:,})")
    print(f"numbers given out {books.done['issue']:,}, calls {books.done['call']:,}, queue-server verify: {verified}")
    print("lost or doubled: " + (", ".join(f"{what}: {n}" for what, n in books.wrong.items()) or "nothing"))
    return books.wrong.total()


def _minutes(minutes: float, pid: int, books: Books, database: Path) -> None:
    """A line a minute until it is over."""
    print("minute  changes  RSS MB  command, ms               last phone, ms            pages  wrong")
    began = time.monotonic()
    for minute in range(1, math.ceil(minutes) + 1):
        time.sleep(max(0.0, began + 60 * min(minute, minutes) - time.monotonic()))
        look(books, database)
        told = (str(books.minute_command).removesuffix(" ms"), str(books.minute_delivery).removesuffix(" ms"))
        print(
            f"{minute:>6}  {books.minute_command.count:>7}  {resident_kilobytes(pid) / 1024:>6.1f}"
            f"  {told[0]:<24}  {told[1]:<24}  {books.done['pages']:>5}  {books.wrong.total()}",
            flush=True,
        )
        books.minute_command, books.minute_delivery = Spread(), Spread()


def _wait_for_the_last(books: Books, database: Path) -> None:
    """Until every phone has the last entry, or has had time enough."""
    [(last,)] = _rows(database, "SELECT max(seq) FROM journal")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while last not in books.arrivals and time.monotonic() < deadline:
        time.sleep(0.05)


def _compare_totals(books: Books, database: Path) -> None:
    """What the journal holds in all: no number without somebody who was told of it, none twice."""
    [(issued, keys, tickets)] = _rows(
        database,
        "SELECT count(*), count(DISTINCT request_id), count(DISTINCT ticket) FROM journal WHERE kind = 'issue'",
    )
    if not issued == keys == tickets:
        books.wrong["numbers given out twice"] += issued - min(keys, tickets)
    if issued != books.done["issue"]:
        books.wrong["numbers that nobody was told of"] += issued - books.done["issue"]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(1 if run(MINUTES) else 0)
