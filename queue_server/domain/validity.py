"""Until when a My Number card and its certificates are valid, and from when they can be renewed.

The rules are those that the cities tell their residents. Each function names its sources by the file's number:
000 Fujisawa (page), 001 a city with branches, 002 Numazu, 003 Atsugi, 004 Fujisawa (leaflet). What the documents
leave open is said where it is decided. web/static/js/validity.js is the same in the page: a test keeps them equal.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ADULT_YEARS = 18
ADULT_YEARS_BEFORE = 20
ADULT_SINCE = date(2022, 4, 1)
"""Since this day one is of age at 18, before it was 20 (Civil Code, article 4)."""

CARD_BIRTHDAYS = 10
CARD_BIRTHDAYS_OF_MINORS = 5
CERTIFICATE_BIRTHDAYS = 5
CERTIFICATE_BIRTHDAYS_RENEWED = 6
RENEWAL_MONTHS = 3

FIRST_CARD = date(2016, 1, 1)
"""No card was issued, and none expired, before this day."""


class Document(StrEnum):
    """What has a validity of its own."""

    CARD = "card"
    CERTIFICATE = "certificate"


class Ground(StrEnum):
    """Why something expires on its day."""

    PRINTED = "printed"
    """It stands on the card or in the notice."""
    BIRTHDAY = "birthday"
    CARD = "card"
    USER_CERTIFICATE = "user_certificate"
    STAY = "stay"


class State(StrEnum):
    """What can be done today."""

    NOT_YET = "not_yet"
    RENEWABLE = "renewable"
    EXPIRED_CERTIFICATE = "expired_certificate"
    """A new one can be issued as long as the card is valid (000, 001, 003, 004)."""
    EXPIRED_CARD = "expired_card"
    """It proves nothing any more, and its certificates ended with it (001); a new card has to be applied for."""


class Problem(StrEnum):
    """Why dates make no sense; the codes are stable."""

    IMPOSSIBLE_DATE = "impossible_date"
    BEFORE_FIRST_CARD = "before_first_card"
    BORN_IN_FUTURE = "born_in_future"
    ISSUED_IN_FUTURE = "issued_in_future"
    ISSUED_BEFORE_BIRTH = "issued_before_birth"
    ENDED_BEFORE_ISSUE = "ended_before_issue"
    EXPIRY_TOO_FAR = "expiry_too_far"


class WrongDate(Exception):  # noqa: N818 - an answer to a resident, not a failure
    """A date that cannot be: `problem` says why, `field` is the name of the field of `Printed` or `Issued`."""

    def __init__(self, problem: Problem, field: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.problem = problem
        self.field = field


@dataclass(frozen=True, slots=True)
class Printed:
    """The last day, as it is printed on the card, written beside it for the certificates (000), or told by notice."""

    document: Document
    expiry: date


@dataclass(frozen=True, slots=True)
class Issued:
    """When something was issued to whom. Unknown limits are None; for a card only the stay is looked at."""

    document: Document
    born: date
    issued: date
    renewed_early: bool = False
    """The certificate was renewed inside the window of the one before it."""
    stay_until: date | None = None
    card_until: date | None = None
    user_certificate_until: date | None = None
    """Of a signature certificate: the last day of the user certificate that was there when it was issued."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """The last day and its ground; `birthdays` counts them where the ground is a birthday."""

    day: date
    ground: Ground
    birthdays: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which something can be renewed, both included."""

    first: date
    last: date

    def contains(self, day: date) -> bool:
        """Whether it can be renewed on a day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Validity:
    """Until when something is valid, when it can be renewed, and what that means today."""

    document: Document
    expiry: Expiry
    window: Window
    state: State


def validity_of(question: Printed | Issued, today: date) -> Validity:
    """The answer for what a resident knows; raises WrongDate for dates that cannot be."""
    card_until: date | None
    if isinstance(question, Printed):
        _check_printed(question, today)
        expiry, card_until = Expiry(question.expiry, Ground.PRINTED), None
    else:
        _check_issued(question, today)
        expiry, card_until = _expiry_of(question), question.card_until
    if question.document is Document.CARD:
        card_until = expiry.day
    window = renewal_window(expiry.day)
    return Validity(question.document, expiry, window, _state(window, card_until, today))


def typed_date(year: int, month: int, day: int, field: str) -> date:
    """The date of three numbers; raises WrongDate when the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        raise WrongDate(Problem.IMPOSSIBLE_DATE, field) from None


def birthday_in(born: date, year: int) -> date:
    """The birthday in a year; of somebody born on 29 February it is the 28th where that year has no 29th.

    No document says so. The 28th is the day on which such a year of age is full, and errs on the early side.
    """
    if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 2, 28)
    return born.replace(year=year)


def nth_birthday_after(born: date, issued: date, count: int) -> date:
    """The `count`-th birthday after the day of issue; a birthday on that very day is not counted.

    "After the day of issue" is the law's wording (発行の日後); the pages say 発行日から○回目の誕生日.
    """
    first = issued.year if birthday_in(born, issued.year) > issued else issued.year + 1
    return birthday_in(born, first + count - 1)


