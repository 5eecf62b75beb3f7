"""`make pictures`: start the demo, wait until its hall lives, and take docs/pictures at the screens' real sizes."""

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import BOARD, CHROMIUM_OPTIONS, DESK, KIOSK, PHONE, chromium
from tests.support.server import SITE, free_port
from tests.support.waiting import wait_until

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SPEAKS = "--autoplay-policy=no-user-gesture-required"
"""As the browser of a hall's screen is started (deploy/): it needs no press before it may sound."""
LIVELY = 12
"""Calls that the board has seen before its picture is taken."""
PATIENCE_MS = 120_000
CALLED = """[...document.querySelectorAll(".call.is-fresh:first-child")].some(
    (call) => !["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"].includes(getComputedStyle(call).backgroundColor))"""
"""Whether the board's first number was called a moment ago, and is in the lit half of its flash."""


def main() -> None:
    port = free_port()
    demo = subprocess.Popen(
        [sys.executable, "-m", "queue_server.cli", "demo", "--port", str(port), "--clock", "2026-11-24T10:20"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert demo.stdout is not None
        password = next(found[1] for line in demo.stdout if (found := re.search(r"with password (\S+)", line)))
        PICTURES.mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=[*CHROMIUM_OPTIONS, SPEAKS])
            take(browser, f"http://127.0.0.1:{port}", password)
            browser.close()
    finally:
        demo.terminate()
        demo.wait(timeout=30)


def take(browser: Browser, url: str, password: str) -> None:
    board = page_of(browser, f"{url}/board/{SITE}", BOARD)
    wait_until_lively(url)
    wait_until(lambda: board.evaluate(CALLED), "nobody is called", seconds=PATIENCE_MS / 1000)
    save(board, "board")
    save(page_of(browser, f"{url}/status/{SITE}", PHONE), "status")
    kiosk = page_of(browser, f"{url}/kiosk/{SITE}", KIOSK)
    save(kiosk, "kiosk")
    save(take_number(kiosk, browser, url), "ticket")
    save(work_at_the_desk(browser, url, password), "desk")


def page_of(browser: Browser, url: str, size: tuple[int, int]) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="ja-JP")
    page = context.new_page()
    page.goto(url, wait_until="load")
    return page


def wait_until_lively(url: str) -> None:
    with httpx.Client(base_url=url, trust_env=False) as client:
        calls: list[Any] = []
        while len(calls) < LIVELY:
            calls = client.get(f"/api/sites/{SITE}/board").raise_for_status().json()["calls"]
            time.sleep(0.5)


def take_number(kiosk: Page, browser: Browser, url: str) -> Page:
    """Take a number at the kiosk and open the page behind its QR code."""
    kiosk.locator("[data-category=ido]").click()
    kiosk.locator("[data-service=mynumber]").click()
    code = kiosk.locator("section[data-screen=number] [data-qr]")
    expect(code).to_be_visible(timeout=PATIENCE_MS)
    token = re.search(r"/qr/([\w-]+)\.svg", code.get_attribute("src") or "")
    assert token
    return page_of(browser, f"{url}/t/{token[1]}", PHONE)


def work_at_the_desk(browser: Browser, url: str, password: str) -> Page:
    """Sign in, open the last counter and call somebody to it."""
    desk = page_of(browser, f"{url}/desk/{SITE}/6", DESK)
    desk.get_by_label("名前").fill("demo")
    desk.get_by_label("パスワード").fill(password)
    desk.get_by_label("パスワード").press("Enter")
    desk.locator("[data-key=main]").click()
    expect(desk.locator("[data-key=main] [data-field=word]")).to_have_text("次を呼ぶ", timeout=PATIENCE_MS)
    call = desk.locator("[data-list=waiting] button[data-move=call]").first
    expect(call).to_have_attribute("aria-disabled", "false", timeout=PATIENCE_MS)
    call.click()
    expect(desk.locator("[data-current] [data-field=label]")).not_to_be_empty(timeout=PATIENCE_MS)
    # A press of a button lower down has scrolled the page.
    desk.evaluate("scrollTo(0, 0)")
    return desk


def save(page: Page, name: str) -> None:
    # A press and a flash settle before the picture.
    page.wait_for_timeout(1_500)
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
