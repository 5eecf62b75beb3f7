"""The parts of a profile that administrators change."""

from datetime import date, time
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.config import PROBLEM_CODES, Code, load_profile
from queue_server.config.structure import (
    ChangesRefused,
    Part,
    UnknownPart,
    field_problems,
    parts_of,
    profile_value,
    tidied,
    with_changes,
)
from queue_server.domain.site import AlertLimits, Discipline, Interval, LevelKey, Site, SpecialDay, Threshold
from tests.config.misfits import COUNTER, DAY, FREE, MISFITS, WEIGHTED
from tests.config.mistakes import GOOD

CLOSED = {"open": [], "reason": "休"}
LEVELS = [FREE, {"key": "crowded", "label": "混雑", "people": 5}]


def changed(*changes: tuple[Part, str, Any]) -> Site:
    made = {(part, part_id): value for part, part_id, value in changes}
    return with_changes(GOOD, {"hall": made}).sites["hall"]


def refused(part: Part, part_id: str, value: Any) -> ChangesRefused:
    with pytest.raises(ChangesRefused) as caught:
        changed((part, part_id, value))
    return caught.value


def test_every_part_is_listed_with_what_the_profile_says() -> None:
    assert parts_of(GOOD, "hall") == [
        (Part.COUNTER, "1", {"name": "1番", "services": ["x", "y"]}),
        (
            Part.COUNTER,
            "2",
            {
                "name": "2番",
                "services": ["x"],
                "discipline": "weighted",
                "weights": {"x": 2},
                "stages": {"x": ["交付"]},
                "longest_wait": 45,
            },
        ),
        (Part.LEVELS, "site", LEVELS),
        (Part.LEVELS, "x", None),
        (
            Part.LEVELS,
            "y",
            [
                {"key": "free", "label": "ゆったり"},
                {"key": "moderate", "label": "やや混雑", "minutes": 15},
                {"key": "very_crowded", "label": "大変混雑", "people": 20, "minutes": 60},
            ],
        ),
        (Part.ALERTS, "site", {"people": 12, "wait_minutes": 40}),
        (Part.SPECIAL_DAY, "2026-11-23", {"open": ["09:00-12:00"], "reason": "臨時"}),
    ]


def test_what_a_profile_does_not_say_has_its_value_too() -> None:
    assert profile_value(GOOD, "hall", Part.SPECIAL_DAY, "2026-12-28") is None
    bare = GOOD[: GOOD.index("[site.alerts]")].replace('"2026-11-23"', "2026-11-23")
    assert profile_value(bare, "hall", Part.ALERTS, "site") == {}
    assert profile_value(bare, "hall", Part.SPECIAL_DAY, "2026-11-23") == DAY
    start, end = bare.index("[[site.level]]"), bare.index("[[site.category]]")
    assert profile_value(bare[:start] + bare[end:], "hall", Part.LEVELS, "site") == []


@pytest.mark.parametrize(
    ("site", "part", "part_id"),
    [
        ("branch", Part.ALERTS, "site"),
        ("hall", Part.ALERTS, "x"),
        ("hall", Part.COUNTER, "3"),
        ("hall", Part.COUNTER, "site"),
        ("hall", Part.LEVELS, "z"),
        ("hall", Part.SPECIAL_DAY, "2026-02-30"),
        ("hall", Part.SPECIAL_DAY, "tomorrow"),
    ],
)
def test_an_id_that_can_have_no_such_part_is_unknown(site: str, part: Part, part_id: str) -> None:
    with pytest.raises(UnknownPart, match=part_id):
        profile_value(GOOD, site, part, part_id)
    with pytest.raises(UnknownPart, match=site):
        with_changes(GOOD, {site: {(part, part_id): None}})


def test_a_city_without_a_site_of_this_name_has_no_parts() -> None:
    with pytest.raises(UnknownPart):
        parts_of(GOOD, "branch")


def test_a_value_may_be_changed_by_whoever_asked_for_it() -> None:
    profile_value(GOOD, "hall", Part.COUNTER, "1")["services"].append("z")
    assert profile_value(GOOD, "hall", Part.COUNTER, "1") == COUNTER


