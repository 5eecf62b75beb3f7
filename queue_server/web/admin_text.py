"""gettext for the administrator's pages, which say much: with a type."""

import flask_babel


def gettext(text: str, /, **values: object) -> str:
    """A sentence in the language of the request, with its %(places)s filled in."""
    return str(flask_babel.gettext(text, **values))
