"""Durable tickets a second: through the server, by bare sqlite3 with the same rows and pragmas, and what the server's
own stack answers in a second when it does nothing at all.
"""

import json
import os
import sqlite3
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from queue_server.domain.roles import Role
from queue_server.storage.database import connect
from queue_server.storage.migrations import MIGRATIONS
from tests.bench.lean import Clients, post
from tests.bench.rounds import UNSLOWED, cpu_seconds
from tests.bench.stack_alone import StackAlone, commands_a_second
from tests.support.server import SITE, Server

SECONDS = 1.0 if os.environ.get("QUICK") else 2.0
"""Of each round: so long numbers are issued, and so long bare rows are written right before it."""
CLIENTS = (1, 8, 32)
SERVICES = ("shomei", "koseki", "todoke", "inkan", "mynumber")
BATCH = 40
"""Of each service so many numbers are issued, timed; then they are cancelled, so that the line stays a hall's."""


def rows(rounds: int) -> Iterator[tuple[str, str, str]]:
    """The table's lines."""
    with TemporaryDirectory(prefix="queue-bench-") as folder:
        directory = Path(folder)
        with (
            Server(directory / "server", UNSLOWED) as server,
            StackAlone(directory / "nothing", UNSLOWED) as nothing,
        ):
            token = server.token(Role.ADMIN)
            durable_tickets(server, token, 8, 0.5)
            for clients in CLIENTS:
                found = [
                    (
                        bare_inserts(directory, SECONDS),
                        commands_a_second(nothing.port, clients, SECONDS / 2),
                        *durable_tickets(server, token, clients, SECONDS),
                    )
                    for _ in range(rounds)
                ]
                bare, stack, rate, p99, cpu = (median(figures) for figures in zip(*found, strict=True))
                of_bare, of_stack = (median(each[2] / each[n] for each in found) for n in range(2))
                yield (
                    f"durable tickets, {clients} client(s)",
                    f"{rate:,.0f} /s, p99 {p99:.1f} ms",
                    f"{of_bare:.2f} of bare sqlite3 ({bare:,.0f} /s), "
                    f"{of_stack:.2f} of Flask alone ({stack:,.0f} /s); CPU {cpu:.2f} ms",
                )


def bare_inserts(directory: Path, seconds: float) -> float:
    """Tickets a second that one bare connection makes durable: journal row, ticket row, number row, answer row."""
    database = connect(directory / f"bare-{uuid.uuid4().hex}.sqlite3")
    MIGRATIONS.apply(database)
    connection = database.conn
    assert isinstance(connection, sqlite3.Connection)
    count, began = 0, time.perf_counter()
    while time.perf_counter() < began + seconds:
        count += 1
        bare_insert(connection, count)
    rate = count / (time.perf_counter() - began)
    database.close()
    return rate


def bare_insert(connection: sqlite3.Connection, number: int) -> None:
    """The rows of one issue, in a transaction of their own."""
    id_, day, at = uuid.uuid4().hex, "2026-11-24", "2026-11-24T00:15:00+00:00"
    body = json.dumps({"service": "shomei", "series": "s001", "round": 1, "number": number, "token": id_[:22]})
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO journal VALUES (?, ?, ?, ?, 'issue', ?, NULL, 'device:bench', ?, ?)",
        (number, at, SITE, day, id_, id_, body),
    )
    connection.execute(
        "INSERT INTO ticket (id, site, business_day, series, round, number, label, token, service, state, place, seq,"
        " issued_at, stage, reason) VALUES (?, ?, ?, 's001', 1, ?, ?, ?, 'shomei', 'waiting', ?, ?, ?, 0, '')",
        (id_, SITE, day, number, str(number), id_[:22], float(number), number, at),
    )
    connection.execute("INSERT OR REPLACE INTO number VALUES (?, ?, 's001', 1, ?)", (SITE, day, number))
    connection.execute("INSERT INTO answer VALUES ('device:bench', ?, ?, ?, ?)", (id_, id_, day, body))
    connection.execute("COMMIT")


def durable_tickets(server: Server, token: str, count: int, seconds: float) -> tuple[float, float, float]:
    """Tickets a second over HTTP, the 99th percentile of one issue in ms, and the server's CPU in ms a ticket.

    Each client has one request on its way at a time. Only the time spent issuing counts.
    """
    assert server.process is not None
    clients = Clients(server.port, count)
    spent = computed = 0.0
    times: list[float] = []
    while spent < seconds:
        before = cpu_seconds(server.process.pid)
        took, issued = clients.ask([_issue(token, SERVICES[n % len(SERVICES)]) for n in range(BATCH * len(SERVICES))])
        computed += cpu_seconds(server.process.pid) - before
        assert {each.status for each in issued} == {201}, issued[-1].body
        assert len({each.json()["id"] for each in issued}) == len(issued)
        spent += took
        times += [each.seconds for each in issued]
        _, cancelled = clients.ask([_cancel(token, each.json()["id"]) for each in issued])
        assert {each.status for each in cancelled} == {200}, cancelled[-1].body
    clients.close()
    times.sort()
    return len(times) / spent, times[int(len(times) * 0.99)] * 1000, computed / len(times) * 1000


def _issue(token: str, service: str) -> bytes:
    return post(f"/api/sites/{SITE}/tickets", token, {"service": service}, uuid.uuid4().hex)


def _cancel(token: str, ticket: str) -> bytes:
    return post(f"/api/tickets/{ticket}/cancel", token, {}, uuid.uuid4().hex)
