"""Where in a TOML text its tables and values stand. tomllib keeps no positions, so this walks the text again."""

import re
from bisect import bisect_left
from contextlib import suppress
from dataclasses import dataclass, field

from queue_server.config.problems import Place

_GAP = re.compile(r"(?:[\s,]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'',
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_SCALAR = re.compile(r"[^,\]}\n#]*")


@dataclass(slots=True)
class Layout:
    """Where the tables and keys of a text stand; every number is a line, from 1, or an offset in the text."""

    lines: dict[Place, int] = field(default_factory=dict)
    """Every table, key and element."""
    headers: dict[Place, int] = field(default_factory=dict)
    """For each `[table]` and `[[table]]`, the offset behind its brackets."""
    pairs: dict[Place, tuple[int, int]] = field(default_factory=dict)
    """For each `key = value` that has lines of its own, the offsets where the value begins and ends."""


def line_of(lines: dict[Place, int], place: Place) -> int | None:
    """The line of a place, or of the nearest table around it when the key itself is missing."""
    while place:
        if place in lines:
            return lines[place]
        place = place[:-1]
    return None


def locate(text: str) -> dict[Place, int]:
    """The line (from 1) of every table and key of a text that tomllib has accepted.

    Where the walk cannot follow it stops, and gives the lines up to there: a message without its line is
    better than none.
    """
    return layout_of(text).lines


def layout_of(text: str) -> Layout:
    """The layout of a text that tomllib has accepted; where the walk cannot follow, the layout up to there."""
    walk = _Walk(text)
    with suppress(ValueError, IndexError):
        walk.run()
    return walk.layout


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.newlines = [match.start() for match in re.finditer("\n", text)]
        self.layout = Layout()
        self.array_sizes: dict[Place, int] = {}

    def run(self) -> None:
        table: Place = ()
        self._skip(_GAP)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                place, start = self._pair(table)
                self.layout.pairs[place] = (start, self.at)
            self._skip(_GAP)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise ValueError(f"unexpected text on line {self._line()}")
        self.at = match.end()
        return match.group()

    def _line(self) -> int:
        return bisect_left(self.newlines, self.at) + 1

    def _mark(self, place: Place) -> None:
        self.layout.lines.setdefault(place, self._line())

    def _names(self) -> list[str]:
        names = []
        while True:
            quoted = self.text[self.at] in "\"'"
            names.append(self._skip(_STRING)[1:-1] if quoted else self._skip(_BARE_KEY))
            if not _DOT.match(self.text, self.at):
                return names
            self._skip(_DOT)

    def _header(self) -> Place:
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        self._skip(_GAP)
        *outer, last = self._names()
        place: Place = ()
        for name in outer:
            place = (*place, name)
            # [a.b] makes a, where a has no header of its own.
            self._mark(place)
            if place in self.array_sizes:
                place = (*place, self.array_sizes[place] - 1)
        place = (*place, last)
        self._mark(place)
        if brackets == 2:
            index = self.array_sizes.get(place, 0)
            self.array_sizes[place] = index + 1
            place = (*place, index)
            self._mark(place)
        self._skip(_GAP)
        self.at += brackets
        self.layout.headers[place] = self.at
        return place

    def _pair(self, table: Place) -> tuple[Place, int]:
        """Pass a key and its value; the key's place, and the offset at which the value begins."""
        place: Place = table
        line = self._line()
        for name in self._names():
            place = (*place, name)
            self.layout.lines.setdefault(place, line)
        self._skip(_EQUALS)
        start = self.at
        self._value(place)
        return place, start

    def _value(self, place: Place) -> None:
        self._mark(place)
        first = self.text[self.at]
        if first in "\"'":
            self._skip(_STRING)
        elif first == "[":
            self._items(place)
        elif first == "{":
            self._inline_table(place)
        else:
            self._skip(_SCALAR)

    def _items(self, place: Place) -> None:
        self.at += 1
        index = 0
        while self._skip_to_end("]"):
            self._value((*place, index))
            index += 1

    def _inline_table(self, place: Place) -> None:
        self.at += 1
        while self._skip_to_end("}"):
            self._pair(place)

    def _skip_to_end(self, closing: str) -> bool:
        """Go to the next element; False, and past the bracket, when there is none."""
        self._skip(_GAP)
        if self.text[self.at] != closing:
            return True
        self.at += 1
        return False
