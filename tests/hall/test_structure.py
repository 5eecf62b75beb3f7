import json
from typing import Any

import pytest

from queue_server.config.structure import ChangesRefused, Part
from queue_server.domain.calendar import local_minute
from queue_server.domain.ticket import Refused
from queue_server.snapshot import View
from tests.support.halls import Town, minato

TWO_SERVICES = {"name": "2番 (特設)", "services": ["y", "z"]}
ORDERLY = {**TWO_SERVICES, "discipline": "order", "longest_wait": 20}
CLOSED = {"open": [], "reason": "停電工事"}
NO_Y_ANYWHERE = [(counter, {"name": counter, "services": ["z", "x"]}) for counter in ("1", "2", "3", "4")]


def part(town: Town, name: str, part_id: str) -> View:
    """A part as an administrator reads it."""
    found: list[View] = town.hall.structure()["parts"]
    return next(each for each in found if (each["part"], each["id"]) == (name, part_id))


def change(
    town: Town, name: str, part_id: str, value: Any, *, revision: int | None = None, who: str = "boss", key: str = ""
) -> View:
    """An administrator changes a part, having seen it as it is unless another revision is named."""
    if revision is None:
        seen = [each for each in town.hall.structure()["parts"] if (each["part"], each["id"]) == (name, part_id)]
        revision = seen[0]["revision"] if seen else 0
    changed: View = town.hall.change_structure(town.person(who, key or None), name, part_id, value, revision)["part"]
    return changed


def test_every_part_is_told_with_its_value_the_profiles_own_and_its_revision(port: Town) -> None:
    parts = port.hall.structure()["parts"]
    assert [(each["part"], each["id"]) for each in parts] == [
        *(("counter", str(n)) for n in range(1, 7)),
        *(("levels", part_id) for part_id in ("site", "x", "y", "z")),
        ("alerts", "site"),
        ("special_day", "2026-12-28"),
    ]
    assert part(port, "counter", "2") == {
        "part": "counter",
        "id": "2",
        "value": {"name": "2番", "services": ["y"]},
        "profile": {"name": "2番", "services": ["y"]},
        "revision": 0,
        "changed_by": None,
        "changed_at": None,
    }
    json.dumps(parts)


def test_a_change_takes_effect_at_once_and_is_told_with_who_made_it(port: Town) -> None:
    port.open("2")
    port.issue("z")
    assert port.called_next("2") is None
    port.pass_minutes(5)
    changed = change(port, "counter", "2", TWO_SERVICES)
    assert changed == part(port, "counter", "2")
    assert changed == {
        "part": "counter",
        "id": "2",
        "value": TWO_SERVICES,
        "profile": {"name": "2番", "services": ["y"]},
        "revision": 3,
        "changed_by": "boss",
        "changed_at": "2026-11-24T09:05:00+09:00",
    }
    assert port.board["counters"][1]["name"] == "2番 (特設)"
    assert port.desk["counters"][1]["default_services"] == ["y", "z"]
    assert port.called_next("2") == "700"
    assert port.entries()[2].actor == "staff:boss"
    port.verify()


@pytest.mark.parametrize(
    ("name", "part_id", "value", "reads"),
    [
        ("counter", "2", ORDERLY, lambda town: town.board["counters"][1]["services"] == ["y", "z"]),
        ("special_day", "2026-11-24", CLOSED, lambda town: town.board["status"]["reason"] == "停電工事"),
        (
            "levels",
            "y",
            [{"key": "free", "label": "すいすい"}, {"key": "crowded", "label": "ぎっしり", "people": 1}],
            lambda town: town.service("y")["level"]["label"] == "ぎっしり",
        ),
        ("alerts", "site", {"people": 1}, lambda town: [each["limit"] for each in town.desk["alerts"]] == [1]),
    ],
    ids=["counter", "special day", "levels", "alerts"],
)
def test_a_change_of_each_part_is_read_on_every_screen_also_after_a_restart_and_the_night(
    port: Town, name: str, part_id: str, value: Any, reads: Any
) -> None:
    port.issue("y")
    assert not reads(port)
    revision = change(port, name, part_id, value)["revision"]
    assert reads(port)
    port.restart()
    assert reads(port)
    port.verify()
    port.at("2026-11-24T19:00")
    port.at("2026-11-25T09:00")
    assert (part(port, name, part_id)["value"], part(port, name, part_id)["revision"]) == (value, revision)
    port.restart()
    assert part(port, name, part_id)["revision"] == revision
    assert port.hall.structure_changes() == {(Part(name), part_id): value}


def test_a_new_special_day_is_a_part_from_then_on_and_can_go_again(port: Town) -> None:
    change(port, "special_day", "2026-11-24", CLOSED)
    with port.refuses("hall_closed"):
        port.issue("y")
    seen = part(port, "special_day", "2026-11-24")
    assert (seen["value"], seen["profile"]) == (CLOSED, None)
    taken_back = change(port, "special_day", "2026-11-24", None)
    assert (taken_back["value"], taken_back["revision"], taken_back["changed_by"]) == (None, 0, None)
    assert port.issue("y")["label"] == "500"
    assert port.hall.structure_changes() == {}
    with pytest.raises(StopIteration):
        part(port, "special_day", "2026-11-24")
    port.verify()


