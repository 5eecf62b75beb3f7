"""Which of the administrators' changes still count when the city gives the server a newer profile."""

from typing import Any

from queue_server.config.structure import Part, PartKey, Survivors, profile_value, surviving, with_changes
from tests.config.misfits import COUNTER, DAY, FREE
from tests.config.mistakes import GOOD

FIRST, SECOND = (Part.COUNTER, "1"), (Part.COUNTER, "2")
CLOSED = {"open": [], "reason": "休"}


def made(*changes: tuple[PartKey, Any]) -> dict[PartKey, tuple[Any, Any]]:
    """Changes that were made while the good profile was in force."""
    return {key: (value, profile_value(GOOD, "hall", *key)) for key, value in changes}


def judged(text: str, *changes: tuple[PartKey, Any]) -> Survivors:
    """What survives of changes to the good profile; whatever does must fit the new one."""
    found = surviving(text, "hall", made(*changes))
    assert found.city == with_changes(text, {"hall": found.changes})
    return found


def newer(*replacements: tuple[str, str]) -> str:
    text = GOOD
    for old, new in replacements:
        assert text.count(old) == 1, f"{old!r} must stand once"
        text = text.replace(old, new)
    return text


def test_with_the_same_profile_every_change_counts() -> None:
    changes: list[tuple[PartKey, Any]] = [
        ((Part.SPECIAL_DAY, "2026-12-28"), CLOSED),
        ((Part.SPECIAL_DAY, "2026-11-23"), None),
        ((Part.ALERTS, "site"), {"people": 3}),
        (FIRST, {**COUNTER, "name": "総合"}),
    ]
    found = judged(GOOD, *changes)
    assert (found.changes, found.dropped) == (dict(changes), {})


def test_a_change_elsewhere_in_the_profile_leaves_it() -> None:
    text = newer(('name = "2番"', 'name = "二番"'), ("wait_minutes = 40", "wait_minutes = 50"))
    assert judged(text, (FIRST, {**COUNTER, "name": "総合"})).changes == {FIRST: {**COUNTER, "name": "総合"}}


def test_where_the_profile_has_changed_it_wins() -> None:
    text = newer(('name = "1番"', 'name = "一番"'), ('open = ["09:00-12:00"]', "open = []"))
    found = judged(text, (FIRST, {**COUNTER, "name": "総合"}), ((Part.SPECIAL_DAY, "2026-11-23"), None))
    assert found.changes == {}
    assert set(found.dropped.values()) == {"the profile has changed here since"}


def test_the_same_said_otherwise_is_no_change_of_the_profile() -> None:
    said = newer(('services = ["x", "y"]', 'services = ["x", "y"]\ndiscipline = "oldest"\nstages = {}'))
    value = {**COUNTER, "name": "総合"}
    assert judged(said, (FIRST, value)).changes == {FIRST: value}


def test_a_change_that_the_profile_has_taken_over_is_none() -> None:
    value = {"people": 3, "wait_minutes": None}
    own = profile_value(GOOD, "hall", Part.ALERTS, "site")
    for found in (
        judged(newer(("people = 12\nwait_minutes = 40", "people = 3"))),
        judged(GOOD, ((Part.ALERTS, "site"), own)),
    ):
        assert (found.changes, found.dropped) == ({}, {})
    assert judged(GOOD, ((Part.ALERTS, "site"), value)).changes == {(Part.ALERTS, "site"): {"people": 3}}


def test_a_part_that_left_the_profile_takes_its_change_along() -> None:
    start, end = GOOD.index('[[site.counter]]\nid = "2"'), len(GOOD)
    found = judged(
        GOOD[:start] + GOOD[end:], (SECOND, {"name": "二", "services": ["x"]}), (FIRST, {**COUNTER, "name": "一"})
    )
    assert list(found.changes) == [FIRST]
    assert found.dropped == {SECOND: "the profile has no counter '2' at site 'hall'"}


