import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from queue_server.desk_view import DeskView
from queue_server.domain.ticket import Move, Refused
from queue_server.hall import StorageUnavailable
from queue_server.snapshot import Board
from queue_server.storage.database import DamagedDatabase
from tests.support.damage import break_page
from tests.support.halls import Town
from tests.support.turns import Turn


def disk(town: Town, *, takes_writes: bool) -> None:
    town.store.database.execute(f"PRAGMA query_only = {'OFF' if takes_writes else 'ON'}")


@contextmanager
def full_disk(town: Town) -> Iterator[None]:
    """The file may not grow inside."""
    pages = town.store.database.execute("PRAGMA page_count").fetchone()[0]
    town.store.database.execute(f"PRAGMA max_page_count = {pages}")
    yield
    town.store.database.execute(f"PRAGMA max_page_count = {pages + 10_000}")


def fill(town: Town) -> int:
    """Issue numbers until the disk refuses; returns how many were acknowledged."""
    for acknowledged in itertools.count():
        try:
            town.issue("y")
        except StorageUnavailable:
            return acknowledged
    raise AssertionError("the disk has no end")


def says_so(town: Town) -> tuple[bool, bool]:
    """Whether the board says that storage takes writes, and whether the service accepts."""
    return town.board["storage"]["writable"], town.service("y")["accepting"]


COMMANDS: list[Callable[[Town], Any]] = [
    lambda town: town.issue("y"),
    lambda town: town.call_next("1"),
    lambda town: town.call_next("1", complete=True),
    lambda town: town.call("501"),
    lambda town: town.move(town.id_of("500"), Move.START),
    lambda town: town.open("2"),
    lambda town: town.hall.close_counter(town.caller(), "1"),
    lambda town: town.hall.pause_service(town.caller(), "y"),
    lambda town: town.hall.start_break(town.caller(), "1", 15),
    lambda town: town.hall.assign_services(town.caller(), "1", ["y"]),
    lambda town: town.hall.undo(town.caller(), "1"),
    lambda town: town.hall.undo_last_move(town.caller(), town.id_of("500")),
    lambda town: town.hall.reissue(town.caller(), town.id_of("501")),
    lambda town: town.hall.close_reception(town.caller(), "停電"),
    lambda town: town.hall.close_day(town.caller(), expire=True),
    lambda town: town.hall.post_notice(town.caller(), "停電しています", None),
]
TABLES = ("journal", "ticket", "number", "switch", "answer")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_disk_that_refuses_changes_nothing_and_is_told_on_every_screen(
    town: Town, command: Callable[[Town], Any]
) -> None:
    town.called("y")
    town.issue_many(2)
    rows = [town.sql(f"SELECT * FROM {table}") for table in TABLES]
    told: list[bool] = []
    town.listen(lambda board, desk: told.append(board.data["storage"] == desk.data["storage"]))
    before, version = town.board, town.hall.board.version
    disk(town, takes_writes=False)
    with pytest.raises(StorageUnavailable):
        command(town)
    assert says_so(town) == (False, False)
    assert town.board["calls"] == before["calls"]
    assert town.service("y")["waiting"] == ["501", "502"]
    assert town.hall.board.version > version
    assert told == [True]
    for table, was in zip(TABLES, rows, strict=True):
        assert town.sql(f"SELECT * FROM {table}") == was
    disk(town, takes_writes=True)
    command(town)
    assert says_so(town)[0] is True
    town.verify()


def test_a_disk_that_goes_on_refusing_is_told_once_and_the_board_keeps_its_time(town: Town) -> None:
    told: list[bool] = []
    town.listen(lambda board, _desk: told.append(board.data["storage"]["writable"]))
    disk(town, takes_writes=False)
    for _ in range(3):
        with pytest.raises(StorageUnavailable):
            town.issue("y")
    town.city.tick()
    assert told == [False]
    town.pass_minutes(1)
    town.city.tick()
    assert told == [False, False]
    assert town.board["as_of"] == "2026-11-24T09:01:00+09:00"


