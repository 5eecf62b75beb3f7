"""What is known at one moment about the wait of somebody with so many people before them, as numbers."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from queue_server.domain.waits.memory import (
    GAP_LIMIT,
    PRIOR_RECENT,
    PRIOR_TODAY,
    RECENT_LIMIT,
    SLOT,
    SLOTS,
    Line,
    Prior,
    slot_of,
)

PATIENCE = 240.0
"""Minutes: people leave a line at a rate of one in so many a minute. It slows the growth of very long waits."""

STAYING = 4.0
"""The scale on which it is learned whether people leave at that rate: so that a day's long waits can tell.

The prior weighs this input as STAYING squared times fewer observations than the others."""

OWN_TURN = 0.5
"""The person's own turn, in people: even with nobody before them they come in the middle of a gap on average."""

WINDOW = 30.0
"""Minutes over which the calls of now are counted."""

FEWEST_CALLS = 0.5
"""What no call at all in that time is counted as."""

REACH = 2.5
"""How fast waits at other lengths of the line count less, per unit of the logarithm of the length."""

PRIOR_WAITS = 2.0
"""How many waits at the usual pace weigh as much as, in the mean wait at this length."""

INPUTS = 14
"""How many numbers `known` gives."""

FREE_INPUT = 9
"""Which of them is 1 where a counter is free."""


@dataclass(frozen=True, slots=True)
class Known:
    """The inputs of the blend; `size` is what the simple rules say on average, as the logarithm of minutes + 1."""

    inputs: tuple[float, ...]
    size: float


def log1(minutes: float) -> float:
    """The scale on which waits are compared: the logarithm of minutes + 1."""
    return math.log(minutes + 1.0)


def patient(minutes: float) -> float:
    """What is left of a long wait when some of those ahead do not stay for it.

    While one waits the line ahead thins out: a wait w passes people at the pace of the calls and of the
    leaving, so that minutes = PATIENCE * (exp(w / PATIENCE) - 1). It is the fluid limit of a queue with
    abandonment (W. Whitt, Fluid models for multiserver queues with abandonments, Operations Research 54, 2006).
    """
    return min(
        minutes, PATIENCE * math.log1p(minutes / PATIENCE)
    )  # min: the quotient is rounded, patience never adds


def known(line: Line, prior: Prior, now: float, ahead: int, day_end: float | None) -> Known:
    """What is known at minute `now` for somebody with `ahead` people of the line before them.

    `day_end` is the minute at which the last call of the day is expected, None while nobody can say. The
    first inputs are the simple rules, each against their mean; then what the rules do not see.
    """
    now_at = _Pace(line, prior, now)
    minutes = now_at.rules(ahead)
    rules = [log1(patient(wait)) for wait in minutes]
    size = sum(rules) / len(rules)
    # How long the line really takes shows at its end, also for somebody who has come half way.
    everybody = len(line.today.waiting)
    whole = size if ahead >= everybody else sum(log1(patient(wait)) for wait in now_at.rules(everybody)) / len(rules)
    people = max(ahead, everybody) + OWN_TURN
    recent = sum(1 for call in line.today.calls if call >= now - WINDOW)
    noon = (now - 720.0) / 240.0
    inputs = (
        *(rule - size for rule in rules),
        log1(now_at.waited) - whole if everybody else 0.0,
        log1(people * WINDOW / max(FEWEST_CALLS, recent)) - whole,
        log1(now_at.standstill) - log1(now_at.pace),
        min(0.0, log1(max(0.0, day_end - now)) - size) if day_end is not None else 0.0,
        1.0 if line.today.free else 0.0,
        STAYING * (sum(map(log1, minutes)) / len(rules) - size),
        noon,
        noon * noon,
        1.0,
    )
    return Known(inputs, size)


class _Pace:
    """How fast a line goes now, and what the simple rules make of it."""

    def __init__(self, line: Line, prior: Prior, now: float) -> None:
        self._line, self._now = line, now
        first = next(iter(line.today.waiting.values()), None)
        since = first.since if first else now
        last_call = line.today.calls[-1] if line.today.calls else since
        self.usual = line.usual_gap(prior)
        self.waited = max(0.0, now - since)
        """For how long the one who came first is waiting; 0 where nobody is."""
        self.standstill = max(0.0, now - max(last_call, since))
        """For how long nobody was called though somebody waits."""
        self.pace = pace_of_now(line, self.usual, self.standstill)
        self._work = line.work(prior) / (line.today.counters or 1.0)

    def rules(self, ahead: int) -> tuple[float, ...]:
        """Minutes of wait behind so many people, by each of the simple rules."""
        people = ahead + OWN_TURN
        return (
            people * self.usual,
            people * self.pace,
            people * self._work,
            _at_this_length(self._line, self.usual, ahead),
            _through_the_day(self._line, self.usual, self._now, people),
        )


def pace_of_now(line: Line, usual: float, standstill: float) -> float:
    """Minutes between two calls as the last gaps have it, shrunken to the usual gap.

    A gap that is still going on counts as well once it is longer than that.
    """
    gaps = line.today.gaps
    weight = len(gaps) + PRIOR_RECENT
    pace = (sum(min(gap, RECENT_LIMIT * usual) for gap in gaps) + PRIOR_RECENT * usual) / weight
    if standstill > pace:
        return (pace * weight + min(standstill, GAP_LIMIT * usual)) / (weight + 1.0)
    return pace


def _at_this_length(line: Line, usual: float, ahead: int) -> float:
    """The mean wait of those who had about as many people before them, each scaled to this number."""
    total, weight = PRIOR_WAITS * (ahead + OWN_TURN) * usual, PRIOR_WAITS
    here = math.log(ahead + 1.0)
    for length in line.lengths.values():
        there = length.lengths / length.count + 1.0
        apart = REACH * (math.log(there) - here)
        near = math.exp(-apart * apart)
        total += near * length.waits * (ahead + 1.0) / there
        weight += near * length.count
    return total / weight


def _through_the_day(line: Line, usual: float, now: float, people: float) -> float:
    """How long so many calls take at the pace that the coming slots of the day usually have."""
    today = (line.today.made_calls + PRIOR_TODAY) / (line.today.usual_calls + PRIOR_TODAY)
    time = now
    for slot, end in _coming_slots(now):
        pace = line.slot_pace(slot, usual) * today
        if people <= pace * (end - time):
            return time + people / pace - now
        people -= pace * (end - time)
        time = end
    return time - now + people * usual


def _coming_slots(now: float) -> Iterator[tuple[int, float]]:
    """The slots from a minute to the end of the day, each with its last minute."""
    return ((slot, (slot + 1) * SLOT) for slot in range(slot_of(now), SLOTS) if (slot + 1) * SLOT > now)
