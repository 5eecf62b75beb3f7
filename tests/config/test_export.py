"""The profile file that has the administrators' changes in it."""

import difflib
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.config import load_profile
from queue_server.config.structure import (
    ChangesRefused,
    Part,
    PartKey,
    UnknownPart,
    export_text,
    profile_value,
    with_changes,
)
from queue_server.config.structure.export import says
from tests.config.misfits import COUNTER, DAY, FREE
from tests.config.mistakes import GOOD

ATSUGI = load_profile("atsugi").text
FIRST_DAY = date(2026, 11, 20)

# The good profile as somebody else might write it: short forms, dotted keys, tables away from their parents.
COMPACT = """\
city = { id = "machi", name = "町" }
[[site]]
id = "hall"
name = "町役場"
reinstate = "front"
hours.closed_on_holidays = false
hours.day_end = "17:00"
hours.monday = ["08:30-12:00", "13:00-17:00"] # morning
hours.tuesday = []
hours.wednesday = []
hours.thursday = []
hours.friday = []
hours.saturday = []
hours.sunday = []
level = [{ key = "free", label = "空き" }, { key = "crowded", label = "混雑", people = 5 }] # SOURCE
category = [{ id = "c", name = "区分" }]
alerts.people = 12
"counter" = [ # both
  { id = "1", name = "1番", services = ["x", "y"] }, # EXAMPLE
  { id = "2", name = "2番", services = ["x"], discipline = "weighted", weights.x = 2 },
]
  [[site.series]]
  id = "a"
  first = 1
  last = 99
  [[site.service]]
  id = "x"
  name = "業務X"
  category = "c"
  series = "a"
  minutes_per_person = 4
  stages = ["受付", "交付"]
[[site.series]]
id = "b"
first = 100
last = 199
[[site.service]]
id = "y"
name = "業務Y"
category = "c"
series = "b"
minutes_per_person = 7.5"""

# Special days at the end of the file, a table for the weights, dates that are dates.
SCATTERED = (
    GOOD.replace('[[site.hours.special_day]]\nday = "2026-11-23"\nopen = ["09:00-12:00"]\nreason = "臨時"\n', "")
    .replace("weights = { x = 2 }\n", "")
    .replace("longest_wait = 45\n", 'longest_wait = 45\n[site.counter.weights] # heavy\n"x" = 2.5 # SOURCE\n')
    + '[[site.hours.special_day]] # SOURCE\nday = 2026-11-23 # a date\nopen = [ # two\n"09:00-12:00", # one\n]\n'
    + "reason = '''臨時'''\n"
)
TEXTS = {
    "atsugi": (ATSUGI, "honchosha"),
    "good": (GOOD, "hall"),
    "compact": (COMPACT, "hall"),
    "scattered": (SCATTERED, "hall"),
}


def loaded(text: str, folder: Path) -> Any:
    file = folder / "exported.toml"
    file.write_text(text, "utf-8")
    return replace(load_profile(str(file)), text="")


def export(text: str, *changes: tuple[Part, str, Any], site: str = "hall") -> str:
    return export_text(text, {site: {(part, part_id): value for part, part_id, value in changes}})


def differing(text: str, *changes: tuple[Part, str, Any], site: str = "hall") -> tuple[list[str], list[str]]:
    """The lines that an export takes away and those it adds, below its first line."""
    exported = export(text, *changes, site=site).split("\n", 2)[2]
    lines = list(difflib.ndiff(text.split("\n"), exported.split("\n")))
    return [each[2:] for each in lines if each[:2] == "- "], [each[2:] for each in lines if each[:2] == "+ "]


TEXT = st.text(st.sampled_from("あ亜𠮷Aa1 #\"'\\=[]{}%番\u3000😀"), min_size=1, max_size=6).filter(
    lambda text: text == text.strip()
)
HOURS = st.sampled_from([[], ["09:00-12:00"], ["08:30-12:00", "13:00-17:00"], ["10:00-11:00", "11:00-16:59"]])
DAYS = st.integers(0, 6).map(lambda days: (FIRST_DAY + timedelta(days=days)).isoformat())


