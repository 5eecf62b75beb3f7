"""What is wrong with a profile, and where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from queue_server.config.codes import SENTENCES, Code

Place = tuple[str | int, ...]
"""The way from the top of a profile to a value: ("site", 0, "service", 1, "series")."""

Values = Mapping[str, str | int]
"""What a code's sentence has to fill in: {"limit": 80}."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where something is wrong, and what."""

    path: Place
    code: Code
    values: Values = field(default_factory=lambda: MappingProxyType({}))


def wrong(path: Place, code: Code, **values: str | int) -> Finding:
    """A finding in few words: `wrong(place, Code.TOO_LONG, limit=80)`."""
    return Finding(path, code, MappingProxyType(values))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where it stands, on which line of the file if known, and what is wrong."""

    path: Place
    line: int | None
    code: Code
    values: Values

    @property
    def place(self) -> str:
        """The place as people read it: `site[0].service[1].series`."""
        return place_text(self.path)

    @property
    def message(self) -> str:
        """What is wrong, in a sentence for the terminal."""
        return SENTENCES[self.code].format_map(self.values)


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
