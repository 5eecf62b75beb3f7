"""Which language a page speaks: what the visitor chose, else what their browser asks for, else Japanese."""

from flask import request
from flask_babel import get_locale

LANGUAGES = ("ja", "en")
"""The languages with a catalogue; Japanese is the source."""


HALL_MACHINES = ("kiosk.", "display.board")
"""Pages on the hall's own machines: the language of an operating system is nobody's wish there."""


def select_locale() -> str:
    """The language of this request: `?lang=`; on a visitor's own device also the cookie `lang` or Accept-Language."""
    if request.args.get("lang") in LANGUAGES:
        return request.args["lang"]
    if (request.endpoint or "").startswith(HALL_MACHINES):
        return LANGUAGES[0]
    if request.cookies.get("lang") in LANGUAGES:
        return request.cookies["lang"]
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def html_lang() -> str:
    """The value of <html lang> for the language that the page is in."""
    return str(get_locale() or LANGUAGES[0])
