"""Which number comes next in a series (番号帯)."""

from collections.abc import Collection
from dataclasses import dataclass

from queue_server.domain.site import Series
from queue_server.domain.ticket import Refused


@dataclass(frozen=True, slots=True)
class Allocation:
    """A number given out: its `round` counts how often the series has begun again that day, from 1."""

    round: int
    number: int


OFFLINE_ROUND = 0
"""The round of numbers that kiosks gave out by themselves: each only once a day, in no round of the series."""


def allocate(series: Series, last: Allocation | None, live_labels: Collection[str]) -> Allocation:
    """The number after `last`, wrapping inside the series and passing over numbers that are live or reserved.

    `last` is None before the day's first number. Raises Refused("series_exhausted") when every number of
    the series is live or reserved: two people are never given one number.
    """
    round_, number = (1, series.first - 1) if last is None else (last.round, last.number)
    for _ in range(series.size):
        number += 1
        if number > series.last or number < series.first:
            round_, number = round_ + 1, series.first
        if not series.is_reserved(number) and series.label(number) not in live_labels:
            return Allocation(round_, number)
    raise Refused("series_exhausted")
