"""The kiosk computer as its resident sees it: real program, real browser, real printer, a cable that is pulled."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.roles import Role
from tests.browser.conftest import KIOSK, Open
from tests.browser.test_kiosk_ways import NUMBER, touch
from tests.browser.test_pages import violations
from tests.support.cable import Cable, Line
from tests.support.kiosk_computer import KioskComputer
from tests.support.printer import FakePrinter
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser

AWAY = re.compile(r"からサーバーにつながりません。番号札は、このままお取りいただけます。")
LABEL = f"{NUMBER} [data-field=label]"


@pytest.fixture(scope="module")
def cable(server: Server) -> Iterator[Cable]:
    with Cable(server.port) as cable:
        yield cable


@pytest.fixture(scope="module")
def printer() -> Iterator[FakePrinter]:
    with FakePrinter() as fake:
        yield fake


@pytest.fixture(scope="module")
def computer(
    server: Server, cable: Cable, printer: FakePrinter, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KioskComputer]:
    folder, token = tmp_path_factory.mktemp("kiosk"), server.token(Role.KIOSK, "kiosk-1")
    computer = KioskComputer(cable.url, SITE, folder / "data", token, options=("--printer", printer.address))
    try:
        computer.start()
        computer.wait_until_set_up()
        yield computer
    finally:
        computer.stop()


@pytest.fixture
def panel(computer: KioskComputer, cable: Cable, open_page: Open) -> Page:
    cable.set(Line.THROUGH)
    page = open_page(f"{computer.url}/", KIOSK, has_touch=True, bypass_csp=True)
    expect(page.locator('[data-category="ido"]')).to_be_enabled()
    return page


def take(panel: Page) -> str:
    touch(panel, '[data-category="ido"]')
    touch(panel, '[data-service="mynumber"]')
    expect(panel.locator(f"{NUMBER} [data-part=paper]")).to_have_text("番号札をお取りください。")
    return panel.locator(LABEL).inner_text()


def test_numbers_and_slips_go_on_while_the_cable_is_out_and_reach_the_desk_afterwards(
    panel: Page, cable: Cable, printer: FakePrinter, server: Server, axe: str
) -> None:
    banner, before = panel.locator("[data-part=alone-banner]"), printer.slips
    expect(banner).to_be_hidden()
    first = take(panel)
    expect(panel.locator(f"{NUMBER} [data-part=ahead]")).to_be_visible()
    touch(panel, "[data-home]")
    cable.set(Line.CUT)
    expect(banner).to_have_text(AWAY)
    expect(panel.locator('[data-line="mynumber"] .crowd__people')).to_be_hidden()
    assert violations(panel, axe) == []
    alone = take(panel)
    expect(panel.locator(f"{NUMBER} [data-part=offline]")).to_be_visible()
    expect(panel.locator(f"{NUMBER} [data-part=ahead]")).to_be_hidden()
    assert violations(panel, axe) == []
    assert (alone, printer.slips) == ("580", before + 2)
    cable.set(Line.THROUGH)
    expect(banner).to_be_hidden()
    with server.client(Role.DESK) as desk:
        tickets = {each["label"]: each["offline"] for each in desk.get(f"/api/sites/{SITE}/desk").json()["tickets"]}
    assert (tickets[first], tickets[alone]) == (False, True)


def test_a_kiosk_that_is_killed_comes_back_with_its_page_and_its_numbers(
    panel: Page, cable: Cable, computer: KioskComputer, printer: FakePrinter, errors: list[str]
) -> None:
    cable.set(Line.CUT)
    expect(panel.locator("[data-part=alone-banner]")).to_be_visible()
    first = take(panel)
    computer.kill()
    touch(panel, "[data-home]")
    expect(panel.locator("[data-link-banner]")).to_be_visible()
    computer.start()
    expect(panel.locator("[data-link-banner]")).to_be_hidden()
    expect(panel.locator('[data-category="ido"]')).to_be_enabled()
    assert int(take(panel)) == int(first) + 1
    errors[:] = [error for error in errors if "net::ERR_" not in error]
