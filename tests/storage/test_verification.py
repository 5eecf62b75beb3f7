from collections.abc import Callable

import pytest

from queue_server.domain.ticket import Move
from queue_server.storage.database import FILE_NAME, Store
from queue_server.storage.verification import Difference, verify
from tests.support.halls import Town

COPY = "INSERT INTO journal SELECT {seq}, at, site, business_day, {kind}, {ticket}, counter, actor, 'key', {body} "


def append(seq: str = "9", kind: str = "kind", ticket: str = "ticket", body: str = "body", source: int = 2) -> str:
    """A statement that appends a copy of an entry, changed."""
    return COPY.format(seq=seq, kind=kind, ticket=ticket, body=body) + f"FROM journal WHERE seq = {source}"


@pytest.fixture
def day(town: Town) -> Town:
    """Eight entries: 1 counter opened, 2-4 numbers issued, 5 called, 6 completed, 7 service paused, 8 called."""
    town.open("1")
    first, _, _ = (town.issue(service) for service in ("x", "y", "y"))
    town.call_next()
    town.move(first["id"], Move.COMPLETE)
    town.hall.pause_service(town.caller(), "x")
    town.call_next()
    assert town.verify() == 8
    return town


def test_an_empty_database_is_as_its_journal_says(store: Store) -> None:
    assert verify(store.database) == 0


DIFFERENCES = {
    "state of an open ticket": (
        "UPDATE ticket SET state = 'waiting' WHERE state = 'called'",
        "state differs: journal",
    ),
    "time of an ended ticket": ("UPDATE ticket SET ended_at = NULL WHERE state = 'completed'", "ended_at differs"),
    "reason": (
        "UPDATE ticket SET reason = '電話' WHERE label = '501'",
        r"\(501\): reason differs: journal , table 電話",
    ),
    "token": ("UPDATE ticket SET token = 'secret' WHERE label = '501'", r"token differs$"),
    "open row missing": ("DELETE FROM ticket WHERE state = 'waiting'", r"\(501\): in the journal, not in the table"),
    "ended row missing": ("DELETE FROM ticket WHERE state = 'completed'", "in the journal, not in the table"),
    "row too many": (
        "INSERT INTO ticket SELECT 'other', site, business_day, series, 2, number, 'other', 'other', service, state, "
        "place, seq, issued_at, stage, counter, reserved_counter, call_seq, called_at, started_at, ended_at, reason "
        "FROM ticket LIMIT 1",
        "tickets: 3 in the journal, 4 in the table",
    ),
    "number changed": ("UPDATE number SET number = 500 WHERE series = 'b'", "numbers: the last number"),
    "number missing": ("DELETE FROM number WHERE series = 'a'", "numbers: the last number"),
    "counter open": ("INSERT INTO open_counter VALUES ('hall', '2')", "counters: the open counters"),
    "counter closed": ("DELETE FROM open_counter", "counters: the open counters"),
    "service paused": ("INSERT INTO paused_service VALUES ('branch', 'x')", "services: the paused services"),
    "service resumed": ("DELETE FROM paused_service", "services: the paused services"),
    "gap": (append("10"), "journal: entry 10 follows entry 8"),
    "first entry is not 1": (append("0"), "journal: entry 0 follows entry 0"),
    "issued twice": (append(source=4), "issues ticket .* a second time"),
    "move of an ended ticket": (append(source=5), "entry 9 .call. concerns an unknown ticket"),
    "move without a ticket": (append(ticket="NULL", source=8), "entry 9 .call. does not concern a ticket"),
    "unlawful move": (append(source=8), "entry 9: call is not lawful from called"),
    "switch without a row": (append(kind="'close_counter'", source=1), "counters: the open counters"),
    "resumption without a row": (append(kind="'resume_service'", source=7), "services: the paused services"),
    "unknown kind": (append(kind="'juggle'"), "a row cannot be read: 'juggle'"),
    "entry that is not JSON": (append(body="'{'"), "a row cannot be read"),
    "entry with another body": (append(ticket="'t9'", body="'{}'"), "a row cannot be read"),
    "entry whose body is no object": (append(kind="'pause_service'", body="'[]'"), "a row cannot be read"),
    "time that is none": ("UPDATE ticket SET issued_at = 'soon' WHERE state = 'waiting'", "a row cannot be read"),
    "state that is none": ("UPDATE ticket SET state = 'lost' WHERE state = 'completed'", "a row cannot be read"),
    "table missing": ("DROP TABLE number", "the file is damaged: no such table"),
}


@pytest.mark.parametrize(("statement", "words"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_whatever_is_not_as_the_journal_says_is_found(day: Town, statement: str, words: str) -> None:
    day.sql(statement)
    with pytest.raises(Difference, match=words):
        day.verify()


def test_a_token_is_never_shown(day: Town) -> None:
    day.sql("UPDATE ticket SET token = 'secret' WHERE label = '501'")
    with pytest.raises(Difference) as found:
        day.verify()
    assert "secret" not in str(found.value)


def test_an_entry_of_the_past_that_was_changed_is_found(day: Town) -> None:
    day.sql("DROP TRIGGER journal_no_update")
    day.sql("UPDATE journal SET at = '2026-11-24T00:00:01+00:00' WHERE seq = 5")
    with pytest.raises(Difference, match="called_at differs"):
        day.verify()


def overwrite_index(content: bytearray, page: int, size: int) -> None:
    content[(page - 1) * size : page * size] = bytes(size)


def spoil_cells(content: bytearray, page: int, size: int) -> None:
    content[page * size - 200 : page * size] = b"\xff" * 200


@pytest.mark.parametrize("thing", ["ticket", "journal", "journal_day", "ticket_live_label"])
@pytest.mark.parametrize("harm", [overwrite_index, spoil_cells])
def test_a_damaged_page_of_the_file_is_found(
    day: Town, thing: str, harm: Callable[[bytearray, int, int], None]
) -> None:
    (page,) = day.sql("SELECT rootpage FROM sqlite_master WHERE name = ?", thing)[0]
    size = day.sql("PRAGMA page_size")[0][0]
    day.city.close()
    path = day.directory / FILE_NAME
    content = bytearray(path.read_bytes())
    harm(content, page, size)
    path.write_bytes(content)
    store = Store(day.directory)
    with pytest.raises(Difference, match=r"the file is damaged|cannot be read"):
        verify(store.database)
    store.close()
