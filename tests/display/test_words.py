"""Sentences for boards that the Atsugi profile does not come to by itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from display import view, words
from tests.support.api import Api

Board = dict[str, Any]


@pytest.fixture
def board(app: Flask, api: Api) -> Iterator[Board]:
    """An open hall's board, inside a request in Japanese."""
    with app.test_request_context("/"):
        yield api.board()


def test_a_special_day_gives_its_reason(board: Board) -> None:
    board["status"]["reason"] = "転入・転出が多い時期の臨時開庁"
    assert words.status_lines(board) == [
        "本日の受付は17:15までです。",
        "本日は特別な日程です（転入・転出が多い時期の臨時開庁）。",
    ]


def test_a_break_says_when_it_ends(board: Board) -> None:
    board["status"].update(open=False, phase="break", next_open="2026-11-24T13:00:00+09:00")
    assert words.headline(board) == "ただいまは休憩時間です"
    assert words.status_lines(board) == ["受付は13:00に再開します。"]


@pytest.mark.parametrize(
    ("iso", "said"),
    [("2026-11-24T10:00:00+09:00", "10時現在"), ("2026-11-24T10:01:00+09:00", "10時1分現在")],
)
def test_a_full_hour_is_said_without_minutes(board: Board, iso: str, said: str) -> None:
    assert words.as_of({**board, "as_of": iso}) == said


def test_a_disk_that_refuses_is_told_once_for_the_hall(board: Board) -> None:
    board["storage"]["writable"] = False
    for category in board["categories"]:
        for service in category["services"]:
            service["accepting"] = False
    assert words.status_lines(board)[-1].startswith("ただいま、番号札を発券できません。")
    assert {service.stopped for service in view.all_services(board)} == {""}


def test_a_service_that_takes_nobody_for_another_reason_says_so(board: Board) -> None:
    board["categories"][0]["services"][0]["accepting"] = False
    assert view.all_services(board)[0].stopped == "not_accepting"


def test_json_in_a_page_cannot_end_its_block(board: Board) -> None:
    board["notices"] = [{"id": "1", "text": "</script><b>&"}]
    block = str(view.json_block(board))
    assert "<" not in block
    assert "&" not in block
    assert "\\u003c/script\\u003e" in block


@pytest.mark.parametrize(("calls", "crowd"), [(0, "few"), (4, "few"), (5, "some"), (8, "many"), (9, "most")])
def test_more_calls_are_set_more_tightly(calls: int, crowd: str) -> None:
    assert view.crowd([{}] * calls) == crowd


@pytest.mark.parametrize(("services", "density"), [(1, "few"), (5, "few"), (6, "some"), (8, "some"), (9, "many")])
def test_more_services_are_set_more_tightly(board: Board, services: int, density: str) -> None:
    one = view.all_services(board)[0]
    assert view.density([one] * services) == density


@pytest.mark.parametrize(
    ("texts", "room"),
    [
        ([], "box"),
        (["あ" * 16] * 3, "box"),
        (["あ" * 17], "box"),
        (["あ" * 19] * 3, "box-mid"),
        (["あ" * 23] * 4, "box-long"),
        (["あ" * 200], "row"),
        (["あ" * 200] * 2, "row-long"),
        (["あ" * 200] * 3, "row-full"),
        (["あ" * 200] * 9, "row-full"),
    ],
)
def test_the_more_a_hall_has_to_say_the_more_room_it_gets(texts: list[str], room: str) -> None:
    assert view.room(texts) == room


@pytest.mark.parametrize(
    ("quality", "said"),
    [
        (None, ""),
        (
            {"called": 200, "within": 162, "share": 0.81},
            "最近お呼びした200人のうち81%のかたが、お知らせした目安のとおりでした。",
        ),
    ],
)
def test_how_good_the_ranges_were_is_told_once_it_is_known(board: Board, quality: Board | None, said: str) -> None:
    assert board["quality"] is None
    assert words.quality_text(quality) == said
