"""The sentence that a clerk or a resident reads for each stable error code."""

from flask_babel import gettext

from queue_server.marking import N_

SENTENCES = {
    "malformed_request": N_("送られた内容を読み取れませんでした。"),
    "bad_idempotency_key": N_("Idempotency-Key は 1〜200 文字の英数字・記号で指定してください。"),
    "csrf_failed": N_("画面の有効期限が切れました。画面を読み込み直してください。"),
    "not_signed_in": N_("サインインするか、端末のトークンを送ってください。"),
    "wrong_role": N_("この操作をする権限がありません。"),
    "not_found": N_("お探しのページはありません。"),
    "unknown_site": N_("その庁舎はありません。"),
    "unknown_procedure": N_("その手続きはありません。"),
    "unknown_service": N_("その業務はありません。"),
    "unknown_counter": N_("その窓口はありません。"),
    "unknown_screen": N_("その表示盤はありません。"),
    "unknown_ticket": N_("その番号は見つかりません。"),
    "unknown_move": N_("その操作はありません。"),
    "method_not_allowed": N_("この方法では呼び出せません。"),
    "too_large": N_("送られた内容が大きすぎます。"),
    "invalid_fields": N_("入力内容に誤りがあります。"),
    "request_id_reused": N_("同じ Idempotency-Key が別の操作に使われています。"),
    "illegal_move": N_("この番号は、いまの状態ではその操作ができません。"),
    "no_next_stage": N_("この業務には次の工程がありません。"),
    "transfer_nowhere": N_("引継ぎ先の業務か窓口を指定してください。"),
    "counter_closed": N_("この窓口は閉まっています。先に窓口を開けてください。"),
    "counter_taken": N_("この窓口はほかの職員が使っています。"),
    "clerk_elsewhere": N_("ほかの窓口を開けたままです。一人が同時に使える窓口は一つです。"),
    "no_service": N_("業務を一つ以上選んでください。"),
    "nothing_to_undo": N_("元に戻せる操作はありません。"),
    "undo_unlawful": N_("その後の操作があるため、元に戻せません。"),
    "tickets_open": N_("まだ応対の終わっていない番号があります。"),
    "another_ticket_here": N_("窓口の番号がほかの操作で変わりました。画面の番号を確かめてください。"),
    "time_is_past": N_("その時刻は過ぎています。"),
    "after_day_end": N_("その時刻は、番号の有効期限（一日の終わり）を過ぎています。"),
    "structure_changed": N_("ほかの管理者が先に変更しました。いまの内容を確かめてから、もう一度変更してください。"),
    "unknown_priority": N_("その優先区分はありません。"),
    "unknown_notice": N_("そのお知らせはありません。"),
    "unknown_part": N_("その項目は変更できません。"),
    "hall_closed": N_("ただいま受付時間外のため、番号札を発券できません。"),
    "service_paused": N_("この業務の受付は休止しています。"),
    "service_ended": N_("この業務の本日の受付は終了しました。"),
    "series_exhausted": N_("この業務の番号がすべて使われています。職員にお声がけください。"),
    "unknown_kiosk": N_("その発券機は登録されていません。"),
    "number_not_in_series": N_("その番号は、この業務の番号ではありません。"),
    "label_in_use": N_("その番号は、すでにほかのかたに発券されています。"),
    "ticket_id_taken": N_("同じ識別子の番号札がすでにあります。"),
    "storage_unavailable": N_("ただいま記録できないため、操作を受け付けられません。職員にお声がけください。"),
    "ticket_of_former_day": N_("この番号札の受付日は終わりました。番号は発券した日だけ使えます。"),
    "foreign_page": N_("ほかのサイトの画面からは操作できません。"),
    "push_off": N_("このサーバーでは、プッシュ通知を利用できません。"),
    "push_service_unknown": N_("このブラウザーのプッシュ通知サービスには対応していません。"),
    "mail_off": N_("このサーバーでは、メールのお知らせを利用できません。"),
    "line_off": N_("このサーバーでは、LINEのお知らせを利用できません。"),
    "bad_signature": N_("署名が正しくありません。"),
    "too_many_wishes": N_("この番号のお知らせ先は、これ以上登録できません。"),
    "too_often": N_("短い時間に何度も読み込まれました。しばらく待ってから、もう一度お試しください。"),
    "server_error": N_("サーバーで問題が起きました。もう一度お試しください。"),
}


def sentence(code: str) -> str:
    """The sentence for a code in the language of the request."""
    return str(gettext(SENTENCES[code]))
