"""Who works where: counters as they serve now, who may command at one, and breaks."""

from collections.abc import Iterator
from dataclasses import replace

from queue_server.domain.day import Day
from queue_server.domain.site import Counter, Site

PERSON = "staff:"
"""How the name of an actor that is a person begins; devices and the clock are none."""


def counter_now(site: Site, day: Day, counter_id: str) -> Counter:
    """A counter of the site with the services it serves today."""
    counter = site.counters[counter_id]
    services = day.counter(counter_id).services
    return counter if services is None else replace(counter, services=services)


def counters_open(site: Site, day: Day, service: str, stage: int = 0) -> list[Counter]:
    """The open counters that serve a stage of a service now, in the order of the profile."""
    found = (counter_now(site, day, counter) for counter in site.counters if day.counter(counter).open)
    return [counter for counter in found if counter.serves(service, stage)]


def is_person(actor: str) -> bool:
    """Whether an actor is a person, who can be at one counter only."""
    return actor.startswith(PERSON)


def name_of(actor: str) -> str:
    """The name of an actor as people read it."""
    return actor.split(":", 1)[-1]


def clerk_at(day: Day, counter_id: str) -> str | None:
    """The actor who works at a counter, also during a break; None at one that is closed or served by a device."""
    counter = day.counter(counter_id)
    return counter.clerk if counter.in_use else None


def counters_of_clerk(day: Day, actor: str) -> Iterator[str]:
    """The counters at which a person works."""
    return (counter for counter in sorted(day.counters) if clerk_at(day, counter) == actor)