def test_a_change_that_does_not_fit_any_more_is_dropped_with_the_reason() -> None:
    text = newer(('day_end = "17:00"', 'day_end = "18:00"'), ('"13:00-17:00"', '"13:00-18:00"'))
    late = {"open": ["09:00-18:00"], "reason": "延長"}
    made_then = {(Part.SPECIAL_DAY, "2026-12-28"): (late, None), FIRST: ({**COUNTER, "name": "総合"}, COUNTER)}
    assert list(surviving(text, "hall", made_then).changes) == list(made_then)
    found = surviving(GOOD, "hall", made_then)
    assert list(found.changes) == [FIRST]
    (reason,) = found.dropped.values()
    assert "site[0].hours.special_day[1].open[0]: closes after the end of the day, 17:00" in reason


def test_of_counters_that_left_a_service_alone_the_newest_goes_back() -> None:
    """Both left service y, each while the other served it; only one may."""
    both = newer(('name = "2番"\nservices = ["x"]', 'name = "2番"\nservices = ["x", "y"]'))
    only_x = {"name": "一", "services": ["x"]}
    three = both + '[[site.counter]]\nid = "3"\nname = "3番"\nservices = ["y"]\n'
    changes = {
        FIRST: (only_x, COUNTER),
        SECOND: (only_x, profile_value(three, "hall", *SECOND)),
        (Part.COUNTER, "3"): ({"name": "三", "services": ["y"]}, {"name": "3番", "services": ["y"]}),
        (Part.ALERTS, "site"): ({}, {"people": 12, "wait_minutes": 40}),
    }
    assert surviving(three, "hall", changes).dropped == {}
    found = surviving(both, "hall", changes)
    assert list(found.changes) == [FIRST, (Part.ALERTS, "site")]
    assert list(found.dropped) == [(Part.COUNTER, "3"), SECOND]


def test_a_counter_that_still_serves_as_before_is_not_sent_back() -> None:
    both = newer(('name = "2番"\nservices = ["x"]', 'name = "2番"\nservices = ["x", "y"]'))
    first, second = COUNTER, profile_value(both, "hall", *SECOND)
    changes = {
        FIRST: ({**COUNTER, "services": ["x"]}, first),
        SECOND: ({**second, "services": ["x"]}, second),
        (Part.SPECIAL_DAY, "2026-12-28"): (CLOSED, None),
    }
    renamed = {**changes, FIRST: ({**COUNTER, "name": "総合"}, first)}
    assert list(surviving(both, "hall", changes).dropped) == [SECOND]
    assert list(surviving(both, "hall", renamed).dropped) == []


def test_counters_that_share_out_stages_are_told_apart_too() -> None:
    stages = {**COUNTER, "stages": {"x": ["交付"]}}
    third = '[[site.counter]]\nid = "3"\nname = "3番"\nservices = ["x"]\n'
    changes = {FIRST: (stages, COUNTER), (Part.ALERTS, "site"): ({}, {"people": 12, "wait_minutes": 40})}
    assert surviving(GOOD + third, "hall", changes).dropped == {}
    assert list(surviving(GOOD, "hall", changes).dropped) == [FIRST]


def test_levels_that_left_a_service_without_any_are_dropped() -> None:
    changes = {
        (Part.LEVELS, "site"): ([], profile_value(GOOD, "hall", Part.LEVELS, "site")),
        (Part.LEVELS, "y"): ([FREE], profile_value(GOOD, "hall", Part.LEVELS, "y")),
        (Part.SPECIAL_DAY, "2026-11-23"): ({**DAY, "reason": "祝"}, DAY),
    }
    own = newer(
        (
            'stages = ["受付", "交付"]\n',
            'stages = ["受付", "交付"]\n[[site.service.level]]\nkey = "free"\nlabel = "空"\n',
        )
    )
    assert surviving(own, "hall", changes).dropped == {}
    assert list(surviving(GOOD, "hall", changes).dropped) == [(Part.LEVELS, "site")]


def test_the_same_changes_survive_every_time() -> None:
    only_x = {"name": "一", "services": ["x"]}
    second = profile_value(GOOD, "hall", *SECOND)
    changes = {FIRST: (only_x, COUNTER), SECOND: ({**second, "stages": {}}, second)}
    assert surviving(GOOD, "hall", changes) == surviving(GOOD, "hall", changes)
