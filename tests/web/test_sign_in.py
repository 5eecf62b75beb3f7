"""The form to sign in with, the way back, and the way out."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from queue_server.city import City
from queue_server.domain.roles import Role
from queue_server.settings import Settings
from tests.support.apps import make_app
from tests.support.clock import ManualClock
from tests.support.page_tree import parse
from tests.support.people import JAPANESE, PASSWORD, SIGN_IN, add_person, csrf_of, sign_in, signed_in, submit

DESK = "/desk/honchosha/6"


@pytest.fixture(autouse=True)
def _sato(city: City) -> None:
    add_person(city)


def test_a_page_for_staff_leads_to_signing_in_and_back(client: FlaskClient) -> None:
    answer = client.get(DESK + "?from=list")
    assert answer.status_code == 302
    form = parse(client.get(answer.location).text)
    assert form.one(name="next").attrs["value"] == DESK + "?from=list"
    assert sign_in(client, next=DESK + "?from=list").location == DESK + "?from=list"


@pytest.mark.parametrize(
    "elsewhere", ["//example.com/", "https://example.com", "/\\example.com", "javascript:alert(1)", "/\n/example.com"]
)
def test_signing_in_never_leads_to_another_host(client: FlaskClient, elsewhere: str) -> None:
    assert sign_in(client, next=elsewhere).location == "/desk"


def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(client: FlaskClient) -> None:
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
    elsewhere = replace(settings, secure_cookies=setting, data_dir=settings.data_dir / "elsewhere")
    with make_app(elsewhere, clock) as app:
        answer = app.test_client().get(SIGN_IN, base_url=f"{scheme}://localhost")
        assert ("Secure" in answer.headers["Set-Cookie"]) is expected


@pytest.mark.parametrize(("name", "password"), [("sato", "wrong password"), ("nobody", PASSWORD)])
def test_a_wrong_name_or_password_says_so_keeps_the_name_and_drops_the_password(
    client: FlaskClient, name: str, password: str
) -> None:
    answer = sign_in(client, name, password, next=DESK)
    page = parse(answer.text)
    assert answer.status_code == 401
    assert page.one(role="alert").text == "名前またはパスワードが違います。"
    assert page.one(id="name").attrs["value"] == name
    assert "value" not in page.one(id="password").attrs
    assert page.one(name="next").attrs["value"] == DESK, "the way back is kept"
    for field in ("name", "password"):
        assert page.one(id=field).attrs["aria-describedby"] == page.one(role="alert").attrs["id"]
    assert client.get(DESK).status_code == 302, "nobody is signed in"


@pytest.mark.parametrize(
    ("name", "password", "empty"),
    [("", PASSWORD, ["name"]), ("sato", "", ["password"]), (" ", "", ["name", "password"])],
)
def test_an_empty_field_says_so_beside_it(client: FlaskClient, name: str, password: str, empty: list[str]) -> None:
    answer = sign_in(client, name, password)
    page = parse(answer.text)
    assert answer.status_code == 401
    assert [alert.attrs["id"] for alert in page.all(role="alert")] == [f"{field}-problem" for field in empty]
    assert [node.attrs["id"] for node in page.tags("input") if "aria-invalid" in node.attrs] == empty


def test_a_form_that_is_too_old_can_be_sent_again(client: FlaskClient) -> None:
    form = {"csrf_token": "old", "name": "sato", "password": PASSWORD, "next": DESK}
    answer = client.post(SIGN_IN, data=form, headers=JAPANESE)
    page = parse(answer.text)
    assert answer.status_code == 400
    assert page.one(role="alert").text == "画面の有効期限が切れました。もう一度入力してください。"
    assert page.one(id="name").attrs["value"] == "sato"
    assert page.one(name="next").attrs["value"] == DESK


def test_who_is_signed_in_goes_on_at_once(client: FlaskClient) -> None:
    sign_in(client)
    assert client.get(SIGN_IN, query_string={"next": DESK}).location == DESK


def test_a_page_from_before_signing_in_commands_nothing_afterwards(client: FlaskClient) -> None:
    before = csrf_of(client)
    sign_in(client)
    answer = client.post("/api/sites/honchosha/counters/6/open", headers={"X-CSRFToken": before})
    assert answer.get_json()["code"] == "csrf_failed"


def test_signing_out_ends_the_persons_commands(client: FlaskClient) -> None:
    sign_in(client)
    csrf = csrf_of(client, DESK)
    assert client.post("/desk/sign-out", data={"csrf_token": csrf}).location == SIGN_IN
    assert client.get(DESK).status_code == 302
    answer = client.post("/api/sites/honchosha/counters/6/open", headers={"X-CSRFToken": csrf})
    assert answer.get_json()["code"] == "not_signed_in"


def test_signing_out_needs_the_pages_own_form(client: FlaskClient) -> None:
    sign_in(client)
    assert client.post("/desk/sign-out").status_code == 400
    assert client.get(DESK).status_code == 200


def test_a_copy_of_the_cookie_opens_nothing_after_signing_out(client: FlaskClient) -> None:
    sign_in(client)
    cookie = client.get_cookie("queue_session")
    assert cookie is not None
    submit(client, DESK, "/desk/sign-out")
    client.set_cookie("queue_session", cookie.value)
    assert client.get(DESK).status_code == 302


def test_a_kiosk_stays_enrolled_when_its_clerk_signs_out(client: FlaskClient, city: City) -> None:
    token = city.accounts.create_device("kiosk-1", Role.KIOSK, actor="operator:test")
    submit(client, "/kiosk/honchosha", "/kiosk/honchosha/enroll", token=token)
    sign_in(client)
    submit(client, DESK, "/desk/sign-out")
    assert 'name="token"' not in client.get("/kiosk/honchosha").text


def test_signing_in_works_while_the_disk_takes_no_writes(client: FlaskClient, city: City) -> None:
    """Whoever comes to look at such a hall must get in; what they cannot do there, the desk tells them."""
    city.accounts._store.database.execute("PRAGMA query_only = 1")
    assert sign_in(client).status_code == 303
    assert client.get(DESK).status_code == 200


def test_one_browser_signs_in_another_person_without_a_trace_of_the_first(client: FlaskClient, city: City) -> None:
    sign_in(client)
    submit(client, DESK, "/desk/sign-out")
    signed_in(client, city, "tanaka")
    assert parse(client.get(DESK).text).one(class_="bar__name").text == "tanaka"


def test_the_page_is_kept_by_no_cache(client: FlaskClient) -> None:
    assert client.get(SIGN_IN).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("wanted", "lead"),
    [
        ("", "窓口で番号を呼び出す画面です。"),
        ("/desk/honchosha/5", "窓口で番号を呼び出す画面です。"),
        ("/supervisor/honchosha", "庁舎全体の状況を見て、受付を動かす責任者の画面です。"),
        ("/admin", "設定と利用者を管理する画面です。"),
        ("/admin?page=2", "設定と利用者を管理する画面です。"),
        ("/account", "職員用の画面です。"),
        ("//evil.example/admin", "窓口で番号を呼び出す画面です。"),
    ],
)
def test_the_form_says_what_one_signs_in_for(client: FlaskClient, wanted: str, lead: str) -> None:
    page = parse(client.get("/desk/sign-in", query_string={"next": wanted}, headers=JAPANESE).text)
    assert page.one(class_="sign-in__lead").text == lead
