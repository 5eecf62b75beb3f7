"""Real Chromium against a real server; a page that writes an error to its console fails its test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from queue_server.domain.roles import Role
from tests.support.server import SITE, Server

# Windows of Chromium's own, made anew with each of ours and never seen: the list under the address bar is a page of
# its own that costs more than most of the pages tested here, and so does a process kept ready for the next page.
NEVER_SEEN = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "SpareRendererForSitePerProcess")
# What Playwright switches off itself: of two such options Chromium takes the last, which would be ours alone.
OFF_IN_PLAYWRIGHT = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
)
CHROMIUM_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join((*OFF_IN_PLAYWRIGHT, *NEVER_SEEN))}",
]
PHONE, KIOSK, BOARD, DESK = (360, 780), (1080, 1920), (1920, 1080), (420, 900)
SOUND_STOPPED = "The AudioContext was not allowed to start"
"""Chromium's own word for what the hall's screen then says on the page."""
EXPECTED_WHILE_AWAY = ("net::ERR_", "WebSocket connection to", "Failed to load resource")
PATIENCE_MS = 30_000

Open = Callable[..., Page]


def chromium() -> str:
    """Debian's Chromium; `make browser` installs it."""
    found = shutil.which("chromium")
    assert found, "Chromium is missing: run `make browser`"
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
    yield browser
    browser.close()


@pytest.fixture
def errors() -> list[str]:
    """What the pages of a test complained of; a test that cuts the line on purpose removes what that makes."""
    return []


@pytest.fixture
def open_page(browser: Browser, errors: list[str]) -> Iterator[Open]:
    """Opens a page at its real size, each in a browser of its own: (url, size, javascript=True) -> Page."""
    contexts: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and SOUND_STOPPED not in message.text:
            errors.append(f"{message.text} ({message.location.get('url', '')})")

    def open_(url: str, size: tuple[int, int], **options: object) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="ja-JP", **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="session")
def clerks(server: Server) -> dict[str, str]:
    """The passwords of the clerks that there are, by name."""
    return {}


@pytest.fixture
def open_desk(server: Server, clerks: dict[str, str], open_page: Open) -> Callable[[str], Page]:
    """Signs in as a clerk would and goes to a counter; each counter has a clerk of its own."""

    def open_(counter: str) -> Page:
        name = f"sato{counter}"
        if name not in clerks:
            clerks[name] = server.add_user(name, Role.CLERK)
        page = open_page(f"{server.url}/desk/{SITE}/{counter}", DESK)
        page.get_by_label("名前").fill(name)
        page.get_by_label("パスワード").fill(clerks[name])
        page.get_by_label("パスワード").press("Enter")
        page.wait_for_url(f"**/desk/{SITE}/{counter}")
        return page

    return open_


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core as text, to be evaluated in a page."""
    return (Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
