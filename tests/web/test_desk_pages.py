"""The clerks' pages as the server sends them: choosing a counter, the desk."""

import json

import pytest
from flask.testing import FlaskClient

from queue_server.city import City
from queue_server.domain.calendar import Phase
from queue_server.domain.roles import Role
from queue_server.domain.ticket import TICKET_MOVES, UNDOABLE_MOVES, TicketState
from queue_server.hall import Caller
from tests.support.api import Api
from tests.support.page_tree import Node, parse
from tests.support.people import JAPANESE, signed_in

DESK = "/desk/honchosha/6"


@pytest.fixture
def clerk(client: FlaskClient, city: City) -> FlaskClient:
    """A browser in which a clerk is signed in."""
    return signed_in(client, city)


def page_of(client: FlaskClient, path: str) -> Node:
    answer = client.get(path, headers=JAPANESE)
    assert answer.status_code == 200
    return parse(answer.text)


def block(page: Node, name: str) -> dict[str, object]:
    data: dict[str, object] = json.loads("".join(part for part in page.one(id=name).parts if isinstance(part, str)))
    return data


def test_a_city_of_one_hall_shows_its_counters_at_once(clerk: FlaskClient) -> None:
    assert clerk.get("/desk").location == "/desk/honchosha"


def test_each_counter_says_whether_it_is_open_and_what_it_serves(clerk: FlaskClient, api: Api) -> None:
    label = api.called("6")["label"]
    api.issue()
    rows = page_of(clerk, "/desk/honchosha").all(class_="option")
    texts = {row.attrs["href"]: row.text for row in rows}
    assert texts[DESK] == f"6番窓口 開いています マイナンバー関係 待ち 1人 {label}番を呼出中"
    assert texts["/desk/honchosha/4"] == "4番窓口 閉まっています 転入・転居・転出の届出、印鑑登録 待ち 0人"


def test_each_counter_says_who_works_there_and_the_persons_own_one_is_at_hand(clerk: FlaskClient, city: City) -> None:
    hall = city.hall("honchosha")
    hall.open_counter(Caller("staff:abe", "1"), "5")
    hall.start_break(Caller("staff:abe", "2"), "5", 15)
    hall.open_counter(Caller("staff:sato", "3"), "6")
    page = page_of(clerk, "/desk/honchosha")
    assert page.one(data_counter="5").text.startswith("5番窓口 休憩中 abeさん")
    assert page.one(data_counter="6").text.startswith("6番窓口 開いています あなた")
    assert [node.attrs["data-counter"] for node in page.all(autofocus="")] == ["6"]


def test_the_desk_names_its_counter_and_the_person(clerk: FlaskClient) -> None:
    page = page_of(clerk, DESK)
    assert page.tags("h1")[0].text == "6番窓口"
    assert page.one(class_="bar__name").text == "sato"


def test_the_desk_carries_the_view_it_works_from(clerk: FlaskClient, api: Api) -> None:
    api.called("6")
    view = api.get("/api/sites/honchosha/desk", Role.DESK).get_json()
    assert block(page_of(clerk, DESK), "desk") == view


def test_every_state_move_undo_and_closed_phase_has_its_word(clerk: FlaskClient) -> None:
    messages = block(page_of(clerk, DESK), "messages")
    wanted = {f"state_{state}" for state in TicketState}
    wanted |= {f"move_{move}" for move in {*TICKET_MOVES, *UNDOABLE_MOVES}}
    wanted |= {f"did_{move}" for move in TICKET_MOVES}
    wanted |= {f"undo_{move}" for move in UNDOABLE_MOVES}
    wanted |= {f"phase_{phase}" for phase in Phase if phase is not Phase.OPEN}
    assert wanted <= messages.keys()


def test_nothing_can_be_pressed_before_the_script_runs(clerk: FlaskClient) -> None:
    page = page_of(clerk, DESK)
    assert page.one(data_key="main").attrs["aria-disabled"] == "true"
    for name in ("close", "break", "undo"):
        assert "hidden" in page.one(data_key=name).attrs


def test_the_desk_knows_who_works_with_it(clerk: FlaskClient, city: City) -> None:
    assert block(page_of(clerk, DESK), "me") == {
        "actor": "staff:sato",
        "clerk": "sato",
        "assists": False,
        "idle_minutes": 90,
    }
    supervisor = signed_in(clerk.application.test_client(), city, "ono", Role.SUPERVISOR)
    assert block(page_of(supervisor, DESK), "me")["assists"] is True


def test_a_desk_that_is_a_device_is_nobody_in_particular_and_is_never_idle(clerk: FlaskClient, api: Api) -> None:
    token = {"Authorization": f"Bearer {api.tokens[Role.DESK]}", **JAPANESE}
    page = parse(clerk.application.test_client().get(DESK, headers=token).text)
    assert block(page, "me") == {"actor": "device:test-desk", "clerk": None, "assists": True, "idle_minutes": None}
    assert page.all(data_sign_out="") == [], "a device does not sign out"


def test_the_usual_answers_are_one_digit_away(clerk: FlaskClient) -> None:
    page = page_of(clerk, DESK)
    reasons = page.one(data_dialog="hold").all(data_into="reason")
    assert [reason.attrs["data-digit"] for reason in reasons] == ["1", "2", "3", "4"]
    assert reasons[0].attrs["data-choice"] == "書類の記入中"
    minutes = page.one(data_dialog="break").all(data_into="minutes")
    assert [each.attrs["data-choice"] for each in minutes] == ["10", "15", "30", "45", "60"]


def test_the_list_of_keys_names_every_key_that_a_button_shows(clerk: FlaskClient) -> None:
    page = page_of(clerk, DESK)
    listed = {key.text for key in page.one(data_dialog="keys").tags("kbd")}
    buttons = [node for node in page.walk() if "data-key" in node.attrs and node.attrs["data-key"] != "any"]
    shown = {key.text for button in buttons for key in button.tags("kbd")}
    assert {"N", "Space", "U", "G", "B", "O", "?"} == shown
    assert shown < listed
    assert {"S", "R", "C", "A", "X", "H", "T", "P", "L"} < listed


@pytest.mark.parametrize(("role", "ways"), [(Role.CLERK, 0), (Role.SUPERVISOR, 1), (Role.ADMINISTRATOR, 1)])
@pytest.mark.parametrize("path", ["/desk/honchosha", DESK])
def test_who_supervises_finds_the_way_to_the_whole_hall(
    client: FlaskClient, city: City, role: Role, ways: int, path: str
) -> None:
    page = page_of(signed_in(client, city, role=role), path)
    assert len(page.all(href="/supervisor/honchosha")) == ways


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
