"""The supervisor's page: two clerks and a supervisor at once, and everything that is done from it."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

import queue_server.web
from queue_server.accounts import Accounts
from queue_server.city import City
from queue_server.clock import SystemClock
from queue_server.config import Settings
from queue_server.domain.roles import Role
from queue_server.storage.database import Store
from tests.browser.conftest import BOARD, DESK, Open
from tests.browser.window import ORIGIN
from tests.support.api import Api
from tests.support.clock import ManualClock
from tests.support.halls import run_sql
from tests.support.server import SITE, Server

pytestmark = pytest.mark.browser

HALL = (1280, 900)
NARROW = (420, 900)
PAGE = f"/supervisor/{SITE}"
PASSWORD = "correct horse"
VERSION = re.compile(r"^/v-[0-9a-f]+(?=/)")
STATIC = Path(queue_server.web.__file__).parent / "static"
FORWARDED = ("content-type", "idempotency-key", "if-none-match", "accept-language")

COUNT_SOUNDS = """let sounds = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
    document.documentElement.dataset.sounds = String(++sounds);
    return start.apply(this, when);
};"""

OVERFLOWING = """() => [document.documentElement, ...document.querySelectorAll(".panel, .overview, .alerts")]
    .filter((node) => node.scrollWidth > node.clientWidth)
    .map((node) => `${node.className}: ${node.scrollWidth} in ${node.clientWidth}`)"""


def set_limits(put: Callable[[Any], Any], get: Callable[[], Any], **limits: int) -> None:
    """Have the city's own limits be these and no others."""
    part = next(each for each in get()["parts"] if each["part"] == "alerts")
    put({"value": limits, "revision": part["revision"]})


def row(page: Page, kind: str, key: str) -> Locator:
    """A row of the tables: of "services" or "counters"."""
    return page.locator(f'[data-list={kind}] > [data-key="{key}"]')


def act(page: Page, name: str, **dataset: str) -> None:
    """Press a button of the page."""
    wanted = "".join(f'[data-{key}="{value}"]' for key, value in dataset.items())
    page.locator(f"main button[data-action={name}]{wanted}:visible").first.click()


def answered(page: Page, text: str) -> None:
    expect(page.locator("[data-answer]")).to_contain_text(text)


def dialog(page: Page) -> Locator:
    return page.locator("dialog[open]")


def confirm(page: Page) -> None:
    dialog(page).locator("[data-go]").click()


def find(page: Page, label: str) -> Locator:
    """Look a number up; its card."""
    page.locator("#find-label").fill(label)
    page.locator("#find-label").press("Enter")
    return page.locator("[data-list=found] > li").first


# -- two clerks and a supervisor, three browsers, one real server ------------------------------------------


@dataclass(frozen=True)
class Staffed:
    """A real server with a supervisor, two clerks and a kiosk; its first alert comes at three people."""

    server: Server
    admin: httpx.Client
    kiosk: httpx.Client

    def issue(self, service: str = "mynumber") -> httpx.Response:
        return self.kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": service})

    def issued(self, service: str = "mynumber") -> str:
        return str(self.issue(service).raise_for_status().json()["label"])

    def sign_in(self, open_page: Open, name: str, path: str, size: tuple[int, int], **options: Any) -> Page:
        page = open_page(f"{self.server.url}{path}", size, **options)
        page.get_by_label("名前").fill(name)
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_label("パスワード").press("Enter")
        page.wait_for_url(f"**{path}")
        return page


def client_with(server: Server, token: str) -> httpx.Client:
    return httpx.Client(
        base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=10, trust_env=False
    )


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staffed]:
    data = tmp_path_factory.mktemp("staffed") / "data"
    store = Store(data)
    accounts = Accounts(store, SystemClock())
    for name, role in {"tanaka": Role.SUPERVISOR, "sato": Role.CLERK, "suzuki": Role.CLERK}.items():
        accounts.create_staff(name, role, PASSWORD, actor="operator:test")
    tokens = [accounts.create_device(role, role, actor="operator:test") for role in (Role.ADMIN, Role.KIOSK)]
    store.close()
    with ExitStack() as stack:
        server = stack.enter_context(Server(data))
        admin, kiosk = (stack.enter_context(client_with(server, token)) for token in tokens)
        set_limits(
            lambda body: admin.put(f"/api/sites/{SITE}/structure/alerts/site", json=body).raise_for_status(),
            lambda: admin.get(f"/api/sites/{SITE}/structure").raise_for_status().json(),
            people=3,
        )
        yield Staffed(server, admin, kiosk)


