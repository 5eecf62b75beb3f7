"""The phone page on a slow line: what it weighs, when its first words are there, what its script costs."""

import time
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

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


def load(page: Page, url: str, *, scripts: bool = True) -> tuple[int, list[str], float]:
    """Bytes over the wire, the addresses asked for, and the first contentful paint in ms, on a slow line.

    Without scripts nobody can ask the page when it was painted: 0.
    """
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_3G)
    asked: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def heard(event: dict[str, Any]) -> None:
        asked[event["requestId"]] = event["request"]["url"]

    def ended(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", heard)
    session.on("Network.loadingFinished", ended)
    page.goto(url, wait_until="networkidle")
    if scripts and page.locator("script[type=module]").count():
        # The socket client comes a while after the page, and belongs to its weight.
        deadline = time.monotonic() + 30
        while not any(asked[each].endswith("/socket.io.js") for each in sizes if each in asked):
            assert time.monotonic() < deadline, "the page never becomes live"
            page.evaluate("() => new Promise(requestAnimationFrame)")
    painted = float(page.evaluate(PAINTED)) if scripts else 0.0
    return sum(sizes.values()), list(asked.values()), painted


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
