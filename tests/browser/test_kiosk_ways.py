"""The kiosk by touch and by keyboard: a number, the guide, paper, staff; every screen clean for axe-core."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

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
    expect(answer.locator("h1")).to_have_text("持ち物がそろっていれば、1回の来庁でできます")
    expect(answer.locator(".guide-items li")).to_have_count(3)
    before = printer.slips
    touch(panel, "[data-print-list]")
    expect(answer.locator("[data-part=list-paper]")).to_have_text("持ち物の一覧をお取りください。")
    assert printer.slips == before + 1
    touch(panel, "[data-back]")
    touch(panel, '[data-hold="no"]')
    expect(answer.locator("h1")).to_have_text("職員におたずねください")
    touch(panel, "[data-take]")
    expect(panel.locator(NUMBER)).to_be_visible()


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


def test_staff_open_their_mode_with_five_touches_and_a_pin(panel: Page, hall: Server) -> None:
    pin = run_cli("kiosk-pin", "--site", SITE, "--generate", "--data", str(hall.data)).split()[-1]
    for _ in range(5):
        panel.locator("[data-staff-door]").tap()
    for digit in pin:
        touch(panel, f'[data-digit="{digit}"]')
    touch(panel, '[data-digit="enter"]')
    staff = panel.locator('section[data-screen="staff"]')
    expect(staff.locator(".staff__service")).to_have_count(5)
    koseki = staff.locator(".staff__service", has_text="出生")
    koseki.get_by_role("button").tap()
    expect(staff.locator("[data-field=staff_done]")).to_have_text("「出生・婚姻などの届出」の受付を休止しました。")
    koseki.get_by_role("button").tap()
    expect(staff.locator("[data-field=staff_done]")).to_have_text("「出生・婚姻などの届出」の受付を再開しました。")
    touch(panel, '[data-staff="leave"]')
    expect(panel.locator('section[data-screen="idle"]')).to_be_visible()


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
    for language in offered():
        page.goto(f"{hall.url}/kiosk/{SITE}?lang={language}")
        expect(page.locator('[data-category="ido"]')).to_be_enabled()
        assert (fits(), page.evaluate(OVERPRINTED)) == (True, []), language
        touch_by_clock(page, "[data-low]")
        touch_by_clock(page, '[data-category="ido"]')
        assert (fits(), page.evaluate(OVERPRINTED)) == (True, []), language
        page.goto(f"{hall.url}/kiosk/{SITE}?lang={language}")
        to_the_answer(page, touch=touch_by_clock)
        assert fits(), language


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
