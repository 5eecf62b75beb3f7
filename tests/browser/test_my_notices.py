"""Being told outside the page, in Chromium: the wish, the worker that shows a notice, and the mail form."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.roles import Role
from tests.browser.conftest import PHONE, Open
from tests.browser.test_pages import violations
from tests.support.mail_server import MailServer
from tests.support.push_service import PushService
from tests.support.server import SITE, Server
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

# Chromium asks a service of its maker for an address; here the push service of the test gives one.
SUBSCRIBE = """([endpoint, keys]) => {
    const subscription = { endpoint, toJSON: () => ({ endpoint, keys }), unsubscribe: async () => true };
    PushManager.prototype.subscribe = async (options) => {
        document.documentElement.dataset.key = String(options.applicationServerKey.length);
        return subscription;
    };
    PushManager.prototype.getSubscription = async () => subscription;
}"""


@pytest.fixture(scope="module")
def push_service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory, mail_server: MailServer) -> Iterator[Server]:
    """A server that offers both ways."""
    data: Path = tmp_path_factory.mktemp("telling") / "data"
    environment = {
        "QUEUE_SERVER_PUSH_CONTACT": "mailto:hall@city.example.jp",
        "QUEUE_SERVER_PUSH_SERVICES": "127.0.0.1",
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


def call(telling: Server, label: str) -> None:
    with telling.client(Role.ADMIN) as admin:
        admin.post(f"/api/sites/{SITE}/counters/4/open").raise_for_status()
        admin.post(f"/api/sites/{SITE}/counters/4/call", json={"label": label}).raise_for_status()


def phone(open_page: Open, telling: Server, mine: dict[str, Any], push_service: PushService, **options: Any) -> Page:
    page = open_page("about:blank", PHONE, permissions=["notifications"], **options)
    endpoint = push_service.endpoint(mine["label"])
    page.add_init_script(f"({SUBSCRIBE})({[endpoint, push_service.keys]})")
    page.goto(f"{telling.url}{mine['ticket_url']}")
    return page


def notices(page: Page) -> Any:
    return page.evaluate(
        """async () => (await (await navigator.serviceWorker.getRegistration("/t/")).getNotifications())
            .map((each) => [each.title, each.tag, each.data.url, each.requireInteraction])"""
    )


def test_a_press_asks_to_be_told_and_the_call_arrives_with_the_page_closed(
    open_page: Open, telling: Server, mine: dict[str, Any], push_service: PushService
) -> None:
    page = phone(open_page, telling, mine, push_service)
    button = page.get_by_role("button", name="画面を閉じていても通知を受け取る")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("画面を閉じていても届きます。")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-key", "65")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.close()
    call(telling, mine["label"])
    wait_until(lambda: (mine["label"], "called") in push_service.told(), "the call was not told")


def test_a_new_choice_is_sent_and_a_second_press_ends_it(
    open_page: Open, telling: Server, mine: dict[str, Any], push_service: PushService
) -> None:
    page = phone(open_page, telling, mine, push_service)
    button = page.get_by_role("button", name="画面を閉じていても通知を受け取る")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    with page.expect_request("**/push") as sent:
        page.get_by_label("そろそろのお知らせ").select_option("minutes:15")
    assert sent.value.post_data_json["near"] == {"unit": "minutes", "value": 15}
    expect(button).to_be_enabled()
    with page.expect_response("**/push/stop") as stopped:
        button.click()
    assert stopped.value.status == 200
    expect(button).to_have_attribute("aria-pressed", "false")
    call(telling, mine["label"])
    expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "called")
    assert (mine["label"], "called") not in push_service.told()


def test_the_worker_shows_what_the_service_delivers_and_a_call_takes_the_place_of_near(
    open_page: Open, telling: Server, mine: dict[str, Any], push_service: PushService
) -> None:
    page = phone(open_page, telling, mine, push_service)
    page.get_by_role("button", name="画面を閉じていても通知を受け取る").click()
    expect(page.get_by_text("画面を閉じていても届きます。")).to_be_visible()
    for kind in ("near", "called"):
        content = {"kind": kind, "title": f"{kind}!", "body": "x", "lang": "easy", "url": mine["ticket_url"]}
        deliver(page, telling, content)
        expect(page.locator("h1")).to_be_visible()
    assert notices(page) == [["called!", mine["ticket_url"], mine["ticket_url"], True]]


def deliver(page: Page, telling: Server, content: dict[str, str]) -> None:
    """Hand a message to the worker until its notice stands, as a push service does with what was not taken.

    Chromium answers the command before it has looked for a worker, and never says that it found none.
    """
    registrations = set[str]()
    session = page.context.new_cdp_session(page)
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.update(each["registrationId"] for each in event["registrations"]),
    )
    for _ in range(10):
        session.send("ServiceWorker.enable")
        with suppress(AssertionError):
            wait_until(lambda: page.evaluate("1") and registrations, "no worker", seconds=2)
            for registration in registrations:
                message = {"origin": telling.url, "registrationId": registration, "data": json.dumps(content)}
                session.send("ServiceWorker.deliverPushMessage", message)
            wait_until(lambda: [each[0] for each in notices(page)] == [content["title"]], "no notice", seconds=2)
            break
        session.send("ServiceWorker.disable")
    else:
        pytest.fail(f"no notice stands; registrations: {registrations}")
    session.detach()


def test_who_forbade_notices_is_told_where_to_allow_them(
    open_page: Open, telling: Server, mine: dict[str, Any], push_service: PushService
) -> None:
    page = phone(open_page, telling, mine, push_service)
    page.evaluate("Notification.requestPermission = async () => 'denied'")
    page.get_by_role("button", name="画面を閉じていても通知を受け取る").click()
    expect(page.get_by_text("ブラウザーの設定で通知を許可してください。")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_mail_is_wished_for_and_ended_in_words(
    open_page: Open,
    telling: Server,
    mine: dict[str, Any],
    push_service: PushService,
    mail_server: MailServer,
    axe: str,
    theme: str,
) -> None:
    page = phone(open_page, telling, mine, push_service, color_scheme=theme, bypass_csp=True)
    assert violations(page, axe) == []
    address = page.get_by_label("メールアドレス")
    address.fill("hanako")
    page.get_by_role("button", name="メールで知らせる").click()
    expect(page.get_by_text("メールアドレスを確かめてください。")).to_be_visible()
    expect(address).to_be_focused()
    address.fill(f"hanako{mine['label']}@example.jp")
    page.get_by_role("button", name="メールで知らせる").click()
    expect(page.get_by_text("メールでお知らせします。", exact=True)).to_be_visible()
    assert violations(page, axe) == []
    page.reload()
    expect(page.get_by_text("メールでお知らせします。", exact=True)).to_be_visible()
    expect(address).to_be_hidden()
    call(telling, mine["label"])
    wait_until(
        lambda: page.evaluate("1") and any(mine["label"] in mail["To"] for mail in mail_server.mails), "no mail came"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_mail_is_stopped_by_a_press(
    open_page: Open, telling: Server, mine: dict[str, Any], push_service: PushService
) -> None:
    page = phone(open_page, telling, mine, push_service)
    page.get_by_label("メールアドレス").fill("stop@example.jp")
    page.get_by_label("メールアドレス").press("Enter")
    page.get_by_role("button", name="メールのお知らせをやめる").click()
    expect(page.get_by_label("メールアドレス")).to_be_visible()
    expect(page.get_by_label("メールアドレス")).to_have_value("")


def test_a_page_without_a_script_offers_nothing_that_would_not_work(
    open_page: Open, telling: Server, mine: dict[str, Any]
) -> None:
    page = open_page(f"{telling.url}{mine['ticket_url']}", PHONE, java_script_enabled=False)
    expect(page.locator("h1")).to_contain_text(mine["label"])
    shown = page.get_by_role("button")
    expect(shown).to_have_text(["メールで知らせる", "順番待ちを取りやめる"])
    assert [button.evaluate("(each) => each.type") for button in shown.all()] == ["submit", "submit"]
