"""How a session ends by itself, and how whoever it ended for gets back to where they were."""

import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from queue_server import access
from queue_server.access import requires
from queue_server.access.kept import KEPT_FOR
from queue_server.accounts import Accounts
from queue_server.city import City
from queue_server.domain.roles import Permission, Role
from queue_server.settings import Settings
from tests.support.apps import city_of, make_app
from tests.support.clock import ManualClock
from tests.support.page_tree import parse
from tests.support.people import JAPANESE, SIGN_IN, add_person, csrf_of, sign_in, signed_in

DESK = "/desk/honchosha/6"
VIEW = "/api/sites/honchosha/desk"
OPEN = "/api/sites/honchosha/counters/6/open"
OPERATOR = "operator:root"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clerk(client: FlaskClient, city: City) -> FlaskClient:
    """A browser in which a clerk is signed in."""
    return signed_in(client, city)


def is_in(client: FlaskClient) -> bool:
    """Whether somebody is signed in, asked in the way of a page that only listens."""
    return client.get(VIEW).status_code == 200


def test_a_session_ends_after_the_hours_of_the_settings_however_busy(clerk: FlaskClient, clock: ManualClock) -> None:
    for _ in range(11):
        clock.advance(timedelta(hours=1))
        assert clerk.get(DESK).status_code == 200
    clock.advance(timedelta(hours=1))
    assert not is_in(clerk)
    note = parse(clerk.get(SIGN_IN, headers=JAPANESE).text).one(role="status")
    assert note.text == "サインインから時間がたったため、サインアウトしました。"


def test_a_session_ends_after_the_idle_time_though_its_page_listens(clerk: FlaskClient, clock: ManualClock) -> None:
    for _ in range(89):
        clock.advance(MINUTE)
        assert is_in(clerk)
    clock.advance(MINUTE)
    answer = clerk.get(VIEW)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "not_signed_in")
    note = parse(clerk.get(SIGN_IN, headers=JAPANESE).text).one(role="status")
    assert note.text == "しばらく操作がなかったため、サインアウトしました。"


@pytest.mark.parametrize(
    "deed",
    [lambda c, csrf: c.get(DESK), lambda c, csrf: c.post(OPEN, headers={"X-CSRFToken": csrf})],
    ids=["an opened page", "a command"],
)
def test_what_a_person_does_keeps_the_session_alive(
    clerk: FlaskClient, clock: ManualClock, deed: Callable[[FlaskClient, str], object]
) -> None:
    csrf = csrf_of(clerk, DESK)
    for _ in range(3):
        clock.advance(80 * MINUTE)
        deed(clerk, csrf)
    clock.advance(89 * MINUTE)
    assert is_in(clerk)


def test_a_command_that_the_door_refuses_keeps_nothing_alive(clerk: FlaskClient, clock: ManualClock) -> None:
    clock.advance(60 * MINUTE)
    assert clerk.post(OPEN, headers={"X-CSRFToken": "wrong"}).status_code == 400
    clock.advance(30 * MINUTE)
    assert not is_in(clerk)


def test_the_idle_time_is_a_setting(settings: Settings, clock: ManualClock) -> None:
    with make_app(replace(settings, idle_minutes=5), clock) as app:
        client = signed_in(app.test_client(), city_of(app))
        clock.advance(5 * MINUTE)
        assert not is_in(client)


def test_the_cookie_is_sent_again_at_most_once_a_minute(clerk: FlaskClient, clock: ManualClock) -> None:
    clerk.get(DESK)
    sent = []
    for seconds in (10, 49, 1, 30, 31):
        clock.advance(timedelta(seconds=seconds))
        sent.append("Set-Cookie" in clerk.get(DESK).headers)
    assert sent == [False, False, True, False, True]


def test_a_restart_of_the_server_signs_nobody_out_and_nobody_in(settings: Settings, clock: ManualClock) -> None:
    with make_app(settings, clock) as app:
        cookie = signed_in(app.test_client(), city_of(app)).get_cookie("queue_session")
    assert cookie is not None
    with make_app(settings, clock) as app:
        client = app.test_client()
        client.set_cookie("queue_session", cookie.value)
        clock.advance(89 * MINUTE)
        assert is_in(client)
        clock.advance(MINUTE)
        assert not is_in(client)


@pytest.mark.parametrize(
    "change",
    [
        lambda a, p: a.set_password(p, "another password", actor=OPERATOR),
        lambda a, p: a.sign_out_everywhere(p, actor=OPERATOR),
        lambda a, p: a.disable(p, actor=OPERATOR),
    ],
    ids=["a new password", "signed out everywhere", "disabled"],
)
def test_what_somebody_else_changes_ends_every_session_at_once(
    app: Flask, city: City, change: Callable[[Accounts, str], object]
) -> None:
    first, second, other = (app.test_client() for _ in range(3))
    signed_in(first, city)
    sign_in(second)
    signed_in(other, city, "tanaka")
    change(city.accounts, city.accounts.staff_named("sato").id)
    assert [is_in(client) for client in (first, second, other)] == [False, False, True]
    note = parse(first.get(SIGN_IN, headers=JAPANESE).text).one(role="status")
    assert note.text == "サインインが取り消されました。もう一度サインインしてください。"


