"""From the tables of a profile to the screens and the look of the domain."""

from collections.abc import Iterator

from queue_server.config.board_schema import BoardTable, LookTable
from queue_server.domain.boards import BoardScreen, Look
from queue_server.domain.site import Area

ONLY_SCREEN = "board"


def screens_of(tables: list[BoardTable], areas: tuple[Area, ...], name: str) -> Iterator[BoardScreen]:
    """The screens of a site, each with its counters; one that shows everything where the profile names none."""
    if not tables:
        yield BoardScreen(ONLY_SCREEN, name)
    counters_of = {area.id: area.counters for area in areas}
    for table in tables:
        counters = (table.counter,) if table.counter is not None else counters_of.get(table.area or "", ())
        yield BoardScreen(
            id=table.id,
            name=table.name,
            layout=table.layout,
            counters=counters,
            languages=tuple(table.languages),
            tongues=table.tongues,
            theme=table.theme,
            speaks=table.speaks,
            slides=table.slides,
            slide_seconds=table.slide_seconds,
        )


def look_of(table: LookTable) -> Look:
    """The city's colours and logo."""
    return Look(table.call or "", table.accent or "", table.number_size, table.logo)
