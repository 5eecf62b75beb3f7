"""The kiosk by touch and by keyboard: a number, the guide, paper, staff; every screen clean for axe-core."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from queue_server.domain.roles import Role
from queue_server.languages import offered
from tests.browser.conftest import KIOSK, Open
from tests.browser.test_pages import violations
from tests.support.printer import FakePrinter
from tests.support.server import SITE, Server, run_cli

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
LYING = (1920, 1080)
SETTLE_MS = 400
"""A new screen takes no touch for so long (kiosk/static/js/screens.js)."""
NUMBER = 'section[data-screen="number"]'
ANSWER = 'section[data-screen="guide-answer"]'

Touch = Callable[[Page, str], None]


# Words of a service that lie over one another or leave their button, and a way out that is below the panel.
OVERPRINTED = """() => {
    const found = [];
    const PARTS = ".line__name, .line__why, .crowd__level, .crowd__people, .crowd__range, .choice__name, .choice__do";
    const here = (selector) => [...document.querySelectorAll(`section[data-screen]:not([hidden]) ${selector}`)];
    for (const line of [...here(".line"), ...here(".choice--service")]) {
        const frame = line.getBoundingClientRect();
        const parts = [...line.querySelectorAll(PARTS)]
            .filter((part) => part.checkVisibility() && part.textContent.trim())
            .map((part) => {
                const range = document.createRange();
                range.selectNodeContents(part);
                return { text: part.textContent.trim(), box: range.getBoundingClientRect() };
            });
        parts.forEach(({ text, box }, index) => {
            if (box.right > frame.right + 1) found.push(`outside: ${text}`);
            for (const other of parts.slice(index + 1)) {
                const beside = box.left >= other.box.right - 2 || other.box.left >= box.right - 2;
                const above = box.top >= other.box.bottom - 6 || other.box.top >= box.bottom - 6;
                if (!beside && !above) found.push(`${text} over ${other.text}`);
            }
        });
    }
    return [...found, ...here(".screen__foot").filter((foot) => foot.getBoundingClientRect().bottom > innerHeight + 1)
        .map(() => "the way out")];
}"""


@pytest.fixture(scope="module")
def printer() -> Iterator[FakePrinter]:
    with FakePrinter() as fake:
        yield fake


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, printer: FakePrinter) -> Iterator[Server]:
    """A server whose kiosk has a printer and a PIN."""
    folder = tmp_path_factory.mktemp("hall")
    text = (ROOT / "queue_server/profiles/atsugi.toml").read_text("utf-8")
    profile = folder / "city.toml"
    profile.write_text(text.replace("paper = 80", f'printer = "{printer.address}"\npaper = 80', 1), "utf-8")
    with Server(folder / "data", {"QUEUE_SERVER_PROFILE": str(profile)}) as server:
        yield server


@pytest.fixture(scope="module")
def token(hall: Server) -> str:
    return hall.token(Role.KIOSK, "kiosk-1")


@pytest.fixture
def panel(hall: Server, token: str, open_page: Open, printer: FakePrinter) -> Page:
    """The panel of the enrolled kiosk, upright, with a hand in front of it."""
    for words in ("ready", "cut 0"):
        printer.tell(words)
    return enrolled(hall, token, open_page, KIOSK)


def enrolled(hall: Server, token: str, open_page: Open, size: tuple[int, int]) -> Page:
    page = open_page(f"{hall.url}/kiosk/{SITE}#enroll={token}", size, has_touch=True, bypass_csp=True)
    expect(page.locator('[data-category="ido"]')).to_be_enabled()
    return page


def touch(page: Page, selector: str) -> None:
    """Touch what stands on the screen once it takes touches."""
    expect(page.locator("body:not([data-settling])")).to_be_attached()
    page.locator(f"section[data-screen]:not([hidden]) {selector}").first.tap()


def touch_by_clock(page: Page, selector: str) -> None:
    """The same on a page that goes through many screens: its clock, which the test installed, is moved on so far."""
    page.clock.run_for(SETTLE_MS)
    touch(page, selector)


def spaced(text: str) -> re.Pattern[str]:
    """The name of what carries furigana: Playwright sets spaces around the characters below them."""
    return re.compile(r"\s*".join(map(re.escape, text)))


def to_the_answer(page: Page, applicant: str = "voluntary_agent", touch: Touch = touch) -> None:
    touch(page, '[data-go="guide"]')
    touch(page, '[data-procedure="certificate-renewal"]')
    touch(page, f'[data-applicant="{applicant}"]')
    touch(page, '[data-hold="yes"]')
    expect(page.locator(ANSWER)).to_be_visible()


def test_two_touches_bring_the_number_on_screen_and_on_paper(panel: Page, printer: FakePrinter) -> None:
    before = printer.slips
    touch(panel, '[data-category="ido"]')
    touch(panel, '[data-service="mynumber"]')
    expect(panel.locator(f"{NUMBER} [data-part=paper]")).to_have_text("番号札をお取りください。")
    expect(panel.locator(f"{NUMBER} [data-reprint]")).to_be_hidden()
    assert printer.slips == before + 1


def test_without_paper_the_number_stays_on_the_screen_and_one_touch_tries_again(
    panel: Page, printer: FakePrinter, hall: Server
) -> None:
    printer.tell("paper_out")
    touch(panel, '[data-category="ido"]')
    touch(panel, '[data-service="inkan"]')
    paper = panel.locator(f"{NUMBER} [data-part=paper]")
    expect(paper).to_have_text("用紙が切れています。番号をひかえるか、QRコードを読み取ってください。")
    expect(panel.locator("[data-part=paper-banner]")).to_be_visible()
    with hall.client(Role.DESK) as desk:
        assert desk.get(f"/api/sites/{SITE}/desk").json()["kiosks"][0]["printer"] == "paper_out"
    before = printer.slips
    printer.tell("ready")
    touch(panel, "[data-reprint]")
    expect(paper).to_have_text("番号札をお取りください。")
    assert printer.slips == before + 1


def test_the_guide_answers_before_anybody_waits_and_prints_its_list(panel: Page, printer: FakePrinter) -> None:
    to_the_answer(panel)
    answer = panel.locator(ANSWER)
    expect(answer.locator("h1")).to_have_accessible_name(spaced("持ち物がそろっていれば、1回の来庁でできます"))
    expect(answer.locator("h1 rt").first).to_have_text("も")
    expect(answer.locator(".guide-items li")).to_have_count(3)
    before = printer.slips
    touch(panel, "[data-print-list]")
    expect(answer.locator("[data-part=list-paper]")).to_have_text("持ち物の一覧をお取りください。")
    assert printer.slips == before + 1
    touch(panel, "[data-back]")
    touch(panel, '[data-hold="no"]')
    expect(answer.locator("h1")).to_have_accessible_name(spaced("職員におたずねください"))
    expect(answer.locator("[data-print-list]")).to_be_hidden()
    touch(panel, "[data-take]")
    expect(panel.locator(NUMBER)).to_be_visible()


def test_the_guide_asks_for_what_a_person_knows_in_words_that_lead_to_one_answer_each(panel: Page) -> None:
    touch(panel, '[data-go="guide"]')
    touch(panel, '[data-procedure="certificate-renewal"]')
    touch(panel, '[data-applicant="person"]')
    question = panel.locator('section[data-screen="guide-ask"]')
    expect(question.locator("h1")).to_have_accessible_name(spaced("カードの暗証番号を、すべて覚えていますか"))
    expect(question.locator("h1 rt").first).to_have_text("あんしょうばんごう")
    expect(question.locator("[data-hold]")).to_have_count(2)
    expect(
        question.get_by_role("button", name=spaced("いいえ、忘れたものや、はっきりしないものがあります"))
    ).to_be_visible()
    touch(panel, '[data-hold="no"]')
    expect(panel.locator(f"{ANSWER} .guide-items li").nth(1)).to_contain_text("パスポート")
    touch(panel, "[data-back]")
    touch(panel, "[data-back]")
    touch(panel, '[data-applicant="voluntary_agent"]')
    expect(question.locator("[data-hold]")).to_have_count(3)


def test_who_is_told_the_same_as_everybody_is_not_asked_who_they_are(panel: Page) -> None:
    touch(panel, '[data-go="guide"]')
    touch(panel, '[data-procedure="pin-reset"]')
    expect(panel.locator(f"{ANSWER} h1")).to_have_accessible_name(spaced("職員におたずねください"))
    touch(panel, "[data-back]")
    expect(panel.locator('section[data-screen="guide"]')).to_be_visible()


def test_the_lowered_screen_says_how_it_goes_up_again(panel: Page) -> None:
    button = panel.locator("[data-low]").last
    expect(button).to_have_accessible_name(spaced("画面を下げる"))
    button.tap()
    expect(button).to_have_accessible_name(spaced("元の高さに戻す"))
    expect(panel.locator("html[data-low]")).to_be_attached()
    button.tap()
    expect(button).to_have_accessible_name(spaced("画面を下げる"))


def test_the_guide_leads_to_the_dates_and_forgets_them(panel: Page) -> None:
    to_the_answer(panel, "person")
    touch(panel, '[data-go="validity"]')
    expect(panel.locator("[data-validity]")).to_be_visible()
    touch(panel, "[data-back]")
    expect(panel.locator(ANSWER)).to_be_visible()
    panel.keyboard.press("Escape")
    expect(panel.locator('section[data-screen="idle"]')).to_be_visible()


def test_the_whole_way_by_keyboard(panel: Page) -> None:
    def press(selector: str, key: str = "Enter") -> None:
        expect(panel.locator("body:not([data-settling])")).to_be_attached()
        panel.locator(f"section[data-screen]:not([hidden]) {selector}").first.focus()
        panel.keyboard.press(key)

    press('[data-go="guide"]')
    press('[data-procedure="certificate-renewal"]', "Space")
    press('[data-applicant="person"]')
    press('[data-hold="yes"]')
    expect(panel.locator(ANSWER)).to_be_visible()
    press("[data-take]")
    expect(panel.locator(NUMBER)).to_be_visible()


def test_the_next_person_finds_the_first_screen_in_the_halls_language(panel: Page, errors: list[str]) -> None:
    panel.clock.install()
    touch(panel, '[data-language="en"]')
    expect(panel.locator("html")).to_have_attribute("lang", "en")
    expect(panel.locator('[data-category="ido"]')).to_be_enabled()
    panel.clock.run_for(1_000)
    touch(panel, '[data-go="guide"]')
    panel.clock.run_for(36_000)
    expect(panel.locator("[data-countdown]")).to_be_visible()
    panel.clock.run_for(12_000)
    expect(panel.locator("html")).to_have_attribute("lang", "ja")
    expect(panel.locator('section[data-screen="idle"]')).to_be_visible()
    # A clock that jumps may leave behind the patience with a socket that is being opened; another one is.
    errors[:] = [error for error in errors if "closed before the connection is established" not in error]


def test_a_language_that_cannot_be_loaded_leaves_the_page_as_it_is(panel: Page, errors: list[str]) -> None:
    panel.route("**/kiosk/honchosha?lang=en", lambda route: route.abort())
    touch(panel, '[data-language="en"]')
    expect(panel.locator("[data-part=paper-banner]")).to_have_text("ただいま言語を切り替えられません。")
    expect(panel.locator('[data-category="ido"]')).to_be_enabled()
    errors[:] = [error for error in errors if "net::ERR_FAILED" not in error]


def staff_mode(panel: Page, hall: Server) -> Locator:
    """The staff's screen, opened with five touches and the PIN."""
    pin = run_cli("kiosk-pin", "--site", SITE, "--generate", "--data", str(hall.data)).split()[-1]
    for _ in range(5):
        panel.locator("[data-staff-door]").tap()
    for digit in pin:
        touch(panel, f'[data-digit="{digit}"]')
    touch(panel, '[data-digit="enter"]')
    return panel.locator('section[data-screen="staff"]')


