"""What kiosks bring back: numbers given out alone, slips printed again, how they are."""

import json
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from queue_server.config import load_profile
from queue_server.domain.calendar import local_minute
from queue_server.domain.entries import Kind
from queue_server.domain.kiosks import KioskReport, PrinterState
from queue_server.domain.ticket import Move
from queue_server.hall import OfflineTicket
from queue_server.snapshot import View
from queue_server.storage import tickets
from tests.support.halls import MINATO_FILE, Town, town_in

KIOSK = "device:kiosk-1"


@pytest.fixture
def port(tmp_path: Path) -> Any:
    """The hall of minato.toml with a kiosk that has the numbers 590 to 594 for itself."""
    text = MINATO_FILE.read_text(encoding="utf-8")
    file = tmp_path / "kiosk.toml"
    kiosk = '\n[[site.kiosk]]\nid = "kiosk-1"\nname = "発券機1"\nreserve = { b = "590-594" }\n'
    file.write_text(text + kiosk, encoding="utf-8")
    with town_in(tmp_path / "data", load_profile(str(file))) as town:
        yield town


def given(at: datetime, number: int = 590, service: str = "y", replaces: str | None = None) -> OfflineTicket:
    return OfflineTicket(uuid.uuid4().hex, "T" * 11 + uuid.uuid4().hex[:11], service, number, at, replaces)


def adopt(town: Town, ticket: OfflineTicket, key: str | None = None) -> View:
    return town.hall.adopt(town.caller(key, KIOSK), ticket)


def test_a_number_given_out_alone_stands_where_its_holder_came(port: Town) -> None:
    port.issue("y")
    port.pass_minutes(10)
    came = port.clock.now()
    port.pass_minutes(5)
    port.issue("y")
    ticket = given(came)
    answer = adopt(port, ticket)
    assert answer == {
        "id": ticket.id,
        "label": "590",
        "token": ticket.token,
        "service": "y",
        "ahead": 1,
        "estimate": answer["estimate"],
        "board_seq": 3,
        "issued_at": "2026-11-24T09:10:00+09:00",
        "ticket_url": f"/t/{ticket.token}",
        "offline": True,
    }
    assert port.labels() == ["500", "590", "501"]
    assert [each["offline"] for each in port.desk["tickets"]] == [False, True, False]
    port.verify()


def test_numbers_handed_over_in_order_keep_their_order(port: Town) -> None:
    start = port.clock.now()
    port.pass_minutes(30)
    port.issue("y")
    for minute, number in ((1, 592), (2, 590), (2, 591)):
        adopt(port, given(start + timedelta(minutes=minute), number))
    assert port.labels() == ["592", "590", "591", "500"]


def test_the_server_never_gives_out_what_a_kiosk_may(port: Town) -> None:
    labels = [port.issue("y")["label"] for _ in range(95)]
    assert not {"590", "591", "592", "593", "594"} & set(labels)
    assert (port.service("y")["full"], port.service("y")["accepting"]) == (True, False)
    with port.refuses("series_exhausted"):
        port.issue("y")
    assert adopt(port, given(port.clock.now()))["label"] == "590"


def test_the_same_number_handed_over_again_is_one_ticket_also_after_days(port: Town) -> None:
    ticket = given(port.clock.now())
    first = adopt(port, ticket, "a")
    assert adopt(port, ticket, "a") == first
    assert adopt(port, ticket, "b")["label"] == "590"
    port.at("2026-11-26T09:00")
    assert adopt(port, ticket)["id"] == ticket.id
    assert port.kinds().count("issue") == 1


def test_the_id_of_another_ticket_is_refused(port: Town) -> None:
    known = port.issue("y")
    with port.refuses("ticket_id_taken"):
        adopt(port, replace(given(port.clock.now()), id=known["id"]))


def test_two_residents_never_get_one_number(port: Town) -> None:
    adopt(port, given(port.clock.now()))
    with port.refuses("label_in_use"):
        adopt(port, given(port.clock.now()))
    port.move(port.id_of("590"), Move.CANCEL)
    with port.refuses("label_in_use"):
        adopt(port, given(port.clock.now()))
    taken = port.issue("y")["label"]
    with port.refuses("label_in_use"):
        adopt(port, given(port.clock.now(), int(taken)))