def test_without_changes_the_city_is_the_profiles(tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_text(GOOD, "utf-8")
    assert with_changes(GOOD, {}) == with_changes(GOOD, {"hall": {}}) == load_profile(str(file))


def test_a_changed_city_keeps_the_text_of_its_profile() -> None:
    assert with_changes(GOOD, {"hall": {(Part.ALERTS, "site"): {}}}).text == GOOD


def test_special_days_come_go_and_change() -> None:
    site = changed(
        (Part.SPECIAL_DAY, "2027-01-04", {"open": ["09:00-10:00", "13:00-17:00"], "reason": "短縮"}),
        (Part.SPECIAL_DAY, "2026-12-28", CLOSED),
        (Part.SPECIAL_DAY, "2026-11-23", None),
        (Part.SPECIAL_DAY, "2026-11-24", None),
    )
    hours = (Interval(time(9), time(10)), Interval(time(13), time(17)))
    assert site.hours.special_days == (
        SpecialDay(date(2026, 12, 28), (), "休"),
        SpecialDay(date(2027, 1, 4), hours, "短縮"),
    )
    assert changed((Part.SPECIAL_DAY, "2026-11-23", CLOSED)).hours.special_days == (
        SpecialDay(date(2026, 11, 23), (), "休"),
    )


def test_the_first_special_day_of_a_site_needs_no_other() -> None:
    start, end = GOOD.index("[[site.hours.special_day]]"), GOOD.index("[[site.level]]")
    city = with_changes(GOOD[:start] + GOOD[end:], {"hall": {(Part.SPECIAL_DAY, "2026-12-28"): CLOSED}})
    assert [day.day for day in city.sites["hall"].hours.special_days] == [date(2026, 12, 28)]


def test_levels_of_the_site_and_of_a_service_change() -> None:
    wanted = [FREE, {"key": "crowded", "label": "混み", "minutes": 30}]
    levels = (Threshold(LevelKey.FREE, "空き"), Threshold(LevelKey.CROWDED, "混み", minutes=30))
    services = changed((Part.LEVELS, "site", wanted)).services
    assert services["x"].thresholds == levels
    assert services["y"].thresholds[0].label == "ゆったり"
    services = changed((Part.LEVELS, "x", wanted), (Part.LEVELS, "y", None)).services
    assert services["x"].thresholds == levels
    assert [level.label for level in services["y"].thresholds] == ["空き", "混雑"]


def test_the_site_needs_no_levels_where_every_service_has_its_own() -> None:
    site = changed((Part.LEVELS, "x", [FREE]), (Part.LEVELS, "site", []))
    assert site.services["x"].thresholds == (Threshold(LevelKey.FREE, "空き"),)


def test_a_counter_changes() -> None:
    value = {"name": "総合", "services": ["y", "x"], "discipline": "order", "longest_wait": 20}
    counter = changed((Part.COUNTER, "1", value)).counters["1"]
    assert (counter.name, counter.services) == ("総合", ("y", "x"))
    assert (counter.discipline, counter.longest_wait) == (Discipline.ORDER, 20)


def test_alerts_change() -> None:
    assert changed((Part.ALERTS, "site", {"without_call_minutes": 15})).alerts == AlertLimits(None, None, 15)
    assert changed((Part.ALERTS, "site", {})).alerts == AlertLimits()


def test_two_changes_may_be_right_only_together() -> None:
    swap = [
        (Part.COUNTER, "1", {"name": "1番", "services": ["x"]}),
        (Part.COUNTER, "2", {"name": "2番", "services": ["y"]}),
    ]
    assert changed(*swap).counters["2"].services == ("y",)
    assert [problem.code for problem in refused(*swap[0]).problems] == [Code.UNSERVED_SERVICE]


def test_the_order_of_changes_does_not_matter() -> None:
    changes = [
        (Part.SPECIAL_DAY, "2027-01-04", CLOSED),
        (Part.SPECIAL_DAY, "2026-12-28", CLOSED),
        (Part.SPECIAL_DAY, "2026-11-23", None),
        (Part.COUNTER, "1", WEIGHTED),
    ]
    first, *others = [changed(*order) for order in permutations(changes)]
    assert all(other == first for other in others)


@pytest.mark.parametrize(
    ("part", "part_id", "value", "tidy"),
    [
        (Part.ALERTS, "site", {"wait_minutes": None, "people": 3}, {"people": 3}),
        (Part.LEVELS, "site", [{"label": "空き", "key": "free", "people": None}], [FREE]),
        (Part.LEVELS, "x", [], None),
        (Part.LEVELS, "site", [], []),
        (
            Part.COUNTER,
            "1",
            {
                "weights": {},
                "services": ["x"],
                "name": "一",
                "stages": {},
                "discipline": "oldest",
                "longest_wait": None,
            },
            {"name": "一", "services": ["x"]},
        ),
        (Part.COUNTER, "1", {"other": 1, "name": "一"}, {"name": "一", "other": 1}),
        (Part.SPECIAL_DAY, "2026-12-28", None, None),
    ],
)
def test_a_value_is_tidied_to_its_one_form(part: Part, part_id: str, value: Any, tidy: Any) -> None:
    found = tidied(part, part_id, value)
    assert found == tidy
    assert not isinstance(tidy, dict) or list(found) == list(tidy)


@pytest.mark.parametrize(("part", "part_id", "value", "field", "code"), MISFITS.values(), ids=MISFITS.keys())
def test_what_does_not_fit_is_told_with_its_field_and_its_code(
    part: Part, part_id: str, value: Any, field: str, code: Code
) -> None:
    error = refused(part, part_id, value)
    assert (field, code) in [(where, found.code) for where, found in field_problems(error, "hall", part, part_id)]


def test_the_misfits_show_every_code_that_a_part_can_have() -> None:
    assert {code for *_, code in MISFITS.values()} == set(PROBLEM_CODES)


def test_every_field_of_a_part_is_told_at_once() -> None:
    value = {"name": "", "services": ["x", "z"], "discipline": "fair"}
    found = field_problems(refused(Part.COUNTER, "1", value), "hall", Part.COUNTER, "1")
    assert {field for field, _ in found} == {"name", "services.1", "services", "discipline"}
    unserved = next(problem for field, problem in found if field == "services")
    assert unserved.values == {"service": "y", "name": "業務Y"}
    assert (unserved.line, unserved.place) == (None, "site[0].service[1].id")


def test_a_days_field_is_found_where_another_day_goes() -> None:
    changes = {(Part.SPECIAL_DAY, "2026-11-23"): None, (Part.SPECIAL_DAY, "2026-12-28"): {**DAY, "open": ["x"]}}
    with pytest.raises(ChangesRefused) as caught:
        with_changes(GOOD, {"hall": changes})
    found = field_problems(caught.value, "hall", Part.SPECIAL_DAY, "2026-12-28")
    assert [(field, problem.code) for field, problem in found] == [("open.0", Code.NOT_HOURS)]


def test_what_is_wrong_elsewhere_is_not_lost() -> None:
    error = refused(Part.COUNTER, "1", {"name": "", "services": ["x", "y"]})
    for part, part_id in ((Part.COUNTER, "2"), (Part.LEVELS, "site")):
        assert [field for field, _ in field_problems(error, "hall", part, part_id)] == [""]


def test_a_site_is_not_blamed_for_another() -> None:
    branch = GOOD[GOOD.index("[[site]]") :].replace('id = "hall"', 'id = "branch"').replace('"renewal"', '"again"')
    branch = branch.replace('"mailing"', '"mailing-2"').replace('"spring"', '"spring-2"')
    branch = branch.replace('[look]\ncall = "#0017c1"\n', "")
    made = {(Part.COUNTER, "1"): {"name": "1番", "services": ["x"]}, (Part.LEVELS, "x"): LEVELS}
    with pytest.raises(ChangesRefused) as caught:
        with_changes(GOOD + branch, {"hall": {(Part.LEVELS, "x"): LEVELS}, "branch": made})
    assert [field for field, _ in field_problems(caught.value, "hall", Part.LEVELS, "x")] == [""]
    assert [field for field, _ in field_problems(caught.value, "branch", Part.LEVELS, "x")] == [""]
    assert [field for field, _ in field_problems(caught.value, "branch", Part.COUNTER, "1")] == ["services"]


KEYS = st.sampled_from(["id", "name", "services", "discipline", "weights", "stages", "longest_wait", "x", "y"]) | (
    st.sampled_from(["day", "open", "reason", "key", "label", "people", "minutes", "wait_minutes", "colour"])
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["x", "y", "受付", "交付", "09:00-12:00", "17:00-09:00", "free", "crowded", "order", "weighted"]),
)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6))
PARTS = st.sampled_from(
    [(part, part_id) for part, part_id, _ in parts_of(GOOD, "hall")] + [(Part.SPECIAL_DAY, "2026-12-28")]
)


@settings(deadline=None, max_examples=80)
@given(PARTS, JSON)
def test_any_json_is_taken_or_told_with_codes_that_forms_know(key: tuple[Part, str], value: Any) -> None:
    try:
        city = with_changes(GOOD, {"hall": {key: value}})
    except ChangesRefused as error:
        found = field_problems(error, "hall", *key)
        assert found
        assert [problem for _, problem in found if problem.code not in PROBLEM_CODES or not problem.message] == []
    else:
        assert city.sites["hall"].counters.keys() == {"1", "2"}
