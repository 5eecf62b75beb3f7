import re

from queue_server.domain.entries import Kind
from queue_server.domain.ticket import TicketState
from queue_server.storage import tickets
from tests.support.halls import Town


def test_a_number_is_answered_with_everything_a_slip_needs(town: Town) -> None:
    answer = town.issue("x")
    assert re.fullmatch(r"[0-9a-f]{32}", answer["id"])
    assert re.fullmatch(r"[\w-]{22}", answer["token"]), "128 random bits"
    assert answer == {
        "id": answer["id"],
        "label": "A01",
        "token": answer["token"],
        "service": "x",
        "ahead": 0,
        "estimate": None,
        "board_seq": 1,
        "issued_at": "2026-11-24T09:00:00+09:00",
        "ticket_url": f"/t/{answer['token']}",
    }


def test_a_number_is_a_journal_entry_and_a_row_of_the_same_transaction(town: Town) -> None:
    answer = town.hall.issue(town.caller("key", "kiosk 1"), "x")
    (entry,) = town.entries()
    assert (entry.kind, entry.actor, entry.request_id) == (Kind.ISSUE, "kiosk 1", "key")
    assert entry.at == town.clock.now()
    row = tickets.find_ticket(town.store.database, answer["id"])
    assert row is not None
    assert (row.label, row.state, row.token) == ("A01", TicketState.WAITING, answer["token"])


def test_each_service_has_a_series_of_its_own_and_each_ticket_a_token_of_its_own(town: Town) -> None:
    issued = [town.issue(service) for service in ("x", "y", "x", "y")]
    assert [answer["label"] for answer in issued] == ["A01", "500", "A02", "501"]
    assert len({answer["token"] for answer in issued}) == 4


def test_ahead_are_those_who_wait_or_are_served_in_the_same_service(town: Town) -> None:
    town.issue("x")
    assert [answer["ahead"] for answer in town.issue_many(3)] == [0, 1, 2]
    town.open("2")
    town.call_next("2")
    assert town.issue("y")["ahead"] == 3


def test_the_estimate_of_a_number_counts_those_ahead_of_it(town: Town) -> None:
    town.open("1", "2")
    assert [town.issue("y")["estimate"] for _ in range(5)] == [
        {"low": 0, "high": 5},
        {"low": 0, "high": 15},
        {"low": 5, "high": 20},
        {"low": 10, "high": 30},
        {"low": 10, "high": 35},
    ]


def test_a_service_that_does_not_exist_is_unknown(town: Town) -> None:
    with town.knows_no("service"):
        town.issue("z")


def test_a_paused_service_gives_no_numbers(town: Town) -> None:
    town.hall.pause_service(town.caller(), "x")
    with town.refuses("service_paused"):
        town.issue("x")
    assert town.issue("y")["label"] == "500"


def test_the_holder_of_a_token_reads_its_state_and_its_place_and_no_id(town: Town) -> None:
    town.open("1")
    first, second = town.issue_many(2)
    found = town.city.find_ticket_by_token(second["token"])
    assert found is not None
    hall, ticket = found
    assert hall.ticket_status(ticket) == {
        "label": "501",
        "service": "y",
        "service_name": "業務Y",
        "stage": None,
        "state": "waiting",
        "counter": None,
        "counter_name": None,
        "issued_at": "2026-11-24T09:00:00+09:00",
        "called_at": None,
        "site": "hall",
        "business_day": "2026-11-24",
        "ahead": 1,
        "estimate": {"low": 5, "high": 25},
        "board_seq": 3,
        "given_up": False,
    }
    assert first["id"] not in str(hall.ticket_status(ticket))


def test_who_is_called_reads_where_to_go_and_no_estimate(town: Town) -> None:
    town.pass_minutes(3)
    called = town.called("x")
    status = town.hall.ticket_status(town.hall._day.tickets[called["id"]])
    assert (status["state"], status["counter"], status["counter_name"]) == ("called", "1", "1番")
    assert (status["stage"], status["ahead"], status["estimate"]) == ("受付", 0, None)
    assert status["called_at"] == "2026-11-24T09:03:00+09:00"


def test_a_number_of_a_former_day_can_still_be_read(town: Town) -> None:
    token = town.issue("x")["token"]
    town.at("2026-11-25T09:00")
    found = town.city.find_ticket_by_token(token)
    assert found is not None
    status = town.hall.ticket_status(found[1])
    assert (status["state"], status["business_day"], status["ahead"]) == ("expired", "2026-11-24", 0)


def test_a_number_whose_service_left_the_profile_can_still_be_read(town: Town) -> None:
    token = town.issue("y")["token"]
    town.at("2026-11-25T09:00")
    town.restart(town.without_service("y"))
    found = town.city.find_ticket_by_token(token)
    assert found is not None
    status = town.hall.ticket_status(found[1])
    assert (status["state"], status["service_name"], status["stage"]) == ("expired", "y", None)
