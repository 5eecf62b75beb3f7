"""Starts that must not happen, each refused with words that say what to do."""

import sqlite3
from pathlib import Path

import pytest

from queue_server.domain.roles import Role
from tests.support.server import SITE, Server, run_cli


@pytest.mark.crash
def test_a_second_server_on_the_same_data_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as first:
        second = Server(first.data)
        second.launch()
        assert second.process is not None
        assert second.process.wait(timeout=30) == 1
        assert "Another server runs on" in second.log.read_text()
        with first.client() as client:
            assert client.get("/api/sites").status_code == 200


@pytest.mark.crash
def test_a_table_that_is_not_what_the_journal_says_stops_the_start(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server, server.client(Role.ADMIN) as admin:
        admin.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status()
    database = sqlite3.connect(server.data / "queue.sqlite3")
    with database:
        database.execute("UPDATE ticket SET state = 'completed'")
    database.close()
    server.launch()
    assert server.process is not None
    assert server.process.wait(timeout=30) != 0
    said = server.log.read_text()
    assert "is damaged" in said
    assert "state differs: journal waiting, table completed" in said
    assert "RUNBOOK" in said
    assert "state differs" in run_cli("verify", "--data", str(server.data), status=1)


@pytest.mark.crash
def test_a_damaged_page_stops_the_start(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server, server.client(Role.ADMIN) as admin:
        for _ in range(40):
            admin.post(f"/api/sites/{SITE}/tickets", json={"service": "shomei"}).raise_for_status()
    path = server.data / "queue.sqlite3"
    database = sqlite3.connect(path)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)
    server.launch()
    assert server.process is not None
    assert server.process.wait(timeout=30) != 0
    assert "is damaged" in server.log.read_text()
    run_cli("verify", "--data", str(server.data), status=1)
