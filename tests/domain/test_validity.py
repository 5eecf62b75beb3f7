"""Validity and renewal: what the cities' documents say (000 to 004), odd dates, and what holds for every date."""

from calendar import isleap
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from queue_server.domain.validity import (
    FIRST_CARD,
    Document,
    Expiry,
    Ground,
    Issued,
    Printed,
    Problem,
    State,
    Validity,
    WrongDate,
    birthday_in,
    card_expiry,
    certificate_expiry,
    nth_birthday_after,
    of_age,
    renewal_window,
    typed_date,
    validity_of,
)

DAY = timedelta(days=1)
BORN, CHILD = date(1985, 6, 10), date(2015, 6, 10)
ISSUED = date(2024, 10, 28)
TODAY = date(2026, 11, 24)
CARD, CERTIFICATE = Document.CARD, Document.CERTIFICATE


def day(text: str) -> date:
    return date.fromisoformat(text)


# -- what the documents say -------------------------------------------------------------------------


def test_000_001_002_004_a_card_is_valid_to_the_tenth_birthday_and_a_minors_to_the_fifth() -> None:
    assert card_expiry(BORN, ISSUED) == Expiry(date(2034, 6, 10), Ground.BIRTHDAY, 10)
    assert card_expiry(CHILD, ISSUED) == Expiry(date(2029, 6, 10), Ground.BIRTHDAY, 5)


@pytest.mark.parametrize("born", [BORN, CHILD])
def test_000_to_004_a_certificate_is_valid_to_the_fifth_birthday_at_any_age(born: date) -> None:
    assert certificate_expiry(born, ISSUED).day == date(2029, 6, 10)


@pytest.mark.parametrize("limit", ["card_until", "user_certificate_until", "stay_until"])
def test_000_and_003_a_renewed_certificate_ends_with_the_first_of_sixth_birthday_and_limits(limit: str) -> None:
    assert certificate_expiry(BORN, ISSUED, renewed_early=True) == Expiry(date(2030, 6, 10), Ground.BIRTHDAY, 6)
    ground = Ground(limit.removesuffix("_until"))
    earlier, later = date(2030, 6, 9), date(2030, 6, 11)
    asked = Issued(CERTIFICATE, BORN, ISSUED, renewed_early=True)
    assert validity_of(replace(asked, **{limit: earlier}), TODAY).expiry == Expiry(earlier, ground)
    assert validity_of(replace(asked, **{limit: later}), TODAY).expiry.ground is Ground.BIRTHDAY


def test_003_renewed_on_any_day_of_its_window_a_certificate_gains_five_years() -> None:
    old = certificate_expiry(BORN, ISSUED).day
    window = renewal_window(old)
    for renewed in (window.first, window.first + 40 * DAY, window.last - DAY):
        assert certificate_expiry(BORN, renewed, renewed_early=True).day == old.replace(year=old.year + 5)


def test_issued_anew_after_its_end_a_certificate_has_the_fifth_birthday_again() -> None:
    old = certificate_expiry(BORN, ISSUED).day
    assert certificate_expiry(BORN, old + DAY).day == old.replace(year=old.year + 5)


def test_001_002_004_the_end_of_a_stay_ends_card_and_certificate() -> None:
    stay = date(2027, 3, 31)
    assert card_expiry(BORN, ISSUED, stay) == Expiry(stay, Ground.STAY)
    assert certificate_expiry(BORN, ISSUED, stay_until=stay) == Expiry(stay, Ground.STAY)


def test_002_who_stays_for_good_is_treated_as_anybody() -> None:
    assert card_expiry(BORN, ISSUED, None) == card_expiry(BORN, ISSUED)


