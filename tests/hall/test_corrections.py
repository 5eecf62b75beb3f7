import pytest

from queue_server.domain.ticket import Move, TicketState
from queue_server.snapshot import View
from tests.hall.pictures import as_it_is
from tests.support.halls import Town


def correct(town: Town, label: str) -> View:
    (ticket,) = town.hall.undo_last_move(town.supervisor(), town.id_of(label))["tickets"]
    view: View = ticket
    return view


@pytest.mark.parametrize("move", [Move.COMPLETE, Move.START, Move.HOLD, Move.ADVANCE])
def test_a_supervisor_takes_back_the_last_move_of_a_ticket_whoever_made_it(busy: Town, move: Move) -> None:
    before = as_it_is(busy)
    busy.move(busy.id_of("A01"), move)
    assert correct(busy, "A01")["state"] == "called"
    assert as_it_is(busy) == before
    with busy.refuses("undo_unlawful", "called"):
        correct(busy, "A01")
    busy.verify()


@pytest.mark.parametrize("end", [Move.CANCEL, Move.COMPLETE])
def test_a_ticket_that_ended_today_is_brought_back_with_all_it_was(busy: Town, end: Move) -> None:
    label = "A01" if end is Move.COMPLETE else "501"
    before = as_it_is(busy)
    busy.move(busy.id_of(label), end)
    assert [(each["label"], each["undoable"], each["moves"]) for each in busy.desk["ended"]] == [(label, True, [])]
    correct(busy, label)
    assert as_it_is(busy) == before
    busy.restart()
    assert as_it_is(busy) == before


def test_a_ticket_may_end_and_come_back_again_and_again(town: Town) -> None:
    ticket = town.called("y")["id"]
    for _ in range(3):
        town.move(ticket, Move.COMPLETE)
        assert correct(town, "500")["state"] == "called"
        town.move(ticket, Move.HOLD)
        town.move(ticket, Move.CANCEL)
        assert correct(town, "500")["state"] == "held"
        town.call("500")
    assert town.verify() == len(town.entries())
    town.restart()
    assert town.labels(TicketState.CALLED) == ["500"]


def shut_counter(town: Town, how: str) -> None:
    match how:
        case "busy":
            town.hall.call_next(town.person("b"), "1")
        case "closed":
            town.hall.close_counter(town.caller(), "1")
        case "on a break":
            town.hall.start_break(town.caller(), "1", 15)


@pytest.mark.parametrize("how", ["busy", "closed", "on a break"])
@pytest.mark.parametrize("move", [Move.COMPLETE, Move.NO_SHOW])
def test_a_ticket_whose_counter_goes_on_without_it_comes_back_on_hold(town: Town, move: Move, how: str) -> None:
    ticket = town.called("y")
    town.issue("y")
    town.pass_minutes(3)
    town.move(ticket["id"], move)
    shut_counter(town, how)
    before = as_it_is(town)
    assert [each["undoable"] for each in town.desk["ended"]] == [True] * (move is Move.COMPLETE)
    back = correct(town, "500")
    assert (back["state"], back["counter"], back["called_at"]) == ("held", "1", ticket["called_at"])
    assert town.desk["ended"] == []
    assert [each["id"] for each in town.desk["tickets"] if "resume" in each["moves"]] == [ticket["id"]]
    assert town.desk["counters"] == before[1]["counters"], "what the counter does goes on"
    entry = town.entries()[-1]
    assert (entry.kind.value, entry.body["ticket"]["state"]) == ("undo", "held")
    now = as_it_is(town)
    town.restart()
    assert as_it_is(town) == now
    town.verify()


@pytest.mark.parametrize("taken_up", ["called", "resumed"])
def test_a_ticket_that_came_back_on_hold_is_taken_up_like_any_other(town: Town, taken_up: str) -> None:
    first = town.called("y")["id"]
    town.issue("y")
    town.call_next(complete=True)
    correct(town, "500")
    town.open("2")
    if taken_up == "called":
        assert town.call("500", "2")["counter"] == "2"
    else:
        town.move(first, Move.RESUME)
        assert town.called_next("2") == "500", "it kept its place"
    with town.refuses("nothing_to_undo"):
        town.hall.undo(town.caller(), "1")
    town.move(first, Move.COMPLETE)
    assert correct(town, "500")["state"] == "called"
    town.verify()