def test_staff_are_asked_before_a_number_is_cancelled(panel: Page, hall: Server, axe: str) -> None:
    with hall.client(Role.KIOSK) as kiosk:
        label = kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": "inkan"}).json()["label"]
    staff, asked = staff_mode(panel, hall), panel.locator('section[data-screen="staff-cancel"]')
    done = staff.locator("[data-field=staff_done]")
    expect(staff.locator(".staff__service")).to_have_count(5)
    for deed in ("ask", "reprint"):
        touch(panel, f'[data-staff="{deed}"]')
        expect(done).to_have_text("番号を入力してください。")
    for digit in label:
        touch(panel, f'[data-type="{digit}"]')
    touch(panel, '[data-staff="ask"]')
    expect(asked.locator("h1")).to_have_text(f"{label}番（印鑑登録）を取り消しますか")
    expect(asked.get_by_role("button", name="取り消さない")).to_be_focused()
    assert violations(panel, axe) == []
    touch(panel, '[data-staff="keep"]')
    expect(staff).to_be_visible()
    expect(staff.locator("#staff-label")).to_have_value(label)
    with hall.client(Role.DESK) as desk:
        assert label in open_labels(desk)
        touch(panel, '[data-staff="ask"]')
        expect(asked).to_be_visible()
        touch(panel, '[data-staff="cancel"]')
        expect(done).to_have_text(f"{label}番を取り消しました。")
        assert label not in open_labels(desk)
    touch(panel, '[data-staff="ask"]')
    expect(done).to_have_text("番号を入力してください。")


