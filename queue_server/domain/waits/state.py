"""What an estimator has learned, in the terms of JSON, as a morning finds it.

It is what `Estimator.begin_day` leaves: nothing of today is in it. Numbers come back exactly as they were,
so that an estimator that was kept goes on like one that never stopped.
"""

from collections.abc import Mapping
from typing import Any

from queue_server.domain.waits.blend import Blend, new_blend
from queue_server.domain.waits.estimator import Estimator
from queue_server.domain.waits.features import INPUTS
from queue_server.domain.waits.memory import SLOTS, Length, Line
from queue_server.domain.waits.spread import KNOTS, Knot

FORM = 1
"""The form of what is kept. It is raised with every change of what the numbers mean: older ones are dropped."""


def plain_estimator(estimator: Estimator) -> dict[str, Any]:
    """What an estimator has learned until this morning."""
    return {
        "form": FORM,
        "gaps": [estimator.gaps_seen, estimator.gaps_said],
        "day_ends": [list(each) for each in estimator.day_ends],
        "blends": [_plain_blend(each) for each in (estimator.blend, estimator.blend_of_first)],
        "lines": {name: _plain_line(line) for name, line in estimator.lines.items()},
    }


def estimator_of_plain(values: Mapping[str, Any]) -> Estimator | None:
    """The estimator that `plain_estimator` gave; None for one of another form.

    Raises KeyError, TypeError or ValueError for what is none.
    """
    if values["form"] != FORM:
        return None
    estimator = Estimator()
    estimator.gaps_seen, estimator.gaps_said = values["gaps"]
    estimator.day_ends.extend((closes, last) for closes, last in values["day_ends"])
    estimator.blend, estimator.blend_of_first = (_blend_of(each) for each in values["blends"])
    estimator.lines = {name: _line_of(each) for name, each in values["lines"].items()}
    return estimator


def _plain_blend(blend: Blend) -> dict[str, Any]:
    return {
        "weights": blend.ridge.weights,
        "covariance": blend.ridge.covariance,
        "knots": [[knot.below, knot.above, knot.count] for knot in blend.knots],
    }


def _blend_of(values: Mapping[str, Any]) -> Blend:
    blend = new_blend()
    weights, covariance = values["weights"], values["covariance"]
    if any(len(row) != INPUTS for row in (*weights, *covariance)) or len(covariance) != INPUTS:
        raise ValueError("the blend has other inputs")
    blend.ridge.weights, blend.ridge.covariance = weights, covariance
    blend.knots = [Knot(*each) for each in values["knots"]]
    if len(blend.knots) != KNOTS:
        raise ValueError("the blend has other sizes")
    return blend


def _plain_line(line: Line) -> dict[str, Any]:
    """A line; of its slots, those in which somebody waited."""
    slots = enumerate(zip(line.slot_minutes, line.slot_calls, strict=True))
    return {
        "sums": [line.gaps, line.works, line.count],
        "lengths": [[step, each.waits, each.lengths, each.count] for step, each in line.lengths.items()],
        "slots": [[slot, minutes, calls] for slot, (minutes, calls) in slots if minutes or calls],
    }


def _line_of(values: Mapping[str, Any]) -> Line:
    line = Line(*values["sums"])
    line.lengths = {step: Length(*each) for step, *each in values["lengths"]}
    for slot, minutes, calls in values["slots"]:
        if slot not in range(SLOTS):
            raise ValueError("the day has other slots")
        line.slot_minutes[slot], line.slot_calls[slot] = minutes, calls
    return line
