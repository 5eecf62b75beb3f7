"""What somebody typed into the form of a part: the value it says, and where on the form each piece of it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from queue_server.config import Code, Problem
from queue_server.web.admin_answers import Problems
from queue_server.web.profile_words import problem_sentence


@dataclass(frozen=True, slots=True)
class Typed:
    """A value of a part as a form says it, not yet judged."""

    value: Any
    places: Mapping[str, str]
    """The control of each field of the value, from the top of the form: {"open.1": "open-2"}.

    A field inside one of these stands there too.
    """
    problems: Mapping[str, str] = field(default_factory=dict)
    """What is wrong that no value could say, by control."""

    def placed(self, found: Iterable[tuple[str, Problem]]) -> Problems:
        """Sentences for the problems of this value, each at its control, from the top; "" for what has none."""
        problems: Problems = {}
        for path, problem in found:
            if problem.code is Code.BOUND_NOT_RISING and not problem.values["limit"]:
                continue  # Below the lowest level; that a bound is at least 1 is told anyway.
            sentences = problems.setdefault(self._control(path), [])
            sentence = problem_sentence(problem)
            if sentence not in sentences:
                sentences.append(sentence)
        order = {control: index for index, control in enumerate(dict.fromkeys(self.places.values()))}
        return dict(sorted(problems.items(), key=lambda item: order.get(item[0], -1)))

    def _control(self, path: str) -> str:
        while path:
            if path in self.places:
                return self.places[path]
            path = path.rpartition(".")[0]
        return ""
