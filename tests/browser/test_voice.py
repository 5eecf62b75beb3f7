"""What a hall's screen is heard to say: the real clips of the real programs, decoded and played by Chromium."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, expect

from queue_server.city import City
from queue_server.config import Settings
from queue_server.domain.roles import Role
from queue_server.voice import ClipCache
from tests.browser.conftest import BOARD, CHROMIUM_OPTIONS, PATIENCE_MS, chromium
from tests.browser.window import refresh, visitor
from tests.support.api import Api
from tests.support.clock import ManualClock
from tests.support.server import SITE, Server
from tests.support.voice import profile_with, put_clips

pytestmark = pytest.mark.browser

LONG_MS = 120_000
PLAIN = '[site.voice]\nlanguages = ["ja"]\nchime = false\nrepeat = false\n'
FULL = '[site.voice]\nlanguages = ["ja", "en", "fil"]\nvolume = 0.5\n'

# Notes each sound that is put out: whose clip, when it begins by the sound's own clock, how long it is, how loud.
SPY = """
window.heard = [];
window.tones = 0;
const files = new WeakMap();
const bytesOf = Response.prototype.arrayBuffer;
Response.prototype.arrayBuffer = async function () {
  const bytes = await bytesOf.call(this);
  files.set(bytes, this.url);
  return bytes;
};
const decode = BaseAudioContext.prototype.decodeAudioData;
BaseAudioContext.prototype.decodeAudioData = async function (bytes, ...rest) {
  const url = files.get(bytes);
  const sound = await decode.call(this, bytes, ...rest);
  files.set(sound, url);
  return sound;
};
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (at, ...rest) {
  const samples = this.buffer.getChannelData(0);
  const peak = samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  const file = files.get(this.buffer).split("/").pop();
  const play = { file, at, seconds: this.buffer.duration, peak, ended: false };
  this.addEventListener("ended", () => {
    play.ended = true;
    document.documentElement.dataset.ended = window.heard.filter((each) => each.ended).length;
  });
  window.heard.push(play);
  document.documentElement.dataset.heard = window.heard.length;
  return start.call(this, at, ...rest);
};
const ring = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...rest) {
  window.tones += 1;
  return ring.apply(this, rest);
};
"""


@pytest.fixture(scope="module")
def speaking_browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium as a display runs it: sound needs no touch."""
    options = [*CHROMIUM_OPTIONS, "--autoplay-policy=no-user-gesture-required"]
    browser = playwright.chromium.launch(executable_path=chromium(), args=options)
    yield browser
    browser.close()


class Hall:
    """A server whose hall speaks, and a desk that calls."""

    def __init__(self, server: Server, cache: ClipCache) -> None:
        self.server = server
        self.desk = server.client(Role.ADMIN)
        self.names = {kept.name + ".opus": clip.text for clip, kept in cache.kept().items()}
        self.desk.post(f"/api/sites/{SITE}/counters/6/open").raise_for_status()

    def issue(self, count: int = 1) -> None:
        for _ in range(count):
            self.desk.post(f"/api/sites/{SITE}/tickets", json={"service": "mynumber"}).raise_for_status()

    def call(self) -> dict[str, Any]:
        """Call the next number at counter 6."""
        answer = self.desk.post(f"/api/sites/{SITE}/counters/6/call-next", json={"complete": True}).raise_for_status()
        ticket: dict[str, Any] = answer.json()["ticket"]
        return ticket

    def board(self, browser: Browser) -> Page:
        """The hall's screen, which is listened to."""
        context = browser.new_context(viewport={"width": BOARD[0], "height": BOARD[1]}, locale="ja-JP")
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(SPY)
        page = context.new_page()
        page.goto(f"{self.server.url}/board/{SITE}")
        page.wait_for_load_state("networkidle")
        return page

    def said(self, page: Page) -> list[str]:
        return [self.names[each["file"]] for each in page.evaluate("window.heard")]


