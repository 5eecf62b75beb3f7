"""The line between kiosk and server: what is heard, handed over and reported, and what happens when it is cut."""

import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask, Response

from kiosk.local import link, remote
from kiosk.local.remote import Address, Away, Remote
from queue_server.domain.kiosks import PrinterState
from queue_server.domain.roles import Role
from queue_server.domain.ticket import Move
from queue_server.hall import Caller, OfflineTicket
from tests.support.api import Api
from tests.support.apps import city_of
from tests.support.cable import Line
from tests.support.clock import ManualClock
from tests.support.kiosk_computer import Alone, alone_beside, served

PATIENCE_SECONDS = 30.0


@pytest.fixture
def alone(app: Flask, api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Alone]:
    monkeypatch.setattr(remote, "PATIENCE", httpx.Timeout(1.0))
    with alone_beside(app, api.site, tmp_path / "kiosk") as alone:
        yield alone


def kiosk_on_desk(api: Api) -> dict[str, Any]:
    view: dict[str, Any] = api.get(f"/api/sites/{api.site}/desk", Role.DESK).get_json()["kiosks"][0]
    return view


def test_the_first_round_learns_everything(alone: Alone, api: Api, clock: ManualClock) -> None:
    assert alone.program.hall.away, "until it was heard"
    assert not alone.program.hall.judged.is_set()
    assert alone.round()
    assert alone.program.hall.judged.is_set()
    setup = alone.program.hall.setup
    assert setup is not None
    assert (setup.site.id, setup.public_url) == (api.site, alone.cable.url)
    assert setup.machine is not None
    assert setup.machine.reserve["s500"].first == 580
    assert alone.board() == {**api.board(), "version": alone.board()["version"], "away": None}
    assert abs(alone.program.hall.clock.now() - clock.now()) < timedelta(seconds=5)


def test_a_board_that_is_the_same_is_not_sent_again(alone: Alone, api: Api) -> None:
    alone.round()
    # The first report of a kiosk is news, which makes a new board.
    alone.round()
    version = alone.board()["version"]
    alone.round()
    assert alone.board()["version"] == version
    api.issue("mynumber")
    alone.round()
    assert alone.board()["version"] > version
    assert alone.service()["waiting"] == ["500"]


@pytest.mark.parametrize("line", [Line.CUT, Line.SILENT, Line.DEAF])
def test_a_line_that_brings_no_answer_is_away_and_says_since_when(alone: Alone, line: Line) -> None:
    alone.round()
    alone.cable.set(line)
    assert not alone.round()
    board = alone.board()
    assert board["away"].startswith("2026-11-24T09:15:")
    assert board["heard_at"] == "2026-11-24T09:15:00+09:00"
    assert board["status"]["open"]
    assert alone.service()["estimate"] is None
    alone.cable.set(Line.CUT)
    alone.find_the_server()
    assert alone.board()["away"] is None


@pytest.mark.parametrize(
    ("status", "body", "type_"),
    [
        (502, "Bad Gateway", "text/html"),
        (503, '{"code": "storage_unavailable"}', "application/json"),
        (302, "", "text/html"),
        (200, "<html>please sign in to the network</html>", "text/html"),
        (200, "[]", "application/json"),
        (200, '{"site": {"id": "elsewhere"}, "version": 1}', "application/json"),
        (404, "no such host", "text/html"),
        (502, '{"code": "server_away", "message": "x"}', "application/json"),
        (429, '{"code": "too_often", "message": "x"}', "application/json"),
    ],
)
def test_what_another_box_answers_is_no_answer(
    alone: Alone, monkeypatch: pytest.MonkeyPatch, status: int, body: str, type_: str
) -> None:
    alone.round()
    other = Flask(__name__)
    other.add_url_rule("/<path:_path>", "all", lambda _path: Response(body, status, content_type=type_))
    with served(other) as port:
        wrong = Remote(replace(alone.settings.address, server=f"http://127.0.0.1:{port}"))
        monkeypatch.setattr(alone.program.link, "_remote", wrong)
        assert not alone.round()
        assert alone.board()["site"]["id"] == alone.site
        wrong.close()


