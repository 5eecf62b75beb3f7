"""The vocabulary of the guide in sentences: what each key of a profile's guide says to a resident."""

from collections.abc import Mapping

from queue_server.domain.guide import Applicant, Item, Outcome, Period, Pin, ProcedureKind, Question, Remark
from queue_server.marking import N_

PROCEDURES: Mapping[ProcedureKind, tuple[str, str]] = {
    ProcedureKind.CERTIFICATE_RENEWAL: (N_("電子証明書の更新"), "でんししょうめいしょのこうしん"),
    ProcedureKind.CERTIFICATE_ISSUE: (N_("電子証明書の発行"), "でんししょうめいしょのはっこう"),
    ProcedureKind.CARD_RENEWAL: (N_("カードの更新の申請"), "カードのこうしんのしんせい"),
    ProcedureKind.CARD_PICKUP: (N_("新しいカードの受け取り"), "あたらしいカードのうけとり"),
    ProcedureKind.PIN_RESET: (
        N_("暗証番号の再設定・ロックの解除"),
        "あんしょうばんごうのさいせってい・ロックのかいじょ",
    ),
    ProcedureKind.PIN_CHANGE: (N_("暗証番号の変更"), "あんしょうばんごうのへんこう"),
    ProcedureKind.LOSS: (N_("カードの紛失・廃止・再交付"), "カードのふんしつ・はいし・さいこうふ"),
    ProcedureKind.SUSPENSION_LIFT: (N_("一時停止の解除"), "いちじていしのかいじょ"),
    ProcedureKind.CHANGE_ON_CARD: (N_("カードの住所・氏名の変更"), "カードのじゅうしょ・しめいのへんこう"),
}
"""The name of each procedure, and its reading."""

SUMMARIES: Mapping[ProcedureKind, str] = {
    ProcedureKind.CERTIFICATE_RENEWAL: N_("有効期限の通知が届いたかた"),
    ProcedureKind.CERTIFICATE_ISSUE: N_("期限が切れたかた、住所や氏名が変わったかた"),
    ProcedureKind.CARD_RENEWAL: N_("カードそのものの期限が近いかた"),
    ProcedureKind.CARD_PICKUP: N_("交付の通知が届いたかた"),
    ProcedureKind.PIN_RESET: N_("暗証番号を忘れたかた、使えなくなったかた"),
    ProcedureKind.PIN_CHANGE: N_("別の暗証番号にしたいかた"),
    ProcedureKind.LOSS: N_("なくした、こわれた、もういらないかた"),
    ProcedureKind.SUSPENSION_LIFT: N_("止めていたカードが見つかったかた"),
    ProcedureKind.CHANGE_ON_CARD: N_("引っ越しや結婚などをしたかた"),
}

APPLICANTS: Mapping[Applicant, tuple[str, str]] = {
    Applicant.PERSON: (N_("本人が手続きする"), "ほんにんがてつづきする"),
    Applicant.STATUTORY_AGENT: (
        N_("法定代理人が手続きする（15歳未満の子の親、成年後見人など）"),
        "ほうていだいりにんがてつづきする（15さいみまんのこのおや、せいねんこうけんにんなど）",
    ),
    Applicant.VOLUNTARY_AGENT: (
        N_("本人に頼まれた人が手続きする（家族など）"),
        "ほんにん|にたのまれたひとがてつづきする（かぞくなど）",
    ),
}

QUESTIONS: Mapping[Question, tuple[str, str]] = {
    Question.KNOWS_PINS: (
        N_("カードの暗証番号を、すべて覚えていますか"),
        "カードのあんしょうばんごうを、すべておぼえていますか",
    ),
    Question.EXPIRY_NOTICE: (
        N_("本人に「有効期限通知書」が届いていますか"),
        "ほんにんに「ゆうこうきげんつうちしょ」がとどいていますか",
    ),
    Question.INQUIRY_LETTER: (
        N_("本人が書いて封をした「照会書兼回答書」がありますか"),
        "ほんにんがかいてふうをした「しょうかいしょけんかいとうしょ」がありますか",
    ),
    Question.STRONG_AGENT_ID: (
        N_("代理人の本人確認書類に、顔写真のついたもの（A群）がありますか"),
        "だいりにんのほんにんかくにんしょるいに、かおじゃしんのついたもの（Aぐん）がありますか",
    ),
    Question.OLD_CARD: (N_("今のカードがありますか"), "いまのカードがありますか"),
}

