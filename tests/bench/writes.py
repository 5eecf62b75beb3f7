"""Durable tickets a second: through the server, and by bare sqlite3 with the same rows and pragmas."""

import json
import sqlite3
import threading
import time
import uuid
from pathlib import Path

import httpx

from queue_server.domain.roles import Role
from queue_server.storage.database import connect
from queue_server.storage.migrations import MIGRATIONS
from tests.support.server import SITE, Server

SECONDS = 3.0
SERVICES = ("shomei", "koseki", "todoke", "inkan", "mynumber")
BATCH = 40
"""Tickets are cancelled in batches of this many by their own clerk, so that the line stays as long as a hall's."""


def bare_inserts(directory: Path) -> tuple[float]:
    """Tickets a second that one bare connection makes durable: journal row, ticket row, number row, answer row."""
    database = connect(directory / f"bare-{uuid.uuid4().hex}.sqlite3")
    MIGRATIONS.apply(database)
    connection = database.conn
    assert isinstance(connection, sqlite3.Connection)
    count, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        count += 1
        _insert(connection, count)
    database.close()
    return (count / SECONDS,)


def _insert(connection: sqlite3.Connection, number: int) -> None:
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


def durable_tickets(server: Server, clients: int) -> tuple[float, float]:
    """Tickets a second over HTTP and the 99th percentile of one issue in milliseconds."""
    token = server.token(Role.ADMIN)
    times: list[float] = []
    busy = [0.0] * clients
    threads = [threading.Thread(target=_issue, args=(server, token, index, times, busy)) for index in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    # Only the time spent issuing counts; what clears the line again is not measured.
    rate = sum(len(times) / clients / spent for spent in busy)
    return rate, times[int(len(times) * 0.99)] * 1000


def _issue(server: Server, token: str, index: int, times: list[float], busy: list[float]) -> None:
    service = SERVICES[index % len(SERVICES)]
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        end = time.perf_counter() + SECONDS
        while time.perf_counter() < end:
            issued = [_timed(client, service, times, busy, index) for _ in range(BATCH)]
            for ticket in issued:
                client.post(f"/api/tickets/{ticket}/cancel", headers={"Idempotency-Key": uuid.uuid4().hex})


def _timed(client: httpx.Client, service: str, times: list[float], busy: list[float], index: int) -> str:
    began = time.perf_counter()
    response = client.post(
        f"/api/sites/{SITE}/tickets", json={"service": service}, headers={"Idempotency-Key": uuid.uuid4().hex}
    )
    spent = time.perf_counter() - began
    times.append(spent)
    busy[index] += spent
    ticket: str = response.raise_for_status().json()["id"]
    return ticket