def test_a_special_day_of_the_profile_can_be_called_off(port: Town) -> None:
    change(port, "special_day", "2026-12-28", None)
    port.at("2026-12-28T14:00")
    assert port.board["status"]["open"] is True
    assert part(port, "special_day", "2026-12-28")["profile"] == {"open": ["08:30-12:00"], "reason": "御用納め"}


def test_what_means_the_same_as_the_profile_is_no_change(port: Town) -> None:
    value: Any = {"services": ["y"], "name": "2番", "discipline": "oldest", "weights": {}, "longest_wait": None}
    changed = change(port, "counter", "2", value)
    assert (changed["revision"], changed["value"]) == (0, {"name": "2番", "services": ["y"]})
    assert (port.hall.structure_changes(), port.hall._day.structure) == ({}, [])
    assert changed == part(port, "counter", "2")


def test_a_change_that_says_the_same_in_other_words_has_the_revision_that_is_read(port: Town) -> None:
    changed = change(port, "counter", "2", {**TWO_SERVICES, "stages": {}, "longest_wait": None})
    assert changed == part(port, "counter", "2")
    assert changed["value"] == TWO_SERVICES


# -- two administrators ------------------------------------------------------------------------------


def test_of_two_administrators_who_edit_at_once_the_later_is_told_what_stands_now(port: Town) -> None:
    change(port, "counter", "2", TWO_SERVICES, revision=0, who="first")
    before = port.entries()
    with pytest.raises(Refused) as refused:
        change(port, "counter", "2", {"name": "二番", "services": ["y"]}, revision=0, who="second")
    assert refused.value.code == "structure_changed"
    assert refused.value.details["part"] == part(port, "counter", "2")
    assert refused.value.details["part"]["changed_by"] == "first"
    assert port.entries() == before
    change(port, "counter", "2", ORDERLY, who="second")
    assert part(port, "counter", "2")["changed_by"] == "second"


def test_two_administrators_may_change_two_parts(port: Town) -> None:
    change(port, "counter", "2", TWO_SERVICES, revision=0)
    change(port, "alerts", "site", {"people": 9}, revision=0)
    assert port.hall.structure_changes().keys() == {(Part.COUNTER, "2"), (Part.ALERTS, "site")}


@pytest.mark.parametrize("revision", [-1, 99])
def test_a_revision_that_never_was_changes_nothing(port: Town, revision: int) -> None:
    with pytest.raises(Refused, match="structure_changed"):
        change(port, "counter", "2", TWO_SERVICES, revision=revision)
    assert port.entries() == []


@pytest.mark.parametrize("restarted", [False, True], ids=["", "over a restart"])
def test_the_same_press_changes_once(port: Town, restarted: bool) -> None:
    first = change(port, "counter", "2", TWO_SERVICES, revision=0, key="press")
    if restarted:
        port.restart()
    assert change(port, "counter", "2", TWO_SERVICES, revision=0, key="press") == first
    assert port.kinds() == ["change_structure"]
    with port.refuses("request_id_reused"):
        change(port, "counter", "2", ORDERLY, revision=0, key="press")


# -- what is wrong changes nothing -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "part_id"),
    [
        ("counter", "9"),
        ("lamp", "1"),
        ("levels", "w"),
        ("alerts", "hall"),
        ("special_day", "2026-02-30"),
        ("special_day", "soon"),
    ],
)
def test_a_part_that_there_cannot_be_is_unknown(port: Town, name: str, part_id: str) -> None:
    with port.knows_no("part"):
        change(port, name, part_id, None)
    with port.knows_no("part"):
        port.hall.check_structure(name, part_id, None)


@pytest.mark.parametrize(
    ("name", "part_id", "value"),
    [
        ("counter", "2", None),
        ("counter", "2", {"name": "2番", "services": []}),
        ("counter", "2", {"name": "2番", "services": ["w"]}),
        ("counter", "2", {"name": "", "services": ["y"]}),
        ("counter", "2", {"name": "2番", "services": ["y"], "colour": "red"}),
        ("counter", "2", {"name": "2番", "services": ["y"], "weights": {"y": 2}}),
        ("levels", "site", []),
        ("levels", "y", [{"key": "free", "label": "空き", "people": 1}]),
        ("alerts", "site", {"people": 0}),
        ("alerts", "site", "many"),
        ("special_day", "2026-11-24", {"open": ["20:00-21:00"], "reason": "夜間"}),
        ("special_day", "2026-11-24", {"open": ["12:00-08:30"], "reason": "逆"}),
    ],
)
def test_a_value_with_which_the_profile_would_not_be_right_changes_nothing(
    port: Town, name: str, part_id: str, value: Any
) -> None:
    before = (port.entries(), port.hall.board, port.hall.structure())
    with pytest.raises(ChangesRefused) as refused:
        change(port, name, part_id, value)
    assert refused.value.problems
    with pytest.raises(ChangesRefused) as asked:
        port.hall.check_structure(name, part_id, value)
    assert asked.value.problems == refused.value.problems
    assert (port.entries(), port.hall.board, port.hall.structure()) == before