@pytest.mark.parametrize(
    ("expiry", "first"),
    [
        ("2027-02-24", "2026-11-25"),
        ("2027-06-10", "2027-03-11"),
        ("2027-03-31", "2027-01-01"),
        ("2027-04-01", "2027-01-02"),
        # Months that have no such date.
        ("2027-05-31", "2027-03-01"),
        ("2027-05-30", "2027-03-01"),
        ("2027-05-29", "2027-03-01"),
        ("2027-05-28", "2027-03-01"),
        ("2028-05-29", "2028-03-01"),
        ("2028-05-28", "2028-02-29"),
        ("2027-07-31", "2027-05-01"),
        ("2027-12-31", "2027-10-01"),
        ("2027-02-28", "2026-11-29"),
        ("2028-02-29", "2027-11-30"),
        ("2027-01-31", "2026-11-01"),
    ],
)
def test_001_and_004_renewal_begins_on_the_day_after_the_date_three_months_before(expiry: str, first: str) -> None:
    window = renewal_window(day(expiry))
    assert (window.first, window.last) == (day(first), day(expiry))


# -- birthdays and ages -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issued", "fifth"),
    [("2024-06-09", "2028-06-10"), ("2024-06-10", "2029-06-10"), ("2024-06-11", "2029-06-10")],
)
def test_a_birthday_on_the_day_of_issue_is_not_counted(issued: str, fifth: str) -> None:
    assert nth_birthday_after(BORN, day(issued), 5) == day(fifth)


@pytest.mark.parametrize(
    ("issued", "expiry"),
    [
        ("2024-02-28", "2028-02-29"),  # the birthday of 2024 is tomorrow
        ("2024-02-29", "2029-02-28"),
        ("2023-02-27", "2027-02-28"),  # the birthday of 2023 is tomorrow
        ("2023-02-28", "2028-02-29"),
        ("2023-03-01", "2028-02-29"),
    ],
)
def test_who_is_born_on_29_february_has_the_28th_in_other_years(issued: str, expiry: str) -> None:
    assert certificate_expiry(date(2000, 2, 29), day(issued)).day == day(expiry)


@pytest.mark.parametrize(
    ("issued", "born", "birthdays"),
    [
        ("2022-03-31", "2002-03-31", 10),
        ("2022-03-31", "2002-04-01", 5),
        ("2022-04-01", "2002-04-02", 10),
        ("2022-04-01", "2004-04-01", 10),
        ("2022-04-01", "2004-04-02", 5),
        ("2026-02-27", "2008-02-29", 5),
        ("2026-02-28", "2008-02-29", 10),
    ],
)
def test_of_age_is_18_since_april_2022_and_was_20_before(issued: str, born: str, birthdays: int) -> None:
    assert card_expiry(day(born), day(issued)).birthdays == birthdays


def test_a_certificate_issued_to_a_newborn_counts_from_the_first_birthday() -> None:
    assert certificate_expiry(ISSUED, ISSUED).day == date(2029, 10, 28)


def test_a_limit_on_the_birthday_itself_is_the_ground() -> None:
    on_birthday = date(2029, 6, 10)
    assert certificate_expiry(BORN, ISSUED, card_until=on_birthday) == Expiry(on_birthday, Ground.CARD)


# -- what a resident asks ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expiry", "state"),
    [
        ("2027-02-25", State.NOT_YET),
        ("2027-02-24", State.NOT_YET),
        ("2027-02-23", State.RENEWABLE),
        ("2026-11-24", State.RENEWABLE),
        ("2026-11-23", State.EXPIRED_CARD),
        ("2016-01-01", State.EXPIRED_CARD),
    ],
)
def test_a_printed_date_is_the_expiry_and_gives_the_state_of_today(expiry: str, state: State) -> None:
    found = validity_of(Printed(CARD, day(expiry)), TODAY)
    window = renewal_window(day(expiry))
    assert found == Validity(CARD, Expiry(day(expiry), Ground.PRINTED), window, state)


def test_an_expired_certificate_is_issued_anew_while_its_card_is_valid() -> None:
    asked = Issued(CERTIFICATE, BORN, date(2018, 1, 9))
    states = {
        until: validity_of(replace(asked, card_until=until), TODAY).state for until in (None, TODAY, TODAY - DAY)
    }
    assert states == {
        None: State.EXPIRED_CERTIFICATE,
        TODAY: State.EXPIRED_CERTIFICATE,
        TODAY - DAY: State.EXPIRED_CARD,
    }
    assert validity_of(Printed(CERTIFICATE, TODAY - DAY), TODAY).state is State.EXPIRED_CERTIFICATE


