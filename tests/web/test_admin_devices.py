"""Devices by an administrator: a token is shown once, and revoked for good."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from queue_server.audit import Question
from queue_server.city import City
from queue_server.domain.roles import Role
from tests.support.clock import ManualClock
from tests.support.forms import Reader, done, page_of, problems_of
from tests.support.people import signed_in

DEVICES = "/admin/devices"
DESK_VIEW = "/api/sites/honchosha/desk"


@pytest.fixture
def admin(client: FlaskClient, city: City) -> Reader:
    return Reader(signed_in(client, city, role=Role.ADMINISTRATOR))


def rows(admin: Reader) -> list[list[str]]:
    tables = admin.open(DEVICES).all(class_="rows")
    return [[cell.text for cell in (*row.tags("th"), *row.tags("td"))] for row in tables[0].tags("tr")[1:]]


def make(admin: Reader, name: str, role: str) -> str:
    """The token that the answer shows."""
    answer = admin.send(admin.open(DEVICES), DEVICES, {"name": name, "role": role})
    assert answer.status_code == 200
    return page_of(answer).all(class_="secret")[0].text


def test_a_device_is_made_and_its_token_shown_once(admin: Reader, client: FlaskClient, city: City) -> None:
    token = make(admin, "ｄｅｓｋ-1", "desk")
    assert (
        client.application.test_client().get(DESK_VIEW, headers={"Authorization": f"Bearer {token}"}).status_code
        == 200
    )
    assert rows(admin) == [["desk-1", "呼出端末", "2026-11-24 09:15", "2026-11-24 09:15", "失効させる… desk-1"]]
    assert token not in admin.client.get(DEVICES).text
    assert token not in "".join(str(line) for line in city.audit.lines(Question()))
    assert token not in admin.client.get("/admin/audit.csv").text


def test_a_kiosk_is_told_where_its_token_goes(admin: Reader, client: FlaskClient) -> None:
    answer = admin.send(admin.open(DEVICES), DEVICES, {"name": "発券機1", "role": "kiosk"})
    page = page_of(answer)
    token, address = (node.text for node in page.all(class_="secret"))
    assert address == f"http://localhost/kiosk/honchosha#enroll={token}"
    kiosk = client.application.test_client()
    assert "発券機の登録" in kiosk.get("/kiosk/honchosha", headers={"Accept-Language": "ja"}).text
    assert rows(admin)[0][3] == "まだありません"


def test_what_is_wrong_stands_beside_its_field_and_makes_nothing(admin: Reader, city: City) -> None:
    make(admin, "desk-1", "desk")
    length = "64文字以内で入力してください。"
    signs = "1文字以上、改行なしで入力してください。前後に空白は入れられません。"
    for typed, problems in (
        ({"name": " ", "role": "desk"}, {"name": "端末の名前を入力してください。"}),
        ({"name": "", "role": ""}, {"name": "端末の名前を入力してください。", "role": "どれかを選んでください。"}),
        ({"name": "長" * 65, "role": "desk"}, {"name": length}),
        ({"name": "DESK\x07", "role": "desk"}, {"name": signs}),
        (
            {"name": "ｄｅｓｋ-1", "role": "desk"},
            {"name": "同じ名前の端末がすでにあります。別の名前にしてください。"},
        ),
        ({"name": "desk-2", "role": ""}, {"role": "どれかを選んでください。"}),
        ({"name": "desk-2", "role": "clerk"}, {"role": "どれかを選んでください。"}),
    ):
        answer = admin.send(admin.open(DEVICES), DEVICES, typed)
        assert answer.status_code == 422, typed
        page = page_of(answer)
        assert problems_of(page) == problems
        assert page.one(class_="form-problem").text == "まだ加えていません。入力した内容を確かめてください。"
        assert page.one(name="name").attrs["value"] == typed["name"]
        assert page.all(class_="secret") == []
    assert len(city.accounts.list_devices()) == 1


def test_a_device_is_revoked_after_a_question(
    admin: Reader, client: FlaskClient, clock: ManualClock, city: City
) -> None:
    headers = {"Authorization": f"Bearer {make(admin, 'desk-1', 'desk')}"}
    (device,) = city.accounts.list_devices()
    revoke = f"{DEVICES}/{device.id}/revoke"
    page = admin.open(revoke)
    assert "desk-1 を失効させますか" in page.text
    assert client.application.test_client().get(DESK_VIEW, headers=headers).status_code == 200, (
        "asking revokes nothing"
    )
    clock.advance(timedelta(minutes=5))
    assert done(admin.follow(admin.send(page, revoke))) == "desk-1 を失効させました。"
    assert client.application.test_client().get(DESK_VIEW, headers=headers).status_code == 401
    assert rows(admin)[0][4] == "失効 2026-11-24 09:20"
    make(admin, "desk-1", "desk")
    assert [row[4] for row in rows(admin)] == ["失効させる… desk-1", "失効 2026-11-24 09:20"]
