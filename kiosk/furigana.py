"""Furigana: a reading above the characters that need one, and above no others."""

import re
from collections.abc import Iterator
from itertools import chain

from markupsafe import Markup, escape

_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_READ_AS_WRITTEN = re.compile(r"([ぁ-ゖァ-ヴー\W]+)")
"""Kana and punctuation: they stand in the reading as they stand in the text."""

BAR = "|"
"""Says in a reading where the characters of a run end or begin: ほんにん|にたのまれた."""

_WITH_READING = re.compile(
    r"((?:\b[A-Z])?[一-龠々](?:[一-龠々]|[ぁ-ん]{1,2}(?=[一-龠々]))*[ぁ-ん]{0,3})（([ぁ-ヺー ]+)）"
)
"""A word of easy Japanese with its reading straight behind it: 手続き（てつづき）."""
_KANJI = re.compile(r"(?:\b[A-Z])?[一-龠々]+")

Run = tuple[str, str]


def runs(text: str, reading: str) -> list[Run]:
    """The text in runs of (characters, their reading); the reading is "" where none is needed.

    A reading that does not fit the kana of the text, or fits them in more than one way, belongs to the whole of
    it: furigana over the wrong characters are worse than none. A BAR in the reading makes it fit in one way.
    """
    pieces = _pieces(text)
    shared = _shared_out(pieces, reading)
    if shared is None:
        return [(text, reading.replace(BAR, ""))]
    readings = iter(shared)
    return [(piece, _needed(piece, readings)) for piece in pieces]


def runs_of_easy(text: str) -> list[Run]:
    """The same of a sentence in easy Japanese, which has its readings in brackets: 手続き（てつづき）を する.

    What stands in brackets and is no reading of the word before it stays as it is.
    """
    found: list[Run] = []
    at = 0
    for match in _WITH_READING.finditer(text):
        word, reading = match[1], match[2].replace(" ", "")
        starts = (each.start() for each in _KANJI.finditer(word))
        start = next((each for each in starts if fits_once(word[each:], reading)), None)
        if start is not None:
            found += [(text[at : match.start() + start], ""), *runs(word[start:], reading)]
            at = match.end()
    return [run for run in (*found, (text[at:], "")) if run[0]]


def fits_once(text: str, reading: str) -> bool:
    """Whether a reading can be shared out over the characters of a text in one way, and in one way only."""
    return _shared_out(_pieces(text), reading) is not None


def ruby(text: str, reading: str) -> Markup:
    """The text as markup with its furigana; the readings are not read out a second time by a screen reader."""
    if not reading:
        return escape(text)
    return _set(runs(text, reading))


def ruby_of_easy(text: str) -> Markup:
    """A sentence in easy Japanese as markup, with the readings above its characters instead of behind them."""
    return _set(runs_of_easy(text))


def _set(found: list[Run]) -> Markup:
    return Markup("").join(chain.from_iterable(_markup(*run) for run in found))


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


def _pieces(text: str) -> list[str]:
    return [piece for piece in _READ_AS_WRITTEN.split(text) if piece]


def _shared_out(pieces: list[str], reading: str) -> tuple[str, ...] | None:
    """The reading of each piece that needs one; None where none fits, or more than one.

    The lazy match has the shortest readings from the front, the greedy one the longest; where they are the same
    there is no other.
    """
    shortest, longest = (_matched(pieces, reading, some) for some in (rf"([^{BAR}]+?)", rf"([^{BAR}]+)"))
    return shortest if shortest == longest else None


def _matched(pieces: list[str], reading: str, some: str) -> tuple[str, ...] | None:
    patterns = (re.escape(_hiragana(piece)) if _READ_AS_WRITTEN.fullmatch(piece) else some for piece in pieces)
    found = re.fullmatch(rf"{re.escape(BAR)}?".join(patterns), _hiragana(reading))
    return found.groups() if found else None


def _hiragana(text: str) -> str:
    return text.translate(_KATAKANA_TO_HIRAGANA)
