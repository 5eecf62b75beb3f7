"""The file of the kiosk computer: what is in it survives, and no number is in it twice."""

import sqlite3
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk.local.store import GivenTicket, KioskStore, ReserveExhausted, Wish
from queue_server.domain.calendar import local_minute
from queue_server.domain.site import NumberRange, Series

SERIES = Series("b", 500, 599)
OTHER = Series("c", 580, 589, prefix="C")
RESERVE = NumberRange(590, 592)
TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
TEN = local_minute("2026-11-24T10:00")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[KioskStore]:
    opened = KioskStore(tmp_path / "kiosk")
    yield opened
    opened.close()


def reopened(store: KioskStore, tmp_path: Path) -> KioskStore:
    store.close()
    return KioskStore(tmp_path / "kiosk")


def wish(key: str, day: date = TUESDAY, service: str = "y") -> Wish:
    return Wish(key, uuid.uuid4().hex, uuid.uuid4().hex[:22], service, TEN, day)


def view(ticket: GivenTicket) -> dict[str, Any]:
    return {"id": ticket.id, "label": ticket.label, "token": ticket.token}


def give(store: KioskStore, key: str, day: date = TUESDAY, live: tuple[str, ...] = ()) -> str:
    return str(store.give_out(wish(key, day), SERIES, RESERVE, live, view)["label"])


def test_numbers_are_given_out_in_order_until_the_reserve_is_used_up(store: KioskStore) -> None:
    assert [give(store, key) for key in "abc"] == ["590", "591", "592"]
    with pytest.raises(ReserveExhausted):
        give(store, "d")
    assert [ticket.label for ticket in store.outbox()] == ["590", "591", "592"]
    assert store.find_answer("d") is None


def test_each_day_begins_anew(store: KioskStore) -> None:
    assert give(store, "a") == "590"
    assert give(store, "b", WEDNESDAY) == "590"
    assert [ticket.label for ticket in store.given_out(WEDNESDAY)] == ["590"]


def test_a_number_that_was_handed_over_or_refused_is_not_given_out_again_that_day(store: KioskStore) -> None:
    give(store, "a")
    give(store, "b")
    first, second = store.outbox()
    store.note_handed_over(first.id)
    store.note_refused(second.id, "label_in_use")
    assert store.outbox() == []
    assert give(store, "c") == "592"
    assert [(each.label, each.refused) for each in store.refused(TUESDAY)] == [("591", "label_in_use")]


def test_a_label_that_somebody_holds_is_passed_over(store: KioskStore) -> None:
    assert give(store, "a", live=("590", "C580")) == "591"
    assert store.give_out(wish("b"), OTHER, NumberRange(580, 581), ("C580",), view)["label"] == "C581"


def test_everything_is_there_after_a_new_start(store: KioskStore, tmp_path: Path) -> None:
    give(store, "a")
    store.keep("board", {"site": {"name": "本庁舎"}})
    store.note_printed("job", TUESDAY)
    version = store.next_version()
    again = reopened(store, tmp_path)
    (ticket,) = again.outbox()
    assert (ticket.label, ticket.series, ticket.service, ticket.replaces) == ("590", "b", "y", "a")
    assert ticket.issued_at == TEN
    answer = again.find_answer("a")
    assert answer is not None
    assert (answer.service, answer.body) == ("y", view(ticket))
    assert again.find_number(ticket.token) == view(ticket)
    assert again.kept("board") == {"site": {"name": "本庁舎"}}
    assert again.was_printed("job")
    assert again.next_version() > version
    again.close()


def test_an_answer_that_cannot_be_made_gives_no_number_out(store: KioskStore) -> None:
    def fail(_ticket: GivenTicket) -> dict[str, Any]:
        raise RuntimeError("no answer")

    with pytest.raises(RuntimeError):
        store.give_out(wish("a"), SERIES, RESERVE, (), fail)
    assert store.outbox() == []
    assert give(store, "b") == "590"


def test_what_was_never_kept_is_nothing(store: KioskStore) -> None:
    assert store.kept("setup") is None
    assert store.find_answer("a") is None
    assert store.find_number("t") is None
    assert not store.was_printed("job")


def test_days_that_are_over_are_forgotten_but_not_what_the_server_does_not_know(store: KioskStore) -> None:
    give(store, "a")
    give(store, "b")
    store.note_printed("job", TUESDAY)
    store.note_handed_over(store.outbox()[0].id)
    give(store, "c", WEDNESDAY)
    store.forget(WEDNESDAY)
    assert [ticket.label for ticket in store.outbox()] == ["591", "590"]
    assert [ticket.label for ticket in store.given_out(TUESDAY)] == ["591"]
    assert store.find_answer("a") is None
    assert store.find_answer("c") is not None
    assert not store.was_printed("job")


def test_the_last_numbers_come_newest_first(store: KioskStore) -> None:
    give(store, "a")
    store.store_answer("b", TUESDAY, "y", {"id": "1", "label": "501", "token": "t"})
    give(store, "c", WEDNESDAY)
    assert [each["label"] for each in store.numbers_of(TUESDAY)] == ["501", "590"]


def test_the_file_survives_a_power_cut(store: KioskStore, tmp_path: Path) -> None:
    """What the pragmas of the server's own file promise holds for this one."""
    database = store._store.database
    assert database.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert database.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    with sqlite3.connect(tmp_path / "kiosk" / "kiosk.sqlite3") as plain:
        tables = {row[0] for row in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    plain.close()
    assert {"offline_ticket", "answer", "kept", "printed"} <= tables
