"""The sentences of the desk, in the language of the request."""

from flask_babel import gettext

from queue_server.web import kiosk_words


def messages() -> dict[str, str]:
    """Every template that the desk's scripts fill, with {places}."""
    return {
        **_line(),
        **_presses(),
        **_counters(),
        **_lists(),
        **_questions(),
        **_news(),
        **kiosk_words.messages(),
        **{f"state_{state}": word for state, word in _states().items()},
        **{f"move_{move}": word for move, word in _moves().items()},
        **{f"did_{move}": word for move, word in _done().items()},
        "undo_complete_and_call": gettext("{completed}番の完了と{label}番の呼出を元に戻す"),
        **{f"undo_{move}": word for move, word in _undoing().items()},
    }


def _line() -> dict[str, str]:
    """How the line to the server and the session stand."""
    return {
        "link": gettext("{hour}時{minute}分の表示です。つながるまで操作できません。"),
        "link_shown": gettext("{hour}時{minute}分の表示です。"),
        "link_back": gettext("通信が回復しました。"),
        "session_idle": gettext("しばらく操作がなかったため、サインアウトしました。"),
        "session_over": gettext("サインインの有効期限が切れたか、取り消されました。"),
        "session_press": gettext("サインインが切れていたため、押した操作は行われていません。"),
    }


def _presses() -> dict[str, str]:
    """What came of a press."""
    return {
        "working": gettext("処理中です。"),
        "waiting_for_answer": gettext("サーバーの応答を待っています。つながりしだい、同じ操作を一度だけ行います。"),
        "no_answer": gettext("サーバーから応答がありませんでした。つながったら、いまの状態を確かめてください。"),
        "failed": gettext("操作できませんでした。画面を読み込み直してください。"),
        "refused": gettext("{label}番: {message}（いまの状態: {state}）"),
        "nobody": gettext("お待ちのかたはいません。"),
        "completed_nobody": gettext("{label}番を完了しました。お待ちのかたはいません。"),
        "called": gettext("{label}番を呼び出しました。"),
        "opened": gettext("窓口を開けました。"),
        "reopened": gettext("窓口を再開しました。"),
        "closed": gettext("窓口を閉めました。"),
        "closed_elsewhere": gettext("この窓口は閉められました。"),
        "break_begun": gettext("{time}まで休憩にしました。"),
        "services_changed": gettext("この窓口の業務を変えました。"),
        "undone": gettext("元に戻しました: {tickets}"),
        "undone_ticket": gettext("{label}番 {state}"),
        "list_joint": gettext("、"),
    }


def _counters() -> dict[str, str]:
    """This counter and the other ones."""
    return {
        "call_next": gettext("次を呼ぶ"),
        "complete_and_call": gettext("完了して次を呼ぶ"),
        "open_counter": gettext("窓口を開ける"),
        "reopen_counter": gettext("窓口を再開する"),
        "counter_open": gettext("開いています"),
        "counter_closed": gettext("閉まっています"),
        "counter_break": gettext("休憩中"),
        "counter_break_until": gettext("{time}まで休憩"),
        "counter_taken": gettext("使用中"),
        "taken": gettext("{clerk}さんが使用中です"),
        "taken_from_you": gettext("{clerk}さんが、この窓口を引き継ぎました"),
        "take_counter": gettext("この窓口を使う"),
        "take_back": gettext("窓口を取り戻す"),
        "assisting": gettext("{clerk}さんの窓口を操作しています。"),
        "break_left": gettext("{time}まで（あと{minutes}分）"),
        "break_over": gettext("{time}を過ぎました"),
        "peer_called": gettext("{label}番を呼出中"),
        "peer_serving": gettext("{label}番を応対中"),
        "peer_clerk": gettext("{clerk}さん"),
        "you": gettext("あなた"),
        "waiting_count": gettext("待ち {count}人"),
    }


def _lists() -> dict[str, str]:
    """Numbers and their rows."""
    return {
        "people": gettext("{count}人"),
        "minutes": gettext("{minutes}分"),
        "no_minutes": gettext("―"),
        "next": gettext("次は {label}番 {service}"),
        "label_missing": gettext("番号を入力してください。"),
        "row_move": gettext("{label}番 {move}"),
        "row_more": gettext("{label}番のほかの操作"),
        "since_call": gettext("呼出から{minutes}分"),
        "state_at": gettext("{state}（{counter}）"),
        "reserved": gettext("{counter}へ引継ぎ"),
        "other_waiting": gettext("ほかの窓口の番号（{count}人）"),
        "priority": gettext("優先"),
    }


