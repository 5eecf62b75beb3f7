"""Eight desks press at once: each ticket is called once, by its counter's policy.

EIGHT_DESKS_TICKETS=2000 is the long run; the suite takes fewer, for its ten minutes.
"""

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from queue_server.config import load_profile
from queue_server.domain import discipline
from queue_server.domain.calendar import local_minute
from queue_server.domain.day import Day
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.roles import Role
from queue_server.domain.site import Site
from queue_server.domain.staffing import counter_now
from queue_server.storage import journal
from queue_server.storage.database import FILE_NAME, connect
from queue_server.storage.verification import verify
from tests.support.server import OPEN_HOUR, Server

TICKETS = int(os.environ.get("EIGHT_DESKS_TICKETS", "500"))
DESKS, CROWD = 8, 100
SERVICES = ("a", "b", "c")
DISCIPLINES = {
    "1": 'services = ["a", "b", "c"]',
    "2": 'services = ["a", "b"]',
    "3": 'services = ["b", "a"]\ndiscipline = "order"',
    "4": 'services = ["c", "b", "a"]\ndiscipline = "order"\nlongest_wait = 1',
    "5": 'services = ["a", "c"]\ndiscipline = "weighted"\nweights = { c = 3 }',
    "6": 'services = ["a", "b", "c"]\ndiscipline = "weighted"\nweights = { a = 2, b = 0.5 }',
    "7": 'services = ["c"]',
    "8": 'services = ["b", "c"]',
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def profile() -> str:
    """A hall with a long series for each of three services, and eight counters."""
    tables = ['[city]\nid = "machi"\nname = "町"', '[[site]]\nid = "hall"\nname = "町役場"']
    hours = "\n".join(f'{day} = ["08:30-17:15"]' for day in DAYS)
    tables.append(f'[site.hours]\n{hours}\nclosed_on_holidays = false\nday_end = "19:00"')
    tables.append('[[site.level]]\nkey = "free"\nlabel = "空き"')
    tables.append('[[site.category]]\nid = "all"\nname = "受付"')
    tables.append('[[site.priority]]\nid = "first"\nname = "優先"\nhead_start = 10')
    for index, service in enumerate(SERVICES):
        first = index * 10_000
        tables.append(f'[[site.series]]\nid = "{service}"\nfirst = {first}\nlast = {first + 9_999}')
        tables.append(
            f'[[site.service]]\nid = "{service}"\nname = "業務{service}"\ncategory = "all"\n'
            f'series = "{service}"\nminutes_per_person = 5'
        )
    for counter, rest in DISCIPLINES.items():
        tables.append(f'[[site.counter]]\nid = "{counter}"\nname = "{counter}番"\n{rest}')
    return "\n\n".join(tables) + "\n"


def issue(client: httpx.Client, number: int) -> str:
    body = {"service": SERVICES[number % 3], "priority": "first" if number % 17 == 0 else ""}
    answer = client.post("/api/sites/hall/tickets", json=body).raise_for_status()
    label: str = answer.json()["label"]
    return label


def call_until_nobody_waits(client: httpx.Client, counter: str) -> list[str]:
    """The labels one desk called, pressing as fast as it is answered until nobody waits for it."""
    labels = []
    while True:
        answer = client.post(f"/api/sites/hall/counters/{counter}/call-next", json={"complete": True})
        if answer.raise_for_status().status_code == 204 or answer.json()["ticket"] is None:
            return labels
        labels.append(answer.json()["ticket"]["label"])


def check_order(site: Site, entries: list[Entry]) -> int:
    """Hold every call against the counter's policy on the hall as it was just before; returns how many there were."""
    day, calls = Day(site.id, entries[0].business_day), 0
    for entry in entries:
        if entry.kind is Kind.CALL:
            assert entry.counter is not None
            expected = discipline.next_for(site, day, counter_now(site, day, entry.counter), entry.at)
            assert expected is not None
            assert expected.id == entry.ticket, f"entry {entry.seq} at counter {entry.counter}"
            calls += 1
        day.apply(entry)
    return calls


def test_eight_desks_at_once_call_every_ticket_once_and_by_their_policies(tmp_path: Path) -> None:
    file = tmp_path / "machi.toml"
    file.write_text(profile(), encoding="utf-8")
    with Server(
        tmp_path / "data", {"QUEUE_SERVER_PROFILE": str(file), "QUEUE_SERVER_LOG_LEVEL": "warning"}
    ) as server:
        token = server.token(Role.ADMIN)
        with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
            for counter in DISCIPLINES:
                client.post(f"/api/sites/hall/counters/{counter}/open").raise_for_status()
            issued = [issue(client, number) for number in range(CROWD)]
            called: list[str] = []
            with ThreadPoolExecutor(DESKS) as pool:
                while len(called) < TICKETS:
                    desks = [pool.submit(call_until_nobody_waits, client, counter) for counter in DISCIPLINES]
                    more = range(len(issued), min(len(issued) + CROWD, TICKETS))
                    issued += [issue(client, number) for number in more]
                    called += itertools.chain.from_iterable(desk.result() for desk in desks)
        assert server.stop() == 0
    assert len(set(issued)) == TICKETS
    assert sorted(called) == sorted(issued), "each was called, and none twice"
    database = connect(tmp_path / "data" / FILE_NAME)
    try:
        verify(database)
        entries = list(journal.read_day(database, "hall", local_minute(OPEN_HOUR).date()))
    finally:
        database.close()
    assert check_order(load_profile(str(file)).sites["hall"], entries) == TICKETS
