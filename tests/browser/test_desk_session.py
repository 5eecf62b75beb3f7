"""A session that ends: nothing of the hall stays on an unattended screen; signing in leads back to the counter."""

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.roles import Role
from tests.browser.conftest import DESK, Open
from tests.browser.test_desk_take_over import open_counter, sign_in
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser

WATCH = """async (site) => {
    const { watchSession } = await import("/static/js/desk-session.js");
    watchSession({ site, idleMinutes: 90, onEnd: (why) => { document.body.dataset.ended = why; } });
}"""


def sign_out_elsewhere(page: Page, server: Server) -> None:
    other = page.context.new_page()
    other.goto(f"{server.url}/account")
    other.get_by_role("button", name="サインアウト", exact=True).click()
    other.wait_for_url("**/desk/sign-in")
    other.close()


@pytest.fixture(scope="session")
def password(server: Server) -> str:
    return server.add_user("fujita")


def test_a_session_that_ended_takes_every_number_off_the_page_and_leads_back_to_the_counter(
    server: Server, open_page: Open, errors: list[str], password: str
) -> None:
    url = f"{server.url}/desk/{SITE}/6"
    page = sign_in(open_page, url, "fujita", password)
    open_counter(page)
    with server.client(Role.KIOSK) as kiosk:
        issued = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "mynumber"}).raise_for_status().json()
    expect(page.locator("[data-list=waiting]")).to_contain_text(issued["label"])
    page.keyboard.press("h")

    sign_out_elsewhere(page, server)

    expect(page.get_by_role("alert").filter(has_text="サインアウトしています")).to_be_visible()
    assert issued["label"] not in page.locator("main").inner_text()
    assert page.locator("[data-lists], [data-work], [data-place]").locator("visible=true").count() == 0
    page.keyboard.press("Enter")
    page.get_by_label("名前").fill("fujita")
    page.get_by_label("パスワード").fill(password)
    page.get_by_label("パスワード").press("Enter")
    page.wait_for_url(url)
    expect(page.locator("[data-field=counter_state]")).to_have_text("開いています")
    page.keyboard.press("o")
    expect(page.locator("[data-field=counter_state]")).to_have_text("閉まっています")
    errors.clear()


def test_choosing_a_counter_without_a_session_leads_to_signing_in(
    server: Server, open_page: Open, errors: list[str], password: str
) -> None:
    page = sign_in(open_page, f"{server.url}/desk/{SITE}", "fujita", password)
    sign_out_elsewhere(page, server)
    page.wait_for_url(lambda url: "/desk/sign-in?next=" in url)
    errors.clear()


def test_after_the_idle_time_the_page_asks_by_itself(server: Server, open_page: Open, errors: list[str]) -> None:
    page = open_page(f"{server.url}/desk/sign-in", DESK)
    page.clock.install()
    page.evaluate(WATCH, SITE)
    page.clock.run_for(90 * 60_000)
    assert page.locator("body").get_attribute("data-ended") is None
    page.clock.run_for(60_000)
    expect(page.locator("body")).to_have_attribute("data-ended", "idle")
    errors.clear()
