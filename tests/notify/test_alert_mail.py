"""Limits of the city that are reached, told to supervisors by mail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from queue_server.context import ALERT_WATCH
from queue_server.hall import StorageUnavailable
from queue_server.notify.alert_watch import AlertWatch
from queue_server.settings import Settings
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.apps import make_app
from tests.support.clock import ManualClock
from tests.support.mail_server import MailServer


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, alert_mail="kacho@city.example.jp,shimin@city.example.jp")


@pytest.fixture
def watch(app: Flask) -> AlertWatch:
    found: AlertWatch = app.extensions[ALERT_WATCH]
    return found


@pytest.fixture
def look(app: Flask, watch: AlertWatch) -> Callable[[], None]:
    """Let a minute's board be drawn, which is when the watch looks."""

    def again() -> None:
        watch._note(SITE)
        watch.look()

    return again


def serve(api: Api, people: int) -> None:
    api.counter("6", "open")
    for _ in range(people):
        assert api.counter("6", "call-next", {"complete": True}).status_code == 200


def test_an_alert_that_the_mail_server_has_taken_is_mailed_once_though_it_says_no_goodbye(
    api: Api, look: Callable[[], None], mail_server: MailServer
) -> None:
    mail_server.goodbye = "421 too busy, closing"
    for _ in range(15):
        api.issue()
    for _ in range(3):
        look()
    assert len(mail_server.mails) == 1


def test_the_fifteenth_who_waits_is_mailed_once_to_everybody_who_shall_know(
    api: Api, look: Callable[[], None], mail_server: MailServer
) -> None:
    for _ in range(14):
        api.issue()
    look()
    assert mail_server.mails == []
    for _ in range(3):
        api.issue()
        look()
    [mail] = mail_server.mails
    assert mail_server.envelopes[0][1] == ["kacho@city.example.jp", "shimin@city.example.jp"]
    assert "窓口の警告" in mail["Subject"]
    assert mail.get_content().strip() == "マイナンバー関係: 待っている人 15人 (基準 15人)"
    assert mail["Message-ID"]


def test_what_is_reached_by_time_alone_comes_in_a_mail_of_its_own(
    api: Api, look: Callable[[], None], mail_server: MailServer, clock: ManualClock
) -> None:
    api.issue()
    api.issue("inkan")
    clock.advance(timedelta(minutes=15))
    look()
    assert len(mail_server.mails[0].get_content().splitlines()) == 2, "one mail for what comes together"
    clock.advance(timedelta(minutes=15))
    look()
    assert len(mail_server.mails) == 2
    assert "最長の待ち 30分 (基準 30分)" in mail_server.mails[1].get_content()
    assert "呼び出しなし" not in mail_server.mails[1].get_content()


def test_a_line_that_goes_up_and_down_around_a_limit_writes_no_mail_each_time(
    api: Api, look: Callable[[], None], mail_server: MailServer, clock: ManualClock
) -> None:
    for _ in range(15):
        api.issue()
    look()
    for _ in range(3):
        serve(api, 1)
        look()
        api.issue()
        look()
    assert len(mail_server.mails) == 1
    serve(api, 1)
    look()
    clock.advance(timedelta(minutes=31))
    look()
    before = len(mail_server.mails)
    api.issue()
    look()
    assert len(mail_server.mails) == before + 1
    assert "待っている人 15人" in mail_server.mails[-1].get_content()


def test_a_mail_server_that_is_busy_gets_it_with_the_next_minute(
    api: Api, look: Callable[[], None], mail_server: MailServer
) -> None:
    mail_server.refuse = "451 later"
    for _ in range(15):
        api.issue()
    look()
    mail_server.refuse = None
    look()
    look()
    assert len(mail_server.mails) == 1


def test_recipients_that_nobody_knows_are_not_asked_again_for_this_alert(
    api: Api, look: Callable[[], None], mail_server: MailServer
) -> None:
    mail_server.refuse = "550 nobody"
    for _ in range(15):
        api.issue()
    look()
    mail_server.refuse = None
    look()
    assert mail_server.mails == []


def started(settings: Settings, clock: ManualClock, people: int = 0) -> None:
    """A server that starts, looks, and gives out so many numbers."""
    with make_app(settings, clock) as app:
        watch: AlertWatch = app.extensions[ALERT_WATCH]
        watch.look()
        for _ in range(people):
            Api(app, SITE).issue()
        watch._note(SITE)
        watch.look()


def test_a_restart_mails_nothing_twice(settings: Settings, clock: ManualClock, mail_server: MailServer) -> None:
    started(settings, clock, people=15)
    assert len(mail_server.mails) == 1
    for _ in range(2):
        clock.advance(timedelta(minutes=5))
        started(settings, clock)
    assert [mail.get_content().strip() for mail in mail_server.mails[:1]] == [
        "マイナンバー関係: 待っている人 15人 (基準 15人)"
    ]
    assert len(mail_server.mails) == 1
    clock.advance(timedelta(minutes=5))
    started(settings, clock)
    assert len(mail_server.mails) == 2, "what is reached after the restart is mailed"
    assert "呼び出しなし 15分" in mail_server.mails[1].get_content()
    assert "待っている人" not in mail_server.mails[1].get_content()


def test_what_failed_before_a_restart_is_mailed_after_it(
    settings: Settings, clock: ManualClock, mail_server: MailServer
) -> None:
    mail_server.refuse = "451 later"
    started(settings, clock, people=15)
    mail_server.refuse = None
    started(settings, clock)
    started(settings, clock)
    assert len(mail_server.mails) == 1


def test_what_stood_yesterday_holds_back_no_mail_of_today(
    settings: Settings, clock: ManualClock, mail_server: MailServer
) -> None:
    started(settings, clock, people=15)
    clock.advance(timedelta(days=1))
    with make_app(settings, clock) as app:
        api = Api(app, SITE)
        for _ in range(15):
            assert api.issue().status_code == 201
        app.extensions[ALERT_WATCH].look()
    assert len(mail_server.mails) == 2


def test_a_disk_that_takes_no_note_holds_back_no_mail(
    app: Flask,
    api: Api,
    watch: AlertWatch,
    look: Callable[[], None],
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_arguments: object) -> None:
        raise StorageUnavailable("full")

    monkeypatch.setattr(watch._memory, "note", full)
    for _ in range(15):
        api.issue()
    look()
    look()
    assert len(mail_server.mails) == 1
