"""The holder's choices in Chromium: without a script, on LINE, and what an iPhone is told."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.roles import Role
from tests.browser.conftest import PHONE, Open
from tests.browser.test_pages import violations
from tests.support.line_platform import LinePlatform, event, message, signature, webhook
from tests.support.mail_server import MailServer
from tests.support.server import SITE, Server
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

Told = Callable[[], list[tuple[str, str]]]
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture(scope="module")
def platform() -> Iterator[LinePlatform]:
    with LinePlatform() as running:
        yield running


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture(scope="module")
def telling(
    tmp_path_factory: pytest.TempPathFactory, platform: LinePlatform, mail_server: MailServer
) -> Iterator[Server]:
    """A server that offers every way."""
    data: Path = tmp_path_factory.mktemp("ways") / "data"
    environment = {
        **platform.environment,
        "QUEUE_SERVER_PUSH_CONTACT": "mailto:hall@city.example.jp",
        **mail_server.environment,
        "NO_PROXY": "127.0.0.1",
    }
    with Server(data, environment) as running:
        yield running


@pytest.fixture
def mine(telling: Server) -> dict[str, Any]:
    """A number far back in its line."""
    with telling.client(Role.KIOSK) as kiosk:
        for _ in range(5):
            issued: dict[str, Any] = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "todoke"}).json()
    return issued


def write(telling: Server, *events: dict[str, Any]) -> int:
    """What LINE's platform sends when somebody writes to the account."""
    body = webhook(*events)
    headers = {"X-Line-Signature": signature(body), "Content-Type": "application/json"}
    return httpx.post(f"{telling.url}/api/line/webhook", content=body, headers=headers, trust_env=False).status_code


def waiting(telling: Server) -> list[str]:
    board = httpx.get(f"{telling.url}/api/sites/{SITE}/board", trust_env=False).json()
    services = [service for category in board["categories"] for service in category["services"]]
    return [label for service in services for label in service["waiting"]]


def call(telling: Server, label: str) -> None:
    with telling.client(Role.ADMIN) as admin:
        admin.post(f"/api/sites/{SITE}/counters/4/open").raise_for_status()
        admin.post(f"/api/sites/{SITE}/counters/4/call", json={"label": label}).raise_for_status()


def plain(open_page: Open, telling: Server, mine: dict[str, Any], query: str = "") -> Page:
    return open_page(f"{telling.url}{mine['ticket_url']}{query}", PHONE, java_script_enabled=False)


# -- without a script ----------------------------------------------------------------------------


def test_without_a_script_the_holder_leaves_the_line(open_page: Open, telling: Server, mine: dict[str, Any]) -> None:
    page = plain(open_page, telling, mine)
    page.get_by_role("button", name="順番待ちを取りやめる").click()
    expect(page.get_by_role("heading")).to_have_text(f"{mine['label']}番の順番待ちを取りやめますか？")
    page.get_by_role("link", name="このまま待つ").click()
    assert mine["label"] in waiting(telling)
    page.get_by_role("button", name="順番待ちを取りやめる").click()
    page.get_by_role("button", name="取りやめる").click()
    expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "cancelled")
    expect(page.get_by_text("順番待ちを取りやめました")).to_be_visible()
    assert page.url == f"{telling.url}{mine['ticket_url']}"
    assert mine["label"] not in waiting(telling)
    expect(page.get_by_role("button")).to_have_count(0)


def test_without_a_script_mail_is_wished_for_changed_and_ended(
    open_page: Open, telling: Server, mine: dict[str, Any], mail_server: MailServer, errors: list[str]
) -> None:
    page = plain(open_page, telling, mine)
    for absent in ("呼ばれたら音と振動で知らせる", "画面を閉じていても通知を受け取る"):
        expect(page.get_by_role("button", name=absent)).to_have_count(0)
    page.get_by_label("メールアドレス").fill("hanako")
    page.get_by_role("button", name="メールで知らせる").click()
    expect(page.get_by_role("alert").first).to_have_text("メールアドレスを確かめてください。")
    # Chromium's own word for the status of the form's answer.
    errors[:] = [each for each in errors if "422" not in each]
    page.get_by_label("メールアドレス").fill("hanako@example.jp")
    page.get_by_label("そろそろのお知らせ").select_option("people:1")
    page.get_by_label("メールアドレス").press("Enter")
    expect(page.get_by_text("メールでお知らせします。", exact=True)).to_be_visible()
    assert page.url == f"{telling.url}{mine['ticket_url']}#wishes-title"
    page.get_by_label("そろそろのお知らせ").select_option("people:10")
    page.get_by_role("button", name="お知らせのタイミングを変える").click()
    wait_until(lambda: [each["To"] for each in mail_server.mails] == ["hanako@example.jp"], "no mail came")
    page.get_by_role("button", name="メールのお知らせをやめる").click()
    expect(page.get_by_label("メールアドレス")).to_be_visible()