@pytest.fixture
def hall_with(tmp_path: Path, speaking_browser: Browser) -> Iterator[Callable[..., Hall]]:
    """A hall of its own with this `[site.voice]`, at this hour."""
    halls: list[Hall] = []

    def open_(voice: str, clock: str = "2026-11-24T09:15", *, clips: bool = True) -> Hall:
        data = tmp_path / "data"
        data.mkdir(mode=0o700)
        cache = put_clips(data) if clips else ClipCache(data)
        settings = {"QUEUE_SERVER_PROFILE": profile_with(tmp_path, voice), "QUEUE_SERVER_CLOCK": clock}
        server = Server(data, {**settings, "QUEUE_SERVER_OPEN_KIOSK": "1"})
        server.start()
        halls.append(Hall(server, cache))
        return halls[-1]

    yield open_
    for context in speaking_browser.contexts:
        context.close()
    for hall in halls:
        hall.desk.close()
        hall.server.stop()


def in_japanese(*numbers: int) -> list[str]:
    return [text for each in numbers for text in (f"{each}番のかた。", "6番窓口へお越しください。")]


def wait_for_silence(page: Page, plays: int) -> None:
    """Wait until so many clips have been played to their end."""
    expect(page.locator("html")).to_have_attribute("data-ended", str(plays), timeout=LONG_MS)
    expect(page.locator("[data-caption]")).to_be_hidden()


@pytest.mark.long
def test_ten_calls_in_a_second_are_said_in_order_each_once_and_never_together_over_a_restart_too(
    hall_with: Callable[..., Hall], speaking_browser: Browser
) -> None:
    hall = hall_with(PLAIN)
    hall.issue(12)
    page = hall.board(speaking_browser)
    for _ in range(10):
        hall.call()
    expect(page.locator("html")).to_have_attribute("data-heard", "4", timeout=LONG_MS)
    hall.server.kill()
    hall.server.start()
    for _ in range(2):
        hall.call()
    wait_for_silence(page, 24)
    assert hall.said(page) == in_japanese(*range(500, 512))
    plays = page.evaluate("window.heard")
    for earlier, later in pairwise(plays):
        assert earlier["at"] + earlier["seconds"] <= later["at"]
    assert all(0.2 < each["peak"] < 1 for each in plays)


@pytest.mark.long
def test_a_call_has_a_chime_the_number_twice_the_counter_then_english_and_what_has_no_voice_is_shown(
    hall_with: Callable[..., Hall], speaking_browser: Browser
) -> None:
    hall = hall_with(FULL)
    hall.issue()
    page = hall.board(speaking_browser)
    caption = page.locator("[data-caption]")
    hall.call()
    expect(caption).to_have_text("500番のかた、6番窓口へお越しください。")
    expect(caption).to_have_attribute("lang", "ja")
    assert page.evaluate("window.tones") == 2
    expect(caption).to_have_attribute("lang", "en", timeout=LONG_MS)
    expect(caption).to_have_text("Number 500, please come to Counter 6.")
    expect(caption).to_have_attribute("lang", "fil", timeout=LONG_MS)
    wait_for_silence(page, 6)
    number, counter = "500番のかた。", "6番窓口へお越しください。"
    english = ["Number 500.", "Number 500.", "Please come to Counter 6."]
    assert hall.said(page) == [number, number, counter, *english]


