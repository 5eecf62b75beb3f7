import sqlite3
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queue_server.domain.entries import Entry, Kind
from queue_server.storage import journal
from queue_server.storage.database import Store
from tests.support.halls import TUESDAY, entry, issue_entry

WEDNESDAY = TUESDAY + timedelta(days=1)


def write(store: Store, *entries: Entry) -> None:
    with store.transaction() as db:
        for each in entries:
            journal.append(db, each)


def test_an_empty_journal_ends_at_0_and_knows_no_day(store: Store) -> None:
    assert journal.last_seq(store.database) == 0
    assert journal.latest_business_day(store.database, "hall") is None
    assert list(journal.read_all(store.database)) == []


def test_entries_are_read_in_the_order_of_seq_whenever_they_are_dated(store: Store) -> None:
    late_first = [entry(2, Kind.CALL, minute=0, counter="1"), issue_entry(1, minute=30), entry(3, Kind.START)]
    write(store, *late_first)
    assert [each.seq for each in journal.read_all(store.database)] == [1, 2, 3]
    assert journal.last_seq(store.database) == 3


def test_a_day_holds_the_entries_of_its_site_and_date_alone(store: Store) -> None:
    hall, branch = issue_entry(1), issue_entry(2, "t2", site="branch")
    tomorrow = issue_entry(3, "t3", day=WEDNESDAY)
    write(store, hall, branch, tomorrow, entry(4, Kind.CANCEL))
    assert [each.seq for each in journal.read_day(store.database, "hall", TUESDAY)] == [1, 4]
    assert list(journal.read_day(store.database, "branch", WEDNESDAY)) == []
    days: list[date | None] = [journal.latest_business_day(store.database, site) for site in ("hall", "branch", "?")]
    assert days == [WEDNESDAY, TUESDAY, None]


def test_the_entries_of_a_ticket_are_those_that_name_it(store: Store) -> None:
    write(store, issue_entry(1), issue_entry(2, "t2", number=501), entry(3, Kind.CALL, counter="1"))
    write(store, entry(4, Kind.OPEN_COUNTER, None, counter="1"), entry(5, Kind.CANCEL, "t2"))
    assert [each.seq for each in journal.read_ticket(store.database, "t1")] == [1, 3]
    assert journal.read_ticket(store.database, "t9") == []


def test_the_next_entry_gets_the_next_seq_whichever_site_it_is_of(store: Store) -> None:
    now = entry(1, Kind.CALL).at
    with store.transaction() as db:
        written = [
            journal.append_next(
                db, now=now, site=site, business_day=TUESDAY, kind=kind, actor="staff:boss", request_id="r"
            )
            for site, kind in (("hall", Kind.RESET_RECEPTION), ("", Kind.ADD_ACCOUNT), ("hall", Kind.RESET_RECEPTION))
        ]
    assert [each.seq for each in written] == [1, 2, 3]
    assert list(journal.read_all(store.database)) == written
    assert [journal.last_seq_of(store.database, site) for site in ("hall", "", "branch")] == [3, 2, 0]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
BODIES = st.dictionaries(TEXTS, TEXTS | st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False))


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, BODIES, st.none() | TEXTS, st.none() | TEXTS, st.floats(0, 600))
def test_an_entry_is_read_as_it_was_written(
    store: Store, actor: str, body: dict[str, object], ticket: str | None, counter: str | None, minute: float
) -> None:
    seq = journal.last_seq(store.database) + 1
    at = entry(seq, Kind.HOLD, minute=minute).at
    written = Entry(seq, at, "hall", TUESDAY, Kind.HOLD, actor, f"鍵 {seq}", ticket, counter, body)
    write(store, written)
    assert list(journal.read_all(store.database))[-1] == written


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'nobody'",
        "UPDATE journal SET seq = 9 WHERE seq = 1",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE seq = 2",
        "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE seq = 1",
        "REPLACE INTO journal SELECT * FROM journal WHERE seq = 1",
        "INSERT INTO journal SELECT * FROM journal WHERE seq = 1 ON CONFLICT DO UPDATE SET actor = 'nobody'",
        "UPDATE OR REPLACE journal SET seq = 2 WHERE seq = 1",
    ],
)
def test_the_journal_is_append_only(store: Store, statement: str) -> None:
    write(store, issue_entry(1), entry(2, Kind.CANCEL))
    before = list(journal.read_all(store.database))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), store.transaction() as db:
        db.execute(statement)
    assert list(journal.read_all(store.database)) == before


def test_a_seq_is_given_once(store: Store) -> None:
    write(store, issue_entry(1))
    with pytest.raises(sqlite3.IntegrityError, match=r"journal\.seq"):
        write(store, issue_entry(1, "t2"))
