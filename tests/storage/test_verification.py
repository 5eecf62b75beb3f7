from collections.abc import Callable, Iterator
from datetime import time
from pathlib import Path

import pytest

from queue_server.domain.entries import ACCESS_KINDS, Kind
from queue_server.domain.ticket import Move
from queue_server.storage import journal
from queue_server.storage.database import FILE_NAME, Store
from queue_server.storage.verification import Difference, verify
from tests.support.halls import Town, minato, town_in

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
        "place, seq, issued_at, stage, counter, reserved_counter, call_seq, called_at, started_at, ended_at, reason, "
        "priority, offline, entered_at FROM ticket LIMIT 1",
        "tickets: 3 in the journal, 4 in the table",
    ),
    "number changed": ("UPDATE number SET number = 500 WHERE series = 'b'", "numbers: the last number"),
    "number missing": ("DELETE FROM number WHERE series = 'a'", "numbers: the last number"),
    "counter open": (
        "INSERT INTO switch SELECT site, 'counter:2', value FROM switch WHERE name = 'counter:1'",
        "switches: counter:2 of site hall",
    ),
    "counter closed": ("DELETE FROM switch WHERE name = 'counter:1'", "switches: counter:1 of site hall"),
    "counter of another clerk": (
        "UPDATE switch SET value = json_set(value, '$.clerk', 'staff:a') WHERE name = 'counter:1'",
        "switches: counter:1 of site hall",
    ),
    "service paused": (
        "INSERT INTO switch SELECT 'branch', name, value FROM switch WHERE name = 'service:x'",
        "switches: service:x of site branch",
    ),
    "service resumed": ("DELETE FROM switch WHERE name = 'service:x'", "switches: service:x of site hall"),
    "service ended for today": (
        "UPDATE switch SET value = '{\"for_today\":true}' WHERE name = 'service:x'",
        "switches: service:x of site hall",
    ),
    "switch of no kind": ("INSERT INTO switch VALUES ('hall', 'lamp:1', '{}')", "a row cannot be read: 'lamp'"),
    "switch that is not JSON": ("UPDATE switch SET value = '{'", "a row cannot be read"),
    "switch with another field": ("UPDATE switch SET value = '{\"open\":true}'", "a row cannot be read"),
    "priority": ("UPDATE ticket SET priority = 'senior' WHERE label = '501'", "priority differs: journal , table s"),
    "place": ("UPDATE ticket SET place = place + 0.001 WHERE label = '501'", "place differs"),
    "gap": (append("10"), "journal: entry 10 follows entry 8"),
    "first entry is not 1": (append("0"), "journal: entry 0 follows entry 0"),
    "issued twice": (append(source=4), "issues ticket .* a second time"),
    "move of an ended ticket": (append(source=5), "entry 9 .call. concerns an unknown ticket"),
    "move without a ticket": (append(ticket="NULL", source=8), "entry 9 .call. does not concern a ticket"),
    "unlawful move": (append(source=8), "entry 9: call is not lawful from called"),
    "switch without a row": (append(kind="'close_counter'", source=1), "switches: counter:1 of site hall"),
    "resumption without a row": (append(kind="'resume_service'", source=7), "switches: service:x of site hall"),
    "counter that is none": (
        append(kind="'open_counter'", ticket="NULL", source=2).replace("counter,", "NULL,"),
        "entry 9 .open_counter. switches nothing",
    ),
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


# -- switches of every kind, corrections, entries of the city ----------------------------------------


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Town]:
    """A switch of each kind; 500 was cancelled and brought back, 501 got a new slip and ended for good."""
    with town_in(tmp_path / "full", minato()) as town:
        town.hall.open_counter(town.person("a"), "2")
        town.hall.start_break(town.person("a"), "2", 15)
        town.hall.assign_services(town.caller(), "1", ["z"])
        town.hall.post_notice(town.supervisor(), "停電", None)
        town.hall.close_reception(town.supervisor(), "停電")
        town.hall.reset_reception(town.supervisor())
        town.hall.open_reception(town.supervisor(), time(18))
        town.hall.change_structure(town.supervisor(), "alerts", "site", {"people": 9}, 0)
        first, second = town.issue("y", priority="senior"), town.issue("y")
        town.move(first["id"], Move.CANCEL)
        town.hall.undo_last_move(town.supervisor(), first["id"])
        town.hall.reissue(town.supervisor(), second["id"])
        town.call_and_complete("501", "3")
        assert town.verify() == len(town.entries()) == 16
        yield town


CHANGED_SWITCHES = {
    "counter:2": "json_set(value, '$.break_until', NULL)",
    "counter:1": """json_set(value, '$.services', json('["x"]'))""",
    "counter:3": "json_set(value, '$.open', json('false'))",
    "notice:%": "json_set(value, '$.text', '復旧')",
    "reception": "json_set(value, '$.until', '2026-11-24T18:30:00+09:00')",
    "structure:alerts:site": "json_set(value, '$.value.people', 8)",
}


