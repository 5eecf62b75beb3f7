"""The rules of a site's screens: what each layout needs, and colours that can be read."""

import re
from collections.abc import Iterator

from queue_server.config.board_schema import COLOUR_PATTERN
from queue_server.config.codes import Code
from queue_server.config.problems import Finding, wrong
from queue_server.config.rows import Row, ids, repeated
from queue_server.domain.boards import LEAST_CONTRAST, Layout, contrast

WHITE = "#ffffff"
VOICE = "voice"
"""Under this name a site's pages have its voice, so no screen may have it."""


def board_findings(site: Row) -> Iterator[Finding]:
    """Everything that is wrong with the screens of a site."""
    counters, areas = ids(site.rows("counter")), ids(site.rows("area"))
    for board in site.rows("board"):
        layout = board.text("layout")
        if board.text("id") == VOICE:
            yield wrong(board.at("id"), Code.REPEATED_ID, name=VOICE)
        counter, area = board.text("counter"), board.text("area")
        if counter is not None and counter not in counters:
            yield wrong(board.at("counter"), Code.UNKNOWN_COUNTER, name=counter)
        if area is not None and area not in areas:
            yield wrong(board.at("area"), Code.UNKNOWN_AREA, name=area)
        if layout == Layout.COUNTER and counter is None:
            yield wrong(board.at("counter"), Code.COUNTER_MISSING)
        if layout != Layout.COUNTER and counter is not None:
            yield wrong(board.at("counter"), Code.COUNTER_UNUSED)
        if layout == Layout.COUNTER and area is not None:
            yield wrong(board.at("area"), Code.AREA_UNUSED)
        if layout == Layout.CALLS_AND_SLIDES and not board.text("slides"):
            yield wrong(board.at("slides"), Code.SLIDES_MISSING)
        if layout != Layout.CALLS_AND_SLIDES and board.text("slides"):
            yield wrong(board.at("slides"), Code.SLIDES_UNUSED)
        yield from repeated(board, "languages", Code.REPEATED_LANGUAGE)


def look_findings(profile: Row) -> Iterator[Finding]:
    """Colours that carry white text, and are text on white, need a contrast that people of 80 can read."""
    look = profile.row("look")
    for name in ("call", "accent"):
        colour = look.text(name)
        if colour is not None and re.match(COLOUR_PATTERN, colour) and contrast(colour, WHITE) < LEAST_CONTRAST:
            yield wrong(look.at(name), Code.TOO_PALE, least=str(LEAST_CONTRAST))
