"""The blend: what the simple rules say, weighed and corrected by what was learned, with a range around it."""

import math
from dataclasses import dataclass

from queue_server.domain.waits.features import FREE_INPUT, INPUTS, Known, log1
from queue_server.domain.waits.memory import Waiting
from queue_server.domain.waits.ranges import Range
from queue_server.domain.waits.regression import OnlineRidge
from queue_server.domain.waits.spread import Knot, first_knots, learn_error, reach

PRIOR_PRECISION = 500.0
"""How many observations the start, where all rules count alike, weighs as much as."""

MEMORY = 0.9995
"""What an observation counts for at the next one: half after some 1,400."""

FIRST_SPREAD = -1.6
"""The logarithm of the error that is expected at first."""

SMALLEST_ERROR = 0.02
"""Added to an error before its logarithm is taken: one that was hit by chance says little about the spread."""

FARTHEST = 1.5
"""How far from the mean of the rules, as a logarithm, what is learned may lead."""

LEAST_SPREAD, GREATEST_SPREAD = -3.0, 0.7
"""Between which logarithms the expected spread lies."""

COMMON_ERROR = 0.6
"""An error beyond this counts as if it were no larger (Huber's rule), so that one strange wait teaches little."""

TYPICAL_SIZE, GREATEST_WEIGHT = 3.0, 5.0
"""Long waits count more, by the root of their minutes: 1 at this size (20 minutes), and at most so much."""

CALLED_AT_ONCE = -FARTHEST
"""What a free counter makes, at first, of the wait of somebody whom nobody precedes."""

EXPECTED, SPREAD = 0, 1
"""The two targets of the regression: the wait against the rules' mean, and the logarithm of the error."""


def new_blend(free: float = 0.0) -> "Blend":
    """A blend before anything was learned; `free` is what a free counter makes of the wait, as a logarithm."""
    wait = [0.0] * INPUTS
    wait[FREE_INPUT] = free
    error = [0.0] * (INPUTS - 1)
    return Blend(OnlineRidge([wait, [*error, FIRST_SPREAD]], PRIOR_PRECISION, MEMORY), first_knots())


@dataclass(frozen=True, slots=True)
class Prediction:
    """A range, and on the logarithmic scale what it was made of."""

    range: Range
    expected: float
    spread: float


@dataclass(slots=True)
class Blend:
    """The weights of one kind of wait, and how far off they are wont to be."""

    ridge: OnlineRidge
    knots: list[Knot]

    def predict(self, facts: Known) -> Prediction:
        """The range of a wait of which these facts are known."""
        correction = self.ridge.predict(facts.inputs, EXPECTED)
        expected = facts.size + min(max(correction, -FARTHEST), FARTHEST)
        logarithm = self.ridge.predict(facts.inputs, SPREAD)
        spread = math.exp(min(max(logarithm, LEAST_SPREAD), GREATEST_SPREAD))
        below, above = reach(self.knots, facts.size)
        low, point, high = (
            max(0.0, math.expm1(end)) for end in (expected - below * spread, expected, expected + above * spread)
        )
        return Prediction(Range(low, point, high), expected, spread)

    def learn(self, waiting: Waiting, minutes: float) -> None:
        """Somebody of whom this was predicted waited so long."""
        truth = log1(minutes)
        error = truth - waiting.expected
        weight = min(GREATEST_WEIGHT, math.exp((waiting.size - TYPICAL_SIZE) / 2.0))
        weight *= min(1.0, COMMON_ERROR / max(abs(error), SMALLEST_ERROR))
        self.ridge.learn(waiting.inputs, [truth - waiting.size, math.log(abs(error) + SMALLEST_ERROR)], weight)
        learn_error(self.knots, waiting.size, error / waiting.spread)
