import pytest

from queue_server.domain.ticket import Move
from tests.support.halls import MINATO_FILE, Town, minato


def test_a_number_with_a_priority_class_stands_before_those_who_came_within_its_head_start(port: Town) -> None:
    port.issue("y")
    port.pass_minutes(8)
    port.issue("y")
    port.issue("z")
    port.pass_minutes(4)
    answer = port.issue("y", priority="senior")
    assert (answer["ahead"], port.labels()) == (1, ["500", "502", "501", "700"])
    port.open("1")
    assert [port.called_next() for _ in range(4)] == ["500", "502", "501", "700"]
    port.verify()


def test_who_came_longer_ago_than_the_head_start_is_called_first(port: Town) -> None:
    port.issue("y")
    port.pass_minutes(10)
    port.issue("y", priority="senior")
    port.pass_minutes(0.1)
    port.issue("y", priority="baby")
    assert port.labels() == ["502", "500", "501"]


def test_the_estimate_of_a_priority_number_counts_only_those_before_it(port: Town) -> None:
    port.open("2")
    port.issue_many(3)
    assert port.issue("y", priority="senior")["estimate"] == {"low": 0, "high": 10}
    assert port.issue("y")["estimate"] == {"low": 25, "high": 65}


def test_a_class_that_does_not_exist_is_unknown(port: Town, town: Town) -> None:
    with port.knows_no("priority"):
        port.issue("y", priority="royal")
    ticket = port.issue("y")
    with port.knows_no("priority"):
        port.move(ticket["id"], Move.PRIORITIZE, priority="royal")
    with town.knows_no("priority"):
        town.issue("y", priority="senior")


def test_a_waiting_number_that_is_given_a_class_moves_ahead_and_without_it_back(port: Town) -> None:
    tickets = []
    for _ in range(3):
        tickets.append(port.issue("y")["id"])
        port.pass_minutes(4)
    moved = port.move(tickets[2], Move.PRIORITIZE, priority="senior")
    assert (moved["priority"], moved["state"], port.labels()) == ("senior", "waiting", ["502", "500", "501"])
    port.move(tickets[1], Move.PRIORITIZE, priority="senior")
    assert port.labels() == ["501", "502", "500"]
    assert port.move(tickets[2], Move.PRIORITIZE, priority="")["priority"] == ""
    assert port.labels() == ["501", "500", "502"]
    port.restart()
    assert port.labels() == ["501", "500", "502"]
    port.verify()


def test_the_last_in_line_whose_class_is_taken_away_stays_the_last(port: Town) -> None:
    port.issue("y")
    port.pass_minutes(4)
    last = port.issue("y", priority="senior")["id"]
    assert port.labels() == ["501", "500"]
    port.move(last, Move.PRIORITIZE)
    assert port.labels() == ["500", "501"]
    port.pass_minutes(1)
    port.issue("y")
    assert port.labels() == ["500", "501", "502"]


def test_who_missed_a_call_gains_no_place_by_the_class_that_it_has_already(port: Town) -> None:
    first, _, _ = port.issue_many(3)
    port.open("2")
    port.called_next("2")
    port.move(first["id"], Move.NO_SHOW)
    port.pass_minutes(5)
    port.move(first["id"], Move.REINSTATE)
    assert port.labels() == ["501", "500", "502"]
    port.move(first["id"], Move.PRIORITIZE, priority="")
    assert port.labels() == ["501", "500", "502"]


@pytest.mark.parametrize("move", [None, Move.HOLD, Move.NO_SHOW])
def test_only_a_waiting_number_is_given_a_class(port: Town, move: Move | None) -> None:
    ticket = port.called("y")["id"]
    if move is not None:
        port.move(ticket, move)
    with port.refuses("illegal_move", {Move.HOLD: "held", Move.NO_SHOW: "no_show"}.get(move or Move.CALL, "called")):
        port.move(ticket, Move.PRIORITIZE, priority="senior")


def test_a_priority_number_keeps_its_place_and_class_through_a_hold(port: Town) -> None:
    port.issue("y")
    ticket = port.issue("y", priority="senior")["id"]
    port.open("2")
    assert port.called_next("2") == "501"
    port.move(ticket, Move.HOLD, reason="記入")
    port.move(ticket, Move.RESUME)
    assert port.labels() == ["501", "500"]


def test_the_desk_names_the_class_and_offers_it_where_the_site_has_classes(port: Town, town: Town) -> None:
    port.issue("y", priority="senior")
    seen = port.desk["tickets"][0]
    assert (seen["priority"], seen["priority_name"]) == ("senior", "高齢のかた")
    assert seen["moves"] == ["call", "cancel", "prioritize"]
    assert port.desk["priorities"] == [
        {"id": "senior", "name": "高齢のかた", "head_start": 10},
        {"id": "baby", "name": "乳幼児連れのかた", "head_start": 25},
    ]
    town.issue("y")
    assert (town.desk["priorities"], town.desk["tickets"][0]["moves"]) == ([], ["call", "cancel"])
    assert (town.desk["tickets"][0]["priority"], town.desk["tickets"][0]["priority_name"]) == ("", "")


def test_the_public_board_does_not_say_who_has_priority(port: Town) -> None:
    port.issue("y", priority="senior")
    assert "senior" not in port.hall.board.body.decode()
    assert "高齢" not in port.hall.board.body.decode()


@pytest.mark.parametrize(
    ("counter", "called"),
    [("1", ["A01", "500", "700", "701"]), ("3", ["700", "701", "500"]), ("4", ["500", "700", "701"])],
)
def test_each_counter_calls_by_its_own_discipline(port: Town, counter: str, called: list[str]) -> None:
    for service in ("x", "y", "z", "z"):
        port.issue(service)
        port.pass_minutes(1)
    port.open(counter)
    assert [port.called_next(counter) for _ in called] == called
    assert port.called_next(counter) is None


def test_a_discipline_never_lets_anybody_wait_longer_than_its_longest_wait(port: Town) -> None:
    port.issue("y")
    port.open("3")
    for label in ("700", "701", "702"):
        port.pass_minutes(9)
        port.issue("z")
        assert port.called_next("3") == label
    port.pass_minutes(3)
    port.issue("z")
    assert port.called_next("3") == "500"


@pytest.mark.parametrize("counter", ["1", "3", "4"])
def test_a_number_handed_to_a_counter_that_leaves_the_profile_is_called_by_the_others(
    port: Town, counter: str
) -> None:
    ticket = port.called("y", "2")
    port.move(ticket["id"], Move.TRANSFER, counter="6")
    port.open(counter, "6")
    assert port.called_next(counter) is None
    six = minato_text_of_counter("6")
    port.restart(minato((six, ""), ('stages = { x = ["受付"] }', "")))
    assert port.called_next(counter) == ticket["label"]


def minato_text_of_counter(counter: str) -> str:
    text = MINATO_FILE.read_text(encoding="utf-8")
    return text[text.index(f'[[site.counter]]\nid = "{counter}"') :]
