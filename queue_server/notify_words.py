"""What a notice outside the page says, in the language of the page that asked for it."""

from flask import Flask
from flask_babel import force_locale, gettext

from queue_server.domain.nearness import NoticeKind
from queue_server.languages import locale_of
from queue_server.notify import Message, Notice
from queue_server.words import range_words


class NoticeWords:
    """Puts notices into words; no request is running then, so it stands in the application's own context."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, notice: Notice, language: str) -> Message:
        """A notice in the language with this tag."""
        with self._app.app_context(), force_locale(locale_of(language)):
            if notice.kind is NoticeKind.CALLED:
                return _called(notice)
            return _near(notice)


def _called(notice: Notice) -> Message:
    title = gettext("{label}番のかた、{counter}へお越しください。").format(
        label=notice.label, counter=notice.counter_name
    )
    return Message(title, _with_place(notice, gettext("番号札をお持ちのうえ、この窓口へお越しください。")))


def _near(notice: Notice) -> Message:
    title = gettext("{label}番のかた、そろそろです。").format(label=notice.label)
    ahead = gettext("あと{count}人").format(count=notice.ahead) if notice.ahead else gettext("次にお呼びします")
    lines = [ahead]
    if notice.estimate is not None:
        words = range_words()
        text = words["range" if notice.estimate.low > 0 else "range_within"]
        span = text.format(low=notice.estimate.low, high=notice.estimate.high)
        lines.append(gettext("待ち時間の目安") + " " + span)
    return Message(title, _with_place(notice, *lines, gettext("窓口の近くでお待ちください。")))


def _with_place(notice: Notice, *lines: str) -> str:
    return "\n".join([*lines, f"{notice.site_name} {notice.service_name}"])
