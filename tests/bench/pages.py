"""What each page weighs on its first load, assets included: over the wire, and before compression."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from queue_server.domain.roles import Role
from tests.bench.rounds import UNSLOWED
from tests.browser.conftest import CHROMIUM_OPTIONS, chromium
from tests.support.server import SITE, Server

PATIENCE_MS = 20_000


def rows(_rounds: int) -> Iterator[tuple[str, str, str]]:
    """The table's lines; bytes are the same in every round."""
    environment = {**UNSLOWED, "QUEUE_SERVER_OPEN_KIOSK": "1"}
    with (
        TemporaryDirectory(prefix="queue-bench-") as folder,
        Server(Path(folder) / "pages", environment) as server,
        sync_playwright() as playwright,
    ):
        with server.client(Role.ADMIN) as admin:
            ticket = admin.post(f"/api/sites/{SITE}/tickets", json={"service": "mynumber"}).json()["ticket_url"]
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        for name, path in (
            ("the city", "/"),
            ("status", f"/status/{SITE}"),
            ("calendar", f"/status/{SITE}/calendar"),
            ("ticket", ticket),
            ("embed", f"/embed/{SITE}"),
            ("board", f"/board/{SITE}"),
            ("kiosk", f"/kiosk/{SITE}"),
            ("sign-in", "/desk/sign-in"),
        ):
            alone, wire, plain, requests = weigh(browser, server.url + path)
            yield (
                f"first load: {name}",
                f"{wire / 1000:.1f} kB over the wire",
                f"{plain / 1000:.1f} kB plain, {requests} requests; the page alone {alone / 1000:.1f} kB plain",
            )
        browser.close()


def weigh(browser: Browser, url: str) -> tuple[int, int, int, int]:
    """Bytes: the page itself, everything over the wire with its headers, everything decoded; and the requests."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    wire: list[int] = []
    plain: list[int] = []
    session.on("Network.loadingFinished", lambda event: wire.append(int(event["encodedDataLength"])))
    session.on("Network.dataReceived", lambda event: plain.append(int(event["dataLength"])))
    answer = page.goto(url, wait_until="networkidle")
    assert answer is not None, url
    assert answer.ok, url
    if page.locator("script[data-later]").count():
        # The socket client comes a while after the page, and belongs to its weight.
        page.wait_for_event("requestfinished", lambda request: request.url.endswith("/socket.io.js"))
    alone = len(answer.body())
    page.close()
    return alone, sum(wire), sum(plain), len(wire)
