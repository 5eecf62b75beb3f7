"""What one line (a service, or a stage of one) has shown so far: its pace over days, its pace today, who waits."""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

DAY_MEMORY = 0.9
"""What a day counts for on the next one: half after a week of working days."""

RECENT_GAPS = 8
"""The times between two calls that make the pace of now."""

KEPT_CALLS = 64
"""How many of the last calls are kept to count those of the last half hour."""

SLOT = 30.0
"""Minutes of one slot of the day, whose pace is learned apart: lunch, and the hour before closing."""

SLOTS = 48

GAP_LIMIT = 6.0
"""A gap counts for at most so many usual ones: a standstill is not a pace."""

RECENT_LIMIT = 4.0
"""The same in the pace of now."""

PRIOR_GAPS = 4.0
"""How many observed gaps the pace of the whole site weighs as much as, in a line's own."""

PRIOR_RECENT = 6.0
"""How many gaps of now the usual pace weighs as much as, in the pace of now."""

PRIOR_SLOT = 20.0
"""How many minutes of a slot the usual pace weighs as much as, in the slot's own."""

TODAY_MEMORY = 0.95
"""What a call counts for at the next one, where today is compared with what is usual."""

PRIOR_TODAY = 4.0
"""How many calls as usual that comparison begins with."""

STEPS = 4.0
"""Lengths of the line are learned in steps of their logarithm: so many for a line e times as long."""

FORGOTTEN = 0.05
"""Waits at a length of the line that count for less are forgotten: one wait of a month ago."""

FASTEST = 0.2
"""Minutes between two calls below which a usual pace is not believed."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is assumed of a line before anything was seen there, in minutes."""

    gap: float
    """Between two calls while somebody waits."""
    work: float
    """What one person takes at one counter."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits: since when, behind how many, and what was predicted from which inputs."""

    since: float
    ahead: int
    inputs: tuple[float, ...]
    size: float
    expected: float
    spread: float


@dataclass(slots=True)
class Length:
    """The waits of those who had about one number of people before them, summed up."""

    waits: float = 0.0
    lengths: float = 0.0
    count: float = 0.0


@dataclass(slots=True)
class Today:
    """What a line has shown since the morning. Minutes count from midnight."""

    waiting: dict[str, Waiting] = field(default_factory=dict)
    """Who waits, by ticket, in the order of issue."""
    counters: float | None = None
    """Open counters, where that is recorded."""
    free: float | None = None
    """Of those, the counters at which nobody is, where that is recorded."""
    calls: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))
    gaps: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT_GAPS))
    usual_calls: float = 0.0
    """How many calls the times that somebody waited usually bring; `made_calls` came. Older ones fade."""
    made_calls: float = 0.0


@dataclass(slots=True)
class Line:
    """One line: sums over the days, older ones fading, and today."""

    gaps: float = 0.0
    """Minutes between two calls while somebody waited."""
    works: float = 0.0
    """The same times the counters that were open."""
    count: float = 0.0
    lengths: dict[int, Length] = field(default_factory=dict)
    slot_minutes: list[float] = field(default_factory=lambda: [0.0] * SLOTS)
    """Per slot of the day: minutes during which somebody waited."""
    slot_calls: list[float] = field(default_factory=lambda: [0.0] * SLOTS)
    today: Today = field(default_factory=Today)

    def begin_day(self) -> None:
        """Forget today, and let what was learned count for less."""
        self.today = Today()
        self.gaps *= DAY_MEMORY
        self.works *= DAY_MEMORY
        self.count *= DAY_MEMORY
        self.lengths = {
            step: Length(length.waits * DAY_MEMORY, length.lengths * DAY_MEMORY, length.count * DAY_MEMORY)
            for step, length in self.lengths.items()
            if length.count > FORGOTTEN
        }
        self.slot_minutes = [minutes * DAY_MEMORY for minutes in self.slot_minutes]
        self.slot_calls = [calls * DAY_MEMORY for calls in self.slot_calls]

    def usual_gap(self, prior: Prior) -> float:
        """Minutes between two calls while somebody waits, as the last days had it."""
        return (self.gaps + prior.gap * PRIOR_GAPS) / (self.count + PRIOR_GAPS)

    def work(self, prior: Prior) -> float:
        """Minutes that one person takes at one counter, as the last days had it."""
        return (self.works + prior.work * PRIOR_GAPS) / (self.count + PRIOR_GAPS)

    def slot_pace(self, slot: int, usual: float) -> float:
        """Calls a minute in one slot of the day while somebody waits; `usual` is the gap that is usual."""
        return (self.slot_calls[slot] + PRIOR_SLOT / max(usual, FASTEST)) / (self.slot_minutes[slot] + PRIOR_SLOT)

    def learn_wait(self, ahead: int, minutes: float) -> None:
        """Somebody who had `ahead` people before them waited so long."""
        length = self.lengths.setdefault(int(STEPS * math.log(ahead + 1.0)), Length())
        length.waits += minutes
        length.lengths += ahead
        length.count += 1.0

    def learn_call(self, since: float, now: float, prior: Prior) -> float | None:
        """A call at `now` of somebody who waited since then; returns the gap before it if it tells the pace.

        It does when the one called was already waiting as the call before was made. A gap is counted up to
        a limit: a standstill is not a pace.
        """
        calls = self.today.calls
        gap = None
        if calls:
            # A clock that was set back makes no time negative.
            start = min(now, max(calls[-1], since))
            if since <= calls[-1]:
                self.today.gaps.append(now - start)
                gap = min(now - start, GAP_LIMIT * self.usual_gap(prior))
                self.gaps += gap
                self.works += gap * (self.today.counters or 1.0)
                self.count += 1.0
            self._learn_slots(start, now, self.usual_gap(prior))
        calls.append(now)
        return gap

    def _learn_slots(self, start: float, now: float, usual: float) -> None:
        expected = 0.0
        for slot, minutes in _slots_between(start, now):
            expected += minutes * self.slot_pace(slot, usual)
            self.slot_minutes[slot] += minutes
        self.slot_calls[slot_of(now)] += 1.0
        self.today.usual_calls = self.today.usual_calls * TODAY_MEMORY + expected
        self.today.made_calls = self.today.made_calls * TODAY_MEMORY + 1.0


def slot_of(minute: float) -> int:
    """The slot of the day in which a minute lies; what lies outside the day belongs to its first or last."""
    return min(SLOTS - 1, max(0, int(minute // SLOT)))


def _slots_between(start: float, end: float) -> Iterable[tuple[int, float]]:
    """The slots from one minute to another, each with its minutes."""
    while start < end:
        slot = slot_of(start)
        stop = end if slot == SLOTS - 1 else min(end, (slot + 1) * SLOT)
        yield slot, stop - start
        start = stop
