"""The hall's screens (表示盤): what each shows, in which languages and colours; and how they say they are alive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

SILENT_AFTER = timedelta(seconds=60)
"""A screen says every 20 seconds that it is alive; one that was not heard of for this long is off or cut off."""
MOST_PAGES = 16
"""So many pages of one screen are told apart; who opens more of them is counted no further."""
LEAST_CONTRAST = 4.5
"""Of text of any size on its ground: WCAG 2.2, success criterion 1.4.3 (AA)."""


class Layout(StrEnum):
    """What a screen is composed of."""

    CALLS_AND_SERVICES = "calls_and_services"
    CALLS = "calls"
    CALLS_AND_SLIDES = "calls_and_slides"
    SERVICES = "services"
    COUNTER = "counter"
    """The panel of one counter, with its number."""


class Theme(StrEnum):
    """The ground of a screen."""

    LIGHT = "light"
    DARK = "dark"


class Tongues(StrEnum):
    """How a screen speaks several languages."""

    BESIDE = "beside"
    """The second language stands small beside the first."""
    ALTERNATE = "alternate"
    """One after the other."""


@dataclass(frozen=True, slots=True)
class BoardScreen:
    """One screen of a hall."""

    id: str
    name: str
    layout: Layout = Layout.CALLS_AND_SERVICES
    counters: tuple[str, ...] = ()
    """The counters whose calls it shows; empty for all of the site."""
    languages: tuple[str, ...] = ("ja",)
    """Language tags, the main one first."""
    tongues: Tongues = Tongues.BESIDE
    theme: Theme = Theme.LIGHT
    speaks: bool = True
    """False for a screen in one room with another that speaks."""
    slides: str = ""
    """A folder with what the city shows between calls; "" for none."""
    slide_seconds: int = 15


@dataclass(frozen=True, slots=True)
class Look:
    """The city's own colours and logo on its screens; "" where the design's own stand."""

    call: str = ""
    """Of the number that is called, as #rrggbb."""
    accent: str = ""
    number_size: int = 100
    """How large the number of the newest call is, in percent of the design's own."""
    logo: str = ""
    """A picture file."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours #rrggbb, 1 to 21: WCAG 2.2, "contrast ratio" and "relative luminance"."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


@dataclass(frozen=True, slots=True)
class ScreenState:
    """Since when a screen has been alive without a break, and when each of its pages last said so (aware)."""

    since: datetime
    pages: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def heard_at(self) -> datetime:
        """When any of its pages was last heard of."""
        return max(self.pages.values(), default=self.since)

    def silent_at(self, now: datetime) -> bool:
        """Whether it should have been heard of again by now."""
        return now - self.heard_at >= SILENT_AFTER

    def pages_at(self, now: datetime) -> int:
        """How many pages show it now."""
        return sum(now - heard < SILENT_AFTER for heard in self.pages.values())


def heard(before: ScreenState | None, page: str, now: datetime) -> ScreenState:
    """The state of a screen after one of its pages said that it is alive."""
    alive = before is not None and not before.silent_at(now)
    known = {key: at for key, at in before.pages.items() if now - at < SILENT_AFTER} if before else {}
    if page in known or len(known) < MOST_PAGES:
        known[page] = now
    return ScreenState(before.since if before is not None and alive else now, MappingProxyType(known))


def says_news(before: ScreenState | None, after: ScreenState, now: datetime) -> bool:
    """Whether staff have to be shown the later state: it came back, or is shown by more pages or by fewer."""
    return before is None or before.since != after.since or before.pages_at(now) != after.pages_at(now)
