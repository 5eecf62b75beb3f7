"""Furigana stand above the characters that need them, and above no others."""

import pytest

from kiosk.furigana import Run, ruby, runs


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


def test_a_reading_that_does_not_fit_stands_above_the_whole() -> None:
    assert runs("戸籍の届出", "こせきととどけで") == [("戸籍の届出", "こせきととどけで")]


def test_a_text_without_a_reading_stays_as_it_is() -> None:
    assert ruby("戸籍", "") == "戸籍"


def test_markup_in_a_profile_stays_text() -> None:
    assert ruby("<b>戸籍</b>", "<i>") == '<ruby>&lt;b&gt;戸籍&lt;/b&gt;<rt aria-hidden="true">&lt;i&gt;</rt></ruby>'


def test_a_screen_reader_hears_the_text_once() -> None:
    assert ruby("印鑑登録", "いんかんとうろく") == '<ruby>印鑑登録<rt aria-hidden="true">いんかんとうろく</rt></ruby>'
