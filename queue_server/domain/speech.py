"""What a voice reads: the sentences of an announcement, in each language, as the engine has to be given them.

Nobody sees these texts. They are written for the ear of an engine: エー for A, かた for 方, pinyin for Chinese.
What a screen shows beside them are the translated sentences of the pages.

An announcement is composed of clips, so that a site needs N + M of them and not N x M: the number
("503番のかた。"), and the counter ("3番窓口へお越しください。").
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from queue_server.domain.site import Counter, Series
from queue_server.domain.voice import WITHOUT_VOICE, Readings, VoiceLanguage

_LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            *(
                "エー",
                "ビー",
                "シー",
                "ディー",
                "イー",
                "エフ",
                "ジー",
                "エイチ",
                "アイ",
                "ジェー",
                "ケー",
                "エル",
                "エム",
            ),
            *("エヌ", "オー", "ピー", "キュー", "アール", "エス", "ティー", "ユー", "ブイ", "ダブリュー", "エックス"),
            *("ワイ", "ゼット"),
        ),
        strict=True,
    )
)
_JAPANESE_READINGS: Mapping[str, str] = {"番号札": "番号ふだ", "の方": "のかた"}
"""What Open JTalk reads otherwise than a person at a counter does (サツ, ホー)."""
_MISREAD_NUMBERS: Mapping[int, str] = {110: "百十"}
"""Written so that they are read as numbers: 110番 is the police (ヒャクトーバン) to Open JTalk."""
_PINYIN_DIGITS = ("ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3")
_PINYIN_WORDS: Mapping[str, str] = {"号窗口": " hao4 chuang1 kou3", "号": " hao4"}
_DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")
_PLAIN_COUNTER = re.compile(r"([0-9]{1,3})番(?:窓口)?")
_PLAIN_NAMES: Mapping[VoiceLanguage, str] = {
    VoiceLanguage.ENGLISH: "counter {}",
    VoiceLanguage.CHINESE: "{}号窗口",
    VoiceLanguage.KOREAN: "{}번 창구",
    VoiceLanguage.VIETNAMESE: "quầy số {}",
    VoiceLanguage.PORTUGUESE: "guichê {}",
    VoiceLanguage.NEPALI: "काउन्टर {}",
}
"""What a counter called 3番窓口 is in other languages, where the profile does not say."""
_NUMBER: Mapping[VoiceLanguage, str] = {
    VoiceLanguage.JAPANESE: "{}番のかた。",
    VoiceLanguage.ENGLISH: "Number {}.",
    VoiceLanguage.CHINESE: "{} hao4.",
    VoiceLanguage.KOREAN: "{}번 고객님.",
    VoiceLanguage.VIETNAMESE: "Số {}.",
    VoiceLanguage.PORTUGUESE: "Senha {}.",
    VoiceLanguage.NEPALI: "नम्बर {}।",
}
_COUNTER: Mapping[VoiceLanguage, str] = {
    VoiceLanguage.JAPANESE: "{}へお越しください。",
    VoiceLanguage.ENGLISH: "Please come to {}.",
    VoiceLanguage.CHINESE: "qing3 dao4 {}.",
    # 쪽으로 fits every name; 로 or 으로 would depend on its last sound. So does the colon in Portuguese.
    VoiceLanguage.KOREAN: "{} 쪽으로 오십시오.",
    VoiceLanguage.VIETNAMESE: "Xin mời đến {}.",
    VoiceLanguage.PORTUGUESE: "Local de atendimento: {}.",
    VoiceLanguage.NEPALI: "कृपया {} मा आउनुहोस्।",
}
_STAGE = "{}のお呼び出しです。"


@dataclass(frozen=True, slots=True)
class Clip:
    """One piece of speech: what an engine is given, and in which language."""

    language: VoiceLanguage
    text: str


def number_clip(language: VoiceLanguage, series: Series, number: int, readings: Readings) -> Clip | None:
    """The clip that calls a number; None in a language that cannot say it. Zeros before the number are not said."""
    if language in WITHOUT_VOICE:
        return None
    prefix = _read(series.prefix, language, readings)
    digits = str(number)
    match language:
        case VoiceLanguage.CHINESE:
            digits = " ".join(_PINYIN_DIGITS[int(each)] for each in digits)
            if prefix and not _is_pinyin(prefix):
                return None
        case VoiceLanguage.NEPALI:
            digits = digits.translate(_DEVANAGARI)
        case VoiceLanguage.JAPANESE:
            return Clip(language, _NUMBER[language].format(prefix + _MISREAD_NUMBERS.get(number, digits)))
    # A letter on its own is read as a letter: "A, 12" and not "a 12".
    return Clip(language, _NUMBER[language].format(f"{prefix}, {digits}" if prefix else digits))


def counter_clip(language: VoiceLanguage, counter: Counter, readings: Readings) -> Clip | None:
    """The clip that says where to come; None where the language has no voice or the counter no name in it."""
    name = _counter_name(language, counter, readings)
    return Clip(language, _COUNTER[language].format(name)) if name and language not in WITHOUT_VOICE else None


def stage_clip(stage: str, readings: Readings) -> Clip:
    """The clip that says for which stage a number is called; stages have Japanese names only."""
    return Clip(VoiceLanguage.JAPANESE, _STAGE.format(_read(stage, VoiceLanguage.JAPANESE, readings)))


def labels_of(series: Series) -> Iterator[tuple[str, int]]:
    """Every label of a series with its number, in order."""
    return ((series.label(number), number) for number in range(series.first, series.last + 1))


def _counter_name(language: VoiceLanguage, counter: Counter, readings: Readings) -> str | None:
    if language is VoiceLanguage.JAPANESE:
        return _read(counter.name, language, readings)
    written = counter.names.get(language)
    if written is None:
        plain = _PLAIN_COUNTER.fullmatch(unicodedata.normalize("NFKC", counter.name))
        if plain is None or language not in _PLAIN_NAMES:
            return None
        written = _PLAIN_NAMES[language].format(plain[1])
    name = _read(written, language, readings)
    return name if language is not VoiceLanguage.CHINESE or _is_pinyin(name) else None


def _read(text: str, language: VoiceLanguage, readings: Readings) -> str:
    """A text as the engine has to be given it: the profile's readings first, then those that are known here."""
    text = unicodedata.normalize("NFKC", text)
    own = {unicodedata.normalize("NFKC", written): read for written, read in readings.get(language, {}).items()}
    match language:
        case VoiceLanguage.JAPANESE:
            return _replaced(text, {**_JAPANESE_READINGS, **own}, _LETTERS)
        case VoiceLanguage.CHINESE:
            digits = {str(digit): f" {sound}" for digit, sound in enumerate(_PINYIN_DIGITS)}
            return _replaced(text, {**_PINYIN_WORDS, **own}, digits).strip()
        case VoiceLanguage.NEPALI:
            return _replaced(text, own, {}).translate(_DEVANAGARI)
        case _:
            return _replaced(text, own, {})


def _replaced(text: str, words: Mapping[str, str], signs: Mapping[str, str]) -> str:
    """A text with words replaced, the longest first, and single signs elsewhere; nothing is replaced twice."""
    pattern = "|".join([*(re.escape(word) for word in sorted(words, key=len, reverse=True)), "."])
    found = (match.group() for match in re.finditer(pattern, text))
    return "".join(words.get(each) or signs.get(each.upper()) or each for each in found)


def _is_pinyin(text: str) -> bool:
    return text.isascii()
