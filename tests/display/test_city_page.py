"""The first page: every hall of the city."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.settings import Settings
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.apps import make_app
from tests.support.clock import ManualClock
from tests.support.page_tree import Node, parse

Open = Callable[..., Node]
ROOT = Path(__file__).resolve().parents[2]


def test_a_hall_says_whether_it_is_open_and_leads_to_its_page(open_page: Open) -> None:
    hall = open_page("/").one(class_="hall")
    assert hall.tags("h2")[0].text == "厚木市役所本庁舎1階市民課"
    assert hall.tags("a")[0].attrs["href"] == f"/status/{SITE}"
    assert hall.one(data_opening="").text.startswith("受付中です")


def test_each_service_has_its_people_and_its_level(api: Api, open_page: Open) -> None:
    for _ in range(5):
        api.issue()
    services = [row.text for row in open_page("/").all(class_="hall__service")]
    assert "マイナンバー関係 待ち人数 5人 混雑中" in services
    assert len(services) == 5


def test_staff_find_their_screens_at_the_foot(open_page: Open) -> None:
    links = [a.attrs["href"] for a in open_page("/").tags("nav")[0].tags("a")]
    assert links == ["/desk", f"/board/{SITE}"]


def test_the_doors_to_every_screen_are_only_for_the_demo(
    client: FlaskClient, settings: Settings, clock: ManualClock, tmp_path: Path
) -> None:
    assert "デモの入口" not in client.get("/").text
    with make_app(replace(settings, data_dir=tmp_path / "demo", open_kiosk=True), clock) as demo:
        page = parse(demo.test_client().get("/").text)
    doors = [a.attrs["href"] for a in page.one(class_="demo").tags("a")]
    assert doors == [f"/kiosk/{SITE}", f"/desk/{SITE}", f"/board/{SITE}", f"/status/{SITE}"]


@pytest.fixture
def fujisawa(settings: Settings, clock: ManualClock, tmp_path: Path) -> Iterator[Flask]:
    """A city of 13 halls: seven take certificate renewals with a booking, six without."""
    with make_app(replace(settings, profile="fujisawa", data_dir=tmp_path / "fujisawa"), clock) as app:
        yield app


def page_of(app: Flask, path: str) -> Node:
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    return parse(answer.text)


def place_names(page: Node) -> list[str]:
    return [place.tags("h3")[0].text for place in page.all(class_="hall--place")]


def test_a_procedure_is_chosen_without_a_script_and_stays_in_the_address(fujisawa: Flask) -> None:
    form = page_of(fujisawa, "/").one(class_="choose")
    assert (form.attrs["method"], form.attrs["action"]) == ("get", "/")
    values = [option.attrs["value"] for option in form.tags("option")]
    assert values[:2] == ["", "certificate-renewal"]
    assert "service.mynumber" in values
    chosen = page_of(fujisawa, "/?procedure=certificate-renewal")
    (selected,) = [option for option in chosen.tags("option") if "selected" in option.attrs]
    assert selected.attrs["value"] == "certificate-renewal"
    refresh = next(a for a in chosen.tags("a") if a.text == "最新の情報に更新")
    assert refresh.attrs["href"] == "/?procedure=certificate-renewal"


def test_halls_that_take_it_without_a_booking_come_first_and_the_emptiest_is_named(fujisawa: Flask) -> None:
    walk_in = page_of(fujisawa, "/?procedure=certificate-renewal").all(class_="hall--place")[:6]
    assert {place.one(class_="hall__booking").text for place in walk_in} == {"予約はいりません"}
    first, *others = [place.attrs["data-place"] for place in walk_in]
    for site in others:
        Api(fujisawa, site).issue("mynumber")
    page = page_of(fujisawa, "/?procedure=certificate-renewal")
    best = page.one(class_="hall__best")
    assert best.text == "いまいちばん空いています"
    assert page.all(class_="hall--place")[0].attrs["data-place"] == first
    assert [place for place in page.all(class_="hall--place") if best in place.walk()] == [page.one(data_place=first)]


def test_a_hall_that_needs_a_booking_says_so_and_how_to_book(fujisawa: Flask) -> None:
    page = page_of(fujisawa, "/?procedure=certificate-renewal")
    booked = page.all(class_="hall__booking--required")
    assert len(booked) == 7
    assert {each.text for each in booked} == {"予約が必要です"}
    assert [a for a in page.tags("a") if a.attrs["href"].startswith("tel:")]
    assert "予約のしかた" in page.text


def test_a_hall_that_does_not_take_it_is_named_apart(
    fujisawa: Flask, settings: Settings, clock: ManualClock, tmp_path: Path
) -> None:
    page = page_of(fujisawa, "/?procedure=certificate-renewal")
    assert len(page.all(class_="hall--place")) == 13
    with make_app(replace(settings, profile=str(elsewhere_too(tmp_path)), data_dir=tmp_path / "other"), clock) as app:
        page = page_of(app, "/?procedure=certificate-renewal")
    assert len(page.all(class_="hall--place")) == 12
    assert page.one(class_="elsewhere").text == "この手続きを受け付けていない庁舎 1か所 鵠沼市民センター"


def elsewhere_too(folder: Path) -> Path:
    """Fujisawa's profile without certificate renewals at one of its halls."""
    text = (ROOT / "queue_server/profiles/fujisawa.toml").read_text(encoding="utf-8")
    place = re.compile(r"\[\[procedure\.place\]\]\s*sites = \[[^]]*\]", re.DOTALL)
    changed = place.sub(lambda found: re.sub(r',?\s*"kugenuma"', "", found[0]), text)
    assert changed != text
    path = folder / "city.toml"
    path.write_text(changed, encoding="utf-8")
    return path


def test_a_place_leads_to_its_service_on_the_page_of_its_hall(fujisawa: Flask) -> None:
    place = page_of(fujisawa, "/?procedure=certificate-renewal").all(class_="hall--place")[0]
    address, _, anchor = place.tags("a")[0].attrs["href"].partition("#")
    assert page_of(fujisawa, address).one(id=anchor).attrs["data-service"] == "mynumber"


def test_a_city_of_one_hall_has_nothing_to_compare(open_page: Open) -> None:
    assert open_page("/").all(class_="choose") == []
    assert len(open_page("/?procedure=certificate-renewal").all(class_="hall--place")) == 1


@pytest.mark.parametrize("wanted", ["nothing", "service.nothing", "mynumber", "<script>"])
def test_an_unknown_procedure_is_a_page_that_helps(open_page: Open, wanted: str) -> None:
    page = open_page(f"/?procedure={wanted}", 404)
    assert "ページが見つかりません" in page.text
    assert [a.attrs["href"] for a in page.tags("a") if "/status/" in a.attrs["href"]] == [f"/status/{SITE}"]
    assert page.tags("script") == []


def test_names_speak_the_language_of_the_page(fujisawa: Flask) -> None:
    page = page_of(fujisawa, "/?procedure=certificate-renewal&lang=en")
    assert not any("市民センター" in name for name in place_names(page))
    assert page.one(type="hidden").attrs == {"type": "hidden", "name": "lang", "value": "en"}
