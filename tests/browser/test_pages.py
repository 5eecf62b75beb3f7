"""Every page in Chromium: no violation that axe-core knows, no script needed where none may be, the clock told."""

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.roles import Role
from tests.browser.conftest import BOARD, DESK, KIOSK, PHONE, Open
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser

PUBLIC = {
    "city": ("/", PHONE),
    "status": (f"/status/{SITE}", PHONE),
    "procedure": ("/?procedure=certificate-renewal", PHONE),
    "calendar": (f"/status/{SITE}/calendar?service=mynumber", PHONE),
    "embed": (f"/embed/{SITE}", PHONE),
    "board": (f"/board/{SITE}", BOARD),
    "kiosk": (f"/kiosk/{SITE}", KIOSK),
    "sign in": ("/desk/sign-in", DESK),
}


@pytest.fixture
def ticket(server: Server) -> dict[str, Any]:
    with server.client(Role.KIOSK) as kiosk:
        issued: dict[str, Any] = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "shomei"}).json()
    return issued


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds, each with the elements it concerns."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run()).violations")
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", list(PUBLIC))
def test_axe_finds_nothing_on_the_public_pages(
    server: Server, open_page: Open, axe: str, name: str, theme: str
) -> None:
    path, size = PUBLIC[name]
    page = open_page(f"{server.url}{path}", size, color_scheme=theme, bypass_csp=True)
    expect(page.locator("h1").first).to_be_visible()
    assert violations(page, axe) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_page_of_a_ticket(
    server: Server, open_page: Open, axe: str, ticket: dict[str, Any], theme: str
) -> None:
    page = open_page(f"{server.url}{ticket['ticket_url']}", PHONE, color_scheme=theme, bypass_csp=True)
    assert violations(page, axe) == []


def test_axe_finds_nothing_at_the_desk(server: Server, open_desk: Callable[[str], Page], axe: str) -> None:
    desk = open_desk("1")
    desk.locator("[data-key=main]").click()
    expect(desk.locator("[data-field=counter_state]")).not_to_be_empty()
    # The page's own policy forbids evaluating text in it; the debugger stands outside of the policy.
    session = desk.context.new_cdp_session(desk)
    session.send("Runtime.evaluate", {"expression": axe})
    found = "axe.run().then((result) => JSON.stringify(result.violations.map((each) => each.id)))"
    result = session.send("Runtime.evaluate", {"expression": found, "awaitPromise": True})
    assert result["result"]["value"] == "[]"


@pytest.mark.parametrize("name", ["city", "status", "calendar", "embed", "board"])
def test_the_public_pages_say_everything_without_javascript(server: Server, open_page: Open, name: str) -> None:
    path, size = PUBLIC[name]
    page = open_page(f"{server.url}{path}", size, java_script_enabled=False)
    expect(page.locator("body")).to_contain_text("マイナンバー関係")
    expect(page.locator("body")).to_contain_text("模擬時刻")


def test_the_page_of_a_ticket_tells_its_place_without_javascript(
    server: Server, open_page: Open, ticket: dict[str, Any]
) -> None:
    page = open_page(f"{server.url}{ticket['ticket_url']}", PHONE, java_script_enabled=False)
    expect(page.locator("h1")).to_contain_text(ticket["label"])
    expect(page.locator("[data-field=ahead]")).to_contain_text(str(ticket["ahead"]) if ticket["ahead"] else "次")


@pytest.mark.parametrize("name", ["city", "status", "board", "kiosk"])
def test_every_page_says_that_its_clock_is_simulated(server: Server, open_page: Open, name: str) -> None:
    path, size = PUBLIC[name]
    page = open_page(f"{server.url}{path}", size)
    expect(page.get_by_text("模擬時刻").first).to_be_visible()


@pytest.mark.parametrize("name", list(PUBLIC))
def test_no_page_scrolls_sideways(server: Server, open_page: Open, name: str) -> None:
    path, size = PUBLIC[name]
    page = open_page(f"{server.url}{path}", size)
    expect(page.locator("h1").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("lang", ["ja", "en", "vi", "ne"])
@pytest.mark.parametrize("name", ["city", "procedure", "status", "calendar", "embed"])
def test_no_phone_page_scrolls_sideways_in_other_languages_or_at_twice_the_size(
    server: Server, open_page: Open, name: str, lang: str
) -> None:
    path, (width, height) = PUBLIC[name]
    address = f"{server.url}{path}{'&' if '?' in path else '?'}lang={lang}"
    for size in ((width, height), (width // 2, height // 2)):
        page = open_page(address, size)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), size


def test_a_procedure_is_chosen_without_javascript(server: Server, open_page: Open) -> None:
    page = open_page(f"{server.url}/?procedure=certificate-renewal", PHONE, java_script_enabled=False)
    page.get_by_label("ご用件").select_option("service.shomei")
    page.get_by_role("button", name="混みぐあいをくらべる").click()
    expect(page).to_have_url(f"{server.url}/?procedure=service.shomei")
    expect(page.locator("h2.choice")).to_have_text("住民票・印鑑証明など")


@pytest.fixture
def city_site(server: Server, tmp_path: Path) -> Iterator[str]:
    """A web site of another origin with a page that frames a hall's small page, and its whole page too."""
    framed = {"hall": f"{server.url}/embed/{SITE}", "other": f"{server.url}/status/{SITE}"}
    frames = "".join(f'<iframe id="{name}" src="{address}"></iframe>' for name, address in framed.items())
    (tmp_path / "index.html").write_text(f"<!doctype html><title>city</title>{frames}", encoding="utf-8")
    web = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietFiles, directory=str(tmp_path)))
    thread = Thread(target=web.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{web.server_port}/"
    web.shutdown()
    web.server_close()
    thread.join()


class QuietFiles(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def test_a_page_of_another_origin_frames_a_hall_and_only_that(
    city_site: str, open_page: Open, errors: list[str]
) -> None:
    page = open_page(f"{city_site}index.html", PHONE)
    expect(page.frame_locator("#hall").locator("h1")).to_contain_text("窓口の混雑状況")
    expect(page.frame_locator("#other").locator(".page__title")).to_have_count(0)
    assert any("frame-ancestors" in error for error in errors)
    errors.clear()


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("width", [360, 640, 1280])
def test_the_levels_of_all_services_stand_in_one_line(server: Server, open_page: Open, lang: str, width: int) -> None:
    page = open_page(f"{server.url}/status/{SITE}?lang={lang}", (width, 740))
    expect(page.locator(".service .level").first).to_be_visible()
    lefts = page.locator(".service .level").evaluate_all(
        "(all) => all.filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect().x)"
    )
    assert len(set(lefts)) == 1
