"""Mail from the address on the page to the mail server, which is a real one on this machine."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from queue_server.city import City
from queue_server.notify import Notifier
from queue_server.settings import MailSecurity, Settings
from tests.notify.conftest import Ticket, call
from tests.support.api import Api
from tests.support.apps import make_app
from tests.support.clock import ManualClock
from tests.support.mail_server import MailServer

Wish = Callable[..., TestResponse]

ADDRESS = "hanako.yamada@mail.example.jp"
BODY = {"address": ADDRESS, "near": {"unit": "people", "value": 3}}


def addresses(city: City) -> list[str]:
    return [row[0] for row in city._store.database.execute("SELECT address FROM subscription").fetchall()]


def test_a_call_is_mailed_once_with_everything_a_mail_needs(
    api: Api, mine: Ticket, wish: Wish, notifier: Notifier, mail_server: MailServer, clock: ManualClock
) -> None:
    assert wish(mine, "mail", BODY).status_code == 200
    notifier.drain()
    assert mail_server.mails == []
    call(api, mine)
    for _ in range(2):
        notifier.note("honchosha")
        notifier.drain()
    [mail] = mail_server.mails
    assert mail_server.envelopes == [("queue@city.example.jp", [ADDRESS])]
    assert mail["Subject"] == f"{mine['label']}番のかた、6番窓口へお越しください。"
    assert (mail["From"], mail["To"]) == ("市民課 <queue@city.example.jp>", ADDRESS)
    assert re.fullmatch(r"<[0-9a-f]{32}@city\.example\.jp>", mail["Message-ID"])
    assert parsedate_to_datetime(mail["Date"]) == clock.now()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "この窓口へお越しください" in mail.get_content()
    assert mine["token"] not in mail.as_string(), "a token does not travel by mail"


def test_near_is_mailed_in_the_language_of_the_page(
    api: Api, mine: Ticket, wish: Wish, notifier: Notifier, mail_server: MailServer
) -> None:
    wish(mine, "mail", {**BODY, "near": {"unit": "people", "value": 4}, "language": "en"})
    notifier.drain()
    [mail] = mail_server.mails
    assert mine["label"] in mail["Subject"]
    call(api, mine)
    notifier.drain()
    assert "please come to" in mail_server.mails[-1]["Subject"]
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == 2


def test_a_second_address_takes_the_place_of_the_first_and_stopping_forgets_it(
    mine: Ticket, wish: Wish, city: City
) -> None:
    wish(mine, "mail", BODY)
    wish(mine, "mail", {**BODY, "address": "other@example.jp"})
    assert addresses(city) == ["other@example.jp"]
    assert wish(mine, "mail/stop", {}).status_code == 200
    assert addresses(city) == []
    assert b"@mail.example.jp" not in city._store.path.read_bytes()


def test_one_ticket_does_not_write_to_any_number_of_strangers(
    mine: Ticket, wish: Wish, notifier: Notifier, mail_server: MailServer
) -> None:
    near = {"unit": "people", "value": 10}
    answers = []
    for number in range(12):
        answers.append(wish(mine, "mail", {"address": f"stranger{number}@example.jp", "near": near}).status_code)
        notifier.drain()
        wish(mine, "mail/stop", {})
    assert answers == [200] * 10 + [429] * 2
    assert len(mail_server.mails) == 10


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hanako",
        "hanako@",
        "@example.jp",
        "hanako@example",
        "a b@example.jp",
        "hanako@example.jp\nBcc: all@example.jp",
        "hanako@example.jp,other@example.jp",
        "<hanako@example.jp>",
        "花子@example.jp",
        "a" * 250 + "@b.jp",
    ],
)
def test_what_is_no_mail_address_is_refused(mine: Ticket, wish: Wish, city: City, address: str) -> None:
    answer = wish(mine, "mail", {**BODY, "address": address})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] == "address"
    assert addresses(city) == []


@pytest.mark.parametrize(
    ("reply", "kept"),
    [("550 nobody here", False), ("551 moved", False), ("451 later", True), ("452 full", True)],
)
def test_an_address_that_nobody_has_is_forgotten_and_one_that_is_busy_is_not(
    api: Api,
    mine: Ticket,
    wish: Wish,
    notifier: Notifier,
    mail_server: MailServer,
    city: City,
    reply: str,
    kept: bool,
) -> None:
    wish(mine, "mail", BODY)
    mail_server.refuse = reply
    call(api, mine)
    notifier.drain()
    assert addresses(city) == ([ADDRESS] if kept else [])
    mail_server.refuse = None
    notifier.note("honchosha")
    notifier.drain()
    assert len(mail_server.mails) == int(kept)


def test_a_mail_server_that_is_away_loses_nothing(
    api: Api, mine: Ticket, wish: Wish, notifier: Notifier, mail_server: MailServer, city: City
) -> None:
    wish(mine, "mail", BODY)
    mail_server.stop()
    call(api, mine)
    notifier.drain()
    assert addresses(city) == [ADDRESS]
    with MailServer(port=mail_server.port) as back:
        notifier.note("honchosha")
        notifier.drain()
        assert len(back.mails) == 1


@pytest.mark.parametrize("goodbye", ["421 too busy, closing", "500 what?"])
def test_a_mail_that_the_server_has_taken_is_sent_once_however_the_goodbye_ends(
    api: Api,
    mine: Ticket,
    wish: Wish,
    notifier: Notifier,
    mail_server: MailServer,
    goodbye: str,
) -> None:
    mail_server.goodbye = goodbye
    wish(mine, "mail", BODY)
    call(api, mine)
    for _ in range(3):
        notifier.note("honchosha")
        notifier.drain()
    assert len(mail_server.mails) == 1
    assert not notifier._failures


def test_the_reason_of_a_refusal_is_not_lost_over_a_goodbye_that_fails(
    api: Api, mine: Ticket, wish: Wish, notifier: Notifier, mail_server: MailServer, city: City
) -> None:
    mail_server.goodbye, mail_server.refuse = "421 too busy, closing", "550 nobody here"
    wish(mine, "mail", BODY)
    call(api, mine)
    notifier.drain()
    assert addresses(city) == [], "nobody has this address, so it is forgotten"


@pytest.mark.parametrize(("password", "sent"), [("right", 1), ("wrong", 0)])
def test_a_mail_server_that_asks_who_sends_is_told(
    settings: Settings, clock: ManualClock, password: str, sent: int
) -> None:
    with MailServer(user="hall", password="right") as server:
        known = replace(settings, smtp_port=server.port, smtp_user="hall", smtp_password=password)
        assert sent_by(known, clock, server) == sent


def test_without_starttls_nothing_is_said_to_a_server_that_should_have_it(
    settings: Settings, clock: ManualClock, mail_server: MailServer
) -> None:
    assert sent_by(replace(settings, smtp_security=MailSecurity.STARTTLS), clock, mail_server) == 0
    assert sent_by(replace(settings, smtp_security=MailSecurity.TLS), clock, mail_server) == 0


def sent_by(settings: Settings, clock: ManualClock, server: MailServer) -> int:
    with make_app(settings, clock) as app:
        api = Api(app, "honchosha")
        ticket = api.issue().get_json()
        app.test_client().post(f"/api/t/{ticket['token']}/mail", json=BODY)
        app.extensions["queue_server.notifier"].drain()
        return len(server.mails)


def test_without_a_mail_server_there_is_no_mail(settings: Settings, clock: ManualClock) -> None:
    with make_app(replace(settings, smtp_host=None), clock) as app:
        ticket = Api(app, "honchosha").issue().get_json()
        answer = app.test_client().post(f"/api/t/{ticket['token']}/mail", json=BODY)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "mail_off")
        assert "data-mail" not in app.test_client().get(ticket["ticket_url"]).text


def test_the_page_says_that_there_is_mail_and_never_to_whom(mine: Ticket, wish: Wish, app: Flask) -> None:
    client = app.test_client()
    assert "data-mail-form" in client.get(mine["ticket_url"]).text
    wish(mine, "mail", BODY)
    page = client.get(mine["ticket_url"]).text
    assert re.search(r"data-mail-on>", page), "it is shown"
    assert ADDRESS not in page
    assert ADDRESS not in client.get(f"/api/t/{mine['token']}").text


def test_neither_journal_nor_log_names_the_address(
    api: Api,
    mine: Ticket,
    wish: Wish,
    notifier: Notifier,
    mail_server: MailServer,
    city: City,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    from queue_server.logs import configure_logging

    configure_logging("debug")
    caplog.set_level(logging.DEBUG)
    wish(mine, "mail", BODY)
    mail_server.refuse = f"451 {ADDRESS} is busy"
    call(api, mine)
    notifier.drain()
    mail_server.refuse = f"550 {ADDRESS} is unknown"
    notifier.note("honchosha")
    notifier.drain()
    ours = "".join(capfd.readouterr()) + "".join(
        each.getMessage() for each in caplog.records if "mail.log" not in each.name
    )
    assert "mail_refused" in ours
    assert "hanako" not in ours
    assert "hanako" not in str(city._store.database.execute("SELECT * FROM journal").fetchall())


def test_of_an_address_nothing_is_left_on_the_disk_when_the_ticket_has_ended(
    api: Api, mine: Ticket, wish: Wish, notifier: Notifier, city: City, settings: Settings
) -> None:
    def written() -> bytes:
        """The whole of the database, free pages too; the file beside it is emptied into it."""
        city._store.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return b"".join(file.read_bytes() for file in sorted(settings.data_dir.glob("queue.sqlite3*")))

    wish(mine, "mail", BODY)
    assert ADDRESS.encode() in written()
    assert api.move(mine["id"], "cancel").status_code == 200
    notifier.drain()
    assert addresses(city) == []
    assert b"hanako" not in written()


def test_requests_have_their_turn_between_two_wishes(
    api: Api, mine: Ticket, wish: Wish, notifier: Notifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The picking runs in the server's event loop: in a full hall it must not hold up a clerk's command."""
    other = api.issue().get_json()
    for ticket in (mine, other):
        wish(ticket, "mail", BODY)
    turns: list[int] = []
    monkeypatch.setattr(notifier, "_breathe", lambda: turns.append(api.get("/api/sites/honchosha/board").status_code))
    notifier.note("honchosha")
    notifier.pick()
    assert turns == [200, 200]


