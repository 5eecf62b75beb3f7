"""No string of a screen lacks a translation, and none loses a place that is filled in."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from queue_server.languages import LANGUAGES, locale_of, offered
from queue_server.web.languages import STAFF_LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "queue_server" / "translations"
OTHERS = [locale_of(tag) for tag in offered() if tag != "ja"]
MACHINE_MADE = "machine-made, not reviewed"
TERMS_OF_THE_FIELD = {
    "窓口",
    "番号札",
    "暗証番号",
    "電子証明書",
    "有効期限通知書",
    "照会書兼回答書",
    "法定代理人",
    "任意代理人",
    "手数料",
    "予約",
}


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Every string that code and templates mark for translation now: all of them, and those of the public pages."""
    folder = tmp_path_factory.mktemp("messages")
    found = {}
    for name, mapping in (("all", "pyproject.toml"), ("public", "queue_server/translations/public.toml")):
        template = folder / f"{name}.pot"
        pybabel = [
            Path(sys.executable).parent / "pybabel",
            "-q",
            "extract",
            "-F",
            mapping,
            "-k",
            "N_",
            "-o",
            template,
        ]
        subprocess.run([*pybabel, "queue_server", "display", "kiosk"], cwd=ROOT, check=True)
        with template.open("rb") as file:
            found[name] = {str(message.id) for message in read_po(file) if message.id}
    return found


def meant_for(language: str, extracted: dict[str, set[str]]) -> set[str]:
    """What a catalogue has to say: the staff's pages have two languages."""
    return extracted["all" if language in STAFF_LANGUAGES else "public"]


def catalog(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file)


def places(text: str) -> set[str]:
    """The places of a sentence; {hour} and {minute} together say what {time} says."""
    found = set(re.findall(r"\{\w*\}|%\(\w+\)s", text))
    clock = {"{hour}", "{minute}"}
    return found - clock | {"{time}"} if clock <= found else found


@pytest.mark.parametrize("language", OTHERS)
def test_every_string_is_translated(extracted: dict[str, set[str]], language: str) -> None:
    translated = {str(message.id) for message in catalog(language) if message.string and not message.fuzzy}
    assert meant_for(language, extracted) - translated == set()


@pytest.mark.parametrize(
    ("other", "word"),
    [
        ("ただ今", "ただいま"),
        (r"ブラウザ(?!ー)", "ブラウザー"),
        (r"サーバ(?!ー)", "サーバー"),
        ("分か(らな|り|る|って)", "わかる"),
        ("まちがえ", "間違え"),
        ("ふたが", "カバーが"),
        ("返事", "応答"),
        ("携帯電話", "スマートフォン"),
        ("実演", "デモ"),
        ("見出し", "ヘッダー"),
    ],
)
def test_one_thing_is_called_by_one_word(extracted: dict[str, set[str]], other: str, word: str) -> None:
    """`word` stands for it everywhere, as offices write it."""
    assert {text for text in extracted["all"] if re.search(other, text)} == set(), word


@pytest.mark.parametrize("language", OTHERS)
def test_no_catalogue_keeps_what_no_screen_says_any_more(extracted: dict[str, set[str]], language: str) -> None:
    kept = {str(message.id) for message in catalog(language) if message.id}
    assert kept - meant_for(language, extracted) == set()


def test_the_public_pages_speak_the_nine_languages() -> None:
    assert dict(offered()) == dict(LANGUAGES)


def test_strings_of_the_staffs_pages_alone_are_asked_of_english_only(extracted: dict[str, set[str]]) -> None:
    """The mapping of what is public may leave out nothing that a resident reads."""
    assert extracted["public"] < extracted["all"]
    assert {"職員用の画面", "操作の記録", "次を呼ぶ"} & extracted["public"] == set()
    assert {"番号札の発券", "あなたの番号", "お探しのページはありません。"} <= extracted["public"]


@pytest.mark.parametrize("language", [each for each in OTHERS if each not in STAFF_LANGUAGES])
def test_whoever_reviews_a_catalogue_sees_what_a_machine_wrote_and_the_words_of_the_field(language: str) -> None:
    header = (
        (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8").partition("msgid")[0]
    )
    assert MACHINE_MADE in header
    comments = {comment for message in catalog(language) if message.id for comment in message.user_comments}
    assert comments <= {MACHINE_MADE}
    with (TRANSLATIONS / language / "glossary.csv").open(encoding="utf-8", newline="") as file:
        terms = {row["ja"]: row["translation"] for row in csv.DictReader(file)}
    assert terms.keys() >= TERMS_OF_THE_FIELD
    assert all(terms.values())


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
