import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from queue_server import city as module
from queue_server.city import StartRefused, open_city
from queue_server.domain.calendar import local_minute
from queue_server.domain.site import CityProfile
from queue_server.domain.ticket import Move
from queue_server.hall import Caller, Unknown
from queue_server.storage.database import FILE_NAME
from queue_server.storage.directory_lock import DirectoryLock
from tests.support.clock import ManualClock
from tests.support.halls import MACHI, NINE, SITE, Town, run_sql, town_in

A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PREDECESSOR_PATIENCE_SECONDS", 0.0)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A morning with one ticket in each open state and a switch of each kind of the day, one of them on a break."""
    with town_in(tmp_path / "data") as town:
        town.open("1", "2")
        for minutes, move in ((2, Move.START), (3, Move.HOLD), (4, Move.NO_SHOW), (5, Move.COMPLETE), (1, None)):
            town.issue_many(2)
            town.pass_minutes(minutes)
            answer = town.call_next("2")
            assert answer is not None
            if move is not None:
                town.move(answer["ticket"]["id"], move)
        ticket = town.called("x")["id"]
        town.move(ticket, Move.ADVANCE)
        town.move(town.call("A01")["id"], Move.TRANSFER, counter="2")
        town.hall.pause_service(town.caller(), "x")
        town.hall.open_counter(town.person("佐藤"), "1")
        town.hall.start_break(town.person("佐藤"), "1", 15)
        town.hall.assign_services(town.caller(), "1", ["y", "x"])
        town.hall.open_reception(town.supervisor(), time(18))
        town.hall.post_notice(town.supervisor(), "停電", local_minute("2026-11-24T12:00"))
        town.hall.reissue(town.supervisor(), town.id_of("507"))
        town.move(town.id_of("508"), Move.CANCEL)
        town.hall.undo_last_move(town.supervisor(), town.id_of("508"))
        town.move(town.id_of("506"), Move.CANCEL)
        yield town


def refusal(directory: Path, profile: CityProfile = MACHI) -> str:
    """What the administrator reads when a start is refused."""
    with pytest.raises(StartRefused) as refused:
        open_city(profile, directory, ManualClock(NINE))
    return str(refused.value)


def test_after_a_restart_the_hall_is_as_it_was_left(town: Town) -> None:
    day, board, desk = town.hall._day, town.board, town.hall.desk_view.data
    assert day.service_calls["y"]
    assert (day.presses.keys(), len(desk["undo"]), len(desk["ended"])) == ({"device:desk"}, 1, 2)
    town.restart()
    assert town.hall._day == day
    assert {**town.board, "version": 0} == {**board, "version": 0}
    assert {**town.hall.desk_view.data, "version": 0} == {**desk, "version": 0}
    assert town.board["version"] > board["version"]


def test_after_a_restart_the_estimate_goes_on_from_what_the_day_taught(town: Town) -> None:
    before = town.issue("y", key="before")["estimate"]
    town.restart()
    assert town.issue("y", key="before")["estimate"] == before
    assert town.service("y")["estimate"] is not None


def test_a_second_server_on_the_same_directory_is_refused_with_words(town: Town) -> None:
    words = refusal(town.directory)
    assert str(town.directory) in words
    assert "Another server runs" in words
    assert "--data" in words
    assert town.issue("y")["label"] == "510"


def test_a_server_that_stopped_leaves_the_directory_free(town: Town) -> None:
    town.city.close()
    lock = DirectoryLock(town.directory)
    lock.acquire()
    lock.release()


def changed_row(directory: Path) -> None:
    run_sql(directory, "UPDATE ticket SET state = 'waiting' WHERE state = 'completed'")


def no_database(directory: Path) -> None:
    (directory / FILE_NAME).write_bytes(b"no database " * 1_000)


def damaged_page(directory: Path) -> None:
    path = directory / FILE_NAME
    ((root, size),) = run_sql(
        directory, "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = 'ticket'"
    )
    content = bytearray(path.read_bytes())
    content[(root - 1) * size : root * size] = bytes(size)
    path.write_bytes(content)


