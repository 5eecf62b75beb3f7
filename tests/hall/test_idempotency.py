import json
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest

from queue_server.domain.ticket import Move
from queue_server.hall import Caller
from tests.support.halls import Town

KEY = Caller("clerk", "the same press")
COMMANDS: dict[str, Callable[[Town], Any]] = {
    "issue": lambda town: town.hall.issue(KEY, "y"),
    "call next": lambda town: town.hall.call_next(KEY, "1"),
    "call next and complete": lambda town: town.hall.call_next(KEY, "1", complete=True),
    "call": lambda town: town.hall.call(KEY, "1", "501"),
    "move": lambda town: town.hall.move(KEY, town.id_of("500"), Move.HOLD, reason="記入"),
    "open counter": lambda town: town.hall.open_counter(KEY, "2"),
    "close counter": lambda town: town.hall.close_counter(KEY, "1"),
    "pause service": lambda town: town.hall.pause_service(KEY, "x"),
    "resume service": lambda town: town.hall.resume_service(KEY, "x"),
    "break": lambda town: town.hall.start_break(KEY, "1", 15),
    "assign services": lambda town: town.hall.assign_services(KEY, "1", ["y"]),
    "take the last move back": lambda town: town.hall.undo_last_move(KEY, town.id_of("500")),
    "new slip": lambda town: town.hall.reissue(KEY, town.id_of("500")),
    "close reception": lambda town: town.hall.close_reception(KEY, "停電"),
    "open reception": lambda town: town.hall.open_reception(KEY, time(18)),
    "reset reception": lambda town: town.hall.reset_reception(KEY),
    "close day": lambda town: town.hall.close_day(KEY, expire=True),
    "post notice": lambda town: town.hall.post_notice(KEY, "停電", None),
}


@pytest.fixture
def busy(town: Town) -> Town:
    """Number 500 is called to counter 1, and two wait."""
    town.called("y")
    town.issue_many(2)
    return town


@pytest.mark.parametrize("restarted", [False, True], ids=["", "over a restart"])
@pytest.mark.parametrize("name", COMMANDS)
def test_the_same_key_gets_the_same_answer_and_writes_nothing_again(busy: Town, name: str, restarted: bool) -> None:
    first = COMMANDS[name](busy)
    busy.pass_minutes(2)
    if restarted:
        busy.restart()
    before = (busy.kinds(), busy.hall.board)
    assert COMMANDS[name](busy) == first
    assert (busy.kinds(), busy.hall.board) == before
    json.dumps(first)


@pytest.mark.parametrize("restarted", [False, True], ids=["", "over a restart"])
def test_nobody_waits_is_an_answer_too_and_stays_the_answer_of_its_key(town: Town, restarted: bool) -> None:
    town.open("1")
    assert town.call_next(key="press") is None
    town.issue("y")
    if restarted:
        town.restart()
    assert town.call_next(key="press") is None
    assert town.call_next(key="next press") is not None


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "issue"])
def test_a_key_that_was_used_for_another_command_is_refused(busy: Town, name: str) -> None:
    COMMANDS["issue"](busy)
    with busy.refuses("request_id_reused"):
        COMMANDS[name](busy)


@pytest.mark.parametrize(
    "other",
    [
        lambda town: town.hall.issue(KEY, "x"),
        lambda town: town.city.hall("branch").issue(KEY, "y"),
        lambda town: town.hall.call_next(KEY, "1"),
    ],
    ids=["another service", "another site", "another command"],
)
def test_the_same_key_means_the_same_command_to_the_letter(town: Town, other: Callable[[Town], Any]) -> None:
    town.open("1")
    town.hall.issue(KEY, "y")
    with town.refuses("request_id_reused"):
        other(town)


def test_calling_the_next_with_and_without_completing_are_two_commands(town: Town) -> None:
    town.called("y")
    town.hall.call_next(KEY, "1")
    with town.refuses("request_id_reused"):
        town.hall.call_next(KEY, "1", complete=True)


@pytest.mark.parametrize(
    ("command", "other"),
    [
        (
            lambda town: town.hall.pause_service(KEY, "x"),
            lambda town: town.hall.pause_service(KEY, "x", for_today=True),
        ),
        (
            lambda town: town.hall.open_counter(KEY, "2"),
            lambda town: town.hall.open_counter(KEY, "2", take_over=True),
        ),
        (lambda town: town.hall.start_break(KEY, "1", 15), lambda town: town.hall.start_break(KEY, "1", 16)),
        (lambda town: town.hall.undo_last_move(KEY, town.id_of("500")), lambda town: town.hall.undo(KEY, "1")),
        (lambda town: town.hall.open_reception(KEY, time(18)), lambda town: town.hall.open_reception(KEY, time(17))),
        (lambda town: town.hall.issue(KEY, "y"), lambda town: town.hall.issue(KEY, "y", "senior")),
        (
            lambda town: town.hall.move(KEY, town.id_of("501"), Move.PRIORITIZE, priority=""),
            lambda town: town.hall.move(KEY, town.id_of("501"), Move.PRIORITIZE, priority="senior"),
        ),
    ],
    ids=["for today", "take over", "minutes", "undo", "until", "class of a number", "class given"],
)
def test_a_command_that_differs_in_one_word_is_another_command(
    busy: Town, command: Callable[[Town], Any], other: Callable[[Town], Any]
) -> None:
    command(busy)
    with busy.refuses("request_id_reused"):
        other(busy)


def test_the_same_key_of_another_actor_is_another_command(town: Town) -> None:
    answers = [town.hall.issue(Caller(actor, "key 1"), "y") for actor in ("kiosk 1", "kiosk 2", "kiosk 1")]
    assert [answer["label"] for answer in answers] == ["500", "501", "500"]
    assert answers[0] == answers[2]


def test_a_refused_command_leaves_its_key_free(town: Town) -> None:
    with town.refuses("counter_closed"):
        town.call_next(key="press")
    town.issue("y")
    town.open("1")
    assert town.call_next(key="press") is not None


@pytest.mark.parametrize(
    "minutes", [["2026-11-24T17:15", "2026-11-24T19:00", "2026-11-25T09:00"], ["2026-11-25T09:00"]]
)
def test_a_retry_after_the_hall_has_closed_still_gets_its_number(town: Town, minutes: list[str]) -> None:
    answer = town.issue("y", key="press")
    for minute in minutes:
        town.at(minute)
        assert town.issue("y", key="press") == answer


def test_answers_are_forgotten_when_the_day_after_theirs_is_over(town: Town) -> None:
    town.issue("y", key="press")
    town.at("2026-11-25T09:00")
    town.issue("y")
    town.at("2026-11-25T19:00")
    assert town.issue("y", key="press")["label"] == "500", "the next day knows it still"
    town.at("2026-11-26T09:00")
    assert town.sql("SELECT DISTINCT business_day FROM answer") == [("2026-11-25",)]
    assert town.issue("y", key="press")["board_seq"] == 5
