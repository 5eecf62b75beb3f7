"""Which language a page speaks: what the visitor chose, else what their browser asks for, else Japanese."""

from flask import request

from queue_server.languages import lang_of, locale_of, offered, tag_of_request

STAFF_LANGUAGES = ("ja", "en")
"""The languages of the pages behind a sign-in."""

ALIASES = {"tl": "fil"}
"""Tags of browsers that mean one of ours; of any other, what stands before the first hyphen counts."""

HALL_MACHINES = ("kiosk.", "display.board")
"""Pages on the hall's own machines: the language of an operating system is nobody's wish there."""

STAFF_ROOMS = ("desk.", "supervisor.", "admin.", "account.", "oidc.")


def select_locale() -> str:
    """The locale of this request: `?lang=`; on a visitor's own device also the cookie `lang` or Accept-Language."""
    return locale_of(_tag())


def html_lang() -> str:
    """The value of <html lang> for the language that the page is in."""
    return lang_of(tag_of_request())


def _tag() -> str:
    endpoint = request.endpoint or ""
    spoken = STAFF_LANGUAGES if endpoint.startswith(STAFF_ROOMS) else tuple(offered())
    if request.args.get("lang") in spoken:
        return request.args["lang"]
    if endpoint.startswith(HALL_MACHINES):
        return "ja"
    if request.cookies.get("lang") in spoken:
        return request.cookies["lang"]
    return next((tag for tag in map(_known, request.accept_languages.values()) if tag in spoken), "ja")


def _known(wanted: str) -> str:
    """Our tag of a browser's, such as pt-PT or zh-TW."""
    base = wanted.lower().partition("-")[0].partition("_")[0]
    return ALIASES.get(base, base)
