"""Every entry of the journal is told in a sentence."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from queue_server.audit import AuditLine, Question
from queue_server.city import City
from queue_server.domain.calendar import local_minute
from queue_server.domain.entries import Kind
from queue_server.domain.roles import Role
from queue_server.web.audit_words import GROUPS, AuditWords, actor_words, group_words
from tests.support.api import Api

ALL_DAY = {"open": [], "reason": "点検"}
SENTENCES: dict[Kind, list[tuple[dict[str, Any], str]]] = {
    Kind.ISSUE: [
        ({"service": "mynumber"}, "503番を発券しました（マイナンバー関係）。"),
        (
            {"service": "mynumber", "issued_at": "2026-11-24T00:10:00+00:00"},
            "通信断中の09:10に発券された503番を受け取りました（マイナンバー関係）。",
        ),
    ],
    Kind.CALL: [({}, "503番を5番窓口へ呼び出しました。")],
    Kind.RECALL: [({}, "503番をもう一度呼び出しました。")],
    Kind.START: [({}, "503番の応対を始めました。")],
    Kind.COMPLETE: [({}, "503番を完了しました。")],
    Kind.ADVANCE: [({}, "503番を次の工程へ回しました。")],
    Kind.TRANSFER: [
        ({"service": "inkan", "stage": 0, "counter": None}, "503番を「印鑑登録」へ引き継ぎました。"),
        ({"service": "inkan", "stage": 0, "counter": "4"}, "503番を「印鑑登録」の4番窓口へ引き継ぎました。"),
    ],
    Kind.HOLD: [
        ({"reason": ""}, "503番を保留にしました。"),
        ({"reason": "書類待ち"}, "503番を保留にしました（書類待ち）。"),
    ],
    Kind.RESUME: [({}, "503番を待ちに戻しました。")],
    Kind.NO_SHOW: [({}, "503番を不在にしました。")],
    Kind.REINSTATE: [({"place": 9.0}, "503番を再び受け付けました。")],
    Kind.CANCEL: [({}, "503番を取り消しました。")],
    Kind.PRIORITIZE: [
        (
            {"priority": "yusen", "place": 1.0},
            "503番を優先にしました（優先 (妊娠中のかた・お体の不自由なかたなど)）。",
        ),
        ({"priority": "gone", "place": 1.0}, "503番を優先にしました（gone）。"),
        ({"priority": "", "place": 1.0}, "503番の優先をやめました。"),
    ],
    Kind.EXPIRE: [({}, "503番を、一日の終わりにより終了しました。")],
    Kind.UNDO: [({"undoes": 3, "ticket": {"state": "waiting"}}, "503番の操作を元に戻しました（待っています）。")],
    Kind.REISSUE: [({}, "503番の番号札を再発行しました。")],
    Kind.REPRINT: [({}, "503番の番号札をもう一度印刷しました。")],
    Kind.OPEN_COUNTER: [
        ({}, "5番窓口を開けました。"),
        ({"clerk": "staff:sato"}, "5番窓口を開けました。"),
        ({"clerk": "staff:kato"}, "5番窓口を開けました（担当 kato）。"),
    ],
    Kind.TAKE_COUNTER: [({"clerk": "staff:sato"}, "5番窓口を引き継ぎました。")],
    Kind.CLOSE_COUNTER: [({}, "5番窓口を閉めました。")],
    Kind.START_BREAK: [({"until": "2026-11-24T01:30:00+00:00"}, "5番窓口を10:30まで休憩にしました。")],
    Kind.ASSIGN_SERVICES: [
        ({"services": ["inkan", "todoke"]}, "5番窓口の本日の業務を 印鑑登録、転入・転居・転出の届出 にしました。"),
        ({"services": None}, "5番窓口の業務を、いつもの業務に戻しました。"),
    ],
    Kind.PAUSE_SERVICE: [
        ({"service": "inkan", "for_today": False}, "「印鑑登録」の受付を休止しました。"),
        ({"service": "inkan", "for_today": True}, "「印鑑登録」の本日の受付を終えました。"),
    ],
    Kind.RESUME_SERVICE: [({"service": "inkan"}, "「印鑑登録」の受付を再開しました。")],
    Kind.CLOSE_RECEPTION: [
        ({"reason": ""}, "受付を終了しました。"),
        ({"reason": "混雑"}, "受付を終了しました（混雑）。"),
    ],
    Kind.OPEN_RECEPTION: [({"until": "2026-11-24T18:00:00+09:00"}, "受付を18:00まで行うことにしました。")],
    Kind.RESET_RECEPTION: [({}, "受付を、決められた時間どおりに戻しました。")],
    Kind.POST_NOTICE: [({"id": "n", "text": "点検中", "until": None}, "お知らせ「点検中」を出しました。")],
    Kind.WITHDRAW_NOTICE: [({"id": "n"}, "お知らせを取り下げました。")],
    Kind.CHANGE_STRUCTURE: [
        (
            {"part": "special_day", "id": "2026-12-28", "value": ALL_DAY, "base": None},
            "「2026年12月28日(月)」の設定を変えました（受付: 終日閉庁／理由: 点検）。",
        ),
        (
            {"part": "alerts", "id": "site", "value": {"people": 15}, "base": {"people": 15}},
            "「警告の基準」の設定を、プロファイルの内容に戻しました。",
        ),
        (
            {"part": "levels", "id": "gone", "value": None, "base": []},
            "「混雑度: gone」の設定を変えました（庁舎と同じ）。",
        ),
    ],
    Kind.ADD_ACCOUNT: [({"name": "kato", "role": "clerk"}, "利用者 kato を加えました（窓口担当）。")],
    Kind.CHANGE_ACCOUNT: [
        (
            {"name": "kato", "role": "supervisor", "role_before": "clerk"},
            "利用者 kato の役割を 窓口担当 から 責任者 に変えました。",
        )
    ],
    Kind.DISABLE_ACCOUNT: [({"name": "kato"}, "利用者 kato を利用停止にしました。")],
    Kind.ENABLE_ACCOUNT: [({"name": "kato"}, "利用者 kato の利用を再開しました。")],
    Kind.CHANGE_PASSWORD: [
        ({"name": "kato", "signs_in": "password"}, "利用者 kato のパスワードを変えました。"),
        ({"name": "kato", "signs_in": "provider"}, "利用者 kato のサインインを、市の認証だけにしました。"),
    ],
    Kind.SIGN_IN: [
        ({"name": "sato", "signs_in": "password"}, "パスワードでサインインしました。"),
        ({"name": "sato", "signs_in": "provider"}, "市の認証でサインインしました。"),
    ],
    Kind.SIGN_OUT_EVERYWHERE: [({"name": "kato"}, "利用者 kato をすべての端末でサインアウトさせました。")],
    Kind.ADD_DEVICE: [({"name": "発券機1", "role": "kiosk"}, "端末 発券機1 を加えました（発券機）。")],
    Kind.CHANGE_KIOSK_PIN: [
        ({"site": "honchosha"}, "厚木市役所本庁舎1階市民課の発券機の職員用番号を変えました。"),
        ({"site": "gone"}, "goneの発券機の職員用番号を変えました。"),
    ],
    Kind.REVOKE_DEVICE: [({"name": "発券機1", "role": "kiosk"}, "端末 発券機1 を失効させました。")],
}


def line(kind: Kind, body: dict[str, Any], site: str = "honchosha") -> AuditLine:
    at = local_minute("2026-11-24T09:15")
    return AuditLine(1, at, site, date(2026, 11, 24), kind, "staff:sato", "5", "503", "mynumber", body)


@pytest.fixture
def words(app: Flask, city: City) -> Iterator[AuditWords]:
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        yield AuditWords({hall.site.id: hall.site for hall in city.halls.values()})


def test_every_kind_is_in_this_table_and_in_one_group() -> None:
    assert set(SENTENCES) == set(Kind)
    assert sorted(kind for group in GROUPS.values() for kind in group) == sorted(Kind)


def test_every_kind_has_its_sentence(words: AuditWords) -> None:
    for kind, cases in SENTENCES.items():
        for body, sentence in cases:
            assert words.sentence(line(kind, body)) == sentence


def test_what_left_the_profile_keeps_its_id(words: AuditWords) -> None:
    for kind, cases in SENTENCES.items():
        for body, _ in cases:
            assert words.sentence(line(kind, body, site="gone")).endswith("。")
    assert words.sentence(line(Kind.CALL, {}, site="gone")) == "503番を5へ呼び出しました。"
    assert words.site(line(Kind.CALL, {}, site="gone")) == "gone"
    assert words.site(line(Kind.SIGN_IN, {}, site="")) == "市全体"


def test_who_did_it(words: AuditWords) -> None:
    assert [actor_words(actor) for actor in ("staff:sato", "device:発券機1", "operator:root", "clock", "clerk")] == [
        "sato",
        "発券機1（端末）",
        "root（サーバーのコマンド）",
        "時刻による自動処理",
        "clerk",
    ]
    assert set(group_words()) == set(GROUPS)


def test_a_real_morning_is_told_in_whole_sentences(words: AuditWords, api: Api, city: City) -> None:
    site = "/api/sites/honchosha"
    first = api.called("5", "todoke")["id"]
    for move in ("recall", "start"):
        api.move(first, move)
    api.move(first, "hold", {"reason": "書類待ち"})
    api.move(first, "resume")
    api.counter("5", "undo")
    second = api.issue("koseki").get_json()
    api.counter("3", "open")
    api.counter("3", "call", {"label": second["label"]})
    api.move(second["id"], "advance")
    api.move(second["id"], "prioritize", {"priority": "yusen"})
    third = api.called("6")["id"]
    api.move(third, "no-show")
    api.move(third, "reinstate")
    api.post(f"/api/tickets/{third}/reissue", {})
    api.move(third, "cancel")
    fourth = api.called("6")["id"]
    api.move(fourth, "transfer", {"service": "inkan", "counter": "4"})
    api.counter("6", "break", {"minutes": 15})
    api.counter("6", "services", {"services": ["inkan"]})
    for command, body in (
        ("services/inkan/pause", {"for_today": True}),
        ("services/inkan/resume", {}),
        ("reception/close", {"reason": "混雑"}),
        ("reception/open", {"until": "18:00"}),
        ("reception/reset", {}),
        ("notices", {"text": "点検中"}),
        ("close-day", {"expire": True}),
    ):
        assert api.post(f"{site}/{command}", body, Role.ADMIN).status_code < 300, command
    lines = list(city.audit.lines(Question()))
    told = {each.kind: words.sentence(each) for each in lines}
    assert len(told) > 22
    assert {text for text in told.values() if not text.endswith("。") or "不明" in text or "%" in text} == set()
    assert not any(each.body.get("token") for each in lines)
