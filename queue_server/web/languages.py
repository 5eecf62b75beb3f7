"""Which language a page speaks: what the visitor chose, else what their browser asks for, else Japanese."""

from flask import request
from flask_babel import get_locale

LANGUAGES = ("ja", "en")
"""The languages with a catalogue; Japanese is the source."""


def select_locale() -> str:
    """The language of this request: `?lang=`, the cookie `lang`, or Accept-Language."""
    for chosen in (request.args.get("lang"), request.cookies.get("lang")):
        if chosen in LANGUAGES:
            return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def html_lang() -> str:
    """The value of <html lang> for the language that the page is in."""
    return str(get_locale() or LANGUAGES[0])
