"""The guide of one site in the language of the request, for the kiosk, the phone and the slip."""

from collections.abc import Iterator, Mapping
from itertools import chain

from flask_babel import gettext

from queue_server.domain.guide import (
    MAY_BE_UNSURE,
    UNKNOWN,
    Applicant,
    Booking,
    Case,
    FeeKind,
    Item,
    Outcome,
    Procedure,
    Question,
    Remark,
    asks_who,
    booking_at,
    is_answered,
    questions,
)
from queue_server.domain.site import CityProfile, Site
from queue_server.guide_sentences import (
    APPLICANTS,
    ITEMS,
    OUTCOMES,
    PERIODS,
    PINS,
    PROCEDURES,
    QUESTIONS,
    REMARKS,
    SUMMARIES,
    UNSURE,
    YES_AND_NO,
)
from queue_server.snapshot import View
from queue_server.words import named, shows_readings

MOST_REMINDED = 4


def guide_view(profile: CityProfile, site: Site) -> View:
    """Every procedure of the city as a visitor of this site meets it: whom to ask what, and all answers.

    The first of a procedure's `answers` that is an applicant's and whose `when` all hold is the answer.
    """
    return {
        "procedures": [procedure_view(profile, site, each) for each in profile.procedures],
        "words": guide_words(),
    }


def procedure_view(profile: CityProfile, site: Site, procedure: Procedure) -> View:
    """One procedure; `here` is "walk_in", "booking" or "elsewhere"."""
    booking = booking_at(procedure, site.id, site.services)
    return {
        "id": procedure.id,
        "kind": procedure.kind.value,
        **_named(PROCEDURES[procedure.kind]),
        "summary": gettext(SUMMARIES[procedure.kind]),
        "answered": is_answered(procedure),
        "asks_who": asks_who(procedure),
        "service": procedure.service if booking is not None else None,
        "here": {None: "elsewhere", Booking.NONE: "walk_in", Booking.REQUIRED: "booking"}[booking],
        "fee": fee_sentence(procedure.fees),
        "period": gettext(PERIODS[procedure.period]) if procedure.period else "",
        "pins": [gettext(PINS[pin]) for pin in procedure.pins],
        "remarks": _sentences(procedure.remarks),
        "places": list(_places(profile, site, procedure)),
        "booking": _booking(profile) if any(each is Booking.REQUIRED for each in procedure.places.values()) else None,
        "applicants": [_applicant(procedure, applicant) for applicant in Applicant],
        "answers": [
            *chain.from_iterable(_answers(profile, procedure, case) for case in procedure.cases),
            *(_answer(profile, procedure, UNKNOWN, applicant) for applicant in Applicant),
        ],
        "sources": list(procedure.source),
    }


def reminder(profile: CityProfile, service: str) -> list[str]:
    """The papers that most people of a service need, for the slip; empty for a service without a guide."""
    found = (
        item
        for procedure in profile.procedures
        if procedure.service == service
        for case in procedure.cases
        if Applicant.PERSON in case.applicants and case.outcome is Outcome.TODAY and case.visits
        for item in case.visits[0].bring
    )
    return [gettext(ITEMS[item][0]) for item in dict.fromkeys(found) if item in _REMINDED][:MOST_REMINDED]


_REMINDED = (Item.CARD, Item.PINS, Item.EXPIRY_NOTICE, Item.EXPIRY_NOTICE_IF_AT_HAND)


def fee_sentence(fees: Mapping[FeeKind, int] | None) -> str:
    """What it costs; "" where the city's documents do not say."""
    if fees is None:
        return ""
    if not fees:
        return str(gettext("無料"))
    words = {FeeKind.CARD: gettext("カード"), FeeKind.CERTIFICATES: gettext("電子証明書")}
    parts = (gettext("%(what)s %(yen)s円", what=words[kind], yen=f"{yen:,}") for kind, yen in fees.items())
    return str(gettext("＋")).join(parts)


