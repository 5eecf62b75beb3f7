"""A clerk's whole morning by keyboard alone; after each step the server itself is asked what is true."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from queue_server.domain.roles import Role
from tests.browser.conftest import DESK, Open
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser

COUNTER = "3"
"""It serves 出生・婚姻などの届出 (two stages) before certificates."""
MOST_TABS = 40


class Hall:
    """What the server says, over HTTP."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def issue(self, service: str) -> str:
        issued = self.client.post(f"/api/sites/{SITE}/tickets", json={"service": service}).raise_for_status()
        return str(issued.json()["label"])

    @property
    def view(self) -> dict[str, Any]:
        view: dict[str, Any] = self.client.get(f"/api/sites/{SITE}/desk").raise_for_status().json()
        return view

    def ticket(self, label: str) -> dict[str, Any]:
        view = self.view
        found: dict[str, Any] = next(t for t in [*view["tickets"], *view["ended"]] if t["label"] == label)
        return found

    def state(self, label: str) -> str:
        return str(self.ticket(label)["state"])

    def counter(self, counter: str = COUNTER) -> dict[str, Any]:
        found: dict[str, Any] = next(each for each in self.view["counters"] if each["id"] == counter)
        return found

    def calls(self, label: str) -> list[int]:
        board = self.client.get(f"/api/sites/{SITE}/board").raise_for_status().json()
        return [call["call_seq"] for call in board["calls"] if call["label"] == label]


