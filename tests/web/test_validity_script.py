"""static/js/validity.js says what domain/validity.py says: both on the same thousands of cases, one run of node."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from queue_server.domain.validity import (
    FIRST_CARD,
    Document,
    Issued,
    Printed,
    Problem,
    State,
    WrongDate,
    typed_date,
    validity_of,
)

SCRIPT = Path(__file__).resolve().parents[2] / "queue_server/web/static/js/validity.js"
CASES = 6_000
TRIPLES = 2_000
DAY = timedelta(days=1)

# Read as text: the file is a module to browsers, and needs no package.json to say so to node.
RUNNER = """
import { readFileSync } from "node:fs";
const source = readFileSync(process.argv[1], "utf-8");
const { typedDate, validityOf } = await import("data:text/javascript," + encodeURIComponent(source));
const { cases, triples } = JSON.parse(readFileSync(0, "utf-8"));
const answer = (work) => {
  try {
    return work();
  } catch ({ problem, field }) {
    return { problem, field };
  }
};
const answers = cases.map(({ question, today }) => answer(() => validityOf(question, today)));
const dates = triples.map((triple) => answer(() => typedDate(...triple, "born")));
process.stdout.write(JSON.stringify({ answers, dates }));
"""

Question = Printed | Issued


def near(random: Random, day: date, days: int = 2) -> date:
    return day + random.randint(-days, days) * DAY


def odd_day(random: Random, first: int, last: int) -> date:
    """Half of them at the ends of months, where calendars differ."""
    year, month = random.randint(first, last), random.randint(1, 12)
    start = date(year, month, 1)
    return near(random, start) if random.random() < 0.5 else start + random.randint(0, 30) * DAY


def birth(random: Random) -> date:
    if random.random() < 0.2:
        return date(random.choice(range(1904, 2026, 4)), 2, 29)
    return odd_day(random, 1905, 2027)


def same_day_in(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, 28))


def issue(random: Random, born: date) -> date:
    """Any time, around a birthday, or around the day on which the age of adults changed."""
    around = [odd_day(random, 2015, 2027), near(random, same_day_in(born, random.randint(2016, 2027)))]
    adult = near(random, same_day_in(born, max(born.year + random.choice([18, 20]), 2016)), 1)
    return random.choice([*around, adult, near(random, date(2022, 4, 1))])


def limit(random: Random, issued: date) -> date | None:
    return None if random.random() < 0.6 else issued + random.randint(-30, 12 * 365) * DAY


def question(random: Random) -> Question:
    document = random.choice(list(Document))
    if random.random() < 0.3:
        return Printed(document, odd_day(random, 2015, 2038))
    born = birth(random)
    issued = issue(random, born)
    limits = [limit(random, issued) for _ in range(3)]
    return Issued(document, born, issued, random.random() < 0.5, *limits)


def days_to_ask(random: Random, asked: Question) -> Iterator[date]:
    """A day at random, and days at the edges of the window."""
    today = odd_day(random, 2016, 2040)
    yield today
    try:
        window = validity_of(asked, date(2027, 12, 31)).window
    except WrongDate:
        return
    yield near(random, window.first, 1)
    yield near(random, window.last, 1)


def expected(asked: Question, today: date) -> dict[str, Any]:
    try:
        return asdict(validity_of(asked, today))
    except WrongDate as wrong:
        return {"problem": wrong.problem, "field": wrong.field}


def expected_date(triple: tuple[int, int, int]) -> Any:
    try:
        return typed_date(*triple, "born")
    except WrongDate as wrong:
        return {"problem": wrong.problem, "field": wrong.field}


def plain(value: object) -> Any:
    """As it looks after a journey through JSON."""
    return json.loads(json.dumps(value, default=str))


@pytest.fixture(scope="module")
def both() -> dict[str, Any]:
    """The cases, what Python says of them and what the script says."""
    random = Random(20261124)
    cases = [
        (asked, today)
        for asked in (question(random) for _ in range(CASES // 2))
        for today in days_to_ask(random, asked)
    ]
    triples = [(random.randint(-1, 10_001), random.randint(-1, 14), random.randint(-1, 33)) for _ in range(TRIPLES)]
    triples += [(year, month, day) for year in (1900, 2000, 2023, 2024) for month in range(14) for day in range(33)]
    work = {"cases": [{"question": asdict(asked), "today": today} for asked, today in cases], "triples": triples}
    # A zone far from Japan's: a script that asked the machine for a date would be a day off.
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", RUNNER, str(SCRIPT)],
        input=json.dumps(work, default=str),
        env={**os.environ, "TZ": "America/Los_Angeles"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {"cases": cases, "triples": triples, **json.loads(done.stdout)}


def test_the_script_answers_every_question_as_the_domain_does(both: dict[str, Any]) -> None:
    assert len(both["cases"]) >= CASES
    different = [
        (asked, today, said, wanted)
        for (asked, today), said in zip(both["cases"], both["answers"], strict=True)
        if said != (wanted := plain(expected(asked, today)))
    ]
    assert different[:3] == []


def test_the_script_knows_the_same_dates(both: dict[str, Any]) -> None:
    different = [
        (triple, said, wanted)
        for triple, said in zip(both["triples"], both["dates"], strict=True)
        if said != (wanted := plain(expected_date(triple)))
    ]
    assert different[:3] == []


def test_the_cases_reach_every_state_and_every_problem(both: dict[str, Any]) -> None:
    answers = both["answers"] + [said for said in both["dates"] if isinstance(said, dict)]
    assert {said["state"] for said in answers if "state" in said} == set(State)
    assert {said["problem"] for said in answers if "problem" in said} == set(Problem)
    grounds = {said["expiry"]["ground"] for said in answers if "state" in said}
    assert grounds == {"printed", "birthday", "card", "user_certificate", "stay"}


def test_the_script_begins_where_cards_began() -> None:
    assert f'FIRST_CARD = "{FIRST_CARD}"' in SCRIPT.read_text(encoding="utf-8")