def test_two_clerks_and_a_supervisor_work_at_once(staffed: Staffed, open_page: Open, errors: list[str]) -> None:
    hall = staffed.sign_in(open_page, "tanaka", PAGE, HALL)
    sato = staffed.sign_in(open_page, "sato", f"/desk/{SITE}/6", DESK)
    suzuki = staffed.sign_in(open_page, "suzuki", f"/desk/{SITE}/5", DESK)
    board = open_page(f"{staffed.server.url}/board/{SITE}", BOARD)
    for page in (hall, sato, suzuki, board):
        page.evaluate("window.notReloaded = true")

    labels = [staffed.issued() for _ in range(3)]
    service, alert = row(hall, "services", "mynumber"), hall.locator(".alerts__item")
    expect(service.locator("[data-field=waiting]")).to_have_text("3人")
    expect(alert).to_contain_text("マイナンバー関係")
    expect(alert).to_contain_text("待っている人 3人")
    expect(hall.locator("[data-announce]")).to_have_text("注意。マイナンバー関係、待っている人 3人。")
    expect(hall).to_have_title(re.compile("^▲1 全体の状況"))

    for page in (sato, suzuki):
        page.locator("[data-key=main]").click()
        expect(page.locator("[data-field=counter_state]")).to_have_text("開いています")
    expect(row(hall, "counters", "6")).to_contain_text("sato")
    expect(row(hall, "counters", "5")).to_contain_text("suzuki")
    expect(hall.locator("[data-field=counters_open]")).to_have_text("2/6")
    sato.keyboard.press("n")
    suzuki.keyboard.press("n")
    expect(row(hall, "counters", "6")).to_contain_text("呼出中")
    expect(row(hall, "counters", "5")).to_contain_text("呼出中")
    called = row(hall, "counters", "6").locator("[data-field=number]").inner_text()
    other = row(hall, "counters", "5").locator("[data-field=number]").inner_text()
    assert {called, other} == set(labels[:2])
    expect(alert).to_have_count(0)
    expect(hall).to_have_title(re.compile("^全体の状況"))

    act(hall, "pause", service="mynumber")
    confirm(hall)
    answered(hall, "マイナンバー関係の受付を休止しました。")
    refused = staffed.issue()
    assert (refused.status_code, refused.json()["code"]) == (409, "service_paused")
    act(hall, "resume", service="mynumber")
    expect(service.get_by_role("button", name="休止する")).to_be_visible()

    act(hall, "post-notice")
    dialog(hall).locator("#text").fill("1階の機械は点検中です。")
    dialog(hall).get_by_label("取り下げるまで").check()
    confirm(hall)
    expect(board.get_by_text("1階の機械は点検中です。").first).to_be_visible()

    sato.keyboard.press("c")
    expect(sato.locator("[data-part=ticket]")).to_be_hidden()
    card = find(hall, called)
    expect(card).to_contain_text("完了")
    card.get_by_role("button", name="元に戻す").click()
    expect(dialog(hall)).to_contain_text(f"{called}番を「完了」になる前に戻しますか")
    confirm(hall)
    answered(hall, f"{called}番を「呼出中」に戻しました。")
    expect(sato.locator("[data-current] [data-field=label]")).to_have_text(called)
    expect(card).to_contain_text("呼出中")

    act(hall, "reception-close")
    dialog(hall).locator("#reason").fill("システム点検")
    confirm(hall)
    answered(hall, "本日の受付を終了しました。")
    expect(hall.locator("[data-field=by_hand]")).to_contain_text("理由: システム点検")
    expect(board.locator("main")).to_contain_text("本日の受付は終了しました")
    assert staffed.issue().json()["code"] == "hall_closed"
    suzuki.keyboard.press("n")
    expect(row(hall, "counters", "5").locator("[data-field=number]")).to_have_text(labels[2])
    act(hall, "reception-reset")
    confirm(hall)
    expect(hall.locator("[data-field=reception]")).to_have_text("受付中です")
    assert staffed.issue().status_code == 201

    act(hall, "withdraw")
    confirm(hall)
    expect(board.get_by_text("1階の機械は点検中です。")).to_have_count(0)
    for page in (hall, sato, suzuki, board):
        assert page.evaluate("window.notReloaded") is True
    assert errors == []


