"""What the holder of a ticket may do with it."""

from dataclasses import replace

import pytest

from queue_server.domain.ticket import Move, TicketState
from queue_server.hall import FormerDay, Unknown
from tests.hall.test_moves import ticket_at
from tests.support.halls import Town


@pytest.mark.parametrize("state", TicketState)
def test_a_number_is_given_up_only_while_it_waits_is_held_or_was_missed(town: Town, state: TicketState) -> None:
    ticket = town.city.find_ticket_by_token(token_of(town, ticket_at(town, state)))
    assert ticket is not None
    if state in (TicketState.WAITING, TicketState.HELD, TicketState.NO_SHOW):
        assert town.hall.leave(ticket[1], "press")["state"] == "cancelled"
        entry = town.entries()[-1]
        assert (entry.kind.value, entry.actor, entry.request_id) == ("cancel", "holder", "press")
    else:
        with town.refuses("illegal_move", state):
            town.hall.leave(ticket[1], "press")
    town.verify()


def token_of(town: Town, ticket: str) -> str:
    return str(town.sql(f"SELECT token FROM ticket WHERE id = '{ticket}'")[0][0])


def test_leaving_twice_with_one_key_is_leaving_once(town: Town) -> None:
    _, ticket = town.city.ticket_by_token(token_of(town, town.issue("x")["id"]))
    first = town.hall.leave(ticket, "press")
    count = len(town.entries())
    assert town.hall.leave(ticket, "press")["state"] == first["state"] == "cancelled"
    assert len(town.entries()) == count
    with town.refuses("illegal_move", "cancelled"):
        town.hall.leave(ticket, "another press")


def test_the_keys_of_two_holders_do_not_meet(town: Town) -> None:
    tickets = [town.city.ticket_by_token(token_of(town, town.issue("x")["id"]))[1] for _ in range(2)]
    town.hall.leave(tickets[0], "press")
    with town.refuses("request_id_reused"):
        town.hall.leave(tickets[1], "press")
    assert town.service("x")["waiting"] == [tickets[1].label]


def test_a_supervisor_can_bring_a_number_back_that_was_given_up(town: Town) -> None:
    _, ticket = town.city.ticket_by_token(token_of(town, town.issue("x")["id"]))
    town.hall.leave(ticket, "press")
    town.hall.undo_last_move(town.caller(), ticket.id)
    assert town.service("x")["waiting"] == [ticket.label]
    town.verify()


def test_a_token_opens_its_ticket_until_the_day_is_over_and_then_says_what_it_was_for(town: Town) -> None:
    token = token_of(town, town.issue("x")["id"])
    town.at("2026-11-24T19:00")
    assert town.city.ticket_by_token(token)[1].state is TicketState.EXPIRED
    town.at("2026-11-25T09:00")
    with pytest.raises(FormerDay) as over:
        town.city.ticket_by_token(token)
    told = over.value
    assert (told.business_day.isoformat(), told.site, told.service) == ("2026-11-24", town.hall.site.id, "x")
    with pytest.raises(Unknown, match="ticket"):
        town.city.ticket_by_token("nothing")


def test_a_slip_of_a_service_that_left_the_profile_still_says_whose_it_was(town: Town) -> None:
    token = token_of(town, town.issue("x")["id"])
    town.at("2026-11-25T09:00")
    found = town.city.find_ticket_by_token(token)
    assert found is not None
    with pytest.raises(FormerDay) as over:
        town.hall.require_today(replace(found[1], service="gone"))
    assert over.value.service == "gone"


def test_only_a_live_ticket_is_found_open_and_only_a_waiting_one_has_an_outlook(town: Town) -> None:
    ticket = town.issue("x")
    found = town.hall.open_ticket(ticket["id"])
    assert found is not None
    town.open("1")
    ahead, estimate = town.hall.outlook_of(found)
    assert (ahead, estimate is not None) == (0, True)
    town.move(ticket["id"], Move.CANCEL)
    assert town.hall.open_ticket(ticket["id"]) is None
