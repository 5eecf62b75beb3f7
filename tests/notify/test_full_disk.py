"""A disk that is full while notices go out: it cannot be noted that they did, and they go out once all the same."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from queue_server.city import City
from queue_server.notify import Notifier
from queue_server.notify.notifier import MOST_ATTEMPTS
from queue_server.settings import Settings
from queue_server.storage.database import FILE_NAME, DamagedDatabase, StorageUnavailable
from tests.faults.disks import fill, free, tmpfs
from tests.notify.conftest import Ticket, call
from tests.support.api import Api
from tests.support.apps import make_app
from tests.support.clock import ManualClock
from tests.support.halls import empty_database
from tests.support.mail_server import MailServer
from tests.support.push_service import PushService

Wish = Callable[..., TestResponse]

PICKS = 10
BODY = {"address": "hanako.yamada@mail.example.jp", "near": {"unit": "people", "value": 1}}


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """A server whose data are on a disk of their own: a file system of 4 MiB in memory."""
    with tmpfs(tmp_path / "disk", 4 << 20) as disk:
        (disk / FILE_NAME).write_bytes(empty_database())
        yield replace(settings, data_dir=disk)


@pytest.fixture
def disk(settings: Settings) -> Path:
    return settings.data_dir


def noted(city: City) -> list[tuple[int, int]]:
    """What the disk says that was told: near or not, and the last call."""
    return city._store.database.execute("SELECT told_near, told_call FROM subscription").fetchall()


def look_again(notifier: Notifier) -> None:
    for _ in range(PICKS):
        notifier.note("honchosha")
        notifier.drain()


def use_up_room(disk: Path, city: City) -> None:
    """Until a commit fails: what is left of the last page of the log is used up as well."""
    fill(disk)
    for _ in range(1000):
        try:
            city._store.leave_mark()
        except StorageUnavailable:
            return
    raise AssertionError("the disk took everything; the test did not test")


def test_a_call_is_mailed_once_though_the_disk_takes_no_note_and_noted_when_it_does(
    app: Flask,
    settings: Settings,
    clock: ManualClock,
    disk: Path,
    city: City,
    api: Api,
    mine: Ticket,
    wish: Wish,
    notifier: Notifier,
    mail_server: MailServer,
) -> None:
    wish(mine, "mail", BODY)
    call(api, mine)
    use_up_room(disk, city)
    look_again(notifier)
    assert len(mail_server.mails) == 1
    assert noted(city) == [(0, 0)], "nothing can be written"
    free(disk)
    look_again(notifier)
    assert len(mail_server.mails) == 1
    [(_, told_call)] = noted(city)
    assert told_call > 0
    assert notifier._unwritten == {}, "what is on the disk is not kept in memory"
    # Who comes after this process knows it.
    city.close()
    with make_app(settings, clock) as again:
        look_again(again.extensions["queue_server.notifier"])
    assert len(mail_server.mails) == 1


def test_a_second_announcement_after_the_outage_is_told(
    disk: Path, city: City, api: Api, mine: Ticket, wish: Wish, notifier: Notifier, mail_server: MailServer
) -> None:
    wish(mine, "mail", BODY)
    call(api, mine)
    use_up_room(disk, city)
    look_again(notifier)
    free(disk)
    assert api.move(mine["id"], "recall").status_code == 200
    look_again(notifier)
    assert len(mail_server.mails) == 2


def test_an_address_that_nobody_has_is_asked_once_and_forgotten_with_the_room(
    disk: Path,
    city: City,
    api: Api,
    mine: Ticket,
    wish: Wish,
    notifier: Notifier,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    mail_server.refuse = "550 nobody here"
    refuse = mail_server.handle_RCPT

    async def count(*words: object) -> str:
        asked.append(1)
        return await refuse(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(mail_server, "handle_RCPT", count)
    wish(mine, "mail", BODY)
    call(api, mine)
    use_up_room(disk, city)
    look_again(notifier)
    assert (len(asked), len(noted(city))) == (1, 1)
    free(disk)
    look_again(notifier)
    assert (len(asked), noted(city)) == (1, [])


def test_what_failed_too_often_is_given_up_once(
    disk: Path, city: City, api: Api, mine: Ticket, wish: Wish, notifier: Notifier, service: PushService
) -> None:
    wish(mine, "push", service.wish("full", "500"))
    call(api, mine)
    use_up_room(disk, city)
    look_again(notifier)
    assert len([each for each in service.received() if each["name"] == "full"]) == MOST_ATTEMPTS < PICKS


def test_what_was_told_of_a_ticket_that_has_ended_meanwhile_is_let_go(
    disk: Path,
    city: City,
    api: Api,
    mine: Ticket,
    wish: Wish,
    notifier: Notifier,
    mail_server: MailServer,
) -> None:
    wish(mine, "mail", BODY)
    call(api, mine)
    use_up_room(disk, city)
    look_again(notifier)
    assert len(notifier._unwritten) == 1
    free(disk)
    assert api.move(mine["id"], "complete").status_code == 200
    use_up_room(disk, city)
    look_again(notifier)
    assert notifier._unwritten == {}
    assert len(mail_server.mails) == 1


def test_a_damaged_file_holds_back_nobody_elses_notice(
    city: City,
    api: Api,
    mine: Ticket,
    wish: Wish,
    notifier: Notifier,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def damaged(*_arguments: object) -> None:
        raise DamagedDatabase("database disk image is malformed")

    monkeypatch.setattr(city.wishes, "note_told", damaged)
    wish(mine, "mail", BODY)
    call(api, mine)
    look_again(notifier)
    other: Ticket = api.issue().get_json()
    wish(other, "mail", {**BODY, "address": "other@example.jp"})
    api.counter("6", "call", {"label": other["label"]})
    look_again(notifier)
    assert [to for _, [to] in mail_server.envelopes] == [BODY["address"], "other@example.jp"]
