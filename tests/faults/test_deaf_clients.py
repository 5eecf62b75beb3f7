"""Clients that never read, and clients that vanish: nobody else notices, and what they cost is given back.

DEAF_CLIENTS=1000 has more of them, ODD_PATIENCE=real waits as long as the server itself does.
"""

import os
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from queue_server.domain.roles import Role
from tests.faults.phones import Phones
from tests.support.cable import Cable, Line
from tests.support.server import SITE, OddServer

DEAF = int(os.environ.get("DEAF_CLIENTS", "200"))
VANISHED = 60
ROUNDS = 3 if os.environ.get("ODD_PATIENCE") == "real" else 2
KEPT_ALIVE = 1
"""The test's own HTTP connection, which comes and goes."""
PATIENCE_SECONDS = 60
REAL = os.environ.get("ODD_PATIENCE") == "real"
SHORT_LAG = {} if REAL else {"ODD_LAG": "1"}
SHORT_PING = {} if REAL else {"ODD_PING": "2"}
MEGABYTE = 1 << 20


def memory(server: OddServer) -> int:
    """Bytes that the serving process has in memory of its own."""
    fields = Path(f"/proc/{server.worker}/status").read_text().split("RssAnon:")[1].split()
    return int(fields[0]) * 1024


def sockets(server: OddServer) -> int:
    """How many sockets the serving process has open."""
    found = 0
    for descriptor in Path(f"/proc/{server.worker}/fd").iterdir():
        try:
            found += descriptor.readlink().name.startswith("socket:")
        except FileNotFoundError:
            continue
    return found


def called_ticket(admin: httpx.Client) -> str:
    admin.post(f"/api/sites/{SITE}/counters/2/open").raise_for_status()
    admin.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status()
    called = admin.post(f"/api/sites/{SITE}/counters/2/call-next", json={}).raise_for_status()
    return str(called.json()["ticket"]["id"])


def recall(admin: httpx.Client, ticket: str) -> int:
    """Change the board once more; its last entry."""
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    admin.post(f"/api/tickets/{ticket}/recall", json={}, headers=headers).raise_for_status()
    return int(admin.get(f"/api/sites/{SITE}/board").json()["seq"])


def wait_until(holds: Callable[[], bool], *living: Phones) -> None:
    """Let phones live until something holds: who is not moved answers no ping."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        for phones in living:
            phones.step()


@pytest.mark.crash
def test_clients_that_never_read_delay_nobody_and_are_dropped(tmp_path: Path) -> None:
    with OddServer(tmp_path / "data", SHORT_LAG) as server, server.client(Role.ADMIN) as admin:
        ticket = called_ticket(admin)
        good, deaf = Phones(server.port, 5), Phones(server.port, DEAF, receive_buffer=4096)
        try:
            wait_until(lambda: good.connected == good.count, good)
            base = sockets(server)
            wait_until(lambda: deaf.connected == deaf.count, good, deaf)
            before, most = memory(server), 0
            deadline = time.monotonic() + 2 * PATIENCE_SECONDS
            # From now on nothing moves the deaf ones: the kernel's buffers fill, then the server's patience ends.
            while sockets(server) > DEAF:
                assert time.monotonic() < deadline
                seq = recall(admin, ticket)
                wait_until(lambda seq=seq: all(f'"seq":{seq},'.encode() in p.board for p in good.phones), good)
                most = max(most, memory(server) - before)
            assert good.lost == []
            # That no old board is kept for anybody is held by tests/realtime/test_fanout.py.
            assert most < DEAF * MEGABYTE / 2, "what one of them costs is bounded"
            wait_until(lambda: sockets(server) <= base + KEPT_ALIVE, good)
            assert "client_dropped" in server.log.read_text()
        finally:
            good.close()
            deaf.close()
    print(f"\n{DEAF} clients that never read: {most / MEGABYTE:.0f} MB more at most, all dropped")


@pytest.mark.crash
def test_clients_that_vanish_are_dropped_and_what_they_cost_is_given_back(tmp_path: Path) -> None:
    """Half-open connections: their packets disappear, and no end is ever said."""
    with OddServer(tmp_path / "data", SHORT_PING) as server, server.client(Role.ADMIN) as admin:
        ticket = called_ticket(admin)
        good = Phones(server.port, 5)
        sizes = []
        try:
            wait_until(lambda: good.connected == good.count, good)
            base = sockets(server)
            for _ in range(ROUNDS):
                with Cable(server.port) as cable, closing(Phones(cable.port, VANISHED)) as phones:
                    wait_until(lambda phones=phones: phones.connected == VANISHED, good, phones)
                    assert sockets(server) >= VANISHED + good.count
                    cable.set(Line.SILENT)
                    for _ in range(3):
                        recall(admin, ticket)
                    # Nobody closes anything here: the server itself has to find out.
                    wait_until(lambda: sockets(server) <= base + KEPT_ALIVE, good)
                sizes.append(memory(server))
            assert good.lost == []
        finally:
            good.close()
    grown = sizes[-1] - sizes[0]
    assert grown < 8 * MEGABYTE, f"{grown / MEGABYTE:.1f} MB stayed"
    print(f"\n{ROUNDS} times {VANISHED} clients vanished: all dropped, {grown / MEGABYTE:.1f} MB more in the end")
