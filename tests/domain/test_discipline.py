from queue_server.domain.day import Day, fold
from queue_server.domain.discipline import may_call_next, next_for
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.site import Counter
from queue_server.domain.ticket import TicketState
from tests.support.halls import TUESDAY, entry, issue_entry, ticket_in

BOTH, ONLY_X, ONLY_Y = Counter("1", "1番", ("x", "y")), Counter("2", "2番", ("x",)), Counter("3", "3番", ("y",))


def day_of(*entries: Entry) -> Day:
    return fold("hall", TUESDAY, entries)


def next_id(day: Day, counter: Counter) -> str | None:
    ticket = next_for(day, counter)
    return ticket.id if ticket else None


def test_a_counter_calls_the_first_in_line_over_all_its_services() -> None:
    day = day_of(issue_entry(1, "t1", service="y"), issue_entry(2, "t2", number=501, service="x"))
    assert [next_id(day, counter) for counter in (BOTH, ONLY_X, ONLY_Y)] == ["t1", "t2", "t1"]


def test_nobody_is_next_where_nobody_waits() -> None:
    day = day_of(issue_entry(1, "t1"), entry(2, Kind.CALL, counter="1"))
    assert [next_id(day, counter) for counter in (BOTH, ONLY_X, ONLY_Y)] == [None] * 3


def test_a_ticket_transferred_to_a_counter_is_called_there_alone_whatever_its_service() -> None:
    transfer = entry(3, Kind.TRANSFER, body={"service": "y", "stage": 0, "counter": "2"})
    day = day_of(issue_entry(1, "t1"), entry(2, Kind.CALL, counter="1"), transfer)
    assert [next_id(day, counter) for counter in (BOTH, ONLY_X, ONLY_Y)] == [None, "t1", None]
    day.apply(entry(4, Kind.CALL, counter="2"))
    day.apply(entry(5, Kind.ADVANCE))
    assert next_id(day, ONLY_Y) == "t1", "the reservation ends with the call"


def test_who_may_be_called_next_is_decided_by_reservation_before_service() -> None:
    reserved = ticket_in(TicketState.WAITING, reserved_counter="3", service="x")
    assert not may_call_next(reserved, BOTH)
    assert may_call_next(reserved, ONLY_Y)
