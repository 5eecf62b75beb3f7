"""Open data: what other programs read, and from which pages they may."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.domain.calendar import local_minute
from queue_server.web.examples import EXAMPLES
from queue_server.web.schemas import SCHEMAS
from tests.support.api import Api
from tests.support.clock import ManualClock

NGSI = "/api/sites/honchosha/ngsi"
FORECAST = "/api/sites/honchosha/services/mynumber/forecast"
PUBLIC_READS = ["/api/openapi.json", "/api/sites", "/api/sites/honchosha/board", NGSI, FORECAST]


def monitor(client: FlaskClient, service: str = "mynumber") -> dict[str, Any]:
    """The entity of one service."""
    (found,) = [each for each in client.get(NGSI).get_json() if each["serviceId"] == service]
    return dict(found)


@pytest.mark.parametrize("path", PUBLIC_READS)
def test_pages_of_any_host_may_read_what_is_public(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://city.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_no_other_answer_may_be_read_from_pages_of_other_hosts(client: FlaskClient, api: Api) -> None:
    token = api.issue().get_json()["token"]
    for path in (f"/api/t/{token}", f"/t/{token}", "/api/sites/honchosha/desk", "/", "/status/honchosha"):
        assert "Access-Control-Allow-Origin" not in client.get(path).headers
    assert "Access-Control-Allow-Origin" not in api.get("/api/sites/honchosha/desk").headers
    assert "Access-Control-Allow-Origin" not in api.issue().headers


@pytest.mark.parametrize("path", PUBLIC_READS[1:4])
def test_who_has_the_newest_answer_is_told_so_until_it_changes(
    client: FlaskClient, api: Api, clock: ManualClock, path: str
) -> None:
    etag = client.get(path).headers["ETag"]
    unchanged = client.get(path, headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert unchanged.headers["Access-Control-Allow-Origin"] == "*"
    api.post("/api/sites/honchosha/reception/close", {"reason": "混雑のため"})
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_each_service_is_an_entity_of_the_queue_monitor(client: FlaskClient, api: Api) -> None:
    api.called("6", "mynumber")
    api.issue("mynumber")
    answer = client.get(NGSI)
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in answer.headers["Link"]
    assert len(answer.get_json()) == 5
    assert monitor(client) == {
        "id": "urn:ngsi-ld:QueueMonitor:atsugi:honchosha:mynumber",
        "type": "QueueMonitor",
        "dateModified": "2026-11-24T09:15:00+09:00",
        "source": "http://localhost/api/sites/honchosha/board",
        "dataProvider": "厚木市",
        "name": "厚木市役所本庁舎1階市民課 マイナンバー関係",
        "areaServed": "厚木市",
        "officeName": "厚木市役所本庁舎1階市民課",
        "serviceId": "mynumber",
        "serviceName": "マイナンバー関係",
        "serviceStatus": "Open",
        "serviceStatusNote": "混雑していません",
        "queueLine": "500番台",
        "ticketsToServe": 1,
        "ticketServed": 500,
        "ticketServedLabel": "500",
    }


def test_a_service_before_its_first_call_has_no_ticket_served(client: FlaskClient) -> None:
    assert "ticketServed" not in monitor(client)


def test_a_paused_service_is_suspended_and_one_that_ended_is_closed(client: FlaskClient, api: Api) -> None:
    pause = "/api/sites/honchosha/services/mynumber/pause"
    api.post(pause, {})
    assert (monitor(client)["serviceStatus"], monitor(client)["serviceStatusNote"]) == ("Suspended", "")
    api.post("/api/sites/honchosha/services/mynumber/resume", {})
    api.post(pause, {"for_today": True})
    assert monitor(client)["serviceStatus"] == "Closed"


def test_a_closed_hall_says_why(client: FlaskClient, clock: ManualClock, app: Flask) -> None:
    clock.set(local_minute("2026-12-29T10:00"))
    app.extensions["queue_server.city"].tick()
    assert (monitor(client)["serviceStatus"], monitor(client)["serviceStatusNote"]) == ("Closed", "年末年始")


def test_an_unknown_site_is_404_in_every_form(client: FlaskClient) -> None:
    answer = client.get("/api/sites/nowhere/ngsi")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_site")


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_every_example_of_the_document_says_what_an_answer_says(client: FlaskClient, api: Api, name: str) -> None:
    """An example has the fields of a real answer, and those that its schema asks for."""
    path = {
        "Sites": "/api/sites",
        "Board": "/api/sites/honchosha/board",
        "SiteNames": "/api/sites/honchosha/names",
        "QueueMonitors": NGSI,
        "Forecast": FORECAST,
    }[name]
    api.called("6", "mynumber")
    real, example = client.get(path).get_json(), EXAMPLES[name]
    if isinstance(example, list):
        (real,) = [each for each in real if each["serviceId"] == "mynumber"]
        (example,) = example
    assert set(example) == set(real)
    assert set(SCHEMAS.get(name, {}).get("required", [])) <= set(example)
    if name == "Board":
        services = [each for category in real["categories"] for each in category["services"]]
        assert set(example["categories"][0]["services"][0]) == set(services[0])
        assert set(example["calls"][0]) == set(real["calls"][0])
        assert set(example["counters"][0]) == set(real["counters"][0])


def test_the_examples_stand_in_the_document(client: FlaskClient) -> None:
    board = client.get("/api/openapi.json").get_json()["paths"]["/api/sites/{site}/board"]["get"]
    assert board["responses"]["200"]["content"]["application/json"]["example"] == EXAMPLES["Board"]


def test_the_forecast_says_each_open_hour_of_two_weeks_in_words(client: FlaskClient) -> None:
    answer = client.get(FORECAST).get_json()
    assert (answer["service"], answer["learned_from_days"], len(answer["days"])) == ("mynumber", 0, 14)
    today, closed = answer["days"][0], answer["days"][5]
    assert (today["day"], today["open"], [each["hour"] for each in today["hours"]]) == (
        "2026-11-24",
        True,
        list(range(8, 18)),
    )
    assert {"kind": "event", "value": "expiry-notices", "name": "有効期限通知書の発送後"} in today["reasons"]
    assert (closed["open"], closed["busy"], closed["hours"]) == (False, None, [])


def test_an_unknown_service_has_no_forecast(client: FlaskClient) -> None:
    answer = client.get("/api/sites/honchosha/services/nothing/forecast")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_service")
