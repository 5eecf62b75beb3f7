"""Bad input gets a clear error and changes nothing."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from queue_server.domain.roles import Role
from tests.support.api import Api
from tests.support.clock import ManualClock

SITE = "/api/sites/honchosha"


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/api/sites/nowhere/tickets", {"service": "mynumber"}, "unknown_site"),
        (f"{SITE}/tickets", {"service": "nothing"}, "unknown_service"),
        (f"{SITE}/counters/99/open", {}, "unknown_counter"),
        (f"{SITE}/counters/99/call-next", {}, "unknown_counter"),
        (f"{SITE}/services/nothing/pause", {}, "unknown_service"),
        ("/api/tickets/0123/complete", {}, "unknown_ticket"),
        ("/api/tickets/0123/dance", {}, "unknown_move"),
        ("/api/nothing", {}, "not_found"),
    ],
)
def test_what_does_not_exist_is_404_with_its_code(api: Api, path: str, body: Any, code: str) -> None:
    answer = api.post(path, body)
    assert answer.status_code == 404
    assert answer.get_json()["code"] == code
    assert answer.get_json()["message"]


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe", b"service=mynumber", b"[" * 10_000])
def test_a_body_that_is_no_json_is_400(api: Api, raw: bytes) -> None:
    answer = api.post(f"{SITE}/tickets", data=raw, content_type="application/json")
    assert answer.status_code == 400
    assert answer.get_json()["code"] == "malformed_request"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "service"),
        ({"service": 5}, "service"),
        ({"service": None}, "service"),
        ({"service": ""}, "service"),
        ({"service": "mynumber", "name": "山田"}, "name"),
        (["mynumber"], "body"),
        ("mynumber", "body"),
    ],
)
def test_a_body_that_does_not_fit_is_422_and_names_the_field(api: Api, body: Any, field: str) -> None:
    answer = api.post(f"{SITE}/tickets", body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{SITE}/counters/6/open", {"now": True}),
        (f"{SITE}/counters/6/call-next", {"complete": "yes"}),
        (f"{SITE}/counters/6/call", {}),
    ],
)
def test_unknown_fields_and_wrong_types_of_counter_commands_are_422(api: Api, path: str, body: Any) -> None:
    assert api.post(path, body).status_code == 422


def test_a_transfer_to_nowhere_is_422(api: Api) -> None:
    ticket = api.called()
    answer = api.move(ticket["id"], "transfer", {})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "transfer_nowhere")


def test_an_illegal_move_is_409_with_the_present_state_and_changes_nothing(api: Api) -> None:
    ticket = api.called()
    before = api.board()["seq"]
    answer = api.move(ticket["id"], "reinstate")
    assert answer.status_code == 409
    assert (answer.get_json()["code"], answer.get_json()["state"]) == ("illegal_move", "called")
    assert api.board()["seq"] == before


def test_a_move_of_an_ended_ticket_tells_how_it_ended(api: Api) -> None:
    ticket = api.called()
    api.move(ticket["id"], "complete")
    answer = api.move(ticket["id"], "complete")
    assert (answer.status_code, answer.get_json()["state"]) == (409, "completed")


def test_a_closed_hall_issues_nothing(api: Api, clock: ManualClock) -> None:
    clock.advance(timedelta(hours=8))
    answer = api.issue()
    assert (answer.status_code, answer.get_json()["code"]) == (409, "hall_closed")


def test_a_paused_service_issues_nothing(api: Api) -> None:
    api.post(f"{SITE}/services/mynumber/pause")
    answer = api.issue()
    assert (answer.status_code, answer.get_json()["code"]) == (409, "service_paused")


def test_a_closed_counter_calls_nobody(api: Api) -> None:
    answer = api.counter("6", "call-next")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "counter_closed")


def test_without_a_token_nothing_is_commanded(api: Api) -> None:
    answer = api.post(f"{SITE}/tickets", {"service": "mynumber"}, role=None)
    assert answer.status_code == 401
    assert answer.get_json()["code"] == "not_signed_in"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Basic YTpi", "", "bearer  "])
def test_a_wrong_token_is_401(client: FlaskClient, header: str) -> None:
    answer = client.post(f"{SITE}/tickets", json={"service": "mynumber"}, headers={"Authorization": header})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("path", "role"),
    [
        (f"{SITE}/tickets", Role.DESK),
        (f"{SITE}/counters/6/open", Role.KIOSK),
        (f"{SITE}/counters/6/call-next", Role.KIOSK),
        (f"{SITE}/services/mynumber/pause", Role.DESK),
        ("/api/tickets/0123/complete", Role.KIOSK),
    ],
)
def test_the_wrong_role_is_403(api: Api, path: str, role: Role) -> None:
    answer = api.post(path, {}, role=role)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "wrong_role")


def test_the_desk_view_is_for_desks(api: Api) -> None:
    assert api.get(f"{SITE}/desk").status_code == 401
    assert api.get(f"{SITE}/desk", Role.KIOSK).status_code == 403
    assert api.get(f"{SITE}/desk", Role.DESK).status_code == 200


def test_an_oversized_body_is_413(api: Api) -> None:
    answer = api.post(f"{SITE}/tickets", data=b" " * 20_000, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("key", ["", "x" * 201, "番号", "two words"])
def test_a_key_that_is_no_key_is_400(api: Api, key: str) -> None:
    headers = {"Authorization": f"Bearer {api.tokens[Role.KIOSK]}", "Idempotency-Key": key.encode().decode("latin-1")}
    answer = api._client.post(f"{SITE}/tickets", json={"service": "mynumber"}, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_idempotency_key")


def test_a_key_of_another_command_is_422(api: Api) -> None:
    api.issue("mynumber", key="k")
    answer = api.issue("inkan", key="k")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "request_id_reused")


def test_the_wrong_method_is_405_and_says_which_is_right(api: Api) -> None:
    answer = api.get(f"{SITE}/tickets", Role.KIOSK)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_no_refused_command_writes_anything(api: Api) -> None:
    before = api.board()
    for body in ({}, {"service": 5}, {"service": "nothing"}):
        api.post(f"{SITE}/tickets", body)
    api.counter("6", "call-next")
    assert api.board()["version"] == before["version"]


def test_a_bug_is_a_500_in_the_same_shape_and_keeps_its_secrets(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("queue_server.hall.Hall.issue", broken)
    answer = api.issue()
    assert (answer.status_code, answer.get_json()["code"]) == (500, "server_error")
    assert "secret" not in answer.text


OFFLINE = {
    "id": "0c1f2a3b4c5d6e7f8091a2b3c4d5e6f7",
    "token": "Zk3x0a5vQ0mC2r8TtYw1Xg",
    "service": "mynumber",
    "number": 580,
}


@pytest.mark.parametrize(
    "until",
    [
        "9999-12-31T23:59:59+00:00",
        "9999-12-31T20:00:00-12:00",
        "3000-01-01T00:00:00+00:00",
        "3000-01-01T08:59:59-09:00",
        "0001-01-01T00:00:00+14:00",
        "1899-12-31T23:59:59+00:00",
        "2026-11-24T18:00:00",
        "2026-11-31T18:00:00+09:00",
        "10000-01-01T00:00:00+09:00",
    ],
)
def test_a_time_at_the_end_of_all_years_is_422_and_names_its_field(api: Api, until: str) -> None:
    notice = api.post(f"{SITE}/notices", {"text": "お知らせ", "until": until})
    offline = api.post(f"{SITE}/tickets/offline", {**OFFLINE, "issued_at": until}, Role.KIOSK)
    for answer, field in ((notice, "until"), (offline, "issued_at")):
        assert (answer.status_code, [each["field"] for each in answer.get_json()["errors"]]) == (422, [field])
    assert api.board()["notices"] == []


def test_a_notice_for_centuries_and_a_kiosk_whose_clock_begins_anew_are_taken(api: Api) -> None:
    far = api.post(f"{SITE}/notices", {"text": "お知らせ", "until": "2999-12-31T23:59:59+00:00"})
    assert far.status_code == 201
    assert api.board()["notices"][0]["until"] == "3000-01-01T08:59:59+09:00"
    old = api.post(f"{SITE}/tickets/offline", {**OFFLINE, "issued_at": "1970-01-01T00:00:01+00:00"}, Role.KIOSK)
    assert old.status_code == 201, old.text
    assert api.service("mynumber")["waiting"] == [], "its day is over"
