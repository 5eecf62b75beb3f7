"""Easy Japanese (やさしい日本語) can be read by whoever reads kana: the rule of docs/easy-japanese.md."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from kiosk.furigana import runs_of_easy
from queue_server.config import load_profile, shipped_profiles

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "queue_server" / "translations" / "ja@easy"
KANJI = re.compile(r"[一-龠々]")
COUNTED = re.compile(r"(?:[0-9]|\}|\)s)か?(?:時間|週間|回目|年|月|日|時|分|回|番|人|円)")
"""A counter right behind its figure: how it is read depends on that (1人 ひとり, 3人 さんにん)."""
ONLY_BEHIND_A_FIGURE = {"人"}
"""Counters that are sentences of their own, because a page sets the figure before them."""
LONG_ENOUGH = 3
"""Kana of a reading that cannot well be part of another word."""


def easy_texts() -> Iterator[tuple[str, str]]:
    """Every text in easy Japanese, with where it stands."""
    with (CATALOGUE / "LC_MESSAGES" / "messages.po").open("rb") as file:
        yield from ((str(message.id), str(message.string)) for message in read_po(file) if message.id)
    with (CATALOGUE / "glossary.csv").open(encoding="utf-8", newline="") as file:
        yield from ((f"glossary: {row['ja']}", row["translation"]) for row in csv.DictReader(file))
    for city in shipped_profiles():
        text = (ROOT / "queue_server" / "profiles" / f"{city}.toml").read_text("utf-8")
        yield from ((city, name) for name in re.findall(r'\beasy = "([^"]*)"', text))


TEXTS = sorted(set(easy_texts()))


def without_reading(text: str) -> list[str]:
    """The kanji of a text that nobody can read who reads kana alone."""
    if text in ONLY_BEHIND_A_FIGURE:
        return []
    bare = "\n".join(characters for characters, reading in runs_of_easy(text) if not reading)
    return KANJI.findall(COUNTED.sub("", bare))


def words_with_readings() -> dict[str, set[str]]:
    """Each run of kanji of all texts, with its readings."""
    found: dict[str, set[str]] = defaultdict(set)
    for _, text in TEXTS:
        for characters, reading in runs_of_easy(text):
            if reading:
                found[characters].add(reading)
    return found


@pytest.mark.parametrize(
    ("text", "kanji"),
    [
        ("番号（ばんごう）の かみ", []),
        ("届け出（とどけで）を する", []),
        ("2回 きて ください。3か月 まえ", []),
        ("{count}人　%(label)s番", []),
        ("人", []),
        ("番号の かみ", ["番", "号"]),
        ("証明書（住民票など）", ["証", "明", "書", "住", "民", "票"]),
        ("手続き（てつづけ）", ["手", "続"]),
        ("まって いる 人", ["人"]),
        ("つかえる 日", ["日"]),
    ],
)
def test_what_counts_as_read(text: str, kanji: list[str]) -> None:
    assert without_reading(text) == kanji


@pytest.mark.parametrize(("where", "text"), TEXTS)
def test_every_word_with_kanji_has_its_reading_behind_it(where: str, text: str) -> None:
    assert without_reading(text) == [], where


def test_a_word_is_read_in_one_way() -> None:
    assert {word: readings for word, readings in words_with_readings().items() if len(readings) > 1} == {}


def test_a_word_is_written_in_one_way() -> None:
    """Either in kana, or in kanji with its reading: never 番号（ばんごう） here and ばんごう there."""
    words = words_with_readings()
    readings = {reading: word for word, each in words.items() for reading in each if len(reading) >= LONG_ENOUGH}
    bare = {
        (where, readings[kana])
        for where, text in TEXTS
        for characters, reading in runs_of_easy(text)
        if not reading
        for kana in re.split(r"[^ぁ-ん]", characters)
        for kana in [next((each for each in readings if kana.startswith(each)), "")]
        if kana
    }
    assert bare == set()


@pytest.mark.parametrize("city", shipped_profiles())
def test_what_a_resident_chooses_from_has_a_name_in_easy_japanese(city: str) -> None:
    profile = load_profile(city)
    for site in profile.sites.values():
        for thing in (*site.categories, *site.services.values()):
            assert "easy" in thing.names or not KANJI.search(thing.name), thing.name
