"""Public reads: whole boards with an ETag, and a ticket for the holder of its token alone."""

import json

from flask.testing import FlaskClient

from queue_server.page_headers import FRESH
from tests.support.api import Api

BOARD = "/api/sites/honchosha/board"


def test_sites_lists_every_site_with_its_status(client: FlaskClient) -> None:
    sites = client.get("/api/sites").get_json()["sites"]
    assert [site["id"] for site in sites] == ["honchosha"]
    assert sites[0]["name"] == "厚木市役所本庁舎1階市民課"
    assert sites[0]["status"]["open"] is True


def test_the_board_is_served_with_an_etag_of_its_version(client: FlaskClient) -> None:
    answer = client.get(BOARD)
    assert answer.headers["ETag"] == f'"{answer.get_json()["version"]}"'
    assert answer.headers["Cache-Control"] == FRESH
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_reader_who_has_the_board_gets_304_until_it_changes(client: FlaskClient, api: Api) -> None:
    etag = client.get(BOARD).headers["ETag"]
    unchanged = client.get(BOARD, headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    api.issue()
    assert client.get(BOARD, headers={"If-None-Match": etag}).status_code == 200


def test_everybody_is_served_the_same_bytes(client: FlaskClient) -> None:
    assert client.get(BOARD).data == client.get(BOARD).data


def test_the_atsugi_rule_shows_crowded_at_exactly_five_waiting(api: Api) -> None:
    for _ in range(4):
        api.issue("mynumber")
    assert api.service("mynumber")["level"] == {"key": "free", "label": "混雑していません"}
    api.issue("mynumber")
    assert api.service("mynumber")["level"] == {"key": "crowded", "label": "混雑中"}


def test_the_public_board_carries_no_ticket_id_and_no_token(client: FlaskClient, api: Api) -> None:
    issued = api.issue().get_json()
    called = api.called("4", "todoke")
    text = client.get(BOARD).text
    for secret in (issued["id"], issued["token"], called["id"]):
        assert secret not in text


def test_a_token_opens_its_ticket_without_the_id(client: FlaskClient, api: Api) -> None:
    api.issue()
    issued = api.issue().get_json()
    answer = client.get(f"/api/t/{issued['token']}")
    ticket = answer.get_json()
    assert (ticket["label"], ticket["state"], ticket["ahead"]) == ("501", "waiting", 1)
    assert issued["id"] not in json.dumps(ticket)
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_is_being_served_counts_as_ahead(client: FlaskClient, api: Api) -> None:
    api.called("6", "mynumber")
    issued = api.issue("mynumber").get_json()
    assert issued["ahead"] == 1
    assert client.get(f"/api/t/{issued['token']}").get_json()["ahead"] == 1


def test_a_wrong_token_is_404(client: FlaskClient) -> None:
    answer = client.get("/api/t/AAAAAAAAAAAAAAAAAAAAAA")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_ticket")


def test_error_sentences_speak_the_language_that_was_asked_for(client: FlaskClient) -> None:
    japanese = client.get("/api/sites/nowhere/board").get_json()["message"]
    assert japanese == "その庁舎はありません。"
