"""The first page: every hall of the city."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask.testing import FlaskClient

from queue_server.settings import Settings
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.apps import make_app
from tests.support.clock import ManualClock
from tests.support.page_tree import Node, parse

Open = Callable[..., Node]


def test_a_hall_says_whether_it_is_open_and_leads_to_its_page(open_page: Open) -> None:
    hall = open_page("/").one(class_="hall")
    assert hall.tags("h2")[0].text == "厚木市役所本庁舎1階市民課"
    assert hall.tags("a")[0].attrs["href"] == f"/status/{SITE}"
    assert hall.one(data_opening="").text.startswith("受付中です")


def test_each_service_has_its_people_and_its_level(api: Api, open_page: Open) -> None:
    for _ in range(5):
        api.issue()
    services = [row.text for row in open_page("/").all(class_="hall__service")]
    assert "マイナンバー関係 待ち人数 5人 混雑中" in services
    assert len(services) == 5


def test_staff_find_their_screens_at_the_foot(open_page: Open) -> None:
    links = [a.attrs["href"] for a in open_page("/").tags("nav")[0].tags("a")]
    assert links == ["/desk", f"/board/{SITE}"]


def test_the_doors_to_every_screen_are_only_for_the_demo(
    client: FlaskClient, settings: Settings, clock: ManualClock, tmp_path: Path
) -> None:
    assert "デモの入口" not in client.get("/").text
    with make_app(replace(settings, data_dir=tmp_path / "demo", open_kiosk=True), clock) as demo:
        page = parse(demo.test_client().get("/").text)
    doors = [a.attrs["href"] for a in page.one(class_="demo").tags("a")]
    assert doors == [f"/kiosk/{SITE}", f"/desk/{SITE}", f"/board/{SITE}", f"/status/{SITE}"]
