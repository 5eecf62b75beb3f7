"""docs/guide.md is what the guide answers: whoever checks the table against the documents has checked the guide."""

from itertools import product
from pathlib import Path

import pytest

from queue_server.config import load_profile, shipped_profiles
from queue_server.domain.guide import UNKNOWN, Applicant, Item, ProcedureKind, answer, questions
from queue_server.domain.site import CityProfile

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")
SOURCES = {
    "atsugi": {"003_019b7c2463e5ce79.txt"},
    "fujisawa": {"000_a81a7e3f9e09328a.txt", "004_5cbb10e653ce6863.txt"},
    "numazu": {"002_fc06ce9d7c3d7221.txt"},
    "honcho-shisho": {"001_9c4100a6b72a181c.txt"},
}
CITIES = pytest.mark.parametrize("city", list(SOURCES))


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
                    "-" if case is UNKNOWN else " ".join(name[:3] for name in case.source) or "-",
                ]
            )
    return rows


@CITIES
def test_the_guide_answers_what_the_table_says(city: str) -> None:
    assert rows_of(load_profile(city)) == tables()[city]


def test_every_shipped_profile_is_in_the_table() -> None:
    assert set(shipped_profiles()) == set(SOURCES)


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
