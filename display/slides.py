"""What the city puts into a folder to be shown on a hall's screen between calls (公共情報)."""

from dataclasses import dataclass
from pathlib import Path

import structlog

log = structlog.get_logger()

KINDS = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg"), "picture"),
    **dict.fromkeys((".mp4", ".webm"), "film"),
    **dict.fromkeys((".html", ".htm"), "page"),
}
MOST_SLIDES = 100


@dataclass(frozen=True, slots=True)
class Slide:
    """One file: its name, "picture", "film" or "page", and when it was changed last (seconds)."""

    name: str
    kind: str
    changed: int


def found_in(folder: str) -> list[Slide]:
    """The slides of a folder in the order of their names; one that cannot be read has none, and the log says so."""
    if not folder:
        return []
    try:
        files = sorted(each for each in Path(folder).iterdir() if each.suffix.lower() in KINDS and each.is_file())
        return [Slide(each.name, KINDS[each.suffix.lower()], int(each.stat().st_mtime)) for each in files][
            :MOST_SLIDES
        ]
    except OSError as error:
        log.warning("slides_unreadable", reason=error.strerror)
        return []
