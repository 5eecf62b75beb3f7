"""What a notice outside the page says, in the language of the page that asked for it."""

from flask import Flask
from flask_babel import force_locale, gettext

from queue_server.domain.nearness import NoticeKind
from queue_server.languages import locale_of
from queue_server.notify import Linked, Message, Name, Notice
from queue_server.words import named, range_words


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


class LineWords:
    """What the city's LINE account answers to a code."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def linked(self, label: str, site: Name, language: str) -> str:
        """The number is linked: what will be told, and until when."""
        with self._app.app_context(), force_locale(locale_of(language)):
            promise = gettext("{label}番の順番が近づいたときと、お呼びしたときに、ここへお知らせします。")
            until = gettext("番号の受付が終わると、お知らせ先の登録は消去されます。")
            return "\n".join([promise.format(label=label), until, named(site)])

    def not_linked(self, outcome: Linked) -> str:
        """It was not: what to do, in Japanese and English, since nobody knows whose code it was."""
        with self._app.app_context():
            said = []
            for locale in ("ja", "en"):
                with force_locale(locale):
                    said.append(
                        gettext("この番号のお知らせ先は、これ以上登録できません。")
                        if outcome is Linked.TOO_MANY
                        else gettext(
                            "このコードは使えません。番号の画面で新しいコードを表示し、30分以内に送信してください。"
                        )
                    )
            return "\n".join(said)


def _called(notice: Notice) -> Message:
    title = gettext("{label}番のかた、{counter}へお越しください。").format(
        label=notice.label, counter=named(notice.counter)
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
    return "\n".join([*lines, f"{named(notice.site)} {named(notice.service)}"])
