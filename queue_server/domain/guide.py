"""The guide (手続き案内): who may apply, what to bring, and whether it can be done today.

What a city's documents say is data of its profile; here stands only the vocabulary and how an answer is found.
A resident is asked as little as the answer needs. Where a city's documents are silent, the answer is to ask.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from types import MappingProxyType


class ProcedureKind(StrEnum):
    """The procedures of the card and its certificates, as all cities know them."""

    CERTIFICATE_RENEWAL = "certificate_renewal"
    CERTIFICATE_ISSUE = "certificate_issue"
    CARD_RENEWAL = "card_renewal"
    CARD_PICKUP = "card_pickup"
    PIN_RESET = "pin_reset"
    PIN_CHANGE = "pin_change"
    LOSS = "loss"
    """A card that was lost, burned or spoiled: abolition and reissue."""
    SUSPENSION_LIFT = "suspension_lift"
    CHANGE_ON_CARD = "change_on_card"


class Applicant(StrEnum):
    """Who comes."""

    PERSON = "person"
    STATUTORY_AGENT = "statutory_agent"
    """法定代理人: a parent of somebody under 15, the guardian of an adult ward."""
    VOLUNTARY_AGENT = "voluntary_agent"
    """任意代理人: anybody else who comes for the person."""


class Question(StrEnum):
    """What a resident knows of themselves; each is answered with yes or no."""

    KNOWS_PINS = "knows_pins"
    EXPIRY_NOTICE = "expiry_notice"
    """有効期限通知書 has arrived."""
    INQUIRY_LETTER = "inquiry_letter"
    """照会書兼回答書, filled in by the person and sealed."""
    STRONG_AGENT_ID = "strong_agent_id"
    """The agent's identification has a photograph (group A)."""
    OLD_CARD = "old_card"
    """The card that is to be exchanged is at hand."""


MAY_BE_UNSURE = frozenset({Question.EXPIRY_NOTICE, Question.INQUIRY_LETTER, Question.STRONG_AGENT_ID})
"""What somebody may not know: of another person's letters, or of what counts as which paper. Of the rest who does not
know has to do as who answers no: a number that is not remembered for sure is one that was forgotten."""


class Item(StrEnum):
    """What is brought along."""

    CARD = "card"
    PINS = "pins"
    """Nothing on paper, and forgotten most of all."""
    PERSON_ID = "person_id"
    AGENT_ID = "agent_id"
    AGENT_PHOTO_ID = "agent_photo_id"
    PROOF_OF_AGENCY = "proof_of_agency"
    EXPIRY_NOTICE = "expiry_notice"
    EXPIRY_NOTICE_IF_AT_HAND = "expiry_notice_if_at_hand"
    INQUIRY_LETTER = "inquiry_letter"
    REPLY_AND_PROXY = "reply_and_proxy"
    RETURNED_FORM = "returned_form"
    PAPERS_OF_DELIVERY_NOTICE = "papers_of_delivery_notice"
    OLD_CARD = "old_card"
    LOSS_REPORT_NUMBER = "loss_report_number"
    DISASTER_CERTIFICATE = "disaster_certificate"
    SPOILED_CARD = "spoiled_card"


class Outcome(StrEnum):
    """What coming here leads to."""

    TODAY = "today"
    TWO_VISITS = "two_visits"
    LATER = "later"
    """Applied for today, handed over on another day."""
    APPLY = "apply"
    """Applied for at the counter; when it is ready the documents do not say."""
    BY_YOURSELF = "by_yourself"
    """Nobody has to come."""
    OTHER_PROCEDURE = "other_procedure"
    ASK_STAFF = "ask_staff"
    """The city's documents do not say."""


class Booking(StrEnum):
    """Whether a site takes a procedure with a booking."""

    NONE = "none"
    REQUIRED = "required"


