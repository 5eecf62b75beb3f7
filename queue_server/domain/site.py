"""What a hall is made of: sites, categories, services, series, counters, areas.

These frozen objects are the reviewed structure that a city profile describes; nothing here changes
during the day. What staff switch in the day (a counter opened, a service paused) is journalled instead.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from queue_server.domain.boards import BoardScreen, Look
from queue_server.domain.events import Event
from queue_server.domain.guide import BookingDesk, Procedure
from queue_server.domain.voice import Voice

Value = TypeVar("Value")


def _nothing() -> Mapping[str, Value]:
    return MappingProxyType({})


class LevelKey(StrEnum):
    """The four levels of congestion; each has a word, a shape and a colour on every screen."""

    FREE = "free"
    MODERATE = "moderate"
    CROWDED = "crowded"
    VERY_CROWDED = "very_crowded"


class ReinstatePlace(StrEnum):
    """Where a number that was not there comes back into the line."""

    FRONT = "front"
    """At the place it had."""
    BACK = "back"
    """Behind everybody who waits now."""
    AFTER = "after"
    """Behind the first few of its service: the site's `reinstate_after`."""


class Discipline(StrEnum):
    """How a counter chooses among the services it serves (呼出順)."""

    OLDEST = "oldest"
    """Whoever is first in the line of all its services together."""
    ORDER = "order"
    """The services one after the other, in the order in which the counter lists them."""
    WEIGHTED = "weighted"
    """The service whose first person has the most minutes waited times the service's weight."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A level and where it begins: at `people` waiting or at `minutes` of estimated wait, whichever comes first.

    The lowest level of a service has neither. Intervals are half-open: the level holds from its own
    start up to, but not including, the start of the next.
    """

    key: LevelKey
    label: str
    people: int | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """Opening hours of one stretch of a day, JST, half-open: open at `opens`, closed at `closes`."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One date with hours of its own; no interval means closed. `reason` is told to residents."""

    day: date
    intervals: tuple[Interval, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """Days closed every year, both ends included, as (month, day); it may run over New Year."""

    first: tuple[int, int]
    last: tuple[int, int]
    reason: str


@dataclass(frozen=True, slots=True)
class Hours:
    """The opening hours of a site. `week` has seven entries, Monday first; an empty one is a closed day."""

    week: tuple[tuple[Interval, ...], ...]
    closed_on_holidays: bool
    closed_periods: tuple[ClosedPeriod, ...]
    special_days: tuple[SpecialDay, ...]
    day_end: time
    """When the tickets that are still open expire (JST)."""


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers from `first` to `last`, both included."""

    first: int
    last: int

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last


@dataclass(frozen=True, slots=True)
class Series:
    """A range of numbers (番号帯): `prefix` + number, both ends included, for example 500 to 599."""

    id: str
    first: int
    last: int
    prefix: str = ""
    digits: int = 0
    reserved: tuple["NumberRange", ...] = ()
    """What kiosks give out by themselves while the server is away; the server never does."""

    @property
    def size(self) -> int:
        """How many numbers the series has."""
        return self.last - self.first + 1

    @property
    def reserved_count(self) -> int:
        """How many of its numbers only kiosks give out."""
        return sum(each.last - each.first + 1 for each in self.reserved)

    def is_reserved(self, number: int) -> bool:
        """Whether only a kiosk of its own may give this number out."""
        return any(number in each for each in self.reserved)

    def label(self, number: int) -> str:
        """What is on the slip for this number: the prefix and the number, padded with zeros to `digits`."""
        return f"{self.prefix}{number:0{self.digits}d}"


@dataclass(frozen=True, slots=True)
class Category:
    """What the public page groups services by (受付区分), for example 異動受付."""

    id: str
    name: str
    reading: str = ""
    """Furigana of the name, for the kiosk."""
    names: Mapping[str, str] = field(default_factory=_nothing)
    """The name in other languages, by language tag; so in everything below that has `names`."""


@dataclass(frozen=True, slots=True)
class Service:
    """A line of its own (業務) with its own series and levels; `stages` are called one after the other."""

    id: str
    name: str
    category: str
    series: str
    thresholds: tuple[Threshold, ...]
    minutes_per_person: float
    """What one person takes at one counter before anything was learned."""
    stages: tuple[str, ...] = ("受付",)
    reading: str = ""
    """Furigana of the name, for the kiosk."""
    note: str = ""
    names: Mapping[str, str] = field(default_factory=_nothing)
    notes: Mapping[str, str] = field(default_factory=_nothing)
    """The note in other languages, by language tag."""


@dataclass(frozen=True, slots=True)
class PriorityClass:
    """People who are called earlier (優先), by a head start of so many minutes and no more.

    Whoever came more than `head_start` minutes before them is still called first, so nobody starves.
    """

    id: str
    name: str
    head_start: int


@dataclass(frozen=True, slots=True)
class AlertLimits:
    """When the supervisor is alerted; None is never. All half-open: the limit itself alerts."""

    people: int | None = None
    """So many people waiting for one service."""
    wait_minutes: int | None = None
    """The first person of a service waiting so many minutes."""
    without_call_minutes: int | None = None
    """So many minutes without a call of a service that somebody waits for."""


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter (窓口), the services it serves, and how it chooses among them."""

    id: str
    name: str
    services: tuple[str, ...]
    discipline: Discipline = Discipline.OLDEST
    weights: Mapping[str, float] = field(default_factory=_nothing)
    """Per service, for the weighted discipline; a service that is not named weighs 1."""
    stages: Mapping[str, tuple[int, ...]] = field(default_factory=_nothing)
    """Per service, the stages it serves, from 0; of a service that is not named it serves all."""
    longest_wait: int | None = None
    """Minutes after which a waiting person is called first, whatever the services' order or weights."""
    names: Mapping[str, str] = field(default_factory=_nothing)

    def serves(self, service: str, stage: int) -> bool:
        """Whether a ticket of this service at this stage belongs to this counter."""
        return service in self.services and (service not in self.stages or stage in self.stages[service])


@dataclass(frozen=True, slots=True)
class Area:
    """Counters that share one screen (窓口区域)."""

    id: str
    name: str
    counters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KioskMachine:
    """A machine that residents touch (発券機); `id` is the name of its device token."""

    id: str
    name: str
    printer: str = ""
    """Where its paper comes from, for example tcp://192.0.2.10:9100; "" for numbers on the screen alone."""
    paper: int = 80
    """Width of the paper in mm."""
    dots: int = 576
    """Width of what the printer prints, in dots."""
    reserve: Mapping[str, NumberRange] = field(default_factory=_nothing)
    """Per series, the numbers that it gives out by itself while the server is away."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What a site prints on its slips besides the number."""

    logo: str = ""
    """A PNG file; relative to the working directory of the program that prints. "" for none."""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """One hall (庁舎・センター) with everything a resident or a clerk meets there."""

    id: str
    name: str
    hours: Hours
    categories: tuple[Category, ...]
    series: Mapping[str, Series]
    services: Mapping[str, Service]
    counters: Mapping[str, Counter]
    areas: tuple[Area, ...] = ()
    reinstate: ReinstatePlace = ReinstatePlace.BACK
    reinstate_after: int = 0
    """Behind how many waiting people of its service a ticket comes back, for ReinstatePlace.AFTER."""
    priorities: Mapping[str, PriorityClass] = field(default_factory=_nothing)
    alerts: AlertLimits = AlertLimits()
    address: str = ""
    phone: str = ""
    kiosks: Mapping[str, KioskMachine] = field(default_factory=_nothing)
    slip: Slip = Slip()
    screens: Mapping[str, BoardScreen] = field(default_factory=_nothing)
    """Its hall screens by id, the main one first."""
    names: Mapping[str, str] = field(default_factory=_nothing)
    voice: Voice | None = None
    """None for a silent site."""

    def services_of(self, category: str) -> Iterator[Service]:
        """The services of one category, in the order of the profile."""
        return (service for service in self.services.values() if service.category == category)


@dataclass(frozen=True, slots=True)
class CityProfile:
    """A whole city as its profile describes it."""

    id: str
    name: str
    sites: Mapping[str, Site]
    text: str = ""
    """The profile file it was read from; what administrators change is checked and exported against it."""
    names: Mapping[str, str] = field(default_factory=_nothing)
    procedures: tuple[Procedure, ...] = ()
    booking: BookingDesk | None = None
    look: Look = field(default_factory=Look)
    events: tuple[Event, ...] = ()
    """What brings more people for some days."""
