"""A database that version 0.1.0 wrote is opened, verified and gone on with; the file is its dump, not made here."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from queue_server.domain.calendar import local_minute
from queue_server.domain.entries import Kind, plain_ticket
from queue_server.domain.roles import Role
from queue_server.domain.switches import CounterSwitch, ServiceSwitch
from queue_server.domain.ticket import Move
from queue_server.domain.undo import before_last_move
from queue_server.storage import accounts, journal, tickets
from queue_server.storage.database import FILE_NAME, connect
from queue_server.storage.migrations import MIGRATIONS
from tests.support.halls import Town, town_in

DUMP = Path(__file__).with_name("version_0_1.sql")


A02 = "00000000000000000000000000000015"
BEFORE_LINES = "m0011_entered_at"


@pytest.fixture(
    params=[None, "m0008_accounts", "m0009_switch", BEFORE_LINES],
    ids=["at once", "before m0008", "before m0009", "before m0011"],
)
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Town]:
    """The hall on its old database, which an interrupted update may have brought part of the way."""
    database = old_database(tmp_path)
    if request.param is not None:
        MIGRATIONS.apply(database, stop_before=request.param)
    database.close()
    with town_in(tmp_path, now=local_minute("2026-11-24T09:08")) as town:
        yield town


def old_database(directory: Path) -> Database:
    connection = sqlite3.connect(directory / FILE_NAME)
    connection.executescript(DUMP.read_text(encoding="utf-8"))
    connection.close()
    return connect(directory / FILE_NAME)


def test_an_old_database_opens_and_is_what_its_journal_says(old: Town) -> None:
    assert old.verify() == 37
    assert tickets.switches_of(old.store.database, "hall") == {
        "counter:1": CounterSwitch(True),
        "counter:2": CounterSwitch(True),
        "service:x": ServiceSwitch(since=local_minute("2026-11-24T09:08")),
    }
    tables = {name for (name,) in old.sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert not tables & {"open_counter", "paused_service"}
    assert old.sql("SELECT DISTINCT priority FROM ticket") == [("",)]


def test_an_old_ticket_waits_since_it_entered_the_line_that_it_is_in(old: Town) -> None:
    assert {each["label"]: each["waiting_since"][11:16] for each in old.desk["tickets"]} == {
        **{"500": "09:06", "501": "09:01", "502": "09:02", "504": "09:04", "505": "09:05"},
        "A02": "09:08",
    }


def test_what_an_old_undo_brought_back_waits_since_its_issue(tmp_path: Path) -> None:
    """The version before took the transfer of A02 back; its entry does not know of lines."""
    database = old_database(tmp_path)
    MIGRATIONS.apply(database, stop_before=BEFORE_LINES)
    entries = journal.read_ticket(database, A02)
    found = before_last_move(entries)
    assert found is not None
    ticket = plain_ticket(found[0])
    del ticket["entered_at"]
    undo = replace(entries[-1], seq=38, kind=Kind.UNDO, body={"undoes": found[1], "ticket": ticket})
    database.execute("BEGIN")
    journal.append(database, undo)
    database.execute(
        "UPDATE ticket SET seq = 38, state = 'called', counter = '1', reserved_counter = NULL WHERE id = ?", [A02]
    )
    database.execute("COMMIT")
    database.close()
    with town_in(tmp_path, now=local_minute("2026-11-24T09:08")) as town:
        assert town.verify() == 38
        (back,) = (each for each in town.desk["tickets"] if each["label"] == "A02")
        assert (back["state"], back["waiting_since"]) == ("called", "2026-11-24T09:06:00+09:00")


def test_the_morning_goes_on_where_the_old_version_left_it(old: Town) -> None:
    assert old.labels() == ["505", "A02", "500"]
    assert (old.service("y")["held"], old.service("y")["serving"]) == (["501"], ["502"])
    assert [(each["open"], each["label"]) for each in old.board["counters"]] == [(True, "504"), (True, "502")]
    assert (old.service("x")["paused"], old.service("x")["accepting"]) == (True, False)
    assert old.board["calls"][0]["label"] == "A02"
    assert old.issue("y")["label"] == "506"
    assert old.labels() == ["505", "A02", "500", "506"]
    old.move(old.id_of("504"), Move.COMPLETE)
    assert [old.called_next("1"), old.called_next("2"), old.called_next("1")] == ["505", "A02", "500"]
    old.verify()


def test_what_is_new_works_on_tickets_that_are_old(old: Town) -> None:
    old.move(old.id_of("504"), Move.COMPLETE)
    assert old.hall.undo(old.caller(), "1")["tickets"][0]["state"] == "called"
    assert old.hall.undo_last_move(old.supervisor(), old.id_of("A01"))["tickets"][0]["state"] == "waiting"
    old.hall.reissue(old.supervisor(), old.id_of("500"))
    old.hall.open_counter(old.person("b"), "2", take_over=True)
    old.hall.start_break(old.person("b"), "2", 15)
    old.hall.pause_service(old.supervisor(), "x", for_today=True)
    before = old.hall._day
    old.restart()
    assert old.hall._day == before
    assert old.verify() == len(old.entries()) == 44


def test_the_press_that_was_made_last_in_the_old_version_can_be_taken_back(old: Town) -> None:
    """Its last transfer; the undo brings the number to the counter that it left, if that is free."""
    with old.refuses("undo_unlawful"):
        old.hall.undo(old.person("佐藤"), "1")
    old.move(old.id_of("504"), Move.COMPLETE)
    assert old.hall.undo(old.person("佐藤"), "1")["tickets"][0]["counter"] == "1"
    old.verify()


def test_the_evening_of_the_day_of_the_update_ends_like_any_other(old: Town) -> None:
    old.at("2026-11-24T19:00")
    assert old.kinds()[-3:] == ["close_counter", "close_counter", "resume_service"]
    assert old.sql("SELECT count(*) FROM switch") == [(0,)]
    old.at("2026-11-25T09:00")
    assert old.issue("y")["label"] == "500"
    old.verify()


def test_a_token_and_a_device_of_before_are_known(old: Town) -> None:
    found = old.city.find_ticket_by_token("token-of-ticket-000018")
    assert found is not None
    assert found[1].label == "505"
    device = accounts.list_devices(old.store.database)[0]
    assert (device.name, device.role, device.last_seen_at) == ("窓口1", Role.DESK, None)


def test_a_switch_that_was_lost_on_the_way_is_found(old: Town) -> None:
    old.sql("DELETE FROM switch WHERE name = 'counter:2'")
    with pytest.raises(Exception, match="switches: counter:2 of site hall is not the journal's"):
        old.verify()
