"""The administrator's pages as a whole: who may see them, where they lead, what the first one says."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.audit import Question
from queue_server.city import City
from queue_server.config import Settings, load_profile
from queue_server.config.structure import Part
from queue_server.domain.roles import Role
from queue_server.hall import Caller
from tests.support.api import Api
from tests.support.apps import city_of, make_app
from tests.support.clock import ManualClock
from tests.support.forms import Reader
from tests.support.people import JAPANESE, add_person, signed_in

SITE = "/admin/sites/honchosha"
_EVERYTHING = Question()


@pytest.fixture
def admin(client: FlaskClient, city: City) -> Reader:
    return Reader(signed_in(client, city, role=Role.ADMINISTRATOR))


@pytest.fixture
def two_halls(tmp_path: Path, clock: ManualClock) -> Iterator[Flask]:
    """A city with a second hall, its branch."""
    table, hall = load_profile("atsugi").text.split("# --- The guide:")[0].split("[[site]]")
    branch = hall.replace('"honchosha"', '"shisho"').replace("厚木市役所本庁舎1階市民課", "支所")
    profile = tmp_path / "two.toml"
    profile.write_text(f"{table}[[site]]{hall}[[site]]{branch}", encoding="utf-8")
    settings = Settings(data_dir=tmp_path / "data", profile=str(profile), log_level="critical")
    with make_app(settings, clock) as app:
        yield app


def test_only_administrators_get_in(app: Flask, city: City) -> None:
    pages = [
        rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.") and not rule.arguments
    ]
    assert len(pages) > 5
    clerk = signed_in(app.test_client(), city, "clerk")
    chief = signed_in(app.test_client(), city, "chief", Role.SUPERVISOR)
    for path in (*pages, SITE, f"{SITE}/days", f"{SITE}/counter/5"):
        assert [each.get(path).status_code for each in (clerk, chief)] == [403, 403], path
        assert "/desk/sign-in" in app.test_client().get(path).location, path


def test_nobody_commands_without_being_an_administrator(app: Flask, city: City) -> None:
    chief = signed_in(app.test_client(), city, role=Role.SUPERVISOR)
    before = city.audit.page(_EVERYTHING).lines
    for path in (
        f"{SITE}/counter/5",
        f"{SITE}/counter/5/profile",
        f"{SITE}/notices",
        "/admin/devices",
        "/admin/people/new",
    ):
        assert chief.post(path, data={"typed": "1"}).status_code == 403, path
    assert city.audit.page(_EVERYTHING).lines == before


def test_every_page_of_the_menu_opens_and_says_where_one_is(admin: Reader) -> None:
    menu = admin.open(SITE).one(class_="menu")
    ways = [link.attrs["href"] for link in menu.tags("a")]
    assert len(ways) == 10
    for path in ways:
        page = admin.open(path)
        here = [link.attrs["href"] for link in page.one(class_="menu").tags("a") if "aria-current" in link.attrs]
        assert here == [path]
        assert len(page.tags("h1")) == 1


def test_a_city_of_one_hall_goes_to_its_page_at_once(admin: Reader) -> None:
    assert admin.client.get("/admin").location == SITE


def test_a_city_of_several_halls_asks_which(two_halls: Flask) -> None:
    admin = Reader(signed_in(two_halls.test_client(), city_of(two_halls), role=Role.ADMINISTRATOR))
    options = {link.attrs["href"]: link.text for link in admin.open("/admin").all(class_="option")}
    assert options["/admin/sites/shisho"].startswith("支所")
    assert SITE in options
    assert next(link.text for link in admin.open("/admin/people").one(class_="menu").tags("a")) == "庁舎を選ぶ"
    assert admin.open("/admin/sites/shisho/days").one(class_="bar__site").text == "支所"


def test_the_first_page_says_how_today_is_and_what_was_changed(admin: Reader, city: City) -> None:
    page = admin.open(SITE)
    assert "受付中です 08:30〜17:15" in page.text
    assert "ありません。すべてプロファイルのままです。" in page.text
    hall = city.hall("honchosha")
    hall.change_structure(Caller("staff:sato", "one"), "alerts", "site", {"people": 9}, 0)
    row = admin.open(SITE).one(class_="rows").tags("tr")[1]
    assert row.tags("a")[0].attrs["href"] == f"{SITE}/alerts/site"
    assert "待っている人: 9人から" in row.text
    assert "15人から" in row.text
    assert "sato 2026-11-24 09:15" in row.text


def test_the_first_page_says_that_today_was_ended_early_and_why(admin: Reader, api: Api) -> None:
    api.post("/api/sites/honchosha/reception/close", {"reason": "システムの点検"})
    today = admin.open(SITE).tags("section")[0].text
    assert "本日の受付は終了しました 08:30〜17:15 受付時間より早く終了しました。 理由: システムの点検" in today
    api.post("/api/sites/honchosha/reception/reset", {})
    assert "早く終了" not in admin.open(SITE).text


def test_the_first_page_has_a_card_for_everything_in_the_menu(admin: Reader) -> None:
    page = admin.open(SITE)
    menu = {link.attrs["href"] for link in page.all(class_="menu__way")} - {SITE}
    cards = {link.attrs["href"] for link in page.all(class_="option")}
    assert menu - cards == set()


def test_what_does_not_exist_is_404(admin: Reader) -> None:
    for path in (
        "/admin/sites/elsewhere",
        "/admin/sites/elsewhere/days",
        f"{SITE}/counter/99",
        f"{SITE}/levels/nothing",
        f"{SITE}/alerts/mynumber",
        f"{SITE}/special_day/tomorrow",
        f"{SITE}/special_day/20261228",
        f"{SITE}/special_day/2026-11-23",
        f"{SITE}/special_day/2206-12-28",
        f"{SITE}/series/s001",
        "/admin/people/nobody",
        "/admin/devices/nothing/revoke",
    ):
        assert admin.client.get(path).status_code == 404, path


def test_the_exported_profile_is_the_city_as_it_is_now(admin: Reader, city: City, tmp_path: Path) -> None:
    hall = city.hall("honchosha")
    caller = iter(range(100))
    for part, part_id, value in (
        ("counter", "5", {"name": "総合窓口", "services": ["mynumber", "todoke"]}),
        ("special_day", "2026-12-28", {"open": ["08:30-12:00"], "reason": "臨時"}),
        ("levels", "inkan", [{"key": "free", "label": "空き"}, {"key": "crowded", "label": "混み", "people": 3}]),
        ("alerts", "site", {"people": 9}),
    ):
        hall.change_structure(Caller("staff:sato", str(next(caller))), part, part_id, value, 0)
    answer = admin.client.get("/admin/profile.toml")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="atsugi.toml"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert tomllib.loads(answer.text)["city"]["id"] == "atsugi"
    file = tmp_path / "atsugi.toml"
    file.write_bytes(answer.data)
    assert load_profile(str(file)).sites["honchosha"] == hall.site
    assert (Part.ALERTS, "site") in hall.structure_changes()


def test_the_way_to_the_export_stands_on_the_first_page(admin: Reader) -> None:
    link = next(each for each in admin.open(SITE).all(class_="option") if each.attrs["href"].endswith(".toml"))
    assert admin.client.get(link.attrs["href"], headers=JAPANESE).status_code == 200


def test_an_administrator_who_was_disabled_is_out_at_once(admin: Reader, city: City) -> None:
    add_person(city, "other", Role.ADMINISTRATOR)
    sato = city.accounts.staff_named("sato")
    city.accounts.disable(sato.id, actor="staff:other")
    assert "/desk/sign-in" in admin.client.get(SITE).location