def _questions() -> dict[str, str]:
    """What is asked before a press is done."""
    return {
        "cancel_title": gettext("{label}番を取り消しますか"),
        "transfer_title": gettext("{label}番をどこへ引き継ぎますか"),
        "transfer_service": gettext("{service}（待ち{count}人）"),
        "transfer_counter": gettext("{counter}（{state}）"),
        "hold_title": gettext("{label}番を保留します"),
        "close_title": gettext("窓口を閉めますか"),
        "unfinished": gettext("{label}番の応対が終わっていません。"),
        "take_over_title": gettext("{clerk}さんが使用中です。交代しますか"),
        "take_over_closes": gettext("あなたが開けている{counter}は閉まります。"),
        "elsewhere_title": gettext("{counter}を閉めて、この窓口を開けますか"),
        "service_figures": gettext("待ち {count}人 / 開いている窓口 {counters}"),
        "priority_class": gettext("{minutes}分早く来たものとして並びます"),
        "priority_none": gettext("優先にしない"),
    }


def _news() -> dict[str, str]:
    """What the clerk should know of the day, in one calm line."""
    return {
        "news_closed": gettext("受付を終了しています"),
        "news_closed_reason": gettext("受付を終了しています（{reason}）"),
        "news_open_until": gettext("受付は{time}まで（時間を変更しました）"),
        "news_paused": gettext("{service}は受付休止中"),
        "news_ended": gettext("{service}は本日の受付を終了"),
        "phase_before_opening": gettext("受付開始前です。"),
        "phase_after_closing": gettext("本日の受付は終了しました。"),
        "phase_closed_day": gettext("本日は閉庁日です。"),
        "phase_break": gettext("ただいま受付を休止しています。"),
    }


def _states() -> dict[str, str]:
    return {
        "waiting": gettext("待っています"),
        "called": gettext("呼出中"),
        "serving": gettext("応対中"),
        "held": gettext("保留中"),
        "no_show": gettext("不在"),
        "completed": gettext("完了"),
        "cancelled": gettext("取消済み"),
        "expired": gettext("閉庁により終了"),
    }


def _moves() -> dict[str, str]:
    return {
        "call": gettext("呼出"),
        "recall": gettext("再呼出"),
        "start": gettext("応対開始"),
        "complete": gettext("完了"),
        "advance": gettext("次工程へ"),
        "transfer": gettext("引継ぎ"),
        "hold": gettext("保留"),
        "resume": gettext("復帰"),
        "no_show": gettext("不在"),
        "reinstate": gettext("再受付"),
        "prioritize": gettext("優先"),
        "cancel": gettext("取消"),
    }


def _done() -> dict[str, str]:
    return {
        "recall": gettext("{label}番をもう一度呼び出しました。"),
        "start": gettext("{label}番の応対を始めました。"),
        "complete": gettext("{label}番を完了しました。"),
        "advance": gettext("{label}番を次の工程へ回しました。"),
        "transfer": gettext("{label}番を引き継ぎました。"),
        "hold": gettext("{label}番を保留にしました。"),
        "resume": gettext("{label}番を待ちに戻しました。"),
        "no_show": gettext("{label}番を不在にしました。"),
        "reinstate": gettext("{label}番を再び受け付けました。"),
        "prioritize": gettext("{label}番の優先を変えました。"),
        "cancel": gettext("{label}番を取り消しました。"),
    }


def _undoing() -> dict[str, str]:
    """What the button that takes back the last press says, by the move."""
    return {
        "call": gettext("{label}番の呼出を元に戻す"),
        "start": gettext("{label}番の応対開始を元に戻す"),
        "complete": gettext("{label}番の完了を元に戻す"),
        "advance": gettext("{label}番を次工程へ回したのを元に戻す"),
        "transfer": gettext("{label}番の引継ぎを元に戻す"),
        "hold": gettext("{label}番の保留を元に戻す"),
        "resume": gettext("{label}番の復帰を元に戻す"),
        "no_show": gettext("{label}番の不在を元に戻す"),
        "reinstate": gettext("{label}番の再受付を元に戻す"),
        "prioritize": gettext("{label}番の優先の変更を元に戻す"),
        "cancel": gettext("{label}番の取消を元に戻す"),
    }
