"""The sentences of the kiosk computer's own program, in the language of the request."""

from flask_babel import gettext

from queue_server.marking import N_

SENTENCES = {
    "not_ready": N_("発券機の準備ができていません。サーバーにつながるまでお待ちください。"),
    "hall_closed": N_("ただいま受付時間外のため、番号札を発券できません。"),
    "service_paused": N_("この業務の受付は休止しています。"),
    "service_ended": N_("この業務の本日の受付は終了しました。"),
    "no_reserve": N_("サーバーにつながらないため、この業務の番号札を発券できません。職員にお声がけください。"),
    "reserve_exhausted": N_("サーバーにつながらない間に発券できる番号がなくなりました。職員にお声がけください。"),
    "unknown_site": N_("その庁舎はありません。"),
    "unknown_service": N_("その業務はありません。"),
    "illegal_move": N_("この番号は、いまの状態ではその操作ができません。"),
    "staff_mode_ended": N_("職員用の画面は終わっています。もう一度番号を入力してください。"),
    "unknown_ticket": N_("その番号は見つかりません。"),
    "request_id_reused": N_("同じ Idempotency-Key が別の操作に使われています。"),
    "bad_idempotency_key": N_("Idempotency-Key は 1〜200 文字の英数字・記号で指定してください。"),
    "malformed_request": N_("送られた内容を読み取れませんでした。"),
    "foreign_origin": N_("この画面からは操作できません。"),
    "not_found": N_("お探しのページはありません。"),
    "storage_unavailable": N_("ただいま記録できないため、操作を受け付けられません。職員にお声がけください。"),
    "server_away": N_("ただいまサーバーにつながらないため、この操作はできません。"),
    "server_error": N_("サーバーで問題が起きました。もう一度お試しください。"),
}


def sentence(code: str) -> str:
    """The sentence for a code; an unforeseen one reads as a failure."""
    return str(gettext(SENTENCES.get(code, SENTENCES["server_error"])))
