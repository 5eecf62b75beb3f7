"""The sentences of the kiosk, in the language of the request."""

from typing import Any

from flask_babel import get_locale, gettext
from markupsafe import Markup, escape

from kiosk import furigana
from queue_server.words import break_words, level_words, opening_words, range_words


def with_reading(text: str, reading: str) -> Markup:
    """A text with its furigana on a page in Japanese, the text alone on any other."""
    return furigana.ruby(text, reading) if str(get_locale() or "ja") == "ja" else escape(text)


def messages() -> dict[str, Any]:
    """Every template that the kiosk's scripts fill; `levels` is None where the city's own words stand."""
    return {
        **opening_words(),
        **break_words(),
        **range_words(),
        "link": gettext("つながるまで番号札を発券できません。職員にお声がけください。"),
        "storage": gettext("ただいま番号札を発券できません。"),
        "paused": gettext("受付を一時休止しています"),
        "not_accepting": gettext("ただ今、受付を行っていません"),
        "no_answer": gettext("通信できないため、番号札を発券できませんでした。"),
        "no_answer_hint": gettext("もう一度お試しになるか、職員にお声がけください。"),
        "not_enrolled": gettext("この発券機の登録が切れています。"),
        "ask_staff": gettext("職員にお声がけください。"),
        "choose_other": gettext("最初の画面から、ご用件を選び直してください。"),
        "failed": gettext("番号札を発券できませんでした。"),
        "where": gettext("{counters}の近くでお待ちください。"),
        "called": gettext("{counter}へお越しください。"),
        "countdown": gettext("{seconds}秒で最初の画面に戻ります。"),
        "issued": gettext("あなたの番号は{label}番です。"),
        "levels": level_words(),
    }
