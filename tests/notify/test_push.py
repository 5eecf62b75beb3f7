"""Web Push from the wish to the decrypted message, against a push service that is a process of its own."""

import logging
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.city import City, StartRefused
from queue_server.domain.calendar import local_minute
from queue_server.notify import MOST_WISHES, Notifier
from queue_server.notify.vapid import FILE_NAME, VapidKeys
from queue_server.settings import Settings
from tests.notify.conftest import Ticket, call
from tests.support.api import Api
from tests.support.apps import make_app
from tests.support.clock import ManualClock
from tests.support.push_service import PushService

Told = Callable[[], list[tuple[str, str]]]
Wish = Callable[..., TestResponse]


def serve_one(api: Api) -> None:
    api.counter("6", "open")
    assert api.counter("6", "call-next", {"complete": True}).status_code == 200


def rows(city: City) -> int:
    count: int = city._store.database.execute("SELECT count(*) FROM subscription").fetchone()[0]
    return count


def test_near_and_called_are_told_once_each(
    api: Api, mine: Ticket, wish: Wish, told: Told, service: PushService
) -> None:
    assert wish(mine, "push", service.wish("a")).status_code == 200
    assert told() == []
    serve_one(api)
    assert told() == [], "four before it still: the one being served counts"
    serve_one(api)
    assert told() == [("a", "near")]
    serve_one(api)
    assert told() == [("a", "near")]
    call(api, mine)
    assert told() == [("a", "near"), ("a", "called")]
    api.move(mine["id"], "start")
    assert len(told()) == 2


def test_a_recall_is_told_again(api: Api, mine: Ticket, wish: Wish, told: Told, service: PushService) -> None:
    wish(mine, "push", service.wish("b"))
    call(api, mine)
    told()
    api.move(mine["id"], "recall")
    assert told() == [("b", "called"), ("b", "called")]


def test_the_message_is_sealed_signed_and_says_where_to_go(
    app: Flask, api: Api, mine: Ticket, wish: Wish, told: Told, service: PushService, settings: Settings
) -> None:
    wish(mine, "push", service.wish("c", language="en"))
    call(api, mine)
    told()
    message = service.received()[-1]
    assert message["content"] == {
        "kind": "called",
        "title": message["content"]["title"],
        "body": message["content"]["body"],
        "lang": "en",
        "url": mine["ticket_url"],
    }
    assert mine["label"] in message["content"]["title"]
    assert "番のかた" not in message["content"]["title"]
    assert message["proven"] is True
    assert message["claims"]["sub"] == "mailto:hall@city.example.jp"
    assert message["claims"]["aud"] == f"http://127.0.0.1:{service.port}"
    assert message["key"] == VapidKeys(settings.data_dir).public_key
    headers = message["headers"]
    assert (headers["content-encoding"], headers["ttl"], headers["urgency"]) == ("aes128gcm", "300", "high")
    assert len(headers["topic"]) == 32
    assert mine["id"] not in headers["topic"]


def test_in_japanese_the_words_are_those_of_the_hall(
    api: Api, mine: Ticket, wish: Wish, told: Told, service: PushService
) -> None:
    wish(mine, "push", service.wish("d", near={"unit": "people", "value": 4}))
    told()
    near = service.received()[-1]["content"]
    assert near["title"] == f"{mine['label']}番のかた、そろそろです。"
    assert near["body"].splitlines()[0] == "あと4人"
    call(api, mine)
    told()
    called = service.received()[-1]["content"]
    assert called["title"] == f"{mine['label']}番のかた、6番窓口へお越しください。"
    assert called["body"].splitlines()[-1].endswith("マイナンバー関係")


def test_by_minutes_it_follows_the_estimate(
    api: Api, mine: Ticket, wish: Wish, told: Told, service: PushService
) -> None:
    wish(mine, "push", service.wish("e", near={"unit": "minutes", "value": 60}))
    assert told() == [], "no counter is open, so nobody can say"
    api.counter("6", "open")
    low = api.get(f"/api/t/{mine['token']}").get_json()["estimate"]["low"]
    assert low <= 60
    assert told() == [("e", "near")]
    assert "待ち時間の目安" in service.received()[-1]["content"]["body"]


def test_what_was_sent_is_on_disk(
    app: Flask,
    settings: Settings,
    clock: ManualClock,
    api: Api,
    mine: Ticket,
    wish: Wish,
    told: Told,
    service: PushService,
) -> None:
    wish(mine, "push", service.wish("f"))
    call(api, mine)
    assert told() == [("f", "called")]
    app.extensions["queue_server.city"].close()
    with make_app(settings, clock) as again:
        again.extensions["queue_server.notifier"].drain()
    assert told() == [("f", "called")]


def test_what_was_due_when_the_server_died_is_sent_by_the_next_one(
    app: Flask, settings: Settings, clock: ManualClock, api: Api, mine: Ticket, wish: Wish, service: PushService
) -> None:
    before = len(service.told())
    wish(mine, "push", service.wish("g"))
    call(api, mine)
    app.extensions["queue_server.city"].close()
    with make_app(settings, clock) as again:
        again.extensions["queue_server.notifier"].drain()
    assert service.told()[before:] == [("g", "called")]