def test_the_hall_recovers_by_itself_at_the_next_tick(town: Town) -> None:
    answer = town.issue("y")
    disk(town, takes_writes=False)
    with pytest.raises(StorageUnavailable):
        town.issue("y")
    town.city.tick()
    assert says_so(town) == (False, False)
    disk(town, takes_writes=True)
    town.city.tick()
    assert says_so(town) == (True, True)
    assert town.service("y")["waiting"] == [answer["label"]]
    assert town.issue("y")["label"] == "501"


def test_reads_go_on_while_nothing_can_be_written(town: Town) -> None:
    token = town.issue("y")["token"]
    disk(town, takes_writes=False)
    with pytest.raises(StorageUnavailable):
        town.issue("y")
    found = town.city.find_ticket_by_token(token)
    assert found is not None
    assert town.hall.ticket_status(found[1])["label"] == "500"
    assert town.hall.desk_view.data["tickets"][0]["label"] == "500"


def test_a_retry_after_a_refusal_of_the_disk_gets_one_number(town: Town) -> None:
    disk(town, takes_writes=False)
    with pytest.raises(StorageUnavailable):
        town.issue("y", key="press")
    disk(town, takes_writes=True)
    assert town.issue("y", key="press") == town.issue("y", key="press")
    assert town.kinds() == ["issue"]


