"""The supervisor's pages as the server sends them: who may see them, and what the scripts find there."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.city import City
from queue_server.config import Settings
from queue_server.domain.alerts import AlertKind
from queue_server.domain.calendar import Phase
from queue_server.domain.roles import Role
from queue_server.domain.ticket import TICKET_MOVES, TicketState
from queue_server.web.supervisor_words import messages
from tests.support.api import Api
from tests.support.apps import make_app
from tests.support.clock import ManualClock
from tests.support.page_tree import Node, parse

ROOT = Path(__file__).resolve().parents[2] / "queue_server"
SCRIPTS = {path.name: path.read_text("utf-8") for path in (ROOT / "web/static/js").glob("supervisor*.js")}
PASSWORD = "correct horse"
JAPANESE = {"Accept-Language": "ja"}
PAGE = "/supervisor/honchosha"


def sign_in(client: FlaskClient, city: City, role: Role) -> FlaskClient:
    """A browser in which a person of this role is signed in."""
    city.accounts.create_staff("tanaka", role, PASSWORD, actor="operator:test")
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/desk/sign-in").text)
    assert csrf
    form = {"csrf_token": csrf[1], "name": "tanaka", "password": PASSWORD}
    assert client.post("/desk/sign-in", data=form).status_code == 303
    return client


def page_of(api: Api) -> Node:
    """The page as a device that may manage is shown it: the same as a person's, but for their name."""
    answer = api.get(PAGE, Role.ADMIN, **JAPANESE)
    assert answer.status_code == 200
    return parse(answer.text)


