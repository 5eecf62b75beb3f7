"""Scripts of pages that decide something: they say what Python says of the same board, desk view or time."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from display.words import fill_time
from queue_server.domain.ticket import Move
from tests.support.halls import Town, minato, town_in

SCRIPTS = Path(__file__).resolve().parents[2] / "queue_server/web/static/js"
# Read as text: the files are modules to browsers, and need no package.json to say so to node.
RUNNER = """
import { readFileSync } from "node:fs";
const [, script, name] = process.argv;
const source = readFileSync(script, "utf-8");
const { [name]: work } = await import("data:text/javascript," + encodeURIComponent(source));
const answers = JSON.parse(readFileSync(0, "utf-8")).map((question) => work(...question));
process.stdout.write(JSON.stringify(answers));
"""


def asked(script: str, name: str, *questions: list[Any]) -> list[Any]:
    """What a function of a script answers to lists of arguments."""
    run = subprocess.run(
        ["node", "--input-type=module", "-e", RUNNER, SCRIPTS / script, name],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[Any] = json.loads(run.stdout)
    return answers


# -- times -------------------------------------------------------------------------------------------

AT = "{counters}は休憩中です。{hour}時{minute}分ごろ再開します。"
TIMES = {
    "2026-11-24T10:00:00+09:00": "10時",
    "2026-11-24T10:05:00+09:00": "10時5分",
    "2026-11-24T09:10:59+09:00": "9時10分",
    "2026-11-24T00:00:00+09:00": "0時",
}


def test_a_full_hour_is_said_without_minutes_at_first_paint_and_later() -> None:
    templates = [AT, "{hour}時{minute}分現在", "Back at {time}: {counters}", "受付は{time}までです。"]
    questions = [[template, iso, {"counters": "5番窓口"}] for template in templates for iso in TIMES]
    answers = asked("format.js", "fillTime", *questions)
    assert answers == [fill_time(template, iso, **values) for template, iso, values in questions]
    assert answers[: len(TIMES)] == [f"5番窓口は休憩中です。{time}ごろ再開します。" for time in TIMES.values()]
    assert "Back at 10:00: 5番窓口" in answers


# -- the desk ----------------------------------------------------------------------------------------

DEVICE = {"actor": "device:desk", "clerk": None, "assists": True}
CLERK = {"actor": "staff:a", "clerk": "a", "assists": False}
BOSS = {"actor": "staff:boss", "clerk": "boss", "assists": True}


@pytest.fixture
def port(tmp_path: Path) -> Iterator[Town]:
    with town_in(tmp_path / "port", minato()) as town:
        yield town


def offered(town: Town, me: dict[str, Any]) -> list[str | None]:
    """The number of which the desks of counters 1 and 2 offer to take the last press back."""
    states = asked("desk-state.js", "deskState", *([town.desk, {"here": {"id": id_}, "me": me}] for id_ in "12"))
    return [state["undo"] and state["undo"]["label"] for state in states]


@pytest.mark.parametrize("move", [Move.CANCEL, Move.PRIORITIZE])
def test_a_desk_offers_to_take_back_what_it_pressed_for_a_number_at_no_counter(port: Town, move: Move) -> None:
    ticket = port.issue("y")["id"]
    port.move(ticket, move, priority="baby")
    assert offered(port, DEVICE) == ["500", "500"]
    assert offered(port, CLERK) == [None, None]
    for counter in "12":
        port.hall.undo(port.caller(), counter)
        assert offered(port, DEVICE) == [None, None]
        port.move(ticket, move, priority="baby")


def test_a_desk_offers_a_device_only_what_was_pressed_at_its_counter(port: Town) -> None:
    port.called("y", "2")
    assert offered(port, DEVICE) == [None, "500"]
    with port.refuses("nothing_to_undo"):
        port.hall.undo(port.caller(), "1")


def test_a_desk_offers_a_person_nothing_where_another_one_works_now(port: Town) -> None:
    port.hall.open_counter(port.person("a"), "1")
    port.issue_many(2)
    port.hall.call_next(port.person("a"), "1")
    assert offered(port, CLERK) == ["500", "500"]
    port.hall.open_counter(port.person("b"), "1", take_over=True)
    port.hall.call_next(port.supervisor(), "1")
    assert offered(port, CLERK) == [None, None]
    assert offered(port, BOSS) == ["501", "501"]


def test_a_desk_counts_the_longest_wait_from_the_entry_into_the_present_line(port: Town) -> None:
    ticket = port.called("x", "1")["id"]
    port.at("2026-11-24T09:25")
    port.move(ticket, Move.ADVANCE)
    port.at("2026-11-24T09:32")
    (state,) = asked("desk-state.js", "deskState", [port.desk, {"here": {"id": "1"}, "me": DEVICE}])
    assert (state["longest"], [each["label"] for each in state["waiting"]]) == (7, ["A01"])
