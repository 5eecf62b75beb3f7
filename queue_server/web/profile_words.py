"""What an administrator reads beside a field of the profile that does not fit: a sentence for each code."""

from collections.abc import Mapping

from flask_babel import gettext

from queue_server.config import Code, Problem
from queue_server.marking import N_

SENTENCES: Mapping[Code, str] = {
    Code.MISSING: N_("入力してください。"),
    Code.UNKNOWN_KEY: N_("この項目は設定できません。"),
    Code.NOT_TABLE: N_("項目ごとに入力してください。"),
    Code.NOT_LIST: N_("一覧で入力してください。"),
    Code.NOT_TEXT: N_("文字で入力してください。"),
    Code.NOT_INTEGER: N_("整数で入力してください。"),
    Code.NOT_NUMBER: N_("数で入力してください。"),
    Code.EMPTY_LIST: N_("一つ以上選んでください。"),
    Code.BAD_TEXT: N_("1文字以上、改行なしで入力してください。前後に空白は入れられません。"),
    Code.TOO_LONG: N_("{limit}文字以内で入力してください。"),
    Code.TOO_SMALL: N_("{limit}以上の数を入力してください。"),
    Code.NOT_MORE_THAN: N_("{limit}より大きい数を入力してください。"),
    Code.TOO_LARGE: N_("{limit}以下の数を入力してください。"),
    Code.UNKNOWN_CHOICE: N_("一覧の中から選んでください。"),
    Code.NOT_HOURS: N_("時間は「08:30-17:15」のように入力してください。"),
    Code.REVERSED_HOURS: N_("終わりの時刻は、始まりの時刻より後にしてください。"),
    Code.OVERLAPPING_HOURS: N_("前の時間帯と重なっています。早い順に、重ならないように入力してください。"),
    Code.CLOSES_AFTER_DAY_END: N_("番号札が無効になる{time}より後まで開けることはできません。"),
    Code.UNKNOWN_SERVICE: N_("「{name}」という業務はありません。"),
    Code.REPEATED_SERVICE: N_("同じ業務が二度入っています。"),
    Code.UNSERVED_SERVICE: N_("「{name}」を扱う窓口がなくなります。ほかの窓口で扱うようにしてから外してください。"),
    Code.REPEATED_STAGE: N_("同じ工程が二度入っています。"),
    Code.UNKNOWN_STAGE: N_("この業務に「{name}」という工程はありません。"),
    Code.UNSERVED_STAGE: N_(
        "「{name}」の「{stage}」を扱う窓口がなくなります。ほかの窓口で扱うようにしてから外してください。"
    ),
    Code.SERVICE_NOT_HERE: N_("この窓口では扱わない業務です。"),
    Code.WEIGHTS_WITHOUT_WEIGHTED: N_("重みは、呼出順を「重み付き」にしたときだけ入力できます。"),
    Code.LONGEST_WAIT_WITH_OLDEST: N_(
        "先着順では、いつもいちばん長く待っているかたから呼び出すため、入力できません。"
    ),
    Code.NO_LEVELS: N_("混雑度のない業務ができてしまいます。庁舎か業務のどちらかに混雑度を入力してください。"),
    Code.FALLING_LEVELS: N_("混雑度は、空いているほうから順に、一度ずつ入力してください。"),
    Code.BOUND_ON_LOWEST: N_("最初の混雑度は0人から始まるため、人数や分は入力できません。"),
    Code.BOUND_MISSING: N_("この混雑度が始まる人数か分を入力してください。"),
    Code.BOUND_NOT_RISING: N_("前の混雑度の{limit}より大きい数を入力してください。"),
}


def problem_sentence(problem: Problem) -> str:
    """What to mend, in the language of the request; for a problem of a part that administrators edit."""
    return str(gettext(SENTENCES[problem.code])).format_map(problem.values)


def left_out(name: str) -> str:
    """What to type into a field of that name that was left empty; empty for one that has no sentence of its own."""
    sentences = {
        "reason": gettext("理由を入力してください。"),
        "name": gettext("名前を入力してください。"),
        "label": gettext("ことばを入力してください。"),
    }
    return str(sentences.get(name, ""))


def line_problem(text: str, limit: int, left_out: str) -> str:
    """What is wrong with a line of at most `limit` signs; `left_out` for none, empty where nothing is."""
    if not text:
        return left_out
    if len(text) > limit:
        return str(gettext(SENTENCES[Code.TOO_LONG])).format(limit=limit)
    return "" if text.isprintable() else str(gettext(SENTENCES[Code.BAD_TEXT]))
