"""docs/guide.md is what the guide answers: whoever checks the table against the documents has checked the guide."""

import re
from itertools import product
from pathlib import Path

import pytest

from queue_server.config import load_profile, shipped_profiles
from queue_server.domain.guide import UNKNOWN, Applicant, Item, ProcedureKind, answer, questions
from queue_server.domain.site import CityProfile

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
SOURCES = {
    "atsugi": {"003"},
    "fujisawa": {"000", "004"},
    "numazu": {"002"},
    "honcho-shisho": {"001"},
}
WRITTEN = {".py", ".md", ".toml", ".html", ".js", ".css", ".conf", ".service", ".timer", ".yml", ".po"}
CITIES = pytest.mark.parametrize("city", list(SOURCES))


def profile_text(city: str) -> str:
    return (ROOT / "queue_server" / "profiles" / f"{city}.toml").read_text(encoding="utf-8")


def tables() -> dict[str, list[list[str]]]:
    """The rows of each table, by the last word of its heading."""
    found: dict[str, list[list[str]]] = {}
    for part in DOCUMENT.split("\n## ")[1:]:
        heading, _, text = part.partition("\n")
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
        ]
        found[heading.split()[-1].strip("(`)")] = rows[2:]
    return found


def rows_of(profile: CityProfile) -> list[list[str]]:
    """What the guide answers, in the words of the table."""
    rows = []
    for procedure, applicant in product(profile.procedures, Applicant):
        asked = questions(procedure, applicant)
        for values in product((True, False), repeat=len(asked)):
            holds = dict(zip(asked, values, strict=True))
            case = answer(procedure, applicant, holds)
            fees = procedure.fees if case.fees is None else case.fees
            rows.append(
                [
                    procedure.id,
                    applicant.value,
                    ", ".join(("" if wanted else "no ") + question for question, wanted in holds.items()) or "-",
                    case.outcome.value,
                    " / ".join(", ".join(visit.bring) or "-" for visit in case.visits) or "-",
                    "-" if fees is None else "+".join(f"{kind} {yen}" for kind, yen in fees.items()) or "free",
                    procedure.period.value if procedure.period else "-",
                    "-" if case is UNKNOWN else " ".join(case.source) or "-",
                ]
            )
    return rows


@CITIES
def test_the_guide_answers_what_the_table_says(city: str) -> None:
    assert rows_of(load_profile(city)) == tables()[city]


def test_every_shipped_profile_is_in_the_table() -> None:
    assert set(shipped_profiles()) == set(SOURCES)


def test_every_source_is_told_with_what_it_is_and_where() -> None:
    """By a city that wants to check it: no file that only we have."""
    rows = [line for line in DOCUMENT.partition("\n## ")[0].splitlines() if re.match(r"\| \d{3} \|", line)]
    told = {row.split("|")[1].strip(): row for row in rows}
    assert set(told) == set().union(*SOURCES.values())
    for city, keys in SOURCES.items():
        head = profile_text(city).partition("\n[city]")[0]
        for key in keys:
            assert re.search(rf"[Ss]ource {key}\b", head), f"{city}: {key}"
            for address in re.findall(r"<(https://[^>]+)>", told[key]):
                assert address in head


def test_nothing_in_the_tree_names_a_file_that_is_not_in_it() -> None:
    """Working notes and copies of pages stayed where they were made."""
    private = re.compile(r"\d{3}_[0-9a-f]{16}|\bFACTS\.md|\bDESIGN\.md|source = \[[^\]]*\.txt")
    written = [*ROOT.glob("*.md"), ROOT / "pyproject.toml", ROOT / "Makefile"]
    for room in ("queue_server", "display", "kiosk", "deploy", "docs", "tests"):
        written += [
            path for path in (ROOT / room).rglob("*") if path.suffix in WRITTEN and "vendor" not in path.parts
        ]
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in written
        if path != Path(__file__)
        for name in private.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(written) > 500
    assert found == []


@CITIES
def test_every_kind_of_procedure_has_its_answer_in_every_city(city: str) -> None:
    assert sorted(procedure.kind for procedure in load_profile(city).procedures) == sorted(ProcedureKind)


@CITIES
def test_every_fact_names_a_document_of_its_own_city(city: str) -> None:
    profile = load_profile(city)
    for procedure in profile.procedures:
        facts = (
            procedure.cases or procedure.period or procedure.pins or procedure.remarks or procedure.fees is not None
        )
        assert set(procedure.source) <= SOURCES[city]
        assert bool(procedure.source) == bool(facts), f"{procedure.id}: what is said has a source, and only that"
        for case in procedure.cases:
            assert set(case.source) <= SOURCES[city]
            assert case.source
    if profile.booking:
        assert set(profile.booking.source) <= SOURCES[city]


def test_fujisawa_takes_renewals_at_thirteen_sites_seven_of_them_with_a_booking() -> None:
    profile = load_profile("fujisawa")
    renewal = next(each for each in profile.procedures if each.kind is ProcedureKind.CERTIFICATE_RENEWAL)
    listed = tables()["Fujisawa"]
    assert [[profile.sites[site].name, booking.value] for site, booking in renewal.places.items()] == sorted(
        listed, key=lambda row: row[1], reverse=True
    )
    assert sorted(renewal.places) == sorted(profile.sites)
    assert [booking for _, booking in listed].count("required") == 7
    assert len(listed) == 13


def test_nobody_is_sent_for_a_card_that_they_do_not_have() -> None:
    """Who lost a card is never told to bring it, except one that is spoiled."""
    for city in SOURCES:
        loss = next(each for each in load_profile(city).procedures if each.kind is ProcedureKind.LOSS)
        assert not any(Item.CARD in visit.bring for case in loss.cases for visit in case.visits)