def open_labels(desk: httpx.Client) -> list[str]:
    return [each["label"] for each in desk.get(f"/api/sites/{SITE}/desk").json()["tickets"]]


LINE_BEGINNINGS = """() => [...document.querySelectorAll(".line__name")].map((name) => {
    const walker = document.createTreeWalker(name, NodeFilter.SHOW_TEXT);
    let before = null;
    const first = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.parentElement.localName === "rt") continue;
        for (let at = 0; at < node.length; at++) {
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            const { left } = range.getBoundingClientRect();
            if (before === null || left < before) first.push(node.data[at]);
            before = left;
        }
    }
    return first;
})"""
"""The first character of each line of each service's name."""


def test_a_paused_service_keeps_its_name_in_one_line(panel: Page, hall: Server) -> None:
    with hall.client(Role.ADMIN) as admin:
        admin.post(f"/api/sites/{SITE}/services/mynumber/pause", json={}).raise_for_status()
        reason = panel.locator('[data-line="mynumber"] .line__why')
        expect(reason).to_contain_text("から受付を休止しています")
        beginnings = panel.evaluate(LINE_BEGINNINGS)
        overprinted = panel.evaluate(OVERPRINTED)
        admin.post(f"/api/sites/{SITE}/services/mynumber/resume", json={}).raise_for_status()
    assert [len(lines) for lines in beginnings] == [1] * 5
    assert overprinted == []
    name = panel.locator('[data-line="mynumber"] .line__name')
    name.evaluate("(name) => { name.style.width = '7.5em' }")
    assert panel.evaluate(LINE_BEGINNINGS)[-1] == ["マ", "関"], "a narrow one is not broken within a word"


