"""One clerk at one counter at a time, in two browsers; and who may look over whose shoulder."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from queue_server.domain.roles import Role
from tests.browser.conftest import DESK, Open
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser


Counters = Callable[[], dict[str, dict[str, Any]]]


@pytest.fixture(scope="session")
def passwords(server: Server) -> dict[str, str]:
    roles = {"abe": Role.CLERK, "baba": Role.CLERK, "endo": Role.SUPERVISOR}
    return {name: server.add_user(name, role) for name, role in roles.items()}


@pytest.fixture(scope="module")
def counters(server: Server) -> Iterator[Counters]:
    """What the server says of each counter now."""
    with server.client(Role.DESK) as desk:

        def ask() -> dict[str, dict[str, Any]]:
            view = desk.get(f"/api/sites/{SITE}/desk").raise_for_status().json()
            return {counter["id"]: counter for counter in view["counters"]}

        yield ask


def sign_in(open_page: Open, url: str, name: str, password: str) -> Page:
    page = open_page(url, DESK)
    page.get_by_label("名前").fill(name)
    page.get_by_label("パスワード").fill(password)
    page.get_by_label("パスワード").press("Enter")
    page.wait_for_url(url)
    return page


def open_counter(page: Page) -> None:
    expect(page.locator("[data-key=main]")).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("n")
    expect(page.locator("[data-field=counter_state]")).to_have_text("開いています")


def test_a_counter_is_handed_over_between_two_clerks_with_a_question(
    server: Server, open_page: Open, errors: list[str], passwords: dict[str, str], counters: Counters
) -> None:
    desk = f"{server.url}/desk/{SITE}"
    abe = sign_in(open_page, f"{desk}/6", "abe", passwords["abe"])
    open_counter(abe)
    baba = sign_in(open_page, desk, "baba", passwords["baba"])
    expect(baba.locator("[data-counter='6']")).to_contain_text("abeさん")

    baba.locator("[data-counter='6']").click()
    expect(baba.get_by_role("alert").filter(has_text="使用中")).to_contain_text("abeさんが使用中です")
    expect(baba.locator("[data-key=main]")).to_be_hidden()
    question = baba.get_by_role("dialog", name="abeさんが使用中です。交代しますか")
    baba.keyboard.press("o")
    expect(question).to_be_visible()
    baba.keyboard.press("Escape")
    expect(question).to_be_hidden()
    assert counters()["6"]["clerk"] == "abe"
    baba.keyboard.press("o")
    expect(question).to_be_visible()
    baba.keyboard.press("Enter")
    expect(baba.locator("[data-key=main]")).to_have_text("次を呼ぶNSpace")
    assert counters()["6"]["clerk"] == "baba"

    lost = abe.get_by_role("alert").filter(has_text="引き継ぎました")
    expect(lost).to_contain_text("babaさんが、この窓口を引き継ぎました")
    expect(abe.locator("[data-key=main]")).to_be_hidden()
    sent: list[Request] = []
    abe.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    for key in ("n", " ", "s", "c", "5"):
        abe.keyboard.press(key)
    expect(abe.locator("[data-any]")).to_be_hidden()
    assert sent == []
    abe.get_by_role("button", name="窓口を取り戻す").press("Enter")
    abe.get_by_role("dialog", name="babaさんが使用中です。交代しますか").get_by_role(
        "button", name="交代する"
    ).click()
    expect(lost).to_be_hidden()
    assert counters()["6"]["clerk"] == "abe"
    expect(baba.get_by_role("alert").filter(has_text="引き継ぎました")).to_be_visible()
    abe.keyboard.press("o")
    expect(abe.locator("[data-field=counter_state]")).to_have_text("閉まっています")
    errors.clear()


def test_who_goes_to_another_counter_closes_the_one_they_had(
    server: Server, open_page: Open, errors: list[str], passwords: dict[str, str], counters: Counters
) -> None:
    desk = f"{server.url}/desk/{SITE}"
    abe = sign_in(open_page, f"{desk}/6", "abe", passwords["abe"])
    open_counter(abe)
    abe.goto(f"{desk}/1")
    expect(abe.locator("[data-key=main]")).to_have_attribute("aria-disabled", "false")
    abe.keyboard.press("n")
    expect(abe.get_by_role("dialog", name="6番窓口を閉めて、この窓口を開けますか")).to_be_visible()
    abe.keyboard.press("Enter")
    expect(abe.locator("[data-field=counter_state]")).to_have_text("開いています")
    found = counters()
    assert (found["6"]["open"], found["6"]["clerk"], found["1"]["clerk"]) == (False, None, "abe")
    abe.get_by_role("button", name="サインアウト").click()
    expect(abe.get_by_role("dialog", name="窓口が開いたままです")).to_be_visible()
    abe.keyboard.press("Enter")
    abe.wait_for_url("**/desk/sign-in")
    assert counters()["1"]["open"] is False
    errors.clear()


def test_a_supervisor_may_act_at_the_counter_of_somebody_else(
    server: Server, open_page: Open, passwords: dict[str, str], counters: Counters
) -> None:
    desk = f"{server.url}/desk/{SITE}"
    abe = sign_in(open_page, f"{desk}/6", "abe", passwords["abe"])
    open_counter(abe)
    expect(abe.get_by_role("button", name="代わりに操作する")).to_be_hidden()
    endo = sign_in(open_page, f"{desk}/6", "endo", passwords["endo"])
    endo.get_by_role("button", name="代わりに操作する").click()
    expect(endo.get_by_text("abeさんの窓口を操作しています。")).to_be_visible()
    expect(endo.locator("[data-key=main]")).to_have_text("次を呼ぶNSpace")
    endo.keyboard.press("o")
    expect(abe.locator("[data-status]")).to_have_text("この窓口は閉められました。")
    assert counters()["6"]["open"] is False
