"""Furigana stand above the characters that need them, and above no others."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.furigana import Run, fits_once, ruby, ruby_of_easy, runs, runs_of_easy
from queue_server import guide_sentences
from queue_server.config import load_profile, shipped_profiles

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = [*(ROOT / "kiosk/templates/kiosk").glob("*.html"), ROOT / "queue_server/web/templates/validity.html"]
SENTENCES_WITH_READINGS = (
    guide_sentences.PROCEDURES,
    guide_sentences.APPLICANTS,
    guide_sentences.QUESTIONS,
    guide_sentences.ITEMS,
    guide_sentences.OUTCOMES,
)
KANA = re.compile(r'(?<!_\()"([^"一-龠]*[ぁ-ん][^"一-龠]*)"')


def readings_in_templates() -> Iterator[tuple[str, str]]:
    """Every text with its reading as templates have them: _("手続き"), "てつづき"."""
    for path in TEMPLATES:
        yield from re.findall(r'_\("([^"]+)"\), "([^"]+)"', path.read_text("utf-8"))


def readings_in_profiles() -> Iterator[tuple[str, str]]:
    for name in shipped_profiles():
        for site in load_profile(name).sites.values():
            for thing in (*site.categories, *site.services.values()):
                yield thing.name, thing.reading


def readings_of_the_product() -> list[tuple[str, str]]:
    """Each text that furigana stand above anywhere, with its reading."""
    found = [*readings_in_templates(), *readings_in_profiles()]
    found += [pair for table in SENTENCES_WITH_READINGS for pair in table.values()]
    found += [pair for answers in guide_sentences.YES_AND_NO.values() for pair in answers]
    return sorted({(text, reading) for text, reading in found if reading})


@pytest.mark.parametrize(
    ("text", "reading", "expected"),
    [
        ("異動受付", "いどううけつけ", [("異動受付", "いどううけつけ")]),
        ("戸籍の届出", "こせきのとどけで", [("戸籍", "こせき"), ("の", ""), ("届出", "とどけで")]),
        ("マイナンバー関係", "まいなんばーかんけい", [("マイナンバー", ""), ("関係", "かんけい")]),
        (
            "住民票・印鑑",
            "じゅうみんひょう・いんかん",
            [("住民票", "じゅうみんひょう"), ("・", ""), ("印鑑", "いんかん")],
        ),
        ("DV相談", "でぃーぶいそうだん", [("DV相談", "でぃーぶいそうだん")]),
        ("QRコード", "QRコード", [("QR", ""), ("コード", "")]),
        ("おわり", "おわり", [("おわり", "")]),
    ],
)
def test_a_reading_is_shared_out_over_the_characters_that_need_it(
    text: str, reading: str, expected: list[Run]
) -> None:
    assert runs(text, reading) == expected


@pytest.mark.parametrize(
    ("text", "reading", "expected"),
    [
        (
            "本人に頼まれた人",
            "ほんにん|にたのまれたひと",
            [("本人", "ほんにん"), ("に", ""), ("頼", "たの"), ("まれた", ""), ("人", "ひと")],
        ),
        (
            "持ち物の一覧",
            "もちものの|いちらん",
            [("持", "も"), ("ち", ""), ("物", "もの"), ("の", ""), ("一覧", "いちらん")],
        ),
        (
            "回答書と委任状",
            "かいとうしょと|いにんじょう",
            [("回答書", "かいとうしょ"), ("と", ""), ("委任状", "いにんじょう")],
        ),
    ],
)
def test_a_bar_says_where_characters_end_or_begin(text: str, reading: str, expected: list[Run]) -> None:
    assert runs(text, reading) == expected


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("本人に頼まれた人", "ほんにんにたのまれたひと"),
        ("持ち物の一覧", "もちもののいちらん"),
        ("回答書と委任状", "かいとうしょといにんじょう"),
    ],
)
def test_a_reading_that_fits_in_two_ways_stands_above_the_whole(text: str, reading: str) -> None:
    assert not fits_once(text, reading)
    assert runs(text, reading) == [(text, reading)]


def test_a_bar_at_the_wrong_place_is_not_shown() -> None:
    assert runs("持ち物の一覧", "もちもののいち|らん") == [("持ち物の一覧", "もちもののいちらん")]


@pytest.mark.parametrize(("text", "reading"), readings_of_the_product())
def test_every_reading_of_the_product_can_be_shared_out_in_one_way_only(text: str, reading: str) -> None:
    assert fits_once(text, reading), "set a bar where the characters of a run end: ほんにん|にたのまれた"


def test_no_reading_of_a_template_is_left_out_of_that() -> None:
    written = {kana for path in TEMPLATES for kana in KANA.findall(path.read_text("utf-8"))}
    assert len(written) > 30
    assert written == {reading for _, reading in readings_in_templates()}


def test_a_reading_that_does_not_fit_stands_above_the_whole() -> None:
    assert runs("戸籍の届出", "こせきととどけで") == [("戸籍の届出", "こせきととどけで")]


def test_a_text_without_a_reading_stays_as_it_is() -> None:
    assert ruby("戸籍", "") == "戸籍"


def test_markup_in_a_profile_stays_text() -> None:
    assert ruby("<b>戸籍</b>", "<i>") == '<ruby>&lt;b&gt;戸籍&lt;/b&gt;<rt aria-hidden="true">&lt;i&gt;</rt></ruby>'


def test_a_screen_reader_hears_the_text_once() -> None:
    assert ruby("印鑑登録", "いんかんとうろく") == '<ruby>印鑑登録<rt aria-hidden="true">いんかんとうろく</rt></ruby>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("番号（ばんごう）の かみ", [("番号", "ばんごう"), ("の かみ", "")]),
        ("ひっこしの 届け出（とどけで）", [("ひっこしの ", ""), ("届", "とど"), ("け", ""), ("出", "で")]),
        ("手続き（てつづき）を する", [("手続", "てつづ"), ("き", ""), ("を する", "")]),
        ("503番の受付（うけつけ）", [("503番の", ""), ("受付", "うけつけ")]),
        ("照会書（しょうかい しょ）", [("照会書", "しょうかいしょ")]),
        ("A群（エーぐん）", [("A群", "えーぐん")]),
        ("LINE公式（こうしき）", [("LINE", ""), ("公式", "こうしき")]),
        ("手続き（すぐ）です", [("手続き（すぐ）です", "")]),
        ("かみ（しろ）", [("かみ（しろ）", "")]),
        ("", []),
    ],
)
def test_readings_in_brackets_go_above_the_word_before_them(text: str, expected: list[Run]) -> None:
    assert runs_of_easy(text) == expected


def test_easy_japanese_is_set_like_the_rest() -> None:
    assert ruby_of_easy("番号（ばんごう）の <b>") == (
        '<ruby>番号<rt aria-hidden="true">ばんごう</rt></ruby>の &lt;b&gt;'
    )