@st.composite
def levels(draw: st.DrawFn) -> list[dict[str, Any]]:
    keys = draw(st.lists(st.sampled_from(["free", "moderate", "crowded", "very_crowded"]), unique=True, min_size=1))
    bounds = st.sampled_from([("people",), ("minutes",), ("people", "minutes")])
    order = [key for key in ("free", "moderate", "crowded", "very_crowded") if key in keys]
    rows = [{"key": key, "label": draw(TEXT)} for key in order]
    return [rows[0], *({**row, **dict.fromkeys(draw(bounds), 7 * n)} for n, row in enumerate(rows[1:], 1))]


@st.composite
def counters(draw: st.DrawFn, services: dict[str, list[str]]) -> dict[str, Any]:
    served = draw(st.lists(st.sampled_from(sorted(services)), unique=True, min_size=1))
    value: dict[str, Any] = {"name": draw(TEXT), "services": served}
    value["discipline"] = draw(st.sampled_from(["oldest", "order", "weighted"]))
    if value["discipline"] == "weighted":
        weights = st.floats(0.001, 100) | st.integers(1, 100)
        value["weights"] = draw(st.dictionaries(st.sampled_from(served), weights, max_size=2))
    if value["discipline"] != "oldest":
        value["longest_wait"] = draw(st.none() | st.integers(1, 600))
    stages = st.sampled_from(served).flatmap(
        lambda service: st.tuples(
            st.just(service), st.lists(st.sampled_from(services[service]), unique=True, min_size=1)
        )
    )
    value["stages"] = dict(draw(st.lists(stages, max_size=2)))
    return value


@st.composite
def change_of(draw: st.DrawFn, text: str, site_id: str) -> tuple[PartKey, Any]:
    site = next(site for site in tomllib.loads(text)["site"] if site["id"] == site_id)
    services = {row["id"]: row.get("stages", ["受付"]) for row in site["service"]}
    limits = st.integers(1, 10_000)
    match draw(st.sampled_from(list(Part))):
        case Part.SPECIAL_DAY:
            day = st.fixed_dictionaries({"open": HOURS, "reason": TEXT})
            return (Part.SPECIAL_DAY, draw(DAYS)), draw(st.none() | day)
        case Part.LEVELS:
            own = draw(st.sampled_from(["site", *services]))
            return (Part.LEVELS, own), draw(levels() | st.just([]))
        case Part.COUNTER:
            counter = draw(st.sampled_from([row["id"] for row in site["counter"]]))
            return (Part.COUNTER, counter), draw(counters(services))
        case Part.ALERTS:
            keys = st.sampled_from(["people", "wait_minutes", "without_call_minutes"])
            return (Part.ALERTS, "site"), draw(st.dictionaries(keys, limits))


@pytest.mark.parametrize(("text", "site"), TEXTS.values(), ids=TEXTS)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_loading_an_export_gives_the_city_with_its_changes(
    tmp_path_factory: pytest.TempPathFactory, text: str, site: str, data: st.DataObject
) -> None:
    made: dict[PartKey, Any] = {}
    for key, value in data.draw(st.lists(change_of(text, site), max_size=5)):
        try:
            with_changes(text, {site: {**made, key: value}})
        except ChangesRefused:
            continue
        made[key] = value
    exported = export_text(text, {site: made})
    city = with_changes(text, {site: made})
    folder = tmp_path_factory.getbasetemp()
    assert "could not be kept" not in exported
    assert loaded(exported, folder) == replace(city, text="")
    assert export_text(exported, {site: {}}).split("\n")[1:] == exported.split("\n")[1:]


def test_only_the_line_of_a_changed_value_changes_and_its_comment_goes() -> None:
    value = {"people": 20, "wait_minutes": 30, "without_call_minutes": 15}
    gone, new = differing(ATSUGI, (Part.ALERTS, "site", value), site="honchosha")
    assert new == ["people = 20"]
    assert [line.split(" #")[0].strip() for line in gone] == ["people = 15"]


