"""The answer of the guide: the first case that fits, and asking where no document says more."""

import pytest

from queue_server.domain.guide import (
    UNKNOWN,
    Applicant,
    Booking,
    Case,
    Item,
    Outcome,
    Procedure,
    ProcedureKind,
    Question,
    Visit,
    answer,
    booking_at,
    questions,
)

PERSON, AGENT, CHILDS_PARENT = Applicant.PERSON, Applicant.VOLUNTARY_AGENT, Applicant.STATUTORY_AGENT
WITH_LETTER, WITHOUT = {Question.INQUIRY_LETTER: True}, {Question.INQUIRY_LETTER: False}

BY_LETTER = Case((AGENT,), Outcome.TODAY, WITH_LETTER, (Visit((Item.CARD, Item.INQUIRY_LETTER)),))
TWICE = Case((AGENT,), Outcome.TWO_VISITS, WITHOUT, (Visit((Item.CARD,)), Visit((Item.INQUIRY_LETTER,))))
ANYBODY = Case((PERSON, AGENT), Outcome.ASK_STAFF)
RENEWAL = Procedure(
    "renewal",
    ProcedureKind.CERTIFICATE_RENEWAL,
    "mynumber",
    (BY_LETTER, TWICE, ANYBODY),
    places={"hall": Booking.REQUIRED, "branch": Booking.NONE},
)


@pytest.mark.parametrize(
    ("applicant", "holds", "expected"),
    [
        (AGENT, WITH_LETTER, BY_LETTER),
        (AGENT, WITHOUT, TWICE),
        (AGENT, {}, ANYBODY),
        (AGENT, {Question.KNOWS_PINS: True}, ANYBODY),
        (AGENT, {**WITH_LETTER, Question.KNOWS_PINS: True}, BY_LETTER),
        (PERSON, WITH_LETTER, ANYBODY),
        (CHILDS_PARENT, WITH_LETTER, UNKNOWN),
    ],
)
def test_the_first_case_that_fits_is_the_answer(
    applicant: Applicant, holds: dict[Question, bool], expected: Case
) -> None:
    assert answer(RENEWAL, applicant, holds) is expected


def test_where_no_document_says_more_the_answer_is_to_ask() -> None:
    assert (UNKNOWN.outcome, UNKNOWN.visits, UNKNOWN.source) == (Outcome.ASK_STAFF, (), ())


def test_nobody_is_asked_what_does_not_change_the_answer() -> None:
    assert questions(RENEWAL, AGENT) == (Question.INQUIRY_LETTER,)
    assert questions(RENEWAL, PERSON) == ()
    assert questions(Procedure("x", ProcedureKind.LOSS, "y"), PERSON) == ()


def test_a_site_takes_what_its_services_and_the_places_say() -> None:
    anywhere = Procedure("x", ProcedureKind.LOSS, "mynumber")
    assert booking_at(RENEWAL, "hall", {"mynumber"}) is Booking.REQUIRED
    assert booking_at(RENEWAL, "branch", {"mynumber"}) is Booking.NONE
    assert booking_at(RENEWAL, "annex", {"mynumber"}) is None
    assert booking_at(RENEWAL, "hall", {"inkan"}) is None
    assert booking_at(anywhere, "annex", {"mynumber"}) is Booking.NONE
