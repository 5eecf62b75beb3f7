import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from queue_server.config import load_profile
from queue_server.domain.calendar import local_minute
from queue_server.domain.day import RECENT_CALLS
from queue_server.domain.site import Series
from queue_server.domain.ticket import Move
from queue_server.snapshot import STATUS_LABELS, jst, series_label
from tests.support.halls import MACHI, NINE, Town, town_in

# What programs outside were promised (README.md, "Open data"): these names are fixed, more may be added.
BOARD = "version seq as_of status site categories counters calls notices"
SITE, STATUS = "id name", "open label reason next_open"
CATEGORY = "id name services"
SERVICE = "id name series accepting waiting waiting_count calling held no_show level estimate note"
CALLING, LEVEL, ESTIMATE = "label counter at call_seq", "key label", "low high"
COUNTER = "id name open label services"


def named(names: str, *things: dict[str, Any]) -> None:
    assert things
    for thing in things:
        assert set(names.split()) <= set(thing)


def strings(value: Any) -> Iterator[str]:
    """Every key and every text in a picture."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


@pytest.fixture
def busy(town: Town) -> Town:
    """One called, one served, one on hold with a private reason, one absent, one waiting at each service."""
    town.clock.advance(local_minute("2026-11-24T09:30") - NINE)
    for move, details in ((Move.START, {}), (Move.HOLD, {"reason": "診断書"}), (Move.NO_SHOW, {}), (None, {})):
        ticket = town.called("y", "2")
        if move is not None:
            town.move(ticket["id"], move, **details)
    town.issue("x")
    town.issue("y")
    return town


def test_a_board_has_the_fields_of_the_design(busy: Town) -> None:
    board, service = busy.board, busy.service("y")
    named(BOARD, board)
    named(SITE, board["site"])
    named(STATUS, board["status"])
    named(CATEGORY, *board["categories"])
    named(SERVICE, *board["categories"][0]["services"])
    named(CALLING, *service["calling"], *board["calls"])
    named(LEVEL, service["level"])
    named(ESTIMATE, service["estimate"])
    named(COUNTER, *board["counters"])


def test_a_board_says_where_every_number_is(busy: Town) -> None:
    service = busy.service("y")
    assert {name: service[name] for name in ("waiting", "waiting_count", "serving", "held", "no_show")} == {
        "waiting": ["504"],
        "waiting_count": 1,
        "serving": ["500"],
        "held": ["501"],
        "no_show": ["502"],
    }
    assert service["calling"] == [
        {
            "label": "503",
            "counter": "2",
            "counter_name": "2番",
            "at": "2026-11-24T09:30:00+09:00",
            "call_seq": service["calling"][0]["call_seq"],
            "stage": None,
        }
    ]
    assert [counter["label"] for counter in busy.board["counters"]] == [None, "503"]
    assert (service["note"], service["series"], service["series_label"]) == ("予約優先", "b", "500番台")


def test_a_public_board_holds_no_id_of_a_ticket_no_token_and_nothing_about_a_person(busy: Town) -> None:
    tickets = busy.sql("SELECT id, token, reason FROM ticket")
    secrets = {value for row in tickets for value in row if value} | {"clerk", "診断書"}
    found = set(strings(busy.board))
    assert not found & (secrets | {"token", "ticket", "actor", "request_id", "ticket_url"})
    assert not any(secret in busy.hall.board.body.decode() for secret in secrets)


def test_the_bytes_of_a_board_are_its_data_made_once(busy: Town) -> None:
    board = busy.hall.board
    assert json.loads(board.body) == board.data
    assert board.body is board.body
    assert "予約優先".encode() in board.body
    assert (board.etag, board.version) == (str(board.data["version"]), board.data["version"])
    assert board.seq == board.data["seq"] == len(busy.entries())


def test_versions_rise_strictly_with_every_board_over_restarts_too(town: Town) -> None:
    versions = [town.hall.board.version]
    for _ in range(2):
        town.listen(lambda board, _desk: versions.append(board.version))
        town.open("1")
        town.issue("y")
        town.call_next(complete=True)
        town.pass_minutes(1)
        town.city.tick()
        town.hall.close_counter(town.caller(), "1")
        town.restart()
        versions.append(town.hall.board.version)
    assert len(versions) == 13
    assert all(before < after for before, after in pairwise(versions))


@pytest.mark.parametrize(("people", "key", "label"), [(4, "free", "混雑していません"), (5, "crowded", "混雑中")])
@pytest.mark.parametrize("counters", [(), ("5", "6")])
def test_atsugi_is_crowded_at_exactly_five_waiting_500_numbers_and_not_at_four(
    tmp_path: Path, people: int, key: str, label: str, counters: tuple[str, ...]
) -> None:
    with town_in(tmp_path, load_profile("atsugi")) as town:
        town.open(*counters)
        town.issue_many(people, "mynumber")
        service = town.service("mynumber")
        assert (service["waiting_count"], service["series_label"]) == (people, "500番台")
        assert service["level"] == {"key": key, "label": label}


def test_who_is_called_is_no_longer_waiting_and_the_level_falls(tmp_path: Path) -> None:
    with town_in(tmp_path, load_profile("atsugi")) as town:
        town.issue_many(5, "mynumber")
        town.open("6")
        town.call_next("6")
        assert town.service("mynumber")["level"]["key"] == "free"


def test_a_level_is_reached_by_the_estimated_minutes_too(town: Town) -> None:
    town.open("1", "2")
    levels = []
    for _ in range(3):
        town.issue("y")
        levels.append(town.service("y")["level"]["key"])
    assert levels == ["free", "moderate", "crowded"]


def test_the_last_calls_stand_newest_first_with_the_state_they_are_in_now(town: Town) -> None:
    first, second, third = (town.called(service) for service in ("x", "x", "y"))
    town.move(first["id"], Move.COMPLETE)
    town.move(second["id"], Move.ADVANCE)
    assert [(call["label"], call["state"], call["service"], call["stage"]) for call in town.board["calls"]] == [
        ("500", "called", "y", None),
        ("A02", "waiting", "x", "受付"),
        ("A01", None, "x", "受付"),
    ]
    before = town.board["calls"][0]["call_seq"]
    town.call("A02")
    town.move(third["id"], Move.RECALL)
    calls = town.board["calls"]
    assert [call["label"] for call in calls] == ["500", "A02", "A01"]
    assert calls[0]["call_seq"] > calls[1]["call_seq"] > before
    assert calls[1]["stage"] == "交付"


def test_a_busy_day_never_pushes_the_newest_call_off_the_board(town: Town) -> None:
    town.issue_many(15)
    town.open("1")
    for _ in range(15):
        town.call_next(complete=True)
    assert [call["label"] for call in town.board["calls"]] == [str(number) for number in range(514, 502, -1)]


def test_a_quiet_service_keeps_its_last_call_while_others_are_busy(town: Town) -> None:
    assert town.service("x")["last_call"] is None
    quiet = town.called("x", "1")
    town.move(quiet["id"], Move.COMPLETE)
    for _ in range(RECENT_CALLS + 1):
        town.called("y", "2")
    assert quiet["label"] not in [call["label"] for call in town.board["calls"]]
    last = town.service("x")["last_call"]
    assert (last["label"], last["counter"]) == (quiet["label"], "1")


def test_numbers_being_called_stand_newest_first(town: Town) -> None:
    first, _ = town.called("y", "1"), town.called("y", "2")
    assert [call["label"] for call in town.service("y")["calling"]] == ["501", "500"]
    town.move(first["id"], Move.RECALL)
    assert [call["label"] for call in town.service("y")["calling"]] == ["500", "501"]


def test_a_closed_hall_tells_when_it_opens_and_estimates_nothing(town: Town) -> None:
    town.open("1")
    town.issue("y")
    assert town.service("y")["estimate"] == {"low": 5, "high": 25}
    town.at("2026-11-24T17:15")
    assert town.service("y")["estimate"] is None
    assert town.board["status"] == {
        "open": False,
        "label": "本日の受付は終了しました。",
        "phase": "after_closing",
        "reason": None,
        "opens": "2026-11-24T13:00:00+09:00",
        "closes": "2026-11-24T17:15:00+09:00",
        "next_open": "2026-11-25T08:30:00+09:00",
        "ended_early": False,
    }


@pytest.mark.parametrize(
    ("minute", "label", "reason"),
    [
        ("2026-11-24T10:00", "受付中です。", None),
        ("2026-11-24T12:30", "ただいま受付を休止しています。", None),
        ("2026-11-23T10:00", "本日は閉庁日です。", "勤労感謝の日"),
    ],
)
def test_the_state_of_the_hall_is_a_whole_sentence(
    tmp_path: Path, minute: str, label: str, reason: str | None
) -> None:
    with town_in(tmp_path, now=local_minute(minute)) as town:
        status = town.board["status"]
        assert (status["label"], status["reason"]) == (label, reason)
        assert set(STATUS_LABELS) >= {status["phase"]}


def test_a_simulated_clock_is_told_on_every_picture(town: Town) -> None:
    assert (town.board["simulated"], town.hall.desk_view.data["simulated"]) == (False, False)
    town.clock.simulated = True
    town.at("2026-11-24T09:01")
    assert (town.board["simulated"], town.hall.desk_view.data["simulated"]) == (True, True)


def test_a_counter_that_left_the_profile_is_still_named_by_its_id(town: Town) -> None:
    town.called("y", "2")
    site = replace(MACHI.sites["hall"], counters={"1": MACHI.sites["hall"].counters["1"]})
    town.restart(replace(MACHI, sites={"hall": site}))
    assert town.board["calls"][0]["counter_name"] == "2"


@pytest.mark.parametrize(
    ("series", "label"),
    [
        (Series("s", 500, 599), "500番台"),
        (Series("s", 0, 99), "0番台"),
        (Series("s", 1, 199), "1〜199"),
        (Series("s", 100, 299), "100〜299"),
        (Series("s", 100, 199, prefix="A"), "A100〜A199"),
        (Series("s", 1, 3, prefix="A", digits=2), "A01〜A03"),
    ],
)
def test_a_series_is_spoken_of_as_people_do(series: Series, label: str) -> None:
    assert series_label(series) == label


def test_a_time_that_is_none_is_told_as_none() -> None:
    assert jst(None) is None


# -- the desk ----------------------------------------------------------------------------------------


def desk(town: Town) -> dict[str, Any]:
    return town.hall.desk_view.data


def test_the_desk_sees_every_open_ticket_and_the_line_in_the_order_of_calling(busy: Town) -> None:
    reinstated = busy.id_of("502")
    busy.issue("y")
    busy.move(reinstated, Move.REINSTATE)
    assert [ticket["label"] for ticket in desk(busy)["tickets"]] == ["500", "501", "503", "A01", "504", "505", "502"]
    assert desk(busy)["tickets"][1]["reason"] == "診断書"
    assert (desk(busy)["version"], desk(busy)["seq"]) == (busy.board["version"], busy.board["seq"])


def test_the_desk_never_sees_a_token(busy: Town) -> None:
    tokens = {token for (token,) in busy.sql("SELECT token FROM ticket")}
    assert not any(token in busy.hall.desk_view.body.decode() for token in tokens)
    assert "token" not in set(strings(desk(busy)))


@pytest.mark.parametrize(
    ("move", "moves"),
    [
        (None, "recall start complete advance transfer hold no_show"),
        (Move.START, "complete advance transfer hold"),
        (Move.HOLD, "call transfer resume cancel"),
        (Move.NO_SHOW, "reinstate cancel"),
        (Move.ADVANCE, "call cancel"),
    ],
)
def test_the_desk_offers_the_moves_that_are_lawful_now(town: Town, move: Move | None, moves: str) -> None:
    ticket = town.called("x")
    if move is not None:
        town.move(ticket["id"], move)
    (seen,) = desk(town)["tickets"]
    assert set(seen["moves"]) == set(moves.split())


def test_the_desk_offers_no_next_stage_after_the_last(town: Town) -> None:
    ticket = town.called("x")
    town.move(ticket["id"], Move.ADVANCE)
    town.call("A01")
    assert "advance" not in desk(town)["tickets"][0]["moves"]


def test_the_desk_sees_who_is_at_each_counter_and_how_many_wait_for_it(town: Town) -> None:
    ticket = town.called("y", "2")
    town.issue("x")
    town.issue("y")
    reserved = town.called("y", "1")
    town.move(reserved["id"], Move.TRANSFER, counter="2")
    assert [
        {name: counter[name] for name in ("id", "open", "ticket", "waiting_count")}
        for counter in desk(town)["counters"]
    ] == [
        {"id": "1", "open": True, "ticket": None, "waiting_count": 2},
        {"id": "2", "open": True, "ticket": ticket["id"], "waiting_count": 2},
    ]


def test_the_desk_sees_how_long_the_longest_has_waited_as_time_goes_by(town: Town) -> None:
    assert desk(town)["services"][1]["longest_wait_minutes"] is None
    town.issue("y")
    town.pass_minutes(7.5)
    town.issue("y")
    assert desk(town)["services"][1] == {
        "id": "y",
        "name": "業務Y",
        "paused": False,
        "ended_today": False,
        "waiting_count": 2,
        "longest_wait_minutes": 7,
        "last_call_at": None,
        "counters_open": 0,
        "stages": ["受付"],
    }
    town.pass_minutes(-60)
    town.city.tick()
    assert desk(town)["services"][1]["longest_wait_minutes"] == 0