QUESTIONS = [
    ("pause", {}),
    ("reception-close", {}),
    ("reception-open", {}),
    ("assign", {}),
    ("close-counter", {"counter": "1"}),
    ("post-notice", {}),
    ("withdraw", {}),
    ("close-day", {}),
    ("move", {"move": "transfer"}),
    ("undo", {}),
    ("reissue", {}),
]


def test_axe_finds_nothing_on_the_page_or_in_its_questions(staffed: Staffed, open_page: Open, axe: str) -> None:
    staffed.admin.post(f"/api/sites/{SITE}/notices", json={"text": "お知らせです。"}).raise_for_status()
    staffed.admin.post(f"/api/sites/{SITE}/services/todoke/pause", json={}).raise_for_status()
    ended, *_, label = [staffed.issued("shomei") for _ in range(5)]
    staffed.admin.post(f"/api/sites/{SITE}/counters/1/open").raise_for_status()
    call = f"/api/sites/{SITE}/counters/1/call"
    ticket = staffed.admin.post(call, json={"label": ended}).raise_for_status().json()["ticket"]
    staffed.admin.post(f"/api/tickets/{ticket['id']}/complete").raise_for_status()
    staffed.admin.post(call, json={"label": label}).raise_for_status()
    page = staffed.sign_in(open_page, "tanaka", PAGE, HALL, bypass_csp=True, reduced_motion="reduce")
    expect(page.locator(".alerts__item")).to_have_count(1)
    act(page, "find", label=label)
    page.locator("[data-part=ended] summary").click()
    page.evaluate(axe)

    def violations(root: str) -> list[str]:
        found = page.evaluate("async (root) => (await axe.run(root)).violations", root)
        return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]

    looks: list[tuple[tuple[int, int], Literal["light", "dark"]]] = [(HALL, "light"), (NARROW, "dark")]
    for (width, height), theme in looks:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme)
        assert violations("html") == []
        assert page.evaluate(OVERFLOWING) == []
        for name, dataset in QUESTIONS:
            act(page, name, **dataset)
            assert violations("dialog[open]") == [], name
            page.keyboard.press("Escape")
    staffed.admin.post(f"/api/sites/{SITE}/services/todoke/resume", json={}).raise_for_status()


def test_a_cut_line_is_said_at_once_and_nothing_can_be_pressed_meanwhile(
    staffed: Staffed, open_page: Open, errors: list[str]
) -> None:
    page = staffed.sign_in(open_page, "tanaka", PAGE, HALL)
    close = page.locator("[data-action=reception-close]")
    expect(close).to_have_attribute("aria-disabled", "false")
    page.context.set_offline(True)
    expect(page.locator("[data-link-banner]")).to_contain_text("つながるまで操作できません。")
    expect(close).to_have_attribute("aria-disabled", "true")
    page.context.set_offline(False)
    expect(page.locator("[data-link-banner]")).to_be_hidden(timeout=45_000)
    label = staffed.issued("koseki")
    expect(find(page, label)).to_contain_text("待っています")
    errors.clear()


# -- one supervisor, an application in this process, a clock that only the test moves ----------------------


