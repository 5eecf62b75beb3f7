"""A disk that lies or dies: the last backup and the journal copy bring everything back.

LOST_DISKS=20 loses that many.
"""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from queue_server.copies.folder import journal_folder
from queue_server.copies.journal_files import journal_files, tail_of
from queue_server.domain.roles import Role
from queue_server.storage.database import FILE_NAME
from tests.crash.clients import Client, Ledger
from tests.support.server import SITE, Server, printed, run_cli
from tests.support.waiting import wait_until

LOST_DISKS = int(os.environ.get("LOST_DISKS", "2"))
PATIENCE_SECONDS = 30
PAGE = 4096


@contextmanager
def journal_copied(data: Path, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The process beside the server that appends to the journal copy."""
    words = ["-m", "queue_server.cli", "journal-copy", "--data", str(data), "--to", str(folder)]
    with subprocess.Popen([sys.executable, *words]) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def load(server: Server, ledger: Ledger) -> Iterator[None]:
    """Residents and a desk that go on until the end; commands that nobody answers any more are given up."""
    with server.client(Role.DESK) as desk:
        desk.post(f"/api/sites/{SITE}/counters/1/open").raise_for_status()
    token = server.token(Role.ADMIN)
    clients = [Client(server.url, token, ledger, counter, seed) for seed, counter in enumerate((None, None, "1"))]
    for client in clients:
        client.start()
    try:
        yield
    finally:
        for client in clients:
            client.give_up()
        for client in clients:
            client.join(PATIENCE_SECONDS)
        assert not any(client.is_alive() for client in clients)


def tickets_in(data: Path) -> dict[str, str]:
    database = sqlite3.connect(data / FILE_NAME)
    try:
        return dict(database.execute("SELECT id, label FROM ticket"))
    finally:
        database.close()


def written_in(data: Path) -> int:
    return entries_in(data)[-1][0]


def _copied_to(folder: Path) -> int:
    files = journal_files(journal_folder(folder))
    last = tail_of(files[-1].path).entry if files else None
    return int(last["seq"]) if last else 0


def wait_until_has_copied(seq: int, folder: Path) -> None:
    wait_until(lambda: _copied_to(folder) >= seq, "the journal is not copied")


@pytest.mark.crash
def test_a_damaged_page_stops_the_start_and_restore_brings_everything_back(tmp_path: Path) -> None:
    data, copies, ledger = tmp_path / "data", tmp_path / "copies", Ledger()
    server = Server(data)
    server.start()
    with journal_copied(data, copies), load(server, ledger):
        assert ledger.wait_for(40, PATIENCE_SECONDS)
        made = printed("backup", "--data", str(data), "--to", str(copies))
        assert "the tables are what the journal says" in made
        refused = run_cli("restore", "--data", str(data), "--from", str(copies), "--force", status=1)
        assert "A server runs on" in refused
        assert ledger.wait_for(40, PATIENCE_SECONDS)
        version = httpx.get(f"{server.url}/api/sites/{SITE}/board", trust_env=False).json()["version"]
        server.kill()
        wait_until_has_copied(written_in(data), copies)
        _overwrite_a_page(data / FILE_NAME)

        server.launch()
        assert server.process is not None
        assert server.process.wait(PATIENCE_SECONDS) != 0
        said = server.log.read_text()
        assert "is damaged" in said
        assert "queue-server restore" in said

        restored = printed("restore", "--data", str(data), "--from", str(copies))
        assert "entries of the journal copy" in restored
        server.start()
        board = httpx.get(f"{server.url}/api/sites/{SITE}/board", trust_env=False).json()
        assert board["version"] > version
        # Who got no answer before asks again with the same key, and the hall goes on.
        assert ledger.wait_for(20, PATIENCE_SECONDS)
    server.stop()
    assert ledger.strange == []
    stored = tickets_in(data)
    assert {id_: ticket["label"] for id_, ticket in ledger.issued.items()}.items() <= stored.items()
    assert len(set(stored.values())) == len(stored), "a number was given out twice"
    assert "the tables are what the journal says" in printed("verify", "--data", str(data))


def _overwrite_a_page(path: Path) -> None:
    """Bring the log into the file, then overwrite the root page of the tickets."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    root = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ticket'").fetchone()[0]
    database.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        file.write(b"\xa5" * PAGE)


@pytest.mark.crash
def test_a_disk_that_is_gone_costs_only_what_the_journal_copy_had_not_yet(tmp_path: Path) -> None:
    chance, lost, ages = random.Random(), [], []
    for number in range(LOST_DISKS):
        data, copies, ledger = tmp_path / f"data-{number}", tmp_path / f"copies-{number}", Ledger()
        server = Server(data)
        server.start()
        with journal_copied(data, copies) as copying, load(server, ledger):
            assert ledger.wait_for(chance.randint(10, 40), PATIENCE_SECONDS)
            with ledger.changed:
                before = dict(ledger.issued)
            wait_until_has_copied(written_in(data), copies)
            assert ledger.wait_for(chance.randint(1, 40), PATIENCE_SECONDS)
            # Server, copying process and disk end in one instant, somewhere inside a command.
            time.sleep(chance.uniform(0, 0.05))
            server.kill()
            copying.kill()
            with ledger.changed:
                acknowledged = dict(ledger.issued)
        entries = entries_in(data)
        shutil.rmtree(data)
        printed("restore", "--data", str(data), "--from", str(copies))
        kept = entries_in(data)
        assert set(before) <= set(tickets_in(data))
        assert kept == entries[: len(kept)], "what is lost is the end, with no gap before it"
        lost.append(len(set(acknowledged) - set(tickets_in(data))))
        ages += [entries[-1][1] - entries[len(kept)][1]] if len(kept) < len(entries) else []
    longest = max((age.total_seconds() for age in ages), default=0.0)
    print(f"\n{LOST_DISKS} lost disks: tickets lost {lost}; the oldest entry lost was written {longest:.2f} s before")


def entries_in(data: Path) -> list[tuple[int, datetime]]:
    database = sqlite3.connect(data / FILE_NAME)
    try:
        return [(seq, datetime.fromisoformat(at)) for seq, at in database.execute("SELECT seq, at FROM journal")]
    finally:
        database.close()
