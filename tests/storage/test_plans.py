"""No statement of a command, of a start or of the day's turn reads through years: every one finds by an index."""

from datetime import date, time

import pytest

from queue_server.domain.ticket import Move
from queue_server.hall import OfflineTicket
from queue_server.storage import journal, tickets
from tests.support.halls import NINE, Town

GROWING = ("journal", "ticket", "answer", "number", "hour_count", "counted_day")
"""The tables that grow with the tickets or the days."""
COUNTED_AT_START = "SELECT count(*) FROM ticket"
"""Counting rows takes some ten milliseconds a million; it belongs to the start and to midnight."""


def statements(town: Town) -> list[str]:
    """Every statement on the writing connection from now on, with its values in it."""
    seen: list[str] = []
    town.store.database.conn.set_trace_callback(seen.append)
    return seen


def scans(town: Town, statement: str) -> list[str]:
    """What SQLite would read through for a statement."""
    if statement.split()[0] not in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
        return []
    plan = [row[3] for row in town.store.database.execute(f"EXPLAIN QUERY PLAN {statement}")]
    return [
        f"{step}: {statement}"
        for step in plan
        for table in GROWING
        if step.startswith(f"SCAN {table}") and " USING INDEX ticket_live_label" not in step
    ]


def found_without_scans(town: Town, seen: list[str]) -> int:
    """Check all plans; returns how many statements there were."""
    town.store.database.conn.set_trace_callback(None)
    done = list(dict.fromkeys(seen))
    assert [scan for statement in done for scan in scans(town, statement)] == []
    return len(done)


def press_everything(town: Town) -> None:
    """Each kind of command once, a retry, a refusal, a number of a kiosk and its ghost."""
    town.open("1", "2")
    town.issue("y", "retried")
    town.issue("y", "retried")
    for _ in range(4):
        town.issue("y")
    for move in (Move.RECALL, Move.START, Move.HOLD, Move.RESUME):
        town.move(town.call("500")["id"] if move is Move.RECALL else town.id_of("500"), move)
    town.call_next("1", complete=True)
    town.call_next("1", complete=True)
    town.hall.undo(town.caller(), "1")
    town.move(town.id_of("503"), Move.CANCEL)
    town.hall.undo_last_move(town.supervisor(), town.id_of("503"))
    town.hall.reissue(town.supervisor(), town.id_of("503"))
    town.hall.reprint(town.caller(), town.id_of("503"))
    given = OfflineTicket("0" * 32, "T" * 22, "y", 599, NINE, "retried")
    town.hall.adopt(town.caller(), given)
    town.hall.adopt(town.caller(), given)
    town.hall.pause_service(town.caller(), "x")
    town.hall.resume_service(town.caller(), "x")
    town.hall.assign_services(town.caller(), "1", ["y"])
    town.hall.start_break(town.caller(), "1", 15)
    town.hall.open_reception(town.supervisor(), time(18))
    town.hall.reset_reception(town.supervisor())
    town.hall.post_notice(town.supervisor(), "停電", None)
    town.hall.close_counter(town.caller(), "1")


def test_no_command_reads_through_a_table_that_grows(town: Town) -> None:
    seen = statements(town)
    press_everything(town)
    assert town.hall.board.body
    assert town.hall.desk_view.body
    town.city.find_ticket_by_token("T" * 22)
    town.city.hall_of_ticket("0" * 32)
    town.hall.close_day(town.supervisor(), expire=True)
    assert found_without_scans(town, seen) > 100


def test_the_days_turn_reads_through_nothing(town: Town) -> None:
    press_everything(town)
    seen = statements(town)
    town.at("2026-11-24T19:00")
    town.at("2026-11-25T00:00")
    seen = [statement for statement in seen if statement != COUNTED_AT_START]
    assert found_without_scans(town, seen) > 10


def test_what_a_start_asks_reads_through_nothing(town: Town) -> None:
    press_everything(town)
    db, seen = town.store.database, statements(town)
    assert journal.latest_business_day(db, "hall") == date(2026, 11, 24)
    assert journal.last_seq_of(db, "hall") == len(town.entries())
    assert journal.last_seq_of(db, "nowhere") == 0
    assert tickets.open_services(db, date(2026, 11, 24)) == [("hall", "y", 0)]
    assert list(journal.read_day(db, "hall", date(2026, 11, 23))) == []
    assert list(journal.read_after(db, 999)) == []
    journal.business_days(db, "hall", since=None, before=date(2026, 11, 25), limit=20)
    # The test itself reads the whole journal once, to know how long it is.
    seen = [statement for statement in seen if "FROM journal ORDER BY seq" not in statement]
    assert found_without_scans(town, seen) == 7


@pytest.mark.parametrize("statement", ["SELECT * FROM journal WHERE actor = 'a'", "UPDATE ticket SET reason = ''"])
def test_a_statement_that_reads_through_years_is_found(town: Town, statement: str) -> None:
    assert scans(town, statement) != []
