"""The turns of an event loop, taken by hand: commands are given one after the other and carried out in one turn."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from queue_server.hall.together import Command, Together
from queue_server.worker import Signal
from tests.support.halls import Town


class Paused(Exception):  # noqa: N818 - what the test does instead of waiting
    """A command waits for its turn."""


@dataclass
class ManualSignal:
    """Nobody waits for it."""

    was_set: bool = False

    def wait(self) -> object:
        raise Paused

    def set(self) -> None:
        self.was_set = True


@dataclass
class ManualTurns:
    """Keeps what is to run soon."""

    functions: list[Callable[[], None]] = field(default_factory=list)

    def soon(self, function: Callable[[], None]) -> None:
        self.functions.append(function)

    def signal(self) -> ManualSignal:
        return ManualSignal()


class Turn:
    """Commands of one turn in a town: `give` each, then `take` the turn."""

    def __init__(self, town: Town) -> None:
        self._turns = ManualTurns()
        self._together = Together(town.store, town.clock, self._turns)
        for hall in town.city.halls.values():
            hall._together = self._together
        self.given: list[tuple[Command, Signal]] = []

    def give(self, command: Callable[[], Any]) -> None:
        """Give a command; it waits."""
        try:
            command()
        except Paused:
            self.given.append(self._together._waiting[-1])
        else:
            raise AssertionError("a command waits for its turn")

    def take(self) -> list[Any]:
        """Carry out what was given; each one's answer, or the error that its caller would get."""
        turns = 0
        while self._turns.functions:
            self._turns.functions.pop(0)()
            turns += 1
        self.turns = turns
        given, self.given = self.given, []
        assert all(signal.was_set for _, signal in given if isinstance(signal, ManualSignal))
        return [command.error or command.answer for command, _ in given]