HARMS = [changed_row, no_database, damaged_page]


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_file_is_refused_with_words_that_say_what_to_do(town: Town, harm: Callable[[Path], None]) -> None:
    town.city.close()
    harm(town.directory)
    before = (town.directory / FILE_NAME).read_bytes()
    words = refusal(town.directory)
    assert f"The database in {town.directory} is damaged: " in words
    assert "Keep a copy of the whole directory" in words
    assert "RUNBOOK" in words
    assert (town.directory / FILE_NAME).read_bytes() == before, "so that nothing gets worse"


def test_a_directory_that_cannot_be_written_is_refused_with_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    words = refusal(tmp_path / "file" / "data")
    assert "cannot be written" in words
    assert "permissions" in words
    (tmp_path / "data" / FILE_NAME).mkdir(parents=True)
    assert "cannot be written: unable to open database file" in refusal(tmp_path / "data")


@pytest.mark.parametrize("harm", [*HARMS, None], ids=lambda harm: harm.__name__ if harm else "lost service")
def test_a_start_that_was_refused_lets_go_of_the_directory(town: Town, harm: Callable[[Path], None] | None) -> None:
    town.city.close()
    if harm is not None:
        harm(town.directory)
    with pytest.raises(StartRefused):
        open_city(town.without_service("y"), town.directory, town.clock)
    lock = DirectoryLock(town.directory)
    lock.acquire()
    lock.release()


def fewer_stages() -> CityProfile:
    services = {**SITE.services, "x": replace(SITE.services["x"], stages=("受付",))}
    return replace(MACHI, sites={**MACHI.sites, "hall": replace(SITE, services=services)})


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (
            replace(MACHI, sites={"branch": MACHI.sites["branch"]}),
            r"no service '[xy]' with stage [12] at site 'hall'",
        ),
        (fewer_stages(), "no service 'x' with stage 2 at site 'hall'"),
    ],
)
def test_a_profile_without_what_open_tickets_need_is_refused_until_the_day_has_ended(
    town: Town, profile: CityProfile, words: str
) -> None:
    town.city.close()
    refused = refusal(town.directory, profile)
    assert re.search(words, refused)
    assert "are still open today" in refused
    town.clock.advance(A_DAY)
    town.restart(profile)
    assert town.board["calls"] == []


def test_a_service_whose_tickets_of_today_have_all_ended_may_leave_the_profile(tmp_path: Path) -> None:
    with town_in(tmp_path) as town:
        town.move(town.called("y")["id"], Move.COMPLETE)
        town.restart(town.without_service("y"))
        assert [service["id"] for service in town.board["categories"][0]["services"]] == ["x"]


def test_a_service_with_open_tickets_may_not_leave_after_the_clock_was_set_back_either(town: Town) -> None:
    profile = town.without_service("y")
    town.clock.advance(A_DAY)
    town.issue("y")
    town.clock.advance(-A_DAY)
    town.city.close()
    assert "are still open" in refusal(town.directory, profile)


def test_what_does_not_exist_in_a_city_is_unknown(town: Town) -> None:
    with pytest.raises(Unknown, match="site"):
        town.city.hall("nowhere")
    with pytest.raises(Unknown, match="ticket"):
        town.city.hall_of_ticket("nobody")
    assert town.city.find_ticket_by_token("nothing") is None


def test_tickets_of_a_site_that_left_the_profile_are_unknown(tmp_path: Path) -> None:
    with town_in(tmp_path) as town:
        answer = town.city.hall("branch").issue(town.caller(), "x")
        town.clock.advance(A_DAY)
        town.restart()
        town.restart(replace(MACHI, sites={"hall": SITE}))
        assert town.city.find_ticket_by_token(answer["token"]) is None
        with pytest.raises(Unknown, match="ticket"):
            town.city.hall_of_ticket(answer["id"])


def test_a_new_directory_is_a_hall_that_is_empty_and_open(tmp_path: Path) -> None:
    city = open_city(MACHI, tmp_path / "new", ManualClock(NINE))
    board = city.hall("hall").board.data
    assert (board["seq"], board["status"]["open"]) == (0, True)
    assert city.hall("hall").issue(Caller("device:kiosk", "first"), "x")["label"] == "A01"
    city.close()
    assert run_sql(tmp_path / "new", "SELECT count(*) FROM journal") == [(1,)]
