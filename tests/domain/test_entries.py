from dataclasses import fields
from typing import Any

import pytest

from queue_server.domain.entries import BrokenJournal, Entry, Kind, evolve
from queue_server.domain.ticket import Move, Ticket, TicketState
from tests.support.halls import TUESDAY, entry, issue_entry, ticket_in

FIVE_PAST = entry(1, Kind.CALL, minute=5).at


def difference(before: Ticket, after: Ticket) -> dict[str, Any]:
    """The fields that an entry changed, with their new values."""
    names = [field.name for field in fields(Ticket)]
    return {name: getattr(after, name) for name in names if getattr(before, name) != getattr(after, name)}


def test_every_move_has_a_kind_of_its_own_name_and_a_switch_has_no_move() -> None:
    assert {kind.move for kind in Kind} - {None} == set(Move)
    switches = {kind.value for kind in Kind if kind.move is None}
    assert switches == {"open_counter", "close_counter", "pause_service", "resume_service"}


def test_an_issue_makes_a_waiting_ticket_whose_place_is_its_seq() -> None:
    issue = issue_entry(4, number=503)
    assert evolve(None, issue) == Ticket(
        id="t1",
        site="hall",
        business_day=TUESDAY,
        series="b",
        round=1,
        number=503,
        label="503",
        token="t1t1",
        service="y",
        state=TicketState.WAITING,
        place=4.0,
        seq=4,
        issued_at=issue.at,
    )


USED = {"counter": "2", "call_seq": 8, "called_at": FIVE_PAST, "started_at": FIVE_PAST, "reason": "書類待ち"}


@pytest.mark.parametrize(
    ("kind", "state", "body", "changed"),
    [
        (
            Kind.CALL,
            TicketState.WAITING,
            {},
            {"counter": "1", "reserved_counter": None, "call_seq": 10, "called_at": FIVE_PAST},
        ),
        (Kind.RECALL, TicketState.CALLED, {}, {"call_seq": 10}),
        (Kind.START, TicketState.CALLED, {}, {"started_at": FIVE_PAST}),
        (Kind.COMPLETE, TicketState.SERVING, {}, {"ended_at": FIVE_PAST}),
        (Kind.CANCEL, TicketState.WAITING, {}, {"ended_at": FIVE_PAST}),
        (Kind.EXPIRE, TicketState.WAITING, {}, {"ended_at": FIVE_PAST}),
        (Kind.ADVANCE, TicketState.CALLED, {}, {"stage": 1}),
        (
            Kind.TRANSFER,
            TicketState.CALLED,
            {"service": "x", "stage": 2, "counter": "2"},
            {"service": "x", "stage": 2, "reserved_counter": "2"},
        ),
        (
            Kind.TRANSFER,
            TicketState.CALLED,
            {"service": "y", "stage": 0, "counter": None},
            {"reserved_counter": None},
        ),
        (Kind.HOLD, TicketState.SERVING, {"reason": "記入"}, {"reason": "記入"}),
        (Kind.NO_SHOW, TicketState.CALLED, {}, {}),
        (Kind.REINSTATE, TicketState.NO_SHOW, {"place": 31}, {"place": 31.0}),
    ],
)
def test_a_move_changes_the_fields_it_is_about_and_no_other(
    kind: Kind, state: TicketState, body: dict[str, Any], changed: dict[str, Any]
) -> None:
    before = ticket_in(state, reserved_counter="1")
    after = evolve(before, entry(10, kind, minute=5, counter="1", body=body))
    moved = {"seq": 10} if after.state is state else {"seq": 10, "state": after.state}
    assert difference(before, after) == {**moved, **changed}


@pytest.mark.parametrize(
    ("kind", "state", "body", "forgotten"),
    [
        (Kind.ADVANCE, TicketState.SERVING, {}, {"counter", "started_at"}),
        (
            Kind.TRANSFER,
            TicketState.HELD,
            {"service": "y", "stage": 0, "counter": None},
            {"counter", "started_at", "reason"},
        ),
        (Kind.RESUME, TicketState.HELD, {}, {"counter", "started_at", "reason"}),
        (Kind.REINSTATE, TicketState.NO_SHOW, {"place": 7}, {"counter"}),
        (Kind.CALL, TicketState.HELD, {}, {"started_at", "reason"}),
    ],
)
def test_a_ticket_that_waits_or_is_called_anew_forgets_how_it_was_served_before(
    kind: Kind, state: TicketState, body: dict[str, Any], forgotten: set[str]
) -> None:
    after = evolve(ticket_in(state, **USED), entry(10, kind, counter="1", body=body))
    assert {name: getattr(after, name) for name in forgotten} == {
        name: "" if name == "reason" else None for name in forgotten
    }


def test_when_somebody_was_called_is_kept_by_a_recall_and_while_waiting_again() -> None:
    ticket = evolve(ticket_in(TicketState.CALLED, **USED), entry(10, Kind.RECALL, minute=9))
    ticket = evolve(ticket, entry(11, Kind.ADVANCE, minute=10))
    assert (ticket.called_at, ticket.call_seq) == (FIVE_PAST, 10)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, entry(5, Kind.OPEN_COUNTER, None, counter="1"), "entry 5 .open_counter. does not concern a ticket"),
        (None, entry(5, Kind.CALL, None), "does not concern a ticket"),
        (None, entry(5, Kind.CALL), "concerns an unknown ticket"),
        (ticket_in(TicketState.WAITING), entry(5, Kind.CALL, "t2"), "concerns an unknown ticket"),
        (ticket_in(TicketState.WAITING), issue_entry(5), "issues ticket t1 a second time"),
        (ticket_in(TicketState.EXPIRED), entry(5, Kind.CALL), "call is not lawful from expired"),
    ],
)
def test_an_entry_that_cannot_follow_says_that_the_journal_is_broken(
    before: Ticket | None, after: Entry, words: str
) -> None:
    with pytest.raises(BrokenJournal, match=words):
        evolve(before, after)
