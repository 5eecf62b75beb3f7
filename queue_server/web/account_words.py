"""Words about people and their forms that several staff pages share, in the language of the request."""

from flask_babel import gettext

from queue_server.domain.roles import Role


def role_word(role: Role) -> str:
    """What the pages call a role."""
    return str(
        {
            Role.KIOSK: gettext("発券機"),
            Role.DISPLAY: gettext("表示盤"),
            Role.DESK: gettext("呼出端末"),
            Role.ADMIN: gettext("管理用の端末"),
            Role.MONITOR: gettext("監視装置"),
            Role.CLERK: gettext("窓口担当"),
            Role.SUPERVISOR: gettext("責任者"),
            Role.ADMINISTRATOR: gettext("管理者"),
        }[role]
    )


def lead(path: str) -> str:
    """What somebody signs in for, by the path of the page that they go on to."""
    room = path.split("?", 1)[0].split("/")[1]
    rooms = {
        "desk": gettext("窓口で番号を呼び出す画面です。"),
        "supervisor": gettext("庁舎全体の状況を見て、受付を動かす責任者の画面です。"),
        "admin": gettext("設定と利用者を管理する画面です。"),
    }
    return str(rooms.get(room, gettext("職員用の画面です。")))


def kept_notice(why: str) -> str:
    """The sentence above a form that was kept (`access.kept_form`); empty where nothing was."""
    sentences = {
        "csrf_failed": gettext("画面の有効期限が切れていたため、まだ行っていません。もう一度送信してください。"),
        "signed_in_again": gettext(
            "サインインが切れていたため、まだ行っていません。内容を確かめて、もう一度送信してください。"
        ),
    }
    return str(sentences.get(why, ""))


def ending(why: str) -> str:
    """Why somebody is signed out: an `access.Ending`, or "everywhere" when they asked for it themselves."""
    return str(
        {
            "idle": gettext("しばらく操作がなかったため、サインアウトしました。"),
            "hours": gettext("サインインから時間がたったため、サインアウトしました。"),
            "ended": gettext("サインインが取り消されました。もう一度サインインしてください。"),
            "everywhere": gettext("すべての端末からサインアウトしました。"),
        }[why]
    )


def provider_problem(code: str) -> str:
    """What went wrong with signing in through the identity provider; empty for what is no code of it."""
    sentences = {
        "denied": gettext("市の認証でのサインインが取りやめられました。"),
        "failed": gettext("市の認証でサインインできませんでした。もう一度お試しください。"),
        "unreachable": gettext("市の認証につながりません。しばらくしてから、もう一度お試しください。"),
        "unknown": gettext("市の認証は通りましたが、利用者として登録されていません。管理者にお知らせください。"),
    }
    return str(sentences.get(code, ""))


def too_many(seconds: int) -> str:
    """Why no password is taken now, and for how long not."""
    wait = (
        gettext("%(seconds)s秒", seconds=seconds)
        if seconds <= 60
        else gettext("%(minutes)s分", minutes=-(-seconds // 60))
    )
    return str(
        gettext(
            "続けて間違えたため、いまは受け付けられません。%(wait)sほど待ってから、もう一度お試しください。",
            wait=wait,
        )
    )
