"""Slips, copies and lists from the server's own kiosk, on a real line to a printer."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk import hall_source
from kiosk.printing import PrintQueue
from queue_server.city import City
from queue_server.config import Settings
from queue_server.domain.roles import Role
from tests.kiosk.conftest import PAGE
from tests.support.api import Api
from tests.support.apps import city_of, make_app
from tests.support.clock import ManualClock
from tests.support.printer import FakePrinter

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def hall(settings: Settings, clock: ManualClock, tmp_path: Path, fake: FakePrinter) -> Iterator[Flask]:
    """The Atsugi hall with a printer at its kiosk."""
    text = (ROOT / "queue_server/profiles/atsugi.toml").read_text("utf-8")
    profile = tmp_path / "printing.toml"
    profile.write_text(text.replace("paper = 80", f'printer = "{fake.address}"\npaper = 80', 1), "utf-8")
    with make_app(Settings(data_dir=settings.data_dir, profile=str(profile), log_level="critical"), clock) as app:
        yield app


class Panel:
    """The browser of the kiosk that the profile names."""

    def __init__(self, app: Flask, csrf: Callable[[FlaskClient], str]) -> None:
        self.api = Api(app, "honchosha")
        token = city_of(app).accounts.create_device("kiosk-1", Role.KIOSK, actor="operator:test")
        self.browser = app.test_client()
        self.browser.post(f"{PAGE}/enroll", data={"token": token, "csrf_token": csrf(self.browser)})
        self._csrf = csrf(self.browser)

    def post(self, path: str, body: dict[str, Any], key: str = "k", **headers: str) -> TestResponse:
        known = {"X-CSRFToken": self._csrf, "Idempotency-Key": key}
        # The application's own JSON writes no half characters, which a request can bring.
        text = json.dumps(body)
        return self.browser.post(
            f"{PAGE}/{path}", data=text, content_type="application/json", headers={**known, **headers}
        )

    def issue(self, service: str = "mynumber") -> dict[str, Any]:
        answer = self.browser.post(
            "/api/sites/honchosha/tickets", json={"service": service}, headers={"X-CSRFToken": self._csrf}
        )
        issued: dict[str, Any] = answer.get_json()
        return issued


@pytest.fixture
def panel(hall: Flask, csrf: Callable[[FlaskClient], str]) -> Panel:
    return Panel(hall, csrf)


def test_the_slip_of_a_number_comes_out_once_and_its_code_opens_the_ticket(
    panel: Panel, fake: FakePrinter, tmp_path: Path
) -> None:
    before, issued = fake.slips, panel.issue()
    answers = [panel.post("slips", {"token": issued["token"]}).get_json() for _ in range(2)]
    assert answers == [{"printed": True, "state": "ready"}] * 2
    assert fake.slips == before + 1
    (code,) = zxingcpp.read_barcodes(fake.last(tmp_path).convert("L"))
    assert code.text == f"http://localhost/t/{issued['token']}"
    assert panel.browser.get(code.text.removeprefix("http://localhost")).status_code == 200


@pytest.fixture
def queues(hall: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[PrintQueue]]:
    """The queues of a server that watches its printers, as one does that runs."""
    made: list[PrintQueue] = []

    class Known(PrintQueue):
        def __init__(self, *words: Any) -> None:
            super().__init__(*words)
            made.append(self)

    monkeypatch.setattr(hall_source, "PrintQueue", Known)
    hall_source.install(hall, city_of(hall), watch=True)
    yield made
    for queue in made:
        queue.stop()


def test_a_printer_is_watched_once_its_kiosk_is_a_browser_of_this_server(
    hall: Flask, panel: Panel, queues: list[PrintQueue]
) -> None:
    """Until then it may be one of a kiosk computer: nothing is asked of it, and nothing said of it."""
    [queue] = queues
    assert panel.api.get("/api/sites/honchosha/kiosk", Role.KIOSK).status_code == 200, "a kiosk computer asks this"
    assert queue._watcher is None
    assert panel.browser.get(f"{PAGE}/paper").status_code == 200
    assert queue._watcher is not None
    for _ in range(500):
        if panel.browser.get(f"{PAGE}/paper").get_json() == {"state": "ready"}:
            break
        queue._watcher.join(0.02)
    desk = panel.api.get("/api/sites/honchosha/desk", Role.DESK).get_json()
    assert desk["kiosks"][0]["printer"] == "ready"


def test_a_kiosk_that_is_a_browser_is_heard_of_for_as_long_as_its_page_is_open(
    app: Flask, city: City, clock: ManualClock, csrf: Callable[[FlaskClient], str]
) -> None:
    """Also one without a printer; a page that asks no more is a kiosk that is off."""
    panel = Panel(app, csrf)

    def told() -> tuple[bool, bool]:
        [machine] = city.halls["honchosha"].desk_view.data["kiosks"]
        return machine["heard"], machine["silent"]

    assert told() == (False, False)
    for _ in range(10):
        assert panel.browser.get(f"{PAGE}/paper").get_json() == {"state": None}
        clock.advance(timedelta(seconds=20))
        city.tick()
        assert told() == (True, False)
    clock.advance(timedelta(seconds=60))
    city.tick()
    assert told() == (True, True)


def test_a_browser_that_the_profile_does_not_name_speaks_for_no_kiosk(kiosk: FlaskClient, city: City) -> None:
    assert kiosk.get(f"{PAGE}/paper").status_code == 200
    [machine] = city.halls["honchosha"].desk_view.data["kiosks"]
    assert not machine["heard"]


@pytest.mark.parametrize("state", ["paper_out", "off"])
def test_without_paper_the_resident_is_told_and_so_are_staff(panel: Panel, fake: FakePrinter, state: str) -> None:
    issued = panel.issue()
    if state == "off":
        fake.tell("deaf yes")
    else:
        fake.tell(state)
    try:
        answer = panel.post("slips", {"token": issued["token"]}).get_json()
    finally:
        fake.tell("deaf no")
    assert answer == {"printed": False, "state": "error" if state == "off" else state}
    desk = panel.api.get("/api/sites/honchosha/desk", Role.DESK).get_json()
    assert desk["kiosks"][0]["printer"] == answer["state"]
    assert desk["tickets"][0]["label"] == issued["label"], "a printer that fails never loses a ticket"


def test_a_copy_is_one_touch_marked_and_journalled(panel: Panel, fake: FakePrinter) -> None:
    issued = panel.issue()
    panel.post("slips", {"token": issued["token"]})
    before = fake.slips
    for key in ("touch", "touch", "another"):
        assert panel.post("reprints", {"token": issued["token"]}, key).get_json()["printed"] is True
    assert fake.slips == before + 2
    halls = city_of(panel.browser.application).audit
    from queue_server.audit import Question

    assert [line.kind.value for line in halls.lines(Question())].count("reprint") == 2


def test_a_list_of_what_to_bring_comes_out_without_a_number(panel: Panel, fake: FakePrinter) -> None:
    before = fake.slips
    body = {"procedure": "certificate-renewal", "applicant": "voluntary_agent", "holds": {"inquiry_letter": True}}
    assert panel.post("lists?lang=en", body, "list").get_json() == {"printed": True, "state": "ready"}
    assert fake.slips == before + 1
    assert panel.api.service("mynumber")["waiting"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"procedure": "none", "applicant": "person", "holds": {}},
        {"procedure": "loss", "applicant": 1, "holds": {}},
    ],
)
def test_a_list_of_nothing_is_refused(panel: Panel, fake: FakePrinter, body: dict[str, Any]) -> None:
    before = fake.slips
    answer = panel.post("lists", body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_fields")
    assert fake.slips == before


@pytest.mark.parametrize("token", ["none", None])
def test_what_is_no_ticket_is_not_printed(panel: Panel, fake: FakePrinter, token: str | None) -> None:
    before = fake.slips
    for path in ("slips", "reprints"):
        assert panel.post(path, {"token": token}).status_code == 404
    assert fake.slips == before


def test_a_browser_that_is_no_kiosk_prints_nothing(hall: Flask, panel: Panel, fake: FakePrinter) -> None:
    before, issued = fake.slips, panel.issue()
    stranger = hall.test_client()
    for path in ("slips", "reprints", "lists", "staff"):
        answer = stranger.post(f"{PAGE}/{path}", json={"token": issued["token"]})
        assert answer.status_code in (302, 303), "led to signing in, as whoever may not"
    assert fake.slips == before


def test_a_kiosk_without_a_printer_says_so(kiosk: FlaskClient, csrf: Callable[[FlaskClient], str], api: Api) -> None:
    headers = {"X-CSRFToken": csrf(kiosk)}
    token = api.issue().get_json()["token"]
    answer = kiosk.post(f"{PAGE}/slips", json={"token": token}, headers=headers)
    assert answer.get_json() == {"printed": False, "state": None}
    assert kiosk.get(f"{PAGE}/paper").get_json() == {"state": None}


def test_the_staff_mode_counts_cancels_prints_and_pauses(panel: Panel, fake: FakePrinter, hall: Flask) -> None:
    city_of(hall).accounts.set_kiosk_pin("honchosha", "2580", actor="operator:test")
    first, second = panel.issue(), panel.issue()
    assert panel.post("staff", {"pin": "1111"}).status_code == 403
    opened = panel.post("staff", {"pin": "2580"}).get_json()
    mode = {"X-Kiosk-Staff": opened["key"]}
    counted = {each["id"]: each for each in opened["services"]}["mynumber"]
    assert (counted["issued"], counted["waiting"], counted["paused"]) == (2, 2, False)
    cancelled = panel.post("staff/cancel", {"label": first["label"]}, "c", **mode).get_json()
    assert cancelled["done"] == f"{first['label']}番を取り消しました。"
    before = fake.slips
    printed = panel.post("staff/reprint", {"label": second["label"]}, "p", **mode).get_json()
    assert (printed["done"], fake.slips) == (f"{second['label']}番の番号札をもう一度印刷しました。", before + 1)
    paused = panel.post("staff/pause", {"service": "mynumber"}, "s", **mode).get_json()
    assert paused["done"] == "「マイナンバー関係」の受付を休止しました。"
    assert panel.api.service("mynumber")["paused"] is True
    panel.post("staff/resume", {"service": "mynumber"}, "r", **mode)
    assert panel.api.service("mynumber")["paused"] is False
    assert panel.post("staff/cancel", {"label": "none"}, "n", **mode).status_code == 404
    assert panel.post("staff/explode", {}, "x", **mode).status_code == 404
    panel.post("staff/leave", {}, **mode)
    assert panel.post("staff/counts", {}, **mode).get_json()["code"] == "staff_mode_ended"


def test_guessing_the_pin_is_slowed_and_a_site_without_one_has_no_staff_mode(panel: Panel, hall: Flask) -> None:
    assert panel.post("staff", {"pin": ""}).status_code == 403
    city_of(hall).accounts.set_kiosk_pin("honchosha", "2580", actor="operator:test")
    for pin in ("1234", "\ud800", "１２３４", "1234"):
        assert panel.post("staff", {"pin": pin}).status_code == 403
    slow = panel.post("staff", {"pin": "2580"})
    assert (slow.status_code, slow.get_json()["code"]) == (429, "too_many_tries")
    assert re.search(r"\d+秒", slow.get_json()["message"])


def test_the_key_of_one_sites_staff_mode_switches_nothing_at_another(settings: Settings, clock: ManualClock) -> None:
    with make_app(replace(settings, profile="numazu"), clock) as app:
        accounts, (here, there) = city_of(app).accounts, list(city_of(app).profile.sites)[:2]
        accounts.set_kiosk_pin(here, "2580", actor="operator:test")
        token = accounts.create_device("kiosk-1", Role.KIOSK, actor="operator:test")
        client = app.test_client()
        headers = {"Authorization": f"Bearer {token}"}
        opened = client.post(f"/kiosk/{here}/staff", json={"pin": "2580"}, headers=headers).get_json()
        headers["X-Kiosk-Staff"] = opened["key"]
        service = next(iter(city_of(app).profile.sites[there].services))
        refused = client.post(f"/kiosk/{there}/staff/pause", json={"service": service}, headers=headers)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "staff_mode_ended")
        assert not next(
            each["paused"] for each in city_of(app).hall(there).staff_counts()["services"] if each["id"] == service
        )
        assert client.post(f"/kiosk/{here}/staff/counts", json={}, headers=headers).status_code == 200
