"""Who may do what: the door before every view, for people, devices and kiosks."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server import access
from queue_server.access import Actor, requires, requires_person, still_valid
from queue_server.city import City
from queue_server.domain.roles import STAFF_ROLES, Permission, Role
from queue_server.settings import Settings
from tests.support.api import Api
from tests.support.apps import city_of, make_app
from tests.support.clock import ManualClock
from tests.support.people import add_person, csrf_of, sign_in, signed_in, submit

SITE = "/api/sites/honchosha"
DESK = "/desk/honchosha/6"


def open_counter(client: FlaskClient, csrf: str | None) -> int:
    headers = {"X-CSRFToken": csrf} if csrf else {}
    return client.post(f"{SITE}/counters/6/open", headers=headers).status_code


@pytest.fixture
def seen() -> list[Actor]:
    """Whoever passed a guard of the views in `guarded`."""
    return []


@pytest.fixture
def guarded(app: Flask, seen: list[Actor]) -> Flask:
    """The application with a view behind each guard: /issue, /call ... and /mine, for people alone."""
    guards = {**{permission.value: requires(permission) for permission in Permission}, "mine": requires_person()}
    for name, guard in guards.items():
        app.add_url_rule(f"/{name}", name, guard(lambda: seen.append(access.guarded_actor()) or "passed"))
    return app


def test_a_person_commands_with_the_csrf_token_of_the_page(client: FlaskClient, city: City) -> None:
    signed_in(client, city)
    csrf = csrf_of(client, DESK)
    assert open_counter(client, None) == 400
    assert open_counter(client, csrf[:-2]) == 400
    assert open_counter(client, csrf) == 200


def test_the_journal_names_the_person(client: FlaskClient, city: City) -> None:
    signed_in(client, city)
    open_counter(client, csrf_of(client, DESK))
    rows = city.accounts._store.database.execute("SELECT kind, actor FROM journal").fetchall()
    assert rows == [("add_account", "operator:test"), ("sign_in", "staff:sato"), ("open_counter", "staff:sato")]


def test_a_clerk_may_not_issue_numbers_from_the_desk(client: FlaskClient, city: City) -> None:
    signed_in(client, city)
    headers = {"X-CSRFToken": csrf_of(client, DESK)}
    assert client.post(f"{SITE}/tickets", json={"service": "inkan"}, headers=headers).status_code == 403


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_passes_the_guards_of_its_work(guarded: Flask, city: City, role: Role) -> None:
    client = signed_in(guarded.test_client(), city, role=role)
    passed = {permission for permission in Permission if client.get(f"/{permission}").status_code == 200}
    expected = {
        Role.CLERK: {Permission.CALL},
        Role.SUPERVISOR: {Permission.ISSUE, Permission.CALL, Permission.MANAGE},
        Role.ADMINISTRATOR: set(Permission),
    }
    assert passed == expected[role]


def test_another_role_counts_from_the_next_request_on(guarded: Flask, city: City) -> None:
    client = signed_in(guarded.test_client(), city, role=Role.SUPERVISOR)
    assert client.get("/manage").status_code == 200
    city.accounts.change_role(city.accounts.staff_named("sato").id, Role.CLERK, actor="staff:tanaka")
    assert client.get("/manage").status_code == 403


def test_whoever_supervises_may_command_at_anothers_counter(app: Flask, city: City) -> None:
    found = []
    guard = requires(Permission.CALL)
    app.add_url_rule("/who", "who", guard(lambda: found.append(access.caller("press-1")) or "noted"))
    for name, role in (("sato", Role.CLERK), ("tanaka", Role.SUPERVISOR)):
        signed_in(app.test_client(), city, name, role).get("/who")
    assert [(each.actor, each.request_id, each.supervises) for each in found] == [
        ("staff:sato", "press-1", False),
        ("staff:tanaka", "press-1", True),
    ]


def test_a_persons_own_pages_are_for_people_alone(guarded: Flask, seen: list[Actor], city: City, api: Api) -> None:
    assert guarded.test_client().get("/mine").status_code == 302
    headers = {"Authorization": f"Bearer {api.tokens[Role.ADMIN]}"}
    assert guarded.test_client().get("/mine", headers=headers).status_code == 302
    assert signed_in(guarded.test_client(), city).get("/mine").status_code == 200
    assert [(actor.name, actor.role) for actor in seen] == [("staff:sato", Role.CLERK)]


def test_a_revoked_device_is_nobody_from_the_next_request_on(app: Flask, city: City, api: Api) -> None:
    assert api.get(f"{SITE}/desk", Role.DESK).status_code == 200
    [desk] = [device for device in city.accounts.list_devices() if device.role is Role.DESK]
    assert desk.last_seen_at == city.clock.now()
    city.accounts.revoke_device(desk.id, actor="staff:tanaka")
    answer = api.get(f"{SITE}/desk", Role.DESK)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "not_signed_in")


def test_what_does_not_exist_asks_nobody_who_they_are(client: FlaskClient) -> None:
    assert client.get("/nowhere").status_code == 404
    assert client.options("/account").status_code == 200


def test_a_display_is_seen_when_it_reads_what_everybody_may_read(city: City, api: Api) -> None:
    assert api.get(f"{SITE}/board", Role.DISPLAY).status_code == 200
    assert api.get(f"{SITE}/desk", Role.DISPLAY).status_code == 403
    [display] = [device for device in city.accounts.list_devices() if device.role is Role.DISPLAY]
    assert display.last_seen_at == city.clock.now()
    city.accounts.revoke_device(display.id, actor="staff:tanaka")
    assert api.get(f"{SITE}/board", Role.DISPLAY).status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic c2F0bzpwYXNz"])
def test_a_header_that_carries_no_token_is_nobody(client: FlaskClient, header: str) -> None:
    assert client.get(f"{SITE}/desk", headers={"Authorization": header}).status_code == 401


def test_a_kiosk_is_enrolled_with_its_token_and_issues_from_then_on(client: FlaskClient, api: Api) -> None:
    enroll = submit(client, "/kiosk/honchosha", "/kiosk/honchosha/enroll", token=api.tokens[Role.KIOSK])
    assert enroll.status_code in (302, 303)
    headers = {"X-CSRFToken": csrf_of(client, "/kiosk/honchosha")}
    assert client.post(f"{SITE}/tickets", json={"service": "inkan"}, headers=headers).status_code == 201


def test_a_kiosk_that_is_revoked_asks_for_its_token_where_it_stands(
    client: FlaskClient, city: City, api: Api
) -> None:
    submit(client, "/kiosk/honchosha", "/kiosk/honchosha/enroll", token=api.tokens[Role.KIOSK])
    [kiosk] = [device for device in city.accounts.list_devices() if device.role is Role.KIOSK]
    city.accounts.revoke_device(kiosk.id, actor="staff:tanaka")
    assert 'name="token"' in client.get("/kiosk/honchosha").text


def test_a_kiosk_never_may_more_than_a_kiosk_whatever_its_token(client: FlaskClient, api: Api) -> None:
    submit(client, "/kiosk/honchosha", "/kiosk/honchosha/enroll", token=api.tokens[Role.ADMIN])
    headers = {"X-CSRFToken": csrf_of(client, "/kiosk/honchosha")}
    assert client.post(f"{SITE}/tickets", json={"service": "inkan"}, headers=headers).status_code == 201
    assert client.get("/desk/honchosha").status_code == 302
    assert open_counter(client, headers["X-CSRFToken"]) == 401


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_wrong_token_enrolls_nothing(client: FlaskClient, token: str) -> None:
    assert submit(client, "/kiosk/honchosha", "/kiosk/honchosha/enroll", token=token).status_code == 401


def test_the_token_of_a_desk_enrolls_no_kiosk(client: FlaskClient, api: Api) -> None:
    enroll = submit(client, "/kiosk/honchosha", "/kiosk/honchosha/enroll", token=api.tokens[Role.DESK])
    assert enroll.status_code == 401


@pytest.fixture
def open_kiosk(settings: Settings, clock: ManualClock) -> Iterator[Flask]:
    with make_app(replace(settings, open_kiosk=True), clock) as app:
        yield app


def test_in_the_demo_any_browser_is_a_kiosk_and_nothing_more(open_kiosk: Flask) -> None:
    client = open_kiosk.test_client()
    headers = {"X-CSRFToken": csrf_of(client, "/kiosk/honchosha")}
    assert client.post(f"{SITE}/tickets", json={"service": "inkan"}, headers=headers).status_code == 201
    assert client.post(f"{SITE}/tickets", json={"service": "inkan"}).status_code == 401, "without the page's token"
    wrong = {"X-CSRFToken": "wrong"}
    assert client.post(f"{SITE}/tickets", json={"service": "inkan"}, headers=wrong).status_code == 400
    assert client.get("/desk/honchosha").status_code == 302, "a kiosk's browser is nobody at the desk"
    assert client.post(f"{SITE}/counters/6/open", headers=headers).status_code == 401


def test_a_supervisor_at_the_demos_kiosk_issues_in_their_own_name(open_kiosk: Flask) -> None:
    client = signed_in(open_kiosk.test_client(), city_of(open_kiosk), role=Role.SUPERVISOR)
    headers = {"X-CSRFToken": csrf_of(client, DESK)}
    assert client.post(f"{SITE}/tickets", json={"service": "inkan"}, headers=headers).status_code == 201
    journal = city_of(open_kiosk).accounts._store.database.execute("SELECT kind, actor FROM journal").fetchall()
    assert journal[-1] == ("issue", "staff:sato")


def test_a_connection_ends_with_what_let_it_in(guarded: Flask, seen: list[Actor], city: City, api: Api) -> None:
    """What realtime asks about every open socket, outside of any request."""
    browsers = [guarded.test_client() for _ in range(4)]
    for number, browser in enumerate(browsers):
        signed_in(browser, city, f"person-{number}").get("/call")
    guarded.test_client().get("/call", headers={"Authorization": f"Bearer {api.tokens[Role.DESK]}"})
    assert all(still_valid(city, actor) for actor in seen)
    assert still_valid(city, access.OPEN_KIOSK)
    _, disabled, promoted, stays, desk = seen
    submit(browsers[0], DESK, "/desk/sign-out")
    assert [still_valid(city, actor) for actor in seen] == [False, True, True, True, True]
    city.accounts.disable(str(disabled.account_id), actor="staff:tanaka")
    city.accounts.change_role(str(promoted.account_id), Role.SUPERVISOR, actor="staff:tanaka")
    city.accounts.revoke_device(str(desk.account_id), actor="staff:tanaka")
    assert [actor.name for actor in seen if still_valid(city, actor)] == [stays.name]


@pytest.mark.parametrize(
    "path", ["/", "/status/honchosha", "/board/honchosha", "/api/sites", "/t/worker.js", "/static/img/icon.svg"]
)
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/static/css/base.css", "/display/static/js/ticket.js"])
def test_the_parts_of_a_page_are_not_burdened_with_what_concerns_documents(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
        assert not {
            "Permissions-Policy",
            "Referrer-Policy",
            "Accept-Ranges",
            "Content-Disposition",
            "Last-Modified",
        } & set(answer.headers.keys())
        etag = answer.headers["ETag"]
    with client.get(path, headers={"If-None-Match": etag}) as again:
        assert again.status_code == 304


@pytest.mark.parametrize("path", ["/", "/status/honchosha", "/board/honchosha", "/api/sites/honchosha/board"])
def test_public_reads_set_no_cookie(client: FlaskClient, city: City, path: str) -> None:
    assert "Set-Cookie" not in client.get(path).headers
    add_person(city)
    sign_in(client)
    assert "Set-Cookie" not in client.get(path).headers
