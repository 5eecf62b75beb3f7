"""The sentences of the supervisor's page, in the language of the request."""

from flask_babel import gettext

from queue_server.web import desk_words, kiosk_words
from queue_server.words import level_words, opening_words


def messages() -> dict[str, object]:
    """Every template that the page's scripts fill, with {places}."""
    return {
        **_of_the_desk(),
        **opening_words(),
        **_link(),
        **_figures(),
        **_reception(),
        **_buttons(),
        **_questions(),
        **_answers(),
        **_problems(),
        **kiosk_words.messages(),
        **_screens(),
        "levels": level_words(),
    }


def _of_the_desk() -> dict[str, str]:
    """The words of states and moves, and what is said after a move: the same as at the counters."""
    words = desk_words.messages()
    return {key: word for key, word in words.items() if key.startswith(("state_", "move_", "did_"))}


def _link() -> dict[str, str]:
    return {
        "link": gettext("{hour}時{minute}分の表示です。つながるまで操作できません。"),
        "link_back": gettext("通信が回復しました。"),
        "working": gettext("処理中です。"),
        "waiting_for_answer": gettext("サーバーの応答を待っています。つながりしだい、同じ操作を一度だけ行います。"),
        "no_answer": gettext("サーバーから応答がありませんでした。つながったら、いまの状態を確かめてください。"),
        "failed": gettext("操作できませんでした。画面を読み込み直してください。"),
        "refused": gettext("{label}番: {message}（いまの状態: {state}）"),
        "not_now": gettext("いまは操作できません。画面の上のお知らせを確かめてください。"),
    }


def _figures() -> dict[str, str]:
    return {
        "title_alerts": gettext("▲{count} {title}"),
        "people": gettext("{count}人"),
        "minutes": gettext("{minutes}分"),
        "minutes_ago": gettext("{minutes}分前"),
        "none": gettext("―"),
        "of_counters": gettext("{open}/{all}"),
        "service_paused": gettext("休止中"),
        "service_ended": gettext("本日は終了"),
        "nobody_calls": gettext("（待っている人がいるのに、呼び出せる窓口がありません）"),
        "over_limit": gettext("（基準を超えています）"),
        "counter_open": gettext("開いています"),
        "counter_closed": gettext("閉まっています"),
        "counter_break": gettext("休憩 {time}まで"),
        "counter_break_late": gettext("休憩 {time}まで（{minutes}分超過）"),
        "counter_free": gettext("呼び出していません"),
        "services_today": gettext("本日の業務: {services}"),
        "issued": gettext("{time}発券"),
        "minutes_passed": gettext("{minutes}分経過"),
        "ended_at": gettext("{time}終了"),
        "ended_how": gettext("{time} {counter} {state}"),
        "count": gettext("{count}件"),
        "reserved": gettext("{counter}へ引継ぎ"),
        "stage": gettext("{service}（{stage}）"),
        "alert_people": gettext("待っている人 {value}人"),
        "alert_wait": gettext("最長の待ち {value}分"),
        "alert_without_call": gettext("呼び出しなし {value}分"),
        "limit_people": gettext("基準 {limit}人"),
        "limit_minutes": gettext("基準 {limit}分"),
        "alert_said": gettext("注意。{service}、{what}。"),
        "alert_see": gettext("確認済みにする"),
        "alert_seen": gettext("確認済み"),
        "alert_row": gettext("{word}: {service} {what}"),
        "notice_until": gettext("{day} {time}まで"),
        "notice_today": gettext("本日 {time}まで"),
        "notice_stays": gettext("取り下げるまで"),
        "notice_left": gettext("あと{count}文字"),
        "separator": gettext("、"),
    }


def _reception() -> dict[str, str]:
    return {
        "by_hand_open": gettext("受付時間を手動で変更しています。"),
        "by_hand_closed": gettext("受付を手動で終了しています。"),
        "by_hand_reason": gettext("理由: {reason}"),
        "ended_early": gettext("受付時間より早く終了しました。"),
        "extend": gettext("受付の終わりを変える…"),
        "open_by_hand": gettext("時刻を決めて受け付ける…"),
    }