def guide_words() -> dict[str, str]:
    """What stands on the guide's buttons and above its lists."""
    return {
        "bring": gettext("持ち物"),
        "fee": gettext("手数料"),
        "period": gettext("手続きできる期間"),
        "pins": gettext("使う暗証番号"),
        "remarks": gettext("ご注意"),
        "places": gettext("手続きできる場所"),
        "here": gettext("ここ"),
        "booking_required": gettext("予約が必要です"),
        "booking_none": gettext("予約はいりません"),
        "book_first": gettext("この庁舎では、予約が必要です"),
        "not_now": gettext(
            "ただいま、この手続きの番号札は発券していません。受付の時間は、最初の画面をご覧ください。"
        ),
        "elsewhere": gettext("この庁舎では手続きできません"),
        "book_by_phone": gettext("電話での予約"),
        "book_online": gettext("インターネットでも予約できます（市のホームページから）。"),
        "unanswered": gettext("持ち物などは、職員におたずねください"),
        "ask": gettext("市の案内だけではわからないため、職員におたずねください。"),
        "source": gettext("市の案内をもとに、わかりやすくまとめたものです。くわしくは職員におたずねください。"),
    }


def _applicant(procedure: Procedure, applicant: Applicant) -> View:
    return {
        "id": applicant.value,
        **_named(APPLICANTS[applicant]),
        "questions": [_question(question) for question in questions(procedure, applicant)],
    }


def _question(question: Question) -> View:
    yes, no = YES_AND_NO[question]
    answers = [{"id": "yes", **_said(yes)}, {"id": "no", **_said(no)}]
    if question in MAY_BE_UNSURE:
        answers.append({"id": "unknown", **_said((UNSURE, ""))})
    return {"id": question.value, **_said(QUESTIONS[question]), "answers": answers}


def _said(sentence: tuple[str, str]) -> dict[str, str]:
    """A sentence in the language of the request, with its reading where readings are shown."""
    text, reading = sentence
    return {"text": gettext(text), "reading": reading if shows_readings() else ""}


def _named(sentence: tuple[str, str]) -> dict[str, str]:
    said = _said(sentence)
    return {"name": said["text"], "reading": said["reading"]}


def _answers(profile: CityProfile, procedure: Procedure, case: Case) -> Iterator[View]:
    return (_answer(profile, procedure, case, applicant) for applicant in case.applicants)


def _answer(profile: CityProfile, procedure: Procedure, case: Case, applicant: Applicant) -> View:
    see = next((each for each in profile.procedures if each.id == case.see), None)
    return {
        "applicant": applicant.value,
        "when": {question.value: wanted for question, wanted in case.when.items()},
        "outcome": case.outcome.value,
        "headline": gettext(OUTCOMES[case.outcome][0]),
        "headline_reading": _said(OUTCOMES[case.outcome])["reading"],
        "visits": [
            {
                "title": _visit_title(index, len(case.visits)),
                "bring": [_said(ITEMS[item]) for item in visit.bring],
                "notes": _sentences(visit.remarks),
            }
            for index, visit in enumerate(case.visits)
        ],
        "notes": _sentences(case.remarks),
        "fee": fee_sentence(procedure.fees if case.fees is None else case.fees),
        "see": {"id": see.id, "name": gettext(PROCEDURES[see.kind][0])} if see else None,
        "sources": list(case.source),
    }


def _visit_title(index: int, count: int) -> str:
    return str(gettext("持ち物") if count == 1 else gettext("%(number)s回目の持ち物", number=index + 1))


def _places(profile: CityProfile, here: Site, procedure: Procedure) -> Iterator[View]:
    for site in profile.sites.values():
        booking = booking_at(procedure, site.id, site.services)
        if booking is not None:
            yield {"site": site.id, "name": named(site), "here": site.id == here.id, "booking": booking.value}


def _booking(profile: CityProfile) -> View | None:
    desk = profile.booking
    return {"phone": desk.phone, "hours": desk.hours, "online": desk.online} if desk else None


def _sentences(remarks: tuple[Remark, ...]) -> list[str]:
    return [gettext(REMARKS[remark]) for remark in remarks]
