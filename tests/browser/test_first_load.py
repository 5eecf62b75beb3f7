"""The phone page on a slow line: what it weighs, when its first words are there, what its script costs."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import PHONE, Open
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser

MOST_BYTES = 60_000
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
"""400 ms there and back, 400 kbit/s: what WebPageTest calls 3G Slow."""
PAINTED = """() => new Promise((done) => {
  const told = (list) => list.getEntriesByName("first-contentful-paint").forEach((each) => done(each.startTime));
  new PerformanceObserver(told).observe({ type: "paint", buffered: true });
})"""


def load(page: Page, url: str) -> tuple[int, list[str], float]:
    """Bytes over the wire, the addresses asked for, and the first contentful paint in ms, on a slow line."""
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_3G)
    sizes: list[int] = []
    asked: list[str] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    heard: Callable[[dict[str, Any]], None] = lambda event: asked.append(event["request"]["url"])  # noqa: E731
    session.on("Network.requestWillBeSent", heard)
    page.goto(url, wait_until="networkidle")
    if page.locator("script[data-later]").count():
        # The socket client comes a while after the page, and belongs to its weight.
        expect(page.locator("html[data-started]")).to_have_count(1)
        page.wait_for_event("requestfinished", lambda request: request.url.endswith("/socket.io.js"))
    return sum(sizes), asked, float(page.evaluate(PAINTED))


@pytest.mark.parametrize("path", [f"/status/{SITE}", "/", f"/status/{SITE}/calendar", f"/embed/{SITE}"])
def test_a_first_load_is_small_fonts_and_scripts_included(server: Server, open_page: Open, path: str) -> None:
    size, asked, painted = load(open_page("about:blank", PHONE), server.url + path)
    print(f"\n{path}: {size:,} bytes in {len(asked)} requests, first contentful paint {painted:,.0f} ms on slow 3G")
    assert 0 < size < MOST_BYTES
    assert not [address for address in asked if not address.startswith(server.url)]


def test_without_a_script_the_status_page_asks_for_no_script(server: Server, open_page: Open) -> None:
    page = open_page("about:blank", PHONE, java_script_enabled=False)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.url}/status/{SITE}")
    assert not [address for address in asked if address.endswith(".js")]


def test_scripts_come_after_the_page_has_been_painted(server: Server, open_page: Open) -> None:
    page = open_page("about:blank", PHONE)
    _size, _asked, painted = load(page, f"{server.url}/status/{SITE}")
    begun = page.evaluate(
        "performance.getEntriesByType('resource').filter((each) => each.name.endsWith('/js/status.js'))"
        ".map((each) => each.startTime)"
    )
    assert begun, "the page still updates itself"
    assert min(begun) >= painted
