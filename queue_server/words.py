"""Sentences that the public pages and the kiosk have in common, in the language of the request.

Templates hold {places} that the server fills at first paint and the pages' scripts fill from each newer board.
"""

from collections.abc import Mapping
from typing import Protocol

from flask_babel import gettext, pgettext

from queue_server.domain.site import Service
from queue_server.languages import tag_of_request


class Named(Protocol):
    """A thing of a profile: its Japanese name, and the names in other languages by tag."""

    @property
    def name(self) -> str: ...
    @property
    def names(self) -> Mapping[str, str]: ...


def named(thing: Named) -> str:
    """What a thing of the profile is called in the language of the request, else in Japanese."""
    return thing.names.get(tag_of_request(), thing.name)


def noted(service: Service) -> str:
    """What is remarked of a service, in the language of the request, else in Japanese."""
    return service.notes.get(tag_of_request(), service.note)


def stage_named(stage: str) -> str:
    """What a stage is called in the language of the request; a city's own word for one stays as it is."""
    match stage:
        case "受付":
            return str(pgettext("stage", "受付"))
        case "交付":
            return str(pgettext("stage", "交付"))
        case _:
            return stage


def shows_readings() -> bool:
    """Whether a page has furigana above its kanji; easy Japanese has its readings inside its sentences."""
    return tag_of_request() == "ja"


def is_easy() -> bool:
    """Whether a page is in easy Japanese, where each word with kanji has its reading in brackets behind it."""
    return tag_of_request() == "easy"


def opening_words() -> dict[str, str]:
    """Whether a hall is open, until and from when, and why not; the keys are the phases of a board's status."""
    return {
        "open": gettext("受付中です"),
        "open_until": gettext("本日の受付は{time}までです。"),
        "before_opening": gettext("受付開始前です"),
        "opens_at": gettext("本日の受付は{time}からです。"),
        "after_closing": gettext("本日の受付は終了しました"),
        "after_closing_waiting": gettext("番号札をお持ちのかたは、番号をお呼びするまでお待ちください。"),
        "closed_day": gettext("本日は受付を行っていません"),
        "break": gettext("ただいまは休憩時間です"),
        "resumes_at": gettext("受付は{time}に再開します。"),
        "next_open": gettext("次の受付は{day} {time}からです。"),
        "special_open": gettext("本日は特別な日程です（{reason}）。"),
        "closed_reason": gettext("{reason}のためお休みです。"),
        "ended_reason": gettext("（{reason}）"),
    }


def break_words() -> dict[str, str]:
    """Counters whose clerks are away for a while: when they go on, and what is said from that time on."""
    return {
        "on_break": gettext("{counters}は休憩中です。{hour}時{minute}分ごろ再開します。"),
        "on_break_soon": gettext("{counters}は休憩中です。まもなく再開します。"),
        "separator": gettext("・"),
    }


def range_words() -> dict[str, str]:
    """An estimated wait: always a range, or its upper end."""
    return {"range": gettext("{low}〜{high}分ほど"), "range_within": gettext("{high}分以内")}


def level_words() -> dict[str, str] | None:
    """The word of each level in another language than Japanese; None where the city's own words stand."""
    if tag_of_request() == "ja":
        return None
    return {
        "free": gettext("空いています"),
        "moderate": gettext("やや混雑"),
        "crowded": gettext("混雑"),
        "very_crowded": gettext("大変混雑"),
    }