class Clerk:
    """Hands on a keyboard, eyes on the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.label = page.locator("[data-current] [data-field=label]")
        self.state = page.locator("[data-current] [data-field=state]")
        self.badge = page.locator("[data-field=counter_state]")
        self.line = page.locator("[data-status]")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def has_answer(self, sentence: str) -> None:
        """The press is done and said, and the next one can be made."""
        expect(self.line).to_have_text(sentence)
        expect(self.page.locator("[data-key=main]")).to_have_attribute("aria-disabled", "false")

    def tab_to(self, target: Locator, key: str = "Tab") -> None:
        for _ in range(MOST_TABS):
            if target.evaluate("node => node === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"{MOST_TABS} times {key} do not lead there")

    def row(self, name: str, label: str) -> Locator:
        return self.page.locator(f"[data-list={name}] .row").filter(has=self.page.get_by_text(label, exact=True))


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "data") as server:
        yield server


def test_a_clerks_whole_morning_by_keyboard_alone(own_server: Server, open_page: Open) -> None:
    password = own_server.add_user("sato", Role.CLERK)
    with own_server.client(Role.ADMIN) as client:
        hall = Hall(client)
        first, second, third = (hall.issue("koseki") for _ in range(3))
        certificate = hall.issue("shomei")
        clerk = Clerk(open_page(f"{own_server.url}/desk", DESK))
        page = clerk.page

        expect(page.get_by_label("名前")).to_be_focused()
        page.keyboard.type("sato")
        expect(page.get_by_label("名前")).to_have_value("sato")
        clerk.press("Tab")
        page.keyboard.type(password)
        expect(page.get_by_label("パスワード")).to_have_value(password)
        clerk.press("Enter")
        page.wait_for_url(f"**/desk/{SITE}")
        clerk.tab_to(page.locator(f"[data-counter='{COUNTER}']"))
        clerk.press("Enter")
        page.wait_for_url(f"**/desk/{SITE}/{COUNTER}")

        expect(page.locator("[data-key=main]")).to_have_attribute("aria-disabled", "false")
        clerk.press("n")
        clerk.has_answer("窓口を開けました。")
        assert (hall.counter()["open"], hall.counter()["clerk"]) == (True, "sato")
        clerk.press("n")
        clerk.has_answer(f"{first}番を呼び出しました。")
        assert (hall.state(first), hall.counter()["ticket"]) == ("called", hall.ticket(first)["id"])

        clerk.press("s")
        expect(clerk.state).to_have_text("応対中")
        clerk.has_answer(f"{first}番の応対を始めました。")
        assert hall.state(first) == "serving"

        clerk.press("a")
        clerk.has_answer(f"{first}番を次の工程へ回しました。")
        assert (hall.state(first), hall.ticket(first)["stage"]) == ("waiting", "交付")
        page.keyboard.type(first)
        expect(clerk.row("meant", first)).to_contain_text("待っています")
        clerk.press("Enter")
        clerk.has_answer(f"{first}番を呼び出しました。")
        expect(page.locator("[data-current] [data-field=service]")).to_have_text("出生・婚姻などの届出（交付）")
        assert (hall.state(first), hall.ticket(first)["stage"]) == ("called", "交付")

        clerk.press("c")
        clerk.has_answer(f"{first}番を完了しました。")
        assert hall.state(first) == "completed"
        expect(page.locator("[data-key=undo]")).to_have_text(f"{first}番の完了を元に戻すU")
        clerk.press("u")
        clerk.has_answer(f"元に戻しました: {first}番 呼出中")
        expect(clerk.label).to_have_text(first)
        assert (hall.state(first), hall.counter()["ticket"]) == ("called", hall.ticket(first)["id"])

        clerk.press("Space")
        clerk.has_answer(f"{second}番を呼び出しました。")
        assert [hall.state(first), hall.state(second)] == ["completed", "called"]

        clerk.press("h")
        expect(page.get_by_role("dialog", name=f"{second}番を保留します")).to_be_visible()
        clerk.press("1")
        clerk.has_answer(f"{second}番を保留にしました。")
        assert (hall.state(second), hall.ticket(second)["reason"]) == ("held", "書類の記入中")
        clerk.press("l")
        clerk.tab_to(clerk.row("held", second).get_by_role("button", name=f"{second}番 呼出"), "ArrowDown")
        clerk.press("Tab", "Enter")
        clerk.has_answer(f"{second}番を待ちに戻しました。")
        assert hall.state(second) == "waiting"

        clerk.press("n")
        clerk.has_answer(f"{second}番を呼び出しました。")
        announced = hall.calls(second)
        clerk.press("r")
        clerk.has_answer(f"{second}番をもう一度呼び出しました。")
        assert hall.calls(second) > announced
        clerk.press("x")
        clerk.has_answer(f"{second}番を不在にしました。")
        assert hall.state(second) == "no_show"
        page.keyboard.type(second)
        expect(clerk.row("meant", second)).to_contain_text("不在")
        clerk.press("Tab", "Tab", "Enter")
        clerk.has_answer(f"{second}番を再び受け付けました。")
        assert hall.state(second) == "waiting"

        clerk.press("n")
        clerk.has_answer(f"{third}番を呼び出しました。")
        clerk.press("t")
        question = page.get_by_role("dialog", name=f"{third}番をどこへ引き継ぎますか")
        expect(question).to_be_visible()
        clerk.press("Enter")
        expect(question.get_by_role("alert")).to_have_text("業務か窓口を選んでください。")
        clerk.tab_to(question.get_by_label("窓口"))
        clerk.press("ArrowDown", "Enter")
        clerk.has_answer(f"{third}番を引き継ぎました。")
        assert (hall.state(third), hall.ticket(third)["reserved_counter"]) == ("waiting", "1")

        clerk.press("p")
        expect(page.get_by_role("dialog", name="先に呼ぶかたを選びます")).to_be_visible()
        page.keyboard.type(certificate)
        clerk.press("Enter")
        clerk.has_answer(f"{certificate}番の優先を変えました。")
        expect(clerk.row("waiting", certificate)).to_contain_text("優先")
        assert hall.ticket(certificate)["priority"] == "yusen"

        clerk.press("g")
        services = page.get_by_role("dialog", name="本日この窓口で扱う業務")
        expect(services).to_be_visible()
        clerk.press("4", "Enter")
        clerk.has_answer("この窓口の業務を変えました。")
        assert hall.counter()["services"] == ["koseki", "shomei", "inkan"]

        clerk.press("b")
        expect(page.get_by_role("dialog", name="何分ほど休憩しますか")).to_be_visible()
        clerk.press("2")
        clerk.has_answer("9:30まで休憩にしました。")
        expect(clerk.badge).to_have_text("休憩中")
        assert (hall.counter()["open"], hall.counter()["break_until"]) == (False, "2026-11-24T09:30:00+09:00")
        clerk.press("n")
        clerk.has_answer("窓口を再開しました。")
        assert (hall.counter()["open"], hall.counter()["break_until"]) == (True, None)

        clerk.press("o")
        clerk.has_answer("窓口を閉めました。")
        assert (hall.counter()["open"], hall.counter()["clerk"]) == (False, None)
        clerk.tab_to(page.get_by_role("button", name="サインアウト"), "Shift+Tab")
        clerk.press("Enter")
        page.wait_for_url("**/desk/sign-in")
        page.goto(f"{own_server.url}/desk/{SITE}/{COUNTER}")
        expect(page.get_by_label("パスワード")).to_be_visible()
