"""The estimator of one site: it is told what happens, in order, and says at any moment how long a wait will be.

It blends simple rules and learns while it runs: each call gives the true wait of one person. It starts
where all rules count alike, so that it works from the first morning. One and the same estimator serves
the hall, which tells it of every journal entry, and `queue-server replay`.
"""

from collections import deque
from collections.abc import Mapping
from statistics import median

from queue_server.domain.waits.blend import CALLED_AT_ONCE, Blend, Prediction, new_blend
from queue_server.domain.waits.features import Known, known
from queue_server.domain.waits.memory import DAY_MEMORY, Line, Prior, Waiting
from queue_server.domain.waits.ranges import Range

DEFAULT_MINUTES = 10.0
"""Minutes of work per person where nobody says."""

KEPT_DAYS = 10
"""Over how many days the minute of the last call is looked at."""

PRIOR_GAPS_OF_SITE = 2.0
"""How many gaps as promised the comparison of a site's pace with what was promised begins with."""


class Estimator:
    """Knows one site. Lines and tickets go by any names; times are minutes after midnight of the day."""

    def __init__(self, minutes: Mapping[str, float] | None = None) -> None:
        """`minutes` is what a person of a line is said to take at a counter, for the lines of which it is said."""
        self.minutes: Mapping[str, float] = minutes or {}
        self.lines: dict[str, Line] = {}
        self.gaps_seen = 0.0
        self.gaps_said = 0.0
        self.day_ends: deque[tuple[float | None, float]] = deque(maxlen=KEPT_DAYS)
        """Of the last days: when the hall was to close, where that is known, and when the last call was."""
        self.closes: float | None = None
        """When the hall closes today, where that is known; it may change during the day."""
        self.last_call: tuple[float | None, float] | None = None
        """When the hall was to close, and when somebody was called last today."""
        self.blend = new_blend()
        self.blend_of_first = new_blend(CALLED_AT_ONCE)
        """For those with nobody before them: whether a counter is free matters more than any pace."""

    # -- what happens ----------------------------------------------------------------------------

    def begin_day(self) -> None:
        """Another day begins: who still waits is forgotten, and what was learned counts for a little less."""
        if self.last_call is not None:
            self.day_ends.append(self.last_call)
        self.closes = self.last_call = None
        self.gaps_seen *= DAY_MEMORY
        self.gaps_said *= DAY_MEMORY
        for line in self.lines.values():
            line.begin_day()

    def counters(self, line: str, number: float, free: float | None = None) -> None:
        """So many counters are open for a line, and at `free` of them nobody is, where that is known.

        A counter that several lines share may count in part.
        """
        today = self.line(line).today
        today.counters, today.free = number, free

    def issued(
        self, line: str, ticket: str, now: float, ahead: int | None = None, since: float | None = None
    ) -> Range:
        """Somebody enters a line; returns the range of their wait.

        `ahead` is how many come before them, where that is not everybody; `since` when their wait began,
        where that was earlier. A ticket that is waiting already begins to wait anew.
        """
        here = self.line(line)
        here.today.waiting.pop(ticket, None)
        before = len(here.today.waiting) if ahead is None else ahead
        facts, prediction = self._predict(line, now, before)
        here.today.waiting[ticket] = Waiting(
            now,
            before,
            facts.inputs,
            facts.size,
            prediction.expected,
            prediction.spread,
        )
        return prediction.range

    def called(self, line: str, ticket: str, now: float) -> None:
        """Somebody is called: their wait is known now. A ticket that does not wait there teaches nothing."""
        here = self.line(line)
        waiting = here.today.waiting.pop(ticket, None)
        if waiting is None:
            return
        minutes = max(0.0, now - waiting.since)
        self._blend_for(waiting.ahead).learn(waiting, minutes)
        if waiting.ahead:
            here.learn_wait(waiting.ahead, minutes)
        gap = here.learn_call(waiting.since, now, self._prior(line))
        if gap is not None:
            self.gaps_seen += gap
            self.gaps_said += self._minutes(line) / (here.today.counters or 1.0)
        self.last_call = (self.closes, now)

    def left(self, line: str, ticket: str) -> None:
        """Somebody who waits leaves, and is not called."""
        self.line(line).today.waiting.pop(ticket, None)

    # -- what is asked ---------------------------------------------------------------------------

    def predict(self, line: str, now: float, ahead: int) -> Range:
        """The wait from now on of somebody who has so many people of the line before them."""
        return self._predict(line, now, ahead)[1].range

    def line(self, name: str) -> Line:
        """What is known of a line; one that was never heard of is new."""
        found = self.lines.get(name)
        if found is None:
            found = self.lines[name] = Line()
        return found

    def _predict(self, line: str, now: float, ahead: int) -> tuple[Known, Prediction]:
        facts = known(self.line(line), self._prior(line), now, ahead, self._day_end())
        return facts, self._blend_for(ahead).predict(facts)

    def _blend_for(self, ahead: int) -> Blend:
        return self.blend if ahead else self.blend_of_first

    def _minutes(self, line: str) -> float:
        return self.minutes.get(line, DEFAULT_MINUTES)

    def _prior(self, line: str) -> Prior:
        """The pace of the site as a whole: what was said of this line, times how right that was of all lines."""
        said = self._minutes(line)
        right = (self.gaps_seen + PRIOR_GAPS_OF_SITE * DEFAULT_MINUTES) / (
            self.gaps_said + PRIOR_GAPS_OF_SITE * DEFAULT_MINUTES
        )
        return Prior(said * right / (self.line(line).today.counters or 1.0), said)

    def _day_end(self) -> float | None:
        """When the last call of today is to be expected: as long after closing time as on the days before."""
        if self.closes is None:
            ends = [last for closes, last in self.day_ends if closes is None]
            return median(ends) if ends else None
        late = [last - closes for closes, last in self.day_ends if closes is not None]
        return self.closes + (median(late) if late else 0.0)
