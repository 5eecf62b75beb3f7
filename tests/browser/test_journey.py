"""From a touch to a call: kiosk, board, desk and phone show the same ticket at once, without a reload."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.roles import Role
from tests.browser.conftest import BOARD, KIOSK, PHONE, Open
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser


def touch_for_a_number(kiosk: Page, category: str, service: str) -> str:
    """Two touches; returns the number that the screen shows."""
    kiosk.locator(f"[data-category={category}]").tap()
    kiosk.locator(f"[data-service={service}]").tap()
    label = kiosk.locator("[data-screen=number] [data-field=label]")
    expect(label).to_have_text(re.compile(r"\d+"))
    return label.inner_text()


def open_kiosk(server: Server, open_page: Open) -> Page:
    return open_page(f"{server.url}/kiosk/{SITE}", KIOSK, has_touch=True)


def line_of(page: Page, service: str) -> str:
    return page.locator(f"[data-service={service}]").first.inner_text()


def cancel_waiting(server: Server) -> None:
    """Let nobody wait whom another test left: the server is that of the whole run."""
    with server.client(Role.ADMIN) as admin:
        for left in admin.get(f"/api/sites/{SITE}/desk").json()["tickets"]:
            if left["state"] == "waiting":
                admin.post(f"/api/tickets/{left['id']}/cancel").raise_for_status()


def test_a_ticket_travels_from_the_kiosk_to_the_counter_on_every_screen(
    server: Server, open_page: Open, open_desk: Callable[[str], Page]
) -> None:
    cancel_waiting(server)
    board = open_page(f"{server.url}/board/{SITE}", BOARD)
    phone = open_page(f"{server.url}/status/{SITE}", PHONE)
    desk = open_desk("4")
    desk.locator("[data-key=main]").click()
    kiosk = open_kiosk(server, open_page)
    for page in (board, phone, desk):
        page.evaluate("window.notReloaded = true")

    label = touch_for_a_number(kiosk, "ido", "todoke")

    expect(board.locator("[data-service=todoke] [data-field=waiting]")).to_contain_text(label)
    phone.locator("[data-service=todoke] summary").click()
    expect(phone.locator("[data-service=todoke] [data-list=waiting]")).to_contain_text(label)
    expect(desk.locator("[data-list=waiting]")).to_contain_text(label)
    address = kiosk.locator("[data-qr]").get_attribute("src")
    assert address is not None
    token = re.search(r"/qr/([\w-]+)\.svg", address)
    assert token, "the QR code leads to the ticket"
    mine = open_page(f"{server.url}/t/{token[1]}", PHONE)
    expect(mine.locator("h1")).to_contain_text(label)

    desk.keyboard.press("n")

    expect(desk.locator("[data-current] [data-field=label]")).to_have_text(label)
    call = board.locator("[data-list=calls] [data-key]").first
    expect(call).to_contain_text(label)
    expect(call).to_contain_text("4番窓口")
    expect(phone.locator("[data-service=todoke] [data-field=call_label]")).to_have_text(label)
    expect(mine.locator("[data-ticket]")).to_have_attribute("data-state", "called")
    expect(mine.locator("[data-field=counter]")).to_have_text("4番窓口")

    desk.keyboard.press("s")
    expect(desk.locator("[data-current] [data-field=state]")).to_have_text("応対中")
    expect(desk.locator("[data-key=main]")).to_have_attribute("aria-disabled", "false")
    expect(mine.locator("[data-ticket]")).to_have_attribute("data-state", "serving")
    desk.keyboard.press("c")
    expect(mine.locator("[data-ticket]")).to_have_attribute("data-state", "completed")
    expect(board.locator(f"[data-list=calls] [data-key='{label}']")).to_have_count(0)
    for page in (board, phone, desk):
        assert page.evaluate("window.notReloaded") is True


def test_the_atsugi_rule_shows_crowded_at_exactly_five_on_board_and_phone(server: Server, open_page: Open) -> None:
    board = open_page(f"{server.url}/board/{SITE}", BOARD)
    phone = open_page(f"{server.url}/status/{SITE}", PHONE)
    levels = [page.locator("[data-service=mynumber] [data-field=level]") for page in (board, phone)]
    cancel_waiting(server)
    with server.client(Role.ADMIN) as admin:
        tickets = []
        for _ in range(4):
            issued = admin.post(f"/api/sites/{SITE}/tickets", json={"service": "mynumber"})
            tickets.append(issued.raise_for_status().json()["id"])
        for page, level in zip((board, phone), levels, strict=True):
            expect(page.locator("[data-service=mynumber] [data-field=people]")).to_contain_text("4")
            expect(level).to_have_attribute("data-level", "free")
            expect(level).not_to_contain_text("混雑中")
        tickets.append(admin.post(f"/api/sites/{SITE}/tickets", json={"service": "mynumber"}).json()["id"])
        for level in levels:
            expect(level).to_have_attribute("data-level", "crowded")
            expect(level).to_contain_text("混雑中")
        for ticket in tickets:
            admin.post(f"/api/tickets/{ticket}/cancel").raise_for_status()
        for level in levels:
            expect(level).to_have_attribute("data-level", "free")


def test_a_double_tap_issues_one_ticket(server: Server, open_page: Open) -> None:
    kiosk = open_kiosk(server, open_page)
    with server.client() as client:
        path = f"/api/sites/{SITE}/board"
        before = client.get(path).json()["seq"]
        kiosk.locator("[data-category=ido]").tap()
        kiosk.locator("[data-service=inkan]").dblclick()
        expect(kiosk.locator("section[data-screen=number]")).to_be_visible()
        assert client.get(path).json()["seq"] == before + 1


def test_a_lost_answer_is_asked_for_again_and_gives_the_same_ticket(
    server: Server, open_page: Open, errors: list[str]
) -> None:
    kiosk = open_kiosk(server, open_page)
    lost = []

    def lose_the_first_answer(route, request) -> None:  # type: ignore[no-untyped-def]
        if request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch().json()["label"])
        route.abort("connectionreset")

    kiosk.route("**/api/sites/*/tickets", lose_the_first_answer)
    assert touch_for_a_number(kiosk, "ido", "inkan") == lost[0]
    errors.clear()


def test_a_paused_service_cannot_be_touched_and_says_so(server: Server, open_page: Open) -> None:
    kiosk = open_kiosk(server, open_page)
    kiosk.locator("[data-category=ido]").tap()
    button = kiosk.locator("[data-service=inkan]")
    with server.client(Role.ADMIN) as admin:
        admin.post(f"/api/sites/{SITE}/services/inkan/pause").raise_for_status()
        expect(button).to_be_disabled()
        expect(button.locator("[data-field=why]")).to_be_visible()
        admin.post(f"/api/sites/{SITE}/services/inkan/resume").raise_for_status()
        expect(button).to_be_enabled()


def test_any_number_can_be_called_and_an_unknown_one_is_said_beside_the_field(
    server: Server, open_desk: Callable[[str], Page], errors: list[str]
) -> None:
    desk = open_desk("4")
    desk.locator("[data-key=main]").click()
    with server.client(Role.ADMIN) as admin:
        label = admin.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).raise_for_status().json()["label"]
    desk.locator("#label").fill("9999")
    desk.locator("#label").press("Enter")
    expect(desk.locator("#label-problem")).to_contain_text("番号")
    expect(desk.locator("[data-key=any]")).to_have_attribute("aria-disabled", "false")
    errors.clear()
    desk.locator("#label").fill(label)
    desk.locator("#label").press("Enter")
    expect(desk.locator("[data-current] [data-field=label]")).to_have_text(label)
    expect(desk.locator("[data-key=any]")).to_have_attribute("aria-disabled", "false")
    desk.locator("#label").blur()
    desk.keyboard.press("x")
    expect(desk.locator("[data-list=no_show]")).to_contain_text(label)