class Period(StrEnum):
    """When a procedure is possible, in the words of the city."""

    FROM_THREE_MONTHS_BEFORE = "from_three_months_before"
    FROM_DAY_AFTER_THREE_MONTHS_BEFORE = "from_day_after_three_months_before"
    WHEN_NOTICE_ARRIVES = "when_notice_arrives"


class Pin(StrEnum):
    """The numbers of a card."""

    SIGNATURE = "signature"
    """署名用電子証明書: 6 to 16 letters and digits."""
    USER = "user"
    """利用者証明用電子証明書: 4 digits."""
    RESIDENT_REGISTER = "resident_register"
    """住民基本台帳用: 4 digits."""


class FeeKind(StrEnum):
    """What is paid for."""

    CARD = "card"
    CERTIFICATES = "certificates"


class Remark(StrEnum):
    """What else a resident should know; each has its sentence."""

    ORIGINALS = "originals"
    PINS_MUST_FIT = "pins_must_fit"
    PINS_CAN_BE_RESET = "pins_can_be_reset"
    LETTER_COMPLETE = "letter_complete"
    LETTER_SEALED = "letter_sealed"
    LETTER_IN_NOTICE = "letter_in_notice"
    BETTER_IN_PERSON = "better_in_person"
    COME_TOGETHER = "come_together"
    FOR_WARDS_AND_CHILDREN = "for_wards_and_children"
    AGENT_ID_UP_TO_DATE = "agent_id_up_to_date"
    PROOF_NOT_FOR_LOCALS = "proof_not_for_locals"
    ASK_FOR_SECOND_VISIT = "ask_for_second_visit"
    SAME_COUNTER_TWICE = "same_counter_twice"
    LETTER_IS_SENT = "letter_is_sent"
    FORM_AT_COUNTER = "form_at_counter"
    CARD_MUST_BE_VALID = "card_must_be_valid"
    USABLE_AFTER_HOURS = "usable_after_hours"
    REGISTER_AGAIN = "register_again"
    COPIES_MAY_BE_TAKEN = "copies_may_be_taken"
    NOT_BEFORE_PERIOD = "not_before_period"
    CROWDED_AFTER_MAILING = "crowded_after_mailing"
    NOT_EVERYBODY_NEEDS_IT = "not_everybody_needs_it"
    AFTER_EXPIRY_ISSUE_ANEW = "after_expiry_issue_anew"
    WHEN_ADDRESS_OR_NAME_CHANGED = "when_address_or_name_changed"
    NO_SIGNATURE_UNDER_15 = "no_signature_under_15"
    SIGNATURE_LAPSES = "signature_lapses"
    WITH_THE_NOTIFICATION = "with_the_notification"
    ONLINE_OR_BY_POST = "online_or_by_post"
    PHOTO_FREE = "photo_free"
    FORM_IN_NOTICE = "form_in_notice"
    DELIVERY_NOTICE_FOLLOWS = "delivery_notice_follows"
    KEEP_OLD_CARD = "keep_old_card"
    FORGOTTEN_CARD = "forgotten_card"
    AT_CONVENIENCE_STORE = "at_convenience_store"
    AT_COUNTER_WITH_ID = "at_counter_with_id"
    LOCKED_AFTER_TRIES = "locked_after_tries"
    APP_OR_READER = "app_or_reader"
    APP_OR_PORTAL = "app_or_portal"
    SUSPEND_AT_ONCE = "suspend_at_once"
    SUSPEND_BY_CALL_CENTRE = "suspend_by_call_centre"
    ABOLISH_FIRST = "abolish_first"
    FORM_AT_ABOLITION = "form_at_abolition"
    NOT_BY_PHONE = "not_by_phone"
    FEE_AT_DELIVERY = "fee_at_delivery"
    FEE_WITHOUT_CERTIFICATES = "fee_without_certificates"