@pytest.mark.parametrize("ending", ["complete", "cancel", "leave"])
def test_with_the_ticket_the_wish_ends(
    api: Api, mine: Ticket, wish: Wish, told: Told, service: PushService, city: City, ending: str
) -> None:
    wish(mine, "push", service.wish("h"))
    wish(mine, "mail", {"address": "a@example.jp", "near": {"unit": "people", "value": 1}})
    assert rows(city) == 2
    if ending == "leave":
        assert wish(mine, "leave", {}).status_code == 200
    else:
        call(api, mine)
        api.move(mine["id"], "no-show" if ending == "cancel" else "start")
        api.move(mine["id"], ending)
    told()
    assert rows(city) == 0
    assert b"a@example.jp" not in (city._store.path).read_bytes()


def test_with_the_day_every_wish_ends(
    mine: Ticket, wish: Wish, told: Told, service: PushService, city: City, clock: ManualClock
) -> None:
    wish(mine, "push", service.wish("i"))
    clock.set(local_minute("2026-11-24T19:00"))
    city.tick()
    assert told() == []
    assert rows(city) == 0


@pytest.mark.parametrize("answer", ["404", "410"])
def test_a_browser_that_is_gone_is_forgotten(
    api: Api, mine: Ticket, wish: Wish, told: Told, service: PushService, city: City, answer: str
) -> None:
    wish(mine, "push", service.wish("j", answer))
    wish(mine, "push", service.wish("k"))
    call(api, mine)
    assert told() == [("k", "called")]
    assert rows(city) == 1


@pytest.mark.parametrize("answer", ["503-once", "429-once", "307-once"])
def test_a_service_that_fails_is_tried_again_with_the_next_minute_and_never_followed_elsewhere(
    api: Api, mine: Ticket, wish: Wish, told: Told, service: PushService, notifier: Notifier, answer: str
) -> None:
    wish(mine, "push", service.wish("l", answer))
    call(api, mine)
    assert told() == []
    notifier.note("honchosha")
    assert told() == [("l", "called")]


def test_a_service_that_goes_on_failing_is_given_up_for_this_notice_alone(
    api: Api, mine: Ticket, wish: Wish, told: Told, service: PushService, notifier: Notifier
) -> None:
    wish(mine, "push", service.wish("m", "500"))
    call(api, mine)
    for _ in range(8):
        told()
        notifier.note("honchosha")
    assert len([each for each in service.received() if each["name"] == "m"]) == 5
    api.move(mine["id"], "recall")
    told()
    assert len([each for each in service.received() if each["name"] == "m"]) == 6


def test_a_service_that_is_not_there_is_tried_again(
    api: Api, mine: Ticket, wish: Wish, told: Told, service: PushService, city: City
) -> None:
    nowhere = {**service.wish("n"), "endpoint": "http://127.0.0.1:9/push"}
    wish(mine, "push", nowhere)
    call(api, mine)
    assert told() == []
    assert rows(city) == 1


def test_keys_that_nobody_has_are_forgotten(
    api: Api, mine: Ticket, wish: Wish, told: Told, service: PushService, city: City
) -> None:
    assert wish(mine, "push", {**service.wish("o"), "p256dh": "B" + "A" * 86}).status_code == 200
    call(api, mine)
    assert told() == []
    assert rows(city) == 0


def test_what_is_true_no_longer_is_not_sent(
    api: Api, mine: Ticket, wish: Wish, told: Told, service: PushService, notifier: Notifier
) -> None:
    wish(mine, "push", service.wish("p"))
    call(api, mine)
    notifier.pick()
    api.move(mine["id"], "start")
    assert told() == []


def test_the_same_browser_again_changes_its_choice_and_is_not_told_twice(
    mine: Ticket, wish: Wish, told: Told, service: PushService, city: City
) -> None:
    wish(mine, "push", service.wish("q"))
    assert told() == []
    for _ in range(2):
        wish(mine, "push", service.wish("q", near={"unit": "people", "value": 10}))
        assert told() == [("q", "near")]
    assert rows(city) == 1


def test_whoever_does_not_want_it_any_more_is_told_nothing(
    api: Api, mine: Ticket, wish: Wish, told: Told, service: PushService
) -> None:
    for name in ("r", "s"):
        wish(mine, "push", service.wish(name))
    assert wish(mine, "push/stop", {"endpoint": service.endpoint("r")}).status_code == 200
    call(api, mine)
    assert told() == [("s", "called")]


def test_a_ticket_is_followed_on_a_few_phones_and_not_on_any_number(
    mine: Ticket, wish: Wish, service: PushService
) -> None:
    answers = [wish(mine, "push", service.wish(f"t{number}")) for number in range(MOST_WISHES + 1)]
    assert [answer.status_code for answer in answers] == [200] * MOST_WISHES + [409]
    assert answers[-1].get_json()["code"] == "too_many_wishes"


