"""The touch pages on the kiosk computer: its own printer, its staff mode, with the server and without it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from flask import Flask

from kiosk.slip.content import Bilingual
from kiosk.slip.layout import draw_list
from kiosk.slip.words import list_content
from kiosk.source import find_source
from queue_server.audit import Question
from queue_server.domain.roles import Role
from tests.kiosk.test_slip import ink_at_the_edges
from tests.support.api import Api
from tests.support.apps import city_of
from tests.support.cable import Line
from tests.support.kiosk_computer import Alone, alone_beside
from tests.support.printer import FakePrinter

SITE = "honchosha"
PAGE = f"/kiosk/{SITE}"
PIN = "2580"
JOURNALLED = ("issue", "reprint", "cancel")


@pytest.fixture
def alone(app: Flask, tmp_path: Path, fake: FakePrinter) -> Iterator[Alone]:
    """A kiosk computer with a printer, which has heard the server once."""
    city_of(app).accounts.set_kiosk_pin(SITE, PIN, actor="operator:test")
    with alone_beside(app, SITE, tmp_path / "kiosk", printer=fake.address) as alone:
        assert alone.round()
        yield alone


def journalled(app: Flask) -> list[str]:
    """What the journal says was done to tickets, the oldest first."""
    kinds = [line.kind.value for line in city_of(app).audit.lines(Question())]
    return [kind for kind in reversed(kinds) if kind in JOURNALLED]


def issued(alone: Alone) -> dict[str, Any]:
    ticket: dict[str, Any] = alone.issue().get_json()
    return ticket


def staff(alone: Alone, deed: str, body: dict[str, Any], opened: dict[str, Any], key: str = "deed") -> dict[str, Any]:
    headers = {"X-Kiosk-Staff": opened["key"], "Idempotency-Key": key}
    answer: dict[str, Any] = alone.post(f"{PAGE}/staff/{deed}", body, **headers).get_json()
    return answer


def test_before_the_server_was_ever_heard_the_page_asks_for_patience(app: Flask, tmp_path: Path) -> None:
    with alone_beside(app, SITE, tmp_path / "kiosk") as alone:
        answer = alone.get(PAGE)
        assert (answer.status_code, answer.headers["Refresh"]) == (503, "3")
        assert "発券機の準備ができていません。" in answer.text
        alone.round()
        page = alone.get(PAGE)
        assert (page.status_code, "マイナンバー関係" in page.text) == (200, True)


def test_the_page_asks_for_its_board_by_itself_and_knows_of_its_printer(alone: Alone) -> None:
    known = re.search(r'<script type="application/json" id="page">(.*?)</script>', alone.get(PAGE).text)
    assert known is not None
    assert '"polls": true' in known[1]
    assert '"printer": true' in known[1]
    assert alone.get("/kiosk/fujimi").status_code == 404, "another hall's pages are not here"


def test_a_slip_comes_out_of_the_printer_here_once_also_over_a_restart(
    alone: Alone, fake: FakePrinter, tmp_path: Path
) -> None:
    before, ticket = fake.slips, issued(alone)
    for _ in range(2):
        answer = alone.post(f"{PAGE}/slips", {"token": ticket["token"]})
        assert answer.get_json() == {"printed": True, "state": "ready"}
    alone.restart()
    assert alone.post(f"{PAGE}/slips", {"token": ticket["token"]}).get_json()["printed"] is True
    assert fake.slips == before + 1
    (code,) = zxingcpp.read_barcodes(fake.last(tmp_path).convert("L"))
    assert code.text == ticket["ticket_url"], "the server's address, which a phone reaches"


def test_the_code_on_the_screen_is_drawn_for_numbers_of_this_kiosk_alone(alone: Alone) -> None:
    code = alone.get(f"{PAGE}/qr/{issued(alone)['token']}.svg")
    assert (code.status_code, code.mimetype) == (200, "image/svg+xml")
    assert alone.get(f"{PAGE}/qr/another.svg").status_code == 404


def test_staff_at_the_desk_read_that_the_paper_here_is_out(alone: Alone, fake: FakePrinter, api: Api) -> None:
    fake.tell("paper_out")
    assert alone.program.printing.queue.check() == "paper_out"
    alone.round()
    desk = api.get(f"/api/sites/{SITE}/desk", Role.DESK).get_json()
    assert desk["kiosks"][0]["printer"] == "paper_out"
    assert alone.get(f"{PAGE}/paper").get_json() == {"state": "paper_out"}


def test_a_list_of_what_to_bring_needs_neither_number_nor_server(alone: Alone, fake: FakePrinter) -> None:
    alone.lose_the_server()
    before = fake.slips
    body = {"procedure": "certificate-renewal", "applicant": "person", "holds": {"knows_pins": True}}
    assert alone.post(f"{PAGE}/lists?lang=vi", body).get_json() == {"printed": True, "state": "ready"}
    assert fake.slips == before + 1


@pytest.mark.parametrize(
    ("tag", "fee", "period"),
    [
        ("ja", Bilingual("手数料: 無料"), Bilingual("手続きできる期間: 有効期限の3か月前から、有効期限の日まで")),
        (
            "en",
            Bilingual("手数料: 無料", "Fee: Free of charge"),
            Bilingual(
                "手続きできる期間: 有効期限の3か月前から、有効期限の日まで",
                "When it can be done: From three months before expiry until the expiry date",
            ),
        ),
    ],
)
def test_a_list_says_of_what_the_fee_is_and_what_the_period(
    alone: Alone, tag: str, fee: Bilingual, period: Bilingual
) -> None:
    with alone.app.test_request_context(f"{PAGE}?lang={tag}"):
        source = find_source(SITE)
        assert source is not None
        content = list_content(source, "certificate-renewal", "person", {"knows_pins": True}, tag)
    assert content is not None
    assert content.parts[-1].lines[:2] == (fee, period)
    assert content.applicant.ja == "本人が手続きする"
    for dots in (384, 576):
        assert not ink_at_the_edges(draw_list(content, dots), 10)


def test_a_list_of_what_holds_for_everybody_names_nobody(alone: Alone) -> None:
    with alone.app.test_request_context(f"{PAGE}?lang=en"):
        source = find_source(SITE)
        assert source is not None
        content = list_content(source, "certificate-issue", "person", {}, "en")
    assert content is not None
    assert content.applicant == Bilingual("", "")
    assert not ink_at_the_edges(draw_list(content, 384), 10)


# -- the same slip once more -------------------------------------------------------------------------


def test_a_copy_is_journalled_by_the_server_at_once(alone: Alone, app: Flask, fake: FakePrinter) -> None:
    ticket, before = issued(alone), fake.slips
    for key in ("touch", "touch", "another"):
        answer = alone.post(f"{PAGE}/reprints", {"token": ticket["token"]}, **{"Idempotency-Key": key})
        assert answer.get_json()["printed"] is True
    assert journalled(app) == ["issue", "reprint", "reprint"]
    assert fake.slips == before + 2, "one touch, one copy"


def test_a_copy_made_while_the_server_is_away_is_journalled_after_the_number_itself(
    alone: Alone, app: Flask, fake: FakePrinter
) -> None:
    alone.lose_the_server()
    ticket, before = issued(alone), fake.slips
    assert alone.post(f"{PAGE}/reprints", {"token": ticket["token"]}).get_json()["printed"] is True
    assert (fake.slips, journalled(app)) == (before + 1, [])
    alone.restart()
    alone.find_the_server()
    alone.round()
    assert journalled(app) == ["issue", "reprint"]


def test_the_slip_of_a_number_that_is_over_is_not_printed_again(alone: Alone, app: Flask, fake: FakePrinter) -> None:
    ticket = issued(alone)
    opened = alone.post(f"{PAGE}/staff", {"pin": PIN}).get_json()
    staff(alone, "cancel", {"label": ticket["label"]}, opened)
    before = fake.slips
    answer = alone.post(f"{PAGE}/reprints", {"token": ticket["token"]})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "illegal_move")
    assert fake.slips == before


# -- the staff mode ----------------------------------------------------------------------------------


def test_the_staff_mode_here_does_what_the_servers_own_does(alone: Alone, app: Flask, api: Api) -> None:
    elsewhere = api.issue().get_json()
    here = issued(alone)
    assert alone.post(f"{PAGE}/staff", {"pin": "1111"}).status_code == 403
    opened = alone.post(f"{PAGE}/staff", {"pin": PIN}).get_json()
    counted = {each["id"]: each for each in opened["services"]}["mynumber"]
    assert (counted["issued"], counted["waiting"]) == (2, 2)
    for number, ticket in enumerate((elsewhere, here)):
        done = staff(alone, "cancel", {"label": ticket["label"]}, opened, f"cancel-{number}")
        assert done["done"] == f"{ticket['label']}番を取り消しました。"
    assert api.service("mynumber")["waiting"] == []
    for deed, paused in (("pause", True), ("resume", False)):
        assert staff(alone, deed, {"service": "mynumber"}, opened, deed)["done"]
        assert api.service("mynumber")["paused"] is paused
    assert staff(alone, "cancel", {"label": "none"}, opened)["code"] == "unknown_ticket"
    assert journalled(app) == ["issue", "issue", "cancel", "cancel"]


def test_without_the_server_the_staff_mode_opens_and_says_what_cannot_be_done(
    alone: Alone, fake: FakePrinter
) -> None:
    alone.lose_the_server()
    here = issued(alone)
    assert alone.post(f"{PAGE}/staff", {"pin": "1111"}).status_code == 403
    opened = alone.post(f"{PAGE}/staff", {"pin": PIN}).get_json()
    counted = {each["id"]: each for each in opened["services"]}["mynumber"]
    assert counted["issued"] == 1, "what this kiosk gave out by itself"
    before = fake.slips
    assert staff(alone, "reprint", {"label": here["label"]}, opened)["done"]
    assert fake.slips == before + 1
    for deed, body in (("cancel", {"label": here["label"]}), ("pause", {"service": "mynumber"})):
        refused = staff(alone, deed, body, opened)
        assert (refused["code"], "サーバーにつながらない" in refused["message"]) == ("server_away", True)


def test_half_a_character_is_a_wrong_pin_and_no_failure(alone: Alone) -> None:
    assert alone.post(f"{PAGE}/staff", {"pin": "\ud800"}).status_code == 403
    opened = alone.post(f"{PAGE}/staff", {"pin": PIN}).get_json()
    assert staff(alone, "cancel", {"label": "\ud800"}, opened)["code"] == "unknown_ticket"
    alone.lose_the_server()
    assert alone.post(f"{PAGE}/staff", {"pin": "\ud800"}).status_code == 403


def test_a_staff_mode_that_began_without_the_server_asks_for_the_pin_again(alone: Alone) -> None:
    alone.lose_the_server()
    opened = alone.post(f"{PAGE}/staff", {"pin": PIN}).get_json()
    alone.find_the_server()
    here = issued(alone)
    assert staff(alone, "cancel", {"label": here["label"]}, opened)["code"] == "staff_mode_ended"
    again = alone.post(f"{PAGE}/staff", {"pin": PIN}).get_json()
    assert staff(alone, "cancel", {"label": here["label"]}, again)["done"]


def test_a_cable_pulled_inside_the_staff_mode_is_said(alone: Alone) -> None:
    here = issued(alone)
    opened = alone.post(f"{PAGE}/staff", {"pin": PIN}).get_json()
    alone.cable.set(Line.CUT)
    assert staff(alone, "cancel", {"label": here["label"]}, opened)["code"] == "server_away"
    assert staff(alone, "counts", {}, opened)["services"], "what is known here"


def test_a_site_without_a_pin_has_no_staff_mode_here_either(app: Flask, tmp_path: Path) -> None:
    with alone_beside(app, SITE, tmp_path / "kiosk") as alone:
        alone.round()
        assert alone.post(f"{PAGE}/staff", {"pin": PIN}).status_code == 403
        alone.lose_the_server()
        assert alone.post(f"{PAGE}/staff", {"pin": PIN}).status_code == 403