@dataclass(frozen=True, slots=True)
class Visit:
    """One time at the counter, with what to bring."""

    bring: tuple[Item, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """What holds for some applicants who hold certain things; the first case that fits is the answer."""

    applicants: tuple[Applicant, ...]
    outcome: Outcome
    when: Mapping[Question, bool] = field(default_factory=lambda: MappingProxyType({}))
    visits: tuple[Visit, ...] = ()
    remarks: tuple[Remark, ...] = ()
    fees: Mapping[FeeKind, int] | None = None
    """In yen; None where the procedure's own hold."""
    see: str = ""
    """The procedure that is meant instead, for OTHER_PROCEDURE."""
    source: tuple[str, ...] = ()

    @property
    def tells(self) -> tuple[object, ...]:
        """All that an applicant is told by it."""
        return (self.outcome, self.visits, self.remarks, self.fees, self.see)

    def fits(self, applicant: Applicant, holds: Mapping[Question, bool]) -> bool:
        """Whether the case is that of an applicant with these answers; a question without an answer fits none."""
        return applicant in self.applicants and all(
            question in holds and holds[question] is wanted for question, wanted in self.when.items()
        )


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure as one city has it. Every fact stands in the documents that `source` names."""

    id: str
    kind: ProcedureKind
    service: str
    """The service that takes it, where a site has it."""
    cases: tuple[Case, ...] = ()
    places: Mapping[str, Booking] = field(default_factory=lambda: MappingProxyType({}))
    """The sites that take it; empty where every site with the service does, without a booking."""
    period: Period | None = None
    pins: tuple[Pin, ...] = ()
    fees: Mapping[FeeKind, int] | None = None
    """In yen; empty for free of charge, None where the documents do not say."""
    remarks: tuple[Remark, ...] = ()
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BookingDesk:
    """Where a city takes bookings; `hours` is its own text."""

    phone: str = ""
    hours: str = ""
    online: bool = False
    source: tuple[str, ...] = ()


UNKNOWN = Case(tuple(Applicant), Outcome.ASK_STAFF)
"""The answer where no document says more."""


def answer(procedure: Procedure, applicant: Applicant, holds: Mapping[Question, bool]) -> Case:
    """What an applicant who holds these things is told; UNKNOWN where the city's documents are silent."""
    return next((case for case in procedure.cases if case.fits(applicant, holds)), UNKNOWN)


def questions(procedure: Procedure, applicant: Applicant) -> tuple[Question, ...]:
    """What an applicant has to be asked before the answer is sure, in the order of the cases.

    A question is left out when, whatever else holds, they are told the same with each of its answers and without one.
    """
    found = (question for case in procedure.cases if applicant in case.applicants for question in case.when)
    asked = tuple(dict.fromkeys(found))
    return tuple(question for question in asked if _changes_the_answer(procedure, applicant, question, asked))


def asks_who(procedure: Procedure) -> bool:
    """Whether it matters who comes: who is told the same as everybody else need not say who they are."""
    if any(questions(procedure, applicant) for applicant in Applicant):
        return True
    first, *others = (answer(procedure, applicant, {}).tells for applicant in Applicant)
    return any(other != first for other in others)


def is_answered(procedure: Procedure) -> bool:
    """Whether the city's documents say for anybody what comes of it; else everybody is sent to the staff."""
    return any(case.outcome is not Outcome.ASK_STAFF for case in procedure.cases)


def _changes_the_answer(
    procedure: Procedure, applicant: Applicant, question: Question, asked: Iterable[Question]
) -> bool:
    others = [other for other in asked if other is not question]
    for values in product((True, False, None), repeat=len(others)):
        holds = {other: value for other, value in zip(others, values, strict=True) if value is not None}
        without = answer(procedure, applicant, holds).tells
        if any(answer(procedure, applicant, {**holds, question: held}).tells != without for held in (True, False)):
            return True
    return False


def booking_at(procedure: Procedure, site: str, services: Iterable[str]) -> Booking | None:
    """How a site with these services takes a procedure; None for one that does not."""
    if procedure.service not in services:
        return None
    return procedure.places.get(site) if procedure.places else Booking.NONE
