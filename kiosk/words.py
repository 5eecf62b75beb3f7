"""The sentences of the kiosk, in the language of the request."""

from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape

from kiosk import furigana
from queue_server.domain.site import Site
from queue_server.languages import offered
from queue_server.words import break_words, is_easy, level_words, named, opening_words, range_words, shows_readings


def languages() -> dict[str, str]:
    """The languages of the page by tag, each in its own words."""
    return dict(offered())


def name_of(site: Site, kind: str, thing_id: str) -> str:
    """What a category or service of a site is called in the language of the page."""
    things = {each.id: each for each in site.categories} if kind == "category" else site.services
    return named(things[thing_id])


def with_reading(text: str, reading: str) -> Markup:
    """A text with its furigana on a page in Japanese or in easy Japanese, the text alone on any other."""
    if is_easy():
        return furigana.ruby_of_easy(text)
    return furigana.ruby(text, reading) if shows_readings() else escape(text)


def with_runs(guide: dict[str, Any]) -> dict[str, Any]:
    """The guide with whatever has a reading in runs of (characters, reading): what the page sets as furigana."""

    def runs(text: str, reading: str) -> list[furigana.Run]:
        if is_easy():
            return furigana.runs_of_easy(text)
        return furigana.runs(text, reading) if reading else [(text, "")]

    def said(found: dict[str, Any]) -> dict[str, Any]:
        return {**found, "runs": runs(found["text"], found["reading"])}

    def question(found: dict[str, Any]) -> dict[str, Any]:
        return {**said(found), "answers": [*map(said, found["answers"])]}

    def applicant(found: dict[str, Any]) -> dict[str, Any]:
        return {**found, "questions": [*map(question, found["questions"])]}

    def answer(found: dict[str, Any]) -> dict[str, Any]:
        return {
            **found,
            "headline_runs": runs(found["headline"], found["headline_reading"]),
            "visits": [{**visit, "bring": [*map(said, visit["bring"])]} for visit in found["visits"]],
        }

    def procedure(found: dict[str, Any]) -> dict[str, Any]:
        return {
            **found,
            "runs": runs(found["name"], found["reading"]),
            "applicants": [*map(applicant, found["applicants"])],
            "answers": [*map(answer, found["answers"])],
        }

    return {**guide, "procedures": [*map(procedure, guide["procedures"])]}


def messages() -> dict[str, Any]:
    """Every template that the kiosk's scripts fill; `levels` is None where the city's own words stand."""
    return {
        **opening_words(),
        **break_words(),
        **range_words(),
        "link": gettext("つながるまで番号札を発券できません。職員にお声がけください。"),
        "storage": gettext("ただいま番号札を発券できません。"),
        "paused": gettext("受付を休止しています"),
        "not_accepting": gettext("ただいま、受付を行っていません"),
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
        "paused_since": gettext("{time}から受付を休止しています"),
        "full": gettext("この業務の番号がすべて使われています"),
        **_paper(),
        **_staff(),
        "levels": level_words(),
    }


def _paper() -> dict[str, str]:
    """What is said of the paper, by what came of the job and how the printer is."""
    return {
        "paper_coming": gettext("番号札を印刷しています。"),
        "paper_printed": gettext("番号札をお取りください。"),
        "paper_none": gettext("番号をひかえるか、QRコードを読み取ってください。"),
        "paper_paper_out": gettext("用紙が切れています。番号をひかえるか、QRコードを読み取ってください。"),
        "paper_cover_open": gettext(
            "プリンターのカバーが開いています。番号をひかえるか、QRコードを読み取ってください。"
        ),
        "paper_off": gettext("プリンターが使えません。番号をひかえるか、QRコードを読み取ってください。"),
        "paper_error": gettext("印刷できませんでした。番号をひかえるか、QRコードを読み取ってください。"),
        "paper_unknown": gettext("印刷できたかわかりません。番号をひかえてください。"),
        "paper_banner": gettext("ただいま番号札を印刷できません。番号とQRコードを画面に表示します。"),
        "list_coming": gettext("持ち物の一覧を印刷しています。"),
        "list_printed": gettext("持ち物の一覧をお取りください。"),
        "list_failed": gettext("印刷できませんでした。画面の持ち物をご覧ください。"),
        "alone": gettext("{hour}時{minute}分からサーバーにつながりません。番号札は、このままお取りいただけます。"),
        "given_offline": gettext("サーバーにつながらない間の番号です。順番は、つながりしだい画面に出ます。"),
        "language_away": gettext("ただいま言語を切り替えられません。"),
    }


def _staff() -> dict[str, str]:
    """The staff mode."""
    return {
        "staff_count": gettext("発券 {issued}　待ち {waiting}人"),
        "staff_paused": gettext("休止中"),
        "staff_pause": gettext("休止する"),
        "staff_resume": gettext("再開する"),
        "staff_failed": gettext("操作できませんでした。もう一度お試しください。"),
    }