def test_without_a_script_line_shows_a_code(
    open_page: Open, telling: Server, mine: dict[str, Any], platform: LinePlatform
) -> None:
    page = plain(open_page, telling, mine, "?lang=en")
    page.locator("[data-line-begin]").click()
    code = page.locator("[data-line-text]").inner_text()
    expect(page.locator("[data-line-link]")).to_have_attribute(
        "href", f"https://line.me/R/oaMessage/%40123abcde/?{code}"
    )
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert write(telling, message(code)) == 200
    page.reload()
    expect(page.locator("[data-line-on]")).to_be_visible()
    expect(page.locator("[data-line-code]")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_question_and_with_every_way_open(
    open_page: Open, telling: Server, mine: dict[str, Any], axe: str, theme: str
) -> None:
    page = open_page(f"{telling.url}{mine['ticket_url']}/leave", PHONE, bypass_csp=True, color_scheme=theme)
    assert violations(page, axe) == []
    page.goto(f"{telling.url}{mine['ticket_url']}")
    page.get_by_role("button", name="LINEで知らせる").click()
    expect(page.get_by_role("link", name="LINEを開いて送信する")).to_be_visible()
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


# -- LINE ----------------------------------------------------------------------------------------


def test_a_press_a_code_and_the_call_is_on_line(
    open_page: Open, telling: Server, mine: dict[str, Any], platform: LinePlatform
) -> None:
    page = open_page(f"{telling.url}{mine['ticket_url']}", PHONE)
    page.get_by_role("button", name="LINEで知らせる").click()
    code = page.locator("[data-line-text]")
    expect(code).to_be_visible()
    assert write(telling, message(code.inner_text(), reply_token=f"reply-{mine['label']}")) == 200
    wait_until(lambda: f"reply-{mine['label']}" in [to for to, _ in platform.told("reply")], "no reply came")
    # Whoever comes back from LINE finds the page as it is now.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("LINEでお知らせします。")).to_be_visible()
    expect(code).to_be_hidden()
    with page.expect_request("**/line") as sent:
        page.get_by_label("そろそろのお知らせ").select_option("minutes:15")
    assert sent.value.post_data_json["near"] == {"unit": "minutes", "value": 15}
    expect(page.get_by_text("LINEでお知らせします。")).to_be_visible()
    call(telling, mine["label"])
    said = f"{mine['label']}番のかた、4番窓口へお越しください。"
    wait_until(lambda: any(text.startswith(said) for _, text in platform.told()), "the call was not told")


def test_line_is_ended_on_the_page(open_page: Open, telling: Server, mine: dict[str, Any]) -> None:
    page = open_page(f"{telling.url}{mine['ticket_url']}", PHONE)
    page.get_by_role("button", name="LINEで知らせる").click()
    expect(page.locator("[data-line-text]")).to_be_visible()
    write(telling, message(page.locator("[data-line-text]").inner_text()))
    page.reload()
    page.get_by_role("button", name="LINEのお知らせをやめる").click()
    expect(page.get_by_role("button", name="LINEで知らせる")).to_be_visible()
    expect(page.locator("[data-line-code]")).to_be_hidden()
    address = f"{telling.url}/api/t/{mine['token']}"
    assert httpx.get(address, trust_env=False).json()["told_by"] == []


def test_who_blocked_the_account_finds_the_way_open_again(
    open_page: Open, telling: Server, mine: dict[str, Any]
) -> None:
    page = open_page(f"{telling.url}{mine['ticket_url']}", PHONE)
    page.get_by_role("button", name="LINEで知らせる").click()
    expect(page.locator("[data-line-text]")).to_be_visible()
    write(telling, message(page.locator("[data-line-text]").inner_text()))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("LINEでお知らせします。")).to_be_visible()
    assert write(telling, event("unfollow")) == 200
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("button", name="LINEで知らせる")).to_be_visible()


# -- the home screen -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "prepare", "told"),
    [
        (IPHONE, "delete window.Notification", True),
        (IPHONE, "", False),
        (IPHONE, "delete window.Notification; navigator.standalone = true", False),
        (None, "delete window.Notification", False),
    ],
    ids=["an iPhone", "one that has notices", "from the home screen", "another phone"],
)
def test_only_an_iphone_without_notices_is_told_of_the_home_screen(
    open_page: Open, telling: Server, mine: dict[str, Any], agent: str | None, prepare: str, told: bool
) -> None:
    options = {"user_agent": agent} if agent else {}
    page = open_page("about:blank", PHONE, **options)
    page.add_init_script(prepare)
    page.goto(f"{telling.url}{mine['ticket_url']}")
    expect(page.get_by_role("button", name="呼ばれたら音と振動で知らせる")).to_be_visible()
    expect(page.get_by_text("「ホーム画面に追加」を選びます。")).to_be_visible(visible=told)
