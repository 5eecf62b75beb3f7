"""What the administrator's pages call the parts of a hall and their values, in the language of the request."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_skeleton
from flask_babel import get_locale

from queue_server.config.checks import WHOLE_SITE
from queue_server.config.structure import Part
from queue_server.domain.calendar import JST, DayPlan
from queue_server.domain.site import Discipline, LevelKey, Site
from queue_server.web.admin_text import gettext
from queue_server.web.admin_values import text_of

Line = tuple[str, str]
"""A name and what it says; the name may be empty."""


def day_words(day: date) -> str:
    """A date with its day of the week: 2026年12月28日(月)."""
    return str(format_skeleton("yMMMEd", day, locale=get_locale()))


def minute_words(at: datetime) -> str:
    """An instant in Japan, to the minute."""
    return at.astimezone(JST).strftime("%Y-%m-%d %H:%M")


def plan_words(plan: DayPlan) -> str:
    """The hours of a day, and why they are what they are."""
    hours = [f"{interval.opens:%H:%M}-{interval.closes:%H:%M}" for interval in plan.intervals]
    return _with_reason(hours_words(hours), plan.reason)


def hours_words(hours: list[str]) -> str:
    """Opening hours, or that the hall is closed all day."""
    return joined([each.replace("-", "〜") for each in hours]) if hours else gettext("終日閉庁")


def joined(words: list[str]) -> str:
    """Words as a list within a sentence."""
    return gettext("、").join(words)


def level_word(key: str) -> str:
    """The ordinary word of a level."""
    return {
        LevelKey.FREE.value: gettext("空いています"),
        LevelKey.MODERATE.value: gettext("やや混雑"),
        LevelKey.CROWDED.value: gettext("混雑"),
        LevelKey.VERY_CROWDED.value: gettext("大変混雑"),
    }.get(key, key)


def discipline_words() -> dict[str, Line]:
    """The name of each order of calling, and what it does."""
    return {
        Discipline.OLDEST.value: (
            gettext("先着順"),
            gettext("扱う業務の中で、いちばん先に来たかたから呼びます。"),
        ),
        Discipline.ORDER.value: (
            gettext("業務の順"),
            gettext("一番目の業務のかたがいるあいだはその業務から、いなければ次の業務から呼びます。"),
        ),
        Discipline.WEIGHTED.value: (
            gettext("重み付き"),
            gettext("待った分数に業務の重みを掛け、いちばん大きいかたから呼びます。"),
        ),
    }


def part_title(site: Site, part: Part, part_id: str) -> str:
    """What a part is called."""
    match part:
        case Part.SPECIAL_DAY:
            return day_words(date.fromisoformat(part_id))
        case Part.LEVELS if part_id == WHOLE_SITE:
            return gettext("混雑度: 庁舎全体")
        case Part.LEVELS:
            service = site.services.get(part_id)
            return gettext("混雑度: %(name)s", name=service.name if service else part_id)
        case Part.COUNTER:
            counter = site.counters.get(part_id)
            return gettext("窓口: %(name)s", name=counter.name if counter else part_id)
        case Part.ALERTS:
            return gettext("警告の基準")


def part_lines(site: Site, part: Part, value: Any) -> list[Line]:
    """A value of a part as people read it; also one that does not fit, as it was typed."""
    match part:
        case Part.SPECIAL_DAY:
            return _day_lines(value)
        case Part.LEVELS:
            return _level_lines(value)
        case Part.COUNTER:
            return _counter_lines(site, value)
        case Part.ALERTS:
            return _alert_lines(value)


def part_summary(site: Site, part: Part, value: Any) -> str:
    """A value of a part in one line."""
    return gettext("／").join(
        gettext("%(name)s: %(text)s", name=name, text=text) if name else text
        for name, text in part_lines(site, part, value)
    )


def _day_lines(value: Any) -> list[Line]:
    if value is None:
        return [("", gettext("特別な設定はありません（ふだんの決まりどおり）"))]
    return [(gettext("受付"), hours_words(value["open"])), (gettext("理由"), value["reason"])]


def _level_lines(value: Any) -> list[Line]:
    if value is None:
        return [("", gettext("庁舎と同じ"))]
    return [(level.get("label", ""), _begins(level)) for level in value]


def _begins(level: Mapping[str, Any]) -> str:
    people, minutes = text_of(level.get("people")), text_of(level.get("minutes"))
    if people and minutes:
        return gettext("%(people)s人から、または%(minutes)s分から", people=people, minutes=minutes)
    if people:
        return gettext("%(people)s人から", people=people)
    return gettext("%(minutes)s分から", minutes=minutes) if minutes else gettext("はじめから")


def _counter_lines(site: Site, value: Any) -> list[Line]:
    def named(service: str) -> str:
        found = site.services.get(service)
        return found.name if found else service

    discipline = value.get("discipline", Discipline.OLDEST.value)
    lines = [
        (gettext("名前"), value["name"]),
        (gettext("業務"), joined([named(service) for service in value["services"]]) or gettext("なし")),
        (gettext("呼出順"), discipline_words().get(discipline, (discipline, ""))[0]),
    ]
    for service, weight in value.get("weights", {}).items():
        lines.append((gettext("重み（%(name)s）", name=named(service)), text_of(weight)))
    for service, stages in value.get("stages", {}).items():
        lines.append((gettext("工程（%(name)s）", name=named(service)), joined(stages) or gettext("なし")))
    if value.get("longest_wait") is not None:
        lines.append((gettext("最長の待ち"), gettext("%(minutes)s分", minutes=text_of(value["longest_wait"]))))
    return lines


def _alert_lines(value: Any) -> list[Line]:
    never = gettext("知らせない")
    people, wait, without = (text_of(value.get(key)) for key in ("people", "wait_minutes", "without_call_minutes"))
    return [
        (gettext("待っている人"), gettext("%(people)s人から", people=people) if people else never),
        (gettext("最長の待ち"), gettext("%(minutes)s分から", minutes=wait) if wait else never),
        (gettext("呼出のない時間"), gettext("%(minutes)s分から", minutes=without) if without else never),
    ]


def _with_reason(words: str, reason: str) -> str:
    return gettext("%(words)s（%(reason)s）", words=words, reason=reason) if reason else words
