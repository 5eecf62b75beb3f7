from datetime import date, time
from pathlib import Path

import pytest

from queue_server.config import Code, Problem, ProfileError, load_profile, shipped_profiles
from queue_server.domain.site import (
    AlertLimits,
    CityProfile,
    Discipline,
    Interval,
    LevelKey,
    PriorityClass,
    ReinstatePlace,
    SpecialDay,
    Threshold,
)
from tests.config.mistakes import GOOD, MISTAKES


def load(folder: Path, text: str) -> CityProfile:
    file = folder / "city.toml"
    file.write_text(text, "utf-8")
    return load_profile(str(file))


def problems_of(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(ProfileError) as caught:
        load(folder, text)
    return caught.value.problems


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} must stand once"
    return text.replace(old, new)


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_profile_that_ships_loads(name: str) -> None:
    assert load_profile(name).id == name


def test_atsugi_holds_what_its_page_says() -> None:
    site = load_profile("atsugi").sites["honchosha"]
    assert (site.name, site.phone) == ("厚木市役所本庁舎1階市民課", "046-225-2039")
    service = site.services["mynumber"]
    assert service.name == "マイナンバー関係"
    assert {category.id: category.name for category in site.categories}[service.category] == "異動受付"
    series = site.series[service.series]
    assert (series.label(series.first), series.label(series.last)) == ("500", "599")
    assert service.thresholds == (
        Threshold(LevelKey.FREE, "混雑していません"),
        Threshold(LevelKey.CROWDED, "混雑中", people=5),
    )
    weekday = (Interval(time(8, 30), time(17, 15)),)
    assert site.hours.week == (weekday,) * 5 + ((Interval(time(8, 30), time(12, 0)),), ())
    assert site.hours.closed_on_holidays
    assert [(period.first, period.last) for period in site.hours.closed_periods] == [((12, 29), (1, 3))]


def test_a_file_becomes_the_objects_of_the_domain(tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())  # as an editor on Windows saves it
    site = load_profile(str(file)).sites["hall"]
    assert site.reinstate is ReinstatePlace.FRONT
    assert site.hours.special_days == (SpecialDay(date(2026, 11, 23), (Interval(time(9, 0), time(12, 0)),), "臨時"),)
    assert site.hours.day_end == time(17, 0)
    assert site.services["x"].stages == ("受付", "交付")
    assert site.services["y"].stages == ("受付",)
    assert [level.label for level in site.services["x"].thresholds] == ["空き", "混雑"]
    assert [level.label for level in site.services["y"].thresholds] == ["ゆったり", "やや混雑", "大変混雑"]
    assert site.series["a"].label(7) == "A007"
    assert [counter.services for counter in site.counters.values()] == [("x", "y"), ("x",)]
    assert site.areas[0].counters == ("1",)
    assert site.alerts == AlertLimits(people=12, wait_minutes=40)
    assert site.priorities == {"first": PriorityClass("first", "優先", 20)}


def test_a_counter_chooses_as_the_file_says(tmp_path: Path) -> None:
    first, second = load(tmp_path, GOOD).sites["hall"].counters.values()
    assert (first.discipline, first.weights, first.stages, first.longest_wait) == (Discipline.OLDEST, {}, {}, None)
    assert (second.discipline, second.weights, second.longest_wait) == (Discipline.WEIGHTED, {"x": 2.0}, 45)
    assert [(first.serves("x", stage), second.serves("x", stage)) for stage in (0, 1)] == [
        (True, False),
        (True, True),
    ]


def test_who_missed_a_call_may_come_back_behind_a_few(tmp_path: Path) -> None:
    text = replaced(GOOD, 'reinstate = "front"', 'reinstate = "after"\nreinstate_after = 3')
    site = load(tmp_path, text).sites["hall"]
    assert (site.reinstate, site.reinstate_after) == (ReinstatePlace.AFTER, 3)


def test_a_city_without_the_newer_keys_does_as_before(tmp_path: Path) -> None:
    site = load(tmp_path, GOOD[: GOOD.index("[site.alerts]")]).sites["hall"]
    assert (site.alerts, site.priorities, site.reinstate_after) == (AlertLimits(), {}, 0)


