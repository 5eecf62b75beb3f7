"""What a hall's floor gives each line: its open counters, in part where they serve others too, and the free ones."""

import math
from collections import Counter as Counts
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from queue_server.domain.day import Day
from queue_server.domain.line import LineKey, line_of
from queue_server.domain.site import Site
from queue_server.domain.staffing import counter_now

__all__ = ["Floor", "LineKey", "Share", "floor_now", "line_of", "waiting_before"]

OWN = 0.5
"""What a line weighs besides its people, where several share a counter."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one line has of the open counters."""

    counters: float
    """A counter that serves others too counts as far as the people who wait for it are this line's."""
    free: float
    """The counters at which nobody is, and for which nobody waits."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The lines that an open counter serves, and how many people wait in each."""

    shares: Mapping[LineKey, Share]
    waiting: Mapping[LineKey, int]


def floor_now(site: Site, day: Day, without: str | None = None) -> Floor:
    """How the floor of a site stands; the ticket `without` is left out, as for whoever is about to enter.

    A clerk who serves several lines serves whoever came first among them all. By the share of the work that
    is one's own line's, its people ahead / counters take as long as everybody ahead at the counter.
    """
    waiting = day.tickets.lengths()
    left_out = line_of(day.tickets.get(without)) if without is not None else None
    if left_out is not None:
        waiting -= Counts((left_out,))
    taken = day.tickets.counters_taken(without)
    counters: dict[LineKey, float] = {}
    frees: dict[LineKey, float] = {}
    for counter, lines in _served(site, day):
        work = sum(waiting[line] * minutes for line, minutes in lines)
        free = counter not in taken and not work
        for line, minutes in lines:
            own = OWN * minutes
            part = (waiting[line] * minutes + own) / (work + own)
            counters[line] = counters.get(line, 0.0) + part
            frees[line] = frees.get(line, 0.0) + free
    return Floor({line: Share(counters[line], frees[line]) for line in counters}, waiting)


def _served(site: Site, day: Day) -> Iterator[tuple[str, list[tuple[LineKey, float]]]]:
    """The open counters, each with the lines that it serves and the minutes that one person of them takes."""
    for counter_id in site.counters:
        if day.counter(counter_id).open:
            counter = counter_now(site, day, counter_id)
            yield (
                counter_id,
                [
                    ((service, stage), site.services[service].minutes_per_person)
                    for service in counter.services
                    if service in site.services
                    for stage in range(len(site.services[service].stages))
                    if counter.serves(service, stage)
                ],
            )


def waiting_before(day: Day, line: LineKey, place: float, seq: float = math.inf) -> int:
    """How many people wait in a line before a place; of those at the same place, the ones whose entry is older."""
    return day.tickets.before(line, place, seq)
