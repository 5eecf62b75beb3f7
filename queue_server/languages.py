"""The languages of the public pages: their tags, their own names, and the catalogues behind them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from flask_babel import get_locale

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "ja": "日本語",
        "easy": "やさしい日本語",
        "en": "English",
        "zh": "简体中文",
        "ko": "한국어",
        "vi": "Tiếng Việt",
        "pt": "Português",
        "fil": "Filipino",
        "ne": "नेपाली",
    }
)
"""The languages of the public pages by tag, each called by its own name; Japanese is the source."""

HTML_LANG = MappingProxyType({"easy": "ja", "zh": "zh-Hans"})
"""Where the `lang` of a page is not the tag."""

CATALOGUES = Path(__file__).parent / "translations"
_TAGS = MappingProxyType({"ja@easy": "easy", "zh_Hans": "zh"})
"""The tags of the languages whose catalogues are named otherwise."""
_LOCALES = MappingProxyType({tag: locale for locale, tag in _TAGS.items()})


@cache
def offered() -> Mapping[str, str]:
    """The languages that have a catalogue, in the order of LANGUAGES, each with its own name."""
    return {tag: name for tag, name in LANGUAGES.items() if tag == "ja" or (CATALOGUES / locale_of(tag)).is_dir()}


def locale_of(tag: str) -> str:
    """The locale, and so the catalogue, of a language tag."""
    return _LOCALES.get(tag, tag)


def tag_of_request() -> str:
    """The tag of the language that the page is in, as in `?lang=`: ja, easy, en, zh, ko, vi, pt, fil, ne."""
    locale = str(get_locale() or "ja")
    return _TAGS.get(locale, locale)


def lang_of(tag: str) -> str:
    """The value of a `lang` attribute for a language tag."""
    return HTML_LANG.get(tag, tag)
