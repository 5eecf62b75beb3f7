"""The desk in Chromium with every question open: axe-core finds nothing, in both themes, and nothing is cut off."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.roles import Role
from tests.browser.conftest import DESK, Open
from tests.browser.test_pages import violations
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser

NARROW, WIDE = (360, 740), (1280, 800)
QUESTIONS = {"h": "hold", "t": "transfer", "b": "break", "g": "services", "p": "prioritize", "?": "keys"}


@pytest.fixture(scope="session")
def clerk_password(server: Server) -> str:
    return server.add_user("hara", Role.SUPERVISOR)


@pytest.fixture
def label(server: Server) -> Iterator[str]:
    """Somebody at counter 6, a paused service and a notice; all is put back afterwards."""
    site = f"/api/sites/{SITE}"
    with server.client(Role.ADMIN) as admin:
        ticket = admin.post(f"{site}/tickets", json={"service": "mynumber"}).raise_for_status().json()
        admin.post(f"{site}/counters/6/open").raise_for_status()
        admin.post(f"{site}/counters/6/call", json={"label": ticket["label"]}).raise_for_status()
        admin.post(f"{site}/services/inkan/pause").raise_for_status()
        notice = admin.post(f"{site}/notices", json={"text": "2階のエレベーターは点検中です。", "until": None}).json()
        yield str(ticket["label"])
        admin.post(f"{site}/notices/{notice['notice']['id']}/withdraw").raise_for_status()
        admin.post(f"{site}/services/inkan/resume").raise_for_status()
        admin.post(f"/api/tickets/{ticket['id']}/complete").raise_for_status()
        admin.post(f"{site}/counters/6/close").raise_for_status()


def desk_page(server: Server, open_page: Open, path: str, password: str, theme: str) -> Page:
    url = f"{server.url}/desk/{SITE}{path}"
    page = open_page(url, DESK, color_scheme=theme, bypass_csp=True)
    page.get_by_label("名前").fill("hara")
    page.get_by_label("パスワード").fill(password)
    page.get_by_label("パスワード").press("Enter")
    page.wait_for_url(url)
    return page


def violations_of_the_question(page: Page) -> list[str]:
    """What axe-core, which is on the page already, finds in the dialog that is open."""
    found = page.evaluate("async () => (await axe.run('dialog[open]')).violations")
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_at_the_desk_whatever_it_asks(
    server: Server, open_page: Open, axe: str, label: str, clerk_password: str, theme: str
) -> None:
    page = desk_page(server, open_page, "/6", clerk_password, theme)
    expect(page.locator("[data-current] [data-field=label]")).to_have_text(label)
    expect(page.get_by_text("印鑑登録は受付休止中")).to_be_visible()
    assert violations(page, axe) == []
    for key, name in QUESTIONS.items():
        page.keyboard.press(key)
        expect(page.locator(f"[data-dialog={name}]")).to_be_visible()
        assert (name, violations_of_the_question(page)) == (name, [])
        page.keyboard.press("Escape")
        expect(page.locator(f"[data-dialog={name}]")).to_be_hidden()
    for size in (NARROW, DESK, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert (size, scrolls_sideways(page)) == (size, False)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_where_a_counter_is_chosen(
    server: Server, open_page: Open, axe: str, label: str, clerk_password: str, theme: str
) -> None:
    page = desk_page(server, open_page, "", clerk_password, theme)
    expect(page.locator("[data-counter='6']")).to_contain_text(f"{label}番を呼出中")
    assert violations(page, axe) == []
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    assert not scrolls_sideways(page)