def _buttons() -> dict[str, str]:
    return {
        "pause": gettext("休止する…"),
        "end_today": gettext("本日は終了…"),
        "resume": gettext("再開する"),
        "open_counter": gettext("開ける"),
        "close_counter": gettext("閉める…"),
        "assign": gettext("業務…"),
        "undo": gettext("元に戻す…"),
        "reissue": gettext("番号札を再発行…"),
        "withdraw": gettext("取り下げる…"),
        "row_action": gettext("{word} {name}"),
        "ticket_action": gettext("{word} {label}番"),
        "find_row": gettext("{label}番を調べる"),
    }


def _questions() -> dict[str, str]:
    return {
        "pause_title": gettext("{name}の受付を休止しますか"),
        "close_reception_title": gettext("本日の受付を終了しますか"),
        "reset_title": gettext("受付を時間どおりに戻しますか"),
        "notice_title": gettext("お知らせを出します"),
        "close_day_title": gettext("一日を終えますか"),
        "hold_title": gettext("{label}番を保留します"),
        "open_title": gettext("何時まで受け付けますか"),
        "assign_title": gettext("{name}の本日の業務"),
        "close_counter_title": gettext("{name}を閉めますか"),
        "close_counter_ticket": gettext("{label}番が{state}です。番号はそのまま残ります。"),
        "close_counter_clerk": gettext("{clerk}さんが使っています。"),
        "withdraw_title": gettext("このお知らせを取り下げますか"),
        "cancel_title": gettext("{label}番を取り消しますか"),
        "transfer_title": gettext("{label}番をどこへ引き継ぎますか"),
        "prioritize_title": gettext("{label}番の優先区分"),
        "reissue_title": gettext("{label}番の番号札を再発行しますか"),
        "undo_title": gettext("{label}番を「{state}」になる前に戻しますか"),
        "undo_title_waiting": gettext("{label}番の直前の操作を取り消しますか"),
        "close_day_nobody": gettext("応対の終わっていない番号はありません。"),
        "close_day_people": gettext("応対の終わっていない番号が{count}件あります。"),
        "expire_title": gettext("{count}件の番号を使えなくして、一日を終えますか"),
        "close_day_row": gettext("{service} {count}件"),
        "qr_alt": gettext("{label}番の状況を見るページのQRコード"),
        "slip_issued": gettext("{time}発券・再発行"),
    }


def _answers() -> dict[str, str]:
    return {
        "paused": gettext("{name}の受付を休止しました。"),
        "ended_today": gettext("{name}の本日の受付を終了しました。"),
        "resumed": gettext("{name}の受付を再開しました。"),
        "reception_closed": gettext("本日の受付を終了しました。番号札をお持ちのかたは、このあとも呼び出せます。"),
        "reception_opened": gettext("{time}まで受け付けます。"),
        "reception_reset": gettext("受付を時間どおりに戻しました。"),
        "opened": gettext("{name}を開けました。"),
        "closed": gettext("{name}を閉めました。"),
        "assigned": gettext("{name}の業務を変えました。"),
        "posted": gettext("お知らせを出しました。"),
        "withdrawn": gettext("お知らせを取り下げました。"),
        "undone": gettext("{label}番を「{state}」に戻しました。"),
        "reissued": gettext("{label}番の番号札を再発行しました。"),
        "day_closed": gettext("一日を終えました。"),
        "day_closed_expired": gettext("一日を終えました。使えなくなった番号: {labels}"),
        "sound_on": gettext("注意を音で知らせます。"),
        "sound_off": gettext("音で知らせるのをやめました。"),
    }


def _problems() -> dict[str, str]:
    return {
        "label_missing": gettext("番号を入力してください。"),
        "label_unknown": gettext("{label}番は見つかりません。終わった番号は、新しい30件の中から探します。"),
        "time_missing": gettext("時刻を入力してください。"),
        "datetime_missing": gettext("日付と時刻を入力してください。"),
        "text_missing": gettext("お知らせの文を入力してください。"),
        "services_missing": gettext("業務を一つ以上選んでください。"),
        "nowhere": gettext("業務か窓口を選んでください。"),
        "not_confirmed": gettext("番号が使えなくなることを確かめて、印を付けてください。"),
    }


def _screens() -> dict[str, str]:
    """Whether the hall's screens are alive."""
    return {
        "screen_alive": gettext("{time}から表示中"),
        "screen_silent": gettext("表示が止まっています（最後の連絡 {time}）"),
        "screen_unheard": gettext("まだ表示されていません"),
        "screen_pages": gettext("{count}台"),
    }
