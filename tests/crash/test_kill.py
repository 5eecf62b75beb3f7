"""kill -9 under load: nothing acknowledged is lost, nothing happens twice. KILLS=200 kills that often."""

import os
import random
import sqlite3
import time
from collections import Counter
from pathlib import Path

import pytest

from queue_server.domain.roles import Role
from queue_server.domain.ticket import OPEN_STATES
from queue_server.storage.database import FILE_NAME, connect
from queue_server.storage.verification import verify
from tests.crash.clients import Client, Ledger
from tests.support.server import SITE, Server, run_cli

ROUNDS = int(os.environ.get("KILLS", "10"))
ISSUING = 4
COUNTERS = ("1", "2", "4", "6")
PATIENCE_SECONDS = 30


@pytest.mark.long
@pytest.mark.crash
def test_kills_under_load_lose_no_acknowledged_ticket_and_double_none(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start()
    with server.client(Role.DESK) as desk:
        for counter in COUNTERS:
            desk.post(f"/api/sites/{SITE}/counters/{counter}/open").raise_for_status()
    ledger = Ledger()
    token = server.token(Role.ADMIN)
    workers: list[str | None] = [None] * ISSUING + list(COUNTERS)
    clients = [Client(server.url, token, ledger, counter, seed) for seed, counter in enumerate(workers)]
    for client in clients:
        client.start()
    chance = random.Random()
    try:
        for round_ in range(ROUNDS):
            assert ledger.wait_for(chance.randint(1, 60), PATIENCE_SECONDS), (
                f"round {round_}: the clients stand still"
            )
            # Somewhere inside a command, not always right after an answer; the moment is the point of this test.
            time.sleep(chance.uniform(0, 0.01))
            server.kill()
            _verify(server.data)
            before = [client.answered for client in clients]
            server.start()
            assert ledger.wait_for(len(clients), PATIENCE_SECONDS)
            with ledger.changed:
                recovered = ledger.changed.wait_for(
                    lambda before=before: all(c.answered > b for c, b in zip(clients, before, strict=True)),
                    timeout=PATIENCE_SECONDS,
                )
            assert recovered, f"round {round_}: not every client came back"
    finally:
        for client in clients:
            client.ask_to_stop()
        for client in clients:
            client.join(PATIENCE_SECONDS)
        server.stop()
    _check(server.data, ledger)
    assert "the tables are what the journal says" in run_cli("verify", "--data", str(server.data))
    print(
        f"\n{ROUNDS} kills: {ledger.answers} answers, {len(ledger.issued)} tickets, {len(ledger.called)} calls, "
        f"{ledger.retried} commands answered after a retry, refused {ledger.refused}"
    )


def _verify(data: Path) -> None:
    """What `queue-server verify` does, before a new server may tidy anything up."""
    database = connect(data / FILE_NAME)
    assert verify(database) > 0
    database.close()


def _check(data: Path, ledger: Ledger) -> None:
    assert ledger.strange == []
    assert set(ledger.refused) <= {"series_exhausted"}
    assert [ticket for ticket, times in Counter(ledger.called).items() if times > 1] == []
    database = sqlite3.connect(data / "queue.sqlite3")
    stored = dict(database.execute("SELECT id, label FROM ticket"))
    lost = {id_ for id_, ticket in ledger.issued.items() if stored.get(id_) != ticket["label"]}
    assert lost == set()
    assert set(ledger.called) <= set(stored)
    live = [
        row[0]
        for row in database.execute(
            f"SELECT label FROM ticket WHERE state IN ({', '.join('?' * len(OPEN_STATES))})", list(OPEN_STATES)
        )
    ]
    assert len(live) == len(set(live))
    calls = Counter(row[0] for row in database.execute("SELECT ticket FROM journal WHERE kind = 'call'"))
    assert [ticket for ticket, times in calls.items() if times > 1] == []
    database.close()
    assert ledger.retried > 0, "no command was caught by a kill; the test did not test"


@pytest.mark.crash
def test_sigterm_finishes_what_is_under_way_and_ends_with_status_zero(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start()
    ledger = Ledger()
    client = Client(server.url, server.token(Role.ADMIN), ledger, None, 1)
    client.start()
    assert ledger.wait_for(20, PATIENCE_SECONDS)
    assert server.stop() == 0
    server.start()
    client.ask_to_stop()
    client.join(PATIENCE_SECONDS)
    server.stop()
    assert ledger.strange == []
    with sqlite3.connect(server.data / "queue.sqlite3") as database:
        stored = {row[0] for row in database.execute("SELECT id FROM ticket")}
    database.close()
    assert set(ledger.issued) <= stored
