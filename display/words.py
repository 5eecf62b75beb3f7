"""The sentences of the public pages, in the language of the request.

Pages and their scripts fill the same templates: the server at first paint, the script (static/js/words.js) with each
newer board. `messages()` is what travels to the script; a test holds the two renderings against each other.
"""

from datetime import datetime
from typing import Any

from babel.dates import format_skeleton
from flask_babel import get_locale, gettext

from queue_server.domain.nearness import NEAR_BY_DEFAULT, NEAR_CHOICES, Nearness, NearUnit
from queue_server.languages import tag_of_request
from queue_server.words import break_words, level_words, opening_words, range_words

View = dict[str, Any]

WIDE_COLON = ("ja", "easy", "zh")
"""The languages whose colon is as wide as their other signs."""

FIRST_WAITING = 8
"""How many waiting numbers a line of the hall's screen names before it only counts."""


def messages() -> View:
    """Every template that a script fills, with {places}; `levels` is None where the city's own words stand."""
    return {
        **opening_words(),
        **break_words(),
        **range_words(),
        "as_of": gettext("{hour}時{minute}分現在"),
        "people": gettext("{count}人"),
        "sites": gettext("{count}か所"),
        "no_estimate": gettext("ただいまお知らせできません"),
        "quality": gettext("最近お呼びした{called}人のうち{percent}%のかたが、お知らせした目安のとおりでした。"),
        "no_call": gettext("まだありません"),
        "stale": gettext("{hour}時{minute}分の情報を表示しています。つながると自動で新しくなります。"),
        "serving": gettext("応対中"),
        "ended": gettext("本日の受付は終了しました。"),
        "paused": gettext("受付を休止しています。"),
        "not_accepting": gettext("ただいま、新しい受付を行っていません。"),
        "ended_short": gettext("本日の受付は終了しました"),
        "paused_short": gettext("受付休止中"),
        "not_accepting_short": gettext("受付停止中"),
        "no_tickets": gettext("ただいま、番号札を発券できません。お近くの職員にお声がけください。"),
        "announce": gettext("{label}番のかた、{counter}へお越しください。"),
        "ahead": gettext("あと{count}人"),
        "ahead_none": gettext("次にお呼びします"),
        "called_title": gettext("お呼びしています {label}番 {counter}"),
        "more": gettext("ほか{count}人"),
        "first_waiting": FIRST_WAITING,
        "near": {"unit": NEAR_BY_DEFAULT.unit.value, "value": NEAR_BY_DEFAULT.value},
        "levels": level_words(),
    }


def level_word(level: View) -> str:
    """The word of a level: the city's own in plain Japanese, the translation of its key in other languages."""
    words = level_words()
    return str(words[level["key"]] if words else level["label"])


def day_text(iso: str) -> str:
    """A day such as 11月25日(水), in the language of the request."""
    local = datetime.fromisoformat(iso)
    return format_skeleton("MMMEd", local, tzinfo=local.tzinfo, locale=get_locale() or "ja")


def clock_parts(iso: str) -> View:
    """The hour, the minute and a clock text such as 9:05 of an ISO time, as the hall's wall clock shows it."""
    hour, minute = int(iso[11:13]), int(iso[14:16])
    return {"hour": hour, "minute": minute, "time": f"{hour}:{minute:02d}"}


def fill_time(template: str, iso: str, **values: Any) -> str:
    """A template with other values and an ISO time in its places {hour}, {minute} and {time}.

    A full hour is said without its minutes: 10時, never 10時0分.
    """
    parts = clock_parts(iso)
    said = template if parts["minute"] else template.replace("{minute}分", "")
    return said.format(**values, **parts)


def labelled(label: str, text: str = "") -> str:
    """A label and what it is of, told apart by the colon of the language: 理由：月曜日, or Reason: Monday."""
    colon = "：" if tag_of_request() in WIDE_COLON else ": "
    return f"{label}{colon}{text}".rstrip()


def hour_text(hour: int) -> str:
    """An hour of the clock, such as 9時台: from 9:00 to 9:59."""
    return str(gettext("{hour}時台")).format(hour=hour)


def minutes_text(minutes: int) -> str:
    """A number of whole minutes, such as 12分; 1分未満 for none."""
    return str(gettext("{minutes}分")).format(minutes=minutes) if minutes else str(gettext("1分未満"))


def people_text(count: int) -> str:
    """A number of people, such as 3人."""
    return str(messages()["people"]).format(count=count)


def as_of(board: View) -> str:
    """「9時12分現在」 for a board."""
    return fill_time(messages()["as_of"], board["as_of"])


def range_text(estimate: View | None) -> str:
    """An estimate in words: always a range, and empty when there is none."""
    if estimate is None:
        return ""
    words = messages()
    return str(words["range" if estimate["low"] > 0 else "range_within"].format(**estimate))


def quality_text(quality: View | None) -> str:
    """How good the ranges were, in words; empty while too few people were called to tell."""
    if quality is None:
        return ""
    return str(messages()["quality"].format(called=quality["called"], percent=round(quality["share"] * 100)))


