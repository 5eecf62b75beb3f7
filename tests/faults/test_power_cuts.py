"""Power cuts at random instants under load: the files as the disk may have kept them hold every acknowledged number.

POWER_CUTS=200 makes that many.
"""

import os
import random
import shutil
import sqlite3
import time
from collections import Counter
from pathlib import Path

import pytest

from queue_server.domain.roles import Role
from queue_server.storage.database import FILE_NAME, connect
from queue_server.storage.verification import verify
from tests.crash.clients import Client, Ledger
from tests.faults.power import PowerCut, log_state
from tests.support.server import SITE, Server

CUTS = int(os.environ.get("POWER_CUTS", "12"))
WORKERS: tuple[str | None, ...] = (None, None, None, "1", "2")
PATIENCE_SECONDS = 30


@pytest.mark.crash
def test_power_cuts_under_load_lose_no_acknowledged_ticket(tmp_path: Path) -> None:
    seed = random.randrange(1_000_000)
    chance, ledger = random.Random(seed), Ledger()
    print(f"\nseed {seed}")
    with Server(tmp_path / "data") as server:
        with server.client(Role.DESK) as desk:
            for counter in filter(None, WORKERS):
                desk.post(f"/api/sites/{SITE}/counters/{counter}/open").raise_for_status()
        token = server.token(Role.ADMIN)
        clients = [Client(server.url, token, ledger, counter, seed + i) for i, counter in enumerate(WORKERS)]
        for client in clients:
            client.start()
        assert server.process is not None
        power, ways, pages = PowerCut(server.data, server.process.pid, chance), Counter[str](), 0
        try:
            for number in range(CUTS):
                power.note_pages()
                # While somebody reads, as a backup does, the log does not begin anew: checkpoints stay half done.
                reader = _reader(server.data) if chance.random() < 0.5 else None
                assert ledger.wait_for(chance.randint(1, 40), PATIENCE_SECONDS)
                # Somewhere inside a command; the moment is the point of this test.
                time.sleep(chance.uniform(0, 0.01))
                with ledger.changed:
                    issued, called = dict(ledger.issued), list(ledger.called)
                way, older = power.cut(log_state(server.data), tmp_path / f"cut-{number}")
                ways[way], pages = ways[way] + 1, pages + older
                if reader is not None:
                    reader.close()
                _check(tmp_path / f"cut-{number}", issued, called)
                shutil.rmtree(tmp_path / f"cut-{number}")
        finally:
            for client in clients:
                client.ask_to_stop()
            for client in clients:
                client.join(PATIENCE_SECONDS)
    assert ledger.strange == []
    print(
        f"{CUTS} power cuts, {len(ledger.issued)} tickets, {len(ledger.called)} calls; {dict(ways)}, "
        f"{pages} pages of an older time; none lost"
    )


def _reader(data: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(data / FILE_NAME, isolation_level=None)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM journal").fetchone()
    return connection


def _check(data: Path, issued: dict[str, dict[str, object]], called: list[str]) -> None:
    """What is left is what its journal says, and everything that was acknowledged before is in it."""
    database = connect(data / FILE_NAME)
    assert verify(database) > 0
    database.close()
    with sqlite3.connect(data / FILE_NAME) as rows:
        stored = dict(rows.execute("SELECT id, label FROM ticket"))
        calls = {row[0] for row in rows.execute("SELECT ticket FROM journal WHERE kind = 'call'")}
    rows.close()
    assert {id_ for id_, ticket in issued.items() if stored.get(id_) != ticket["label"]} == set()
    assert set(called) <= calls