def test_who_is_told_later_does_not_ask_again_at_once(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    alone.round()
    asked: list[str] = []
    busy = Flask(__name__)

    def later(path: str) -> Response:
        asked.append(path)
        return Response('{"code": "too_often", "message": "x"}', 429, content_type="application/json")

    busy.add_url_rule("/<path:path>", "all", later, methods=["POST"])
    with served(busy) as port:
        remote_ = Remote(replace(alone.settings.address, server=f"http://127.0.0.1:{port}"))
        monkeypatch.setattr(alone.program.remote, "issue", remote_.issue)
        assert alone.issue().get_json()["label"] == "580", "a number of its own reserve"
        remote_.close()
    assert asked == [f"api/sites/{alone.site}/tickets"]


def test_a_disk_that_takes_no_note_of_what_was_handed_over_keeps_no_news_away(alone: Alone, api: Api) -> None:
    alone.round()
    alone.lose_the_server()
    alone.issue()
    alone.program.hall.store._store.database.execute("PRAGMA query_only = ON")
    alone.find_the_server()
    api.issue("mynumber")
    assert alone.round()
    assert alone.service()["waiting"] == ["580", "500"]
    alone.program.hall.store._store.database.execute("PRAGMA query_only = OFF")
    assert alone.round()
    assert alone.program.hall.store.outbox() == []
    assert alone.service()["waiting"] == ["580", "500"], "handed over again, and known already"


def test_staff_see_what_a_kiosk_did_alone(alone: Alone, api: Api) -> None:
    alone.round()
    alone.lose_the_server()
    alone.issue()
    alone.find_the_server()
    shown = kiosk_on_desk(api)
    assert (shown["heard"], shown["waiting"], shown["left"]["s500"]) == (True, 0, 19)
    desk = api.get(f"/api/sites/{api.site}/desk", Role.DESK).get_json()
    assert [(each["label"], each["offline"]) for each in desk["tickets"]] == [("580", True)]


def test_the_printer_is_reported_when_it_changes_and_not_each_second(alone: Alone, api: Api) -> None:
    alone.round()
    assert kiosk_on_desk(api)["printer"] is None
    alone.program.link.note_printer(PrinterState.PAPER_OUT)
    alone.round()
    assert kiosk_on_desk(api)["printer"] == "paper_out"
    due = alone.program.link._report_due
    alone.round()
    assert alone.program.link._report_due == due


def test_a_number_that_the_server_refuses_stays_known_as_not_handed_over(
    alone: Alone, app: Flask, api: Api, clock: ManualClock
) -> None:
    alone.round()
    alone.lose_the_server()
    alone.issue()
    alone.issue()
    # What no server does: it has given that number to somebody else.
    somebody = OfflineTicket(uuid.uuid4().hex, uuid.uuid4().hex[:22], "mynumber", 580, clock.now())
    city_of(app).hall(api.site).adopt(Caller("device:other", "other"), somebody)
    alone.find_the_server()
    alone.round()
    assert sorted(api.service("mynumber")["waiting"]) == ["580", "581"]
    assert kiosk_on_desk(api)["waiting"] == 1
    assert [ticket.refused for ticket in alone.program.store.given_out(_today(alone))] == ["label_in_use", None]


def _today(alone: Alone) -> Any:
    return (alone.program.hall.clock.now() + timedelta(hours=9)).date()


def test_a_token_that_was_revoked_gives_no_number_and_loses_none(alone: Alone, app: Flask, api: Api) -> None:
    alone.round()
    alone.lose_the_server()
    alone.issue()
    accounts = city_of(app).accounts
    device = next(each for each in accounts.list_devices() if each.name == "kiosk-1")
    accounts.revoke_device(device.id, actor="operator:test")
    alone.find_the_server()
    refused = alone.issue()
    assert (refused.status_code, refused.get_json()["code"]) == (401, "not_signed_in")
    assert [ticket.label for ticket in alone.program.store.outbox()] == ["580"]


def test_a_change_of_structure_is_learnt_at_once(alone: Alone, api: Api) -> None:
    alone.round()
    path = f"/api/sites/{api.site}/structure/counter/1"
    before = next(
        each
        for each in api.get(f"/api/sites/{api.site}/structure", Role.ADMIN).get_json()["parts"]
        if (each["part"], each["id"]) == ("counter", "1")
    )
    body = {"value": {**before["value"], "name": "特別窓口"}, "revision": 0}
    assert api._client.put(path, json=body, headers=api._authorization(Role.ADMIN)).status_code == 200
    alone.round()
    setup = alone.program.hall.setup
    assert setup is not None
    assert setup.site.counters["1"].name == "特別窓口"


def test_a_kiosk_that_the_profile_does_not_name_passes_on_and_has_nothing_of_its_own(
    app: Flask, api: Api, tmp_path: Path
) -> None:
    with alone_beside(app, api.site, tmp_path / "kiosk", name="kiosk-9") as alone:
        assert alone.round()
        assert alone.issue().get_json()["label"] == "500"
        alone.lose_the_server()
        assert alone.issue().get_json()["code"] == "no_reserve"
        assert not alone.service()["accepting"]
        assert not alone.service()["full"]


def test_a_setup_that_this_version_cannot_read_leaves_the_last_one(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone.round()
    before = alone.program.hall.setup
    asked = alone.program.remote.setup

    def newer() -> Any:
        reply = asked()
        return replace(reply, data={**reply.data, "profile": reply.data["profile"] + "\n[novelty]\n"})

    monkeypatch.setattr(alone.program.remote, "setup", newer)
    alone.program.link._setup_due = 0.0
    assert alone.round()
    assert alone.program.hall.setup is before
    alone.restart()
    assert alone.program.hall.setup is not None


def test_a_board_of_yesterday_shows_an_empty_hall_today(alone: Alone, api: Api, clock: ManualClock) -> None:
    api.issue("mynumber")
    alone.round()
    alone.lose_the_server()
    assert alone.service()["waiting"] == ["500"], "the last that was heard"
    alone.program.hall.clock.hear(clock.now() + timedelta(days=1), simulated=False)
    board = alone.board()
    assert alone.service()["waiting"] == []
    assert board["status"]["open"]
    assert board["as_of"].startswith("2026-11-25T09:15")
    assert alone.issue().get_json()["label"] == "580"


def test_the_thread_goes_on_whatever_happens_in_a_round(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "POLL_SECONDS", 0.01)
    happened = threading.Semaphore(0)
    asked = alone.program.remote.board

    def failing_once(etag: str | None) -> Any:
        happened.release()
        if happened._value == 1:
            raise RuntimeError("a bug")
        return asked(etag)

    monkeypatch.setattr(alone.program.remote, "board", failing_once)
    alone.program.start()
    assert alone.program.hall.judged.wait(PATIENCE_SECONDS)
    for _ in range(3):
        assert happened.acquire(timeout=PATIENCE_SECONDS)
    alone.program.link.wake()


def test_the_token_is_in_no_word_that_might_be_logged() -> None:
    address = Address("http://127.0.0.1:1", "hall", "very-secret")
    assert "very-secret" not in repr(address)
    with pytest.raises(Away) as away:
        Remote(address).board(None)
    assert "very-secret" not in str(away.value)


def test_a_number_called_meanwhile_is_left_to_the_clerk(alone: Alone, app: Flask, api: Api) -> None:
    alone.round()
    alone.lose_the_server()
    ticket = alone.issue().get_json()
    alone.find_the_server()
    hall = city_of(app).hall(api.site)
    hall.move(Caller("device:test", "cancel"), ticket["id"], Move.CANCEL)
    alone.round()
    assert api.service("mynumber")["waiting"] == []