def first_waiting(labels: list[str]) -> str:
    """「504 505 506 ほか3人」: the next numbers in call order, and how many come after them."""
    first, rest = labels[:FIRST_WAITING], len(labels) - FIRST_WAITING
    more = [messages()["more"].format(count=rest)] if rest > 0 else []
    return " ".join([*first, *more])


def headline(board: View) -> str:
    """Whether the hall takes residents now, in three or four words."""
    return str(messages()[board["status"]["phase"]])


def early_reason(board: View) -> str:
    """Why staff ended today's reception early, in brackets; empty when they did not, or gave no reason."""
    status = board["status"]
    early = status["ended_early"] and status["reason"]
    return str(messages()["ended_reason"].format(reason=status["reason"])) if early else ""


def status_lines(board: View) -> list[str]:
    """What follows the headline: until or from when, why, who is still called, what does not work.

    Why staff ended the reception early stands for itself: `early_reason`.
    """
    words, status = messages(), board["status"]
    lines: list[str] = []

    def say(key: str, iso: str | None) -> None:
        if iso:
            lines.append(fill_time(words[key], iso, day=day_text(iso)))

    phase = status["phase"]
    if phase == "open":
        say("open_until", status["closes"])
    elif phase == "before_opening":
        say("opens_at", status["opens"])
    elif phase == "break":
        say("resumes_at", status["next_open"])
    if phase == "after_closing" and people_here(board):
        lines.append(words["after_closing_waiting"])
    if status["reason"] and not status["ended_early"]:
        key = "closed_reason" if phase == "closed_day" else "special_open"
        lines.append(words[key].format(reason=status["reason"]))
    if phase in ("after_closing", "closed_day"):
        say("next_open", status["next_open"])
    if status["open"] and not board["storage"]["writable"]:
        lines.append(words["no_tickets"])
    return lines


def break_lines(board: View, names: View | None = None) -> list[str]:
    """Which counters are on a break, and until about when by the board's own clock; none once everybody has gone.

    `names` are those of the page's language; without them the counters are called as the board calls them.
    """
    if not board["status"]["open"] and not people_here(board):
        return []
    words = messages()
    away: dict[str, list[str]] = {}
    for counter in board["counters"]:
        if until := counter["break_until"]:
            # Times of one board have one form and one offset, so their texts are in order.
            away.setdefault(until if board["as_of"] < until else "", []).append(
                called(names, counter["id"], counter["name"])
            )
    lines = []
    for until, counters_away in away.items():
        counters = words["separator"].join(counters_away)
        soon = words["on_break_soon"].format(counters=counters)
        lines.append(fill_time(words["on_break"], until, counters=counters) if until else soon)
    return lines


def called(names: View | None, counter: str | None, name: str | None) -> str:
    """What a counter is called on a page with these names."""
    return str(names["counter"].get(counter, name or "") if names else name or "")


def series_text(label: str) -> str:
    """A board's name of a series in the language of the request: 500番台, or 500s; a range says itself."""
    first = label.removesuffix("番台")
    return str(gettext("{first}番台")).format(first=first) if first != label else label


def people_here(board: View) -> bool:
    """Whether anybody still waits, is being called or will be called again."""
    return any(
        service["waiting"] or service["calling"] or service["held"]
        for category in board["categories"]
        for service in category["services"]
    )


def ticket_messages() -> View:
    """What the script of a ticket's own page says besides."""
    return {
        "called_at": gettext("{hour}時{minute}分にお呼びしました"),
        "gap": gettext("{start}から{end}まで通信が途切れていました。いまは最新の情報です。"),
        "gap_called": gettext("通信が途切れている間に、お呼びしました。"),
        "leave_refused": gettext("いまは取りやめできません。この画面の案内をご覧ください。"),
        "push_on": gettext("この端末に通知します。画面を閉じていても届きます。"),
        "push_denied": gettext("この端末の設定で通知が止められています。ブラウザーの設定で通知を許可してください。"),
        "wish_failed": gettext("お知らせを登録できませんでした。もう一度お試しください。"),
        "line_until": gettext("このコードは{hour}時{minute}分まで使えます。"),
        "mail_address": gettext("メールアドレスを確かめてください。"),
        "leave_unsent": gettext("通信できないため、取りやめを確認できませんでした。もう一度お試しください。"),
    }


def near_choices() -> list[tuple[str, str]]:
    """From when a holder may be told that the turn is near: (value, words) each."""
    return [(f"{choice.unit.value}:{choice.value}", near_words(choice)) for choice in NEAR_CHOICES]


def near_by_default() -> str:
    """The value of the choice for whoever chose nothing."""
    return f"{NEAR_BY_DEFAULT.unit.value}:{NEAR_BY_DEFAULT.value}"


def near_words(choice: Nearness) -> str:
    """A choice of nearness in words."""
    if choice.unit is NearUnit.PEOPLE:
        return str(gettext("あと{count}人になったら").format(count=choice.value))
    return str(gettext("目安があと{count}分以内になったら").format(count=choice.value))