def test_staff_open_their_mode_with_five_touches_and_a_pin(panel: Page, hall: Server) -> None:
    staff = staff_mode(panel, hall)
    expect(staff.locator(".staff__service")).to_have_count(5)
    koseki = staff.locator(".staff__service", has_text="出生")
    koseki.get_by_role("button").tap()
    expect(staff.locator("[data-field=staff_done]")).to_have_text("「出生・婚姻などの届出」の受付を休止しました。")
    koseki.get_by_role("button").tap()
    expect(staff.locator("[data-field=staff_done]")).to_have_text("「出生・婚姻などの届出」の受付を再開しました。")
    touch(panel, '[data-staff="leave"]')
    expect(panel.locator('section[data-screen="idle"]')).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("size", [KIOSK, LYING], ids=["upright", "lying"])
def test_no_screen_scrolls_also_in_the_low_picture(
    hall: Server, token: str, open_page: Open, size: tuple[int, int]
) -> None:
    page = enrolled(hall, token, open_page, size)
    page.clock.install()

    def fits() -> bool:
        wide, high = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        return (wide, high) == size

    assert fits()
    touch_by_clock(page, "[data-low]")
    assert fits()
    to_the_answer(page, touch=touch_by_clock)
    assert fits()
    with hall.client(Role.KIOSK) as kiosk:
        for service in ("mynumber", "todoke", "inkan"):
            for _ in range(6):
                kiosk.post(f"/api/sites/{SITE}/tickets", json={"service": service}).raise_for_status()
    with hall.client(Role.ADMIN) as desk:
        for counter in range(1, 7):
            desk.post(f"/api/sites/{SITE}/counters/{counter}/open", json={}).raise_for_status()
    for language in offered():
        page.goto(f"{hall.url}/kiosk/{SITE}?lang={language}")
        expect(page.locator("[data-part=range]:visible").first).to_be_visible()
        expect(page.locator('[data-category="ido"]')).to_be_enabled()
        assert (fits(), page.evaluate(OVERPRINTED)) == (True, []), language
        touch_by_clock(page, "[data-low]")
        touch_by_clock(page, '[data-category="ido"]')
        assert (fits(), page.evaluate(OVERPRINTED)) == (True, []), language
        for low in (True, False):
            page.goto(f"{hall.url}/kiosk/{SITE}?lang={language}")
            expect(page.locator('[data-category="ido"]')).to_be_enabled()
            if low:
                touch_by_clock(page, "[data-low]")
            touch_by_clock(page, '[data-go="guide"]')
            assert fits(), (language, low)
        page.goto(f"{hall.url}/kiosk/{SITE}?lang={language}")
        to_the_answer(page, touch=touch_by_clock)
        assert fits(), language


