"""Commands that share a transaction: each is as if it had been alone, and none has happened if the disk refuses."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from queue_server.domain.ticket import Move, Refused
from queue_server.domain.waits.site_waits import plain_waits
from queue_server.hall import StorageUnavailable, Unknown
from queue_server.hall.together import MOST_TOGETHER
from tests.support.halls import Town, minato, run_sql, town_in
from tests.support.turns import Turn

TABLES = ("journal", "ticket", "number", "switch", "answer")


@pytest.fixture
def turn(town: Town) -> Turn:
    """Two numbers of y wait, counter 1 is open."""
    town.open("1")
    town.issue_many(2)
    return Turn(town)


def commits(town: Town) -> list[str]:
    """What is begun and ended on the writing connection from now on."""
    seen: list[str] = []

    def note(statement: str) -> None:
        if statement.split()[0] in ("BEGIN", "COMMIT", "ROLLBACK"):
            seen.append(statement)

    town.store.database.conn.set_trace_callback(note)
    return seen


def test_commands_of_one_turn_are_one_transaction_in_the_order_in_which_they_came(town: Town, turn: Turn) -> None:
    told: list[int] = []
    town.hall.listen(lambda _site: told.append(town.board["seq"]))
    seen = commits(town)
    turn.give(lambda: town.issue("x"))
    turn.give(lambda: town.call_next("1"))
    turn.give(lambda: town.issue("y"))
    assert (town.kinds()[3:], told) == ([], [])
    issued, called, again = turn.take()
    assert (issued["label"], called["ticket"]["label"], again["label"]) == ("A01", "500", "502")
    assert seen == ["BEGIN IMMEDIATE", "COMMIT"]
    assert told == [6], "one picture for all, after the commit"
    assert town.kinds()[3:] == ["issue", "call", "issue"]
    assert town.verify() == 6


def test_each_is_decided_on_what_those_before_it_have_done(town: Town, turn: Turn) -> None:
    for _ in range(3):
        turn.give(lambda: town.call_next("1", complete=True))
    first, second, third = turn.take()
    assert (first["ticket"]["label"], second["ticket"]["label"]) == ("500", "501")
    assert (third["ticket"], third["completed"]["label"]) == (None, "501")
    assert town.labels() == []


def test_a_refused_one_changes_nothing_and_the_others_stand(town: Town, turn: Turn) -> None:
    turn.give(lambda: town.issue("x"))
    turn.give(lambda: town.call("999"))
    turn.give(lambda: town.hall.call_next(town.caller(), "2"))
    turn.give(lambda: town.issue("x"))
    issued, unknown, refused, again = turn.take()
    assert (issued["label"], again["label"]) == ("A01", "A02")
    assert isinstance(unknown, Unknown)
    assert isinstance(refused, Refused)
    assert refused.code == "counter_closed"
    assert town.kinds()[3:] == ["issue", "issue"]
    assert len(town.sql("SELECT * FROM answer")) == 5
    town.verify()


def test_a_double_press_in_one_turn_gives_one_number(town: Town, turn: Turn) -> None:
    for _ in range(2):
        turn.give(lambda: town.issue("y", key="press"))
    first, second = turn.take()
    assert first == second
    assert town.labels() == ["500", "501", "502"]


def test_one_alone_does_not_remember_the_day(town: Town, turn: Turn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town.hall, "remember", lambda: pytest.fail("nothing is taken in before the commit"))
    turn.give(lambda: town.issue("y"))
    assert turn.take()[0]["label"] == "502"


def test_more_than_fit_into_one_transaction_come_in_the_next_turn(town: Town, turn: Turn) -> None:
    for _ in range(MOST_TOGETHER + 1):
        turn.give(lambda: town.issue("y"))
    assert [answer["label"] for answer in turn.take()] == [str(502 + n) for n in range(MOST_TOGETHER + 1)]
    assert turn.turns == 2


@contextmanager
def commit_fails(town: Town) -> Iterator[None]:
    """The disk takes everything until the commit."""
    real = town.store.transaction

    @contextmanager
    def transaction() -> Iterator[Any]:
        with real() as db:
            yield db
            raise sqlite3.OperationalError("disk I/O error")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(town.store, "transaction", transaction)
        yield


def test_if_the_commit_fails_none_has_happened_and_everybody_is_told_so(town: Town, turn: Turn) -> None:
    rows = [town.sql(f"SELECT * FROM {table}") for table in TABLES]
    day, board = town.hall._day.copy(), town.board
    told: list[bool] = []
    town.hall.listen(lambda _site: told.append(town.board["storage"]["writable"]))
    turn.give(lambda: town.issue("y", key="one"))
    turn.give(lambda: town.call_next("1", "two"))
    turn.give(lambda: town.call("999"))
    turn.give(lambda: town.hall.pause_service(town.caller(), "y"))
    with commit_fails(town):
        results = turn.take()
    # Also what was refused: it was decided on something that never was.
    assert [type(result) for result in results] == [StorageUnavailable] * 4
    assert (town.hall._day, told) == (day, [False])
    assert [town.sql(f"SELECT * FROM {table}") for table in TABLES] == rows
    assert {**town.board, "version": 0, "storage": None, "categories": None} == {
        **board,
        "version": 0,
        "storage": None,
        "categories": None,
    }
    assert town.service("y")["waiting"] == ["500", "501"]
    turn.give(lambda: town.issue("y", key="one"))
    turn.give(lambda: town.call_next("1", "two"))
    issued, called = turn.take()
    assert (issued["label"], called["ticket"]["label"]) == ("502", "500")
    assert told[-1] is True
    town.verify()


def test_a_disk_that_is_full_in_the_middle_refuses_all_of_them(town: Town, turn: Turn) -> None:
    pages = town.store.database.execute("PRAGMA page_count").fetchone()[0]
    town.store.database.execute(f"PRAGMA max_page_count = {pages}")
    before = town.kinds()
    results: list[Any] = []
    while not any(isinstance(result, StorageUnavailable) for result in results):
        before = town.kinds()
        for _ in range(8):
            turn.give(lambda: town.issue("y"))
        results = turn.take()
    assert [type(result) for result in results] == [StorageUnavailable] * 8
    assert town.kinds() == before
    town.store.database.execute(f"PRAGMA max_page_count = {pages + 10_000}")
    town.city.tick()
    assert town.board["storage"]["writable"] is True
    town.verify()


def test_where_the_disk_refuses_from_the_start_everybody_is_refused(town: Town, turn: Turn) -> None:
    town.store.database.execute("PRAGMA query_only = ON")
    for _ in range(2):
        turn.give(lambda: town.issue("y"))
    assert [type(result) for result in turn.take()] == [StorageUnavailable] * 2
    turn.give(lambda: town.issue("y"))
    assert isinstance(turn.take()[0], StorageUnavailable), "it is tried again first, and refused again"


def test_a_bug_in_one_command_is_its_own(town: Town, turn: Turn) -> None:
    def bug(_now: datetime) -> Any:
        raise ZeroDivisionError

    turn.give(lambda: town.issue("y"))
    turn.give(lambda: town.hall.command(town.caller(), ["bug"], bug))
    turn.give(lambda: town.issue("y"))
    one, failed, two = turn.take()
    assert (one["label"], two["label"]) == ("502", "503")
    assert isinstance(failed, ZeroDivisionError)
    town.verify()


def test_a_row_that_does_not_fit_is_the_bug_of_its_command(town: Town) -> None:
    town.move(town.issue("y")["id"], Move.CANCEL)
    town.sql("DELETE FROM number")
    turn = Turn(town)
    turn.give(lambda: town.open("2"))
    turn.give(lambda: town.issue("y"))
    turn.give(lambda: town.issue("x"))
    opened, failed, issued = turn.take()
    assert (opened["counter"]["open"], issued["label"]) == (True, "A01")
    assert isinstance(failed, sqlite3.IntegrityError)
    assert town.kinds() == ["issue", "cancel", "open_counter", "issue"]


def test_a_bug_of_a_hall_is_answered_for_by_every_command_and_the_day_is_as_before(
    town: Town, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = town.hall._day.copy()
    real = town.hall.take_in

    def take_in(written: Any) -> None:
        real(written)
        raise ZeroDivisionError

    monkeypatch.setattr(town.hall, "take_in", take_in)
    for _ in range(2):
        turn.give(lambda: town.issue("y"))
    assert [type(result) for result in turn.take()] == [ZeroDivisionError] * 2
    monkeypatch.undo()
    assert town.hall._day == day
    assert len(town.kinds()) == 3
    turn.give(lambda: town.issue("y"))
    assert turn.take()[0]["label"] == "502"
    town.city.tick()
    told = plain_waits(town.hall._waits)
    town.restart()
    assert plain_waits(town.hall._waits) == told
    town.verify()


def test_halls_share_a_transaction_and_each_tells_of_itself(town: Town, turn: Turn) -> None:
    branch = town.city.hall("branch")
    told: list[str] = []
    for hall in town.city.halls.values():
        hall.listen(told.append)
    seen = commits(town)
    turn.give(lambda: town.issue("y"))
    turn.give(lambda: branch.issue(town.caller(), "y"))
    turn.give(lambda: town.issue("y"))
    assert [answer["label"] for answer in turn.take()] == ["502", "500", "503"]
    assert (sorted(told), seen) == (["branch", "hall"], ["BEGIN IMMEDIATE", "COMMIT"])
    town.verify()


def test_a_change_of_the_structure_counts_for_the_next_command_and_goes_with_a_commit_that_failed(
    tmp_path: Path,
) -> None:
    with town_in(tmp_path / "port", minato()) as port:
        port.open("1")
        turn = Turn(port)
        before = port.hall.site
        limits: dict[str, Any] = {"people": 3}
        change: Callable[[], Any] = lambda: port.hall.change_structure(  # noqa: E731
            port.supervisor(), "alerts", "site", limits, 0
        )
        turn.give(change)
        turn.give(lambda: port.issue("y"))
        with commit_fails(port):
            turn.take()
        assert port.hall.site.alerts == before.alerts
        turn.give(change)
        turn.give(lambda: port.issue("y"))
        changed, issued = turn.take()
        assert changed["part"]["value"]["people"] == 3
        assert issued["label"]
        assert port.hall.site.alerts.people == 3
        port.verify()
        assert run_sql(port.directory, "SELECT count(*) FROM journal") == [(3,)]
