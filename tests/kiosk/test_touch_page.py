"""The touch page as the server sends it: every choice is there, none can be touched before the script runs."""

import json

import pytest
from flask.testing import FlaskClient

from kiosk.pages import density
from queue_server.domain.site import LevelKey
from tests.kiosk.conftest import PAGE
from tests.support.api import Api
from tests.support.page_tree import Node, parse


def touch_page(kiosk: FlaskClient, query: str = "") -> Node:
    return parse(kiosk.get(PAGE + query).text)


def block(page: Node, name: str) -> dict[str, object]:
    data: dict[str, object] = json.loads("".join(part for part in page.one(id=name).parts if isinstance(part, str)))
    return data


def test_every_category_and_service_is_a_button_that_waits_for_the_script(kiosk: FlaskClient, api: Api) -> None:
    page = touch_page(kiosk)
    for category in api.board()["categories"]:
        assert "disabled" in page.one(data_category=category["id"]).attrs
        screen = page.one(data_screen=f"category-{category['id']}")
        for service in category["services"]:
            assert "disabled" in screen.one(data_service=service["id"]).attrs


def test_only_the_first_screen_is_shown(kiosk: FlaskClient) -> None:
    screens = [node for node in touch_page(kiosk).tags("section") if "data-screen" in node.attrs]
    shown = [screen.attrs["data-screen"] for screen in screens if "hidden" not in screen.attrs]
    assert shown == ["idle"]
    assert len(screens) == len({screen.attrs["data-screen"] for screen in screens})


def test_names_carry_their_furigana_in_japanese_only(kiosk: FlaskClient) -> None:
    readings = [node.parts[0] for node in touch_page(kiosk).one(data_category="ido").tags("rt")]
    assert "いどううけつけ" in readings
    english = touch_page(kiosk, "?lang=en")
    assert english.tags("rt") == []
    assert "Moving and My Number" in english.one(data_category="ido").text


def test_what_the_script_sets_in_the_guide_carries_its_furigana(kiosk: FlaskClient) -> None:
    procedures = block(touch_page(kiosk), "guide")["procedures"]
    assert isinstance(procedures, list)
    renewal = procedures[0]
    question = renewal["applicants"][0]["questions"][0]
    assert renewal["runs"][:2] == [["電子証明書", "でんししょうめいしょ"], ["の", ""]]
    assert ["暗証番号", "あんしょうばんごう"] in question["runs"]
    assert ["覚", "おぼ"] in question["answers"][0]["runs"]
    assert ["来庁", "らいちょう"] in renewal["answers"][0]["headline_runs"]


def test_procedures_of_which_the_city_says_nothing_stand_below_words_that_say_so(kiosk: FlaskClient) -> None:
    page = touch_page(kiosk)
    assert "職員におたずねください" in page.one(id="guide-unanswered").text
    assert page.one(data_procedure="pin-reset").attrs["aria-describedby"] == "guide-unanswered"
    assert "aria-describedby" not in page.one(data_procedure="certificate-renewal").attrs


def test_easy_japanese_has_its_readings_above_the_characters(kiosk: FlaskClient) -> None:
    page = touch_page(kiosk, "?lang=easy")
    assert [node.parts[0] for node in page.one(data_service="mynumber").tags("rt")][:1] == ["てつづ"]
    assert "（" not in page.one(data_service="mynumber").one(class_="choice__name").text
    guide = block(page, "guide")["procedures"]
    assert isinstance(guide, list)
    assert guide[0]["runs"][0] == ["電子証明書", "でんししょうめいしょ"]


def test_without_a_printer_staff_are_not_offered_to_print(kiosk: FlaskClient) -> None:
    offered = [each.attrs["data-staff"] for each in touch_page(kiosk).tags("button") if "data-staff" in each.attrs]
    assert "reprint" not in offered
    assert "ask" in offered


@pytest.mark.parametrize(
    ("services", "expected"),
    [([1, 1, 2], "roomy"), ([3, 3], "roomy"), ([3, 4, 4], "rows"), ([1, 1, 1, 1, 1], "columns"), ([18], "rows")],
)
def test_the_more_there_is_to_choose_the_closer_it_stands(services: list[int], expected: str) -> None:
    assert density({"categories": [{"services": [{}] * count} for count in services]}) == expected


def test_the_page_carries_the_board_it_was_built_from(kiosk: FlaskClient, api: Api) -> None:
    api.issue()
    assert block(touch_page(kiosk), "board") == api.board()


def test_every_sentence_that_a_script_fills_is_in_the_page(kiosk: FlaskClient) -> None:
    messages = block(touch_page(kiosk), "messages")
    assert messages["storage"] == "ただいま番号札を発券できません。"
    assert messages.pop("levels") is None, "the city's own words stand in Japanese"
    assert all(isinstance(text, str) and text for text in messages.values())


def test_the_sentences_for_what_staff_switch_are_in_the_page(kiosk: FlaskClient) -> None:
    messages = block(touch_page(kiosk), "messages")
    assert messages["on_break"] == "{counters}は休憩中です。{hour}時{minute}分ごろ再開します。"
    assert messages["on_break_soon"] == "{counters}は休憩中です。まもなく再開します。"
    assert messages["after_closing"] == "本日の受付は終了しました"
    assert messages["paused"] != messages["after_closing"]


def test_the_page_is_this_machines_own_and_kept_by_no_cache(kiosk: FlaskClient) -> None:
    assert kiosk.get(PAGE).headers["Cache-Control"] == "no-store"


def test_the_page_obeys_the_content_policy(kiosk: FlaskClient) -> None:
    page = touch_page(kiosk)
    assert all("style" not in node.attrs for node in page.walk())
    scripts = page.tags("script")
    assert all("src" in script.attrs or script.attrs["type"] == "application/json" for script in scripts)


def test_in_another_language_each_level_has_its_word(kiosk: FlaskClient) -> None:
    words = block(touch_page(kiosk, "?lang=en"), "messages")["levels"]
    assert isinstance(words, dict)
    assert set(words) == set(LevelKey)
    assert words["crowded"].isascii()
