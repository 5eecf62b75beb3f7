"""A browser becomes a kiosk by a device token, and by nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from queue_server.domain.roles import Role
from queue_server.settings import Settings
from tests.kiosk.conftest import PAGE
from tests.support.api import Api
from tests.support.apps import make_app
from tests.support.clock import ManualClock
from tests.support.page_tree import parse

Csrf = Callable[[FlaskClient], str]


def test_a_browser_that_is_no_kiosk_is_asked_for_a_token(client: FlaskClient) -> None:
    answer = client.get(PAGE)
    page = parse(answer.text)
    assert answer.status_code == 200
    assert page.one(name="token").attrs["type"] == "password"
    assert "端末トークンを入力してください" in page.text
    assert page.all(data_category="ido") == []


def test_the_page_says_both_ways_in_which_an_administrator_makes_a_token(client: FlaskClient) -> None:
    page = parse(client.get(PAGE).text)
    hint = page.one(id="token-hint").text
    assert "管理のページの「端末」" in hint
    assert "queue-server token --role kiosk" in hint
    assert page.one(name="token").attrs["aria-describedby"] == "token-hint"


@pytest.mark.parametrize("token", ["wrong", "", "  "])
def test_a_wrong_token_is_refused_beside_its_field_and_never_shown_again(
    client: FlaskClient, csrf: Csrf, token: str
) -> None:
    answer = client.post(f"{PAGE}/enroll", data={"token": token, "csrf_token": csrf(client)})
    page = parse(answer.text)
    field = page.one(name="token")
    assert answer.status_code == 401
    assert page.one(role="alert").text
    assert page.one(role="alert").attrs["id"] in field.attrs["aria-describedby"].split()
    assert field.attrs["aria-invalid"] == "true"
    assert "value" not in field.attrs


def test_a_desks_token_makes_no_kiosk(client: FlaskClient, api: Api, csrf: Csrf) -> None:
    form = {"token": api.tokens[Role.DESK], "csrf_token": csrf(client)}
    assert client.post(f"{PAGE}/enroll", data=form).status_code == 401
    assert parse(client.get(PAGE).text).all(name="token")


def test_a_form_without_the_pages_csrf_token_enrolls_nothing(client: FlaskClient, api: Api) -> None:
    answer = client.post(f"{PAGE}/enroll", data={"token": api.tokens[Role.KIOSK]})
    assert answer.status_code == 400
    assert parse(answer.text).one(name="token")
    assert parse(client.get(PAGE).text).all(name="token")


def test_the_enrolled_browser_gets_the_touch_page(kiosk: FlaskClient) -> None:
    assert parse(kiosk.get(PAGE).text).one(data_category="ido")


def test_the_demo_lets_every_browser_be_a_kiosk(settings: Settings, clock: ManualClock) -> None:
    with make_app(replace(settings, open_kiosk=True), clock) as app:
        assert parse(app.test_client().get(PAGE).text).one(data_category="ido")


@pytest.mark.parametrize("path", ["/kiosk/elsewhere", "/kiosk/elsewhere/qr/x.svg"])
def test_a_hall_that_does_not_exist_is_404(kiosk: FlaskClient, path: str) -> None:
    assert kiosk.get(path).status_code == 404


def test_enrolling_at_a_hall_that_does_not_exist_is_404(client: FlaskClient, csrf: Csrf) -> None:
    form = {"token": "wrong", "csrf_token": csrf(client)}
    assert client.post("/kiosk/elsewhere/enroll", data=form).status_code == 404