def test_kiosks_are_told_what_was_given_out_alone_today_whatever_became_of_it(port: Town) -> None:
    assert port.hall.given_alone() == {"business_day": "2026-11-24", "numbers": {}}
    port.issue("y")
    over, waiting = given(port.clock.now(), 592), given(port.clock.now(), 590)
    for ticket in (over, waiting):
        adopt(port, ticket)
    port.hall.move(port.caller(), over.id, Move.CANCEL)
    assert port.hall.given_alone()["numbers"] == {"b": [590, 592]}
    port.clock.set(local_minute("2026-11-25T09:00"))
    port.hall.tick()
    assert port.hall.given_alone() == {"business_day": "2026-11-25", "numbers": {}}
    adopt(port, given(local_minute("2026-11-24T10:00"), 594))
    assert port.hall.given_alone()["numbers"] == {}, "it belongs to the day that is over"


def test_what_was_given_out_alone_is_read_off_the_index(port: Town) -> None:
    asked: list[str] = []
    connection = port.store.database.conn
    connection.set_trace_callback(asked.append)
    port.hall.given_alone()
    connection.set_trace_callback(None)
    (asked_of_b,) = (sql for sql in asked if "SELECT number" in sql and "'b'" in sql)
    ((*_, plan),) = connection.execute(f"EXPLAIN QUERY PLAN {asked_of_b}").fetchall()
    assert "COVERING INDEX" in plan
    assert "series=? AND round=?" in plan, "neither other days nor the rounds of the server"


def test_what_does_not_exist_is_not_taken_over(port: Town) -> None:
    with port.refuses("number_not_in_series"):
        adopt(port, given(port.clock.now(), 42))
    with port.knows_no("service"):
        adopt(port, given(port.clock.now(), service="nothing"))


def test_a_number_is_taken_over_whatever_is_closed_by_now(port: Town) -> None:
    came = port.clock.now()
    port.hall.pause_service(port.supervisor(), "y", for_today=True)
    port.at("2026-11-24T17:20")
    assert adopt(port, given(came))["label"] == "590"
    port.at("2026-11-24T19:00")
    assert port.labels() == []


def test_a_number_of_a_day_that_is_over_is_recorded_there_and_expired(port: Town) -> None:
    evening = local_minute("2026-11-24T16:59")
    port.at("2026-11-25T08:31")
    port.issue("y")
    answer = adopt(port, given(evening))
    assert (answer["ahead"], answer["estimate"]) == (0, None)
    assert port.labels() == ["500"]
    last = port.entries()[-2:]
    assert [(entry.kind, entry.business_day.day) for entry in last] == [(Kind.ISSUE, 24), (Kind.EXPIRE, 24)]
    assert port.board["seq"] == last[-1].seq
    port.verify()
    port.restart()
    assert (port.labels(), adopt(port, given(evening, 591))["label"]) == (["500"], "591")


def test_after_a_restart_the_day_still_names_an_entry_of_a_day_that_is_over(port: Town) -> None:
    port.issue("y")
    adopt(port, given(port.clock.now() - timedelta(days=1)))
    last = port.hall.board.seq
    assert last == len(port.entries()) == 3
    port.restart()
    assert port.hall.board.seq == last


def test_nobody_came_in_the_future(port: Town) -> None:
    answer = adopt(port, given(local_minute("2027-01-04T12:00")))
    assert answer["issued_at"] == "2026-11-24T09:00:00+09:00"


def test_a_number_issued_though_its_answer_was_lost_is_taken_back(port: Town) -> None:
    ghost = port.hall.issue(port.caller("lost", KIOSK), "y")
    adopt(port, given(port.clock.now(), replaces="lost"))
    assert port.labels() == ["590"]
    assert port.kinds()[-2:] == ["cancel", "issue"]
    assert port.hall.issue(port.caller("lost", KIOSK), "y") == ghost, "the answer that was given stays the answer"


def test_a_number_that_was_called_meanwhile_stays_with_the_clerk(port: Town) -> None:
    port.hall.issue(port.caller("lost", KIOSK), "y")
    port.open("2")
    port.call_next("2")
    adopt(port, given(port.clock.now(), replaces="lost"))
    assert port.board["calls"][0]["label"] == "500"
    assert port.labels() == ["590"]


