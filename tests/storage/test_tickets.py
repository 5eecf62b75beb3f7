import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.domain.numbering import Allocation
from queue_server.domain.switches import (
    CounterSwitch,
    Notice,
    ReceptionSwitch,
    ServiceSwitch,
    StructureChange,
    Switch,
)
from queue_server.domain.ticket import OPEN_STATES, Ticket, TicketState
from queue_server.storage import tickets
from queue_server.storage.database import Store
from tests.support.halls import TUESDAY, ticket_in

WEDNESDAY = TUESDAY + timedelta(days=1)
WAITING = ticket_in(TicketState.WAITING)
SECOND = replace(WAITING, id="t2", token="t2t2", number=501, label="501")
FULL = ticket_in(
    TicketState.EXPIRED,
    stage=1,
    counter="1",
    reserved_counter="2",
    call_seq=8,
    called_at=WAITING.issued_at + timedelta(minutes=3, microseconds=7),
    started_at=WAITING.issued_at + timedelta(minutes=4),
    ended_at=WAITING.issued_at + timedelta(minutes=5),
    reason="書類待ち",
    priority="senior",
    place=7.000000001,
)


@pytest.mark.parametrize("ticket", [WAITING, FULL])
def test_a_ticket_is_found_as_it_was_stored(store: Store, ticket: Ticket) -> None:
    tickets.store_ticket(store.database, ticket)
    assert tickets.find_ticket(store.database, "t1") == ticket
    assert tickets.find_by_token(store.database, "t1t1") == ticket


def test_what_was_never_stored_is_not_found(store: Store) -> None:
    tickets.store_ticket(store.database, WAITING)
    assert tickets.find_ticket(store.database, "t1t1") is None
    assert tickets.find_by_token(store.database, "t1") is None


def test_storing_again_replaces_the_row(store: Store) -> None:
    tickets.store_ticket(store.database, WAITING)
    tickets.store_ticket(store.database, FULL)
    assert tickets.find_ticket(store.database, "t1") == FULL
    assert tickets.count_tickets(store.database) == 1


def test_a_live_label_is_never_on_two_tickets_of_a_day(store: Store) -> None:
    tickets.store_ticket(store.database, WAITING)
    twin = replace(SECOND, label="500")
    with pytest.raises(sqlite3.IntegrityError, match=r"ticket\.label"):
        tickets.store_ticket(store.database, twin)
    tickets.store_ticket(store.database, FULL)
    tickets.store_ticket(store.database, twin)
    tickets.store_ticket(store.database, replace(twin, id="t3", token="t3", business_day=WEDNESDAY))


def test_a_number_is_given_once_in_its_round(store: Store) -> None:
    tickets.store_ticket(store.database, FULL)
    with pytest.raises(sqlite3.IntegrityError, match=r"ticket\.number"):
        tickets.store_ticket(store.database, replace(SECOND, number=500))
    tickets.store_ticket(store.database, replace(SECOND, number=500, round=2))


def test_the_services_of_open_tickets_are_those_of_the_day_each_once(store: Store) -> None:
    for n, state in enumerate(TicketState, start=1):
        ticket = replace(
            WAITING, id=f"t{n}", token=f"k{n}", number=n, label=str(n), state=state, service=f"s {state}"
        )
        tickets.store_ticket(store.database, ticket)
    tickets.store_ticket(store.database, replace(SECOND, id="t20", service="s waiting"))
    assert sorted(tickets.open_services(store.database, TUESDAY)) == sorted(
        ("hall", f"s {state}", 0) for state in OPEN_STATES
    )
    assert tickets.open_services(store.database, WEDNESDAY) == []


def test_the_last_number_of_a_series_is_one_row(store: Store) -> None:
    assert tickets.last_allocation(store.database, "hall", TUESDAY, "b") is None
    for ticket in (WAITING, replace(SECOND, round=2)):
        tickets.store_allocation(store.database, ticket)
    assert tickets.last_allocation(store.database, "hall", TUESDAY, "b") == Allocation(2, 501)
    assert tickets.last_allocation(store.database, "hall", WEDNESDAY, "b") is None
    assert tickets.count_allocations(store.database) == 1


SWITCHES: dict[str, Switch] = {
    "counter:1": CounterSwitch(True, "staff:佐藤", None, ("y", "x")),
    "counter:2": CounterSwitch(False, "staff:a", WAITING.issued_at),
    "notice:n": Notice("n", "鬼\U00020bb7\x00", WAITING.issued_at, 7),
    "reception": ReceptionSwitch(False, None, "停電"),
    "service:x": ServiceSwitch(True),
    "structure:levels:x": StructureChange("levels", "x", [{"key": "free"}], None, "staff:b", WAITING.issued_at, 8),
}


def test_a_switch_of_each_kind_is_found_as_it_was_stored(store: Store) -> None:
    for name, switch in SWITCHES.items():
        tickets.store_switch(store.database, "hall", name, switch)
    assert tickets.switches_of(store.database, "hall") == SWITCHES
    assert tickets.switches_of(store.database, "branch") == {}


def test_switches_are_rows_that_come_and_go(store: Store) -> None:
    for switch in (ServiceSwitch(), ServiceSwitch(True)):
        tickets.store_switch(store.database, "hall", "service:x", switch)
    tickets.store_switch(store.database, "branch", "service:x", ServiceSwitch())
    assert tickets.switches_of(store.database, "hall") == {"service:x": ServiceSwitch(True)}
    assert tickets.sites_with_switches(store.database) == {"hall", "branch"}
    for _ in range(2):
        tickets.store_switch(store.database, "hall", "service:x", None)
    assert tickets.switches_of(store.database, "hall") == {}
    assert tickets.sites_with_switches(store.database) == {"branch"}


@pytest.mark.parametrize("body", ['{"label":"500"}', None])
def test_an_answer_is_kept_for_its_actor_and_its_key(store: Store, body: str | None) -> None:
    answer = tickets.Answer("print", body)
    tickets.store_answer(store.database, "clerk", "key", TUESDAY, answer)
    assert tickets.find_answer(store.database, "clerk", "key") == answer
    assert tickets.find_answer(store.database, "kiosk", "key") is None
    with pytest.raises(sqlite3.IntegrityError):
        tickets.store_answer(store.database, "clerk", "key", WEDNESDAY, answer)


def test_answers_of_the_days_before_are_forgotten(store: Store) -> None:
    for day in (TUESDAY, WEDNESDAY):
        tickets.store_answer(store.database, "clerk", str(day), day, tickets.Answer("print", None))
    tickets.forget_answers(store.database, before=WEDNESDAY)
    assert tickets.find_answer(store.database, "clerk", str(TUESDAY)) is None
    assert tickets.find_answer(store.database, "clerk", str(WEDNESDAY)) is not None
