"""A browser window in front of an application in this process: no port, and a clock that only the test moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route

ORIGIN = "http://localhost"


@contextmanager
def visitor(browser: Browser, app: Flask, **options: Any) -> Iterator[BrowserContext]:
    """A browser window of its own whose every request the application answers; sockets find nobody."""
    client = app.test_client()

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path.startswith("/socket.io"):
            route.abort()
            return
        sent = route.request.headers
        headers = {
            name: sent[name]
            for name in ("if-none-match", "content-type", "idempotency-key", "accept-language")
            if name in sent
        }
        body = route.request.post_data_buffer
        with client.open(path, method=route.request.method, headers=headers, data=body) as response:
            route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.get_data())

    context = browser.new_context(base_url=ORIGIN, locale="ja-JP", **options)
    context.route(f"{ORIGIN}/**", answer)
    context.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    try:
        yield context
    finally:
        context.close()


def refresh(page: Page) -> None:
    """Have a page ask for the newest board now, as it does when the network comes back."""
    with page.expect_response("**/api/sites/*/board"):
        page.evaluate("window.dispatchEvent(new Event('online'))")
