"""The profile file with administrators' changes put in, for review and for the next start."""

import re
import tomllib
from dataclasses import replace
from typing import Any

import tomlkit

from queue_server.config.build import city_of
from queue_server.config.structure.changes import changed_tables, with_changes
from queue_server.config.structure.parts import Changes, Tables, profile_value, tables_of, tidied
from queue_server.config.structure.rewrite import rewritten
from queue_server.config.validation import examine
from queue_server.domain.site import CityProfile

_FIRST_LINE = re.compile(r"\A# Exported by queue-server with .*\n\n?")
_WITHOUT_COMMENTS = (
    "# Its comments could not be kept: the changed parts are written in a way that has no room for them.\n"
)


def export_text(text: str, changes: Changes) -> str:
    """The profile file with changed values in place of its own: loading it gives what `with_changes` gives.

    Order and comments stay, but for those on a changed value's own line, and on the header of its table:
    they spoke of the old one. The first line says how many parts differ; the same changes give the same text.
    Raises ChangesRefused and UnknownPart.
    """
    city = with_changes(text, changes)
    tables = changed_tables(text, changes)[0]
    count = sum(
        tidied(*key, value) != profile_value(text, site_id, *key)
        for site_id, made in changes.items()
        for key, value in made.items()
    )
    first = f"# Exported by queue-server with {count} change{'' if count == 1 else 's'} made by administrators.\n"
    body = rewritten(_FIRST_LINE.sub("", text), tables_of(text), tables)
    if not says(body, city):
        first, body = first + _WITHOUT_COMMENTS, tomlkit.dumps(tables)
    return f"{first}\n{body}"


def says(text: str, city: CityProfile) -> bool:
    """Whether a text is a profile without mistakes, and that of this city."""
    try:
        tables: Tables | dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    profile, found = examine(tables)
    return profile is not None and not found and city_of(profile, "") == replace(city, text="")
