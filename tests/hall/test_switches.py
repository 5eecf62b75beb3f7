import pytest

from queue_server.domain.ticket import Move
from tests.support.halls import Town


def test_a_counter_opens_and_closes_and_says_so(town: Town) -> None:
    view = {"id": "1", "name": "1番", "services": ["x", "y"], "clerk": None, "break_until": None}
    assert town.hall.open_counter(town.caller(), "1") == {"counter": {**view, "open": True}}
    assert [counter["open"] for counter in town.board["counters"]] == [True, False]
    assert town.hall.close_counter(town.caller(), "1") == {"counter": {**view, "open": False}}
    assert [counter["open"] for counter in town.board["counters"]] == [False, False]
    assert [(e.kind.value, e.counter, e.ticket) for e in town.entries()] == [
        ("open_counter", "1", None),
        ("close_counter", "1", None),
    ]


def test_a_service_is_paused_and_resumed_and_says_so(town: Town) -> None:
    view = {"id": "x", "name": "業務X", "ended_today": False}
    assert town.hall.pause_service(town.caller(), "x") == {"service": {**view, "paused": True}}
    assert (town.service("x")["paused"], town.service("x")["accepting"]) == (True, False)
    assert town.service("y")["accepting"] is True
    assert town.hall.resume_service(town.caller(), "x") == {"service": {**view, "paused": False}}
    assert (town.service("x")["paused"], town.service("x")["accepting"]) == (False, True)
    assert town.issue("x")["label"] == "A01"


@pytest.mark.parametrize(
    ("command", "thing", "entries"),
    [("open_counter", "1", 1), ("close_counter", "1", 0), ("pause_service", "x", 1), ("resume_service", "x", 0)],
)
def test_what_is_so_already_stays_so_and_is_not_written_again(
    town: Town, command: str, thing: str, entries: int
) -> None:
    switch = getattr(town.hall, command)
    first = switch(town.caller(), thing)
    version = town.hall.board.version
    assert switch(town.caller(), thing) == first
    assert (len(town.entries()), town.hall.board.version) == (entries, version)


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("open_counter", "counter"),
        ("close_counter", "counter"),
        ("pause_service", "service"),
        ("resume_service", "service"),
    ],
)
def test_what_does_not_exist_is_not_switched(town: Town, command: str, what: str) -> None:
    with town.knows_no(what):
        getattr(town.hall, command)(town.caller(), "9")


def test_who_holds_a_number_of_a_paused_service_is_still_called(town: Town) -> None:
    town.issue("x")
    town.open("1")
    town.hall.pause_service(town.caller(), "x")
    answer = town.call_next()
    assert answer is not None
    assert answer["ticket"]["label"] == "A01"


def test_a_counter_that_closes_keeps_who_is_being_served_there(town: Town) -> None:
    ticket = town.called("x")
    town.move(ticket["id"], Move.START)
    town.hall.close_counter(town.caller(), "1")
    assert town.board["counters"][0] == {
        "id": "1",
        "name": "1番",
        "open": False,
        "label": "A01",
        "services": ["x", "y"],
        "break_until": None,
    }
    assert town.move(ticket["id"], Move.COMPLETE)["state"] == "completed"


def test_switches_of_one_site_leave_the_others_alone(town: Town) -> None:
    town.open("1")
    town.hall.pause_service(town.caller(), "x")
    branch = town.city.hall("branch")
    assert not any(counter["open"] for counter in branch.board.data["counters"])
    assert branch.issue(town.caller(), "x")["label"] == "A01"