_THERE = ((N_("はい、あります"), ""), (N_("いいえ、ありません"), ""))
YES_AND_NO: Mapping[Question, tuple[tuple[str, str], tuple[str, str]]] = {
    Question.KNOWS_PINS: (
        (N_("はい、すべて覚えています"), "はい、すべておぼえています"),
        (
            N_("いいえ、忘れたものや、はっきりしないものがあります"),
            "いいえ、わすれたものや、はっきりしないものがあります",
        ),
    ),
    Question.EXPIRY_NOTICE: (
        (N_("はい、届いています"), "はい、とどいています"),
        (N_("いいえ、届いていません"), "いいえ、とどいていません"),
    ),
    Question.INQUIRY_LETTER: _THERE,
    Question.STRONG_AGENT_ID: _THERE,
    Question.OLD_CARD: (
        (N_("はい、あります"), ""),
        (N_("いいえ、なくしました"), ""),
    ),
}
"""What yes and no mean to each question, with their readings; nobody has to guess what their no leads to."""

UNSURE = N_("わからない")
"""The third answer, to those questions to which there is one."""

ITEMS: Mapping[Item, tuple[str, str]] = {
    Item.CARD: (N_("本人のマイナンバーカード"), "ほんにんのマイナンバーカード"),
    Item.PINS: (N_("カードの暗証番号（入力します）"), "カードのあんしょうばんごう（にゅうりょくします）"),
    Item.PERSON_ID: (
        N_("本人確認書類 1点（運転免許証、パスポートなど）"),
        "ほんにんかくにんしょるい 1てん（うんてんめんきょしょう、パスポートなど）",
    ),
    Item.AGENT_ID: (
        N_("代理人の本人確認書類（運転免許証など、官公署が発行したもの）"),
        "だいりにんのほんにんかくにんしょるい（うんてんめんきょしょうなど、かんこうしょがはっこうしたもの）",
    ),
    Item.AGENT_PHOTO_ID: (
        N_("代理人の、顔写真のついた本人確認書類（運転免許証、マイナンバーカード、パスポートなど）"),
        "だいりにんの、かおじゃしんのついたほんにんかくにんしょるい"
        "（うんてんめんきょしょう、マイナンバーカード、パスポートなど）",
    ),
    Item.PROOF_OF_AGENCY: (
        N_("代理人であることがわかる書類（戸籍謄本、登記事項証明書など）"),
        "だいりにんであることがわかるしょるい（こせきとうほん、とうきじこうしょうめいしょなど）",
    ),
    Item.EXPIRY_NOTICE: (N_("有効期限通知書"), "ゆうこうきげんつうちしょ"),
    Item.EXPIRY_NOTICE_IF_AT_HAND: (
        N_("有効期限通知書（なくても手続きできます）"),
        "ゆうこうきげんつうちしょ（なくてもてつづきできます）",
    ),
    Item.INQUIRY_LETTER: (
        N_("照会書兼回答書（本人が書いて封をしたもの）"),
        "しょうかいしょけんかいとうしょ（ほんにんがかいてふうをしたもの）",
    ),
    Item.REPLY_AND_PROXY: (
        N_("回答書と委任状（本人の署名などがあるもの）"),
        "かいとうしょ|といにんじょう（ほんにんのしょめいなどがあるもの）",
    ),
    Item.RETURNED_FORM: (N_("1回目に返された申請書"), "1かいめにかえされたしんせいしょ"),
    Item.PAPERS_OF_DELIVERY_NOTICE: (
        N_("交付通知書と、それに書かれた書類"),
        "こうふつうちしょと、それにかかれたしょるい",
    ),
    Item.OLD_CARD: (N_("今のマイナンバーカード"), "いまのマイナンバーカード"),
    Item.LOSS_REPORT_NUMBER: (
        N_("なくしたとき: 警察などに届けた遺失届の受理番号"),
        "なくしたとき: けいさつなどにとどけたいしつとどけのじゅりばんごう",
    ),
    Item.DISASTER_CERTIFICATE: (
        N_("焼けたとき: 消防署などの罹災証明書"),
        "やけたとき: しょうぼうしょなどのりさいしょうめいしょ",
    ),
    Item.SPOILED_CARD: (N_("こわれたとき: そのカード"), "こわれたとき: そのカード"),
}

OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.TODAY: (
        N_("持ち物がそろっていれば、1回の来庁でできます"),
        "もちものがそろっていれば、1かいのらいちょうでできます",
    ),
    Outcome.TWO_VISITS: (N_("2回お越しいただく必要があります"), "2かいおこしいただくひつようがあります"),
    Outcome.LATER: (
        N_("申請はできますが、その日には受け取れません"),
        "しんせいはできますが、そのひにはうけとれません",
    ),
    Outcome.APPLY: (N_("窓口で申請してください"), "まどぐちでしんせいしてください"),
    Outcome.BY_YOURSELF: (N_("窓口に来なくてもできます"), "まどぐちにこなくてもできます"),
    Outcome.OTHER_PROCEDURE: (N_("別の手続きになります"), "べつのてつづきになります"),
    Outcome.ASK_STAFF: (N_("職員におたずねください"), "しょくいんにおたずねください"),
}

PERIODS: Mapping[Period, str] = {
    Period.FROM_THREE_MONTHS_BEFORE: N_("有効期限の3か月前から、有効期限の日まで"),
    Period.FROM_DAY_AFTER_THREE_MONTHS_BEFORE: N_("有効期限の3か月前の翌日から、有効期限の日まで"),
    Period.WHEN_NOTICE_ARRIVES: N_("有効期限通知書が届いてから（有効期限の約3か月前に送られます）"),
}

PINS: Mapping[Pin, str] = {
    Pin.SIGNATURE: N_("署名用電子証明書の暗証番号（英数字6〜16文字）"),
    Pin.USER: N_("利用者証明用電子証明書の暗証番号（数字4桁）"),
    Pin.RESIDENT_REGISTER: N_("住民基本台帳用の暗証番号"),
}

