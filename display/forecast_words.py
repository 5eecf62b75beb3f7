"""The sentences of the forecast, in the language of the request."""

from datetime import date, datetime, time

from babel.dates import get_day_names, get_month_names
from flask_babel import get_locale, gettext

from display.words import day_text, hour_text
from queue_server.domain.calendar import JST
from queue_server.domain.events import Event
from queue_server.domain.forecast import FEW_DAYS, Busy, DayForecast, Forecast, Reason, ReasonKind, Span
from queue_server.words import named

LEVEL_KEYS = {Busy.QUIET: "free", Busy.MODERATE: "moderate", Busy.BUSY: "crowded"}
"""The shape and colour of a word."""
MOST_QUIET_DAYS = 3


def busy_mark(busy: Busy) -> dict[str, str]:
    """A word with its shape and colour, for `level_mark`."""
    words = {
        Busy.QUIET: gettext("空いている見込み"),
        Busy.MODERATE: gettext("やや混雑の見込み"),
        Busy.BUSY: gettext("混雑の見込み"),
    }
    return {"key": LEVEL_KEYS[busy], "label": words[busy]}


def span_text(span: Span) -> str:
    """Hours that are alike: 9時台〜11時台, or 9時台 for one alone."""
    if span.first == span.last:
        return hour_text(span.first)
    return str(gettext("{first}時台〜{last}時台")).format(first=span.first, last=span.last)


def date_text(day: date) -> str:
    """A date such as 12月1日(火)."""
    return day_text(datetime.combine(day, time(), JST).isoformat())


def reason_texts(day: DayForecast, events: tuple[Event, ...]) -> list[str]:
    """Why a day will be busier, the strongest reason first."""
    names = {event.id: named(event) for event in events}
    return [_reason(each, names) for each in day.reasons]


def quiet_days(forecast: Forecast) -> list[str]:
    """The first days that will be quiet; today is none, who asks for a day wants another."""
    return [date_text(day.day) for day in forecast.days[1:] if day.busy is Busy.QUIET][:MOST_QUIET_DAYS]


def learned_text(forecast: Forecast) -> str:
    """What the forecast rests on."""
    if forecast.learned_from < FEW_DAYS:
        return str(gettext("まだ記録が少ないため、ほかの市の窓口の傾向をもとにした、おおよその見込みです。"))
    return str(
        gettext("これまで{days}日分の番号札の数をもとに、この業務のふだんの1時間とくらべた見込みです。")
    ).format(days=forecast.learned_from)


def _reason(reason: Reason, events: dict[str, str]) -> str:
    locale = get_locale() or "ja"
    match reason.kind:
        case ReasonKind.EVENT:
            return events[str(reason.value)]
        case ReasonKind.AFTER_CLOSURE:
            return str(gettext("休み明け"))
        case ReasonKind.WEEKDAY:
            return str(get_day_names("wide", context="stand-alone", locale=locale)[int(reason.value)])
        case ReasonKind.WEEK:
            return str(gettext("月はじめ") if reason.value == 0 else gettext("月末"))
        case ReasonKind.MONTH:
            return str(get_month_names("wide", context="stand-alone", locale=locale)[int(reason.value)])