def test_who_asks_whether_a_value_would_be_right_changes_nothing(port: Town) -> None:
    before = (port.entries(), port.hall.board, port.hall.structure())
    port.hall.check_structure("counter", "2", TWO_SERVICES)
    assert (port.entries(), port.hall.board, port.hall.structure()) == before


def test_changes_that_are_right_one_by_one_and_wrong_together_are_refused_at_the_last(port: Town) -> None:
    for counter, value in NO_Y_ANYWHERE[:-1]:
        change(port, "counter", counter, value)
    with pytest.raises(ChangesRefused, match="no counter"):
        change(port, "counter", *NO_Y_ANYWHERE[-1])
    change(port, "counter", "1", {"name": "1番", "services": ["x", "y", "z"]})
    change(port, "counter", *NO_Y_ANYWHERE[-1])
    assert port.issue("y")["label"] == "500"


# -- the day goes on ---------------------------------------------------------------------------------


def test_tickets_calls_and_assignments_go_on_through_a_change(port: Town) -> None:
    port.open("1", "2")
    tickets = port.issue_many(3)
    port.called_next("2")
    port.hall.assign_services(port.caller(), "1", ["y"])
    board = port.board
    change(port, "counter", "2", {"name": "2番", "services": ["z"]})
    assert [call["label"] for call in port.board["calls"]] == ["500"]
    assert port.board["counters"][1]["label"] == "500"
    assert port.labels() == ["501", "502"]
    assert (port.called_next("2"), port.called_next("1")) == (None, "501")
    assert port.board["version"] > board["version"]
    found = port.city.find_ticket_by_token(tickets[2]["token"])
    assert found is not None
    assert found[0].ticket_status(found[1])["ahead"] == 2
    port.verify()


def test_an_undo_goes_on_through_a_change(port: Town) -> None:
    port.called("y", "2")
    change(port, "counter", "2", {"name": "2番", "services": ["z"]})
    assert port.hall.undo(port.caller(), "2")["tickets"][0]["state"] == "waiting"


# -- a profile that somebody edited since ------------------------------------------------------------

RENAMED = minato(('name = "2番"', 'name = "南2番"'))


def test_where_the_reviewed_profile_was_edited_since_it_wins(port: Town) -> None:
    change(port, "counter", "2", TWO_SERVICES)
    change(port, "alerts", "site", {"people": 9})
    port.restart(RENAMED)
    assert port.board["counters"][1]["name"] == "南2番"
    seen = part(port, "counter", "2")
    assert (seen["value"], seen["revision"]) == ({"name": "南2番", "services": ["y"]}, 0)
    assert part(port, "alerts", "site")["value"] == {"people": 9}
    assert port.hall.structure_changes().keys() == {(Part.ALERTS, "site")}
    port.verify()


def test_a_superseded_part_can_be_changed_anew(port: Town) -> None:
    change(port, "counter", "2", TWO_SERVICES)
    port.restart(RENAMED)
    changed = change(port, "counter", "2", ORDERLY)
    assert (changed["value"], changed["revision"], changed["profile"]["name"]) == (ORDERLY, 2, "南2番")
    port.restart()
    assert part(port, "counter", "2") == changed
    port.verify()


def test_a_profile_that_is_put_back_has_its_change_again(port: Town) -> None:
    change(port, "counter", "2", TWO_SERVICES)
    port.restart(RENAMED)
    port.restart(minato())
    assert part(port, "counter", "2")["value"] == TWO_SERVICES


def test_a_change_of_a_counter_that_left_the_profile_is_passed_over(port: Town) -> None:
    change(port, "counter", "2", TWO_SERVICES)
    without = minato(('[[site.counter]]\nid = "2"\nname = "2番"\nservices = ["y"]\n', ""))
    port.restart(without)
    assert [counter["id"] for counter in port.board["counters"]] == ["1", "3", "4", "5", "6"]
    assert port.hall.structure_changes() == {}
    with port.knows_no("part"):
        change(port, "counter", "2", TWO_SERVICES, revision=0)


def test_a_change_is_built_in_again_after_the_disk_failed(port: Town) -> None:
    change(port, "counter", "2", TWO_SERVICES)
    port.store.database.execute("PRAGMA query_only = ON")
    with pytest.raises(Exception, match="readonly"):
        port.issue("y")
    port.store.database.execute("PRAGMA query_only = OFF")
    port.city.tick()
    assert port.board["counters"][1]["name"] == "2番 (特設)"


def test_a_server_that_was_off_over_the_night_starts_with_the_changed_structure(port: Town) -> None:
    change(port, "special_day", "2026-11-25", CLOSED)
    port.city.close()
    port.clock.set(local_minute("2026-11-25T09:00"))
    port.restart()
    assert port.board["status"]["reason"] == "停電工事"
    port.verify()
