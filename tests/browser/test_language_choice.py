"""Choosing a language on a phone, without a script; and the kiosk's language going on there."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from queue_server.domain.roles import Role
from queue_server.languages import LANGUAGES
from tests.browser.conftest import KIOSK, PHONE, Open
from tests.browser.test_journey import touch_for_a_number
from tests.browser.test_pages import violations
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser

SMALLEST_TARGET = 44


@pytest.mark.parametrize("start", [f"/status/{SITE}", f"/status/{SITE}/calendar", "/", "/validity", "ticket"])
def test_a_language_is_chosen_without_a_script_and_stays(server: Server, open_page: Open, start: str) -> None:
    if start == "ticket":
        with server.client(Role.KIOSK) as kiosk:
            issued = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).json()
        start = urlsplit(issued["ticket_url"]).path
    phone = open_page(server.url + start, PHONE, java_script_enabled=False)
    expect(phone.locator("html")).to_have_attribute("lang", "ja")
    phone.locator(".tongues summary").click()
    links = phone.locator(".tongues a")
    expect(links).to_have_text(list(LANGUAGES.values()))
    for link in links.all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= SMALLEST_TARGET
        assert 0 <= box["x"] <= PHONE[0] - box["width"]
    phone.get_by_role("link", name="English").click()
    expect(phone).to_have_url(f"{server.url}{start}?lang=en")
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    phone.locator("footer a").first.click()
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    assert "lang=en" in phone.url
    phone.goto(f"{server.url}/status/{SITE}")
    expect(phone.locator("html")).to_have_attribute("lang", "en")


def test_axe_finds_nothing_in_the_open_choice(server: Server, open_page: Open, axe: str) -> None:
    phone = open_page(f"{server.url}/status/{SITE}", PHONE, bypass_csp=True)
    phone.locator(".tongues summary").click()
    assert violations(phone, axe) == []


def test_the_code_of_an_english_kiosk_opens_an_english_page(server: Server, open_page: Open) -> None:
    kiosk = open_page(f"{server.url}/kiosk/{SITE}?lang=en", KIOSK, has_touch=True)
    touch_for_a_number(kiosk, "ido", "todoke")
    code = kiosk.locator("[data-qr]")
    expect(code).to_have_attribute("src", re.compile(r"/qr/[\w-]+\.svg\?lang=en$"))
    expect(code).to_be_visible()
