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
    Remark,
    Visit,
    answer,
    asks_who,
    booking_at,
    is_answered,
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


def test_a_question_is_left_out_where_both_of_its_answers_and_none_tell_the_same() -> None:
    knows, forgot = {Question.KNOWS_PINS: True}, {Question.KNOWS_PINS: False}
    same = (
        Case((PERSON,), Outcome.APPLY, knows),
        Case((PERSON,), Outcome.APPLY, forgot),
        Case((PERSON,), Outcome.APPLY),
    )
    assert questions(Procedure("x", ProcedureKind.LOSS, "y", same), PERSON) == ()
    other_papers = (*same[:1], Case((PERSON,), Outcome.APPLY, forgot, (Visit((Item.PERSON_ID,)),)), *same[2:])
    assert questions(Procedure("x", ProcedureKind.LOSS, "y", other_papers), PERSON) == (Question.KNOWS_PINS,)
    assert questions(Procedure("x", ProcedureKind.LOSS, "y", same[:2]), PERSON) == (Question.KNOWS_PINS,), "else: ask"


def test_a_question_that_matters_only_beside_another_is_asked() -> None:
    both = {Question.OLD_CARD: True, Question.KNOWS_PINS: True}
    twice = Procedure("x", ProcedureKind.LOSS, "y", (Case((PERSON,), Outcome.TODAY, both), ANYBODY))
    assert questions(twice, PERSON) == (Question.OLD_CARD, Question.KNOWS_PINS)


def test_who_comes_is_asked_only_where_somebody_is_told_something_else() -> None:
    everybody = Case(tuple(Applicant), Outcome.ASK_STAFF, remarks=(Remark.ORIGINALS,))
    assert asks_who(RENEWAL)
    assert not asks_who(Procedure("x", ProcedureKind.LOSS, "y"))
    assert not asks_who(Procedure("x", ProcedureKind.LOSS, "y", (everybody,)))
    assert asks_who(Procedure("x", ProcedureKind.LOSS, "y", (Case((PERSON,), Outcome.TODAY), everybody)))
    holding = Case(tuple(Applicant), Outcome.TODAY, WITH_LETTER)
    assert asks_who(Procedure("x", ProcedureKind.LOSS, "y", (holding,))), "then their questions follow"


def test_a_procedure_is_answered_where_the_documents_say_more_than_to_ask() -> None:
    assert is_answered(RENEWAL)
    assert not is_answered(Procedure("x", ProcedureKind.LOSS, "y", (ANYBODY,)))
    assert not is_answered(Procedure("x", ProcedureKind.LOSS, "y"))


def test_a_site_takes_what_its_services_and_the_places_say() -> None:
    anywhere = Procedure("x", ProcedureKind.LOSS, "mynumber")
    assert booking_at(RENEWAL, "hall", {"mynumber"}) is Booking.REQUIRED
    assert booking_at(RENEWAL, "branch", {"mynumber"}) is Booking.NONE
    assert booking_at(RENEWAL, "annex", {"mynumber"}) is None
    assert booking_at(RENEWAL, "hall", {"inkan"}) is None
    assert booking_at(anywhere, "annex", {"mynumber"}) is Booking.NONE
