from typing import Any

import pytest

from queue_server.domain.day import RECENT_CALLS, RECENT_ENDS
from queue_server.domain.ticket import Move
from queue_server.snapshot import View
from tests.support.halls import Town


def counter(town: Town, counter_id: str) -> View:
    return next(each for each in town.desk["counters"] if each["id"] == counter_id)


def service(town: Town, service_id: str) -> View:
    return next(each for each in town.desk["services"] if each["id"] == service_id)


def test_a_supervisor_sees_each_counter_at_a_glance(port: Town) -> None:
    port.hall.open_counter(port.person("佐藤"), "2")
    ticket = port.called("y", "2")
    port.pass_minutes(4)
    waiting = port.issue("y")["id"]
    assert counter(port, "2") == {
        "id": "2",
        "name": "2番",
        "open": True,
        "services": ["y"],
        "default_services": ["y"],
        "clerk": "佐藤",
        "break_until": None,
        "ticket": ticket["id"],
        "since": "2026-11-24T09:00:00+09:00",
        "waiting": [waiting],
        "waiting_count": 1,
        "next": waiting,
        "last_call_at": "2026-11-24T09:00:00+09:00",
    }
    port.move(ticket["id"], Move.START)
    assert counter(port, "2")["since"] == "2026-11-24T09:04:00+09:00", "served since, no longer called since"
    port.move(ticket["id"], Move.COMPLETE)
    assert (counter(port, "2")["ticket"], counter(port, "2")["since"]) == (None, None)
    assert (counter(port, "1")["last_call_at"], counter(port, "1")["since"]) == (None, None)


def test_a_quiet_counter_keeps_its_last_call_while_others_are_busy(port: Town) -> None:
    port.called("x", "5")
    port.pass_minutes(1)
    port.open("2")
    port.issue_many(RECENT_CALLS + 1)
    for _ in range(RECENT_CALLS + 1):
        port.call_next("2", complete=True)
    assert counter(port, "5")["last_call_at"] == "2026-11-24T09:00:00+09:00"


def test_each_desk_sees_who_waits_for_it_and_whom_its_discipline_calls_next(port: Town) -> None:
    y, z, x = (port.issue(service)["id"] for service in "yzx")
    port.open("4")
    handed = port.called("z", "6")["id"]
    port.move(handed, Move.TRANSFER, counter="4")
    waits = {"1": [y, z, x], "2": [y], "3": [y, z], "4": [y, z, handed], "5": [x], "6": [z]}
    following = {"1": y, "2": y, "3": z, "4": handed, "5": x, "6": z}
    assert {each: counter(port, each)["waiting"] for each in waits} == waits
    assert {each: counter(port, each)["next"] for each in following} == following
    for each in "34":
        port.open(each)
        seen = counter(port, each)["next"]
        called = port.call_next(each)
        assert called is not None
        assert called["ticket"]["id"] == seen


def test_a_call_that_was_taken_back_is_no_last_call(port: Town) -> None:
    port.called("y", "2")
    port.pass_minutes(3)
    port.hall.undo(port.caller(), "2")
    assert (counter(port, "2")["last_call_at"], service(port, "y")["last_call_at"]) == (None, None)


def test_a_supervisor_sees_each_service_at_a_glance(port: Town) -> None:
    port.open("1", "2", "5")
    port.issue_many(2)
    port.called_next("2")
    port.pass_minutes(7)
    port.issue("y")
    assert service(port, "y") == {
        "id": "y",
        "name": "マイナンバー",
        "paused": False,
        "ended_today": False,
        "waiting_count": 2,
        "longest_wait_minutes": 7,
        "last_call_at": "2026-11-24T09:00:00+09:00",
        "counters_open": 2,
        "stages": ["受付"],
    }
    assert [service(port, each)["counters_open"] for each in ("x", "z")] == [2, 1]
    port.open("6")
    assert service(port, "x")["counters_open"] == 3, "also those of the next stage, each once"


def test_a_number_of_the_next_stage_waits_since_it_was_advanced(port: Town) -> None:
    ticket = port.called("x", "5")["id"]
    port.at("2026-11-24T09:25")
    port.move(ticket, Move.ADVANCE)
    (row,) = port.desk["tickets"]
    assert (row["issued_at"], row["waiting_since"]) == ("2026-11-24T09:00:00+09:00", "2026-11-24T09:25:00+09:00")
    assert (service(port, "x")["longest_wait_minutes"], port.desk["alerts"]) == (0, [])
    port.at("2026-11-24T09:45")
    assert service(port, "x")["longest_wait_minutes"] == 20
    assert [(each["kind"], each["value"]) for each in port.desk["alerts"]] == [("wait", 20), ("without_call", 20)]
    port.restart()
    assert port.desk["tickets"][0]["waiting_since"] == "2026-11-24T09:25:00+09:00"
    port.verify()