def test_a_city_keeps_the_text_it_was_read_from(tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_profile(str(file)).text == GOOD


def test_a_day_may_be_written_as_a_toml_date(tmp_path: Path) -> None:
    load(tmp_path, replaced(GOOD, '"2026-11-23"', "2026-11-23"))


@pytest.mark.parametrize(("old", "new", "place", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_one_mistake_is_told_with_its_place_and_line(
    tmp_path: Path, old: str, new: str, place: str, words: str
) -> None:
    text = replaced(GOOD, old, new)
    found = {problem.place: problem for problem in problems_of(tmp_path, text)}
    assert words in found[place].message
    marked = [number for number, line in enumerate(text.splitlines(), 1) if line.endswith("#!")]
    assert [found[place].line] == marked or not marked
    assert found[place].line is not None


@pytest.mark.parametrize(
    ("prefix", "first", "last", "digits", "label"),
    [
        ("", 50, 100, 0, "100"),
        ("1", 0, 5, 2, "100"),
        ("1", 9, 12, 2, "109"),
        ("19", 9, 9, 0, "199"),
        ("A", 7, 7, 3, "A007"),
    ],
)
def test_two_series_that_could_print_the_same_label_are_refused(
    tmp_path: Path, prefix: str, first: int, last: int, digits: int, label: str
) -> None:
    series = f'prefix = "{prefix}"\nfirst = {first}\nlast = {last}\ndigits = {digits}\n'
    text = GOOD + f'[[site.series]]\nid = "z"\n{series}'
    overlap = next(p for p in problems_of(tmp_path, text) if p.place == "site[0].series[2].first")
    assert f"the label {label} is also in the series" in overlap.message


def test_series_that_differ_in_prefix_or_digits_may_share_numbers(tmp_path: Path) -> None:
    text = GOOD.replace("first = 100\nlast = 199", "first = 1\nlast = 99").replace('"b"', '"b-2"')
    text = text.replace(', b = "190-194"', "").replace('b = "195-199"', 'b-2 = "95-99"')
    load(tmp_path, text)


def test_one_series_for_two_services_is_refused(tmp_path: Path) -> None:
    text = replaced(GOOD, 'series = "b"', 'series = "a"')
    found = {problem.place: problem.message for problem in problems_of(tmp_path, text)}
    assert found == {
        "site[0].service[1].series": 'the series "a" belongs to the service "x" already',
        "site[0].series[1].id": "no service uses this series",
    }


def test_no_service_is_called_as_the_whole_site_is(tmp_path: Path) -> None:
    text = replaced(replaced(GOOD, 'id = "y"', 'id = "site"'), '["x", "y"]', '["x", "site"]')
    (problem,) = problems_of(tmp_path, text)
    assert (problem.place, problem.code) == ("site[0].service[1].id", Code.RESERVED_ID)


def test_an_unknown_series_is_refused_once(tmp_path: Path) -> None:
    text = replaced(GOOD, 'series = "b"', 'series = "n"')
    assert 'there is no series "n"' in {problem.message for problem in problems_of(tmp_path, text)}


def test_a_service_without_levels_anywhere_is_refused(tmp_path: Path) -> None:
    start, end = GOOD.index("[[site.level]]"), GOOD.index("[[site.category]]")
    (problem,) = problems_of(tmp_path, GOOD[:start] + GOOD[end:])
    assert (problem.place, problem.message) == (
        "site[0].service[0]",
        "has no level, and the site has none either",
    )


def test_mistakes_of_every_kind_are_told_together_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = GOOD
    for name in ("unknown level", "wrong type", "unknown category", "unknown counter", "day ends too early"):
        old, new, *_ = MISTAKES[name]
        text = replaced(text, old, new)
    found = problems_of(tmp_path, text)
    assert [problem.place for problem in found] == [
        "site[0].hours.day_end",
        "site[0].level[1].key",
        "site[0].series[1].first",
        "site[0].service[1].category",
        "site[0].area[0].counters[1]",
    ]


def test_the_message_has_one_line_for_each_mistake(tmp_path: Path) -> None:
    text = replaced(replaced(GOOD, 'id = "all"', 'id = "All"'), 'day_end = "17:00"', 'day_end = "noon"')
    with pytest.raises(ProfileError) as caught:
        load(tmp_path, text)
    file = tmp_path / "city.toml"
    assert str(caught.value).splitlines() == [
        f'{file}:19: site[0].hours.day_end: must be a time such as "18:00"',
        f"{file}:84: site[0].area[0].id: must be 1 to 32 of a-z, 0-9 and -",
    ]


@pytest.mark.parametrize("value", ["[]", "[[1], {}]", "{}", '"x"', "-1", "nan", "true", "1979-05-27T07:32:00"])
def test_any_value_anywhere_is_taken_or_told_with_a_line_and_never_breaks_the_checks(
    tmp_path: Path, value: str
) -> None:
    lines = GOOD.splitlines()
    for number, line in enumerate(lines):
        key, equals, _ = line.partition(" = ")
        if equals:
            changed = [*lines[:number], f"{key} = {value}", *lines[number + 1 :]]
            try:
                load(tmp_path, "\n".join(changed))
            except ProfileError as error:
                assert all(problem.message and problem.line for problem in error.problems)  # noqa: PT017


@pytest.mark.parametrize("text", ["", "site = []\n", 'site = "x"\ncity = 3\n', "[site]\nservice = [1]\n"])
def test_a_file_without_a_usable_site_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    assert "site" in {problem.place for problem in problems_of(tmp_path, text)}


def test_odd_shapes_inside_a_site_are_told_and_do_not_stop_the_checks(tmp_path: Path) -> None:
    old = '[[site.series]]\nid = "b"\nfirst = 100\nlast = 199\n'
    new = "[[site.series]]\nid = 5\nfirst = true\nlast = 999999999999\n[[site.series]]\n"
    new += 'id = "b"\nfirst = 100\nlast = 100000\n'
    found = {problem.place for problem in problems_of(tmp_path, replaced(GOOD, old, new))}
    assert found == {
        "site[0].series[1].id",
        "site[0].series[1].first",
        "site[0].series[1].last",
        "site[0].series[2].last",
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [("[city]\nid = \n", 2), ("[city]\n[city]\n", 2), ('[city]\nid = "a', 2), ("a = 2026-02-30\n", 1)],
)
def test_text_that_is_not_toml_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    (problem,) = problems_of(tmp_path, text)
    assert problem.line == line
    assert problem.message.startswith("not TOML: ")


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_bytes(GOOD.encode("cp932"))
    with pytest.raises(ProfileError, match=r"city\.toml:3: not UTF-8"):
        load_profile(str(file))


def test_an_unknown_name_tells_the_names_there_are() -> None:
    with pytest.raises(ProfileError, match=r"nowhere: no profile .*atsugi.*\./nowhere"):
        load_profile("nowhere")


def test_a_file_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"none\.toml: cannot be read: No such file"):
        load_profile(str(tmp_path / "none.toml"))
