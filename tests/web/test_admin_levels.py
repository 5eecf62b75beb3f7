"""The levels of congestion, and the limits of the alerts."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from queue_server.audit import Question
from queue_server.city import City
from queue_server.domain.roles import Role
from tests.support.api import Api
from tests.support.forms import Reader, done, page_of, problems_of
from tests.support.people import signed_in

SITE = "/admin/sites/honchosha"
HALL, INKAN, MYNUMBER = f"{SITE}/levels/site", f"{SITE}/levels/inkan", f"{SITE}/levels/mynumber"
ALERTS = f"{SITE}/alerts/site"


@pytest.fixture
def admin(client: FlaskClient, city: City) -> Reader:
    return Reader(signed_in(client, city, role=Role.ADMINISTRATOR))


def value(city: City, part: str, part_id: str) -> Any:
    parts = city.hall("honchosha").structure()["parts"]
    return next(each["value"] for each in parts if (each["part"], each["id"]) == (part, part_id))


def test_the_list_says_how_each_service_stands(admin: Reader, api: Api) -> None:
    for _ in range(5):
        api.issue("mynumber")
    rows = {row.tags("th")[0].text: row.text for row in admin.open(f"{SITE}/levels").tags("tbody")[0].tags("tr")}
    assert rows["マイナンバー関係"] == "マイナンバー関係 混雑中 待ち 5人 混雑していません: はじめから 混雑中: 5人から"
    assert rows["印鑑登録"] == "印鑑登録 空いています 待ち 0人 庁舎と同じ"
    assert "大変混雑: 24人から、または60分から" in rows["庁舎全体"]


def test_the_form_of_a_service_says_how_it_stands_now(admin: Reader, api: Api) -> None:
    api.issue("mynumber")
    page = admin.open(MYNUMBER)
    assert page.one(class_="figure-line").text.startswith("混雑していません 待ち 1人")


def test_a_service_gets_levels_of_its_own_at_once(admin: Reader, api: Api, city: City) -> None:
    api.issue("inkan")
    page = admin.open(INKAN)
    assert page.one(name="mode", value="site").attrs["checked"] == ""
    assert page.one(name="people-moderate").attrs["value"] == "6", "the site's levels are proposed"
    typed = {
        "mode": "own",
        "people-moderate": "",
        "minutes-moderate": "",
        "label-moderate": "",
        "people-crowded": "１",
    }
    answer = admin.send(page, INKAN, {**typed, "minutes-crowded": "", "label-crowded": "こみあい"})
    assert "混雑度: 印鑑登録 を変えました" in done(admin.follow(answer))
    assert value(city, "levels", "inkan") == [
        {"key": "free", "label": "空いています"},
        {"key": "crowded", "label": "こみあい", "people": 1},
        {"key": "very_crowded", "label": "大変混雑", "people": 24, "minutes": 60},
    ]
    assert api.service("inkan")["level"]["label"] == "こみあい"


def test_a_service_goes_back_to_the_levels_of_the_hall(admin: Reader, city: City) -> None:
    answer = admin.send(admin.open(MYNUMBER), MYNUMBER, {"mode": "site"})
    assert done(admin.follow(answer)) == "混雑度: マイナンバー関係 を変えました（庁舎と同じ）。"
    assert value(city, "levels", "mynumber") is None
    page = admin.open(MYNUMBER)
    assert "プロファイルでは次のとおりです。 混雑していません はじめから 混雑中 5人から" in page.text
    admin.follow(admin.send(page, f"{MYNUMBER}/profile"))
    assert value(city, "levels", "mynumber")[1]["people"] == 5


def test_what_is_wrong_with_levels(admin: Reader, city: City) -> None:
    before = city.audit.page(Question()).lines
    everything_empty = {f"{name}-{key}": "" for name in ("label", "people", "minutes") for key in _KEYS}
    for path, typed, problems in (
        (HALL, {"people-moderate": "abc"}, {"people-moderate": "整数で入力してください。"}),
        (HALL, {"people-moderate": "0"}, {"people-moderate": "1以上の数を入力してください。"}),
        (HALL, {"people-crowded": "6"}, {"people-crowded": "前の混雑度の6より大きい数を入力してください。"}),
        (HALL, {"people-free": "1"}, {"people-free": "最初の混雑度は0人から始まるため、人数や分は入力できません。"}),
        (
            HALL,
            {"people-crowded": "", "minutes-crowded": "", "label-moderate": ""},
            {
                "people-crowded": "この混雑度が始まる人数か分を入力してください。",
                "label-moderate": "ことばを入力してください。",
            },
        ),
        (INKAN, {**everything_empty, "mode": "own"}, {"label-free": "一つ以上入力してください。"}),
        (INKAN, {"mode": ""}, {"mode": "どちらかを選んでください。"}),
    ):
        answer = admin.send(admin.open(path), path, typed)
        assert answer.status_code == 422, typed
        page = page_of(answer)
        assert problems_of(page) == problems
        typed_back = {name: page.one(name=name).attrs["value"] for name in typed if name != "mode"}
        assert typed_back == {name: text for name, text in typed.items() if name != "mode"}
    assert city.audit.page(Question()).lines == before


def test_a_hall_without_levels_is_told_above_the_form(admin: Reader) -> None:
    nothing = {f"{name}-{key}": "" for name in ("label", "people", "minutes") for key in _KEYS}
    page = page_of(admin.send(admin.open(HALL), HALL, nothing))
    sentence = "混雑度のない業務ができてしまいます。庁舎か業務のどちらかに混雑度を入力してください。"
    assert page.one(class_="form-problem").text == f"まだ変えていません。入力した内容を確かめてください。 {sentence}"


def test_the_limits_of_the_alerts(admin: Reader, city: City) -> None:
    page = admin.open(ALERTS)
    assert [page.one(name=name).attrs["value"] for name in _LIMITS] == ["15", "30", "15"]
    answer = admin.send(page, ALERTS, {"people": "20", "without_call_minutes": ""})
    assert answer.location == ALERTS
    said = "警告の基準 を変えました（待っている人: 20人から／最長の待ち: 30分から／呼出のない時間: 知らせない）。"
    assert done(admin.follow(answer)) == said
    limits = city.hall("honchosha").site.alerts
    assert (limits.people, limits.wait_minutes, limits.without_call_minutes) == (20, 30, None)
    answer = admin.send(admin.open(ALERTS), ALERTS, {"people": "-1", "wait_minutes": "99999"})
    assert problems_of(page_of(answer)) == {
        "people": "1以上の数を入力してください。",
        "wait_minutes": "10000以下の数を入力してください。",
    }


_KEYS = ("free", "moderate", "crowded", "very_crowded")
_LIMITS = ("people", "wait_minutes", "without_call_minutes")
