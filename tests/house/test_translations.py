"""No string of a screen lacks a translation, and none loses a place that is filled in."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from queue_server.web.languages import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "queue_server" / "translations"
OTHERS = [language for language in LANGUAGES if language != "ja"]


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every string that the code and the templates mark for translation now."""
    template = tmp_path_factory.mktemp("messages") / "messages.pot"
    pybabel = [Path(sys.executable).parent / "pybabel", "-q", "extract", "-F", "pyproject.toml", "-k", "N_"]
    subprocess.run([*pybabel, "-o", template, "queue_server", "display", "kiosk"], cwd=ROOT, check=True)
    with template.open("rb") as file:
        return {str(message.id) for message in read_po(file) if message.id}


def catalog(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file)


def places(text: str) -> set[str]:
    """The places of a sentence; {hour} and {minute} together say what {time} says."""
    found = set(re.findall(r"\{\w*\}|%\(\w+\)s", text))
    clock = {"{hour}", "{minute}"}
    return found - clock | {"{time}"} if clock <= found else found


@pytest.mark.parametrize("language", OTHERS)
def test_every_string_is_translated(extracted: set[str], language: str) -> None:
    translated = {str(message.id) for message in catalog(language) if message.string and not message.fuzzy}
    assert extracted - translated == set()


@pytest.mark.parametrize("language", OTHERS)
def test_no_catalogue_keeps_what_no_screen_says_any_more(extracted: set[str], language: str) -> None:
    kept = {str(message.id) for message in catalog(language) if message.id}
    assert kept - extracted == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_fills_the_same_places(language: str) -> None:
    differing = [
        message.id
        for message in catalog(language)
        if message.id and places(str(message.id)) != places(str(message.string))
    ]
    assert differing == []


def test_no_page_hides_a_japanese_sentence_from_translation() -> None:
    """Text of a template stands inside _() or comes from the profile."""
    japanese = re.compile(r"[ぁ-んァ-ヶ一-龠]")
    naked = []
    for package in ("queue_server", "display", "kiosk"):
        for path in sorted((ROOT / package).rglob("*.html")):
            text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            naked += [
                f"{path.relative_to(ROOT)}: {line.strip()}" for line in text.splitlines() if japanese.search(line)
            ]
    assert naked == []
