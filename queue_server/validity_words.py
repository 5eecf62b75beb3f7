"""The sentences of the validity form, in the language of the request.

static/js/validity-form.js fills the {places}; templates/validity.html carries the sentences to it.
"""

from typing import Any

from flask_babel import gettext

from queue_server.domain.validity import Ground, Problem, State


def validity_words() -> dict[str, Any]:
    """Every sentence that the script says; `states`, `advice`, `grounds` and `problems` by their codes."""
    return {
        "year": gettext("{year}（{era}）"),
        "separator": gettext("・"),
        "prompt": gettext("日付を選ぶと、更新できる期間がここに出ます。"),
        "window": gettext("{first}から{last}まで更新できます。"),
        "window_past": gettext("更新できたのは、{first}から{last}までです。"),
        "expiry": gettext("有効期限は{day}です。"),
        "as_of": gettext("{day}現在"),
        "states": {
            State.NOT_YET: gettext("まだ更新できません"),
            State.RENEWABLE: gettext("いま更新できます"),
            State.EXPIRED_CERTIFICATE: gettext("有効期限が過ぎています"),
            State.EXPIRED_CARD: gettext("有効期限が過ぎています"),
        },
        "advice": {
            State.NOT_YET: gettext("有効期限の通知が届いていても、この期間より前は手続きできません。"),
            State.EXPIRED_CERTIFICATE: gettext("カードが有効期限内なら、電子証明書を新しく発行できます。"),
            State.EXPIRED_CARD: gettext("このカードはもう使えません。新しいカードを申請してください。"),
        },
        "grounds": {
            Ground.BIRTHDAY: gettext("発行された日のあと{count}回目の誕生日までです。"),
            Ground.CARD: gettext("カードの有効期限と同じ日までです。それより後も使うには、カードの更新が必要です。"),
            Ground.USER_CERTIFICATE: gettext("利用者証明用電子証明書の有効期限と同じ日までです。"),
            Ground.STAY: gettext(
                "在留期間の満了の日までです。在留期間を延長したかたは、この日までに窓口で手続きしてください。"
            ),
        },
        "problems": {
            Problem.IMPOSSIBLE_DATE: gettext("その日付はありません。年・月・日を確かめてください。"),
            Problem.BEFORE_FIRST_CARD: gettext(
                "2016年より前の日付です。マイナンバーカードは2016年1月に始まりました。"
            ),
            Problem.BORN_IN_FUTURE: gettext("生まれた日が、今日より後になっています。"),
            Problem.ISSUED_IN_FUTURE: gettext("発行された日が、今日より後になっています。"),
            Problem.ISSUED_BEFORE_BIRTH: gettext("発行された日が、生まれた日より前になっています。"),
            Problem.ENDED_BEFORE_ISSUE: gettext("期限の日が、発行された日より前になっています。"),
            Problem.EXPIRY_TOO_FAR: gettext(
                "有効期限が先すぎます。カードは10年、電子証明書は6年より先にはなりません。"
                "カードと電子証明書を取り違えていないか、確かめてください。"
            ),
        },
    }
