"""LINE from the code on the page to the message in the talk, with a platform on this machine that checks both."""

import base64
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import RateLimitItemPerHour
from werkzeug.test import TestResponse

from queue_server.access import CodeAttempts
from queue_server.city import City
from queue_server.context import LINE
from queue_server.domain.calendar import local_minute
from queue_server.log_lines import ERRORS
from queue_server.logs import configure_logging
from queue_server.notify import MOST_WISHES, Channel, Notifier, line_account
from queue_server.notify.line_sender import LineSender
from queue_server.notify.line_talk import LineTalk
from queue_server.settings import Settings
from tests.notify.conftest import Ticket, call
from tests.support.api import Api
from tests.support.apps import make_app
from tests.support.clock import ManualClock
from tests.support.line_platform import (
    BASIC_ID,
    HANAKO,
    SECRET,
    TARO,
    TOKEN,
    LinePlatform,
    event,
    message,
    signature,
    webhook,
)

Wish = Callable[..., TestResponse]
Hear = Callable[..., int]
Since = Callable[[str], list[tuple[str, str]]]

NEAR = {"unit": "people", "value": 3}
WEBHOOK = "/api/line/webhook"


@pytest.fixture(scope="module")
def platform() -> Iterator[LinePlatform]:
    with LinePlatform() as running:
        yield running


@pytest.fixture
def since(platform: LinePlatform) -> Since:
    """What people have read since this test began: (to whom, text)."""
    before = {way: len(platform.told(way)) for way in ("push", "reply")}
    platform.answer()
    return lambda way: platform.told(way)[before[way] :]


@pytest.fixture
def settings(settings: Settings, platform: LinePlatform) -> Settings:
    return replace(
        settings,
        line_channel_secret=SECRET,
        line_channel_access_token=TOKEN,
        line_basic_id=BASIC_ID,
        line_api_base=platform.url,
    )


@pytest.fixture
def talk(app: Flask) -> LineTalk:
    found: LineTalk = app.extensions[LINE]
    return found


@pytest.fixture
def hear(client: FlaskClient, talk: LineTalk) -> Hear:
    """Deliver a webhook as LINE does, and have its answers given."""

    def deliver(*events: Any) -> int:
        body = webhook(*events)
        headers = {"X-Line-Signature": signature(body), "Content-Type": "application/json"}
        status = client.post(WEBHOOK, data=body, headers=headers).status_code
        talk.drain()
        return status

    return deliver


def code_for(wish: Wish, ticket: Ticket, **more: object) -> str:
    answer = wish(ticket, "line", {"near": NEAR, **more})
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["code"])


def rows(city: City, table: str = "subscription", columns: str = "channel, address") -> list[tuple[object, ...]]:
    return city._store.database.execute(f"SELECT {columns} FROM {table}").fetchall()


# -- from the page to the message ----------------------------------------------------------------


def test_a_code_written_to_the_account_links_it_and_the_call_is_told_there_once(
    api: Api, mine: Ticket, wish: Wish, hear: Hear, notifier: Notifier, platform: LinePlatform, since: Since
) -> None:
    answer = wish(mine, "line", {"near": NEAR})
    shown = answer.get_json()
    assert re.fullmatch(r"[B-DF-HJ-NP-TV-XZ2-9]{4}-[B-DF-HJ-NP-TV-XZ2-9]{4}", shown["code"])
    assert shown["link"] == f"https://line.me/R/oaMessage/%40123abcde/?{quote(shown['code'])}"
    assert shown["expires_at"] == "2026-11-24T09:45:00+09:00"
    assert answer.headers["Cache-Control"] == "no-store"
    assert hear(message(shown["code"], reply_token="reply-7")) == 200
    [(reply_token, said)] = since("reply")
    assert reply_token == "reply-7"
    assert said.startswith(f"{mine['label']}番の順番が近づいたときと、お呼びしたときに、ここへお知らせします。")
    call(api, mine)
    for _ in range(2):
        notifier.note("honchosha")
        notifier.drain()
    [(to, text)] = since("push")
    assert to == HANAKO
    assert text.startswith(f"{mine['label']}番のかた、6番窓口へお越しください。\n")
    assert mine["token"] not in text, "a token does not travel"
    assert [each["problem"] for each in platform.received("push")[-1:]] == [None]


def test_near_is_told_in_the_language_and_by_the_choice_of_the_page(
    mine: Ticket, wish: Wish, hear: Hear, notifier: Notifier, since: Since
) -> None:
    hear(message(code_for(wish, mine, near={"unit": "people", "value": 4}, language="en")))
    notifier.drain()
    [(_, text)] = since("push")
    assert mine["label"] in text
    assert not re.search("[ぁ-ん]", text.replace("\n", " ").split("厚木")[0])