def test_of_a_card_only_the_stay_is_looked_at() -> None:
    asked = Issued(CARD, BORN, ISSUED, renewed_early=True, card_until=FIRST_CARD, user_certificate_until=FIRST_CARD)
    assert validity_of(asked, TODAY).expiry == card_expiry(BORN, ISSUED)


@pytest.mark.parametrize(
    ("question", "problem", "field"),
    [
        (Issued(CARD, TODAY + DAY, TODAY), Problem.BORN_IN_FUTURE, "born"),
        (Issued(CARD, BORN, TODAY + DAY), Problem.ISSUED_IN_FUTURE, "issued"),
        (Issued(CARD, ISSUED + DAY, ISSUED), Problem.ISSUED_BEFORE_BIRTH, "issued"),
        (Issued(CARD, BORN, FIRST_CARD - DAY), Problem.BEFORE_FIRST_CARD, "issued"),
        (Issued(CARD, BORN, ISSUED, stay_until=ISSUED - DAY), Problem.ENDED_BEFORE_ISSUE, "stay_until"),
        (Issued(CERTIFICATE, BORN, ISSUED, card_until=ISSUED - DAY), Problem.ENDED_BEFORE_ISSUE, "card_until"),
        (
            Issued(CERTIFICATE, BORN, ISSUED, user_certificate_until=ISSUED - DAY),
            Problem.ENDED_BEFORE_ISSUE,
            "user_certificate_until",
        ),
        (Printed(CARD, FIRST_CARD - DAY), Problem.BEFORE_FIRST_CARD, "expiry"),
        (Printed(CARD, date.min), Problem.BEFORE_FIRST_CARD, "expiry"),
        (Printed(CARD, date.max), Problem.EXPIRY_TOO_FAR, "expiry"),
        (Printed(CARD, date(2036, 11, 25)), Problem.EXPIRY_TOO_FAR, "expiry"),
        (Printed(CERTIFICATE, date(2032, 11, 25)), Problem.EXPIRY_TOO_FAR, "expiry"),
    ],
)
def test_dates_that_cannot_be_are_refused_with_their_code(
    question: Printed | Issued, problem: Problem, field: str
) -> None:
    with pytest.raises(WrongDate) as refused:
        validity_of(question, TODAY)
    assert (refused.value.problem, refused.value.field) == (problem, field)


@pytest.mark.parametrize(
    "question",
    [
        Issued(CARD, BORN, TODAY),
        Issued(CARD, TODAY, TODAY),
        Issued(CARD, BORN, FIRST_CARD),
        Issued(CERTIFICATE, BORN, TODAY, stay_until=TODAY, card_until=TODAY),
        Printed(CARD, FIRST_CARD),
        Printed(CARD, date(2036, 11, 24)),
        Printed(CERTIFICATE, date(2032, 11, 24)),
    ],
)
def test_the_last_dates_that_can_be_are_answered(question: Printed | Issued) -> None:
    assert validity_of(question, TODAY).document is question.document


@pytest.mark.parametrize(
    "triple", [(2026, 2, 29), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1), (0, 1, 1), (10_000, 1, 1)]
)
def test_a_date_that_no_calendar_has_is_refused(triple: tuple[int, int, int]) -> None:
    with pytest.raises(WrongDate, match="born: impossible_date"):
        typed_date(*triple, "born")
    assert typed_date(2028, 2, 29, "born") == date(2028, 2, 29)


# -- what holds for every date ----------------------------------------------------------------------

BIRTHS = st.one_of(
    st.dates(date(1905, 1, 1), date(2027, 12, 31)),
    st.integers(476, 506).map(lambda fourths: date(4 * fourths, 2, 29)),
)
ISSUES = st.dates(date(2016, 1, 1), date(2027, 12, 31))
EXPIRIES = st.dates(date(2016, 1, 1), date(2040, 12, 31))
COUNTS = st.sampled_from([5, 6, 10])
LIMITS = st.one_of(st.none(), EXPIRIES)


def months_later(start: date, months: int) -> tuple[int, int]:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return year, month + 1


@given(EXPIRIES)
def test_the_window_opens_three_months_before_and_closes_with_the_expiry(expiry: date) -> None:
    window = renewal_window(expiry)
    before = window.first - DAY
    assert window.last == expiry
    assert months_later(before, 3) == (expiry.year, expiry.month)
    month_is_short = window.first.day == 1
    assert before.day == expiry.day or (month_is_short and before.day < expiry.day)
    assert 88 <= (expiry - before).days <= 92


