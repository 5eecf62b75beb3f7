import tomllib
from importlib import resources

import pytest

from queue_server.config import shipped_profiles
from queue_server.config.lines import layout_of, line_of, locate
from queue_server.config.problems import Place

ODD = '''\
# [not] = "a table"
title = """
[neither] = is
this"""
a.b."c d" = 1 # = [2]
points = [
  { x = 1, y = [1, 2] }, # }
  { x = "]", y = \'\'\'
'\'\'\' },
]
day = 2026-11-23T08:30:00

[outer]
[[outer.list]]
name = 'a # b'
[outer.list.inner]
text = "say \\"[\\" = "
[[outer.list]]
name = ""
[[outer.list.deep]]
n = -1.5'''


def places(value: object, place: Place = ()) -> set[Place]:
    steps: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    return {place}.union(*(places(inner, (*place, step)) for step, inner in steps))


def shipped(name: str) -> str:
    return resources.files("queue_server").joinpath("profiles", f"{name}.toml").read_text("utf-8")


@pytest.mark.parametrize("text", [ODD, *map(shipped, shipped_profiles())], ids=["odd", *shipped_profiles()])
def test_every_place_of_a_file_has_a_line_where_its_key_stands(text: str) -> None:
    lines = locate(text)
    assert set(lines) == places(tomllib.loads(text)) - {()}
    for place, line in lines.items():
        if isinstance(place[-1], str):
            assert place[-1] in text.splitlines()[line - 1]


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("a", "b", "c d"), 5),
        (("points", 1, "x"), 8),
        (("day",), 11),
        (("outer", "list", 0, "inner", "text"), 17),
        (("outer", "list", 1), 18),
        (("outer", "list", 1, "deep", 0, "n"), 21),
    ],
)
def test_a_place_is_found_on_its_line(place: Place, line: int) -> None:
    assert line_of(locate(ODD), place) == line


def test_a_value_is_found_with_its_beginning_and_its_end() -> None:
    layout = layout_of(ODD)
    values = {place: ODD[start:end] for place, (start, end) in layout.pairs.items()}
    assert values["a", "b", "c d"].strip() == "1"
    assert values["outer", "list", 0, "inner", "text"] == '"say \\"[\\" = "'
    assert values["points",][:2] + values["points",][-4:] == "[\n},\n]"
    assert ("points", 0, "x") not in values
    assert {place: ODD[offset - 1] for place, offset in layout.headers.items()} == dict.fromkeys(layout.headers, "]")


def test_where_the_walk_cannot_follow_the_lines_before_are_kept() -> None:
    assert locate("[a]\nb = 1\n! c = 2\nd = 3") == {("a",): 1, ("a", "b"): 2}
    assert locate("a = 1\nb =") == {("a",): 1, ("b",): 2}


def test_a_missing_key_is_placed_at_the_table_around_it() -> None:
    lines = locate(ODD)
    assert line_of(lines, ("outer", "list", 1, "colour")) == 18
    assert line_of(lines, ("elsewhere",)) is None


def test_a_table_that_only_its_inner_ones_name_has_the_line_of_the_first() -> None:
    lines = locate("[a]\nx = 1\n[a.b.c]\ny = 2\n[a.b.d]\n[[e.f]]\n[e.f.g.h]\n")
    assert (lines["a",], lines["a", "b"], lines["a", "b", "c"]) == (1, 3, 3)
    assert (lines["e",], lines["e", "f", 0], lines["e", "f", 0, "g"]) == (6, 6, 7)
