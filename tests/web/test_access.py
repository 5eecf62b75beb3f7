"""Browsers: people sign in, kiosks are enrolled, and a command carries the CSRF token of its page."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.city import City
from queue_server.domain.roles import Role
from queue_server.settings import Settings
from tests.support.api import Api
from tests.support.apps import make_app
from tests.support.clock import ManualClock

PASSWORD = "correct horse"
SITE = "/api/sites/honchosha"


@pytest.fixture
def sato(city: City) -> str:
    city.accounts.create_staff("sato", Role.DESK, PASSWORD)
    return "sato"


def csrf_of(client: FlaskClient, path: str) -> str:
    """The CSRF token that a page carries, in its form or its head."""
    text = client.get(path).text
    found = re.search(r'name="csrf[-_]token" (?:value|content)="([^"]+)"', text)
    assert found, f"{path} carries no CSRF token"
    return found[1]


def sign_in(client: FlaskClient, name: str = "sato", password: str = PASSWORD, **more: str) -> int:
    form = {"name": name, "password": password, "csrf_token": csrf_of(client, "/desk/sign-in"), **more}
    return client.post("/desk/sign-in", data=form).status_code


def open_counter(client: FlaskClient, csrf: str | None) -> int:
    headers = {"X-CSRFToken": csrf} if csrf else {}
    return client.post(f"{SITE}/counters/6/open", headers=headers).status_code


def test_a_page_for_staff_leads_to_signing_in_and_back(client: FlaskClient, sato: str) -> None:
    answer = client.get("/desk/honchosha/6")
    assert answer.status_code == 302
    assert answer.location.startswith("/desk/sign-in?next=/desk/honchosha/6")
    form = {
        "name": sato,
        "password": PASSWORD,
        "csrf_token": csrf_of(client, answer.location),
        "next": "/desk/honchosha/6",
    }
    assert client.post("/desk/sign-in", data=form).location == "/desk/honchosha/6"


@pytest.mark.parametrize(
    "elsewhere", ["//example.com/", "https://example.com", "/\\example.com", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_host(client: FlaskClient, sato: str, elsewhere: str) -> None:
    form = {"name": sato, "password": PASSWORD, "csrf_token": csrf_of(client, "/desk/sign-in"), "next": elsewhere}
    assert client.post("/desk/sign-in", data=form).location == "/desk"


def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(client: FlaskClient, sato: str) -> None:
    sign_in(client)
    cookie = client.get_cookie("queue_session")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"


@pytest.mark.parametrize(
    ("setting", "scheme", "expected"),
    [(False, "http", False), (False, "https", True), (True, "http", True), (True, "https", True)],
)
def test_the_session_cookie_is_secure_over_https_and_where_the_settings_say_so(
    settings: Settings, clock: ManualClock, setting: bool, scheme: str, expected: bool
) -> None:
    with make_app(replace(settings, secure_cookies=setting), clock) as app:
        answer = app.test_client().get("/desk/sign-in", base_url=f"{scheme}://localhost")
        assert ("Secure" in answer.headers["Set-Cookie"]) is expected


@pytest.mark.parametrize(("name", "password"), [("sato", "wrong password"), ("nobody", PASSWORD), ("", PASSWORD)])
def test_a_wrong_name_or_password_is_401_and_signs_nobody_in(
    client: FlaskClient, sato: str, name: str, password: str
) -> None:
    assert sign_in(client, name, password) == 401
    assert client.get("/desk/honchosha").status_code == 302


def test_a_person_commands_with_the_csrf_token_of_the_page(client: FlaskClient, sato: str) -> None:
    sign_in(client)
    csrf = csrf_of(client, "/desk/honchosha/6")
    assert open_counter(client, None) == 400
    assert open_counter(client, csrf[:-2]) == 400
    assert open_counter(client, csrf) == 200


def test_the_journal_names_the_person(client: FlaskClient, city: City, sato: str) -> None:
    sign_in(client)
    open_counter(client, csrf_of(client, "/desk/honchosha/6"))
    actors = city._store.database.execute("SELECT actor FROM journal").fetchall()
    assert actors == [("staff:sato",)]


def test_signing_out_ends_the_persons_commands(client: FlaskClient, sato: str) -> None:
    sign_in(client)
    csrf = csrf_of(client, "/desk/honchosha/6")
    client.post("/desk/sign-out", data={"csrf_token": csrf})
    assert client.get("/desk/honchosha/6").status_code == 302
    assert open_counter(client, csrf) == 401


def test_a_session_ends_after_the_hours_of_the_settings(client: FlaskClient, clock: ManualClock, sato: str) -> None:
    sign_in(client)
    clock.advance(timedelta(hours=12))
    assert client.get("/desk/honchosha/6").status_code == 302


def test_a_clerk_may_not_issue_numbers_from_the_desk(client: FlaskClient, sato: str) -> None:
    sign_in(client)
    headers = {"X-CSRFToken": csrf_of(client, "/desk/honchosha/6")}
    assert client.post(f"{SITE}/tickets", json={"service": "inkan"}, headers=headers).status_code == 403


def test_a_kiosk_is_enrolled_with_its_token_and_issues_from_then_on(client: FlaskClient, api: Api) -> None:
    csrf = csrf_of(client, "/kiosk/honchosha")
    form = {"token": api.tokens[Role.KIOSK], "csrf_token": csrf}
    assert client.post("/kiosk/honchosha/enroll", data=form).status_code in (302, 303)
    headers = {"X-CSRFToken": csrf_of(client, "/kiosk/honchosha")}
    answer = client.post(f"{SITE}/tickets", json={"service": "inkan"}, headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_wrong_token_enrolls_nothing(client: FlaskClient, token: str) -> None:
    form = {"token": token, "csrf_token": csrf_of(client, "/kiosk/honchosha")}
    assert client.post("/kiosk/honchosha/enroll", data=form).status_code == 401


def test_the_token_of_a_desk_enrolls_no_kiosk(client: FlaskClient, api: Api) -> None:
    form = {"token": api.tokens[Role.DESK], "csrf_token": csrf_of(client, "/kiosk/honchosha")}
    assert client.post("/kiosk/honchosha/enroll", data=form).status_code == 401


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


@pytest.mark.parametrize("path", ["/", "/status/honchosha", "/board/honchosha", "/api/sites", "/static/css/base.css"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/status/honchosha", "/board/honchosha", "/api/sites/honchosha/board"])
def test_public_reads_set_no_cookie(client: FlaskClient, path: str) -> None:
    assert "Set-Cookie" not in client.get(path).headers
