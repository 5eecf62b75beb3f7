import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from queue_server.domain.entries import ACCESS_KINDS, BrokenJournal, Entry, Kind
from queue_server.domain.switches import (
    CounterSwitch,
    Notice,
    ReceptionSwitch,
    ServiceSwitch,
    StructureChange,
    Switch,
    evolve_switch,
    outlasts_the_day,
    plain_switch,
    structure_name,
    switch_name,
    switch_of_plain,
)
from queue_server.domain.ticket import Move
from tests.support.halls import NINE, entry

TEN = NINE + timedelta(hours=1)
AT_WORK = CounterSwitch(True, "staff:a")
NOTICE = Notice("n1", "臨時窓口を開けています", TEN, 7)
CHANGE = StructureChange("levels", "x", [{"key": "free", "label": "空き"}], None, "staff:boss", NINE, 7)


def switch(kind: Kind, body: dict[str, Any] | None = None, counter: str | None = None) -> Entry:
    return entry(7, kind, None, counter=counter, body=body or {})


def at_counter(kind: Kind, body: dict[str, Any] | None = None) -> Entry:
    return switch(kind, body, "1")


BREAK = at_counter(Kind.START_BREAK, {"until": TEN.isoformat()})


@pytest.mark.parametrize(
    ("before", "an_entry", "after"),
    [
        (None, at_counter(Kind.OPEN_COUNTER, {"clerk": "staff:a"}), AT_WORK),
        (None, at_counter(Kind.OPEN_COUNTER), CounterSwitch(True)),
        (AT_WORK, at_counter(Kind.TAKE_COUNTER, {"clerk": "staff:b"}), CounterSwitch(True, "staff:b")),
        (AT_WORK, at_counter(Kind.CLOSE_COUNTER), None),
        (AT_WORK, BREAK, CounterSwitch(False, "staff:a", TEN)),
        (CounterSwitch(False, "staff:a", TEN), at_counter(Kind.OPEN_COUNTER, {"clerk": "staff:a"}), AT_WORK),
        (CounterSwitch(False, "staff:a", TEN), at_counter(Kind.CLOSE_COUNTER), None),
        (None, at_counter(Kind.CLOSE_COUNTER), None),
        (
            AT_WORK,
            at_counter(Kind.ASSIGN_SERVICES, {"services": ["y", "x"]}),
            CounterSwitch(True, "staff:a", None, ("y", "x")),
        ),
        (
            CounterSwitch(True, "staff:a", None, ("y",)),
            at_counter(Kind.CLOSE_COUNTER),
            CounterSwitch(services=("y",)),
        ),
        (CounterSwitch(services=("y",)), at_counter(Kind.ASSIGN_SERVICES, {"services": None}), None),
        (None, switch(Kind.PAUSE_SERVICE, {"service": "x"}), ServiceSwitch(since=NINE)),
        (ServiceSwitch(), switch(Kind.PAUSE_SERVICE, {"service": "x", "for_today": True}), ServiceSwitch(True)),
        (ServiceSwitch(True), switch(Kind.RESUME_SERVICE, {"service": "x"}), None),
        (None, switch(Kind.CLOSE_RECEPTION, {"reason": "停電"}), ReceptionSwitch(False, None, "停電")),
        (None, switch(Kind.OPEN_RECEPTION, {"until": TEN.isoformat()}), ReceptionSwitch(True, TEN)),
        (ReceptionSwitch(True, TEN), switch(Kind.RESET_RECEPTION), None),
        (None, switch(Kind.POST_NOTICE, {"id": "n1", "text": NOTICE.text, "until": TEN.isoformat()}), NOTICE),
        (
            None,
            switch(Kind.POST_NOTICE, {"id": "n1", "text": NOTICE.text, "until": None}),
            replace(NOTICE, until=None),
        ),
        (NOTICE, switch(Kind.WITHDRAW_NOTICE, {"id": "n1"}), None),
        (
            None,
            replace(
                switch(
                    Kind.CHANGE_STRUCTURE, {"part": "levels", "id": "x", "value": CHANGE.value, "base": CHANGE.base}
                ),
                actor="staff:boss",
            ),
            CHANGE,
        ),
        (CHANGE, switch(Kind.CHANGE_STRUCTURE, {"part": "levels", "id": "x", "value": None, "base": None}), None),
    ],
)
def test_a_switch_is_what_its_entries_leave(before: Switch | None, an_entry: Entry, after: Switch | None) -> None:
    assert evolve_switch(before, an_entry) == after


@pytest.mark.parametrize(
    ("an_entry", "name", "outlasts"),
    [
        (at_counter(Kind.OPEN_COUNTER), "counter:1", False),
        (BREAK, "counter:1", False),
        (switch(Kind.RESUME_SERVICE, {"service": "x"}), "service:x", False),
        (switch(Kind.RESET_RECEPTION), "reception", False),
        (switch(Kind.WITHDRAW_NOTICE, {"id": "n:1"}), "notice:n:1", True),
        (switch(Kind.CHANGE_STRUCTURE, {"part": "counter", "id": "1"}), structure_name("counter", "1"), True),
    ],
)
def test_an_entry_names_its_switch_and_notices_and_the_structure_outlast_the_day(
    an_entry: Entry, name: str, outlasts: bool
) -> None:
    assert (switch_name(an_entry), outlasts_the_day(name)) == (name, outlasts)


@pytest.mark.parametrize(
    "an_entry",
    [
        *(switch(kind) for kind in sorted(ACCESS_KINDS)),
        *(switch(Kind(move.value)) for move in Move),
        switch(Kind.UNDO),
        switch(Kind.OPEN_COUNTER),
    ],
    ids=lambda an_entry: an_entry.kind.value,
)
def test_an_entry_that_switches_nothing_says_that_the_journal_is_broken(an_entry: Entry) -> None:
    with pytest.raises(BrokenJournal, match=r"entry 7 .* switches nothing"):
        switch_name(an_entry)


@pytest.mark.parametrize(
    ("name", "a_switch"),
    [
        ("counter:1", AT_WORK),
        ("counter:1", CounterSwitch(False, "staff:a", TEN, ("y", "x"))),
        ("service:x", ServiceSwitch(True)),
        ("reception", ReceptionSwitch(True, TEN)),
        ("reception", ReceptionSwitch(False, None, "停電")),
        ("notice:n1", NOTICE),
        ("structure:levels:x", CHANGE),
    ],
)
def test_a_switch_in_the_terms_of_json_is_read_as_it_was(name: str, a_switch: Switch) -> None:
    assert switch_of_plain(name, json.loads(json.dumps(plain_switch(a_switch)))) == a_switch


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("lamp:1", {}),
        ("service:x", {"colour": "red"}),
        ("counter:1", {"open": True}),
        ("reception", {"open": True, "until": "soon"}),
    ],
)
def test_what_is_no_switch_is_not_read_as_one(name: str, values: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        switch_of_plain(name, values)


def test_a_notice_stands_until_its_time_and_not_at_it() -> None:
    assert NOTICE.stands_at(TEN - timedelta(microseconds=1))
    assert not NOTICE.stands_at(TEN)
    assert replace(NOTICE, until=None).stands_at(TEN)
