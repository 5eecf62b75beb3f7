"""What a ticket's token opens, for how long, and for whom not."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.access import Pace
from queue_server.access.buckets import Rate
from queue_server.access.pace import EXTENSION
from queue_server.city import City
from queue_server.domain.calendar import local_minute
from queue_server.domain.roles import Role
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.clock import ManualClock


@pytest.fixture
def mine(api: Api) -> dict[str, str]:
    ticket: dict[str, str] = api.issue().get_json()
    return ticket


def leave(client: FlaskClient, token: str, **headers: str) -> tuple[int, str | None]:
    answer = client.post(f"/api/t/{token}/leave", json={}, headers=headers)
    body = answer.get_json()
    return answer.status_code, body.get("code", body.get("state"))


def test_a_number_is_given_up_with_its_token_alone(client: FlaskClient, api: Api, mine: dict[str, str]) -> None:
    assert leave(client, mine["token"]) == (200, "cancelled")
    assert api.service("mynumber")["waiting"] == []
    assert leave(client, mine["token"]) == (409, "illegal_move")


def test_sent_again_with_its_key_it_gets_its_answer_again(client: FlaskClient, mine: dict[str, str]) -> None:
    for _ in range(2):
        assert leave(client, mine["token"], **{"Idempotency-Key": "wish-1"}) == (200, "cancelled")


def test_who_is_being_called_cannot_leave_the_line(client: FlaskClient, api: Api, mine: dict[str, str]) -> None:
    api.counter("6", "open")
    api.counter("6", "call-next")
    answer = client.post(f"/api/t/{mine['token']}/leave", json={})
    assert (answer.status_code, answer.get_json()["state"]) == (409, "called")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://elsewhere.invalid"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
    ids=str,
)
def test_a_page_of_another_host_cannot_give_a_number_up(
    client: FlaskClient, mine: dict[str, str], headers: dict[str, str], status: int
) -> None:
    assert leave(client, mine["token"], **headers)[0] == status


def test_only_a_post_without_fields_gives_a_number_up(client: FlaskClient, mine: dict[str, str]) -> None:
    path = f"/api/t/{mine['token']}/leave"
    assert client.get(path).status_code == 405
    assert client.post(path, json={"really": True}).status_code == 422
    assert client.post(path, data="[", headers={"Content-Type": "application/json"}).status_code == 400
    assert client.get(f"/api/t/{mine['token']}").get_json()["state"] == "waiting"


def test_a_token_expires_with_its_day(
    client: FlaskClient, mine: dict[str, str], clock: ManualClock, city: City
) -> None:
    clock.set(local_minute("2026-11-25T08:00"))
    city.tick()
    answer = client.get(f"/api/t/{mine['token']}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (410, "no-store")
    assert answer.get_json()["code"] == "ticket_of_former_day"
    assert answer.get_json()["business_day"] == "2026-11-24"
    assert leave(client, mine["token"]) == (410, "ticket_of_former_day")
    assert leave(client, "A" * 22) == (404, "unknown_ticket")


def test_the_journal_says_that_the_holder_did_it(
    client: FlaskClient, mine: dict[str, str], city: City, api: Api
) -> None:
    leave(client, mine["token"])
    desk = api.get(f"/api/sites/{SITE}/desk", Role.DESK).get_json()
    assert all(ticket["id"] != mine["id"] for ticket in desk["tickets"])
    last = city.accounts._store.database.execute(
        "SELECT kind, actor, ticket, body FROM journal ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    assert last == ("cancel", "holder", mine["id"], "{}")


# -- the pace ------------------------------------------------------------------------------------


@pytest.fixture
def ask(app: Flask) -> Callable[[str, str], int]:
    """Ask for a path from an address; the status."""

    def get(path: str, address: str) -> int:
        with app.test_client().get(path, headers={"X-Forwarded-For": address}) as answer:
            return answer.status_code

    return get


def test_who_reloads_without_end_is_slowed_and_nobody_else_is(
    app: Flask, api: Api, mine: dict[str, str], ask: Callable[[str, str], int]
) -> None:
    other = api.issue().get_json()
    app.extensions[EXTENSION] = Pace(ticket=Rate(5, 0.1))
    statuses = [ask(mine["ticket_url"], "192.0.2.1") for _ in range(1_000)]
    assert (statuses.count(200), statuses.count(429)) == (5, 995)
    assert ask(other["ticket_url"], "192.0.2.2") == 200
    assert ask(mine["ticket_url"], "192.0.2.2") == 200, "the same ticket on another phone"
    assert ask(f"/status/{SITE}", "192.0.2.1") == 200
    assert ask(f"/api/sites/{SITE}/board", "192.0.2.1") == 200


def test_a_neighbour_behind_the_same_address_is_not_slowed(
    app: Flask, api: Api, mine: dict[str, str], ask: Callable[[str, str], int]
) -> None:
    other = api.issue().get_json()
    app.extensions[EXTENSION] = Pace(ticket=Rate(5, 0.1), pages=Rate(9, 0.1))
    for _ in range(20):
        ask(mine["ticket_url"], "192.0.2.1")
    assert ask(other["ticket_url"], "192.0.2.1") == 200


def test_a_search_for_tokens_is_slowed_by_its_address(
    app: Flask, mine: dict[str, str], ask: Callable[[str, str], int]
) -> None:
    app.extensions[EXTENSION] = Pace(tickets=Rate(3, 0.1))
    guesses = [ask(f"/api/t/{number:022d}", "192.0.2.1") for number in range(5)]
    assert guesses == [404, 404, 404, 429, 429]
    assert ask(mine["ticket_url"], "192.0.2.2") == 200


def test_reloads_of_a_public_page_are_slowed_by_address_and_the_board_goes_on(
    app: Flask, ask: Callable[[str, str], int]
) -> None:
    app.extensions[EXTENSION] = Pace(pages=Rate(10, 0.1))
    statuses = [ask(f"/status/{SITE}", "192.0.2.1") for _ in range(50)]
    assert (statuses.count(200), statuses.count(429)) == (10, 40)
    assert ask(f"/api/sites/{SITE}/board", "192.0.2.1") == 200
    assert ask("/display/static/css/page.css", "192.0.2.1") == 200
    assert ask(f"/status/{SITE}", "192.0.2.2") == 200


@pytest.mark.parametrize("nobody", ["127.0.0.1", "::1", "nonsense"])
def test_a_proxy_that_names_nobody_does_not_make_a_city_one_address(
    app: Flask, ask: Callable[[str, str], int], nobody: str
) -> None:
    app.extensions[EXTENSION] = Pace(pages=Rate(1, 0.1))
    assert [ask(f"/status/{SITE}", nobody) for _ in range(3)] == [200, 200, 200]


def test_who_is_slowed_is_told_for_how_long(app: Flask, client: FlaskClient, mine: dict[str, str]) -> None:
    app.extensions[EXTENSION] = Pace(ticket=Rate(1, 1))
    client.get(mine["ticket_url"])
    page, program = client.get(mine["ticket_url"]), client.get(f"/api/t/{mine['token']}")
    assert "しばらく待ってから" in page.text
    assert program.get_json()["code"] == "too_often"
    for answer in (page, program):
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
