"""A disk that is full, and one that turns read-only under the running server: 503, reads go on, nothing is lost.

And the full disk of a kiosk computer, which goes on through the server, also after a restart.
"""

import sqlite3
from pathlib import Path

import httpx
import pytest

from queue_server.domain.roles import Role
from queue_server.storage.database import FILE_NAME
from tests.faults.disks import abort, ext4, fill, free, mount_again, tmpfs
from tests.support.kiosk_computer import KioskComputer, issue
from tests.support.server import SITE, Server, printed

MEGABYTE = 1 << 20
TICKETS = f"/api/sites/{SITE}/tickets"
TRIES = 400
PATIENCE_SECONDS = 30


def issue_until_refused(admin: httpx.Client) -> list[str]:
    """Take numbers until the disk takes no more; those that were acknowledged."""
    acknowledged = []
    for _ in range(TRIES):
        answer = admin.post(TICKETS, json={"service": "inkan"})
        if answer.status_code != 201:
            assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
            return acknowledged
        acknowledged.append(answer.json()["id"])
    raise AssertionError("the disk took everything; the test did not test")


def check_reads(server: Server) -> None:
    """Whoever looks sees the hall, and that nothing can be recorded."""
    board = httpx.get(f"{server.url}/api/sites/{SITE}/board", trust_env=False).raise_for_status().json()
    assert board["storage"]["writable"] is False
    for page in (f"/status/{SITE}", f"/kiosk/{SITE}", f"/board/{SITE}"):
        assert httpx.get(f"{server.url}{page}", trust_env=False).status_code == 200


def check_stored(data: Path, acknowledged: list[str]) -> None:
    database = sqlite3.connect(data / FILE_NAME)
    stored = {row[0] for row in database.execute("SELECT id FROM ticket")}
    database.close()
    assert set(acknowledged) <= stored
    assert "the tables are what the journal says" in printed("verify", "--data", str(data))


def ends_saying(server: Server, *words: str) -> None:
    server.launch()
    assert server.process is not None
    assert server.process.wait(PATIENCE_SECONDS) != 0
    said = server.log.read_text()
    for each in words:
        assert each in said


@pytest.mark.crash
def test_a_disk_without_a_byte_left_loses_nothing_and_heals_without_a_restart(tmp_path: Path) -> None:
    with tmpfs(tmp_path / "data", 3 * MEGABYTE) as data:
        server = Server(data)
        server.start()
        with server.client(Role.ADMIN) as admin:
            fill(data)
            acknowledged = issue_until_refused(admin)
            check_reads(server)
            free(data)
            acknowledged.append(admin.post(TICKETS, json={"service": "inkan"}).raise_for_status().json()["id"])
            fill(data)
            acknowledged += issue_until_refused(admin)
        # Killed while the disk is full: the next start says why it does not, and loses nothing either.
        server.kill()
        ends_saying(server, "cannot be written", "Free space")
        free(data)
        server.start()
        server.stop()
        check_stored(data, acknowledged)


@pytest.mark.crash
def test_a_disk_that_turns_read_only_under_the_server_loses_nothing(tmp_path: Path) -> None:
    with ext4(tmp_path / "data", 16 * MEGABYTE) as data:
        server = Server(data)
        server.start()
        try:
            with server.client(Role.ADMIN) as admin:
                acknowledged = [admin.post(TICKETS, json={"service": "inkan"}).json()["id"] for _ in range(5)]
                abort(data)
                acknowledged += issue_until_refused(admin)
                check_reads(server)
        finally:
            server.kill()
        mount_again(data, "ro")
        ends_saying(server, "cannot be")
        mount_again(data)
        server.start()
        server.stop()
        check_stored(data, acknowledged)


@pytest.mark.crash
def test_a_kiosk_whose_disk_is_full_gives_out_numbers_and_does_so_after_a_restart(tmp_path: Path) -> None:
    with Server(tmp_path / "server") as server, tmpfs(tmp_path / "kiosk", 3 * MEGABYTE) as data:
        kiosk = KioskComputer(server.url, SITE, data, server.token(Role.KIOSK, "kiosk-1"))
        kiosk.start()
        try:
            kiosk.wait_until_set_up()
            numbers = []
            with kiosk.client() as page:
                fill(data)
                numbers += [issue(page, SITE, "inkan") for _ in range(3)]
            assert kiosk.stop() == 0
            # What the log of its database took is free again.
            fill(data)
            kiosk.start()
            kiosk.wait_until_set_up()
            with kiosk.client() as page:
                numbers += [issue(page, SITE, "inkan") for _ in range(3)]
                versions = [page.get(f"/api/sites/{SITE}/board").json()["version"]]
                free(data)
                numbers.append(issue(page, SITE, "inkan"))
                versions.append(page.get(f"/api/sites/{SITE}/board").json()["version"])
        finally:
            kiosk.stop()
        assert [answer.status_code for answer in numbers] == [201] * 7, kiosk.log.read_text()
        assert versions == sorted(versions)
        assert not any(answer.json()["offline"] for answer in numbers)
