"""A real server with its coroutine worker: told within moments, once, also when it is killed in between."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.domain.roles import Role
from tests.support.mail_server import MailServer
from tests.support.push_service import PushService
from tests.support.server import SITE, Server
from tests.support.waiting import wait_until

pytestmark = pytest.mark.crash


@pytest.fixture(params=["eventlet", "gevent"])
def hall(
    tmp_path: Path, service: PushService, mail_server: MailServer, request: pytest.FixtureRequest
) -> Iterator[Server]:
    environment = {
        "QUEUE_SERVER_WORKER": request.param,
        "QUEUE_SERVER_PUSH_CONTACT": "mailto:hall@city.example.jp",
        "QUEUE_SERVER_PUSH_SERVICES": "127.0.0.1",
        **mail_server.environment,
        "NO_PROXY": "127.0.0.1",
    }
    with Server(tmp_path / "data", environment) as running:
        yield running


def test_told_by_both_ways_once_over_a_kill(hall: Server, service: PushService, mail_server: MailServer) -> None:
    name = f"real-{hall.port}"
    mine = lambda: [kind for phone, kind in service.told() if phone == name]  # noqa: E731
    with hall.client(Role.ADMIN) as admin:
        ticket = admin.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status().json()
        wishes = f"/api/t/{ticket['token']}"
        admin.post(f"{wishes}/push", json=service.wish(name)).raise_for_status()
        near = {"unit": "people", "value": 1}
        admin.post(f"{wishes}/mail", json={"address": "a@example.jp", "near": near}).raise_for_status()
        wait_until(lambda: mine() == ["near"] and len(mail_server.mails) == 1, "near was not told")
        # Noted on disk only after the service took it.
        count = "SELECT count(*) FROM subscription WHERE told_near = 1"
        wait_until(lambda: sql(hall, count) == 2, "what was told is not on disk")
        hall.kill()
        hall.start()
        admin.post(f"/api/sites/{SITE}/counters/2/open").raise_for_status()
        admin.post(f"/api/sites/{SITE}/counters/2/call", json={"label": ticket["label"]}).raise_for_status()
        wait_until(lambda: mine() == ["near", "called"] and len(mail_server.mails) == 2, "the call was not told")
        admin.post(f"/api/tickets/{ticket['id']}/start").raise_for_status()
        admin.post(f"/api/tickets/{ticket['id']}/complete").raise_for_status()
        wait_until(lambda: sql(hall, "SELECT count(*) FROM subscription") == 0, "the wishes were not forgotten")
    assert mine() == ["near", "called"]
    assert len(mail_server.mails) == 2
    said = hall.log.read_text()
    for secret in (name, "a@example.jp", ticket["token"]):
        assert secret not in said


def sql(hall: Server, statement: str) -> int:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(hall.data / "queue.sqlite3")) as connection:
        return int(connection.execute(statement).fetchone()[0])


def test_a_service_that_does_not_answer_holds_nobody_up(hall: Server, tmp_path: Path) -> None:
    import socket

    silent = socket.create_server(("127.0.0.1", 0))
    try:
        with hall.client(Role.ADMIN) as admin, PushService() as service:
            ticket = admin.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).json()
            endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}/push"
            admin.post(f"/api/t/{ticket['token']}/push", json={**service.wish(), "endpoint": endpoint})
            connection, _ = silent.accept()
            with connection:
                # It has the request and says nothing; the hall goes on, and tells the others.
                other = admin.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status().json()
                admin.post(f"/api/t/{other['token']}/push", json=service.wish("patient")).raise_for_status()
                wait_until(lambda: service.told() == [("patient", "near")], "one silent service held up the others")
    finally:
        silent.close()
