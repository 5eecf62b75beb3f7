"""Furigana: a reading above the characters that need one, and above no others."""

import re
from collections.abc import Iterator
from itertools import chain

from markupsafe import Markup, escape

_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_READ_AS_WRITTEN = re.compile(r"([ぁ-ゖァ-ヴー\W]+)")
"""Kana and punctuation: they stand in the reading as they stand in the text."""

Run = tuple[str, str]


def runs(text: str, reading: str) -> list[Run]:
    """The text in runs of (characters, their reading); the reading is "" where none is needed.

    A reading that does not fit the kana of the text belongs to the whole of it.
    """
    pieces = [piece for piece in _READ_AS_WRITTEN.split(text) if piece]
    pattern = "".join(_pattern(piece) for piece in pieces)
    found = re.fullmatch(pattern, _hiragana(reading))
    if found is None:
        return [(text, reading)]
    readings = iter(found.groups())
    return [(piece, _needed(piece, readings)) for piece in pieces]


def ruby(text: str, reading: str) -> Markup:
    """The text as markup with its furigana; the readings are not read out a second time by a screen reader."""
    if not reading:
        return escape(text)
    return Markup("").join(chain.from_iterable(_markup(*run) for run in runs(text, reading)))


def _needed(piece: str, readings: Iterator[str]) -> str:
    """The reading of a piece; a piece that reads as it is written (QR) needs none."""
    if _READ_AS_WRITTEN.fullmatch(piece):
        return ""
    reading = next(readings)
    return "" if reading == piece else reading


def _markup(characters: str, reading: str) -> list[Markup]:
    if not reading:
        return [escape(characters)]
    return [Markup('<ruby>{}<rt aria-hidden="true">{}</rt></ruby>').format(characters, reading)]


def _pattern(piece: str) -> str:
    return re.escape(_hiragana(piece)) if _READ_AS_WRITTEN.fullmatch(piece) else "(.+?)"


def _hiragana(text: str) -> str:
    return text.translate(_KATAKANA_TO_HIRAGANA)