def test_a_supervisor_is_alerted_by_the_citys_own_limits_as_time_goes_by(port: Town) -> None:
    port.open("2")
    port.issue_many(4)
    port.called_next("2")
    name = {"service": "y", "service_name": "マイナンバー"}
    people = {**name, "kind": "people", "value": 3, "limit": 3}
    assert port.desk["alerts"] == [people]
    port.at("2026-11-24T09:10")
    assert port.desk["alerts"] == [people, {**name, "kind": "without_call", "value": 10, "limit": 10}]
    port.called_next("2")
    assert port.desk["alerts"] == []
    port.at("2026-11-24T09:20")
    assert [(each["kind"], each["value"]) for each in port.desk["alerts"]] == [("wait", 20), ("without_call", 10)]
    assert [(each.kind.value, each.value) for each in port.hall.alerts()] == [("wait", 20), ("without_call", 10)]
    assert "alerts" not in port.board


def test_a_hall_without_limits_alerts_nobody(town: Town) -> None:
    town.issue_many(30)
    town.at("2026-11-24T11:59")
    assert town.desk["alerts"] == []


def test_the_tickets_that_ended_last_stand_newest_first_with_when_and_whether_they_can_come_back(port: Town) -> None:
    first, second = port.issue_many(2)
    port.move(first["id"], Move.CANCEL)
    port.pass_minutes(2)
    port.call_and_complete(second["label"], "2")
    ended = port.desk["ended"]
    assert [(each["label"], each["state"], each["ended_at"], each["undoable"], each["moves"]) for each in ended] == [
        ("501", "completed", "2026-11-24T09:02:00+09:00", True, []),
        ("500", "cancelled", "2026-11-24T09:00:00+09:00", True, []),
    ]
    named = set(port.desk["ended"][0])
    port.issue("y")
    assert set(port.desk["tickets"][0]) - {"moves"} == named - {"moves", "ended_at", "undoable"}


def test_no_more_tickets_that_ended_are_listed_than_can_be_read(port: Town) -> None:
    port.open("2")
    port.issue_many(RECENT_ENDS + 1)
    for _ in range(RECENT_ENDS + 1):
        port.call_next("2", complete=True)
    port.call_next("2", complete=True)
    assert [each["label"] for each in port.desk["ended"]][:: RECENT_ENDS - 1] == ["530", "501"]
    assert len(port.desk["ended"]) == RECENT_ENDS


def test_a_new_day_begins_without_ended_tickets_and_presses(port: Town) -> None:
    port.call_and_complete(port.issue("y")["label"], "2")
    port.at("2026-11-25T09:00")
    assert (port.desk["ended"], port.desk["undo"], service(port, "y")["last_call_at"]) == ([], [], None)


def test_a_ticket_whose_service_left_the_profile_is_still_listed_among_the_ended(town: Town) -> None:
    town.call_and_complete(town.issue("y")["label"], "1")
    town.restart(town.without_service("y"))
    assert [(each["label"], each["service_name"]) for each in town.desk["ended"]] == [("500", "y")]


def test_the_staffs_picture_has_no_token_and_the_publics_no_person(port: Town) -> None:
    port.hall.open_counter(port.person("佐藤"), "2")
    ticket = port.issue("y")
    port.hall.call_next(port.person("佐藤"), "2")
    port.hall.start_break(port.person("佐藤"), "2", 15)
    desk, board = port.hall.desk_view.body.decode(), port.hall.board.body.decode()
    assert ticket["token"] not in desk + board
    assert "佐藤" in desk
    for secret in ("佐藤", "staff:", "clerk", "undo", ticket["id"]):
        assert secret not in board


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        (
            "tickets",
            "id label service service_name stage state counter counter_name reserved_counter issued_at waiting_since",
        ),
        ("ended", "id label state ended_at undoable moves priority priority_name"),
        ("undo", "actor counter label move seq taken_by"),
        ("alerts", "service service_name kind value limit"),
        ("priorities", "id name head_start"),
        ("notices", "id text until"),
    ],
)
def test_the_desk_has_the_fields_that_its_page_reads(port: Town, name: str, fields: str) -> None:
    port.hall.post_notice(port.supervisor(), "お知らせ", None)
    port.move(port.issue("y")["id"], Move.CANCEL)
    port.called("y", "2")
    port.issue_many(3)
    found: list[dict[str, Any]] = port.desk[name]
    assert found
    assert all(set(fields.split()) <= set(each) for each in found)
    assert set(port.desk["reception"]) == {"by_hand", "until", "reason"}


def test_only_a_ticket_that_changed_is_drawn_anew(port: Town) -> None:
    port.open("1")
    port.issue_many(3)
    before = {row["label"]: row for row in port.desk["tickets"]}
    port.call("501")
    after = {row["label"]: row for row in port.desk["tickets"]}
    assert [label for label in after if after[label] is not before[label]] == ["501"]
    assert (before["501"]["state"], after["501"]["state"]) == ("waiting", "called")
    assert list(after) == ["501", "500", "502"]


def test_a_change_of_the_structure_draws_every_ticket_anew(port: Town) -> None:
    port.issue_many(2)
    before = port.desk["tickets"]
    port.hall.change_structure(port.supervisor(), "alerts", "site", {"people": 3}, 0)
    assert all(row is not old for row, old in zip(port.desk["tickets"], before, strict=True))
    assert port.desk["tickets"] == before
