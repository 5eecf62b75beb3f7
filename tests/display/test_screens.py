"""The hall's screens as they come from the server: layouts, areas, languages, slides, colours, signs of life."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from display import screens
from queue_server.config import Settings
from queue_server.domain.boards import BoardScreen, Layout
from queue_server.domain.roles import Role
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.apps import city_of, make_app
from tests.support.clock import ManualClock
from tests.support.page_tree import Node, parse

Open = Callable[..., Node]
ROOT = Path(__file__).resolve().parents[2]
PAGE = "0123456789abcdef"


def screen(name: str) -> str:
    return f"/board/{SITE}/{name}"


def with_boards(settings: Settings, tmp_path: Path, boards: str, look: str = "") -> Settings:
    """The Atsugi hall with screens of its own."""
    text = (ROOT / "queue_server/profiles/atsugi.toml").read_text("utf-8")
    text = re.sub(r"\[\[site\.board\]\]\n(?:[a-z_]+ = .*\n)+", "", text)
    profile = tmp_path / "boards.toml"
    at = text.index("# What stands on every slip")
    profile.write_text(look + text[:at] + boards + text[at:], "utf-8")
    return Settings(data_dir=settings.data_dir, profile=str(profile), log_level="critical")


@pytest.fixture
def slides(tmp_path: Path) -> Path:
    folder = tmp_path / "slides"
    folder.mkdir()
    (folder / "b.png").write_bytes(b"\x89PNG")
    (folder / "a.html").write_text("<p>市からのお知らせ</p>", "utf-8")
    (folder / "c.mp4").write_bytes(b"film")
    (folder / "notes.txt").write_text("nothing for a screen", "utf-8")
    return folder


@pytest.fixture
def lobby(settings: Settings, clock: ManualClock, tmp_path: Path, slides: Path) -> Iterator[Flask]:
    """A hall with colours of its own and slides in its lobby."""
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    boards = f'[[site.board]]\nid = "lobby"\nname = "ロビー"\nlayout = "calls_and_slides"\nslides = "{slides}"\n\n'
    look = f'[look]\ncall = "#5b0060"\nnumber_size = 90\nlogo = "{logo}"\n\n'
    with make_app(with_boards(settings, tmp_path, boards, look), clock) as app:
        yield app


# -- what is shown -----------------------------------------------------------------------------------


def test_the_address_of_the_hall_is_that_of_its_first_screen(open_page: Open) -> None:
    assert open_page(f"/board/{SITE}").one(class_="board").text == open_page(screen("hall")).one(class_="board").text


def test_a_screen_of_an_area_shows_the_calls_of_its_counters_alone(api: Api, open_page: Open) -> None:
    api.called("1", "shomei")
    api.called("6", "mynumber")
    labels = [call.one(class_="call__label").text for call in open_page(screen("mynumber")).all(class_="call")]
    assert labels == ["500"]


def test_a_share_leaves_out_other_counters_and_services_and_their_numbers(api: Api, app: Flask) -> None:
    api.move(api.called("1", "shomei")["id"], "no-show")
    site = city_of(app).halls[SITE].site
    share = screens.share_of(api.board(), site, site.screens["mynumber"])
    services = [service["id"] for category in share["categories"] for service in category["services"]]
    assert services == screens.services_on(site, site.screens["mynumber"])
    assert "shomei" not in services
    assert {counter["id"] for counter in share["counters"]} == {"5", "6"}
    everything = BoardScreen("all", "")
    assert screens.share_of(api.board(), site, everything)["counters"] == api.board()["counters"]
    assert screens.services_on(site, everything) == list(site.services)


def test_two_languages_stand_side_by_side_and_one_is_the_pages_own(api: Api, open_page: Open) -> None:
    api.called("6", "mynumber")
    page = open_page(screen("hall"))
    assert page.one(id="calls-title").text == "お呼び出し中 Now calling"
    assert page.one(class_="call").one(class_="call__second").text == "Counter 6"
    assert page.tags("html")[0].attrs["lang"] == "ja"
    assert [node.attrs["lang"] for node in page.all(class_="second")] == ["en"] * len(page.all(class_="second"))


def test_a_screen_that_alternates_carries_every_language_and_shows_the_first(open_page: Open, api: Api) -> None:
    page = open_page(screen("mynumber"))
    assert page.one(id="calls-title").text == "お呼び出し中"
    text = api.get(screen("mynumber")).text
    assert '"en": {"lang": "en"' in text or '"lang": "en"' in text


def test_a_stage_is_said_with_the_call(api: Api, open_page: Open) -> None:
    called = api.called("3", "koseki")
    assert called["stage"] == "受付"
    assert open_page(screen("hall")).one(class_="call__stage").text == "受付"


def test_the_services_screen_has_no_calls_and_the_calls_screen_no_services(open_page: Open) -> None:
    assert open_page(screen("entrance")).all(data_list="calls") == []
    assert open_page(screen("mynumber")).all(class_="lines") == []


def test_a_dark_screen_is_dark_for_good_and_others_are_light(api: Api) -> None:
    assert re.search(r'dark\.css">', api.get(screen("entrance")).text)
    assert "dark.css" not in api.get(screen("hall")).text


def test_more_services_than_can_be_read_from_afar_take_turns(
    settings: Settings, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(screens.PAGE_ROWS, Layout.CALLS_AND_SERVICES, 3)
    with make_app(settings, clock) as app:
        page = parse(app.test_client().get(screen("hall")).text)
    lines = page.all(class_="line")
    assert ["hidden" in line.attrs for line in lines] == [False] * 3 + [True] * (len(lines) - 3)


# -- the panel of a counter --------------------------------------------------------------------------


def panel(open_page: Open) -> tuple[str, str, str]:
    node = open_page(screen("counter-6")).one(class_="panel")
    return node.attrs["data-state"], node.one(data_field="panel_word").text, node.one(data_field="panel_label").text


def test_the_panel_of_a_counter_says_how_it_is_and_whom_it_calls(api: Api, open_page: Open) -> None:
    assert panel(open_page) == ("closed", "この窓口は閉まっています", "")
    api.post(f"/api/sites/{SITE}/counters/6/open", {})
    api.issue()
    assert panel(open_page) == ("free", "ご用のかたをお呼びするまでお待ちください", "")
    assert open_page(screen("counter-6")).one(data_field="panel_next").text == "500"
    ticket = api.called("6", "mynumber")
    assert panel(open_page) == ("called", "お呼び出し中", "500")
    api.move(ticket["id"], "start")
    assert panel(open_page) == ("serving", "応対中", "500")
    api.move(ticket["id"], "complete")
    api.post(f"/api/sites/{SITE}/counters/6/break", {"minutes": 15})
    assert panel(open_page) == ("break", "6番窓口は休憩中です。9時30分ごろ再開します。", "")


# -- slides, colours, the way to the phone -----------------------------------------------------------


def test_slides_stand_in_the_order_of_their_names_each_in_its_own_way(lobby: Flask) -> None:
    browser = lobby.test_client()
    page = parse(browser.get(screen("lobby")).text)
    assert [node.attrs["data-slide"] for node in page.all(class_="slide")] == ["page", "picture", "film"]
    assert [("hidden" in node.attrs) for node in page.all(class_="slide")] == [False, True, True]
    with browser.get(f"{screen('lobby')}/slides/b.png") as picture:
        assert picture.data == b"\x89PNG"
    with browser.get(f"{screen('lobby')}/slides/a.html") as own:
        assert "sandbox" in own.headers["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in own.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["notes.txt", "none.png", "..%2Fboards.toml", "%2Fetc%2Fpasswd"])
def test_nothing_else_can_be_read_through_the_slides(lobby: Flask, name: str) -> None:
    assert lobby.test_client().get(f"{screen('lobby')}/slides/{name}").status_code == 404


def test_a_folder_that_is_gone_leaves_a_screen_with_its_calls(lobby: Flask, slides: Path) -> None:
    for file in slides.iterdir():
        file.unlink()
    slides.rmdir()
    page = parse(lobby.test_client().get(screen("lobby")).text)
    assert page.all(class_="slide") == []
    assert page.one(id="calls-title").text == "お呼び出し中"


def test_the_citys_colours_and_logo_are_on_its_screens(lobby: Flask) -> None:
    browser = lobby.test_client()
    page = browser.get(screen("lobby")).text
    assert "/look.css" in page
    assert parse(page).one(class_="board__logo").attrs["src"] == "/logo"
    assert browser.get("/look.css").text == ":root {\n  --call: #5b0060;\n  --call-size: 0.9;\n}\n"
    with browser.get("/logo") as logo:
        assert logo.mimetype == "image/svg+xml"


def test_a_city_without_colours_of_its_own_has_those_of_the_design(api: Api) -> None:
    assert "/look.css" not in api.get(screen("hall")).text
    assert api.get("/logo").status_code == 404


def test_the_code_on_a_screen_leads_to_the_phone_page(api: Api) -> None:
    code = api.get(f"/status/{SITE}/qr.svg")
    assert (code.status_code, code.mimetype) == (200, "image/svg+xml")


# -- signs of life -----------------------------------------------------------------------------------


def test_a_page_that_is_alive_is_seen_by_staff_and_told_what_it_should_show(app: Flask, api: Api) -> None:
    answer = app.test_client().post(f"{screen('hall')}/alive", json={"page": PAGE})
    key = answer.get_json()["key"]
    assert f'"key": "{key}"' in api.get(screen("hall")).text, "it shows what it should"
    screens_of_desk = api.get(f"/api/sites/{SITE}/desk", Role.DESK).get_json()["screens"]
    assert [each["heard"] for each in screens_of_desk] == [True, False, False, False]


def test_another_structure_or_another_slide_has_another_key(lobby: Flask, slides: Path) -> None:
    browser = lobby.test_client()

    def key() -> str:
        return str(browser.post(f"{screen('lobby')}/alive", json={"page": PAGE}).get_json()["key"])

    before = key()
    assert key() == before
    (slides / "d.png").write_bytes(b"new")
    assert key() != before


@pytest.mark.parametrize("body", [{}, {"page": 1}, {"page": "x" * 16}, {"page": PAGE * 2}, [], None])
def test_a_sign_of_life_that_is_none_is_refused(app: Flask, body: object) -> None:
    answer = app.test_client().post(f"{screen('hall')}/alive", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_fields")


@pytest.mark.parametrize(
    "path", [screen("none"), f"{screen('none')}/slides/a.png", "/board/none", "/board/none/hall"]
)
def test_a_screen_that_there_is_not_gets_the_page_that_helps(api: Api, path: str) -> None:
    assert api.get(path).status_code == 404