def test_a_code_may_be_written_as_phones_write_it(mine: Ticket, wish: Wish, hear: Hear, city: City) -> None:
    code = code_for(wish, mine)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code.lower())
    assert hear(message(f" {wide.replace(chr(0xFF0D), '　ー ')}\n")) == 200
    assert rows(city) == [("line", HANAKO)]


def test_another_choice_counts_for_whoever_is_linked_already(
    mine: Ticket, wish: Wish, hear: Hear, city: City
) -> None:
    hear(message(code_for(wish, mine)))
    code_for(wish, mine, near={"unit": "minutes", "value": 15}, language="vi")
    assert rows(city, columns="near_unit, near_value, language") == [("minutes", 15, "vi")]


def test_the_page_hears_in_which_ways_its_holder_is_told(
    client: FlaskClient, mine: Ticket, wish: Wish, hear: Hear
) -> None:
    address = f"/api/t/{mine['token']}"
    assert client.get(address).get_json()["told_by"] == []
    hear(message(code_for(wish, mine)))
    wish(mine, "mail", {"address": "hanako@example.jp", "near": NEAR})
    assert client.get(address).get_json()["told_by"] == ["mail", "line"]
    assert HANAKO not in client.get(address).text
    assert wish(mine, "line/stop", {}).status_code == 200
    assert client.get(address).get_json()["told_by"] == ["mail"]


# -- codes ---------------------------------------------------------------------------------------


def test_a_code_opens_its_number_once(mine: Ticket, wish: Wish, hear: Hear, city: City, since: Since) -> None:
    code = code_for(wish, mine)
    hear(message(code))
    hear(message(code, TARO, "reply-2"))
    assert rows(city) == [("line", HANAKO)]
    assert since("reply")[-1][1].startswith("このコードは使えません。")
    hear(message(code, HANAKO, "reply-3"))
    assert since("reply")[-1][1].startswith(f"{mine['label']}番"), "LINE may deliver the same message twice"


def test_a_code_that_somebody_used_and_gave_up_opens_nothing(
    mine: Ticket, wish: Wish, hear: Hear, city: City
) -> None:
    code = code_for(wish, mine)
    hear(message(code))
    wish(mine, "line/stop", {})
    hear(message(code))
    assert rows(city) == []


def test_a_newer_code_takes_the_place_of_the_last(mine: Ticket, wish: Wish, hear: Hear, city: City) -> None:
    first, second = code_for(wish, mine), code_for(wish, mine)
    hear(message(first))
    assert rows(city) == []
    hear(message(second))
    assert rows(city) == [("line", HANAKO)]


def test_a_code_is_good_for_half_an_hour(
    mine: Ticket, wish: Wish, hear: Hear, city: City, clock: ManualClock, since: Since
) -> None:
    code = code_for(wish, mine)
    clock.set(clock.now() + timedelta(minutes=30))
    hear(message(code))
    assert rows(city) == []
    assert rows(city, "linking_code", "ticket") == [], "and is forgotten then"
    [(_, said)] = since("reply")
    assert "30分以内" in said
    assert len(said.splitlines()) == 2, "nobody knows whose code it was: it is said in two languages"


def test_a_number_that_has_ended_cannot_be_linked_and_leaves_nothing_behind(
    api: Api, client: FlaskClient, mine: Ticket, wish: Wish, hear: Hear, city: City, notifier: Notifier
) -> None:
    code = code_for(wish, mine)
    client.post(f"/api/t/{mine['token']}/leave", json={})
    hear(message(code))
    assert rows(city) == []
    notifier.drain()
    assert rows(city, "linking_code", "ticket") == []
    answer = wish(mine, "line", {"near": NEAR})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "illegal_move")


def test_the_end_of_the_day_forgets_who_it_was(
    mine: Ticket, wish: Wish, hear: Hear, city: City, clock: ManualClock, notifier: Notifier
) -> None:
    hear(message(code_for(wish, mine)))
    code_for(wish, mine)
    clock.set(local_minute("2026-11-25T08:00"))
    city.tick()
    notifier.drain()
    assert rows(city) == rows(city, "linking_code", "ticket") == []
    assert HANAKO.encode() not in city._store.path.read_bytes()
    assert wish(mine, "line", {"near": NEAR}).status_code == 410


def test_a_number_has_no_more_wishes_than_others_have(
    mine: Ticket, wish: Wish, hear: Hear, city: City, since: Since
) -> None:
    for number in range(MOST_WISHES + 1):
        hear(message(code_for(wish, mine), f"U{number:032x}"))
    assert len(rows(city)) == MOST_WISHES
    assert since("reply")[-1][1].startswith("この番号のお知らせ先は、これ以上登録できません。")


