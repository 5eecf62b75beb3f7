"""Who may use the kiosk computer's pages: its own browser, on its own pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from kiosk.local.words import SENTENCES
from queue_server.page_headers import HEADERS
from tests.support.api import Api
from tests.support.kiosk_computer import Alone, alone_beside


@pytest.fixture
def alone(app: Flask, api: Api, tmp_path: Path) -> Iterator[Alone]:
    with alone_beside(app, api.site, tmp_path / "kiosk") as alone:
        assert alone.round()
        yield alone


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"])
def test_a_page_of_this_computer_is_answered(alone: Alone, host: str) -> None:
    assert alone.get(f"/api/sites/{alone.site}/board", Host=host).status_code == 200
    assert alone.issue(Host=host, Origin=f"http://{host}").status_code == 201


@pytest.mark.parametrize("host", ["evil.example:8080", "127.0.0.1", "127.0.0.1:9090", "", "192.0.2.1:8080"])
def test_a_name_that_somebody_points_here_reads_nothing(alone: Alone, host: str) -> None:
    refused = alone.get(f"/api/sites/{alone.site}/board", Host=host)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "foreign_origin")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:9090"},
        {"Origin": "http://127.0.0.1:8080", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_page_of_another_origin_commands_nothing(alone: Alone, api: Api, headers: dict[str, str]) -> None:
    refused = alone.issue(**headers)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "foreign_origin")
    assert api.service("mynumber")["waiting"] == []


def test_a_command_without_an_origin_is_none_of_a_page(alone: Alone) -> None:
    path = f"/api/sites/{alone.site}/tickets"
    bare = alone.app.test_client().post(path, json={"service": "mynumber"}, headers={"Host": alone.host})
    assert bare.status_code == 403


def test_every_answer_carries_the_servers_policy(alone: Alone) -> None:
    for answer in (alone.get(f"/api/sites/{alone.site}/board"), alone.get("/nothing"), alone.issue()):
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_board_is_sent_once_for_each_version(alone: Alone, api: Api) -> None:
    path = f"/api/sites/{alone.site}/board"
    first = alone.get(path)
    assert alone.get(path, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    api.issue("mynumber")
    alone.round()
    assert alone.get(path, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_address_of_the_machine_leads_to_the_page(alone: Alone) -> None:
    assert alone.get("/").headers["Location"] == f"/kiosk/{alone.site}"


def test_another_site_and_another_address_are_unknown(alone: Alone) -> None:
    assert alone.get("/api/sites/elsewhere/board").get_json()["code"] == "unknown_site"
    assert alone.get("/api/sites").status_code == 404
    page = alone.get("/nothing")
    assert page.status_code == 404
    assert SENTENCES["not_found"] in page.text


def test_a_page_that_cannot_be_made_yet_asks_again_by_itself(app: Flask, api: Api, tmp_path: Path) -> None:
    with alone_beside(app, api.site, tmp_path / "new") as alone:
        answer = alone.get(f"/api/sites/{alone.site}/board")
        assert (answer.status_code, answer.headers["Refresh"]) == (503, "3")
