"""A TOML text with other values in it: only the lines of what differs are written anew."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

import tomlkit

from queue_server.config.lines import Layout, layout_of
from queue_server.config.problems import Place
from queue_server.config.structure.parts import Tables

_ONE_VALUE = ("level",)
"""Arrays whose rows mean something only together: when one changes, what was said of any is old."""
_PARTS = ("alerts", "counter", "special_day", *_ONE_VALUE)
"""Tables whose header may carry a comment about what stands in them."""


def rewritten(text: str, old: Tables, new: Tables) -> str:
    """`text`, which says `old`, saying `new`; or nearly so, where the text is laid out too unusually.

    The caller reads it again and sees. Comments stay, except on the line of a changed value and of its
    table's header, and inside a table that goes.
    """
    layout = layout_of(text)
    if not _places(old) <= layout.lines.keys():
        return text
    page = _Page(text, layout)
    page.change_table((), old, new)
    return page.text()


def _places(node: Any, place: Place = ()) -> set[Place]:
    """Every place inside a node."""
    steps = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    inner = [((*place, step), value) for step, value in steps]
    return {where for where, _ in inner}.union(*(_places(value, where) for where, value in inner))


class _Page:
    """The lines of a text, each kept, replaced or gone, with new ones before and after it."""

    def __init__(self, text: str, layout: Layout) -> None:
        self.lines: list[str | None] = list(text.split("\n"))
        self.before: dict[int, list[str]] = {}
        self.after: dict[int, list[str]] = {}
        starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))

        def at(offset: int) -> tuple[int, int]:
            line = bisect_right(starts, offset) - 1
            return line, offset - starts[line]

        self.headers = {place: at(offset) for place, offset in layout.headers.items()}
        self.pairs = {place: (*at(start), at(end)[0]) for place, (start, end) in layout.pairs.items()}

    def text(self) -> str:
        """The text as it now is."""
        return "\n".join(line for number in range(len(self.lines)) for line in self._cell(number))

    def _cell(self, number: int) -> Iterator[str]:
        yield from self.before.get(number, ())
        line = self.lines[number]
        if line is not None:
            yield line
        yield from self.after.get(number, ())

    # -- changes ---------------------------------------------------------------------------------

    def change_table(self, place: Place, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """Write what differs between two states of the table at a place."""
        for key, value in old.items():
            here = (*place, key)
            if key in new and new[key] == value:
                continue
            if here in self.pairs:
                self._strip_header(place)
                self._change_pair(here, new.get(key))
            elif key not in new:
                self._remove(here)
            elif isinstance(value, list):
                self._change_rows(here, value, new[key])
            else:
                self.change_table(here, value, new[key])
        for key, value in new.items():
            if key not in old and value not in ([], {}):
                self._add(place, key, value)

    def _change_pair(self, place: Place, value: Any) -> None:
        first, column, last = self.pairs[place]
        line = self.lines[first] or ""
        self.lines[first : last + 1] = [None] * (last + 1 - first)
        if value is not None:
            self.lines[first] = line[:column] + _toml(value)

    def _change_rows(self, place: Place, old: Sequence[Any], new: Sequence[Any]) -> None:
        """Write what differs between two states of an array of tables; rows are the same if their names are."""
        numbers = {_name(row): index for index, row in enumerate(old)}
        first = self.headers[*place, 0][0]
        if place[-1] in _ONE_VALUE:
            for index in range(len(old)):
                self._strip_header((*place, index))
        for name in numbers.keys() - {_name(row) for row in new}:
            self._remove((*place, numbers[name]))
        line = None
        for row in new:
            number = numbers.get(_name(row))
            if number is not None:
                self.change_table((*place, number), old[number], row)
                line = self._end((*place, number))
            elif line is None:
                self.before.setdefault(first, []).extend([*_row(place, row), ""])
            else:
                self.after.setdefault(line, []).extend(["", *_row(place, row)])

    def _add(self, place: Place, key: str, value: Any) -> None:
        """Write a value that the table at a place did not have."""
        here = (*place, key)
        rows = value if isinstance(value, list) and all(isinstance(row, Mapping) for row in value) else None
        if place in self.headers and rows is not None:
            new = [line for row in rows for line in ("", *_row(here, row))]
            self.after.setdefault(self._end(place), []).extend(new)
        elif place in self.headers and key == "alerts":
            new = ["", f"[{_header(here)}]", *_pairs(value)]
            self.after.setdefault(self._end(place), []).extend(new)
        else:
            section = self._section(place)
            self._strip_header(place)
            name = ".".join(tomlkit.key(str(step)).as_string() for step in here[len(section) :])
            self.after.setdefault(self._own_end(section), []).append(f"{name} = {_toml(value)}")

    def _remove(self, place: Place) -> None:
        """Take away every table and pair at a place and inside it, and the empty line after a table."""
        for pair in self._inside(self.pairs, place):
            self._change_pair(pair, None)
        for section in self._inside(self.headers, place):
            first, last = self.headers[section][0], self._own_end(section)
            if last + 1 < len(self.lines) and self.lines[last + 1] == "":
                last += 1
            self.lines[first : last + 1] = [None] * (last + 1 - first)

    def _strip_header(self, place: Place) -> None:
        if place in self.headers and any(step in _PARTS for step in place):
            line, column = self.headers[place]
            self.lines[line] = (self.lines[line] or "")[:column]

    # -- lines -----------------------------------------------------------------------------------

    def _inside(self, places: Mapping[Place, Any], place: Place) -> list[Place]:
        return [each for each in places if each[: len(place)] == place]

    def _section(self, place: Place) -> Place:
        """The nearest table with a header at or around a place: what stands there is written in its lines."""
        while place and place not in self.headers:
            place = place[:-1]
        return place

    def _own_end(self, section: Place) -> int:
        """The last line of a table's header and pairs, without the tables inside it."""
        ends = [last for pair, (_, _, last) in self.pairs.items() if self._section(pair) == section]
        return max([self.headers[section][0], *ends])

    def _end(self, place: Place) -> int:
        """The last line of a table and of all tables inside it."""
        return max(self._own_end(section) for section in self._inside(self.headers, place))


def _name(row: Mapping[str, Any]) -> str:
    """What tells a row from the others of its array."""
    return str(next(row[key] for key in ("id", "day", "key") if key in row))


def _header(place: Place) -> str:
    return ".".join(tomlkit.key(step).as_string() for step in place if isinstance(step, str))


def _row(place: Place, row: Mapping[str, Any]) -> list[str]:
    return [f"[[{_header(place)}]]", *_pairs(row)]


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{tomlkit.key(key).as_string()} = {_toml(value)}" for key, value in table.items()]


def _toml(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(_pairs(value))} }}" if value else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return str(tomlkit.item(value).as_string())
