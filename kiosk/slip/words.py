"""From a ticket and a guide to what stands on paper, in Japanese and in the resident's language."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from babel.dates import format_date
from flask_babel import force_locale, gettext

from kiosk.slip.content import Bilingual, Fact, ListContent, ListPart, SlipContent
from kiosk.source import Source, View
from queue_server.domain.calendar import JST
from queue_server.guide_words import guide_view, reminder
from queue_server.languages import locale_of
from queue_server.ticket_qr import page_address
from queue_server.words import named, range_words


def both(tag: str, say: Callable[[], str]) -> Bilingual:
    """A sentence in Japanese, and in the language of a tag where that is another one."""
    with force_locale("ja"):
        japanese = str(say())
    if tag == "ja":
        return Bilingual(japanese)
    with force_locale(locale_of(tag)):
        other = str(say())
    return Bilingual(japanese, "" if other == japanese else other)


def slip_content(source: Source, ticket: View, tag: str, *, copy: bool = False) -> SlipContent:
    """What the slip of a ticket says. `ticket` is as the source gives it."""
    site = source.site
    service = site.services[ticket["service"]]
    category = next(each for each in site.categories if each.id == service.category)
    marks = [both(tag, lambda: gettext("再発行"))] if copy else []
    if ticket.get("offline"):
        marks.append(both(tag, lambda: gettext("通信断中の発券")))
    papers = _papers(source, service.id, tag)
    return SlipContent(
        label=ticket["label"],
        title=both(tag, lambda: gettext("あなたの番号")),
        service=both(tag, lambda: named(service)),
        category=category.name,
        facts=tuple(_facts(source, ticket, tag)),
        address=page_address(source.address, ticket["token"], tag),
        address_words=both(tag, lambda: gettext("スマートフォンで順番がわかります")),
        site=site.name,
        site_other=both(tag, lambda: named(site)).other,
        tag=tag,
        reminder_title=both(tag, lambda: gettext("持ち物")),
        reminder=papers,
        footer=site.slip.footer,
        logo=Path(site.slip.logo) if site.slip.logo else None,
        marks=tuple(marks),
    )


def _facts(source: Source, ticket: View, tag: str) -> list[Fact]:
    issued = datetime.fromisoformat(ticket["issued_at"]).astimezone(JST)
    facts = [Fact(both(tag, lambda: gettext("発券")), _time(issued, tag))]
    if ticket.get("ahead") is not None:
        count = Bilingual(f"{ticket['ahead']}人", str(ticket["ahead"]))
        facts.append(Fact(both(tag, lambda: gettext("あなたの前のかた")), count))
    if ticket.get("estimate"):
        words = both(tag, lambda: _range(ticket["estimate"]))
        facts.append(Fact(both(tag, lambda: gettext("待ち時間の目安")), words))
    counters = [each for each in source.site.counters.values() if ticket["service"] in each.services]
    if counters:
        where = both(tag, lambda: gettext("・").join(named(each) for each in counters))
        facts.append(Fact(both(tag, lambda: gettext("お待ちいただく場所")), where))
    return facts


def _range(estimate: View) -> str:
    words = range_words()
    return words["range" if estimate["low"] > 0 else "range_within"].format_map(estimate)


def _time(at: datetime, tag: str) -> Bilingual:
    clock = f"{at.hour}:{at.minute:02d}"
    japanese = f"{format_date(at, 'M月d日(E)', locale='ja')} {clock}"
    if tag in ("ja", "easy"):
        return Bilingual(japanese)
    return Bilingual(japanese, f"{format_date(at, 'medium', locale=locale_of(tag))} {clock}")


def _papers(source: Source, service: str, tag: str) -> tuple[Bilingual, ...]:
    with force_locale("ja"):
        japanese = reminder(source.profile, service)
    with force_locale(locale_of(tag)):
        other = reminder(source.profile, service)
    return tuple(Bilingual(a, "" if a == b else b) for a, b in zip(japanese, other, strict=True))


def list_content(
    source: Source, procedure: str, applicant: str, holds: dict[str, bool], tag: str
) -> ListContent | None:
    """The list of what an applicant brings; None where there is no such procedure or applicant."""
    japanese = _answer(source, procedure, applicant, holds, "ja")
    other = _answer(source, procedure, applicant, holds, tag)
    if japanese is None or other is None:
        return None
    (mine, answer), (theirs, translated) = japanese, other
    parts = [
        ListPart(
            _pair(visit["title"], also["title"]),
            tuple(_pair(a["text"], b["text"]) for a, b in zip(visit["bring"], also["bring"], strict=True))
            + tuple(_pair(a, b) for a, b in zip(visit["notes"], also["notes"], strict=True)),
        )
        for visit, also in zip(answer["visits"], translated["visits"], strict=True)
    ]
    notes = [
        *zip(answer["notes"], translated["notes"], strict=True),
        *zip(mine["remarks"], theirs["remarks"], strict=True),
    ]
    facts = [
        (both(tag, lambda: gettext("手数料")), answer["fee"], translated["fee"]),
        (both(tag, lambda: gettext("手続きできる期間")), mine["period"], theirs["period"]),
    ]
    lines = [_pair(f"{name.ja}: {text}", f"{name.other or name.ja}: {also}") for name, text, also in facts if text]
    if lines or notes:
        parts.append(ListPart(both(tag, lambda: gettext("ご注意")), (*lines, *(_pair(a, b) for a, b in notes))))
    who = next(each["name"] for each in mine["applicants"] if each["id"] == applicant)
    also_who = next(each["name"] for each in theirs["applicants"] if each["id"] == applicant)
    return ListContent(
        title=_pair(mine["name"], theirs["name"]),
        applicant=_pair(who, also_who) if mine["asks_who"] else _pair("", ""),
        outcome=_pair(answer["headline"], translated["headline"]),
        parts=tuple(parts),
        site=source.site.name,
        tag=tag,
        footer=source.site.phone,
        date=_time(datetime.fromisoformat(source.board["as_of"]).astimezone(JST), "ja").ja,
    )


def _answer(
    source: Source, procedure: str, applicant: str, holds: dict[str, bool], tag: str
) -> tuple[View, View] | None:
    with force_locale(locale_of(tag)):
        guide = guide_view(source.profile, source.site)
    found = next((each for each in guide["procedures"] if each["id"] == procedure), None)
    if found is None:
        return None
    for answer in found["answers"]:
        if answer["applicant"] == applicant and all(
            holds.get(name) is wanted for name, wanted in answer["when"].items()
        ):
            return found, answer
    return None


def _pair(japanese: str, other: str) -> Bilingual:
    return Bilingual(japanese, "" if other == japanese else other)
