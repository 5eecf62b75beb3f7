"""Careful reading of tables that may be wrong, so that the checks between tables run beside the schema's."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from queue_server.config.codes import Code
from queue_server.config.problems import Finding, Place, wrong


@dataclass(frozen=True, slots=True)
class Row:
    """A table as it stands in the file. Values of a wrong type read as missing: the schema reports those."""

    place: Place
    values: Mapping[str, object]

    def at(self, *steps: str | int) -> Place:
        """The place of something inside this table."""
        return (*self.place, *steps)

    def text(self, key: str) -> str | None:
        """The string under `key`, if there is one."""
        value = self.values.get(key)
        return value if isinstance(value, str) else None

    def number(self, key: str) -> int | None:
        """The whole number under `key`, if there is one."""
        value = self.values.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def items(self, key: str) -> list[tuple[int, object]]:
        """The elements of the array under `key`, each with its index."""
        value = self.values.get(key)
        return list(enumerate(value)) if isinstance(value, list) else []

    def texts(self, key: str) -> list[tuple[int, str]]:
        """The strings of the array under `key`, each with its index."""
        return [(index, value) for index, value in self.items(key) if isinstance(value, str)]

    def rows(self, key: str) -> list["Row"]:
        """The tables of the array under `key`."""
        return [Row(self.at(key, i), value) for i, value in self.items(key) if isinstance(value, dict)]

    def row(self, key: str) -> "Row":
        """The table under `key`; an empty one if it is missing."""
        value = self.values.get(key)
        return Row(self.at(key), value if isinstance(value, dict) else {})


def ids(rows: list[Row]) -> set[str]:
    """Every id that stands in the rows."""
    return {name for row in rows if (name := row.text("id")) is not None}


def duplicates(rows: list[Row]) -> Iterator[Finding]:
    """Every row whose id an earlier row has."""
    seen: set[str] = set()
    for row in rows:
        name = row.text("id")
        if name is None:
            continue
        if name in seen:
            yield wrong(row.at("id"), Code.REPEATED_ID, name=name)
        seen.add(name)


def references(rows: list[Row], key: str, known: set[str], unknown: Code, repeated: Code) -> Iterator[Finding]:
    """Every name in the arrays under `key` that is unknown or stands there twice."""
    for row in rows:
        seen: set[str] = set()
        for index, name in row.texts(key):
            if name not in known:
                yield wrong(row.at(key, index), unknown, name=name)
            elif name in seen:
                yield wrong(row.at(key, index), repeated, name=name)
            seen.add(name)


def repeated(row: Row, key: str, code: Code) -> Iterator[Finding]:
    """Every text that stands in the array under `key` once more; the finding's value `name` is the text."""
    seen: set[str] = set()
    for index, text in row.texts(key):
        if text in seen:
            yield wrong(row.at(key, index), code, name=text)
        seen.add(text)


def unused(rows: list[Row], used: Collection[str | None], code: Code) -> Iterator[Finding]:
    """Every row whose id nothing uses."""
    for row in rows:
        name = row.text("id")
        if name is not None and name not in used:
            yield wrong(row.at("id"), code)
