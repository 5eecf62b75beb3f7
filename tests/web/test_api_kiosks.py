"""What a kiosk that runs on its own computer asks for, reports and hands over."""

import uuid
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from queue_server.domain.roles import Role
from tests.support.api import Api
from tests.support.apps import city_of


@pytest.fixture
def kiosk(app: Flask, api: Api) -> Api:
    """The API with the token of the profile's own kiosk."""
    api.tokens[Role.KIOSK] = city_of(app).accounts.create_device("kiosk-1", Role.KIOSK, actor="operator:test")
    return api


def given(**changes: Any) -> dict[str, Any]:
    whole = {
        "id": uuid.uuid4().hex,
        "token": uuid.uuid4().hex[:22],
        "service": "mynumber",
        "number": 580,
        "issued_at": "2026-11-24T08:59:00+09:00",
    }
    return {**whole, **changes}


def hand_over(api: Api, ticket: dict[str, Any], key: str | None = None, role: Role = Role.KIOSK) -> TestResponse:
    return api.post(f"/api/sites/{api.site}/tickets/offline", ticket, role, key)


def desk(api: Api) -> dict[str, Any]:
    view: dict[str, Any] = api.get(f"/api/sites/{api.site}/desk", Role.DESK).get_json()
    return view


def test_a_kiosk_gets_everything_it_needs_to_go_on_alone(kiosk: Api) -> None:
    answer = kiosk.get(f"/api/sites/{kiosk.site}/kiosk", Role.KIOSK)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    setup = answer.get_json()
    assert setup["kiosk"] == "kiosk-1"
    assert "[[site.kiosk]]" in setup["profile"]
    assert (setup["changes"], setup["pin"], setup["public_url"]) == ([], None, "http://localhost")
    assert setup["given_alone"] == {"business_day": "2026-11-24", "numbers": {}}
    assert hand_over(kiosk, given()).status_code == 201
    setup = kiosk.get(f"/api/sites/{kiosk.site}/kiosk", Role.KIOSK).get_json()
    assert setup["given_alone"]["numbers"] == {"s500": [580]}


def test_changes_of_administrators_and_the_pin_travel_along(app: Flask, kiosk: Api) -> None:
    city_of(app).accounts.set_kiosk_pin(kiosk.site, "2580", actor="operator:test")
    path = f"/api/sites/{kiosk.site}/structure/alerts/site"
    changed = kiosk._client.put(
        path, json={"value": {"people": 3}, "revision": 0}, headers=kiosk._authorization(Role.ADMIN)
    )
    assert changed.status_code == 200
    setup = kiosk.get(f"/api/sites/{kiosk.site}/kiosk", Role.KIOSK).get_json()
    assert setup["changes"] == [{"part": "alerts", "id": "site", "value": {"people": 3}}]
    assert setup["pin"].startswith("$argon2id$")


def test_a_token_that_is_no_kiosk_of_the_profile_has_no_numbers_of_its_own(api: Api) -> None:
    assert api.get(f"/api/sites/{api.site}/kiosk", Role.KIOSK).get_json()["kiosk"] is None


def test_the_setup_and_the_hand_over_are_for_kiosks(api: Api) -> None:
    for role in (Role.DESK, Role.DISPLAY):
        assert api.get(f"/api/sites/{api.site}/kiosk", role).status_code == 403
        assert hand_over(api, given(), role=role).status_code == 403
    assert api.get(f"/api/sites/{api.site}/kiosk").status_code == 401


def test_a_number_is_handed_over_once_however_often_it_is_sent(kiosk: Api) -> None:
    ticket = given()
    first, again, later = (hand_over(kiosk, ticket, key) for key in ("a", "a", "b"))
    assert (first.status_code, first.get_json()["label"], first.get_json()["offline"]) == (201, "580", True)
    assert again.get_json() == first.get_json()
    assert later.get_json()["id"] == ticket["id"]
    assert kiosk.service("mynumber")["waiting"] == ["580"]
    assert [each["offline"] for each in desk(kiosk)["tickets"]] == [True]
    assert kiosk.get(f"/api/t/{ticket['token']}").get_json()["label"] == "580"


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "x"},
        {"token": "short"},
        {"number": -1},
        {"number": "580"},
        {"issued_at": "2026-11-24T08:59:00"},
        {"issued_at": "morning"},
        {"replaces": ""},
        {"colour": "red"},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_what_is_no_number_is_refused_naming_the_field(kiosk: Api, wrong: dict[str, Any]) -> None:
    answer = hand_over(kiosk, given(**wrong))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == list(wrong)
    assert kiosk.service("mynumber")["waiting"] == []


def test_a_clash_is_refused_with_a_sentence(kiosk: Api) -> None:
    hand_over(kiosk, given())
    answer = hand_over(kiosk, given())
    assert (answer.status_code, answer.get_json()["code"]) == (409, "label_in_use")
    assert hand_over(kiosk, given(number=3)).get_json()["code"] == "number_not_in_series"
    assert hand_over(kiosk, given(service="none")).status_code == 404


def test_staff_read_what_a_kiosk_reports(kiosk: Api) -> None:
    body = {"printer": "paper_low", "waiting": 2, "left": {"s500": 8}}
    assert kiosk.post(f"/api/sites/{kiosk.site}/kiosk", body, Role.KIOSK).get_json() == {}
    (shown,) = desk(kiosk)["kiosks"]
    assert (shown["printer"], shown["waiting"], shown["left"]) == ("paper_low", 2, {"s500": 8})
    assert shown["recording"], "a kiosk of the version before does not say it"
    kiosk.post(f"/api/sites/{kiosk.site}/kiosk", {**body, "recording": False}, Role.KIOSK)
    assert not desk(kiosk)["kiosks"][0]["recording"]
    wrong = kiosk.post(f"/api/sites/{kiosk.site}/kiosk", {"printer": "on fire"}, Role.KIOSK)
    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "invalid_fields")


def test_the_report_of_a_kiosk_that_the_profile_does_not_name_is_not_taken(api: Api) -> None:
    answer = api.post(f"/api/sites/{api.site}/kiosk", {"printer": "ready"}, Role.KIOSK)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_kiosk")


def test_a_reprint_answers_what_the_slip_carries(kiosk: Api) -> None:
    issued = kiosk.issue().get_json()
    answer = kiosk.post(f"/api/tickets/{issued['id']}/reprint", {}, Role.KIOSK)
    assert answer.status_code == 200
    assert (answer.get_json()["token"], answer.get_json()["ticket"]["label"]) == (issued["token"], issued["label"])
    assert kiosk.post("/api/tickets/none/reprint", {}, Role.KIOSK).status_code == 404
