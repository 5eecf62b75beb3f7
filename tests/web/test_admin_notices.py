"""Notices by an administrator."""

import pytest
from flask.testing import FlaskClient

from queue_server.city import City
from queue_server.domain.roles import Role
from tests.support.api import Api
from tests.support.forms import Reader, done, page_of, problems_of
from tests.support.people import signed_in

NOTICES = "/admin/sites/honchosha/notices"


@pytest.fixture
def admin(client: FlaskClient, city: City) -> Reader:
    return Reader(signed_in(client, city, role=Role.ADMINISTRATOR))


def test_a_notice_is_posted_and_withdrawn(admin: Reader, api: Api) -> None:
    typed = {"text": "エレベーターは\r\n点検中です。", "how": "until", "until": "2026-11-24T17:00"}
    page = admin.follow(admin.send(admin.open(NOTICES), NOTICES, typed))
    assert done(page) == "お知らせを出しました。"
    (notice,) = api.board()["notices"]
    assert (notice["text"], notice["until"]) == ("エレベーターは 点検中です。", "2026-11-24T17:00:00+09:00")
    assert "2026-11-24 17:00まで" in page.one(class_="notices").text
    withdraw = f"{NOTICES}/withdraw"
    assert done(admin.follow(admin.send(page, withdraw))) == "お知らせを取り下げました。"
    assert api.board()["notices"] == []
    assert done(admin.follow(admin.send(page, withdraw))) == "お知らせを取り下げました。", "a double press"
    api.post("/api/sites/honchosha/notices", {"text": "もう一つ", "until": None})
    (notice,) = api.board()["notices"]
    page = admin.open(NOTICES)
    assert "取り下げるまで" in page.one(class_="notices").text
    api.post(f"/api/sites/honchosha/notices/{notice['id']}/withdraw", {})
    answer = admin.send(page, withdraw)
    assert done(admin.follow(answer)) == "そのお知らせは、もう取り下げられています。"


def test_a_double_press_posts_one_notice(admin: Reader, api: Api) -> None:
    page = admin.open(NOTICES)
    for _ in range(2):
        admin.follow(admin.send(page, NOTICES, {"text": "点検中です。", "how": "stays"}))
    assert len(api.board()["notices"]) == 1
    admin.follow(admin.send(page, NOTICES, {"text": "ほかのお知らせ", "how": "stays"}))
    assert len(api.board()["notices"]) == 2


def test_what_is_wrong_stands_beside_its_field(admin: Reader, api: Api) -> None:
    length, missing = "200文字以内で入力してください。", "お知らせの文を入力してください。"
    signs = "1文字以上、改行なしで入力してください。前後に空白は入れられません。"
    for typed, problems in (
        ({"text": "", "how": "stays"}, {"text": missing}),
        ({"text": "長" * 201, "how": "stays"}, {"text": length}),
        ({"text": "a\x07b", "how": "stays"}, {"text": signs}),
        ({"text": "点検中", "how": ""}, {"until": "どちらかを選んでください。"}),
        ({"text": "点検中", "how": "until"}, {"until": "日時を入力してください。"}),
        ({"text": "点検中", "how": "until", "until": "あした"}, {"until": "日時を入力してください。"}),
        ({"text": "点検中", "how": "until", "until": "2026-11-24T09:15"}, {"until": "その日時は過ぎています。"}),
        ({"text": " ", "how": ""}, {"text": missing, "until": "どちらかを選んでください。"}),
    ):
        answer = admin.send(admin.open(NOTICES), NOTICES, typed)
        assert answer.status_code == 422, typed
        page = page_of(answer)
        assert problems_of(page) == problems
        assert page.one(class_="form-problem").text == "まだ出していません。入力した内容を確かめてください。"
        assert "".join(map(str, page.one(name="text").parts)) == typed["text"]
        assert page.one(name="until").attrs["value"] == typed.get("until", "")
    assert api.board()["notices"] == []