def test_what_was_said_of_old_levels_is_not_said_of_new_ones() -> None:
    value = [{"key": "free", "label": "混雑していません"}, {"key": "crowded", "label": "混雑中", "people": 8}]
    gone, new = differing(ATSUGI, (Part.LEVELS, "mynumber", value), site="honchosha")
    assert new == ["[[site.service.level]]", "people = 8"]
    assert [line for line in gone if "SOURCE" in line] == gone[:1]


def test_levels_come_between_and_go_whole_and_the_comments_around_them_stay() -> None:
    text = GOOD.replace("[[site.category]]", "# --- what residents choose from ---\n[[site.category]]")
    between = [
        FREE,
        {"key": "moderate", "label": "中", "people": 3},
        {"key": "crowded", "label": "混雑", "people": 5},
    ]
    before = [{"key": "moderate", "label": "中"}, *profile_levels()[2:]]
    assert differing(text, (Part.LEVELS, "site", between)) == (
        [],
        ["", "[[site.level]]", 'key = "moderate"', 'label = "中"', "people = 3"],
    )
    assert differing(text, (Part.LEVELS, "y", None))[1] == []
    assert "# --- what" in export(text, (Part.LEVELS, "y", before), (Part.LEVELS, "x", [FREE]))


def profile_levels() -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = profile_value(GOOD, "hall", Part.LEVELS, "y")
    return value


def test_a_level_may_come_before_the_ones_there_are() -> None:
    start, end = GOOD.index("[[site.service.level]]"), GOOD.index('[[site.service.level]]\nkey = "moderate"')
    crowded = GOOD[:start] + GOOD[end:].replace('label = "やや混雑"\nminutes = 15', 'label = "やや混雑"', 1)
    exported = export(crowded, (Part.LEVELS, "y", profile_levels()))
    assert [line for line in exported.split("\n") if line.startswith("key")][2:] == [
        'key = "free"',
        'key = "moderate"',
        'key = "very_crowded"',
    ]
    assert "could not be kept" not in exported


def test_a_special_day_comes_behind_the_hours_and_goes_with_its_lines() -> None:
    day = {"open": ["08:30-12:00"], "reason": "臨時"}
    gone, new = differing(ATSUGI, (Part.SPECIAL_DAY, "2027-03-28", day), site="honchosha")
    rows = ["[[site.hours.special_day]]", 'day = "2027-03-28"', 'open = ["08:30-12:00"]', 'reason = "臨時"']
    assert (gone, sorted(new)) == ([], sorted([*rows, ""]))
    exported = export(ATSUGI, (Part.SPECIAL_DAY, "2027-03-28", day), site="honchosha")
    assert exported.index('reason = "年末年始"') < exported.index("臨時") < exported.index("# A day with hours")
    body = exported.split("\n", 2)[2]
    back = export(body, (Part.SPECIAL_DAY, "2027-03-28", None), site="honchosha")
    assert back.split("\n", 2)[2] == ATSUGI


def test_the_first_alerts_of_a_site_come_at_its_end() -> None:
    bare = GOOD[: GOOD.index("\n[site.alerts]")]
    text = f"{bare}\n# --- the branch ---\n{bare[bare.index('[[site]]') :].replace('hall', 'branch')}"
    exported = export(text, (Part.ALERTS, "site", {"people": 3}))
    assert 'counters = ["1"]\n\n[site.alerts]\npeople = 3\n\n# --- the branch ---\n[[site]]' in exported


def test_the_name_of_a_row_stays_as_it_was_written() -> None:
    gone, new = differing(SCATTERED, (Part.SPECIAL_DAY, "2026-11-23", {**DAY, "open": []}))
    assert new == ["[[site.hours.special_day]]", "open = []"]
    assert "open = [ # two" in gone


