from datetime import timedelta

import pytest

from queue_server.domain.day import Day
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.staffing import (
    clerk_at,
    counter_now,
    counters_of_clerk,
    counters_open,
    is_person,
    name_of,
)
from tests.support.halls import NINE, SITE, day_of, entry

BREAK = {"until": (NINE + timedelta(minutes=15)).isoformat()}


def opened(seq: int, counter: str, clerk: str | None = None) -> Entry:
    return entry(seq, Kind.OPEN_COUNTER, None, counter=counter, body={"clerk": clerk})


def assigned(seq: int, counter: str, *services: str) -> Entry:
    return entry(seq, Kind.ASSIGN_SERVICES, None, counter=counter, body={"services": services})


def open_for(day: Day, service: str, stage: int = 0) -> list[str]:
    return [counter.id for counter in counters_open(SITE, day, service, stage)]


def test_a_counter_serves_what_the_profile_says_until_it_is_assigned_something_else() -> None:
    assert counter_now(SITE, day_of(), "1") == SITE.counters["1"]
    day = day_of(assigned(1, "1", "y"))
    assert counter_now(SITE, day, "1").services == ("y",)
    assert counter_now(SITE, day, "1").name == "1番"


def test_the_open_counters_of_a_service_are_those_that_serve_it_now() -> None:
    day = day_of(opened(1, "2"), opened(2, "1"))
    assert (open_for(day, "x"), open_for(day, "y")) == (["1"], ["1", "2"])
    day.apply(assigned(3, "1", "y"))
    day.apply(assigned(4, "2", "x"))
    assert (open_for(day, "x"), open_for(day, "y")) == (["2"], ["1"])


def test_a_counter_on_a_break_serves_nobody_and_its_clerk_still_works_there() -> None:
    day = day_of(opened(1, "2", "staff:a"), entry(2, Kind.START_BREAK, None, counter="2", body=BREAK))
    assert open_for(day, "y") == []
    assert clerk_at(day, "2") == "staff:a"
    assert list(counters_of_clerk(day, "staff:a")) == ["2"]


def test_nobody_works_at_a_counter_that_is_closed_or_was_opened_by_a_device() -> None:
    day = day_of(opened(1, "1", "staff:a"), opened(2, "2"), entry(3, Kind.CLOSE_COUNTER, None, counter="1"))
    assert (clerk_at(day, "1"), clerk_at(day, "2"), clerk_at(day, "3")) == (None, None, None)
    assert list(counters_of_clerk(day, "staff:a")) == []


def test_the_counters_of_a_clerk_are_those_where_this_person_works() -> None:
    day = day_of(opened(1, "2", "staff:a"), opened(2, "1", "staff:b"), assigned(3, "3", "x"))
    assert list(counters_of_clerk(day, "staff:a")) == ["2"]


@pytest.mark.parametrize(
    ("actor", "person", "name"),
    [
        ("staff:佐藤", True, "佐藤"),
        ("staff:a:b", True, "a:b"),
        ("device:desk", False, "desk"),
        ("clock", False, "clock"),
        ("operator:root", False, "root"),
    ],
)
def test_a_person_is_told_from_a_device_by_the_actors_name(actor: str, person: bool, name: str) -> None:
    assert (is_person(actor), name_of(actor)) == (person, name)
