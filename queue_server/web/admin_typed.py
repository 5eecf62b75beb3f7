"""What somebody typed into the form of a part: the value it says, and where on the form each piece of it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from queue_server.config import Code, Problem
from queue_server.web.admin_answers import Problems
from queue_server.web.profile_words import left_out, problem_sentence


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

    def together(self, found: Iterable[tuple[str, Problem]]) -> Problems:
        """The sentences of `problems` and of what else is wrong with the value, from the top of the form.

        What could not be said as a value stands alone at its control.
        """
        said: Problems = {name: [sentence] for name, sentence in self.problems.items()}
        others = {name: sentences for name, sentences in self.placed(found).items() if name and name not in said}
        return self._from_the_top({**said, **others})

    def placed(self, found: Iterable[tuple[str, Problem]]) -> Problems:
        """Sentences for the problems of this value, each at its control, from the top; "" for what has none."""
        problems: Problems = {}
        for path, problem in found:
            if problem.code is Code.BOUND_NOT_RISING and not problem.values["limit"]:
                continue  # Below the lowest level; that a bound is at least 1 is told anyway.
            sentences = problems.setdefault(self._control(path), [])
            sentence = self._left_out(path) if problem.code is Code.BAD_TEXT else ""
            sentence = sentence or problem_sentence(problem)
            if sentence not in sentences:
                sentences.append(sentence)
        return self._from_the_top(problems)

    def _from_the_top(self, problems: Problems) -> Problems:
        order = {control: index for index, control in enumerate(dict.fromkeys(self.places.values()))}
        return dict(sorted(problems.items(), key=lambda item: order.get(item[0], -1)))

    def _left_out(self, path: str) -> str:
        """What has to be typed where nothing was; empty where something was typed that does not fit."""
        typed = self.value
        for name in path.split("."):
            typed = typed[int(name)] if isinstance(typed, list) else typed.get(name)
        return left_out(path.rpartition(".")[2]) if typed == "" else ""

    def _control(self, path: str) -> str:
        while path:
            if path in self.places:
                return self.places[path]
            path = path.rpartition(".")[0]
        return ""
