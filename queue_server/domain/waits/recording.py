"""A recorded queue, played to the estimator row by row as if it happened now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from queue_server.domain.waits.estimator import Estimator
from queue_server.domain.waits.ranges import Range

COLUMNS = ("site", "day", "minute", "event", "service", "ticket", "value")
"""The columns of a recording."""


class Event(StrEnum):
    """What a row records."""

    ISSUED = "issued"
    CALLED = "called"
    ABANDONED = "abandoned"
    FINISHED = "finished"
    COUNTERS = "counters"


class BadRow(Exception):  # noqa: N818 - a state of the recording, named as such
    """A row that cannot be read; the text says which column does not fit."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `minute` is after midnight; `value` is the number of open counters where the event is COUNTERS."""

    site: str
    day: str
    minute: float
    event: Event
    service: str
    ticket: str
    value: float = 0.0


@dataclass(slots=True)
class _Played:
    """One site as the rows so far leave it."""

    day: str
    estimator: Estimator = field(default_factory=Estimator)
    counters: dict[str, float] = field(default_factory=dict)
    serving: dict[str, set[str]] = field(default_factory=dict)
    tells_ends: bool = False
    """Whether the recording says when people are finished; without that nobody knows which counters are free."""


class Recording:
    """Plays rows, in the order in which they happened, and predicts the wait of everybody as they are issued."""

    def __init__(self) -> None:
        self._sites: dict[str, _Played] = {}

    def play(self, row: Row) -> Range | None:
        """Take a row in; returns the range for an ISSUED row, made with nothing that comes after it.

        A row of another day than the one before it at its site begins a day. Names mean nothing but themselves.
        """
        site = self._sites.get(row.site)
        if site is None:
            site = self._sites[row.site] = _Played(row.day)
        if site.day != row.day:
            site.day, site.counters, site.serving = row.day, {}, {}
            site.estimator.begin_day()
        if row.event is Event.ISSUED:
            return site.estimator.issued(row.service, row.ticket, row.minute)
        _note(site, row)
        return None


def _note(site: _Played, row: Row) -> None:
    """Take in a row that predicts nothing."""
    serving = site.serving.setdefault(row.service, set())
    match row.event:
        case Event.CALLED:
            site.estimator.called(row.service, row.ticket, row.minute)
            serving.add(row.ticket)
        case Event.ABANDONED:
            site.estimator.left(row.service, row.ticket)
        case Event.FINISHED:
            site.tells_ends = True
            serving.discard(row.ticket)
        case _:
            site.counters[row.service] = row.value
    if row.service in site.counters:
        counters = site.counters[row.service]
        free = max(0.0, counters - len(serving)) if site.tells_ends else None
        site.estimator.counters(row.service, counters, free)


def row_of(columns: Mapping[str, str | None]) -> Row:
    """The row that these columns describe. Raises BadRow, which names the column, for what is none."""
    missing = [name for name in COLUMNS if columns.get(name) is None]
    if missing:
        raise BadRow(f"the column {missing[0]} is missing")
    text = {name: columns[name] or "" for name in COLUMNS}
    try:
        event = Event(text["event"])
    except ValueError:
        raise BadRow(f"event: {text['event']!r} is none of {', '.join(Event)}") from None
    counts = event is Event.COUNTERS and text["value"] != ""
    value = _number("value", text["value"]) if counts else 0.0
    return Row(
        text["site"], text["day"], _number("minute", text["minute"]), event, text["service"], text["ticket"], value
    )


def _number(column: str, text: str) -> float:
    """A finite number that is not negative."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0.0 <= number < float("inf"):
        raise BadRow(f"{column}: {text!r} is no number from 0 up")
    return number
