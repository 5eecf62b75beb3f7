"""The sorted tickets say what a search through all of them would."""

from dataclasses import replace
from datetime import timedelta
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.line import in_order, line_of
from queue_server.domain.open_tickets import OpenTickets
from queue_server.domain.ticket import AT_COUNTER, OPEN_STATES, Ticket, TicketState
from tests.support.halls import NINE, ticket_in

IDS = ("a", "b", "c", "d", "e")
SERVICES, COUNTERS, LABELS = ("x", "y"), ("1", "2"), ("500", "501", "502", "503", "504", "505")


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[str, Ticket | None]]:
    """Tickets that come, change and go; None is one that ends. No label is carried by two at once."""
    found: list[tuple[str, Ticket | None]] = []
    here: dict[str, str] = {}
    for seq in range(1, draw(st.integers(0, 14)) + 1):
        id_ = draw(st.sampled_from(IDS))
        if id_ in here and draw(st.integers(0, 3)) == 0:
            del here[id_]
            found.append((id_, None))
            continue
        free = [label for label in LABELS if label not in here.values() or here.get(id_) == label]
        here[id_] = here.get(id_) or draw(st.sampled_from(free))
        ticket = ticket_in(
            draw(st.sampled_from(sorted(OPEN_STATES))),
            id=id_,
            seq=seq,
            label=here[id_],
            series=draw(st.sampled_from(("a", "b"))),
            service=draw(st.sampled_from(SERVICES)),
            stage=draw(st.integers(0, 1)),
            place=float(draw(st.integers(0, 4))),
            counter=draw(st.sampled_from(COUNTERS)),
            reserved_counter=draw(st.sampled_from((None, None, *COUNTERS))),
            issued_at=NINE + timedelta(minutes=draw(st.integers(0, 9))),
        )
        found.append((id_, ticket))
    return found


def put_all(changed: list[tuple[str, Ticket | None]]) -> tuple[OpenTickets, dict[str, Ticket]]:
    tickets, plain = OpenTickets(), dict[str, Ticket]()
    for id_, ticket in changed:
        if ticket is None:
            tickets.remove(id_)
            del plain[id_]
        else:
            tickets.put(ticket)
            plain[id_] = ticket
    return tickets, plain


@given(changes())
def test_they_are_a_mapping_in_the_order_of_issue(changed: list[tuple[str, Ticket | None]]) -> None:
    tickets, plain = put_all(changed)
    assert tickets == plain
    assert list(tickets) == list(plain)
    assert list(tickets.values()) == list(plain.values())
    assert len(tickets) == len(plain)
    assert tickets.get("nobody") is None


@given(changes())
def test_lines_are_what_sorting_gives(changed: list[tuple[str, Ticket | None]]) -> None:
    tickets, plain = put_all(changed)
    waiting = in_order(each for each in plain.values() if each.state is TicketState.WAITING)
    assert tickets.waiting() == waiting
    for service in (*SERVICES, "z"):
        mine = [each for each in waiting if each.service == service]
        assert tickets.waiting(service) == mine
        assert tickets.waiting_count(service) == len(mine)
        for stage in (0, 1):
            line = [each for each in mine if each.stage == stage]
            assert list(tickets.line((service, stage))) == line
            assert tickets.lengths()[service, stage] == len(line)
            since = min((each.waiting_since for each in line), default=None)
            assert tickets.waiting_since((service, stage)) == since
            for place in (-1.0, 1.0, 2.5, 9.0):
                for seq in (3, inf):
                    before = [each for each in line if (each.place, each.seq) < (place, seq)]
                    assert tickets.before((service, stage), place, seq) == len(before)
        assert tickets.before_in_service(service, 2.0) == sum(each.place <= 2.0 for each in mine)
    lines = {line_of(each) for each in waiting}
    assert set(tickets.lengths()) == lines
    assert tickets.waiting_in(line for line in lines if line) == waiting
    for counter in COUNTERS:
        assert list(tickets.reserved(counter)) == [each for each in waiting if each.reserved_counter == counter]
    assert tickets.nobody_is_reserved == all(each.reserved_counter is None for each in waiting)


@given(changes())
def test_who_is_elsewhere_is_what_a_search_finds(changed: list[tuple[str, Ticket | None]]) -> None:
    tickets, plain = put_all(changed)
    there = [each for each in plain.values() if each.state in AT_COUNTER]
    for counter in COUNTERS:
        assert set(tickets.at_counter(counter)) == {each for each in there if each.counter == counter}
    for without in (None, *IDS):
        assert tickets.counters_taken(without) == {each.counter for each in there if each.id != without}
    aside = [each for each in plain.values() if each.state is not TicketState.WAITING]
    assert tickets.aside() == aside
    for service in SERVICES:
        assert tickets.aside(service) == [each for each in aside if each.service == service]
        assert tickets.being_served(service) == sum(each.service == service for each in there)
    for series in ("a", "b"):
        assert tickets.in_series(series) == sum(each.series == series for each in plain.values())
    for label in LABELS:
        assert tickets.by_label(label) == next((each for each in plain.values() if each.label == label), None)
    assert set(tickets.labels) == {each.label for each in plain.values()}
    assert tickets.last_place >= max((each.place for each in plain.values()), default=0.0)


@given(changes(), changes())
def test_a_copy_goes_its_own_way(
    first: list[tuple[str, Ticket | None]], second: list[tuple[str, Ticket | None]]
) -> None:
    tickets, plain = put_all(first)
    copied = tickets.copy()
    for id_ in list(copied):
        copied.remove(id_)
    for _, ticket in second:
        if ticket is not None:
            copied.put(replace(ticket, id=f"{ticket.id}2", label=f"{ticket.label}2"))
    again, _ = put_all(first)
    for name in OpenTickets.__slots__:
        assert getattr(tickets, name) == getattr(again, name), name
    assert tickets == plain


def test_a_ticket_that_is_not_there_cannot_go() -> None:
    with pytest.raises(KeyError):
        OpenTickets().remove("t1")
