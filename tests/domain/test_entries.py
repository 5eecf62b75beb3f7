import json
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from queue_server.domain.entries import (
    ACCESS_KINDS,
    CORRECTIONS,
    HOLDER_ACTOR,
    BrokenJournal,
    Entry,
    Kind,
    evolve,
    given_up,
    plain_ticket,
    ticket_of_plain,
)
from queue_server.domain.ticket import Move, Ticket, TicketState
from tests.support.halls import TUESDAY, entry, issue_entry, ticket_in, undo_entry

FIVE_PAST = entry(1, Kind.CALL, minute=5).at


def difference(before: Ticket, after: Ticket) -> dict[str, Any]:
    """The fields that an entry changed, with their new values."""
    names = [field.name for field in fields(Ticket)]
    return {name: getattr(after, name) for name in names if getattr(before, name) != getattr(after, name)}


def test_every_move_has_a_kind_of_its_own_name_and_a_switch_has_no_move() -> None:
    assert {kind.move for kind in Kind} - {None} == set(Move)
    switches = {kind.value for kind in Kind if kind.move is None} - CORRECTIONS - ACCESS_KINDS
    assert switches == {
        *("open_counter", "take_counter", "close_counter", "start_break", "assign_services"),
        *("pause_service", "resume_service"),
        *("close_reception", "open_reception", "reset_reception"),
        *("post_notice", "withdraw_notice", "change_structure"),
    }


def test_a_move_or_a_correction_changes_a_ticket_and_nothing_else_does() -> None:
    assert {kind for kind in Kind if kind.changes_ticket} == {kind for kind in Kind if kind.move} | CORRECTIONS


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


def test_an_issue_may_say_its_place_and_its_priority_class() -> None:
    issue = issue_entry(4, priority="senior")
    ticket = evolve(None, replace(issue, body={**issue.body, "place": 2.5}))
    assert (ticket.place, ticket.priority) == (2.5, "senior")


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
        (Kind.ADVANCE, TicketState.CALLED, {}, {"stage": 1, "entered_at": FIVE_PAST}),
        (
            Kind.TRANSFER,
            TicketState.CALLED,
            {"service": "x", "stage": 2, "counter": "2"},
            {"service": "x", "stage": 2, "reserved_counter": "2", "entered_at": FIVE_PAST},
        ),
        (
            Kind.TRANSFER,
            TicketState.CALLED,
            {"service": "y", "stage": 0, "counter": None},
            {"reserved_counter": None, "entered_at": FIVE_PAST},
        ),
        (Kind.HOLD, TicketState.SERVING, {"reason": "記入"}, {"reason": "記入"}),
        (Kind.NO_SHOW, TicketState.CALLED, {}, {}),
        (Kind.REINSTATE, TicketState.NO_SHOW, {"place": 31}, {"place": 31.0, "entered_at": FIVE_PAST}),
        (
            Kind.PRIORITIZE,
            TicketState.WAITING,
            {"priority": "senior", "place": 3},
            {"priority": "senior", "place": 3.0},
        ),
        (Kind.REISSUE, TicketState.SERVING, {"token": "new"}, {"token": "new"}),
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
        (
            ticket_in(TicketState.COMPLETED),
            entry(5, Kind.REISSUE, body={"token": "new"}),
            "entry 5: reissue is not lawful from completed",
        ),
        (None, entry(5, Kind.REISSUE, body={"token": "new"}), "concerns an unknown ticket"),
    ],
)
def test_an_entry_that_cannot_follow_says_that_the_journal_is_broken(
    before: Ticket | None, after: Entry, words: str
) -> None:
    with pytest.raises(BrokenJournal, match=words):
        evolve(before, after)


# -- undo --------------------------------------------------------------------------------------------

FULL = ticket_in(
    TicketState.SERVING,
    **USED,
    stage=1,
    reserved_counter="1",
    priority="senior",
    place=2.25,
    entered_at=FIVE_PAST - timedelta(minutes=3),
)


@pytest.mark.parametrize("now", [None, *TicketState])
def test_an_undo_puts_the_ticket_back_field_by_field_whatever_it_is_now(now: TicketState | None) -> None:
    ticket = None if now is None else ticket_in(now, place=99.0, reason="別の", token="other")
    assert evolve(ticket, undo_entry(12, FULL, undoes=11)) == replace(FULL, seq=12)


@pytest.mark.parametrize("state", TicketState)
def test_a_ticket_in_the_terms_of_json_is_read_as_it_was(state: TicketState) -> None:
    ticket = replace(FULL, state=state, ended_at=FIVE_PAST)
    assert ticket_of_plain(json.loads(json.dumps(plain_ticket(ticket)))) == ticket
    assert ticket_of_plain(plain_ticket(ticket_in(state))) == ticket_in(state)


def test_a_ticket_that_was_written_before_there_were_classes_has_none() -> None:
    plain = plain_ticket(FULL)
    del plain["priority"]
    assert ticket_of_plain(plain) == replace(FULL, priority="")


def test_a_ticket_that_was_written_before_lines_were_told_apart_waits_since_its_issue() -> None:
    plain = plain_ticket(FULL)
    del plain["entered_at"]
    ticket = ticket_of_plain(plain)
    assert ticket == replace(FULL, entered_at=None)
    assert ticket.waiting_since == ticket.issued_at


@pytest.mark.parametrize(
    ("ticket", "undo"),
    [
        (FULL, undo_entry(12, ticket_in(TicketState.COMPLETED), undoes=11)),
        (FULL, entry(12, Kind.UNDO, "t2", body={"undoes": 11, "ticket": plain_ticket(FULL)})),
        (replace(FULL, id="t2"), undo_entry(12, FULL, undoes=11)),
        (FULL, undo_entry(12, FULL, undoes=11, site="branch")),
        (None, undo_entry(12, FULL, undoes=11, day=TUESDAY + timedelta(days=1))),
    ],
    ids=["ended", "another ticket", "not this ticket", "another site", "another day"],
)
def test_an_undo_that_does_not_fit_says_that_the_journal_is_broken(ticket: Ticket | None, undo: Entry) -> None:
    with pytest.raises(BrokenJournal, match=r"entry 12 .undo. does not bring ticket t[12] back"):
        evolve(ticket, undo)


@pytest.mark.parametrize(
    ("last", "actor", "own"),
    [
        (Kind.CANCEL, HOLDER_ACTOR, True),
        (Kind.CANCEL, "staff:sato", False),
        (Kind.CANCEL, "device:kiosk-1", False),
        (Kind.HOLD, HOLDER_ACTOR, False),
        (Kind.EXPIRE, "clock", False),
    ],
)
def test_a_ticket_is_given_up_by_its_own_holder_alone(last: Kind, actor: str, own: bool) -> None:
    history = [issue_entry(1), entry(2, last, minute=5, actor=actor)]
    assert given_up(history) is own


def test_what_was_given_up_and_brought_back_is_not_given_up_any_more() -> None:
    left = entry(2, Kind.CANCEL, minute=5, actor=HOLDER_ACTOR)
    assert given_up([issue_entry(1), left, entry(3, Kind.UNDO, minute=6)]) is False
    assert given_up([]) is False
