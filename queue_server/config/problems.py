"""What is wrong with a profile, and where."""

from collections.abc import Iterable
from dataclasses import dataclass

Place = tuple[str | int, ...]
"""The way from the top of a profile to a value: ("site", 0, "service", 1, "series")."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: the place (`site[0].service[1].series`), its line if known, and what is wrong."""

    place: str
    line: int | None
    message: str


class ProfileError(Exception):
    """A profile that cannot be used; `problems` has all that is wrong with it, in the order of the lines."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join(self._sentence(problem) for problem in self.problems))

    def _sentence(self, problem: Problem) -> str:
        where = self.file if problem.line is None else f"{self.file}:{problem.line}"
        return ": ".join(part for part in (where, problem.place, problem.message) if part)


def place_text(place: Place) -> str:
    """A place as people read it: `site[0].service[1].series`."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