@pytest.mark.parametrize("end", ["cancelled", "expired", "another address", "stopped"])
def test_of_an_address_that_was_never_reached_nothing_is_left_in_memory_when_it_is_wanted_no_more(
    api: Api,
    mine: Ticket,
    wish: Wish,
    notifier: Notifier,
    mail_server: MailServer,
    city: City,
    clock: ManualClock,
    end: str,
) -> None:
    mail_server.refuse = "451 later"
    wish(mine, "mail", {**BODY, "near": {"unit": "people", "value": 10}})
    notifier.drain()
    call(api, mine)
    notifier.drain()
    assert ADDRESS in str(notifier._failures), "near and the call, once each"
    match end:
        case "cancelled":
            api.move(mine["id"], "no-show")
            assert api.move(mine["id"], "cancel").status_code == 200
        case "expired":
            clock.set(clock.now() + timedelta(days=1))
            city.tick()
        case "another address":
            wish(mine, "mail", {**BODY, "address": "other@example.jp"})
        case _:
            wish(mine, "mail/stop", {})
    notifier.note("honchosha")
    notifier.drain()
    held = str([notifier._failures, notifier._unwritten, notifier._on_their_way])
    assert ADDRESS not in held
    assert ("other@example.jp" in held) == (end == "another address"), "what still fails is still counted"