def test_who_tries_codes_is_not_answered_any_more(
    mine: Ticket, wish: Wish, hear: Hear, city: City, talk: LineTalk, since: Since
) -> None:
    talk._attempts = CodeAttempts(RateLimitItemPerHour(2))
    for _ in range(3):
        hear(message("BCDF-GHJK", TARO))
    assert len(since("reply")) == 2
    code = code_for(wish, mine)
    hear(message(code, TARO))
    assert rows(city) == [], "right or wrong"
    hear(message(code))
    assert rows(city) == [("line", HANAKO)], "and nobody else is held up"


def test_an_answer_that_fails_in_an_unforeseen_way_is_a_logged_error_and_ends_no_other(
    hear: Hear, talk: LineTalk, since: Since, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """While a machine's certificates are being replaced, requests raises an OSError that is none of its own."""
    configure_logging("info")
    account, errors = talk.account, ERRORS.count
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/cacert.pem")
    talk.account = replace(account, api_base="https://127.0.0.1:1")
    assert hear(message("BCDF-GHJK", HANAKO, "reply-1")) == 200
    talk.account = account
    assert hear(message("BCDF-GHJK", HANAKO, "reply-2")) == 200
    assert [to for to, _ in since("reply")] == ["reply-2"]
    said = "".join(capfd.readouterr())
    assert "line_answer_failed" in said
    assert ERRORS.count == errors + 1
    for secret in (HANAKO, TOKEN, "reply-1", "BCDF"):
        assert secret not in said


# -- the webhook ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "nonsense",
        "日本",
        signature(webhook(), SECRET[::-1]),
        signature(webhook(event("follow"))),
        signature(webhook())[:-1],
        base64.b64encode(b"").decode(),
    ],
)
def test_a_webhook_that_line_did_not_sign_is_refused_and_changes_nothing(
    client: FlaskClient, mine: Ticket, wish: Wish, city: City, forged: str
) -> None:
    body = webhook(message(code_for(wish, mine)))
    answer = client.post(WEBHOOK, data=body, headers={"X-Line-Signature": forged.encode().decode("latin-1")})
    assert (answer.status_code, answer.get_json()["code"]) == (401, "bad_signature")
    assert rows(city) == []
    assert client.post(WEBHOOK, data=body).status_code == 401


def test_the_signature_is_over_the_bytes_and_not_over_what_they_mean(client: FlaskClient) -> None:
    body = webhook(message("こんにちは"))
    spaced = json.dumps(json.loads(body), indent=1).encode()
    headers = {"X-Line-Signature": signature(body)}
    assert client.post(WEBHOOK, data=body, headers=headers).status_code == 200
    assert client.post(WEBHOOK, data=spaced, headers=headers).status_code == 401


def test_the_console_may_try_the_webhook_without_events(hear: Hear) -> None:
    assert hear() == 200


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"events": 1}', b"{", b"\xff", b"[" * 20_000], ids=lambda body: repr(body[:12])
)
def test_what_is_no_webhook_is_refused_though_it_is_signed(client: FlaskClient, body: bytes) -> None:
    answer = client.post(WEBHOOK, data=body, headers={"X-Line-Signature": signature(body)})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed_request")


def test_a_webhook_larger_than_any_is_not_read(client: FlaskClient, hear: Hear) -> None:
    assert hear(message("あ" * 5_000)) == 200
    body = webhook(message("あ" * 30_000))
    answer = client.post(WEBHOOK, data=body, headers={"X-Line-Signature": signature(body)})
    assert (answer.status_code, answer.get_json()["code"]) == (413, "too_large")


def test_what_the_account_hears_besides_is_passed_over_in_silence(
    hear: Hear, mine: Ticket, wish: Wish, city: City, since: Since
) -> None:
    code = code_for(wish, mine)
    in_group = {**message(code), "source": {"type": "group", "groupId": "C1", "userId": HANAKO}}
    unknown = event("somethingNew", replyToken="reply", message={"type": "text", "text": code})
    sticker = event("message", replyToken="reply", message={"type": "sticker", "stickerId": "1"})
    no_token = {**message(code), "replyToken": None}
    strange = {**message(code), "source": {"type": "user", "userId": "../../etc"}}
    bare = {"type": "message", "source": "user", "message": "text"}
    assert hear(in_group, unknown, sticker, no_token, strange, bare, message("何時まで開いていますか")) == 200
    assert hear(message("x" * 4_000), event("follow", replyToken="reply"), 7) == 200
    assert rows(city) == []
    assert since("reply") == []


def test_who_blocks_the_account_is_forgotten_everywhere(
    api: Api, mine: Ticket, wish: Wish, hear: Hear, city: City, notifier: Notifier, since: Since
) -> None:
    other = api.issue().get_json()
    hear(message(code_for(wish, mine)))
    hear(message(code_for(wish, other)))
    hear(message(code_for(wish, other), TARO))
    wish(mine, "mail", {"address": "hanako@example.jp", "near": NEAR})
    assert hear(event("unfollow")) == 200
    assert sorted(rows(city)) == [("line", TARO), ("mail", "hanako@example.jp")]
    call(api, mine)
    notifier.drain()
    assert since("push") == []