@given(EXPIRIES)
def test_a_later_expiry_never_opens_its_window_earlier(expiry: date) -> None:
    assert renewal_window(expiry).first <= renewal_window(expiry + DAY).first


@given(BIRTHS, ISSUES, COUNTS)
def test_between_issue_and_the_nth_birthday_lie_n_birthdays(born: date, issued: date, count: int) -> None:
    assume(born <= issued)
    last = nth_birthday_after(born, issued, count)
    passed = [year for year in range(issued.year, last.year + 1) if issued < birthday_in(born, year) <= last]
    assert len(passed) == count
    assert birthday_in(born, last.year) == last


@given(BIRTHS, st.integers(1905, 2060))
def test_a_birthday_keeps_its_date_unless_the_year_has_none(born: date, year: int) -> None:
    found = birthday_in(born, year)
    if (born.month, born.day) == (2, 29) and not isleap(year):
        assert found == date(year, 3, 1) - DAY
    else:
        assert (found.year, found.month, found.day) == (year, born.month, born.day)


@given(BIRTHS, ISSUES)
def test_who_is_of_age_stays_so_and_has_lived_18_birthdays(born: date, issued: date) -> None:
    assume(born <= issued)
    birthdays = sum(born < birthday_in(born, year) <= issued for year in range(born.year, issued.year + 1))
    if of_age(born, issued):
        assert birthdays >= 18
        assert of_age(born, issued + DAY)
    elif issued >= date(2022, 4, 1):
        assert birthdays < 18


@given(BIRTHS, ISSUES, st.booleans(), LIMITS, LIMITS, LIMITS)
def test_a_certificate_never_outlasts_a_limit_and_ends_on_the_first_end(
    born: date, issued: date, early: bool, card: date | None, user: date | None, stay: date | None
) -> None:
    assume(born <= issued)
    found = certificate_expiry(
        born, issued, renewed_early=early, card_until=card, user_certificate_until=user, stay_until=stay
    )
    ends = {Ground.CARD: card, Ground.USER_CERTIFICATE: user, Ground.STAY: stay}
    birthday = nth_birthday_after(born, issued, 6 if early else 5)
    assert found.day == min([birthday, *filter(None, ends.values())])
    assert found.day == (birthday if found.ground is Ground.BIRTHDAY else ends[found.ground])
    assert (found.birthdays is not None) is (found.ground is Ground.BIRTHDAY)


@given(BIRTHS, ISSUES, st.booleans())
def test_a_certificate_of_the_cards_own_day_never_outlasts_the_card(born: date, issued: date, early: bool) -> None:
    assume(born <= issued)
    until = card_expiry(born, issued).day
    assert certificate_expiry(born, issued, renewed_early=early, card_until=until).day <= until


@given(BIRTHS, ISSUES, st.sampled_from(Document), st.integers(-100, 6_000))
def test_the_state_goes_from_not_yet_over_renewable_to_expired(
    born: date, issued: date, document: Document, days: int
) -> None:
    assume(born <= issued)
    found = validity_of(Issued(document, born, issued), today := max(issued, issued + days * DAY))
    expired = State.EXPIRED_CARD if document is CARD else State.EXPIRED_CERTIFICATE
    in_time = State.RENEWABLE if found.window.contains(today) else State.NOT_YET
    assert found.state is (expired if today > found.expiry.day else in_time)
    assert found.window == renewal_window(found.expiry.day)
    assert found.document is document


@given(BIRTHS, ISSUES, st.booleans(), st.dates(date(2016, 1, 1), date(2040, 12, 31)))
def test_who_reads_the_computed_date_from_the_card_is_told_the_same(
    born: date, issued: date, early: bool, today: date
) -> None:
    assume(born <= issued <= today)
    computed = validity_of(Issued(CERTIFICATE, born, issued, early), today)
    printed = validity_of(Printed(CERTIFICATE, computed.expiry.day), today)
    assert (printed.window, printed.state) == (computed.window, computed.state)
