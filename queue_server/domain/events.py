"""Events that bring more people than usual, or fewer, for some days: known beforehand, and written in the profile.

The first of them is the mailing of expiry notices in the middle of each month, after which the counters are "very
crowded for one or two weeks" (厚木市: docs/guide.md, source 003).
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens on a day of each month, or on certain dates, and is felt from some days after on."""

    id: str
    name: str
    """The reason that residents read, such as 通知書の発送後."""
    factor: float
    """So many times the people of an ordinary day, until days of it were seen."""
    services: frozenset[str]
    """The services that feel it; empty for all."""
    day_of_month: int = 0
    """1 to 31; the last day of a shorter month. 0 for certain dates."""
    dates: tuple[date, ...] = ()
    first: int = 0
    """Days after the event on which it is first felt; negative for days before."""
    last: int = 0
    """Days after the event on which it is last felt."""
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def concerns(self, service: str) -> bool:
        """Whether a service feels it."""
        return not self.services or service in self.services

    def felt_on(self, day: date) -> bool:
        """Whether a day is one of its days of effect."""
        return any(self.first <= (day - each).days <= self.last for each in self._near(day))

    def _near(self, day: date) -> Iterator[date]:
        """The days of the event whose effect may reach a day."""
        if not self.day_of_month:
            yield from self.dates
            return
        month = (day - timedelta(days=self.last)).replace(day=1)
        while month <= day - timedelta(days=self.first):
            length = monthrange(month.year, month.month)[1]
            yield month.replace(day=min(self.day_of_month, length))
            month = month.replace(day=1) + timedelta(days=length)
