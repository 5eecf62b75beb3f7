"""The course of one business day by hour: numbers given out, and how long their holders waited for the call."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from queue_server.domain.calendar import JST
from queue_server.domain.entries import Entry, Kind

COUNTED_KINDS = (Kind.ISSUE, Kind.CALL, Kind.UNDO)
"""The entries that a course is made of; others may be left out."""


@dataclass(frozen=True, slots=True)
class HourCount:
    """What happened to those who took a number of one service in one hour (JST) of a day."""

    service: str
    """The service of the number when it was given out."""
    hour: int
    issued: int
    called: int
    """How many of them have been called."""
    wait_seconds: int
    """Their waits together, each from the number to its first call; a call that was taken back is none."""


@dataclass(slots=True)
class DayCourse:
    """The course of a day as its entries come; `take` is its only way to change."""

    seq: int = 0
    """The last entry taken."""
    _issued: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _calls: dict[str, dict[int, datetime]] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Take the next entry of the day; one that says nothing of a course changes nothing."""
        self.seq = entry.seq
        ticket = entry.ticket or ""
        if entry.kind is Kind.ISSUE:
            given = entry.body.get("issued_at")
            self._issued[ticket] = (entry.body["service"], datetime.fromisoformat(given) if given else entry.at)
        elif entry.kind is Kind.CALL:
            self._calls.setdefault(ticket, {})[entry.seq] = entry.at
        elif entry.kind is Kind.UNDO:
            self._calls.get(ticket, {}).pop(entry.body["undoes"], None)

    def hours(self) -> tuple[HourCount, ...]:
        """One count a service and hour in which a number was given out, in their order."""
        found: dict[tuple[str, int], list[int]] = {}
        for ticket, (service, at) in self._issued.items():
            count = found.setdefault((service, at.astimezone(JST).hour), [0, 0, 0])
            count[0] += 1
            called = min(self._calls.get(ticket, {}).values(), default=None)
            if called is not None:
                count[1] += 1
                count[2] += max(0, round((called - at).total_seconds()))
        return tuple(HourCount(service, hour, *count) for (service, hour), count in sorted(found.items()))


def course_of(entries: Iterable[Entry]) -> tuple[HourCount, ...]:
    """The course of a whole day from its entries in the order of `seq`."""
    course = DayCourse()
    for entry in entries:
        course.take(entry)
    return course.hours()


def by_hour(counts: Iterable[HourCount]) -> dict[int, HourCount]:
    """The hours of all those counts together, earliest first; the service of each is then ""."""
    found: dict[int, HourCount] = {}
    for each in counts:
        before = found.get(each.hour, HourCount("", each.hour, 0, 0, 0))
        found[each.hour] = HourCount(
            "",
            each.hour,
            before.issued + each.issued,
            before.called + each.called,
            before.wait_seconds + each.wait_seconds,
        )
    return dict(sorted(found.items()))