def test_what_is_on_hold_already_stays_as_it_is_while_its_counter_is_busy(town: Town) -> None:
    ticket = town.called("y")["id"]
    town.issue("y")
    town.move(ticket, Move.HOLD, reason="記入")
    town.call_next()
    with town.refuses("undo_unlawful", "held"):
        correct(town, "500")


def test_what_nobody_did_a_moment_ago_is_not_taken_back(busy: Town) -> None:
    with busy.refuses("undo_unlawful", "waiting"):
        correct(busy, "502")
    busy.hall.reissue(busy.supervisor(), busy.id_of("A01"))
    with busy.refuses("undo_unlawful", "called"):
        correct(busy, "A01")
    busy.hall.close_day(busy.supervisor(), expire=True)
    with busy.refuses("undo_unlawful", "expired"):
        correct(busy, "502")
    assert not any(each["undoable"] for each in busy.desk["ended"])
    with busy.knows_no("ticket"):
        busy.hall.undo_last_move(busy.supervisor(), "nobody")


def test_a_number_that_somebody_else_holds_now_cannot_come_back(town: Town) -> None:
    first = town.issue("x")["id"]
    town.move(first, Move.CANCEL)
    for _ in range(3):
        town.issue("x")
    assert [(each["label"], each["undoable"]) for each in town.desk["ended"]] == [("A01", False)]
    with town.refuses("undo_unlawful", "cancelled"):
        town.hall.undo_last_move(town.supervisor(), first)


def test_a_ticket_of_another_site_is_unknown_to_the_correction(town: Town) -> None:
    ticket = town.city.hall("branch").issue(town.caller(), "x")["id"]
    for command in (town.hall.undo_last_move, town.hall.reissue):
        with town.knows_no("ticket"):
            command(town.supervisor(), ticket)


def test_a_move_made_after_a_correction_is_taken_back_in_its_turn(town: Town) -> None:
    ticket = town.called("y")["id"]
    correct(town, "500")
    town.call("500", "1")
    assert correct(town, "500")["state"] == "waiting"
    assert town.hall._day.tickets[ticket].counter is None


# -- a new slip --------------------------------------------------------------------------------------


def test_a_new_slip_has_the_same_number_and_the_old_code_opens_nothing(town: Town) -> None:
    old = town.issue("y")
    answer = town.hall.reissue(town.supervisor(), old["id"])
    new = answer["token"]
    assert (answer["ticket"]["label"], answer["ticket_url"]) == ("500", f"/t/{new}")
    assert "token" not in answer["ticket"]
    assert town.city.find_ticket_by_token(old["token"]) is None
    found = town.city.find_ticket_by_token(new)
    assert found is not None
    assert found[1].id == old["id"]
    assert (len(new), town.labels()) == (22, ["500"])
    town.restart()
    assert town.city.find_ticket_by_token(new) is not None


def test_the_same_press_for_a_new_slip_prints_one(town: Town) -> None:
    ticket = town.issue("y")["id"]
    first = town.hall.reissue(town.supervisor("press"), ticket)
    assert town.hall.reissue(town.supervisor("press"), ticket) == first
    assert town.hall.reissue(town.supervisor(), ticket)["token"] != first["token"]


def test_an_undo_never_brings_an_old_slip_back(town: Town) -> None:
    old = town.issue("y")
    town.open("1")
    town.call("500")
    new = town.hall.reissue(town.supervisor(), old["id"])["token"]
    town.move(old["id"], Move.COMPLETE)
    correct(town, "500")
    assert town.city.find_ticket_by_token(old["token"]) is None
    assert town.city.find_ticket_by_token(new) is not None
    town.verify()


def test_a_ticket_that_ended_gets_no_new_slip(town: Town) -> None:
    ticket = town.called("y")["id"]
    town.move(ticket, Move.COMPLETE)
    with town.refuses("illegal_move", "completed"):
        town.hall.reissue(town.supervisor(), ticket)
    with town.knows_no("ticket"):
        town.hall.reissue(town.supervisor(), "nobody")
