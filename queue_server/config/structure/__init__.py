"""The parts of a profile that administrators change while the server runs, and the profile with them in place.

Every `text` here is one that `load_profile` accepted (`CityProfile.text`); nothing here reads or writes a file.
"""

from queue_server.config.structure.changes import ChangesRefused, field_problems, with_changes
from queue_server.config.structure.export import export_text
from queue_server.config.structure.parts import (
    Changes,
    Part,
    PartKey,
    UnknownPart,
    Value,
    parts_of,
    profile_value,
    tidied,
)
from queue_server.config.structure.surviving import Survivors, surviving

__all__ = [
    "Changes",
    "ChangesRefused",
    "Part",
    "PartKey",
    "Survivors",
    "UnknownPart",
    "Value",
    "export_text",
    "field_problems",
    "parts_of",
    "profile_value",
    "surviving",
    "tidied",
    "with_changes",
]
