"""A number for whoever stands at the kiosk: the server's, or the kiosk's own; one for one key, whatever is cut."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask

from kiosk.local import remote
from queue_server.domain.calendar import local_minute
from queue_server.domain.site import NumberRange
from queue_server.domain.ticket import Move
from queue_server.hall import Caller
from tests.support.api import Api
from tests.support.apps import city_of
from tests.support.cable import Line
from tests.support.clock import ManualClock
from tests.support.kiosk_computer import Alone, alone_beside
from tests.support.waiting import wait_until


@pytest.fixture
def alone(app: Flask, api: Api, tmp_path: Path) -> Iterator[Alone]:
    """A kiosk whose server answers."""
    with alone_beside(app, api.site, tmp_path / "kiosk") as alone:
        assert alone.round()
        yield alone


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """People who do not wait long, for a server that says nothing: one that answers may be slow on a busy machine."""
    monkeypatch.setattr(remote, "PATIENCE_OF_RESIDENT", httpx.Timeout(0.15))
    monkeypatch.setattr(remote, "AT_ONCE_SECONDS", 0.1)


def waiting(api: Api) -> list[str]:
    found: list[str] = api.service("mynumber")["waiting"]
    return found


def test_while_the_server_answers_its_answer_is_passed_on(alone: Alone, api: Api) -> None:
    answer = alone.issue(key="k")
    assert answer.status_code == 201
    ticket = answer.get_json()
    assert (ticket["label"], ticket["ahead"], ticket["offline"]) == ("500", 0, False)
    assert ticket["ticket_url"] == f"{alone.cable.url}/t/{ticket['token']}", "for a phone, not for this loopback"
    assert alone.issue(key="k").get_json() == ticket
    assert waiting(api) == ["500"]


def test_a_refusal_of_the_server_is_passed_on_in_its_words(alone: Alone, clock: ManualClock) -> None:
    unknown = alone.issue("nothing")
    assert (unknown.status_code, unknown.get_json()["code"]) == (404, "unknown_service")
    clock.set(local_minute("2026-11-24T18:00"))
    closed = alone.issue(**{"Accept-Language": "en"})
    assert (closed.status_code, closed.get_json()["code"]) == (409, "hall_closed")
    assert closed.get_json()["message"].isascii()


def test_without_the_server_a_number_of_the_reserve_is_given_at_once(alone: Alone, api: Api) -> None:
    alone.lose_the_server()
    ticket = alone.issue(key="k").get_json()
    assert ticket == {
        "id": ticket["id"],
        "label": "580",
        "token": ticket["token"],
        "service": "mynumber",
        "ahead": None,
        "estimate": None,
        "board_seq": 0,
        "issued_at": ticket["issued_at"],
        "ticket_url": f"{alone.cable.url}/t/{ticket['token']}",
        "offline": True,
    }
    assert ticket["issued_at"].startswith("2026-11-24T09:15:0")
    assert [alone.issue().get_json()["label"] for _ in range(2)] == ["581", "582"]
    assert alone.issue(key="k").get_json() == ticket
    assert waiting(api) == []


def test_numbers_given_alone_are_handed_over_in_order_each_once(alone: Alone, api: Api) -> None:
    alone.issue()
    alone.lose_the_server()
    given = [alone.issue().get_json() for _ in range(3)]
    alone.find_the_server()
    assert waiting(api) == ["500", "580", "581", "582"]
    alone.round()
    assert waiting(api) == ["500", "580", "581", "582"]
    status = api.get(f"/api/t/{given[0]['token']}").get_json()
    assert status["label"] == "580", "the address on the slip opens now"
    assert alone.issue().get_json()["label"] == "501"


def test_the_true_time_of_issue_is_handed_over(alone: Alone, app: Flask, clock: ManualClock) -> None:
    alone.lose_the_server()
    alone.issue()
    given = alone.program.store.outbox()[0].issued_at
    clock.advance(timedelta(minutes=40))
    alone.find_the_server()
    ticket = next(iter(city_of(app).hall(alone.site)._day.tickets.values()))
    assert (ticket.issued_at, ticket.offline) == (given, True)
    assert given < clock.now() - timedelta(minutes=39)


def test_the_same_key_gets_the_same_number_after_a_kill_too(alone: Alone, api: Api) -> None:
    online = alone.issue(key="on").get_json()
    alone.lose_the_server()
    offline = alone.issue(key="off").get_json()
    alone.restart()
    assert not alone.round()
    assert alone.issue(key="off").get_json() == offline
    assert alone.issue(key="on").get_json() == online
    alone.find_the_server()
    assert alone.issue(key="off").get_json() == offline
    assert waiting(api) == ["500", "580"]


def test_one_key_is_one_wish(alone: Alone) -> None:
    alone.issue("mynumber", key="k")
    reused = alone.issue("shomei", key="k")
    assert (reused.status_code, reused.get_json()["code"]) == (422, "request_id_reused")


@pytest.mark.usefixtures("impatient")
def test_a_number_whose_answer_got_lost_is_taken_back_for_the_one_on_paper(alone: Alone, api: Api) -> None:
    alone.cable.set(Line.DEAF)
    ticket = alone.issue().get_json()
    assert (ticket["label"], ticket["offline"]) == ("580", True)
    # The server issues it when it comes to it, and nobody is told.
    wait_until(lambda: waiting(api) == ["500"], "the server does not issue it")
    alone.cable.set(Line.CUT)
    alone.find_the_server()
    assert waiting(api) == ["580"]


@pytest.mark.usefixtures("impatient")
def test_a_wish_that_arrives_late_issues_nothing_more(
    alone: Alone, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone.cable.set(Line.SILENT)
    ticket = alone.issue(key="late").get_json()
    assert ticket["offline"]
    alone.cable.set(Line.CUT)
    assert waiting(api) == []
    alone.find_the_server()
    assert waiting(api) == ["580"]
    monkeypatch.undo()
    late = alone.program.remote.issue(b'{"service": "mynumber"}', "late", {})
    assert (late.status, late.data["id"]) == (201, ticket["id"])
    assert waiting(api) == ["580"]


@pytest.mark.usefixtures("impatient")
def test_after_one_lost_answer_nobody_else_waits_for_the_server(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone.cable.set(Line.SILENT)
    alone.issue()

    def unheard(*_arguments: Any) -> Any:
        raise AssertionError("the server is asked though it is known to be away")

    monkeypatch.setattr(alone.program.remote, "issue", unheard)
    assert alone.issue().get_json()["label"] == "581"


def test_a_service_without_a_reserve_says_so(alone: Alone) -> None:
    alone.lose_the_server()
    setup = alone.program.hall.setup
    assert setup is not None
    assert setup.machine is not None
    machine = replace(setup.machine, reserve={"s001": NumberRange(190, 199)})
    alone.program.hall._setup = replace(setup, machine=machine)
    refused = alone.issue("mynumber")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "no_reserve")
    assert refused.get_json()["message"].startswith("サーバーにつながらないため")


def test_a_reserve_that_is_used_up_says_so_and_comes_back_the_next_day(alone: Alone) -> None:
    alone.lose_the_server()
    labels = [alone.issue("shomei").get_json()["label"] for _ in range(10)]
    assert labels == [str(number) for number in range(190, 200)]
    refused = alone.issue("shomei")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "reserve_exhausted")
    assert (alone.service("shomei")["accepting"], alone.service("shomei")["full"]) == (False, True)
    assert alone.service("mynumber")["accepting"]


def test_a_kiosk_that_was_replaced_gives_no_number_out_a_second_time(
    alone: Alone, app: Flask, api: Api, tmp_path: Path, clock: ManualClock
) -> None:
    alone.lose_the_server()
    first = [alone.issue().get_json() for _ in range(2)]
    alone.find_the_server()
    # Both are over before the other computer comes: no board names them any more.
    for ticket in first:
        city_of(app).hall(api.site).move(Caller("device:test", ticket["id"]), ticket["id"], Move.CANCEL)
    with alone_beside(app, api.site, tmp_path / "replaced") as replaced:
        assert replaced.round()
        assert replaced.program.hall.numbers_left(date(2026, 11, 24))["s500"] == 18
        replaced.lose_the_server()
        replaced.restart()
        second = replaced.issue().get_json()
        assert second["label"] == "582"
        assert replaced.program.hall.numbers_left(date(2026, 11, 24))["s500"] == 17
        replaced.find_the_server()
        assert waiting(api) == ["582"]
        assert replaced.program.hall.numbers_left(date(2026, 11, 24))["s500"] == 17, "each counts once"
        # The next day all of them may be given out again, though the server was not heard since.
        replaced.lose_the_server()
        replaced.program.hall.clock.hear(clock.now() + timedelta(days=1), simulated=False)
        assert replaced.program.hall.numbers_left(date(2026, 11, 25))["s500"] == 20
        assert replaced.issue().get_json()["label"] == "580"


def test_a_server_of_the_version_before_tells_no_numbers_and_one_that_tells_nonsense_is_not_believed(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, hall = alone.program.remote.setup, alone.program.hall

    def told(given_alone: Any) -> None:
        reply = asked()
        data = {name: value for name, value in reply.data.items() if name != "given_alone"}
        data |= {} if given_alone is None else {"given_alone": given_alone}
        monkeypatch.setattr(alone.program.remote, "setup", lambda: replace(reply, data=data))
        alone.program.link._setup_due = 0.0
        assert alone.round()

    other = {"s500": [580], "no such series": [1]}
    told({"business_day": "2026-11-24", "numbers": other})
    for nonsense in ([580], {"business_day": "today", "numbers": {}}, {"numbers": {}}, {"numbers": [580]}):
        told(nonsense)
        assert hall.numbers_left(date(2026, 11, 24))["s500"] == 19
    told(None)
    assert hall.numbers_left(date(2026, 11, 24))["s500"] == 20
    told({"business_day": "2026-11-24", "numbers": other})
    alone.lose_the_server()
    assert alone.issue().get_json()["label"] == "581"


def test_alone_a_kiosk_keeps_the_hours_and_what_staff_switched(alone: Alone, api: Api, clock: ManualClock) -> None:
    clock.set(local_minute("2026-11-24T09:20"))
    path = f"/api/sites/{api.site}/services/shomei/pause"
    assert api.post(path, {"for_today": True}).status_code == 200
    alone.program.link._setup_due = 0.0
    assert alone.round()
    alone.lose_the_server()
    assert alone.issue("shomei").get_json()["code"] == "service_ended"
    assert alone.issue("mynumber").status_code == 201


def test_alone_a_kiosk_stops_when_the_hall_closes(alone: Alone, clock: ManualClock) -> None:
    clock.set(local_minute("2026-11-24T17:15"))
    alone.program.link._setup_due = 0.0
    assert alone.round()
    alone.lose_the_server()
    refused = alone.issue()
    assert (refused.status_code, refused.get_json()["code"]) == (409, "hall_closed")
    assert not alone.board()["status"]["open"]


def test_yesterdays_numbers_are_handed_over_first_the_next_morning(
    alone: Alone, api: Api, app: Flask, clock: ManualClock
) -> None:
    alone.lose_the_server()
    evening = alone.issue().get_json()
    clock.set(local_minute("2026-11-25T08:31"))
    alone.restart()
    alone.find_the_server()
    assert alone.issue().get_json()["label"] == "500"
    found = city_of(app).find_ticket_by_token(evening["token"])
    assert found is not None
    assert (found[1].state.value, found[1].business_day.day) == ("expired", 24)
    assert waiting(api) == ["500"]


@pytest.mark.parametrize(
    ("body", "key", "status", "code"),
    [
        (b"{", "k", 400, "malformed_request"),
        (b"[]", "k", 400, "malformed_request"),
        (b'{"service": 5}', "k", 400, "malformed_request"),
        (b'{"service": "mynumber"}', "", 400, "bad_idempotency_key"),
        (b'{"service": "mynumber"}', "a" * 201, 400, "bad_idempotency_key"),
    ],
)
def test_what_is_no_wish_is_refused(alone: Alone, body: bytes, key: str, status: int, code: str) -> None:
    headers = {"Host": alone.host, "Origin": f"http://{alone.host}", "Idempotency-Key": key}
    answer = alone.app.test_client().post(f"/api/sites/{alone.site}/tickets", data=body, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert alone.program.store.outbox() == []


def test_before_the_server_was_ever_heard_there_is_nothing_to_give(app: Flask, api: Api, tmp_path: Path) -> None:
    with alone_beside(app, api.site, tmp_path / "new") as alone:
        alone.lose_the_server()
        refused = alone.issue()
        assert (refused.status_code, refused.get_json()["code"]) == (503, "not_ready")
        assert alone.get(f"/api/sites/{alone.site}/board").status_code == 503
