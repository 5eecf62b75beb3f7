"""The sentences of the desk, in the language of the request."""

from flask_babel import gettext


def messages() -> dict[str, str]:
    """Every template that the desk's scripts fill, with {places}."""
    return {
        "link": gettext("{hour}時{minute}分の表示です。つながるまで操作できません。"),
        "link_back": gettext("通信が回復しました。"),
        "working": gettext("処理中です。"),
        "waiting_for_answer": gettext("サーバーの返事を待っています。つながりしだい、同じ操作を一度だけ行います。"),
        "no_answer": gettext("サーバーから返事がありませんでした。つながったら、いまの状態を確かめてください。"),
        "failed": gettext("操作できませんでした。画面を読み込み直してください。"),
        "refused": gettext("{label}番: {message}（いまの状態: {state}）"),
        "nobody": gettext("お待ちのかたはいません。"),
        "completed_nobody": gettext("{label}番を完了しました。お待ちのかたはいません。"),
        "called": gettext("{label}番を呼び出しました。"),
        "opened": gettext("窓口を開けました。"),
        "closed": gettext("窓口を閉めました。"),
        "call_next": gettext("次を呼ぶ"),
        "complete_and_call": gettext("完了して次を呼ぶ"),
        "open_counter": gettext("窓口を開ける"),
        "people": gettext("{count}人"),
        "minutes": gettext("{minutes}分"),
        "no_minutes": gettext("―"),
        "next": gettext("次は {label}番 {service}"),
        "label_missing": gettext("番号を入力してください。"),
        "row_move": gettext("{label}番 {move}"),
        "row_more": gettext("{label}番のほかの操作"),
        "peer_called": gettext("{label}番を呼出中"),
        "peer_serving": gettext("{label}番を応対中"),
        "since_call": gettext("呼出から{minutes}分"),
        "reserved": gettext("{counter}へ引継ぎ"),
        "other_waiting": gettext("ほかの窓口の番号（{count}人）"),
        "counter_open": gettext("開いています"),
        "counter_closed": gettext("閉まっています"),
        "cancel_title": gettext("{label}番を取り消しますか"),
        "transfer_title": gettext("{label}番をどこへ引き継ぎますか"),
        "hold_title": gettext("{label}番を保留します"),
        "close_title": gettext("{label}番の対応が終わっていません。窓口を閉めますか"),
        **{f"state_{state}": word for state, word in _states().items()},
        **{f"move_{move}": word for move, word in _moves().items()},
        **{f"did_{move}": word for move, word in _done().items()},
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
        "cancel": gettext("{label}番を取り消しました。"),
    }
