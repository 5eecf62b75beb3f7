"""What a press does when hands shake, answers get lost or somebody was quicker; what a question says is wrong."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from queue_server.domain.roles import Role
from tests.browser.conftest import Open
from tests.browser.test_desk_take_over import sign_in
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser

API = f"/api/sites/{SITE}"
LEAST_GAP = 8


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("desk") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def admin(own_server: Server) -> Iterator[httpx.Client]:
    with own_server.client(Role.ADMIN) as client:
        yield client


@pytest.fixture(scope="module")
def password(own_server: Server) -> str:
    return own_server.add_user("iida")


@pytest.fixture
def desk(own_server: Server, open_page: Open, password: str, admin: httpx.Client) -> Iterator[Page]:
    """The desk of counter 6, open, with nobody there; nobody waits afterwards."""
    page = sign_in(open_page, f"{own_server.url}/desk/{SITE}/6", "iida", password)
    expect(page.locator("[data-key=main]")).to_have_attribute("aria-disabled", "false")
    if page.locator("[data-field=counter_state]").inner_text() == "閉まっています":
        page.keyboard.press("n")
    expect(page.locator("[data-key=main]")).to_have_text("次を呼ぶNSpace")
    yield page
    for ticket in view(admin)["tickets"]:
        end = "complete" if "complete" in ticket["moves"] else "cancel"
        admin.post(f"/api/tickets/{ticket['id']}/{end}").raise_for_status()


def issue(admin: httpx.Client, count: int = 1) -> list[str]:
    answers = [admin.post(f"{API}/tickets", json={"service": "mynumber"}).raise_for_status() for _ in range(count)]
    return [str(answer.json()["label"]) for answer in answers]


def view(admin: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = admin.get(f"{API}/desk").raise_for_status().json()
    return found


def states(admin: httpx.Client, labels: list[str]) -> list[str]:
    found = view(admin)
    known = {ticket["label"]: ticket["state"] for ticket in [*reversed(found["ended"]), *found["tickets"]]}
    return [known[label] for label in labels]


def has_called(desk: Page, label: str) -> None:
    expect(desk.locator("[data-current] [data-field=label]")).to_have_text(label)
    expect(desk.locator("[data-key=main]")).to_have_attribute("aria-disabled", "false")


def test_a_double_click_and_a_shaking_finger_call_one(desk: Page, admin: httpx.Client) -> None:
    labels = issue(admin, 3)
    expect(desk.locator("[data-list=waiting]")).to_contain_text(labels[2])
    desk.locator("[data-key=main]").dblclick()
    has_called(desk, labels[0])
    assert states(admin, labels) == ["called", "waiting", "waiting"]
    desk.keyboard.press("c")
    expect(desk.locator("[data-part=ticket]")).to_be_hidden()
    expect(desk.locator("[data-key=main]")).to_have_attribute("aria-disabled", "false")
    desk.evaluate("""() => {
        for (let time = 0; time < 2; time++) {
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "n", code: "KeyN", bubbles: true }));
        }
    }""")
    has_called(desk, labels[1])
    assert states(admin, labels) == ["completed", "called", "waiting"]


def test_a_counter_that_was_just_opened_calls_at_once(desk: Page, admin: httpx.Client) -> None:
    label = issue(admin)[0]
    desk.clock.install()
    desk.clock.pause_at(desk.evaluate("Date.now() + 1000"))
    desk.keyboard.press("o")
    expect(desk.locator("[data-key=main]")).to_have_text("窓口を開けるNSpace")
    expect(desk.locator("[data-key=main]")).to_have_attribute("aria-disabled", "false")
    desk.keyboard.press("n")
    expect(desk.locator("[data-key=main]")).to_have_text("次を呼ぶNSpace")
    expect(desk.locator("[data-key=main]")).to_have_attribute("aria-disabled", "false")
    desk.keyboard.press("n")
    has_called(desk, label)
    desk.clock.resume()


def test_a_lost_answer_is_asked_for_again_and_calls_nobody_twice(
    desk: Page, admin: httpx.Client, errors: list[str]
) -> None:
    labels = issue(admin, 2)
    lost = []

    def lose_the_first(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().json()["ticket"]["label"])
        return route.abort("connectionreset")

    desk.route("**/call-next", lose_the_first)
    desk.keyboard.press("n")
    has_called(desk, labels[0])
    assert (lost, states(admin, labels)) == ([labels[0]], ["called", "waiting"])
    errors.clear()


def test_a_move_that_somebody_else_made_first_shows_where_the_number_stands(
    desk: Page, admin: httpx.Client, errors: list[str]
) -> None:
    label = issue(admin)[0]
    desk.keyboard.press("n")
    has_called(desk, label)

    def be_quicker(route: Route) -> None:
        admin.post(route.request.url.replace("no-show", "complete")).raise_for_status()
        route.continue_()

    desk.route("**/no-show", be_quicker)
    desk.keyboard.press("x")
    expect(desk.locator("[data-status]")).to_have_text(
        f"{label}番: この番号は、いまの状態ではその操作ができません。（いまの状態: 完了）"
    )
    expect(desk.locator("[data-part=ticket]")).to_be_hidden()
    errors.clear()


def test_a_break_without_a_right_length_says_so_beside_the_box_and_keeps_what_was_typed(
    desk: Page, admin: httpx.Client
) -> None:
    desk.keyboard.press("b")
    question = desk.get_by_role("dialog", name="何分ほど休憩しますか")
    expect(question).to_be_visible()
    desk.keyboard.press("6")
    desk.keyboard.type("241")
    desk.keyboard.press("Enter")
    expect(question.get_by_role("alert")).to_have_text("1から240までの分を入力してください。")
    expect(question.get_by_label("ほかの長さ")).to_have_value("241")
    assert view(admin)["counters"][-1]["break_until"] is None
    question.get_by_label("ほかの長さ").fill("２０")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-field=counter_state]")).to_have_text("休憩中")
    assert view(admin)["counters"][-1]["break_until"] is not None
    expect(desk.locator("[data-key=main]")).to_have_attribute("aria-disabled", "false")
    desk.keyboard.press("n")
    expect(desk.locator("[data-key=main]")).to_have_text("次を呼ぶNSpace")


@pytest.mark.parametrize("part", ["[data-choice]", "[name=minutes]"])
def test_the_key_after_a_question_is_the_desks_and_the_big_button_has_the_focus(desk: Page, part: str) -> None:
    desk.keyboard.press("b")
    desk.locator("[data-dialog=break]").locator(part).first.focus()
    # Within one turn: the page is not drawn again in between, as happens on a busy machine.
    desk.evaluate(
        """() => {
            document.querySelector("[data-dialog=break]").close();
            const key = new KeyboardEvent("keydown", { key: "g", code: "KeyG", bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(key);
        }"""
    )
    expect(desk.locator("[data-dialog=services]")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("[data-key=main]")).to_be_focused()


def test_a_counter_serves_at_least_one_service_and_goes_back_to_its_usual_ones(
    desk: Page, admin: httpx.Client
) -> None:
    desk.keyboard.press("g")
    question = desk.get_by_role("dialog", name="本日この窓口で扱う業務")
    desk.keyboard.press("5")
    desk.keyboard.press("Enter")
    expect(question.get_by_role("alert")).to_have_text("業務を一つ以上選んでください。")
    desk.keyboard.press("1")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("今日だけ変更中")).to_be_visible()
    assert view(admin)["counters"][-1]["services"] == ["shomei"]
    expect(desk.locator("[data-key=services]")).to_have_attribute("aria-disabled", "false")
    desk.keyboard.press("g")
    question.get_by_role("button", name="いつもの業務に戻す").click()
    expect(desk.get_by_text("今日だけ変更中")).to_be_hidden()
    assert view(admin)["counters"][-1]["services"] == ["mynumber"]


def test_what_the_supervisor_does_stands_in_one_line(desk: Page, admin: httpx.Client) -> None:
    news = desk.get_by_role("list", name="お知らせ")
    expect(news).to_be_hidden()
    text = "エレベーターは点検中です。"
    notice = admin.post(f"{API}/notices", json={"text": text, "until": None}).raise_for_status().json()["notice"]
    admin.post(f"{API}/services/inkan/pause").raise_for_status()
    admin.post(f"{API}/reception/close", json={"reason": "混雑のため"}).raise_for_status()
    expect(news.get_by_role("listitem")).to_have_text(
        ["受付を終了しています（混雑のため）", "印鑑登録は受付休止中", text]
    )
    admin.post(f"{API}/reception/open", json={"until": "18:00"}).raise_for_status()
    expect(news).to_contain_text("受付は18:00まで（時間を変更しました）")
    admin.post(f"{API}/reception/reset").raise_for_status()
    admin.post(f"{API}/services/inkan/resume").raise_for_status()
    admin.post(f"{API}/notices/{notice['id']}/withdraw").raise_for_status()
    expect(news).to_be_hidden()


def test_the_rest_of_a_rows_buttons_keeps_off_those_above(desk: Page, admin: httpx.Client) -> None:
    """Cancel stands there: no finger that means "call" may meet it."""
    issue(admin)
    row = desk.locator("[data-list=waiting] .row").first
    row.locator(".row__dots").click()
    usual, rest = row.locator(".row__usual button").first, row.locator(".row__rest button")
    expect(rest.last).to_be_visible()
    above, below = usual.bounding_box(), rest.last.bounding_box()
    assert above is not None
    assert below is not None
    assert below["y"] - (above["y"] + above["height"]) >= LEAST_GAP