@pytest.fixture
def wish_for(settings: Settings, clock: ManualClock, service: PushService) -> Callable[[str], TestResponse]:
    """Ask a server with the usual services to tell an endpoint."""

    def wish(endpoint: str) -> TestResponse:
        usual = replace(settings, push_services=Settings(settings.data_dir, "atsugi").push_services)
        with make_app(usual, clock) as app:
            ticket = Api(app, "honchosha").issue().get_json()
            path = f"/api/t/{ticket['token']}/push"
            return app.test_client().post(path, json={**service.wish(), "endpoint": endpoint})

    return wish


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://elsewhere.invalid/push",
        "http://push.services.mozilla.com/push",
        "https://push.services.mozilla.com:8443/push",
        "https://evilpush.services.mozilla.com.invalid/push",
        "https://push.services.mozilla.com@10.0.0.1/push",
        "http://localhost/push",
        "http://10.0.0.1/push",
        "https://[::1/push",
        "https://a:b/push",
    ],
)
def test_only_the_services_of_the_settings_are_ever_asked(
    wish_for: Callable[[str], TestResponse], endpoint: str
) -> None:
    answer = wish_for(endpoint)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "push_service_unknown")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/x",
        "https://updates.push.services.mozilla.com/wpush/v2/x",
        "https://web.push.apple.com/x",
        "https://wns2-pn1p.notify.windows.com/w/?token=x",
    ],
)
def test_the_services_of_the_known_browsers_are_taken(wish_for: Callable[[str], TestResponse], endpoint: str) -> None:
    assert wish_for(endpoint).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"p256dh": "short"},
        {"auth": ""},
        {"near": {"unit": "people", "value": 51}},
        {"near": {"unit": "people", "value": 0}},
        {"near": {"unit": "hours", "value": 1}},
        {"near": {"unit": "minutes", "value": True}},
        {"language": "xx"},
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": "https://" + "a" * 1_000},
        {"more": 1},
    ],
    ids=str,
)
def test_a_wish_that_does_not_fit_is_refused_and_keeps_nothing(
    mine: Ticket, wish: Wish, service: PushService, city: City, wrong: dict[str, object]
) -> None:
    answer = wish(mine, "push", {**service.wish(), **wrong})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_fields")
    assert rows(city) == 0


def test_an_ended_ticket_takes_no_wish(api: Api, mine: Ticket, wish: Wish, service: PushService) -> None:
    call(api, mine)
    api.move(mine["id"], "complete")
    answer = wish(mine, "push", service.wish())
    assert (answer.status_code, answer.get_json()["state"]) == (409, "completed")


def test_without_its_setting_there_is_no_web_push(
    settings: Settings, clock: ManualClock, service: PushService
) -> None:
    with make_app(replace(settings, push_contact=None), clock) as app:
        ticket = Api(app, "honchosha").issue().get_json()
        client: FlaskClient = app.test_client()
        answer = client.post(f"/api/t/{ticket['token']}/push", json=service.wish())
        assert (answer.status_code, answer.get_json()["code"]) == (409, "push_off")
        assert "data-push" not in client.get(ticket["ticket_url"]).text
    assert not (settings.data_dir / FILE_NAME).exists()


def test_the_page_has_the_public_key_and_the_worker_speaks_for_tickets_alone(
    client: FlaskClient, mine: Ticket, settings: Settings
) -> None:
    key = VapidKeys(settings.data_dir).public_key
    assert f'data-push-key="{key}"' in client.get(mine["ticket_url"]).text
    assert (len(key), urlsafe_b64decode(key + "=")[0]) == (87, 4)
    with client.get("/t/worker.js") as worker:
        assert worker.mimetype in ("text/javascript", "application/javascript")
        assert "Service-Worker-Allowed" not in worker.headers
        assert worker.headers["Cache-Control"] == "no-cache"


def test_the_key_pair_is_made_once_and_readable_by_its_own_user_alone(tmp_path: Path) -> None:
    first = VapidKeys(tmp_path).public_key
    assert VapidKeys(tmp_path).public_key == first
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_damaged_key_stops_the_start_with_words(settings: Settings, clock: ManualClock) -> None:
    (settings.data_dir / FILE_NAME).write_bytes(b"not a key")
    with pytest.raises(StartRefused, match=r"vapid\.pem is not a private key"), make_app(settings, clock):
        pytest.fail("the application must not start")


def test_neither_journal_nor_log_names_the_endpoint_or_the_token(
    api: Api,
    mine: Ticket,
    wish: Wish,
    told: Told,
    service: PushService,
    city: City,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    from queue_server.logs import configure_logging

    configure_logging("debug")
    caplog.set_level(logging.INFO)
    for answer in ("500", "410", "201"):
        wish(mine, "push", service.wish(f"secret{answer}", answer))
    wish(mine, "push", {**service.wish(), "endpoint": "http://127.0.0.1:9/secret"})
    call(api, mine)
    told()
    said = "".join(capfd.readouterr()) + caplog.text
    assert "push_refused" in said
    assert "push_failed" in said
    journal = str(city._store.database.execute("SELECT * FROM journal WHERE kind != 'issue'").fetchall())
    for text in (said, journal):
        assert "secret" not in text
        assert mine["token"] not in text
