"""From a call at a desk to its number painted on the hall's screen, in a real Chromium."""

import time
import uuid
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

from queue_server.domain.roles import Role
from tests.browser.conftest import BOARD, CHROMIUM_OPTIONS, chromium
from tests.support.server import SITE, Server

CALLS = 200
PATIENCE_MS = 10_000

# A label counts as painted in the frame after the one in which its node appeared.
WATCH = """() => {
    window.painted = {};
    const list = document.querySelector('[data-list="calls"]');
    const note = () => {
        const shown = [...list.children].map((node) => node.dataset.key);
        const labels = shown.filter((label) => !(label in window.painted));
        if (!labels.length) return;
        requestAnimationFrame(() => requestAnimationFrame(() => {
            for (const label of labels) window.painted[label] ??= performance.timeOrigin + performance.now();
        }));
    };
    new MutationObserver(note).observe(list, { childList: true, subtree: true });
}"""
WAIT = """(label) => new Promise((resolve) => {
    const look = () => (label in window.painted ? resolve(window.painted[label]) : setTimeout(look, 1));
    look();
})"""


def call_to_paint(server: Server) -> tuple[float, float]:
    """Milliseconds from sending a call to its number on the screen: median and 99th percentile of CALLS calls."""
    taken = []
    with sync_playwright() as playwright, server.client(Role.ADMIN) as admin:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        page = browser.new_page(viewport={"width": BOARD[0], "height": BOARD[1]})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{server.url}/board/{SITE}")
        page.evaluate(WATCH)
        admin.post(f"/api/sites/{SITE}/counters/6/open")
        for _ in range(CALLS):
            admin.post(f"/api/sites/{SITE}/tickets", json={"service": "mynumber"}).raise_for_status()
            began = time.time() * 1000
            called = admin.post(
                f"/api/sites/{SITE}/counters/6/call-next",
                json={"complete": True},
                headers={"Idempotency-Key": uuid.uuid4().hex},
            ).raise_for_status()
            label = called.json()["ticket"]["label"]
            taken.append(page.evaluate(WAIT, label) - began)
            page.evaluate("(label) => { delete window.painted[label]; }", label)
        browser.close()
    return median(taken), quantiles(taken, n=100)[98]
