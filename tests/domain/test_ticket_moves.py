import itertools

import pytest

from queue_server.domain.entries import BrokenJournal, Kind, evolve
from queue_server.domain.ticket import AT_COUNTER, MOVES, OPEN_STATES, UNDOABLE_MOVES, Move, Refused, TicketState
from tests.support.halls import entry, ticket_in

# Written down apart from the code: the states a move starts from, and the one it ends in.
DESIGNED = {
    "issue": ("", "waiting"),
    "call": ("waiting held", "called"),
    "recall": ("called", "called"),
    "start": ("called", "serving"),
    "complete": ("called serving", "completed"),
    "advance": ("called serving", "waiting"),
    "transfer": ("called serving held", "waiting"),
    "hold": ("called serving", "held"),
    "resume": ("held", "waiting"),
    "no_show": ("called", "no_show"),
    "reinstate": ("no_show", "waiting"),
    "cancel": ("waiting held no_show", "cancelled"),
    "prioritize": ("waiting", "waiting"),
    "expire": ("waiting called serving held no_show", "expired"),
}
BODY = {"service": "y", "stage": 0, "counter": None, "reason": "", "place": 9.0, "priority": ""}


def test_the_table_of_moves_is_the_designed_one() -> None:
    table = {move.value: ({state.value for state in step.sources}, step.target.value) for move, step in MOVES.items()}
    assert table == {move: (set(sources.split()), target) for move, (sources, target) in DESIGNED.items()}


@pytest.mark.parametrize(("state", "move"), list(itertools.product(TicketState, Move)))
def test_every_move_is_lawful_from_exactly_its_states(state: TicketState, move: Move) -> None:
    ticket = ticket_in(state)
    an_entry = entry(10, Kind(move.value), counter="1", body=BODY)
    if state.value in DESIGNED[move][0].split():
        ticket.require(move)
        assert move in ticket.lawful_moves()
        assert evolve(ticket, an_entry).state.value == DESIGNED[move][1]
        return
    with pytest.raises(Refused) as refused:
        ticket.require(move)
    assert (refused.value.code, refused.value.state) == ("illegal_move", state)
    assert move not in ticket.lawful_moves()
    with pytest.raises(BrokenJournal):
        evolve(ticket, an_entry)


@pytest.mark.parametrize("state", TicketState)
def test_a_ticket_is_open_until_it_is_completed_cancelled_or_expired(state: TicketState) -> None:
    ended = state in (TicketState.COMPLETED, TicketState.CANCELLED, TicketState.EXPIRED)
    assert ticket_in(state).is_open is not ended
    assert (ticket_in(state).lawful_moves() == ()) is ended


def test_only_what_is_called_or_served_is_at_a_counter() -> None:
    assert {TicketState.CALLED, TicketState.SERVING} == AT_COUNTER
    assert AT_COUNTER < OPEN_STATES


def test_a_refusal_carries_a_stable_code_and_perhaps_a_state() -> None:
    refused = Refused("hall_closed")
    assert (str(refused), refused.code, refused.state) == ("hall_closed", "hall_closed", None)
    assert dict(Refused("counter_taken", clerk="佐藤").details) == {"clerk": "佐藤"}


def test_a_number_once_given_out_an_announcement_and_the_days_end_are_not_taken_back() -> None:
    assert frozenset(Move) - {Move.ISSUE, Move.RECALL, Move.EXPIRE} == UNDOABLE_MOVES
