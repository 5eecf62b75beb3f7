"""The staff's pages as the server sends them: signing in, choosing a counter, the desk."""

import json
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.city import City
from queue_server.domain.roles import Role
from tests.support.api import Api
from tests.support.page_tree import Node, parse

PASSWORD = "correct horse"
JAPANESE = {"Accept-Language": "ja"}
DESK = "/desk/honchosha/6"


@pytest.fixture
def clerk(client: FlaskClient, city: City) -> FlaskClient:
    """A browser in which a clerk is signed in."""
    city.accounts.create_staff("sato", Role.DESK, PASSWORD)
    assert submit(client, name="sato", password=PASSWORD).status_code == 303
    return client


def page_of(client: FlaskClient, path: str) -> Node:
    answer = client.get(path, headers=JAPANESE)
    assert answer.status_code == 200
    return parse(answer.text)


def submit(client: FlaskClient, path: str = "/desk/sign-in", **form: str) -> TestResponse:
    csrf = re.search(r'name="csrf[-_]token" (?:value|content)="([^"]+)"', client.get(path).text)
    assert csrf
    return client.post(path, data={"csrf_token": csrf[1], **form}, headers=JAPANESE)


def block(page: Node, name: str) -> dict[str, object]:
    data: dict[str, object] = json.loads("".join(part for part in page.one(id=name).parts if isinstance(part, str)))
    return data


def test_a_wrong_password_says_so_keeps_the_name_and_drops_the_password(client: FlaskClient, city: City) -> None:
    city.accounts.create_staff("sato", Role.DESK, PASSWORD)
    answer = submit(client, name="sato", password="wrong password", next=DESK)
    page = parse(answer.text)
    assert answer.status_code == 401
    assert page.one(role="alert").text == "名前またはパスワードが違います。"
    assert page.one(id="name").attrs["value"] == "sato"
    assert "value" not in page.one(id="password").attrs
    assert page.one(name="next").attrs["value"] == DESK, "the way back is kept"


@pytest.mark.parametrize(("name", "password"), [("", PASSWORD), ("sato", "")])
def test_an_empty_field_is_told_apart_from_a_wrong_one(client: FlaskClient, name: str, password: str) -> None:
    answer = submit(client, name=name, password=password)
    assert answer.status_code == 401
    assert parse(answer.text).one(role="alert").text == "名前とパスワードを入力してください。"


def test_a_form_that_is_too_old_can_be_sent_again(client: FlaskClient) -> None:
    form = {"csrf_token": "old", "name": "sato", "password": PASSWORD}
    answer = client.post("/desk/sign-in", data=form, headers=JAPANESE)
    assert answer.status_code == 400
    assert parse(answer.text).one(id="name").attrs["value"] == "sato"


def test_who_is_signed_in_goes_on_at_once(clerk: FlaskClient) -> None:
    assert clerk.get("/desk/sign-in", query_string={"next": DESK}).location == DESK


def test_signing_out_needs_the_pages_own_form(clerk: FlaskClient) -> None:
    assert clerk.post("/desk/sign-out").status_code == 400
    assert clerk.get(DESK).status_code == 200


def test_a_city_of_one_hall_shows_its_counters_at_once(clerk: FlaskClient) -> None:
    assert clerk.get("/desk").location == "/desk/honchosha"


def test_each_counter_says_whether_it_is_open_and_what_it_serves(clerk: FlaskClient, api: Api) -> None:
    label = api.called("6")["label"]
    api.issue()
    rows = page_of(clerk, "/desk/honchosha").all(class_="option")
    texts = {row.attrs["href"]: row.text for row in rows}
    assert texts[DESK] == f"6番窓口 開いています マイナンバー関係 待ち 1人 呼出中 {label}番"
    assert texts["/desk/honchosha/2"] == "2番窓口 閉まっています 住民票・印鑑証明など 印鑑登録 待ち 0人"


def test_the_desk_names_its_counter_and_the_person(clerk: FlaskClient) -> None:
    page = page_of(clerk, DESK)
    assert page.tags("h1")[0].text == "6番窓口"
    assert page.one(class_="bar__name").text == "sato"


def test_the_desk_carries_the_view_it_works_from(clerk: FlaskClient, api: Api) -> None:
    api.called("6")
    view = api.get("/api/sites/honchosha/desk", Role.DESK).get_json()
    assert block(page_of(clerk, DESK), "desk") == view


def test_every_move_and_state_has_its_word(clerk: FlaskClient, api: Api) -> None:
    api.called("6")
    api.issue()
    page = page_of(clerk, DESK)
    messages = block(page, "messages")
    tickets = block(page, "desk")["tickets"]
    assert isinstance(tickets, list)
    for ticket in tickets:
        assert messages[f"state_{ticket['state']}"]
        assert all(messages[f"move_{move}"] for move in ticket["moves"])


def test_nothing_can_be_pressed_before_the_script_runs(clerk: FlaskClient) -> None:
    page = page_of(clerk, DESK)
    assert page.one(data_key="main").attrs["aria-disabled"] == "true"
    assert "hidden" in page.one(data_key="close").attrs


def test_a_transfer_offers_every_service_and_every_other_counter(clerk: FlaskClient, api: Api) -> None:
    dialog = page_of(clerk, DESK).one(data_dialog="transfer")
    services, counters = ([o.attrs["value"] for o in box.tags("option")] for box in dialog.tags("select"))
    assert services[1:] == [service["id"] for c in api.board()["categories"] for service in c["services"]]
    assert counters[1:] == [counter["id"] for counter in api.board()["counters"] if counter["id"] != "6"]


@pytest.mark.parametrize("path", ["/desk/elsewhere", "/desk/honchosha/99"])
def test_what_does_not_exist_is_404(clerk: FlaskClient, path: str) -> None:
    assert clerk.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/desk/sign-in", "/desk/honchosha", DESK])
def test_staff_pages_are_kept_by_no_cache_and_obey_the_content_policy(clerk: FlaskClient, path: str) -> None:
    answer = clerk.get(path) if path != "/desk/sign-in" else clerk.application.test_client().get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    page = parse(answer.text)
    assert all("style" not in node.attrs for node in page.walk())
    scripts = page.tags("script")
    assert all("src" in script.attrs or script.attrs["type"] == "application/json" for script in scripts)