REMARKS: Mapping[Remark, str] = {
    Remark.ORIGINALS: N_("書類は、写しではなく原本をお持ちください。"),
    Remark.PINS_MUST_FIT: N_("暗証番号は、カードに設定したものと同じである必要があります。"),
    Remark.PINS_CAN_BE_RESET: N_("暗証番号を忘れたかたは、窓口で再設定できます。"),
    Remark.LETTER_COMPLETE: N_("照会書兼回答書に書きもれがあると、手続きできません。"),
    Remark.LETTER_SEALED: N_("照会書兼回答書は本人がすべて書き、封をしてから代理人に渡してください。"),
    Remark.LETTER_IN_NOTICE: N_("照会書兼回答書は、有効期限通知書に同封されています。"),
    Remark.BETTER_IN_PERSON: N_("できるだけ本人がお越しください。"),
    Remark.COME_TOGETHER: N_("本人と法定代理人が一緒にお越しください。"),
    Remark.FOR_WARDS_AND_CHILDREN: N_("本人が15歳未満、または成年被後見人の場合です。"),
    Remark.AGENT_ID_UP_TO_DATE: N_("代理人の本人確認書類は、今の氏名と住所が書かれたものに限ります。"),
    Remark.PROOF_NOT_FOR_LOCALS: N_("本籍がこの市にある場合、戸籍謄本はいりません。"),
    Remark.ASK_FOR_SECOND_VISIT: N_("2回目に必要なものは、窓口でお確かめください。"),
    Remark.SAME_COUNTER_TWICE: N_("2回とも同じ窓口にお越しください。"),
    Remark.LETTER_IS_SENT: N_("1回目のあと、回答書と委任状を本人の住所に郵送します。"),
    Remark.FORM_AT_COUNTER: N_("申請書は、窓口で書いていただきます。"),
    Remark.CARD_MUST_BE_VALID: N_("廃止されたカードでは手続きできません。"),
    Remark.USABLE_AFTER_HOURS: N_(
        "手続きのあと、コンビニ交付は1〜2時間以上、電子申請は最大で2日ほど使えないことがあります。"
    ),
    Remark.REGISTER_AGAIN: N_("戸籍証明書のコンビニ交付の利用登録をしたかたは、もう一度登録が必要です。"),
    Remark.COPIES_MAY_BE_TAKEN: N_("カードや本人確認書類の写しをとることがあります。"),
    Remark.NOT_BEFORE_PERIOD: N_("通知が届いていても、期間の前には手続きできません。"),
    Remark.CROWDED_AFTER_MAILING: N_(
        "通知は毎月中旬に発送されます。そのあと1〜2週間は大変混雑し、1時間以上かかることがあります。"
    ),
    Remark.NOT_EVERYBODY_NEEDS_IT: N_(
        "e-Taxやコンビニ交付などで暗証番号を使わないかたは、更新しなくてもカードを本人確認書類として使えます。"
    ),
    Remark.AFTER_EXPIRY_ISSUE_ANEW: N_("期限が過ぎても、カードが有効なら電子証明書を新しく発行できます。"),
    Remark.WHEN_ADDRESS_OR_NAME_CHANGED: N_(
        "引っ越しや結婚などで住所や氏名が変わったとき、期限が切れたとき、失効を申請したときに必要です。"
    ),
    Remark.NO_SIGNATURE_UNDER_15: N_(
        "15歳未満のかたと成年被後見人のかたには、署名用電子証明書は原則として発行されません。"
    ),
    Remark.SIGNATURE_LAPSES: N_("住所や氏名が変わると、署名用電子証明書は使えなくなります。"),
    Remark.WITH_THE_NOTIFICATION: N_("転入届や婚姻届などと一緒に手続きしてください。"),
    Remark.ONLINE_OR_BY_POST: N_("窓口のほか、インターネットや郵送でも申請できます。"),
    Remark.PHOTO_FREE: N_("窓口では、顔写真を無料で撮影します。"),
    Remark.FORM_IN_NOTICE: N_("インターネットや郵送の申請には、有効期限通知書に同封の申請書を使います。"),
    Remark.DELIVERY_NOTICE_FOLLOWS: N_("カードができると、交付通知書が届きます。"),
    Remark.KEEP_OLD_CARD: N_("新しいカードと交換するため、今のカードは大切に持っていてください。"),
    Remark.FORGOTTEN_CARD: N_("今のカードを忘れると、新しいカードをお渡しできません。"),
    Remark.AT_CONVENIENCE_STORE: N_("コンビニなどで再設定できる場合もあります。"),
    Remark.AT_COUNTER_WITH_ID: N_("窓口で本人確認をしてから再設定します。"),
    Remark.LOCKED_AFTER_TRIES: N_(
        "署名用は5回、そのほかは3回続けて間違えるとロックされます。解除は窓口で申請します。"
    ),
    Remark.APP_OR_READER: N_("スマートフォンの専用アプリか、カードリーダーとパソコンで変更できます。"),
    Remark.APP_OR_PORTAL: N_("マイナポータルなどを使って、スマートフォンやパソコンで変更できます。"),
    Remark.SUSPEND_AT_ONCE: N_("なくしたら、すぐに 0120-95-0178（24時間）へ電話し、カードを止めてください。"),
    Remark.SUSPEND_BY_CALL_CENTRE: N_("なくしたら、0570-783-578 へ電話し、カードを止めてください。"),
    Remark.ABOLISH_FIRST: N_("見つからないときは、窓口でカードを廃止してから再交付を申請します。"),
    Remark.FORM_AT_ABOLITION: N_("再交付の申請書は、廃止の手続きのときにお渡しします。"),
    Remark.NOT_BY_PHONE: N_("電話では解除できません。"),
    Remark.FEE_AT_DELIVERY: N_("手数料は、新しいカードの受け取りのときにいただきます。"),
    Remark.FEE_WITHOUT_CERTIFICATES: N_("電子証明書をつけない場合は、カードの手数料だけです。"),
}
