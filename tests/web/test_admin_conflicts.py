"""Two administrators at once: the later one is told, sees both, and decides; a double press is one change."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.audit import Question
from queue_server.city import City
from queue_server.domain.entries import Kind
from queue_server.domain.roles import Role
from tests.support.forms import Reader, done, page_of, problems_of
from tests.support.page_tree import Node
from tests.support.people import signed_in

SITE = "/admin/sites/honchosha"
FIVE, DAY, ALERTS = f"{SITE}/counter/5", f"{SITE}/special_day/2026-12-28", f"{SITE}/alerts/site"


@pytest.fixture
def sato(client: FlaskClient, city: City) -> Reader:
    return Reader(signed_in(client, city, "sato", Role.ADMINISTRATOR))


@pytest.fixture
def abe(app: Flask, city: City) -> Reader:
    return Reader(signed_in(app.test_client(), city, "abe", Role.ADMINISTRATOR))


def changes(city: City) -> list[Any]:
    """What was changed, newest first."""
    return [(line.actor, line.body["value"]) for line in city.audit.lines(Question(kinds={Kind.CHANGE_STRUCTURE}))]


def sides(page: Node) -> list[str]:
    return [side.text for side in page.all(class_="conflict__side")]


def test_the_later_one_sees_both_and_nothing_is_overwritten(sato: Reader, abe: Reader, city: City) -> None:
    mine, theirs = sato.open(FIVE), abe.open(FIVE)
    sato.follow(sato.send(mine, FIVE, {"name": "総合窓口"}))
    answer = abe.send(theirs, FIVE, {"name": "相談窓口"})
    assert answer.status_code == 409
    page = page_of(answer)
    assert (
        "ほかの管理者が先に変更しました。まだ保存していません。 satoさんが09:15に変えました。"
        in page.one(role="alert").text
    )
    present, typed = sides(page)
    assert "名前 総合窓口" in present
    assert "名前 相談窓口" in typed
    assert page.one(name="name").attrs["value"] == "相談窓口"
    assert [actor for actor, _ in changes(city)] == ["staff:sato"]


def test_who_decides_to_overwrite_does_so_knowingly(sato: Reader, abe: Reader, city: City) -> None:
    theirs = abe.open(FIVE)
    sato.follow(sato.send(sato.open(FIVE), FIVE, {"name": "総合窓口"}))
    page = page_of(abe.send(theirs, FIVE, {"name": "相談窓口"}))
    assert "この内容で上書きする" in page.text
    assert "窓口: 相談窓口 を変えました" in done(abe.follow(abe.send(page, FIVE)))
    assert city.hall("honchosha").site.counters["5"].name == "相談窓口"


def test_who_decides_to_leave_it_finds_the_present_state(sato: Reader, abe: Reader) -> None:
    theirs = abe.open(FIVE)
    sato.follow(sato.send(sato.open(FIVE), FIVE, {"name": "総合窓口"}))
    page = page_of(abe.send(theirs, FIVE, {"name": "相談窓口"}))
    leave = next(link for link in page.tags("a") if link.text == "いまの内容のままにする")
    assert abe.open(leave.attrs["href"]).one(name="name").attrs["value"] == "総合窓口"


def test_a_conflict_may_come_again_before_the_decision(sato: Reader, abe: Reader, city: City) -> None:
    theirs = abe.open(ALERTS)
    sato.follow(sato.send(sato.open(ALERTS), ALERTS, {"people": "16"}))
    page = page_of(abe.send(theirs, ALERTS, {"people": "20"}))
    sato.follow(sato.send(sato.open(ALERTS), ALERTS, {"people": "17"}))
    answer = abe.send(page, ALERTS)
    assert answer.status_code == 409
    assert "待っている人 17人から" in sides(page_of(answer))[0]
    assert len(changes(city)) == 2


def test_what_does_not_fit_is_told_also_on_the_page_of_a_conflict(sato: Reader, abe: Reader) -> None:
    theirs = abe.open(ALERTS)
    sato.follow(sato.send(sato.open(ALERTS), ALERTS, {"people": "16"}))
    page = page_of(abe.send(theirs, ALERTS, {"people": "たくさん"}))
    assert "待っている人 たくさん人から" in sides(page)[1]
    answer = abe.send(page, ALERTS)
    assert answer.status_code == 422
    assert problems_of(page_of(answer)) == {"people": "整数で入力してください。"}


def test_both_typed_the_same(sato: Reader, abe: Reader, city: City) -> None:
    theirs = abe.open(ALERTS)
    sato.follow(sato.send(sato.open(ALERTS), ALERTS, {"people": "16"}))
    assert (
        done(abe.follow(abe.send(theirs, ALERTS, {"people": "16"}))) == "ほかの管理者が、先に同じ内容にしていました。"
    )
    assert len(changes(city)) == 1


def test_going_back_to_the_profile_overwrites_nobody_either(sato: Reader, abe: Reader, city: City) -> None:
    sato.follow(sato.send(sato.open(ALERTS), ALERTS, {"people": "16"}))
    theirs = abe.open(ALERTS)
    sato.follow(sato.send(sato.open(ALERTS), ALERTS, {"people": "17"}))
    answer = abe.send(theirs, f"{ALERTS}/profile")
    assert answer.status_code == 409
    page = page_of(answer)
    assert ["待っている人 17人から" in sides(page)[0], "待っている人 15人から" in sides(page)[1]] == [True, True]
    assert page.one(name="people").attrs["value"] == "15"
    abe.follow(abe.send(page, ALERTS))
    assert city.hall("honchosha").structure_changes() == {}


def test_somebody_else_went_back_to_the_profile(sato: Reader, abe: Reader) -> None:
    sato.follow(sato.send(sato.open(ALERTS), ALERTS, {"people": "16"}))
    theirs = abe.open(ALERTS)
    sato.follow(sato.send(sato.open(ALERTS), f"{ALERTS}/profile"))
    page = page_of(abe.send(theirs, ALERTS, {"people": "20"}))
    assert "ほかの管理者が、プロファイルの内容に戻しました。" in page.one(role="alert").text


def test_removing_a_day_that_somebody_changed_since(sato: Reader, abe: Reader, city: City) -> None:
    sato.follow(sato.send(sato.open(DAY), DAY, {"mode": "closed", "reason": "点検"}))
    theirs = abe.open(DAY)
    sato.follow(sato.send(sato.open(DAY), DAY, {"reason": "システムの点検"}))
    answer = abe.send(theirs, f"{DAY}/remove")
    assert answer.status_code == 409
    page = page_of(answer)
    assert "システムの点検" in sides(page)[0]
    assert "特別な設定はありません" in sides(page)[1]
    assert page.one(name="reason").attrs["value"] == "システムの点検"
    abe.follow(abe.send(page, f"{DAY}/remove"))
    assert city.hall("honchosha").structure_changes() == {}


def test_different_parts_do_not_get_into_each_others_way(sato: Reader, abe: Reader, city: City) -> None:
    mine, theirs = sato.open(FIVE), abe.open(ALERTS)
    sato.follow(sato.send(mine, FIVE, {"name": "総合窓口"}))
    abe.follow(abe.send(theirs, ALERTS, {"people": "16"}))
    assert len(changes(city)) == 2


def test_a_double_press_is_one_change(sato: Reader, city: City) -> None:
    page = sato.open(ALERTS)
    for _ in range(2):
        sato.follow(sato.send(page, ALERTS, {"people": "16"}))
    assert len(changes(city)) == 1


def test_an_old_page_that_is_sent_again_with_something_else_is_told(sato: Reader, city: City) -> None:
    page = sato.open(ALERTS)
    sato.follow(sato.send(page, ALERTS, {"people": "16"}))
    assert sato.send(page, ALERTS, {"people": "20"}).status_code == 409
    assert len(changes(city)) == 1


def test_a_revision_that_is_none_never_fits(sato: Reader, city: City) -> None:
    page = sato.open(ALERTS)
    for revision in ("", "x", "-1", "9" * 5000, "7"):
        assert sato.send(page, ALERTS, {"people": "16", "revision": revision}).status_code == 409
    assert changes(city) == []