@pytest.mark.long
def test_a_reload_says_nothing_again_a_recall_does_and_what_came_while_the_line_was_away_is_said(
    hall_with: Callable[..., Hall], speaking_browser: Browser
) -> None:
    hall = hall_with(PLAIN)
    hall.issue(4)
    hall.call()
    page = hall.board(speaking_browser)
    ticket = hall.call()
    wait_for_silence(page, 2)
    assert hall.said(page) == in_japanese(501)
    page.goto("about:blank")
    hall.call()
    page.goto(f"{hall.server.url}/board/{SITE}")
    wait_for_silence(page, 2)
    assert hall.said(page) == in_japanese(502)
    page.context.set_offline(True)
    ticket = hall.call()
    page.context.set_offline(False)
    wait_for_silence(page, 4)
    hall.desk.post(f"/api/tickets/{ticket['id']}/recall", json={}).raise_for_status()
    wait_for_silence(page, 6)
    assert hall.said(page) == in_japanese(502, 503, 503)
    page.reload()
    expect(page.locator(".call__label").first).to_have_text("503")
    hall.issue()
    hall.call()
    wait_for_silence(page, 2)
    assert hall.said(page) == in_japanese(504)


def test_calls_that_are_too_old_when_they_arrive_are_shown_and_not_said(
    speaking_browser: Browser, app: Flask, settings: Settings, api: Api, city: City, clock: ManualClock
) -> None:
    names = {kept.name + ".opus": clip.text for clip, kept in put_clips(settings.data_dir).kept().items()}
    with visitor(speaking_browser, app, viewport={"width": BOARD[0], "height": BOARD[1]}) as context:
        context.add_init_script(SPY)
        page = context.new_page()
        page.goto(f"/board/{SITE}")
        api.called("6")
        clock.advance(timedelta(seconds=91))
        city.tick()
        api.called("5")
        refresh(page)
        expect(page.locator(".call")).to_have_count(2)
        wait_for_silence(page, 3)
        assert [names[each["file"]] for each in page.evaluate("window.heard")] == [
            "501番のかた。",
            "501番のかた。",
            "5番窓口へお越しください。",
        ]


@pytest.mark.parametrize(
    ("voice", "shown"),
    [
        pytest.param("", False, id="a silent site"),
        pytest.param("[site.voice]\nlanguages = []\nchime = false\n", False, id="neither language nor chime"),
        pytest.param(f'{PLAIN}quiet = ["09:00-09:30"]\n', True, id="quiet hours"),
    ],
)
def test_where_it_is_quiet_nothing_is_played(
    hall_with: Callable[..., Hall], speaking_browser: Browser, voice: str, shown: bool
) -> None:
    hall = hall_with(voice)
    hall.issue()
    page = hall.board(speaking_browser)
    hall.call()
    expect(page.locator(".call__label")).to_have_text("500")
    caption = page.locator("[data-caption]")
    if shown:
        expect(caption).to_be_visible()
    expect(caption).to_be_hidden()
    assert page.evaluate("[window.heard.length, window.tones]") == [0, 0]


def test_without_clips_the_chime_and_the_caption_remain(
    hall_with: Callable[..., Hall], speaking_browser: Browser
) -> None:
    hall = hall_with('[site.voice]\nlanguages = ["ja"]\n', clips=False)
    hall.issue()
    page = hall.board(speaking_browser)
    hall.call()
    expect(page.locator("[data-caption]")).to_have_text("500番のかた、6番窓口へお越しください。")
    expect(page.locator("[data-caption]")).to_be_hidden()
    assert page.evaluate("[window.heard.length, window.tones]") == [0, 2]


def test_a_browser_that_stops_the_sound_is_said_in_words_and_a_touch_lets_it_out(
    hall_with: Callable[..., Hall], playwright: Playwright
) -> None:
    hall = hall_with(PLAIN)
    hall.issue()
    options = [*CHROMIUM_OPTIONS, "--autoplay-policy=document-user-activation-required"]
    browser = playwright.chromium.launch(executable_path=chromium(), args=options)
    page = hall.board(browser)
    note = page.locator("[data-sound-off]")
    expect(note).to_be_visible()
    assert "このブラウザーが音を止めています。" in note.inner_text()
    assert page.evaluate("[window.heard.length, window.tones]") == [0, 0]
    page.get_by_role("button", name="音声を出す").click()
    expect(note).to_be_hidden()
    hall.call()
    wait_for_silence(page, 2)
    assert hall.said(page) == in_japanese(500)
    browser.close()