def test_what_was_committed_though_the_disk_said_it_failed_is_taken_up(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failing fsync at COMMIT leaves it open what is on the disk; only reading it again tells."""
    real = town.store.transaction

    @contextmanager
    def committed_and_failed() -> Iterator[Any]:
        with real() as db:
            yield db
        raise StorageUnavailable("disk I/O error")

    monkeypatch.setattr(town.store, "transaction", committed_and_failed)
    with pytest.raises(StorageUnavailable):
        town.issue("y", key="press")
    monkeypatch.undo()
    assert town.issue("y", key="press")["label"] == "500"
    assert town.service("y")["waiting"] == ["500"]
    assert town.issue("y")["label"] == "501"
    town.verify()


def test_a_full_disk_refuses_before_anything_is_half_written(town: Town) -> None:
    with full_disk(town):
        acknowledged = fill(town)
        assert says_so(town) == (False, False)
        assert town.service("y")["waiting_count"] == acknowledged
    assert town.issue("y")["label"] == str(500 + acknowledged)
    assert town.verify() == acknowledged + 1


def test_a_disk_that_stays_full_is_not_announced_as_working_by_a_tick(town: Town) -> None:
    with full_disk(town):
        fill(town)
        town.city.tick()
        assert says_so(town) == (False, False)


def test_a_day_that_cannot_be_ended_is_ended_when_the_disk_works_again(town: Town) -> None:
    town.issue("y")
    disk(town, takes_writes=False)
    town.at("2026-11-24T19:00")
    assert (town.kinds(), says_so(town)[0]) == (["issue"], False)
    disk(town, takes_writes=True)
    town.city.tick()
    assert (town.kinds(), says_so(town)[0]) == (["issue", "expire"], True)
    assert town.service("y")["waiting"] == []


def test_a_day_that_cannot_be_ended_is_not_followed_by_the_next(town: Town) -> None:
    town.issue("y")
    disk(town, takes_writes=False)
    town.at("2026-11-25T09:00")
    with pytest.raises(StorageUnavailable):
        town.issue("y")
    disk(town, takes_writes=True)
    assert town.issue("y")["label"] == "500"
    assert town.kinds() == ["issue", "expire", "issue"]
    assert town.verify() == 3


def test_a_bug_in_a_command_rolls_back_and_leaves_the_hall_working(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.issue("y")
    with monkeypatch.context() as patched:
        patched.setattr("queue_server.hall.write_path.tickets.store_answer", lambda *_: 1 // 0)
        before = (town.entries(), town.hall.board)
        with pytest.raises(ZeroDivisionError):
            town.issue("y")
        assert (town.entries(), town.hall.board) == before
    assert says_so(town) == (True, True)
    assert town.issue("y")["label"] == "501"
    town.verify()


# -- who is told, and when ---------------------------------------------------------------------------


def test_listeners_are_told_after_the_commit_and_outside_the_lock(town: Town) -> None:
    seen: list[tuple[int, bool, bool]] = []

    def listener(board: Board, desk_view: DeskView) -> None:
        (committed,) = town.sql("SELECT max(seq) FROM journal")[0]
        held = town.store.lock._is_owned()  # type: ignore[attr-defined]
        seen.append((committed, held, board.seq == desk_view.seq == committed))

    town.listen(listener)
    town.issue("y")
    town.open("1")
    town.call_next(complete=True)
    assert seen == [(1, False, True), (2, False, True), (3, False, True)]


def test_listeners_are_told_which_site_has_a_new_picture(town: Town) -> None:
    told: list[str] = []
    for hall in town.city.halls.values():
        hall.listen(told.append)
    town.city.hall("branch").issue(town.caller(), "y")
    town.issue("y")
    town.at("2026-11-24T09:01")
    assert told == ["branch", "hall", "hall", "branch"]


def test_a_refused_command_is_told_to_nobody(town: Town) -> None:
    told: list[Board] = []
    town.listen(lambda board, _desk: told.append(board))
    with pytest.raises(Refused):
        town.call_next("1")
    assert told == []


def test_one_listener_that_fails_does_not_stop_the_others_or_the_command(town: Town) -> None:
    told: list[int] = []

    def broken(_board: Board, _desk: DeskView) -> None:
        raise RuntimeError("a socket that is gone")

    town.listen(broken)
    town.listen(lambda board, _desk: told.append(board.version))
    assert town.issue("y")["label"] == "500"
    assert told == [town.hall.board.version]


def test_one_hall_that_fails_to_tick_does_not_stop_the_others(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town.hall, "tick", lambda: 1 // 0)
    branch = town.city.hall("branch")
    version = branch.board.version
    town.at("2026-11-24T09:05")
    assert branch.board.version > version


def test_a_disk_that_one_hall_found_refusing_is_told_by_the_others_at_their_next_write(town: Town) -> None:
    branch = town.city.hall("branch")
    disk(town, takes_writes=False)
    for hall in (town.hall, branch):
        with pytest.raises(StorageUnavailable):
            hall.issue(town.caller(), "y")
        assert hall.board.data["storage"] == {"writable": False}
    disk(town, takes_writes=True)
    town.city.tick()
    assert branch.board.data["storage"] == {"writable": True}


def test_damage_that_a_command_meets_is_told_on_every_screen_and_nothing_is_written_from_then_on(town: Town) -> None:
    town.issue("y")
    sound = town.store.path.read_bytes()
    break_page(town.store, "journal")
    with pytest.raises(DamagedDatabase, match="malformed"):
        town.issue("y")
    assert town.board["storage"] == {"writable": False}
    written = town.store.path.with_name(f"{town.store.path.name}-wal").stat().st_size
    for _ in range(3):
        town.city.tick()
        with pytest.raises(DamagedDatabase):
            town.issue("y")
        with pytest.raises(DamagedDatabase):
            town.city.prove_writable()
    assert town.board["storage"] == {"writable": False}
    assert town.store.path.with_name(f"{town.store.path.name}-wal").stat().st_size == written
    assert town.service("y")["waiting"] == ["500"], "what was read before still stands on the screens"
    town.store.path.write_bytes(sound)


def test_a_hall_that_cannot_begin_its_day_takes_no_other_halls_answer_away(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch = town.city.hall("branch")
    monkeypatch.setattr(branch, "prepare", lambda _now: 1 // 0)
    turn = Turn(town)
    turn.give(lambda: town.issue("y"))
    turn.give(lambda: branch.issue(town.caller(), "y"))
    turn.give(lambda: town.issue("y"))
    first, failed, second = turn.take()
    assert (first["label"], second["label"]) == ("500", "501")
    assert isinstance(failed, ZeroDivisionError)
    monkeypatch.undo()
    turn.give(lambda: branch.issue(town.caller(), "y"))
    assert [each["label"] for each in turn.take()] == ["500"]


def test_damage_that_the_clock_or_another_hall_meets_is_told_on_every_screen(town: Town) -> None:
    branch = town.city.hall("branch")
    town.issue("y")
    sound = town.store.path.read_bytes()
    break_page(town.store, "journal")
    town.at("2026-11-25T07:00")
    assert {hall.board.data["storage"]["writable"] for hall in (town.hall, branch)} == {False}, "reading the new day"
    with pytest.raises(DamagedDatabase):
        branch.issue(town.caller(), "y")
    town.store.path.write_bytes(sound)
