"""The person's own account: a new password, and signing out everywhere."""

from datetime import timedelta

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.access import begin_session
from queue_server.access.throttle import PER_NAME
from queue_server.city import City
from queue_server.domain.roles import STAFF_ROLES, Role
from tests.support.clock import ManualClock
from tests.support.page_tree import Node, parse
from tests.support.people import JAPANESE, PASSWORD, add_person, sign_in, signed_in, submit

PAGE = "/account"
NEW = "brand new secret"
VIEW = "/api/sites/honchosha/desk"


@pytest.fixture
def clerk(client: FlaskClient, city: City) -> FlaskClient:
    """A browser in which a clerk is signed in."""
    return signed_in(client, city)


def change(client: FlaskClient, **changed: str) -> TestResponse:
    fields = {"current_password": PASSWORD, "new_password": NEW, "new_password_again": NEW, **changed}
    return submit(client, PAGE, f"{PAGE}/password", **fields)


def page_of(client: FlaskClient, path: str = PAGE) -> Node:
    answer = client.get(path, headers=JAPANESE)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return parse(answer.text)


@pytest.mark.parametrize(
    ("role", "word"), [(Role.CLERK, "窓口担当"), (Role.SUPERVISOR, "責任者"), (Role.ADMINISTRATOR, "管理者")]
)
def test_the_page_says_who_one_is(client: FlaskClient, city: City, role: Role, word: str) -> None:
    facts = page_of(signed_in(client, city, role=role)).one(class_="account__facts")
    assert [node.text for node in facts.tags("dd")] == ["sato", word]


def test_every_role_of_a_person_has_the_page(app: Flask, city: City) -> None:
    for role in STAFF_ROLES:
        page_of(signed_in(app.test_client(), city, name=role, role=role))


def test_a_new_password_is_the_password_from_then_on(clerk: FlaskClient, app: Flask) -> None:
    answer = change(clerk)
    assert answer.status_code == 303
    assert "パスワードを変えました。" in page_of(clerk, answer.location).one(class_="form-done").text
    assert sign_in(app.test_client(), password=PASSWORD).status_code == 401
    assert sign_in(app.test_client(), password=NEW).status_code == 303


def test_a_new_password_ends_the_sessions_of_the_other_browsers(clerk: FlaskClient, app: Flask, city: City) -> None:
    other = app.test_client()
    sign_in(other)
    change(clerk)
    assert other.get(VIEW).status_code == 401
    assert clerk.get(VIEW).status_code == 200
    journal = city.accounts._store.database.execute("SELECT kind, actor FROM journal ORDER BY seq").fetchall()
    assert journal[-1] == ("change_password", "staff:sato")


@pytest.mark.parametrize(
    ("form", "problems"),
    [
        ({"current_password": ""}, {"current_password": "現在のパスワードを入力してください。"}),
        ({"current_password": "wrong password"}, {"current_password": "現在のパスワードが違います。"}),
        ({"new_password": "short", "new_password_again": "short"}, {"new_password": "10文字以上にしてください。"}),
        ({"new_password": "Sato", "new_password_again": "Sato"}, {"new_password": "10文字以上にしてください。"}),
        (
            {"new_password": PASSWORD, "new_password_again": PASSWORD},
            {"new_password": "現在のパスワードと違うものにしてください。"},
        ),
        ({"new_password_again": "something else"}, {"new_password_again": "上と同じものを入力してください。"}),
        (
            {"current_password": "", "new_password": "short", "new_password_again": ""},
            {
                "current_password": "現在のパスワードを入力してください。",
                "new_password": "10文字以上にしてください。",
            },
        ),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_beside_its_field_and_changes_nothing(
    clerk: FlaskClient, app: Flask, form: dict[str, str], problems: dict[str, str]
) -> None:
    answer = change(clerk, **form)
    page = parse(answer.text)
    assert answer.status_code == 422
    assert {node.attrs["id"]: node.text for node in page.all(role="alert")} == {
        f"{field}-problem": problem for field, problem in problems.items()
    }
    fields = [page.one(id=name) for name in ("current_password", "new_password", "new_password_again")]
    assert [field.attrs["id"] for field in fields if "aria-invalid" in field.attrs] == list(problems)
    assert all("value" not in field.attrs for field in fields), "a password is never shown again"
    for name in problems:
        assert f"{name}-problem" in page.one(id=name).attrs["aria-describedby"].split()
    assert sign_in(app.test_client()).status_code == 303


def test_the_name_is_no_password(client: FlaskClient, city: City) -> None:
    signed_in(client, city, "sato-hanako")
    answer = change(client, new_password="SATO-Hanako", new_password_again="SATO-Hanako")
    assert parse(answer.text).one(id="new_password-problem").text == "名前と同じにはできません。"


def test_guessing_the_password_of_whoever_left_their_desk_is_slowed_down(clerk: FlaskClient, city: City) -> None:
    for _ in range(PER_NAME.amount):
        assert change(clerk, current_password="wrong password").status_code == 422
    answer = change(clerk)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "ほど待ってから" in parse(answer.text).one(id="current_password-problem").text


def test_an_old_page_changes_nothing_and_says_so(clerk: FlaskClient, app: Flask) -> None:
    form = {"csrf_token": "old", "current_password": PASSWORD, "new_password": NEW, "new_password_again": NEW}
    answer = clerk.post(f"{PAGE}/password", data=form)
    assert answer.location == PAGE
    assert "まだ行っていません。" in page_of(clerk).one(class_="form-notice").text
    assert sign_in(app.test_client()).status_code == 303


def test_after_the_session_ended_one_gets_back_to_the_page(clerk: FlaskClient, clock: ManualClock) -> None:
    clock.advance(timedelta(hours=2))
    form = {"csrf_token": "old", "current_password": PASSWORD, "new_password": NEW, "new_password_again": NEW}
    answer = clerk.post(f"{PAGE}/password", data=form)
    assert answer.location == f"/desk/sign-in?next={PAGE}"
    with clerk.session_transaction() as session:
        kept = str(dict(session))
    assert PASSWORD not in kept, "a browser's cookie can be read by whoever has the browser"
    assert NEW not in kept
    assert sign_in(clerk, next=PAGE).location == PAGE
    page = page_of(clerk)
    assert "サインインが切れていたため、まだ行っていません。" in page.one(class_="form-notice").text
    assert PASSWORD not in str(page)


def test_signing_out_everywhere_ends_every_session_this_one_too(clerk: FlaskClient, app: Flask, city: City) -> None:
    other = app.test_client()
    sign_in(other)
    answer = submit(clerk, PAGE, f"{PAGE}/sign-out-everywhere")
    assert [client.get(VIEW).status_code for client in (clerk, other)] == [401, 401]
    assert page_of(clerk, answer.location).one(role="status").text == "すべての端末からサインアウトしました。"
    journal = city.accounts._store.database.execute("SELECT kind, actor FROM journal ORDER BY seq").fetchall()
    assert journal[-1] == ("sign_out_everywhere", "staff:sato")


def test_a_person_of_the_identity_provider_has_no_password_to_change(clerk: FlaskClient, city: City) -> None:
    """Also in a browser that was signed in before; `begin_session` alone is what the provider's way ends in."""
    person = add_person(city, "suzuki", password=None)
    with clerk.application.test_request_context():
        begin_session(person)
        values = dict(session)
    with clerk.session_transaction() as own:
        own.update(values)
    page = page_of(clerk)
    assert page.all(id="current_password") == []
    assert "パスワードはありません" in page.text