@pytest.mark.parametrize("harm", ["changed", "gone", "of another site"])
@pytest.mark.parametrize("name", CHANGED_SWITCHES)
def test_a_switch_of_any_kind_that_was_changed_past_the_program_is_found(full: Town, name: str, harm: str) -> None:
    if harm == "changed":
        full.sql(f"UPDATE switch SET value = {CHANGED_SWITCHES[name]} WHERE name LIKE '{name}'")
    elif harm == "gone":
        full.sql(f"DELETE FROM switch WHERE name LIKE '{name}'")
    else:
        full.sql(f"UPDATE switch SET site = 'annex' WHERE name LIKE '{name}'")
    with pytest.raises(Difference, match=f"switches: {name.rstrip('%')}.* is not the journal's"):
        full.verify()


COLUMNS = {
    "token": "'secret'",
    "state": "'expired'",
    "place": "99.5",
    "priority": "'baby'",
    "seq": "seq + 1",
    "ended_at": "'2026-11-24T00:00:09+00:00'",
    "counter": "'1'",
    "reserved_counter": "'1'",
    "reason": "'電話'",
    "label": "'599'",
    "call_seq": "1",
    "stage": "1",
}


@pytest.mark.parametrize("label", ["500", "501"], ids=["brought back", "ended"])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_ticket_that_was_changed_past_the_program_is_found(full: Town, column: str, label: str) -> None:
    full.sql(f"UPDATE ticket SET {column} = {COLUMNS[column]} WHERE label = '{label}'")
    with pytest.raises(Difference, match=f"{column} differs|the table is past entry"):
        full.verify()


def test_a_ticket_that_was_brought_back_and_ended_again_is_compared_at_its_end(full: Town) -> None:
    full.move(full.id_of("500"), Move.CANCEL)
    full.verify()
    full.sql("UPDATE ticket SET reason = '電話' WHERE label = '500'")
    with pytest.raises(Difference, match="reason differs"):
        full.verify()


def test_a_row_that_says_more_happened_than_the_journal_is_found(full: Town) -> None:
    full.sql("UPDATE ticket SET seq = 99, state = 'waiting' WHERE label = '501'")
    with pytest.raises(Difference, match="the table is past entry 16, the journal is not"):
        full.verify()


UNDOES = {
    "of an ended ticket": "json_set(body, '$.ticket.state', 'cancelled')",
    "of another ticket": "json_set(body, '$.ticket.id', 'other')",
    "of another site": "json_set(body, '$.ticket.site', 'branch')",
    "of another day": "json_set(body, '$.ticket.business_day', '2026-11-23')",
}


@pytest.mark.parametrize("name", UNDOES)
def test_an_undo_that_does_not_fit_is_found(full: Town, name: str) -> None:
    (seq,) = full.sql("SELECT seq FROM journal WHERE kind = 'undo'")[0]
    full.sql("DROP TRIGGER journal_no_update")
    full.sql(f"UPDATE journal SET body = {UNDOES[name]} WHERE seq = {seq}")
    with pytest.raises(Difference, match=rf"journal: entry {seq} .undo. does not bring ticket \w+ back"):
        full.verify()


@pytest.mark.parametrize("body", ["{}", '{"undoes":11,"ticket":{}}', '{"undoes":11,"ticket":[]}'])
def test_an_undo_that_cannot_be_read_is_found(full: Town, body: str) -> None:
    full.sql("DROP TRIGGER journal_no_update")
    full.sql("UPDATE journal SET body = ? WHERE kind = 'undo'", body)
    with pytest.raises(Difference, match="a row cannot be read"):
        full.verify()


def test_an_undo_that_brings_back_something_that_never_was_is_found(full: Town) -> None:
    full.sql("DROP TRIGGER journal_no_update")
    full.sql("UPDATE journal SET body = json_set(body, '$.ticket.label', '577') WHERE kind = 'undo'")
    with pytest.raises(Difference, match="label differs: journal 577, table 500"):
        full.verify()


def append_of_city(town: Town, kind: Kind) -> None:
    with town.store.transaction() as db:
        journal.append_next(
            db,
            now=town.clock.now(),
            site="",
            business_day=town.hall._day.business_day,
            kind=kind,
            actor="operator:root",
            request_id="r",
            body={"name": "佐藤", "role": "clerk"},
        )


@pytest.mark.parametrize("kind", sorted(ACCESS_KINDS))
def test_an_entry_of_the_city_belongs_to_no_site_and_disturbs_none(full: Town, kind: Kind) -> None:
    append_of_city(full, kind)
    assert full.verify() == 17
    assert full.issue("y")["board_seq"] == 18
    full.restart()
    assert full.labels() == ["500", "502"]
    full.at("2026-11-24T19:00")
    full.at("2026-11-25T09:00")
    append_of_city(full, kind)
    assert full.issue("y")["label"] == "500"
    full.verify()


def test_a_city_of_which_only_accounts_were_made_opens_on_an_empty_hall(tmp_path: Path) -> None:
    with town_in(tmp_path / "new") as town:
        append_of_city(town, Kind.ADD_ACCOUNT)
        town.restart()
        assert (town.board["seq"], town.verify()) == (0, 1)
        town.at("2026-11-24T19:00")
        assert town.kinds() == ["add_account"]