@dataclass(frozen=True)
class Managed:
    """The page in front of an application in this process; who looks at it may manage until `signed_out`."""

    context: BrowserContext
    api: Api
    city: City
    clock: ManualClock
    app: Flask
    directory: Path
    lost: list[str]
    """Paths of commands whose next answer is lost on its way."""

    def open(self) -> Page:
        page = self.context.new_page()
        page.goto(PAGE)
        expect(page.locator("[data-list=services] tr")).to_have_count(5)
        return page

    def refresh(self, page: Page) -> None:
        """Have the page ask for the newest view now, as it does when the network comes back."""
        with page.expect_response(f"**/api/sites/{SITE}/desk"):
            page.evaluate("window.dispatchEvent(new Event('online'))")

    def pass_minutes(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))
        self.city.tick()

    def limits(self, **limits: int) -> None:
        headers = {"Authorization": f"Bearer {self.api.tokens[Role.ADMIN]}"}
        path = f"/api/sites/{SITE}/structure/alerts/site"
        client = self.app.test_client()

        def put(body: Any) -> None:
            assert client.put(path, json=body, headers=headers).status_code == 200

        set_limits(put, lambda: self.api.get(f"/api/sites/{SITE}/structure", Role.ADMIN).get_json(), **limits)

    def kinds(self) -> list[str]:
        """The journal, as its kinds."""
        return [kind for (kind,) in run_sql(self.directory, "SELECT kind FROM journal ORDER BY seq")]


@pytest.fixture
def managed(
    browser: Browser, app: Flask, api: Api, city: City, clock: ManualClock, settings: Settings
) -> Iterator[Managed]:
    client = app.test_client()
    lost: list[str] = []

    def answer(route: Route) -> None:
        request = route.request
        path = request.url.removeprefix(ORIGIN)
        if path.startswith("/socket.io"):
            route.abort()
            return
        plain = VERSION.sub("", path)
        if plain.startswith("/static/"):
            route.fulfill(path=STATIC / plain.removeprefix("/static/").partition("?")[0])
            return
        headers = {name: value for name, value in request.headers.items() if name in FORWARDED}
        headers["Authorization"] = f"Bearer {api.tokens[Role.ADMIN]}"
        with client.open(path, method=request.method, headers=headers, data=request.post_data_buffer) as response:
            if path in lost:
                lost.remove(path)
                route.abort("connectionreset")
                return
            route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.get_data())

    context = browser.new_context(base_url=ORIGIN, locale="ja-JP", viewport={"width": 1280, "height": 900})
    context.route(f"{ORIGIN}/**", answer)
    context.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    context.add_init_script(COUNT_SOUNDS)
    yield Managed(context, api, city, clock, app, settings.data_dir, lost)
    context.close()


def issue(managed: Managed, service: str = "mynumber", count: int = 1) -> list[str]:
    return [managed.api.issue(service).get_json()["label"] for _ in range(count)]


def test_an_alert_is_seen_until_it_goes_and_is_new_when_it_comes_again(managed: Managed) -> None:
    managed.limits(people=2)
    issue(managed, count=2)
    page = managed.open()
    alert = page.locator(".alerts__item")
    alert.get_by_role("button").click()
    expect(alert).to_have_attribute("data-seen", "true")
    expect(alert).to_contain_text("確認済み")
    page.reload()
    expect(alert).to_have_attribute("data-seen", "true")
    managed.api.counter("6", "open")
    managed.api.counter("6", "call-next")
    managed.refresh(page)
    expect(alert).to_have_count(0)
    issue(managed)
    managed.refresh(page)
    expect(alert).to_have_attribute("data-seen", "false")


def test_an_alert_is_announced_once_and_its_figures_go_on(managed: Managed) -> None:
    managed.limits(wait_minutes=10)
    issue(managed)
    page = managed.open()
    expect(page.locator(".alerts__item")).to_have_count(0)
    managed.pass_minutes(10)
    managed.refresh(page)
    expect(page.locator(".alerts__what")).to_have_text("最長の待ち 10分")
    cell = row(page, "services", "mynumber").locator("[data-cell=longest]")
    expect(cell).to_have_attribute("data-over", "true")
    expect(cell).to_contain_text("基準を超えています")
    managed.pass_minutes(5)
    managed.refresh(page)
    expect(page.locator(".alerts__what")).to_have_text("最長の待ち 15分")
    expect(page.locator("[data-announce] > p")).to_have_text(["注意。マイナンバー関係、最長の待ち 10分。"])


