"""Ridge regression that learns one observation at a time, with a known start: recursive least squares."""

from collections.abc import Sequence
from operator import mul


def dot(left: Sequence[float], right: Sequence[float]) -> float:
    """The inner product of two vectors of one length."""
    product: float = sum(map(mul, left, right))
    return product


class OnlineRidge:
    """Weights that start at `prior` and are worth `precision` observations there; older ones fade by `memory`.

    Several targets share the inputs, and with them the matrix, which is most of the cost. The update is
    that of recursive least squares with forgetting (Haykin, Adaptive Filter Theory, chapter 10): after n
    observations the weights are those of a ridge regression towards the prior.
    """

    def __init__(self, priors: Sequence[Sequence[float]], precision: float, memory: float) -> None:
        self.weights = [list(prior) for prior in priors]
        self.memory = memory
        size = len(self.weights[0])
        self.covariance = [
            [1.0 / precision if row == column else 0.0 for column in range(size)] for row in range(size)
        ]

    def predict(self, inputs: Sequence[float], target: int) -> float:
        """What the weights of a target say of these inputs."""
        return dot(self.weights[target], inputs)

    def learn(self, inputs: Sequence[float], truths: Sequence[float], weight: float) -> None:
        """Take in one observation: the inputs, and what each target truly was; `weight` is what it counts for."""
        spread = [dot(row, inputs) for row in self.covariance]
        gain = 1.0 / (self.memory / weight + dot(spread, inputs))
        for weights, truth in zip(self.weights, truths, strict=True):
            step = gain * (truth - dot(weights, inputs))
            weights[:] = [old + step * part for old, part in zip(weights, spread, strict=True)]
        fade = 1.0 / self.memory
        for row, part in zip(self.covariance, spread, strict=True):
            factor = gain * part
            row[:] = [(old - factor * other) * fade for old, other in zip(row, spread, strict=True)]
