"""Counters: their names, their services in order, and how they choose whom to call."""

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
ONE, TWO, FIVE = (f"{SITE}/counter/{counter}" for counter in "125")


@pytest.fixture
def admin(client: FlaskClient, city: City) -> Reader:
    return Reader(signed_in(client, city, role=Role.ADMINISTRATOR))


def value(city: City, counter: str) -> Any:
    parts = city.hall("honchosha").structure()["parts"]
    return next(each["value"] for each in parts if (each["part"], each["id"]) == ("counter", counter))


def test_the_list_says_what_each_counter_does(admin: Reader) -> None:
    rows = {row.tags("th")[0].text: row.tags("td")[0].text for row in admin.open(f"{SITE}/counters").tags("tr")[1:]}
    assert rows["5番窓口"] == (
        "業務: 転入・転居・転出の届出、マイナンバー関係 呼出順: 重み付き 重み（マイナンバー関係）: 2 最長の待ち: 60分"
    )
    assert rows["2番窓口"].endswith("呼出順: 先着順 工程（出生・婚姻などの届出）: 交付")


def test_a_counter_as_it_stands_is_no_change(admin: Reader, city: City) -> None:
    before = city.audit.page(Question()).lines
    for counter in ("1", "2", "3", "4", "5", "6"):
        path = f"{SITE}/counter/{counter}"
        assert done(admin.follow(admin.send(admin.open(path), path))) == "変わったところはありません。"
    assert city.audit.page(Question()).lines == before


def test_name_services_and_order_are_changed_at_once(admin: Reader, api: Api, city: City) -> None:
    typed = {
        "name": "総合窓口",
        "place-mynumber": "1",
        "place-todoke": "２",
        "place-inkan": "10",
        "weight-mynumber": "2.5",
    }
    said = done(admin.follow(admin.send(admin.open(FIVE), FIVE, typed)))
    assert "窓口: 総合窓口 を変えました（名前: 総合窓口／業務: マイナンバー関係、転入" in said
    assert value(city, "5") == {
        "name": "総合窓口",
        "services": ["mynumber", "todoke", "inkan"],
        "discipline": "weighted",
        "weights": {"mynumber": 2.5},
        "longest_wait": 60,
    }
    counter = next(each for each in api.board()["counters"] if each["id"] == "5")
    assert (counter["name"], counter["services"]) == ("総合窓口", ["mynumber", "todoke", "inkan"])


def test_the_stages_that_a_counter_serves(admin: Reader, city: City) -> None:
    admin.follow(admin.send(admin.open(TWO), TWO, {"stage-koseki": ["受付", "交付"]}))
    assert "stages" not in value(city, "2"), "all of them is what holds without saying so"
    admin.follow(admin.send(admin.open(TWO), TWO, {"stage-koseki": ["受付"]}))
    assert value(city, "2")["stages"] == {"koseki": ["受付"]}


def test_the_order_of_calling_is_changed(admin: Reader, city: City) -> None:
    typed = {"discipline": "order", "weight-mynumber": "", "longest_wait": "45"}
    admin.follow(admin.send(admin.open(FIVE), FIVE, typed))
    assert value(city, "5")["discipline"] == "order"
    typed = {"discipline": "oldest", "longest_wait": ""}
    admin.follow(admin.send(admin.open(FIVE), FIVE, typed))
    names = dict(city.profile.sites["honchosha"].counters["5"].names)
    assert value(city, "5") == {"name": "5番窓口", "services": ["todoke", "mynumber"], "names": names}


def test_names_in_other_languages_go_with_the_name_that_they_translate(admin: Reader, city: City) -> None:
    admin.follow(admin.send(admin.open(FIVE), FIVE, {"longest_wait": "45"}))
    assert value(city, "5")["names"]["en"] == "Counter 5"
    admin.follow(admin.send(admin.open(FIVE), FIVE, {"name": "総合窓口"}))
    assert "names" not in value(city, "5")


def test_what_is_wrong_with_a_counter(admin: Reader, city: City) -> None:
    before = city.audit.page(Question()).lines
    stage = "「出生・婚姻などの届出」の「受付」"
    for path, typed, problems in (
        (FIVE, {"name": " "}, {"name": "名前を入力してください。"}),
        (FIVE, {"name": "a\tb"}, {"name": "1文字以上、改行なしで入力してください。前後に空白は入れられません。"}),
        (
            FIVE,
            {"name": "", "place-inkan": "x"},
            {"name": "名前を入力してください。", "place-inkan": "順番は整数で入力してください。"},
        ),
        (FIVE, {"place-inkan": "x"}, {"place-inkan": "順番は整数で入力してください。"}),
        (
            FIVE,
            {"place-inkan": "1"},
            dict.fromkeys(("place-inkan", "place-todoke"), "同じ順番がほかの業務にもあります。"),
        ),
        (ONE, {"place-shomei": ""}, {"services": "一つ以上選んでください。"}),
        (FIVE, {"weight-mynumber": "重い"}, {"weight-mynumber": "数で入力してください。"}),
        (FIVE, {"weight-mynumber": "0"}, {"weight-mynumber": "0より大きい数を入力してください。"}),
        (FIVE, {"weight-inkan": "3"}, {"weight-inkan": "この窓口では扱わない業務です。"}),
        (TWO, {"stage-koseki": []}, {"stage-koseki": "一つ以上選んでください。"}),
        (
            FIVE,
            {"discipline": "oldest", "longest_wait": "60"},
            {
                "weight-mynumber": "重みは、呼出順を「重み付き」にしたときだけ入力できます。",
                "longest_wait": "先着順では、いつもいちばん長く待っているかたから呼び出すため、入力できません。",
            },
        ),
        (FIVE, {"discipline": ""}, {"discipline": "一覧の中から選んでください。"}),
        (
            f"{SITE}/counter/3",
            {"place-koseki": ""},
            {"services": f"{stage}を扱う窓口がなくなります。ほかの窓口で扱うようにしてから外してください。"},
        ),
    ):
        answer = admin.send(admin.open(path), path, typed)
        assert answer.status_code == 422, typed
        page = page_of(answer)
        found = problems_of(page)
        assert {name: found.get(name) for name in problems} == problems
        for name, text in typed.items():
            assert name == "discipline" or text == [] or page.one(name=name).attrs["value"] == text
    assert city.audit.page(Question()).lines == before


def test_what_the_counter_does_otherwise_today_is_told(admin: Reader, api: Api) -> None:
    assert "本日は、呼出端末か責任者の画面で業務を変えています" not in admin.open(FIVE).text
    api.post("/api/sites/honchosha/counters/5/services", {"services": ["inkan"]})
    assert "（印鑑登録）" in admin.open(FIVE).one(class_="form-notice").text
