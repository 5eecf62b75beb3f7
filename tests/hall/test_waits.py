"""Waits in a hall: one range everywhere, learned from the journal, kept over restarts."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from queue_server.domain.waits.quality import FEWEST
from queue_server.domain.waits.site_waits import plain_waits
from queue_server.hall.kiosks import OfflineTicket
from tests.support.halls import MACHI, Town, town_in


def work(town: Town, people: int = 6, minutes: float = 3) -> None:
    """People come to service y and are called one after the other, so many minutes each."""
    town.open("2")
    town.issue_many(people)
    for _ in range(people):
        town.pass_minutes(minutes)
        town.call_next("2", complete=True)


def status(town: Town, token: str) -> object:
    """What the holder of a token reads as the wait."""
    found = town.city.find_ticket_by_token(token)
    assert found is not None
    return found[0].ticket_status(found[1])["estimate"]


def learned(town: Town) -> list[str]:
    """What is kept on the disk: the business day of each site."""
    return [day for (day,) in town.sql("SELECT business_day FROM learned ORDER BY site")]


def test_board_slip_and_phone_say_the_same_range(town: Town) -> None:
    work(town)
    town.issue_many(3)
    on_the_board = town.service("y")["estimate"]
    issued = town.issue("y")
    assert issued["estimate"] == on_the_board
    assert status(town, issued["token"]) == on_the_board


def test_a_range_is_refreshed_as_the_line_moves_and_as_time_goes_by(town: Town) -> None:
    town.open("2")
    token = town.issue_many(6)[-1]["token"]
    before = status(town, token)
    for _ in range(3):
        town.pass_minutes(2)
        town.call_next("2", complete=True)
    after = status(town, token)
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert after["high"] < before["high"]
    board = town.service("y")["estimate"]
    town.at("2026-11-24T10:00")
    assert town.service("y")["estimate"]["high"] > board["high"], "nobody was called for an hour"


def test_the_range_that_was_told_stands_in_the_journal(town: Town) -> None:
    town.issue("y")
    town.open("2")
    issued = town.issue("y")
    bodies = [entry.body for entry in town.entries() if entry.kind.value == "issue"]
    assert [body.get("estimate") for body in bodies] == [None, issued["estimate"]]
    assert town.verify() == 3


def test_the_board_says_how_good_the_ranges_were_once_thirty_were_called(town: Town) -> None:
    for _ in range(FEWEST // 5):
        assert town.board["quality"] is None
        work(town, 5, 4)
    quality = town.board["quality"]
    assert quality["called"] == FEWEST
    assert 0 <= quality["within"] <= FEWEST
    assert quality["share"] == round(quality["within"] / FEWEST, 2)
    town.restart()
    assert town.board["quality"] == quality


def test_a_level_is_reached_by_minutes_that_are_too_far_off_to_be_shown(town: Town) -> None:
    town.at("2026-11-24T17:00")
    town.open("2")
    town.issue_many(2)
    assert town.service("y")["level"]["key"] == "moderate"
    town.issue_many(15)
    assert town.service("y")["estimate"] is None
    assert town.service("y")["level"]["key"] == "crowded"


def test_a_refused_or_failed_command_teaches_nothing(town: Town) -> None:
    work(town)
    before = plain_waits(town.hall._waits)
    with town.refuses("illegal_move", "completed"):
        town.hall.reissue(town.caller(), town.id_of("500"))
    assert plain_waits(town.hall._waits) == before


def test_after_a_restart_the_hall_knows_what_the_day_taught(town: Town) -> None:
    work(town)
    town.issue_many(4)
    before, board = plain_waits(town.hall._waits), town.service("y")["estimate"]
    town.restart()
    assert plain_waits(town.hall._waits) == before
    assert town.service("y")["estimate"] == board


def test_what_a_day_taught_counts_on_the_next_one_and_is_kept_that_morning(town: Town) -> None:
    untaught = first_of_the_morning(town)
    work(town, 25, 2)
    assert learned(town) == ["2026-11-24", "2026-11-24"]
    town.at("2026-11-25T09:00")
    assert learned(town) == ["2026-11-25", "2026-11-25"]
    taught = first_of_the_morning(town)
    assert taught["high"] < untaught["high"]
    before = plain_waits(town.hall._waits)
    town.restart()
    assert plain_waits(town.hall._waits) == before


def first_of_the_morning(town: Town) -> dict[str, int]:
    """What somebody is told who comes as the fourth while one counter is open."""
    town.open("2")
    estimate: dict[str, int] = town.issue_many(4)[-1]["estimate"]
    for _ in range(4):
        town.pass_minutes(1)
        town.call_next("2", complete=True)
    return estimate


def test_a_start_goes_on_from_what_was_kept_and_reads_no_earlier_day(town: Town) -> None:
    """What was kept is changed on the disk: had the start learned from the journal, it would not say so."""
    work(town, 10)
    town.at("2026-11-25T09:00")
    town.city.close()
    town.sql("UPDATE learned SET body = json_set(body, '$.estimator.gaps', json('[77.0, 33.0]'))")
    town.restart()
    assert plain_waits(town.hall._waits)["estimator"]["gaps"] == [77.0, 33.0]


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM learned",
        "UPDATE learned SET body = 'no JSON'",
        "UPDATE learned SET body = '{}'",
        "UPDATE learned SET body = json_set(body, '$.estimator.form', 0)",
        "UPDATE learned SET business_day = '2026-12-24'",
        "UPDATE learned SET body = json_set(body, '$.estimator.blends', json('[]'))",
    ],
)
def test_what_was_kept_and_cannot_be_used_is_learned_again_from_the_journal(town: Town, damage: str) -> None:
    work(town, 10)
    town.at("2026-11-25T09:00")
    work(town, 3)
    before = plain_waits(town.hall._waits)
    town.city.close()
    town.sql(damage)
    town.restart()
    assert plain_waits(town.hall._waits) == before
    assert learned(town) == ["2026-11-25", "2026-11-25"]
    assert json.loads(town.sql("SELECT body FROM learned LIMIT 1")[0][0])["estimator"]["form"] == 1


def test_a_morning_that_cannot_be_kept_costs_nothing_but_a_longer_start(town: Town) -> None:
    work(town)
    town.call_next("2", complete=True)
    town.hall.close_counter(town.caller(), "2")
    town.store.database.execute("PRAGMA query_only = ON")
    town.at("2026-11-25T09:00")
    assert learned(town) == ["2026-11-24", "2026-11-24"]
    assert town.board["storage"] == {"writable": True}
    town.store.database.execute("PRAGMA query_only = OFF")
    work(town, 2)
    before = plain_waits(town.hall._waits)
    town.restart()
    assert plain_waits(town.hall._waits) == before
    assert learned(town) == ["2026-11-25", "2026-11-25"]


def test_a_number_told_late_of_an_earlier_day_is_the_last_entry_also_after_a_restart(town: Town) -> None:
    town.issue("y")
    yesterday = town.clock.now() - timedelta(days=1)
    town.hall.adopt(town.caller(), OfflineTicket("late", "t" * 22, "y", 590, yesterday))
    seq = town.board["seq"]
    town.restart()
    assert town.board["seq"] == seq == len(town.entries())


def test_sites_learn_apart(tmp_path: Path) -> None:
    with town_in(tmp_path / "data", MACHI) as town:
        work(town, 10, 1)
        branch = town.city.hall("branch")
        assert plain_waits(branch._waits)["estimator"]["lines"] == {}
