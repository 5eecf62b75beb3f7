"""The part of the hall's screen that decides what is said: read by node, without page and sound."""

import json
import subprocess
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).resolve().parents[2] / "display/static/js/voice-calls.js"
RUNNER = """
import { readFileSync } from "node:fs";
const source = readFileSync(process.argv[1], "utf-8");
const calls = await import("data:text/javascript," + encodeURIComponent(source));
const { body } = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(new Function("calls", body)(calls)));
"""


def answer(body: str) -> Any:
    """What a piece of script answers that has the module as `calls`."""
    run = subprocess.run(
        ["node", "--input-type=module", "-e", RUNNER, SCRIPT],
        input=json.dumps({"body": body}),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


def test_new_calls_come_once_each_earliest_first_also_those_that_the_last_twelve_have_pushed_out() -> None:
    board = {
        "calls": [{"call_seq": 9, "label": "503"}, {"call_seq": 7, "label": "501"}],
        "categories": [
            {"services": [{"calling": [{"call_seq": 9, "label": "503"}, {"call_seq": 8, "label": "A1"}]}]},
            {"services": [{"calling": [{"call_seq": 5, "label": "300"}]}, {"calling": []}]},
        ],
    }
    found = answer(f"return calls.newCalls({json.dumps(board)}, 5).map((call) => call.label)")
    assert found == ["501", "A1", "503"]


def test_a_call_is_said_only_where_all_of_it_is_there() -> None:
    index = {
        "numbers": {"ja": {"503": "n"}, "en": {"503": "m"}},
        "counters": {"ja": {"3": "c"}, "en": {}},
        "stages": {"交付": "s"},
    }
    body = f"""
    const index = {json.dumps(index)}, call = {{ label: "503", counter: "3", stage: "交付" }};
    const twice = {{ repeat: true, stages: true }}, once = {{ repeat: false, stages: false }};
    return [
      calls.filesOf(call, "ja", index, twice),
      calls.filesOf(call, "ja", index, once),
      calls.filesOf({{ ...call, counter: null }}, "en", index, twice),
      calls.filesOf(call, "en", index, twice),
      calls.filesOf({{ ...call, label: "504" }}, "ja", index, once),
      calls.filesOf(call, "fil", index, once),
      calls.filesOf({{ ...call, stage: "受付" }}, "ja", index, twice),
    ];"""
    assert answer(body) == [["n", "n", "s", "c"], ["n", "c"], ["m", "m"], None, None, None, None]


def test_a_caption_has_the_counters_name_in_its_language_and_the_present_one_in_japanese() -> None:
    body = """
    const voice = { languages: [
      { tag: "ja", lang: "ja", sentence: "j", counters: { 3: "3番窓口" } },
      { tag: "en", lang: "en", sentence: "e", counters: { 3: "Counter 3" } },
    ] };
    const call = { label: "503", counter: "3", counter_name: "3番（臨時）" };
    return calls.partsOf(call, voice).map((part) => part.counter);
    """
    assert answer(body) == ["3番（臨時）", "Counter 3"]


def test_quiet_holds_from_its_beginning_up_to_its_end() -> None:
    times = ["11:59", "12:00", "12:59", "13:00", "15:07"]
    stretches = [["12:00", "13:00"], ["15:00", "15:15"]]
    body = f"return {json.dumps(times)}.map((time) => calls.isQuiet({json.dumps(stretches)}, time))"
    assert answer(body) == [False, True, True, False, True]


def test_the_halls_clock_goes_on_between_boards_never_back_for_one_told_late_and_back_when_it_was_set_back() -> None:
    body = """
    let now = 1000;
    const clock = calls.wallClock(() => now);
    const read = [];
    clock.set("2026-11-24T09:15:00+09:00");
    now += 90_000;
    read.push(clock.time(), clock.secondsSince("2026-11-24T09:15:00+09:00"));
    clock.set("2026-11-24T09:16:00+09:00");
    read.push(clock.time(), clock.secondsSince("2026-11-24T09:16:00+09:00"));
    clock.set("2026-11-24T09:40:00+09:00");
    read.push(clock.time());
    clock.set("2026-11-24T09:00:00+09:00");
    read.push(clock.time(), clock.secondsSince("2026-11-24T08:59:30+09:00"));
    return read;
    """
    assert answer(body) == ["09:16", 90, "09:16", 30, "09:40", "09:00", 30]