def block(page: Node, name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads("".join(part for part in page.one(id=name).parts if isinstance(part, str)))
    return data


def reissued(api: Api) -> str:
    ticket = api.issue().get_json()["id"]
    token: str = api.post(f"/api/tickets/{ticket}/reissue", {}).get_json()["token"]
    return token


def test_a_city_of_one_hall_shows_it_at_once(api: Api) -> None:
    assert api.get("/supervisor", Role.ADMIN).location == PAGE


@pytest.fixture
def two_halls(settings: Settings, clock: ManualClock, tmp_path: Path) -> Iterator[Flask]:
    """An application of a city with a second hall, like the first one."""
    city, hall = (ROOT / "profiles/atsugi.toml").read_text("utf-8").split("# --- The guide:")[0].split("[[site]]", 1)
    annex = hall.replace('id = "honchosha"', 'id = "annex"').replace("本庁舎1階市民課", "別館")
    profile = tmp_path / "two.toml"
    profile.write_text(f"{city}[[site]]{hall}\n[[site]]{annex}", "utf-8")
    with make_app(Settings(data_dir=settings.data_dir, profile=str(profile), log_level="critical"), clock) as app:
        yield app


def test_of_several_halls_one_is_chosen_by_how_full_it_is(two_halls: Flask) -> None:
    api = Api(two_halls, "annex")
    for _ in range(15):
        api.issue()
    token = {"Authorization": f"Bearer {api.tokens[Role.ADMIN]}"}
    answer = two_halls.test_client().get("/supervisor", headers={**JAPANESE, **token})
    rows = {row.attrs["href"]: row.text for row in parse(answer.text).all(class_="option")}
    assert rows == {
        PAGE: "厚木市役所本庁舎1階市民課 受付中です。 待ち 0人",
        "/supervisor/annex": "厚木市役所別館 受付中です。 待ち 15人 ▲ 注意 1件",
    }


def test_a_ticket_of_another_hall_has_no_code_here(two_halls: Flask) -> None:
    api = Api(two_halls, "annex")
    token = reissued(api)
    assert api.get(f"/supervisor/annex/qr/{token}.svg", Role.ADMIN).status_code == 200
    assert api.get(f"/supervisor/honchosha/qr/{token}.svg", Role.ADMIN).status_code == 404


PATHS = ["/supervisor", PAGE, "/supervisor/honchosha/qr/token.svg"]


def test_nobody_is_led_to_signing_in_and_back(client: FlaskClient) -> None:
    assert [client.get(path).location for path in PATHS] == [f"/desk/sign-in?next={path}" for path in PATHS]


def test_a_clerk_is_refused(client: FlaskClient, city: City) -> None:
    clerk = sign_in(client, city, Role.CLERK)
    assert [clerk.get(path).status_code for path in PATHS] == [403, 403, 403]


def test_a_supervisor_is_shown_the_hall_under_their_name(client: FlaskClient, city: City) -> None:
    answer = sign_in(client, city, Role.SUPERVISOR).get(PAGE, headers=JAPANESE)
    assert answer.status_code == 200
    assert parse(answer.text).one(class_="bar__name").text == "tanaka"


@pytest.mark.parametrize("path", ["/supervisor/elsewhere", "/supervisor/honchosha/qr/nobody.svg"])
def test_what_does_not_exist_is_404(api: Api, path: str) -> None:
    assert api.get(path, Role.ADMIN).status_code == 404


def test_the_page_carries_the_view_and_the_levels_it_works_from(api: Api) -> None:
    api.called("6")
    page = page_of(api)
    assert block(page, "desk") == api.get("/api/sites/honchosha/desk", Role.DESK).get_json()
    services = [service for category in api.board()["categories"] for service in category["services"]]
    assert block(page, "levels") == {service["id"]: service["level"] for service in services}


def test_the_page_names_the_hall_and_leads_back_after_signing_in_again(api: Api) -> None:
    page = page_of(api)
    assert page.tags("h1")[0].text == "全体の状況"
    notice = page.one(data_part="session")
    assert "hidden" in notice.attrs
    assert notice.tags("a")[0].attrs["href"] == f"/desk/sign-in?next={PAGE}"


def test_nothing_can_be_pressed_before_the_script_runs(api: Api) -> None:
    page = page_of(api)
    waiting = [
        button for button in page.tags("button") if button.attrs.get("data-action", "try-sound") != "try-sound"
    ]
    assert len(waiting) >= 5
    assert {button.attrs["aria-disabled"] for button in waiting} == {"true"}
    assert "JavaScript" in page.tags("noscript")[0].text


def test_a_new_slip_shows_the_way_to_its_own_ticket_alone(api: Api) -> None:
    token = reissued(api)
    page = block(page_of(api), "page")
    assert page["address"] == "http://localhost"
    answer = api.get(page["qr"].replace("TOKEN", token), Role.ADMIN)
    assert answer.mimetype == "image/svg+xml"
    assert answer.text.count("<path") == 2
    assert answer.headers["Cache-Control"] == "no-store"


def test_phones_are_sent_to_the_public_address_where_there_is_one(settings: Settings, clock: ManualClock) -> None:
    public = Settings(data_dir=settings.data_dir, profile="atsugi", public_url="https://queue.invalid")
    with make_app(public, clock) as app:
        api = Api(app, "honchosha")
        page = parse(api.get(PAGE, Role.ADMIN, **JAPANESE).text)
        assert block(page, "page")["address"] == "https://queue.invalid"


def test_every_word_that_the_scripts_ask_for_is_there(app: Flask) -> None:
    asked = {name for script in SCRIPTS.values() for name in re.findall(r"messages\.(\w+)", script)} - {"levels"}
    with app.test_request_context():
        words = messages()
    assert len(asked) > 80
    made = {f"alert_{kind}" for kind in AlertKind} | {f"state_{state}" for state in TicketState} | set(Phase)
    made |= {f"{kind}_{move}" for kind in ("move", "did") for move in TICKET_MOVES}
    assert asked | made <= set(words)


def test_every_question_that_the_scripts_ask_stands_on_the_page(api: Api) -> None:
    script = "\n".join(SCRIPTS.values())
    asked = set(re.findall(r'\b(?:ask|askForm|showDialog)\(\s*"([\w-]+)"', script)) | {"cancel", "hold", "transfer"}
    dialogs = {node.attrs["data-dialog"]: node for node in page_of(api).tags("dialog")}
    assert len(asked) > 10
    assert asked | {"prioritize"} == set(dialogs)
    for dialog in dialogs.values():
        assert dialog.all(id=dialog.attrs["aria-labelledby"])
        assert dialog.one(type="button", data_dialog_leave="").text


def test_every_field_has_a_name_and_a_place_for_what_is_wrong(api: Api) -> None:
    page = page_of(api)
    ids = [node.attrs["id"] for node in page.walk() if "id" in node.attrs]
    assert len(ids) == len(set(ids))
    for node in page.walk():
        for name in ("aria-describedby", "aria-labelledby", "for"):
            assert set(node.attrs.get(name, "").split()) <= set(ids)
    labels = {node.attrs["for"] for node in page.tags("label") if "for" in node.attrs}
    typed = [
        node for tag in ("input", "textarea", "select") for node in page.tags(tag) if "data-sound" not in node.attrs
    ]
    for control in typed:
        if control.attrs.get("type") in ("radio", "checkbox", "hidden"):
            continue
        assert control.attrs.get("id") in labels or control.attrs["aria-label"]
        assert any(name.endswith("-problem") for name in control.attrs["aria-describedby"].split())


def test_every_service_and_priority_class_can_be_chosen(api: Api) -> None:
    page = page_of(api)
    view = block(page, "desk")
    services = [service["id"] for service in view["services"]]
    assert [box.attrs["value"] for box in page.one(data_dialog="assign").all(name="services")] == services
    chosen = [option.attrs["value"] for option in page.one(id="transfer-service").tags("option")]
    assert chosen == ["", *services]
    classes = [option.attrs["value"] for option in page.one(id="priority").tags("option")]
    assert classes == ["", *(each["id"] for each in view["priorities"])]


@pytest.mark.parametrize("path", ["/supervisor", PAGE])
def test_the_pages_are_kept_by_no_cache_and_obey_the_content_policy(two_halls: Flask, path: str) -> None:
    api = Api(two_halls, "honchosha")
    answer: TestResponse = api.get(path, Role.ADMIN)
    assert answer.headers["Cache-Control"] == "no-store"
    page = parse(answer.text)
    assert all("style" not in node.attrs for node in page.walk())
    scripts = page.tags("script")
    assert all("src" in script.attrs or script.attrs["type"] == "application/json" for script in scripts)