def test_a_command_that_arrives_late_gets_the_number_that_replaced_it(port: Town) -> None:
    ticket = given(port.clock.now(), replaces="late")
    adopt(port, ticket)
    assert port.hall.issue(port.caller("late", KIOSK), "y")["id"] == ticket.id
    assert port.kinds() == ["issue"]


def test_a_lost_command_that_issued_nothing_takes_nothing_back(port: Town) -> None:
    port.issue("y")
    port.hall.open_counter(port.caller("other", KIOSK), "2")
    answer = tickets.find_answer(port.store.database, KIOSK, "other")
    assert answer is not None
    assert answer.body is not None
    assert "id" not in json.loads(answer.body)
    adopt(port, given(port.clock.now(), replaces="other"))
    assert port.labels() == ["500", "590"]


def test_a_slip_printed_again_is_the_same_slip_and_stands_in_the_journal(port: Town) -> None:
    issued = port.issue("y")
    answer = port.hall.reprint(port.caller("again", KIOSK), issued["id"])
    assert (answer["token"], answer["ticket_url"]) == (issued["token"], issued["ticket_url"])
    assert answer["ticket"]["label"] == "500"
    assert port.hall.reprint(port.caller("again", KIOSK), issued["id"]) == answer
    assert port.kinds() == ["issue", "reprint"]
    port.verify()


def test_a_slip_printed_again_leaves_the_clerks_press_to_be_taken_back(port: Town) -> None:
    called = port.called("y", "2")
    port.hall.reprint(port.caller(None, KIOSK), called["id"])
    assert port.hall.undo(port.caller(), "2")["tickets"][0]["state"] == "waiting"
    again = port.called("y", "2")
    port.hall.reprint(port.caller(None, KIOSK), again["id"])
    assert port.hall.undo_last_move(port.supervisor(), again["id"])["tickets"][0]["state"] == "waiting"
    port.verify()


def test_an_ended_number_is_not_printed_again(port: Town) -> None:
    issued = port.issue("y")
    port.move(issued["id"], Move.CANCEL)
    with port.refuses("illegal_move", "cancelled"):
        port.hall.reprint(port.caller(None, KIOSK), issued["id"])
    with port.knows_no("ticket"):
        port.hall.reprint(port.caller(None, KIOSK), "none")


def test_staff_see_how_a_kiosk_is_and_since_when(port: Town) -> None:
    heard: list[int] = []
    port.listen(lambda _board, desk: heard.append(desk.version))
    silent = {"id": "kiosk-1", "name": "発券機1", "printer": None, "since": None, "heard": False, "silent": False}
    assert port.desk["kiosks"] == [{**silent, "waiting": 0, "left": None, "recording": True}]
    out = KioskReport(PrinterState.PAPER_OUT, 2, {"b": 3})
    port.hall.report_kiosk("kiosk-1", out)
    port.pass_minutes(0.5)
    port.hall.report_kiosk("kiosk-1", out)
    assert len(heard) == 1, "the same once more is no news"
    port.hall.report_kiosk("kiosk-1", replace(out, waiting=0))
    assert len(heard) == 2
    (shown,) = port.desk["kiosks"]
    assert (shown["printer"], shown["since"]) == ("paper_out", "2026-11-24T09:00:00+09:00")
    assert (shown["heard"], shown["silent"], shown["waiting"], shown["left"]) == (True, False, 0, {"b": 3})
    port.at("2026-11-24T09:02")
    assert port.desk["kiosks"][0]["silent"]
    assert port.kinds() == [], "news is no record"


def test_a_kiosk_that_the_profile_does_not_name_is_not_shown(port: Town) -> None:
    with port.knows_no("kiosk"):
        port.hall.report_kiosk("kiosk-2", KioskReport(None))


def test_staff_at_the_kiosk_find_a_number_and_count_the_day(port: Town) -> None:
    port.issue_many(2)
    port.move(port.id_of("501"), Move.CANCEL)
    port.hall.pause_service(port.supervisor(), "y")
    assert port.hall.find_open("500")["state"] == "waiting"
    with port.knows_no("ticket"):
        port.hall.find_open("501")
    counted = {each["id"]: each for each in port.hall.staff_counts()["services"]}
    assert counted["y"] == {"id": "y", "name": counted["y"]["name"], "issued": 2, "waiting": 1, "paused": True}
    assert counted["x"]["issued"] == 0