@pytest.mark.parametrize("size", [KIOSK, LYING], ids=["upright", "lying"])
def test_easy_japanese_is_as_large_on_the_first_screen_as_any_other_and_says_that_a_range_is_one(
    hall: Server, token: str, open_page: Open, size: tuple[int, int]
) -> None:
    with hall.client(Role.ADMIN) as desk:
        for counter in range(1, 7):
            desk.post(f"/api/sites/{SITE}/counters/{counter}/open", json={}).raise_for_status()
    page = enrolled(hall, token, open_page, size)
    page.goto(f"{hall.url}/kiosk/{SITE}?lang=easy")
    line = page.locator('[data-line="mynumber"]')
    expect(line.locator(".crowd__range")).to_contain_text("だいたい")
    sizes = page.locator("section[data-screen=idle] :is(.line__name, .level, .crowd__range, .crowd__caption):visible")
    found = sizes.evaluate_all("(nodes) => nodes.map((node) => parseFloat(getComputedStyle(node).fontSize))")
    assert len(found) > 15
    # 24 px of a panel whose root is 16 px; the root of this one is 15.98.
    assert min(found) > 23.9
    expect(line.locator(".crowd__range .crowd__caption")).to_be_visible()


@pytest.mark.parametrize("language", list(offered()))
def test_axe_finds_nothing_on_any_screen_in_any_language(
    hall: Server, token: str, open_page: Open, axe: str, language: str
) -> None:
    page = enrolled(hall, token, open_page, KIOSK)
    page.clock.install()
    page.goto(f"{hall.url}/kiosk/{SITE}?lang={language}")
    expect(page.locator('[data-category="ido"]')).to_be_enabled()
    found = violations(page, axe)
    steps = ['[data-go="guide"]', '[data-procedure="certificate-renewal"]', '[data-applicant="voluntary_agent"]']
    for step in [*steps, '[data-hold="yes"]', '[data-go="validity"]']:
        touch_by_clock(page, step)
        page.clock.run_for(SETTLE_MS)
        expect(page.locator("body:not([data-settling])")).to_be_attached()
        found += violations(page, axe)
    touch_by_clock(page, "[data-back]")
    touch_by_clock(page, "[data-take]")
    expect(page.locator(f"{NUMBER} [data-part=paper]")).not_to_be_empty()
    found += violations(page, axe)
    assert found == []