def test_new_keys_of_a_counter_stand_with_its_others() -> None:
    value = {**COUNTER, "discipline": "weighted", "weights": {"x": 1.5, "y": 2}, "stages": {"x": ["受付", "交付"]}}
    assert differing(GOOD, (Part.COUNTER, "1", value)) == (
        [],
        ['discipline = "weighted"', "weights = { x = 1.5, y = 2 }", 'stages = { x = ["受付", "交付"] }'],
    )


def test_a_table_of_its_own_stays_one_or_goes() -> None:
    value = {"name": "2番", "services": ["x"], "discipline": "weighted", "weights": {"x": 3}}
    gone, new = differing(SCATTERED, (Part.COUNTER, "2", value))
    assert (gone[-2:], new) == (
        ["[site.counter.weights] # heavy", '"x" = 2.5 # SOURCE'],
        ["[site.counter.weights]", '"x" = 3'],
    )
    gone, new = differing(SCATTERED, (Part.COUNTER, "2", {"name": "2番", "services": ["x"]}))
    assert (gone[-2:], new) == (["[site.counter.weights] # heavy", '"x" = 2.5 # SOURCE'], [])


def test_short_forms_stay_short() -> None:
    closed = {"open": [], "reason": "休"}
    changes: list[tuple[Part, str, Any]] = [
        (Part.SPECIAL_DAY, "2026-12-28", closed),
        (Part.ALERTS, "site", {"wait_minutes": 9}),
    ]
    gone, new = differing(COMPACT, *changes)
    assert gone == ["alerts.people = 12"]
    assert set(new) == {
        "alerts.wait_minutes = 9",
        'hours.special_day = [{ day = "2026-12-28", open = [], reason = "休" }]',
    }
    gone, new = differing(COMPACT, (Part.COUNTER, "1", {**COUNTER, "name": "一"}))
    assert [line for line in new if line.startswith('"counter" = [{ id = "1", name = "一"')] == new
    assert gone[0] == '"counter" = [ # both'


def test_the_first_line_counts_what_differs() -> None:
    first = "# Exported by queue-server with {} made by administrators."
    same = (Part.COUNTER, "1", {**COUNTER, "discipline": "oldest"})
    assert export(GOOD, same).split("\n", 2) == [first.format("0 changes"), "", GOOD]
    one = export(GOOD, same, (Part.ALERTS, "site", {}))
    assert one.startswith(first.format("1 change") + "\n\n[city]")
    again = export(one, (Part.ALERTS, "site", {"people": 1}), (Part.SPECIAL_DAY, "2026-11-23", None))
    assert again.startswith(first.format("2 changes") + "\n\n[city]")
    assert again.count("# Exported") == 1


@pytest.mark.parametrize("old", ['name = "1番"', "people = 12"])
def test_where_no_line_can_be_found_the_values_are_kept_and_the_comments_are_not(tmp_path: Path, old: str) -> None:
    text = "# a hall\n" + GOOD.replace(
        old, f'"\\u{ord(old[0]):04x}"{old[old.index(" ") :]}'.replace('" =', f'{old[1 : old.index(" ")]}" =')
    )
    made: dict[PartKey, Any] = {(Part.COUNTER, "1"): {**COUNTER, "name": "一"}, (Part.ALERTS, "site"): {"people": 1}}
    exported = export_text(text, {"hall": made})
    assert exported.split("\n")[1].startswith("# Its comments could not be kept")
    assert "# a hall" not in exported
    assert loaded(exported, tmp_path) == replace(with_changes(text, {"hall": made}), text="")


def test_a_text_says_a_city_or_does_not() -> None:
    city = with_changes(GOOD, {})
    assert says(GOOD, city)
    assert says("# the same\n" + GOOD, city)
    for other in (GOOD.replace('"1番"', '"一番"'), GOOD.replace('["x", "y"]', '["x"]'), GOOD + "[", "", "site = 1"):
        assert not says(other, city)


def test_changes_that_do_not_fit_are_not_exported() -> None:
    with pytest.raises(ChangesRefused):
        export(GOOD, (Part.COUNTER, "1", {**COUNTER, "name": ""}))
    with pytest.raises(UnknownPart):
        export(GOOD, (Part.COUNTER, "9", COUNTER))
