"""A kiosk's own file with a damaged page, and one that takes nothing more: it goes on while the server answers."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask

from kiosk.local import remote
from kiosk.local.store import DamagedDatabase, KioskStore
from queue_server.domain import calendar
from queue_server.domain.roles import Role
from tests.support.api import Api
from tests.support.apps import city_of
from tests.support.clock import ManualClock
from tests.support.kiosk_computer import Alone, alone_beside
from tests.support.printer import FakePrinter

SITE = "honchosha"
PAGE = f"/kiosk/{SITE}"
READ_EACH_ROUND = ("offline_ticket", "outbox", "reprint", "kept")
ANSWERS = ("answer", "sqlite_autoindex_answer_1")


@pytest.fixture
def alone(app: Flask, tmp_path: Path, fake: FakePrinter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Alone]:
    """A kiosk computer with a printer, which has given out a number of the server's and one of its own."""
    monkeypatch.setattr(remote, "PATIENCE", httpx.Timeout(1.0))
    with alone_beside(app, SITE, tmp_path / "kiosk", printer=fake.address) as alone:
        assert alone.round()
        assert alone.issue(key="online").get_json()["label"] == "500"
        alone.lose_the_server()
        assert alone.issue(key="alone").get_json()["label"] == "580"
        alone.find_the_server()
        yield alone


def damage(store: KioskStore, *things: str) -> None:
    """Overwrite the first page of tables and indexes."""
    store._store.database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    other = sqlite3.connect(store._store.path)
    for thing in things:
        (page,) = other.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (thing,)).fetchone()
        with store._store.path.open("r+b") as file:
            file.seek((page - 1) * 4096)
            file.write(b"\xa5" * 4096)
    # What the program still has in memory is no longer the newest: it reads the pages again.
    other.execute("PRAGMA user_version = 1")
    other.close()


def kiosk_on_desk(api: Api) -> dict[str, Any]:
    view: dict[str, Any] = api.get(f"/api/sites/{SITE}/desk", Role.DESK).get_json()["kiosks"][0]
    return view


@pytest.mark.parametrize("thing", READ_EACH_ROUND)
def test_a_damaged_page_keeps_no_kiosk_from_its_server(alone: Alone, api: Api, thing: str) -> None:
    assert kiosk_on_desk(api)["recording"]
    damage(alone.program.store, thing)
    for _ in range(3):
        # Staff's own number makes a new board, which the kiosk tries to keep.
        api.issue("shomei")
        assert alone.round()
        ticket = alone.issue()
        assert (ticket.status_code, ticket.get_json()["offline"]) == (201, False)
    alone.round()
    assert not kiosk_on_desk(api)["recording"], "staff are told"
    assert alone.board()["away"] is None


@pytest.mark.parametrize("thing", ANSWERS)
def test_answers_that_cannot_be_read_are_asked_of_the_server(alone: Alone, api: Api, thing: str) -> None:
    damage(alone.program.store, thing)
    assert alone.issue(key="online").get_json()["label"] == "500"
    assert alone.issue(key="alone").get_json()["label"] == "580", "the server has it by now"
    assert alone.issue().get_json()["label"] == "501"
    assert api.service("mynumber")["waiting"] == ["500", "580", "501"]
    alone.round()
    assert not kiosk_on_desk(api)["recording"]


@pytest.mark.parametrize("thing", ANSWERS)
def test_without_the_server_a_damaged_file_gives_nobody_a_second_number(alone: Alone, thing: str) -> None:
    alone.lose_the_server()
    mine = alone.issue(key="mine").get_json()
    damage(alone.program.store, thing)
    refused = alone.issue(key="mine")
    assert (refused.status_code, refused.get_json()["code"]) == (503, "storage_unavailable")
    board = alone.board()
    assert board["storage"] == {"writable": False}
    assert not alone.service()["accepting"]
    alone.find_the_server()
    again = alone.issue(key="mine")
    assert (again.status_code, again.get_json()["offline"]) == (201, False), f"and not {mine['label']}"


def test_a_file_that_is_damaged_keeps_no_slip_in_the_printer(alone: Alone, fake: FakePrinter, app: Flask) -> None:
    damage(alone.program.store, *ANSWERS, "offline_ticket", "printed")
    city_of(app).accounts.set_kiosk_pin(SITE, "2580", actor="operator:test")
    ticket, before = alone.issue().get_json(), fake.slips
    for path in ("slips", "reprints"):
        printed = alone.post(f"{PAGE}/{path}", {"token": ticket["token"]})
        assert printed.get_json() == {"printed": True, "state": "ready"}
    assert fake.slips == before + 2
    opened = alone.post(f"{PAGE}/staff", {"pin": "2580"}).get_json()
    found = alone.post(f"{PAGE}/staff/find", {"label": ticket["label"]}, **{"X-Kiosk-Staff": opened["key"]})
    assert found.get_json()["ticket"]["id"] == ticket["id"]


def test_a_kiosk_starts_with_a_damaged_file_and_learns_everything_from_the_server(alone: Alone, api: Api) -> None:
    damage(alone.program.store, "kept", "version_block", "outbox", "answer")
    alone.restart()
    assert alone.round()
    assert alone.issue().get_json()["label"] == "501"
    alone.round()
    shown = kiosk_on_desk(api)
    assert (shown["recording"], shown["left"]) == (False, None)


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ("UPDATE answer SET body = '{'", KioskStore.numbers_of),
        ("UPDATE offline_ticket SET issued_at = 'noon', handed_over = 0", KioskStore.given_out),
    ],
)
def test_what_is_written_there_and_cannot_be_is_damage_too(
    alone: Alone, change: str, read: Callable[[KioskStore, date], Any]
) -> None:
    store = alone.program.store
    store._store.database.execute(change)
    with pytest.raises(DamagedDatabase):
        read(store, calendar.business_day(alone.program.hall.clock.now()))
    assert alone.round()
    assert alone.issue(key="online").get_json()["label"] == "500"


def full(alone: Alone, is_full: bool = True) -> None:
    """Let the file take no write, as on a full disk, or take them again."""
    alone.program.store._store.database.execute(f"PRAGMA query_only = {'ON' if is_full else 'OFF'}")


def test_a_full_disk_is_told_to_staff_until_it_takes_something(alone: Alone, api: Api, fake: FakePrinter) -> None:
    full(alone)
    ticket = alone.issue().get_json()
    assert alone.post(f"{PAGE}/slips", {"token": ticket["token"]}).get_json()["printed"], "known in memory"
    assert alone.round()
    shown = kiosk_on_desk(api)
    assert (shown["recording"], shown["left"]["s500"]) == (False, 19)
    full(alone, False)
    alone.issue()
    alone.round()
    assert kiosk_on_desk(api)["recording"]


def test_tidying_on_a_full_disk_keeps_no_kiosk_away_and_is_tried_again(alone: Alone, clock: ManualClock) -> None:
    store = alone.program.store
    clock.advance(timedelta(days=8))
    alone.program.link._setup_due = 0.0
    full(alone)
    for _ in range(2):
        assert alone.round()
    full(alone, False)
    assert alone.round()
    assert store.find_answer("online") is None, "forgotten, on the same day"