def of_age(born: date, day: date) -> bool:
    """Whether somebody is of age on a day (002, 004: 18 and older; until March 2022 it was 20)."""
    years = ADULT_YEARS if day >= ADULT_SINCE else ADULT_YEARS_BEFORE
    return birthday_in(born, born.year + years) <= day


def card_expiry(born: date, issued: date, stay_until: date | None = None) -> Expiry:
    """The last day of a card: the 10th birthday, the 5th of who was a minor at issue (000, 001, 002, 004).

    The end of a foreign resident's stay comes first where there is one (001, 002, 004).
    """
    count = CARD_BIRTHDAYS if of_age(born, issued) else CARD_BIRTHDAYS_OF_MINORS
    return _first_to_come(born, issued, count, {Ground.STAY: stay_until})


def certificate_expiry(
    born: date,
    issued: date,
    *,
    renewed_early: bool = False,
    card_until: date | None = None,
    user_certificate_until: date | None = None,
    stay_until: date | None = None,
) -> Expiry:
    """The last day of a certificate: the 5th birthday after its issue at any age, never after the card (000 to 004).

    `renewed_early` makes it the 6th: issued between the opening of the window and the old one's last day (000, 003).
    A signature certificate issued beside a user certificate never outlasts that one (000, 003). The end of a foreign
    resident's stay comes first where there is one (001, 002).
    """
    count = CERTIFICATE_BIRTHDAYS_RENEWED if renewed_early else CERTIFICATE_BIRTHDAYS
    limits = {
        Ground.CARD: card_until,
        Ground.USER_CERTIFICATE: user_certificate_until,
        Ground.STAY: stay_until,
    }
    return _first_to_come(born, issued, count, limits)


def renewal_window(expiry: date) -> Window:
    """From the day after the date three months before the last day, to that day (001, 004; 003 less exactly).

    A month that has no such date ends the three months on its own last day (Civil Code, article 143).
    """
    year, month = divmod(expiry.year * 12 + expiry.month - 1 - RENEWAL_MONTHS, 12)
    last_of_month = calendar.monthrange(year, month + 1)[1]
    before = date(year, month + 1, min(expiry.day, last_of_month))
    return Window(before + timedelta(days=1), expiry)


def _expiry_of(question: Issued) -> Expiry:
    if question.document is Document.CARD:
        return card_expiry(question.born, question.issued, question.stay_until)
    return certificate_expiry(
        question.born,
        question.issued,
        renewed_early=question.renewed_early,
        card_until=question.card_until,
        user_certificate_until=question.user_certificate_until,
        stay_until=question.stay_until,
    )


def _first_to_come(born: date, issued: date, count: int, limits: Mapping[Ground, date | None]) -> Expiry:
    """The earliest of the birthday and the limits; at a tie the limit is the ground, for it does not move."""
    ends = [Expiry(day, ground) for ground, day in limits.items() if day is not None]
    ends.append(Expiry(nth_birthday_after(born, issued, count), Ground.BIRTHDAY, count))
    return min(ends, key=lambda end: end.day)


def _state(window: Window, card_until: date | None, today: date) -> State:
    if today < window.first:
        return State.NOT_YET
    if window.contains(today):
        return State.RENEWABLE
    card_is_over = card_until is not None and card_until < today
    return State.EXPIRED_CARD if card_is_over else State.EXPIRED_CERTIFICATE


def _check_printed(question: Printed, today: date) -> None:
    if question.expiry < FIRST_CARD:
        raise WrongDate(Problem.BEFORE_FIRST_CARD, "expiry")
    # The longest that anything issued today can last: to somebody whose birthday is today.
    most = CARD_BIRTHDAYS if question.document is Document.CARD else CERTIFICATE_BIRTHDAYS_RENEWED
    if question.expiry > nth_birthday_after(today, today, most):
        raise WrongDate(Problem.EXPIRY_TOO_FAR, "expiry")


def _check_issued(question: Issued, today: date) -> None:
    if question.born > today:
        raise WrongDate(Problem.BORN_IN_FUTURE, "born")
    if question.issued > today:
        raise WrongDate(Problem.ISSUED_IN_FUTURE, "issued")
    if question.issued < question.born:
        raise WrongDate(Problem.ISSUED_BEFORE_BIRTH, "issued")
    if question.issued < FIRST_CARD:
        raise WrongDate(Problem.BEFORE_FIRST_CARD, "issued")
    for field in _limits_of(question.document):
        until: date | None = getattr(question, field)
        if until is not None and until < question.issued:
            raise WrongDate(Problem.ENDED_BEFORE_ISSUE, field)


def _limits_of(document: Document) -> tuple[str, ...]:
    if document is Document.CARD:
        return ("stay_until",)
    return ("card_until", "user_certificate_until", "stay_until")