def test_the_key_that_sessions_are_signed_with_is_its_owners_alone(client: FlaskClient, settings: Settings) -> None:
    assert stat.S_IMODE((settings.data_dir / "secret.key").stat().st_mode) == 0o600


def test_a_cookie_of_an_older_version_signs_nobody_in(client: FlaskClient, city: City) -> None:
    person = add_person(city)
    with client.session_transaction() as session:
        session["staff_id"] = person.id
        session["staff_until"] = "2099-01-01T00:00:00+00:00"
    assert not is_in(client)


@pytest.fixture
def notes(app: Flask) -> Flask:
    """A form of the application: a page that shows it, and the view that it is sent to."""

    def show() -> dict[str, object]:
        kept = access.kept_form()
        return {"why": kept.why, "text": kept.fields.get("text"), "sites": kept.fields.getlist("site")}

    app.add_url_rule("/notes", "notes", requires(Permission.CALL)(show))
    take = requires(Permission.CALL, form="notes")(lambda: "taken: " + request.form["text"])
    app.add_url_rule("/notes/add", "add_note", take, methods=["POST"])
    app.add_url_rule("/notes/<note>/change", "change_note", take, methods=["POST"])
    no_form = requires(Permission.CALL)(lambda: "done")
    app.add_url_rule("/notes/clear", "clear_notes", no_form, methods=["POST"])
    return app


TYPED = {"text": "本日は午後から混み合います", "site": ["a", "b"], "password": "never kept", "csrf_token": "old"}
KEPT = {"text": "本日は午後から混み合います", "sites": ["a", "b"]}
NOTHING = {"why": "", "text": None, "sites": []}


def test_a_form_with_an_old_token_comes_back_with_what_was_typed(notes: Flask, city: City) -> None:
    client = signed_in(notes.test_client(), city)
    answer = client.post("/notes/add", data=TYPED)
    assert (answer.status_code, answer.location) == (303, "/notes")
    assert client.get("/notes").get_json() == {"why": "csrf_failed", **KEPT}
    assert client.get("/notes").get_json() == NOTHING, "it is given once"


def test_the_page_of_a_form_may_have_a_simpler_address(notes: Flask, city: City) -> None:
    client = signed_in(notes.test_client(), city)
    answer = client.post("/notes/7/change", data=TYPED)
    assert answer.location == "/notes?note=7"
    assert client.get(answer.location).get_json() == {"why": "csrf_failed", **KEPT}


def test_a_form_with_its_own_token_is_taken(notes: Flask, city: City) -> None:
    client = signed_in(notes.test_client(), city)
    answer = client.post("/notes/add", data={**TYPED, "csrf_token": csrf_of(client, DESK)})
    assert answer.text == "taken: 本日は午後から混み合います"


def test_a_form_sent_after_the_session_ended_waits_for_the_same_person(
    notes: Flask, city: City, clock: ManualClock
) -> None:
    client = signed_in(notes.test_client(), city)
    clock.advance(timedelta(hours=2))
    answer = client.post("/notes/add", data=TYPED)
    assert (answer.status_code, answer.location) == (303, "/desk/sign-in?next=/notes")
    assert sign_in(client, next="/notes").location == "/notes"
    assert client.get("/notes").get_json() == {"why": "signed_in_again", **KEPT}


def test_a_form_is_never_shown_to_the_next_person(notes: Flask, city: City, clock: ManualClock) -> None:
    client = signed_in(notes.test_client(), city)
    clock.advance(timedelta(hours=2))
    client.post("/notes/add", data=TYPED)
    signed_in(client, city, "tanaka", Role.ADMINISTRATOR)
    assert client.get("/notes").get_json() == NOTHING


def test_a_form_is_not_kept_for_long(notes: Flask, city: City, clock: ManualClock) -> None:
    client = signed_in(notes.test_client(), city)
    client.post("/notes/add", data=TYPED)
    clock.advance(KEPT_FOR + timedelta(seconds=1))
    assert client.get("/notes").get_json() == NOTHING


def test_a_form_of_nobody_is_not_kept(notes: Flask) -> None:
    """Another site's page may send such a form; nothing of it waits for whoever signs in."""
    client = notes.test_client()
    answer = client.post("/notes/add", data=TYPED)
    assert answer.location == "/desk/sign-in?next=/notes"
    assert "Set-Cookie" not in answer.headers


def test_a_form_that_no_cookie_can_hold_comes_back_empty_but_says_why(notes: Flask, city: City) -> None:
    client = signed_in(notes.test_client(), city)
    client.post("/notes/add", data={**TYPED, "text": "長" * 500})
    assert client.get("/notes").get_json() == {**NOTHING, "why": "csrf_failed"}


def test_what_is_sent_without_a_page_of_its_own_leads_to_signing_in(notes: Flask, city: City) -> None:
    assert notes.test_client().post("/notes/clear").location == SIGN_IN
    assert signed_in(notes.test_client(), city).post("/notes/clear").status_code == 400
