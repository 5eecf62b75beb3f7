"""What an entry of the journal says, in one sentence: who reads it was not there."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from queue_server.audit import AuditLine
from queue_server.config.structure import Part
from queue_server.domain.calendar import JST
from queue_server.domain.entries import ACCESS_KINDS, CORRECTIONS, Kind
from queue_server.domain.roles import Role
from queue_server.domain.site import Site
from queue_server.domain.staffing import PERSON, name_of
from queue_server.domain.switches import COUNTER_KINDS
from queue_server.domain.ticket import TicketState
from queue_server.hall import CLOCK_ACTOR, HOLDER_ACTOR
from queue_server.marking import N_
from queue_server.web.account_words import role_word
from queue_server.web.admin_text import gettext
from queue_server.web.admin_words import joined, part_summary, part_title
from queue_server.web.desk_words import messages

STRUCTURE_KINDS = frozenset({Kind.CHANGE_STRUCTURE})
GROUPS: Mapping[str, frozenset[Kind]] = {
    "tickets": frozenset(kind for kind in Kind if kind.move is not None),
    "corrections": CORRECTIONS,
    "counters": COUNTER_KINDS,
    "day": frozenset(
        {
            Kind.PAUSE_SERVICE,
            Kind.RESUME_SERVICE,
            Kind.CLOSE_RECEPTION,
            Kind.OPEN_RECEPTION,
            Kind.RESET_RECEPTION,
            Kind.POST_NOTICE,
            Kind.WITHDRAW_NOTICE,
        }
    ),
    "structure": STRUCTURE_KINDS,
    "access": ACCESS_KINDS,
}
"""The kinds by what they are about; each belongs to one group."""

_MOVES: Mapping[Kind, str] = {
    Kind.RECALL: N_("%(label)s番をもう一度呼び出しました。"),
    Kind.START: N_("%(label)s番の応対を始めました。"),
    Kind.COMPLETE: N_("%(label)s番を完了しました。"),
    Kind.ADVANCE: N_("%(label)s番を次の工程へ回しました。"),
    Kind.HOLD: N_("%(label)s番を保留にしました。"),
    Kind.RESUME: N_("%(label)s番を待ちに戻しました。"),
    Kind.NO_SHOW: N_("%(label)s番を不在にしました。"),
    Kind.REINSTATE: N_("%(label)s番を再び受け付けました。"),
    Kind.CANCEL: N_("%(label)s番を取り消しました。"),
    Kind.EXPIRE: N_("%(label)s番を、一日の終わりにより終了しました。"),
}
"""Of the moves that say nothing but the number."""
_ACCESS: Mapping[Kind, str] = {
    Kind.ADD_ACCOUNT: N_("利用者 %(name)s を加えました（%(role)s）。"),
    Kind.DISABLE_ACCOUNT: N_("利用者 %(name)s を利用停止にしました。"),
    Kind.ENABLE_ACCOUNT: N_("利用者 %(name)s の利用を再開しました。"),
    Kind.SIGN_OUT_EVERYWHERE: N_("利用者 %(name)s をすべての端末でサインアウトさせました。"),
    Kind.ADD_DEVICE: N_("端末 %(name)s を加えました（%(role)s）。"),
    Kind.REVOKE_DEVICE: N_("端末 %(name)s を失効させました。"),
}


def group_words() -> dict[str, str]:
    """What the groups are called."""
    return {
        "tickets": gettext("番号の発券・呼出・応対"),
        "corrections": gettext("操作の取消・再発行"),
        "counters": gettext("窓口の開閉・休憩・担当業務"),
        "day": gettext("受付・業務の休止・お知らせ"),
        "structure": gettext("設定の変更"),
        "access": gettext("サインイン・利用者・端末"),
    }


def actor_words(actor: str) -> str:
    """Who did it, as people read it; the clock is nobody."""
    name = name_of(actor)
    if actor == CLOCK_ACTOR:
        return gettext("時刻による自動処理")
    if actor == HOLDER_ACTOR:
        return gettext("番号札をお持ちのかた")
    if actor.startswith(PERSON):
        return name
    if actor.startswith("device:"):
        return gettext("%(name)s（端末）", name=name)
    if actor.startswith("operator:"):
        return gettext("%(name)s（サーバーのコマンド）", name=name)
    return actor


class AuditWords:
    """Sentences for entries, with the names that the halls have now; what left the profile keeps its id."""

    def __init__(self, sites: Mapping[str, Site]) -> None:
        self._sites = sites
        self._desk = messages()
        self._tellers: dict[Kind, Callable[[AuditLine], str]] = {
            **dict.fromkeys(GROUPS["tickets"], self._move),
            **dict.fromkeys(CORRECTIONS, self._correction),
            **dict.fromkeys(COUNTER_KINDS, self._counter_switch),
            **dict.fromkeys(GROUPS["day"], self._day),
            **dict.fromkeys(STRUCTURE_KINDS, self._structure),
            **dict.fromkeys(ACCESS_KINDS, self._access),
        }

    def sentence(self, line: AuditLine) -> str:
        """What happened."""
        return self._tellers[line.kind](line)

    def site(self, line: AuditLine) -> str:
        """The hall in which it happened; what concerns all halls is the city's."""
        found = self._sites.get(line.site)
        return found.name if found else line.site or gettext("市全体")

    def counter(self, line: AuditLine) -> str:
        """The counter at which it happened; empty where it happened at none."""
        return self._counter_named(line.site, line.counter) if line.counter else ""

    # -- tickets ---------------------------------------------------------------------------------

    def _move(self, line: AuditLine) -> str:
        label = line.label or gettext("（不明）")
        if line.kind is Kind.ISSUE:
            if "issued_at" in line.body:
                return self._offline_issue(line, label)
            return gettext("%(label)s番を発券しました（%(service)s）。", label=label, service=self._service(line))
        if line.kind is Kind.CALL:
            return gettext("%(label)s番を%(counter)sへ呼び出しました。", label=label, counter=self.counter(line))
        if line.kind is Kind.TRANSFER:
            return self._transfer(line, label)
        if line.kind is Kind.HOLD and line.body.get("reason"):
            return gettext("%(label)s番を保留にしました（%(reason)s）。", label=label, reason=line.body["reason"])
        if line.kind is Kind.PRIORITIZE:
            return self._priority(line, label)
        return gettext(_MOVES[line.kind], label=label)

    def _offline_issue(self, line: AuditLine, label: str) -> str:
        return gettext(
            "通信断中の%(time)sに発券された%(label)s番を受け取りました（%(service)s）。",
            time=_clock(line.body["issued_at"]),
            label=label,
            service=self._service(line),
        )

    def _transfer(self, line: AuditLine, label: str) -> str:
        service = self._service_named(line.site, line.body.get("service"))
        counter = line.body.get("counter")
        if counter is None:
            return gettext("%(label)s番を「%(service)s」へ引き継ぎました。", label=label, service=service)
        return gettext(
            "%(label)s番を「%(service)s」の%(counter)sへ引き継ぎました。",
            label=label,
            service=service,
            counter=self._counter_named(line.site, counter),
        )

    def _priority(self, line: AuditLine, label: str) -> str:
        priority = line.body.get("priority", "")
        if not priority:
            return gettext("%(label)s番の優先をやめました。", label=label)
        site = self._sites.get(line.site)
        found = site.priorities.get(priority) if site else None
        name = found.name if found else priority
        return gettext("%(label)s番を優先にしました（%(name)s）。", label=label, name=name)

    def _correction(self, line: AuditLine) -> str:
        label = line.label or gettext("（不明）")
        if line.kind is Kind.REISSUE:
            return gettext("%(label)s番の番号札を再発行しました。", label=label)
        if line.kind is Kind.REPRINT:
            return gettext("%(label)s番の番号札をもう一度印刷しました。", label=label)
        before = line.body.get("ticket", {}).get("state", TicketState.WAITING.value)
        state = self._desk[f"state_{before}"]
        return gettext("%(label)s番の操作を元に戻しました（%(state)s）。", label=label, state=state)

    # -- switches --------------------------------------------------------------------------------

    def _counter_switch(self, line: AuditLine) -> str:
        counter, body = self.counter(line), line.body
        if line.kind is Kind.OPEN_COUNTER:
            clerk = body.get("clerk")
            if clerk and clerk != line.actor:
                return gettext("%(counter)sを開けました（担当 %(clerk)s）。", counter=counter, clerk=name_of(clerk))
            return gettext("%(counter)sを開けました。", counter=counter)
        if line.kind is Kind.START_BREAK:
            return gettext("%(counter)sを%(time)sまで休憩にしました。", counter=counter, time=_clock(body["until"]))
        if line.kind is Kind.ASSIGN_SERVICES:
            services = body.get("services")
            if services is None:
                return gettext("%(counter)sの業務を、いつもの業務に戻しました。", counter=counter)
            names = joined([self._service_named(line.site, service) for service in services])
            return gettext("%(counter)sの本日の業務を %(services)s にしました。", counter=counter, services=names)
        if line.kind is Kind.TAKE_COUNTER:
            return gettext("%(counter)sを引き継ぎました。", counter=counter)
        return gettext("%(counter)sを閉めました。", counter=counter)

    def _day(self, line: AuditLine) -> str:
        body, service = line.body, self._service_named(line.site, line.body.get("service"))
        match line.kind:
            case Kind.PAUSE_SERVICE if body.get("for_today"):
                return gettext("「%(service)s」の本日の受付を終えました。", service=service)
            case Kind.PAUSE_SERVICE:
                return gettext("「%(service)s」の受付を休止しました。", service=service)
            case Kind.RESUME_SERVICE:
                return gettext("「%(service)s」の受付を再開しました。", service=service)
            case Kind.CLOSE_RECEPTION if body.get("reason"):
                return gettext("受付を終了しました（%(reason)s）。", reason=body["reason"])
            case Kind.CLOSE_RECEPTION:
                return gettext("受付を終了しました。")
            case Kind.OPEN_RECEPTION:
                return gettext("受付を%(time)sまで行うことにしました。", time=_clock(body["until"]))
            case Kind.POST_NOTICE:
                return gettext("お知らせ「%(text)s」を出しました。", text=body["text"])
            case Kind.WITHDRAW_NOTICE:
                return gettext("お知らせを取り下げました。")
            case _:
                return gettext("受付を、決められた時間どおりに戻しました。")

    def _structure(self, line: AuditLine) -> str:
        body, site = line.body, self._sites.get(line.site)
        if site is None:
            return gettext("設定（%(part)s %(id)s）を変えました。", part=body["part"], id=body["id"])
        part = Part(body["part"])
        title = part_title(site, part, body["id"])
        if body["value"] == body["base"]:
            return gettext("「%(title)s」の設定を、プロファイルの内容に戻しました。", title=title)
        text = part_summary(site, part, body["value"])
        return gettext("「%(title)s」の設定を変えました（%(text)s）。", title=title, text=text)

    # -- who may act -----------------------------------------------------------------------------

    def _access(self, line: AuditLine) -> str:
        name, role = str(line.body.get("name", "")), _role(line.body, "role")
        if line.kind in (Kind.SIGN_IN, Kind.CHANGE_PASSWORD):
            return _signing_in(line.kind, name, by_provider=line.body.get("signs_in") == "provider")
        if line.kind is Kind.CHANGE_ACCOUNT:
            before = _role(line.body, "role_before")
            return gettext(
                "利用者 %(name)s の役割を %(before)s から %(after)s に変えました。",
                name=name,
                before=before,
                after=role,
            )
        if line.kind is Kind.CHANGE_KIOSK_PIN:
            site = self._sites.get(str(line.body.get("site")))
            where = site.name if site else str(line.body.get("site"))
            return gettext("%(site)sの発券機の職員用番号を変えました。", site=where)
        return gettext(_ACCESS[line.kind], name=name, role=role)

    # -- names -----------------------------------------------------------------------------------

    def _counter_named(self, site_id: str, counter: str) -> str:
        site = self._sites.get(site_id)
        found = site.counters.get(counter) if site else None
        return found.name if found else counter

    def _service(self, line: AuditLine) -> str:
        return self._service_named(line.site, line.body.get("service") or line.service)

    def _service_named(self, site_id: str, service: str | None) -> str:
        site = self._sites.get(site_id)
        found = site.services.get(service or "") if site else None
        return found.name if found else service or ""


def _signing_in(kind: Kind, name: str, *, by_provider: bool) -> str:
    if kind is Kind.SIGN_IN:
        return (
            gettext("市の認証でサインインしました。") if by_provider else gettext("パスワードでサインインしました。")
        )
    if by_provider:
        return gettext("利用者 %(name)s のサインインを、市の認証だけにしました。", name=name)
    return gettext("利用者 %(name)s のパスワードを変えました。", name=name)


def _clock(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(JST).strftime("%H:%M")


def _role(body: Mapping[str, Any], key: str) -> str:
    known = {role.value: role for role in Role}
    role = body.get(key, "")
    return role_word(known[role]) if role in known else str(role)
