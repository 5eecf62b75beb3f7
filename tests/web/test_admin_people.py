"""People by an administrator: who comes, who goes, who forgot a password, and the last one who holds the keys."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.accounts import passwords
from queue_server.audit import Question
from queue_server.city import City
from queue_server.config import Settings
from queue_server.domain.entries import Kind
from queue_server.domain.roles import Role
from tests.support.apps import city_of, make_app
from tests.support.clock import ManualClock
from tests.support.forms import Reader, done, page_of, problems_of
from tests.support.people import add_person, cheap_hasher, sign_in, signed_in

PEOPLE, NEW = "/admin/people", "/admin/people/new"
SECRET = "brand new secret"
VIEW = "/api/sites/honchosha/desk"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", cheap_hasher())


@pytest.fixture
def admin(client: FlaskClient, city: City) -> Reader:
    return Reader(signed_in(client, city, role=Role.ADMINISTRATOR))


@pytest.fixture
def suzuki(city: City) -> str:
    """The page of a clerk."""
    return f"{PEOPLE}/{add_person(city, 'suzuki').id}"


def rows(admin: Reader) -> dict[str, list[str]]:
    found = admin.open(PEOPLE).one(class_="rows").tags("tr")[1:]
    return {row.tags("th")[0].text: [cell.text for cell in row.tags("td")] for row in found}


def test_everybody_stands_in_the_list(admin: Reader, city: City, suzuki: str) -> None:
    add_person(city, "kato", Role.SUPERVISOR, password=None)
    city.accounts.disable(city.accounts.staff_named("kato").id, actor="staff:sato")
    assert rows(admin) == {
        "sato （あなた）": ["管理者", "パスワード", "2026-11-24 09:15", "利用中"],
        "suzuki": ["窓口担当", "パスワード", "記録なし", "利用中"],
        "kato": ["責任者", "市の認証", "記録なし", "利用停止 2026-11-24 09:15"],
    }


def test_a_person_with_a_typed_password(admin: Reader, app: Flask) -> None:
    typed = {"name": "ｓｕｚｕｋｉ", "role": "clerk", "way": "typed", "password": SECRET, "password_again": SECRET}
    answer = admin.send(admin.open(NEW), NEW, typed)
    assert done(admin.follow(answer)) == "suzukiさんを加えました。"
    assert sign_in(app.test_client(), "suzuki", SECRET).status_code == 303


def test_a_generated_password_is_shown_once(admin: Reader, app: Flask, city: City) -> None:
    answer = admin.send(admin.open(NEW), NEW, {"name": "suzuki", "role": "supervisor", "way": "generated"})
    assert answer.status_code == 200
    password = page_of(answer).one(class_="secret").text
    assert sign_in(app.test_client(), "suzuki", password).status_code == 303
    assert password not in admin.client.get(PEOPLE).text
    assert password not in "".join(str(line) for line in city.audit.lines(Question()))


def test_what_is_wrong_stands_beside_its_field_and_adds_nobody(admin: Reader, city: City) -> None:
    good = {"name": "suzuki", "role": "clerk", "way": "typed", "password": SECRET, "password_again": SECRET}
    length, choose = "64文字以内で入力してください。", "どれかを選んでください。"
    missing, taken = "名前を入力してください。", "同じ名前の利用者がすでにいます。別の名前にしてください。"
    for change, problems in (
        ({"name": ""}, {"name": missing}),
        ({"name": "長" * 65}, {"name": length}),
        ({"name": "sato"}, {"name": taken}),
        ({"name": "sato", "role": ""}, {"name": taken, "role": choose}),
        ({"name": "長" * 65, "role": ""}, {"name": length, "role": choose}),
        ({"role": ""}, {"role": choose}),
        ({"role": "kiosk"}, {"role": choose}),
        ({"way": ""}, {"way": choose}),
        ({"way": "provider"}, {"way": choose}),
        ({"password": "short", "password_again": "short"}, {"password": "10文字以上にしてください。"}),
        ({"password_again": "something else"}, {"password_again": "上と同じものを入力してください。"}),
        (
            {"name": "suzuki-hanako", "password": "Suzuki-Hanako", "password_again": "Suzuki-Hanako"},
            {"password": "名前と同じにはできません。"},
        ),
        ({"name": " ", "role": "", "way": ""}, {"name": missing, "role": choose, "way": choose}),
    ):
        answer = admin.send(admin.open(NEW), NEW, {**good, **change})
        assert answer.status_code == 422, change
        page = page_of(answer)
        assert problems_of(page) == problems
        assert page.one(class_="form-problem").text == "まだ加えていません。入力した内容を確かめてください。"
        assert page.one(name="name").attrs["value"] == {**good, **change}["name"]
        assert ["value" in page.one(name=name).attrs for name in ("password", "password_again")] == [False, False]
    assert [record.name for record in city.accounts.list_staff()] == ["sato"]


def test_the_citys_own_sign_in_is_offered_where_it_is_configured(
    settings: Settings, clock: ManualClock, tmp_path: Path
) -> None:
    issuer = replace(settings, oidc_issuer="https://idp.example", oidc_client_id="queue")
    with make_app(issuer, clock) as app:
        admin = Reader(signed_in(app.test_client(), city_of(app), role=Role.ADMINISTRATOR))
        admin.follow(admin.send(admin.open(NEW), NEW, {"name": "suzuki", "role": "clerk", "way": "provider"}))
        assert rows(admin)["suzuki"][1] == "市の認証"


def test_another_role_counts_from_the_next_request(admin: Reader, app: Flask, suzuki: str) -> None:
    other = app.test_client()
    sign_in(other, "suzuki")
    assert other.get("/supervisor").status_code == 403
    answer = admin.send(admin.open(suzuki), f"{suzuki}/role", {"role": "supervisor"})
    assert done(admin.follow(answer)) == "suzukiさんを責任者にしました。"
    assert other.get("/supervisor").status_code == 302


def test_a_role_that_somebody_else_changed_since_is_told(admin: Reader, city: City, suzuki: str) -> None:
    page = admin.open(suzuki)
    city.accounts.change_role(suzuki.rpartition("/")[2], Role.SUPERVISOR, actor="staff:abe")
    answer = admin.send(page, f"{suzuki}/role", {"role": "administrator"})
    assert answer.status_code == 409
    page = page_of(answer)
    assert problems_of(page) == {"role": "ほかの管理者が、先に責任者に変えました。"}
    assert city.accounts.staff_named("suzuki").role is Role.SUPERVISOR
    admin.follow(admin.send(page, f"{suzuki}/role"))
    assert city.accounts.staff_named("suzuki").role is Role.ADMINISTRATOR


def test_a_role_has_to_be_one(admin: Reader, suzuki: str) -> None:
    answer = admin.send(admin.open(suzuki), f"{suzuki}/role", {"role": "kiosk"})
    assert (answer.status_code, problems_of(page_of(answer))) == (422, {"role": "どれかを選んでください。"})


def test_a_new_password_ends_every_session(admin: Reader, app: Flask, suzuki: str) -> None:
    other = app.test_client()
    sign_in(other, "suzuki")
    page = admin.open(suzuki)
    answer = admin.send(page, f"{suzuki}/password", {"way": "typed", "password": SECRET, "password_again": "x"})
    assert problems_of(page_of(answer)) == {"password_again": "上と同じものを入力してください。"}
    assert other.get(VIEW).status_code == 200
    answer = admin.send(page, f"{suzuki}/password", {"way": "typed", "password": SECRET, "password_again": SECRET})
    assert done(admin.follow(answer)) == "suzukiさんのサインインのしかたを変えました。"
    assert other.get(VIEW).status_code == 401
    assert sign_in(other, "suzuki", SECRET).status_code == 303
    answer = admin.send(page, f"{suzuki}/password", {"way": "generated"})
    generated = page_of(answer).one(class_="secret").text
    assert sign_in(app.test_client(), "suzuki", generated).status_code == 303


def test_disabled_and_enabled_again(admin: Reader, app: Flask, suzuki: str) -> None:
    other = app.test_client()
    sign_in(other, "suzuki")
    said = done(admin.follow(admin.send(admin.open(suzuki), f"{suzuki}/disable")))
    assert said == "suzukiさんを利用停止にしました。"
    assert other.get(VIEW).status_code == 401
    assert sign_in(app.test_client(), "suzuki").status_code == 401
    said = done(admin.follow(admin.send(admin.open(suzuki), f"{suzuki}/enable")))
    assert said == "suzukiさんの利用を再開しました。"
    assert sign_in(app.test_client(), "suzuki").status_code == 303


def test_signed_out_everywhere(admin: Reader, app: Flask, suzuki: str) -> None:
    other = app.test_client()
    sign_in(other, "suzuki")
    said = done(admin.follow(admin.send(admin.open(suzuki), f"{suzuki}/sign-out")))
    assert said == "suzukiさんを、すべての端末でサインアウトさせました。"
    assert other.get(VIEW).status_code == 401
    assert sign_in(other, "suzuki").status_code == 303


def test_the_last_administrator_cannot_lock_everybody_out(admin: Reader, city: City) -> None:
    own = f"{PEOPLE}/{city.accounts.staff_named('sato').id}"
    sentence = "管理者がひとりもいなくなるため、できません。先に、ほかのかたを管理者にしてください。"
    page = admin.open(own)
    assert "あなた自身のアカウントです。" in page.text
    for action, typed, field in (("role", {"role": "clerk"}, "role"), ("disable", {}, "disable")):
        answer = admin.send(page, f"{own}/{action}", typed)
        assert answer.status_code == 409
        assert problems_of(page_of(answer)) == {field: sentence}
    record = city.accounts.staff_named("sato")
    assert (record.role, record.disabled_at) == (Role.ADMINISTRATOR, None)


def test_who_gives_their_own_role_away_goes_where_they_may_be(admin: Reader, city: City) -> None:
    add_person(city, "abe", Role.ADMINISTRATOR)
    own = f"{PEOPLE}/{city.accounts.staff_named('sato').id}"
    answer = admin.send(admin.open(own), f"{own}/role", {"role": "clerk"})
    assert answer.location == "/desk"
    assert admin.client.get(PEOPLE).status_code == 403


def test_nobody_changes_their_own_password_here(admin: Reader, city: City) -> None:
    page = admin.open(f"{PEOPLE}/{city.accounts.staff_named('sato').id}")
    assert page.all(name="password") == []
    assert "/account" in [link.attrs["href"] for link in page.tags("a")]


def test_every_change_stands_in_the_journal_under_its_administrator(admin: Reader, city: City, suzuki: str) -> None:
    for action in ("sign-out", "disable", "enable"):
        admin.follow(admin.send(admin.open(suzuki), f"{suzuki}/{action}"))
    lines = city.audit.page(Question(actor="staff:sato", site="")).lines
    assert [line.kind for line in lines] == [
        Kind.ENABLE_ACCOUNT,
        Kind.DISABLE_ACCOUNT,
        Kind.SIGN_OUT_EVERYWHERE,
        Kind.SIGN_IN,
    ]