# -- the Messaging API on a bad day --------------------------------------------------------------


@pytest.mark.parametrize(("status", "kept"), [(400, False), (404, False), (401, True), (429, True), (500, True)])
def test_only_somebody_who_is_not_there_is_forgotten(
    api: Api,
    mine: Ticket,
    wish: Wish,
    hear: Hear,
    city: City,
    notifier: Notifier,
    platform: LinePlatform,
    since: Since,
    status: int,
    kept: bool,
) -> None:
    hear(message(code_for(wish, mine)))
    call(api, mine)
    platform.answer(status)
    notifier.drain()
    assert since("push") == []
    assert len(rows(city)) == kept
    notifier.note("honchosha")
    notifier.drain()
    assert len(since("push")) == kept, "the next change of the hall, at the latest the next minute, tries again"
    keys = [each["headers"]["x-line-retry-key"] for each in platform.received("push")[-1 - kept :]]
    assert len(set(keys)) == 1


def test_a_message_whose_answer_was_lost_is_not_sent_twice(
    api: Api,
    mine: Ticket,
    wish: Wish,
    hear: Hear,
    notifier: Notifier,
    platform: LinePlatform,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line_account, "TIMEOUT_SECONDS", 0.5)
    hear(message(code_for(wish, mine)))
    call(api, mine)
    platform.answer(0)
    before = len(platform.received("push"))
    for _ in range(3):
        notifier.note("honchosha")
        notifier.drain()
    assert [each["status"] for each in platform.received("push")[before:]] == [0, 409]


def test_a_platform_that_is_away_takes_nothing_from_anybody(
    api: Api, mine: Ticket, wish: Wish, hear: Hear, city: City, talk: LineTalk, notifier: Notifier, since: Since
) -> None:
    account = talk.account
    away = replace(account, api_base="http://127.0.0.1:9")
    sender = notifier._senders[Channel.LINE]
    assert isinstance(sender, LineSender)
    talk.account = sender._account = away
    assert hear(message(code_for(wish, mine))) == 200, "LINE need not send it again"
    assert rows(city) == [("line", HANAKO)]
    call(api, mine)
    notifier.drain()
    assert len(rows(city)) == 1
    sender._account = account
    notifier.note("honchosha")
    notifier.drain()
    assert [to for to, _ in since("push")] == [HANAKO]


def test_a_reply_that_is_refused_breaks_nothing(
    mine: Ticket, wish: Wish, hear: Hear, city: City, platform: LinePlatform, since: Since
) -> None:
    code = code_for(wish, mine)
    platform.answer(400)
    assert hear(message(code)) == 200
    assert rows(city) == [("line", HANAKO)]
    assert since("reply") == []


# -- what must not be ----------------------------------------------------------------------------


def test_without_keys_there_is_no_line(settings: Settings, clock: ManualClock) -> None:
    with make_app(replace(settings, line_channel_secret=None, line_basic_id=None), clock) as app:
        ticket = Api(app, "honchosha").issue().get_json()
        client = app.test_client()
        answer = client.post(f"/api/t/{ticket['token']}/line", json={"near": NEAR})
        assert (answer.status_code, answer.get_json()["code"]) == (409, "line_off")
        body = webhook(message("BCDF-GHJK"))
        assert client.post(WEBHOOK, data=body, headers={"X-Line-Signature": signature(body)}).status_code == 404
        assert "LINE" not in client.get(ticket["ticket_url"]).text


def test_neither_journal_nor_log_names_the_person_or_the_code(
    api: Api,
    mine: Ticket,
    wish: Wish,
    hear: Hear,
    notifier: Notifier,
    platform: LinePlatform,
    city: City,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    from queue_server.logs import configure_logging

    configure_logging("debug")
    caplog.set_level(logging.DEBUG)
    code = code_for(wish, mine)
    hear(message(code))
    hear(message(code, TARO))
    call(api, mine)
    platform.answer(429)
    notifier.drain()
    platform.answer(401)
    notifier.note("honchosha")
    notifier.drain()
    hear(event("unfollow"))
    ours = "".join(capfd.readouterr()) + "".join(each.getMessage() for each in caplog.records)
    assert {"line_refused", "line_token_refused", "line_unfollowed", "line_code_written"} <= set(
        re.findall(r"line_\w+", ours)
    )
    for secret in (HANAKO, TARO, code, code.replace("-", ""), SECRET, TOKEN, "reply-1"):
        assert secret not in ours
    assert HANAKO not in str(rows(city, "journal", "*"))