def test_a_new_alert_sounds_once_where_it_is_wanted(managed: Managed) -> None:
    managed.limits(people=1)
    page = managed.open()
    root = page.locator("html")
    issue(managed, "mynumber")
    managed.refresh(page)
    expect(page.locator(".alerts__item")).to_have_count(1)
    expect(root).not_to_have_attribute("data-sounds", re.compile(".*"))
    page.get_by_label("音で知らせる").check()
    answered(page, "注意を音で知らせます。")
    issue(managed, "koseki")
    managed.refresh(page)
    expect(root).to_have_attribute("data-sounds", "2")
    managed.pass_minutes(1)
    managed.refresh(page)
    expect(root).to_have_attribute("data-sounds", "2")
    page.get_by_label("音で知らせる").uncheck()
    issue(managed, "todoke")
    managed.refresh(page)
    expect(page.locator(".alerts__item")).to_have_count(3)
    expect(root).to_have_attribute("data-sounds", "2")


def test_the_wish_for_sound_is_kept_and_the_page_asks_to_be_touched(managed: Managed) -> None:
    managed.limits(people=1)
    page = managed.open()
    page.get_by_role("button", name="試しに鳴らす").click()
    expect(page.locator("html")).to_have_attribute("data-sounds", "2")
    page.get_by_label("音で知らせる").check()
    page.reload()
    expect(page.get_by_label("音で知らせる")).to_be_checked()
    hint = page.get_by_text("画面のどこかを一度押すと、音が出るようになります。")
    expect(hint).to_be_visible()
    page.locator("h1").click()
    expect(hint).to_be_hidden()
    issue(managed)
    managed.refresh(page)
    expect(page.locator("html")).to_have_attribute("data-sounds", "2")


def test_the_minutes_are_those_of_the_hall(managed: Managed) -> None:
    managed.api.called("6")
    page = managed.open()
    managed.api.counter("5", "open")
    managed.api.counter("5", "break", {"minutes": 10})
    managed.pass_minutes(12)
    managed.refresh(page)
    expect(row(page, "counters", "6").locator("[data-field=since]")).to_have_text("12分")
    expect(row(page, "counters", "6").locator("[data-field=last_call]")).to_have_text("12分前")
    expect(row(page, "services", "mynumber").locator("[data-field=last_call]")).to_have_text("12分前")
    expect(row(page, "counters", "5").locator("[data-field=state]")).to_have_text("休憩 9:25まで（2分超過）")
    expect(page.locator("[data-part=as_of]")).to_have_text("現在 9:27")


def test_a_counter_is_opened_for_its_clerk_given_other_services_and_closed(managed: Managed) -> None:
    page = managed.open()
    act(page, "open-counter", counter="4")
    answered(page, "4番窓口を開けました。")
    expect(row(page, "counters", "4").locator("[data-field=clerk]")).to_be_empty()
    act(page, "assign", counter="4")
    for box in dialog(page).get_by_role("checkbox").all():
        box.uncheck()
    confirm(page)
    expect(dialog(page).locator("#services-problem")).to_have_text("業務を一つ以上選んでください。")
    dialog(page).get_by_label("マイナンバー関係").check()
    confirm(page)
    expect(row(page, "counters", "4")).to_contain_text("本日の業務: マイナンバー関係")
    act(page, "assign", counter="4")
    dialog(page).get_by_role("button", name="いつもの業務に戻す").click()
    confirm(page)
    expect(row(page, "counters", "4")).not_to_contain_text("本日の業務")
    act(page, "close-counter", counter="4")
    confirm(page)
    answered(page, "4番窓口を閉めました。")
    expect(row(page, "counters", "4").get_by_role("button", name="開ける")).to_be_focused()


