"""The sentences of the kiosk, in the language of the request."""

from flask_babel import get_locale, gettext
from markupsafe import Markup, escape

from kiosk import furigana


def with_reading(text: str, reading: str) -> Markup:
    """A text with its furigana on a page in Japanese, the text alone on any other."""
    return furigana.ruby(text, reading) if str(get_locale() or "ja") == "ja" else escape(text)


def messages() -> dict[str, str]:
    """Every template that the kiosk's scripts fill, with {places}."""
    return {
        "range": gettext("{low}〜{high}分ほど"),
        "range_within": gettext("{high}分以内"),
        "link": gettext("つながるまで番号札を発券できません。職員にお声がけください。"),
        "open": gettext("受付中です"),
        "open_until": gettext("本日の受付は{time}までです。"),
        "before_opening": gettext("受付開始前です"),
        "opens_at": gettext("本日の受付は{time}からです。"),
        "after_closing": gettext("本日の受付は終了しました"),
        "after_closing_waiting": gettext("番号札をお持ちのかたは、番号をお呼びするまでお待ちください。"),
        "closed_day": gettext("本日は受付を行っていません"),
        "break": gettext("ただ今は休憩時間です"),
        "resumes_at": gettext("受付は{time}に再開します。"),
        "next_open": gettext("次の受付は{day} {time}からです。"),
        "special_open": gettext("本日は特別な日程です（{reason}）。"),
        "closed_reason": gettext("お休みの理由: {reason}"),
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
        "where_separator": gettext("・"),
        "called": gettext("{counter}へお越しください。"),
        "countdown": gettext("{seconds}秒で最初の画面に戻ります。"),
        "issued": gettext("あなたの番号は{label}番です。"),
    }
