"""A start verifies what was written since the last one, and says what it does not look at again."""

from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from queue_server import city as module
from queue_server.city import StartRefused
from queue_server.domain.ticket import Move
from queue_server.storage import verification
from queue_server.storage.database import Store
from queue_server.storage.marks import Mark, read_mark, store_mark
from queue_server.storage.verification import Difference, verify, verify_since_mark
from tests.bench.history import ENTRIES, make_history
from tests.support.halls import Town, run_sql, town_in


@pytest.fixture
def yesterday(town: Town) -> Town:
    """500 was served before the last start, 501 waits since then, and counter 1 is open."""
    town.open("1")
    first, _ = town.issue_many(2)
    town.call_next()
    town.move(first["id"], Move.COMPLETE)
    town.hall.pause_service(town.caller(), "x")
    town.restart()
    return town


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PREDECESSOR_PATIENCE_SECONDS", 0.0)


def read_from(town: Town, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """After which entries the journal is read while a start verifies."""
    real, seen = verification.journal.read_after, list[int]()

    def read_after(db: object, seq: int) -> object:
        seen.append(seq)
        return real(db, seq)  # type: ignore[arg-type]

    monkeypatch.setattr(verification.journal, "read_after", read_after)
    town.restart()
    return seen


def test_a_start_reads_only_what_was_written_since_the_last(yesterday: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_mark(yesterday.store.database) is not None
    yesterday.move(yesterday.id_of("501"), Move.CANCEL)
    assert read_from(yesterday, monkeypatch) == [6]
    mark = read_mark(yesterday.store.database)
    assert mark is not None
    assert (mark.seq, mark.issued, mark.open_tickets) == (7, 2, ())
    assert set(mark.switches["hall"]) == {"counter:1", "service:x"}


def test_a_mark_comes_back_as_it_was_stored(yesterday: Town) -> None:
    db = yesterday.store.database
    mark = read_mark(db)
    assert mark is not None
    assert [ticket.label for ticket in mark.open_tickets] == ["501"]
    store_mark(db, replace(mark, seq=5))
    assert read_mark(db) == replace(mark, seq=5)


DAMAGE = {
    "open ticket": ("UPDATE ticket SET place = 9 WHERE label = '501'", "place differs"),
    "moved since": ("UPDATE ticket SET reason = 'r' WHERE label = '502'", "reason differs"),
    "row too many": ("DELETE FROM ticket WHERE label = '500'", "tickets: 3 in the journal, 2 in the table"),
    "number": ("UPDATE number SET number = 509", "numbers: the last number"),
    "switch": ("DELETE FROM switch WHERE name = 'counter:1'", "switches: counter:1"),
    "switch of no kind": ("INSERT INTO switch VALUES ('hall', 'lamp:1', '{}')", "a row cannot be read"),
    "gap": (
        "INSERT INTO journal SELECT 99, at, site, business_day, kind, 'tx', counter, actor, 'k', body FROM journal "
        "WHERE seq = 2",
        "entry 99 follows entry 7",
    ),
}


@pytest.mark.parametrize(("statement", "difference"), DAMAGE.values(), ids=DAMAGE)
def test_a_start_still_refuses_what_is_open_or_was_written_since(
    yesterday: Town, impatient: None, statement: str, difference: str
) -> None:
    yesterday.issue("y")
    yesterday.city.close()
    run_sql(yesterday.directory, statement)
    with pytest.raises(StartRefused, match=difference):
        yesterday.restart()


def test_what_ended_before_the_mark_is_looked_at_by_verify_alone(yesterday: Town) -> None:
    yesterday.sql("UPDATE ticket SET reason = 'r' WHERE label = '500'")
    assert verify_since_mark(yesterday.store.database).seq == 6
    with pytest.raises(Difference, match="reason differs"):
        verify(yesterday.store.database)


def test_a_ticket_that_ended_before_the_mark_may_come_back_after_it(yesterday: Town) -> None:
    yesterday.hall.undo_last_move(yesterday.supervisor(), yesterday.id_of("500"))
    assert verify_since_mark(yesterday.store.database).seq == yesterday.verify() == 7


def test_a_journal_that_ends_before_the_mark_is_one_that_lost_entries(yesterday: Town) -> None:
    mark = read_mark(yesterday.store.database)
    assert mark is not None
    store_mark(yesterday.store.database, replace(mark, seq=7))
    with pytest.raises(Difference, match="it ends before entry 7"):
        verify_since_mark(yesterday.store.database)


@pytest.mark.parametrize("body", ["{", "[]", "{}", '{"issued": 2, "open_tickets": [{}], "switches": {}}'])
def test_without_a_mark_that_can_be_read_everything_is_verified(yesterday: Town, body: str) -> None:
    yesterday.store.database.execute("UPDATE verified SET body = ?", (body,))
    with capture_logs() as logs:
        assert verify_since_mark(yesterday.store.database).seq == 6
    assert [line["event"] for line in logs] == ["mark_unreadable"]
    yesterday.sql("UPDATE ticket SET reason = 'r' WHERE label = '500'")
    with pytest.raises(Difference, match="reason differs"):
        verify_since_mark(yesterday.store.database)


@pytest.mark.parametrize(("small", "looks"), [(verification.SMALL_BYTES, 1), (0, 0)])
def test_a_small_file_is_looked_through_at_each_start_and_a_large_one_is_not(
    yesterday: Town, monkeypatch: pytest.MonkeyPatch, small: int, looks: int
) -> None:
    seen: list[object] = []
    monkeypatch.setattr(verification, "_look_through", seen.append)
    monkeypatch.setattr(verification, "SMALL_BYTES", small)
    verify_since_mark(yesterday.store.database)
    assert len(seen) == looks


def test_a_mark_that_cannot_be_written_costs_only_the_same_work_again(yesterday: Town) -> None:
    yesterday.issue("y")
    yesterday.store.database.execute("PRAGMA query_only = ON")
    with capture_logs() as logs:
        module.verify_and_mark(yesterday.store)
    assert [line["event"] for line in logs] == ["verified", "mark_not_kept"]


def test_after_midnight_the_day_is_verified_once(yesterday: Town) -> None:
    yesterday.at("2026-11-24T19:00")
    with capture_logs() as logs:
        yesterday.at("2026-11-25T00:00")
        yesterday.at("2026-11-25T00:01")
    assert [line["entries"] for line in logs if line["event"] == "verified"] == [len(yesterday.entries())]
    mark = read_mark(yesterday.store.database)
    assert mark is not None
    assert (mark.seq, mark.open_tickets) == (len(yesterday.entries()), ())


def test_a_difference_found_at_midnight_is_told_and_the_hall_goes_on(yesterday: Town) -> None:
    yesterday.sql("UPDATE number SET number = 509")
    yesterday.issue("y")
    yesterday.sql("UPDATE number SET number = 509")
    with capture_logs() as logs:
        yesterday.at("2026-11-25T00:00")
    failed = [line for line in logs if line["event"] == "verification_failed"]
    assert [line["difference"] for line in failed] == ["numbers: the last number of a series is not the journal's"]
    assert yesterday.city.verification_failed
    yesterday.at("2026-11-25T09:00")
    assert yesterday.issue("y")["label"] == "500"


def test_a_difference_that_was_mended_is_forgotten_after_the_next_midnight(yesterday: Town) -> None:
    assert not yesterday.city.verification_failed
    yesterday.issue("y")
    number = yesterday.sql("SELECT number FROM number")
    yesterday.sql("UPDATE number SET number = 509")
    yesterday.at("2026-11-25T00:00")
    yesterday.sql("UPDATE number SET number = ?", *number[0])
    yesterday.at("2026-11-25T19:00")
    assert yesterday.city.verification_failed
    yesterday.at("2026-11-26T00:00")
    assert not yesterday.city.verification_failed


def test_a_bug_at_midnight_does_not_stop_the_clock(yesterday: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(_store: Store) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(module, "verify_and_mark", bug)
    with capture_logs() as logs:
        yesterday.at("2026-11-25T00:00")
    assert "verification_failed" in [line["event"] for line in logs]
    assert yesterday.city.verification_failed, "a start would break there too"
    assert yesterday.board["as_of"].startswith("2026-11-25")


def test_the_years_of_the_bench_are_a_journal_like_any_other(tmp_path: Path) -> None:
    make_history(tmp_path / "data", 1_203)
    store = Store(tmp_path / "data")
    try:
        marked = read_mark(store.database)
        assert marked == Mark(1_203 * ENTRIES, 1_203, (), {})
        assert verify(store.database) == marked.seq
        assert verify_since_mark(store.database) == marked
    finally:
        store.close()


def test_an_empty_database_is_marked_before_its_first_entry(tmp_path: Path) -> None:
    with town_in(tmp_path / "data") as town:
        assert read_mark(town.store.database) == Mark(0, 0, (), {})
