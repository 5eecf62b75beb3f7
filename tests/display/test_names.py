"""What sites, services and counters are called on public pages of another language; Japanese where none is given."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

import pytest
from flask import Flask
from flask.testing import FlaskClient

from display.words import series_text
from queue_server.city import City
from queue_server.config import load_profile
from queue_server.config.profile import shipped_profiles
from queue_server.domain.calendar import local_minute
from queue_server.domain.site import Site
from queue_server.words import stage_named
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.clock import ManualClock
from tests.support.page_tree import Node

Open = Callable[..., Node]
STATUS = f"/status/{SITE}?lang=en"
HALL = "Atsugi City Hall, 1F Citizens' Affairs"


@pytest.fixture
def called(api: Api) -> dict[str, str]:
    """A number of My Number that is called to counter 6."""
    api.counter("6", "open")
    ticket: dict[str, str] = api.issue().get_json()
    api.counter("6", "call", {"label": ticket["label"]})
    return ticket


def card(page: Node, service: str) -> Node:
    return page.one(data_service=service)


def test_the_status_page_calls_everything_by_its_name(api: Api, called: dict[str, str], open_page: Open) -> None:
    api.counter("5", "open")
    api.counter("5", "break", {"minutes": 15})
    page = open_page(STATUS)
    assert page.one(class_="page__title").text.endswith(HALL)
    mynumber = card(page, "mynumber")
    assert mynumber.tags("h3")[0].text.startswith("My Number Card procedures")
    assert mynumber.one(data_field="call_counter").text == "Counter 6"
    assert page.one(data_list="breaks").text == "On a break: Counter 5. Back at about 9:30."


def test_a_stage_has_its_name_and_a_citys_own_word_for_one_stays(api: Api, app: Flask, open_page: Open) -> None:
    address = api.issue("koseki").get_json()["ticket_url"]
    api.counter("3", "open")
    api.counter("3", "call-next")
    assert open_page(f"{address}?lang=en").one(data_field="stage").text == "Reception"
    assert open_page(f"{address}?lang=ja").one(data_field="stage").text == "受付"
    with app.test_request_context("/?lang=en"):
        assert stage_named("審査") == "審査"


def test_the_page_of_a_ticket_calls_everything_by_its_name(called: dict[str, str], open_page: Open) -> None:
    page = open_page(f"{called['ticket_url']}?lang=en")
    assert page.one(class_="ticket__site").text == HALL
    assert page.tags("title")[0].text.endswith(HALL)
    assert page.one(data_field="service_name").text == "My Number Card procedures"
    assert page.one(data_field="counter").text == "Counter 6"


def test_scripts_are_told_only_names_that_differ_from_the_boards(called: dict[str, str], client: FlaskClient) -> None:
    def names(query: str) -> dict[str, dict[str, str]]:
        text = client.get(called["ticket_url"] + query).text
        [block] = re.findall(r'id="messages">(.*?)</script>', text)
        found: dict[str, dict[str, str]] = json.loads(block)["names"]
        return found

    assert names("") == {"service": {}, "counter": {}, "stage": {}}
    assert names("?lang=en")["counter"]["6"] == "Counter 6"
    assert names("?lang=en")["stage"] == {"受付": "Reception", "交付": "Handing over"}


def test_the_page_of_yesterdays_slip_does_too(
    called: dict[str, str], open_page: Open, clock: ManualClock, city: City
) -> None:
    clock.set(local_minute("2026-11-25T08:00"))
    city.tick()
    page = open_page(f"{called['ticket_url']}?lang=en", 410)
    assert "My Number Card procedures" in page.text
    assert HALL in page.text


def without_names(site: Site) -> Site:
    none: MappingProxyType[str, str] = MappingProxyType({})
    services = {each.id: replace(each, names=none) for each in site.services.values()}
    counters = {each.id: replace(each, names=none) for each in site.counters.values()}
    return replace(site, names=none, services=services, counters=counters)


def test_what_has_no_name_in_a_language_is_called_in_japanese(
    city: City, called: dict[str, str], open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = city.hall(SITE)
    monkeypatch.setattr(hall, "site", without_names(hall.site))
    page = open_page(f"{called['ticket_url']}?lang=en")
    assert page.one(class_="ticket__site").text == "厚木市役所本庁舎1階市民課"
    assert page.one(data_field="counter").text == "6番窓口"


def test_a_remark_of_a_service_may_be_in_other_languages(
    city: City, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = city.hall(SITE).site.services
    noted = replace(services["mynumber"], note="予約のかたが先です", notes={"en": "Bookings come first"})
    hall = city.hall(SITE)
    monkeypatch.setattr(hall, "site", replace(hall.site, services={**services, "mynumber": noted}))
    assert card(open_page(STATUS), "mynumber").one(class_="service__note").text == "Bookings come first"


def test_a_hundred_of_numbers_is_spoken_of_in_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context("/status/x"):
        assert series_text("500番台") == "500番台"
        assert series_text("A01〜A99") == "A01〜A99"


def test_names_are_open_data(client: FlaskClient) -> None:
    answer = client.get(f"/api/sites/{SITE}/names")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found = answer.get_json()
    assert found["site"]["en"] == HALL
    assert found["services"]["mynumber"]["vi"] == "Thủ tục thẻ My Number"
    assert found["counters"]["6"]["zh"] == "6号窗口"
    assert set(found["categories"]) == {each.id for each in load_profile("atsugi").sites[SITE].categories}
    again = client.get(f"/api/sites/{SITE}/names", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/api/sites/nowhere/names").status_code == 404


@pytest.mark.parametrize("profile", shipped_profiles())
def test_every_shipped_profile_names_everything_in_english(profile: str) -> None:
    found = load_profile(profile)
    unnamed = [profile] if "en" not in found.names else []
    for site in found.sites.values():
        things = [site, *site.categories, *site.services.values(), *site.counters.values()]
        unnamed += [f"{site.id}/{each.id}" for each in things if "en" not in each.names]
        unnamed += [f"{site.id}/{each.id}: {each.names}" for each in things if "" in each.names.values()]
    assert unnamed == []


def test_a_slip_of_a_service_that_left_the_profile_is_named_by_its_id(
    called: dict[str, str], open_page: Open, clock: ManualClock, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(local_minute("2026-11-25T08:00"))
    city.tick()
    hall = city.hall(SITE)
    left = {name: service for name, service in hall.site.services.items() if name != "mynumber"}
    monkeypatch.setattr(hall, "site", replace(hall.site, services=left))
    assert "「mynumber」" in open_page(called["ticket_url"], 410).text