def test_what_is_wrong_with_a_notice_stands_beside_its_field_and_nothing_is_lost(managed: Managed) -> None:
    page = managed.open()
    act(page, "post-notice")
    confirm(page)
    expect(page.locator("#text-problem")).to_have_text("お知らせの文を入力してください。")
    expect(page.locator("#text")).to_be_focused()
    page.locator("#text").fill("一行目\n二行目")
    expect(page.locator("[data-field=left]")).to_have_text("あと193文字")
    dialog(page).get_by_label("終わる時刻").fill("09:00")
    confirm(page)
    expect(page.locator("#until-notice-problem")).to_have_text("その時刻は過ぎています。")
    expect(dialog(page).get_by_label("終わる時刻")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#text")).to_have_value("一行目 二行目")
    dialog(page).get_by_label("終わる日時").fill("2026-11-26T12:00")
    confirm(page)
    answered(page, "お知らせを出しました。")
    expect(page.locator("[data-list=notices]")).to_contain_text("11月26日(木) 12:00まで")
    assert managed.api.board()["notices"][0]["until"] == "2026-11-26T12:00:00+09:00"
    act(page, "withdraw")
    confirm(page)
    expect(page.locator("[data-part=no_notices]")).to_be_visible()


def test_the_reception_is_extended_until_a_time_that_is_still_to_come(managed: Managed) -> None:
    page = managed.open()
    act(page, "reception-open")
    expect(page.locator("#until")).to_have_value("17:15")
    for wrong, sentence in (
        ("", "時刻を入力してください。"),
        ("09:00", "その時刻は過ぎています。"),
        ("23:00", "その時刻は、番号の有効期限（一日の終わり）を過ぎています。"),
    ):
        page.locator("#until").fill(wrong)
        confirm(page)
        expect(page.locator("#until-problem")).to_have_text(sentence)
        expect(page.locator("#until")).to_have_value(wrong)
    page.locator("#until").fill("18:30")
    confirm(page)
    answered(page, "18:30まで受け付けます。")
    expect(page.locator("[data-field=reception_line]")).to_have_text("本日の受付は18:30までです。")
    expect(page.locator("[data-field=by_hand]")).to_contain_text("受付時間を手動で変更しています。")


def test_a_number_is_transferred_given_priority_and_cancelled(managed: Managed) -> None:
    label = issue(managed)[0]
    managed.api.called("6")
    page = managed.open()
    act(page, "find", label=label)
    card = page.locator("[data-list=found] > li")
    expect(card.get_by_role("button").first).to_be_focused()
    act(page, "move", move="transfer")
    confirm(page)
    expect(page.locator("#transfer-service-problem")).to_have_text("業務か窓口を選んでください。")
    page.locator("#transfer-counter").select_option("5")
    confirm(page)
    answered(page, f"{label}番を引き継ぎました。")
    expect(card).to_contain_text("5番窓口へ引継ぎ")
    act(page, "move", move="prioritize")
    page.locator("#priority").select_option(index=1)
    confirm(page)
    expect(card).to_contain_text("優先")
    act(page, "move", move="cancel")
    confirm(page)
    answered(page, f"{label}番を取り消しました。")
    expect(card).to_contain_text("取消済み")
    page.locator("[data-part=ended] summary").click()
    expect(page.locator("[data-list=ended]")).to_contain_text(label)
    expect(find(page, "９９９")).to_have_count(0)
    expect(page.locator("#find-problem")).to_contain_text("999番は見つかりません。")
    expect(page.locator("#find-label")).to_have_value("９９９")


def test_a_move_that_another_made_first_says_how_the_number_stands_now(managed: Managed) -> None:
    ticket = managed.api.issue().get_json()
    page = managed.open()
    find(page, ticket["label"])
    act(page, "move", move="cancel")
    managed.api.move(ticket["id"], "cancel")
    confirm(page)
    expect(dialog(page).locator("[data-status]")).to_have_text(
        f"{ticket['label']}番: この番号は、いまの状態ではその操作ができません。（いまの状態: 取消済み）"
    )


def test_a_new_slip_carries_the_number_and_the_way_to_its_page_and_is_all_that_is_printed(managed: Managed) -> None:
    ticket = managed.api.issue().get_json()
    page = managed.open()
    find(page, ticket["label"])
    act(page, "reissue")
    confirm(page)
    slip = dialog(page)
    expect(slip.locator("[data-field=label]")).to_have_text(ticket["label"])
    address = slip.locator("[data-field=address]").inner_text()
    token = address.removeprefix(f"{ORIGIN}/t/")
    assert managed.api.get(f"/api/t/{token}").get_json()["label"] == ticket["label"]
    assert managed.api.get(f"/api/t/{ticket['token']}").status_code == 404
    qr = slip.get_by_role("img")
    expect(qr).to_have_js_property("complete", True)
    assert qr.evaluate("(image) => image.naturalWidth") > 0
    page.evaluate("window.print = () => { document.documentElement.dataset.printed = 'yes' }")
    slip.get_by_role("button", name="印刷する").click()
    expect(page.locator("html")).to_have_attribute("data-printed", "yes")
    page.emulate_media(media="print")
    expect(slip.locator(".slip")).to_be_visible()
    for hidden in ("header.bar", "[data-part=work]", "dialog[open] button"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_the_day_ends_only_after_the_open_numbers_were_seen_and_given_up(managed: Managed) -> None:
    labels = [*issue(managed, "mynumber", 2), *issue(managed, "koseki")]
    page = managed.open()
    act(page, "close-day")
    expect(dialog(page)).to_contain_text("応対の終わっていない番号が3件あります。")
    expect(dialog(page).locator("[data-list=open]")).to_contain_text("マイナンバー関係 2件")
    late = issue(managed, "inkan")[0]
    confirm(page)
    expect(dialog(page)).to_contain_text("4件の番号を使えなくして、一日を終えますか")
    expect(dialog(page).locator("[data-list=labels] li")).to_have_text([*labels, late])
    confirm(page)
    expect(page.locator("#confirmed-problem")).to_be_visible()
    assert managed.api.board()["status"]["open"] is True
    dialog(page).get_by_label("この番号が使えなくなることを確かめました").check()
    confirm(page)
    answered(page, "一日を終えました。使えなくなった番号:")
    expect(page.locator("[data-field=reception]")).to_have_text("本日の受付は終了しました")
    expect(page.locator("[data-field=waiting]").first).to_have_text("0人")


def test_a_lost_answer_is_asked_for_again_and_done_once(managed: Managed) -> None:
    page = managed.open()
    managed.lost.append(f"/api/sites/{SITE}/services/inkan/pause")
    act(page, "pause", service="inkan")
    dialog(page).get_by_label("本日の受付を終える").check()
    dialog(page).locator("[data-go]").dblclick()
    answered(page, "印鑑登録の本日の受付を終了しました。")
    assert managed.lost == []
    expect(row(page, "services", "inkan")).to_contain_text("本日は終了")
    assert managed.kinds().count("pause_service") == 1


def test_when_the_session_ends_the_numbers_go_and_the_way_back_stands_there(managed: Managed) -> None:
    label = issue(managed)[0]
    page = managed.open()
    find(page, label)
    act(page, "post-notice")
    page.locator("#text").fill("点検中です。")
    dialog(page).get_by_label("取り下げるまで").check()
    managed.context.route("**/api/**", lambda route: route.fulfill(status=401, json={"code": "not_signed_in"}))
    confirm(page)
    notice = page.locator("[data-part=session]")
    expect(notice).to_be_visible()
    expect(notice.get_by_role("link")).to_have_attribute("href", f"/desk/sign-in?next={PAGE}")
    expect(page.get_by_text(label).first).to_be_hidden()
    managed.context.unroute("**/api/**")
    page.reload()
    act(page, "post-notice")
    expect(page.locator("#text")).to_have_value("点検中です。")


def test_the_page_keeps_its_place_and_works_by_keyboard_alone(managed: Managed) -> None:
    page = managed.open()
    button = row(page, "services", "todoke").get_by_role("button")
    button.focus()
    managed.api.called("6")
    managed.pass_minutes(1)
    managed.refresh(page)
    expect(row(page, "counters", "6")).to_contain_text("呼出中")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    answered(page, "転入・転居・転出の届出の本日の受付を終了しました。")
    expect(row(page, "services", "todoke").get_by_role("button", name="再開する")).to_be_focused()
    page.keyboard.press("Enter")
    answered(page, "転入・転居・転出の届出の受付を再開しました。")
    body = json.dumps(managed.api.board(), ensure_ascii=False)
    assert '"ended_today": true' not in body


def test_a_disk_that_takes_no_more_is_said_and_nothing_can_be_pressed(managed: Managed) -> None:
    page = managed.open()
    view = managed.api.get(f"/api/sites/{SITE}/desk", Role.DESK).get_json()
    full = {**view, "version": view["version"] + 1, "storage": {"writable": False}}
    managed.context.route(f"**/api/sites/{SITE}/desk", lambda route: route.fulfill(json=full))
    managed.refresh(page)
    expect(page.locator("[data-part=storage]")).to_be_visible()
    expect(page.locator("[data-action=reception-close]")).to_have_attribute("aria-disabled", "true")
