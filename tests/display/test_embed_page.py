"""A hall inside a frame of the city's own web site."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import SITE
from tests.support.api import Api
from tests.support.page_tree import Node

Open = Callable[..., Node]
EMBED = f"/embed/{SITE}"
ROOT = Path(__file__).resolve().parents[2]


def test_the_frame_says_whether_the_hall_is_open_and_how_crowded_each_service_is(api: Api, open_page: Open) -> None:
    for _ in range(5):
        api.issue()
    page = open_page(EMBED)
    assert page.one(data_opening="").text.startswith("受付中です")
    assert "マイナンバー関係 待ち人数 5人 混雑中" in [row.text for row in page.all(class_="hall__service")]
    assert "9時15分現在" in page.text


def test_it_needs_no_script_and_holds_no_form(open_page: Open) -> None:
    page = open_page(EMBED)
    assert page.tags("script") == page.tags("form") == []


def test_its_link_to_the_whole_page_leaves_the_frame(open_page: Open) -> None:
    whole = [a for a in open_page(EMBED).tags("a") if a.attrs["href"] == f"/status/{SITE}"]
    assert [(a.attrs["target"], a.attrs["rel"]) for a in whole] == [("_blank", "noopener")]


def test_one_service_alone_can_stand_in_the_frame(open_page: Open) -> None:
    page = open_page(f"{EMBED}?service=mynumber")
    assert len(page.all(class_="hall__service")) == 1
    refresh = next(a for a in page.tags("a") if a.text == "最新の情報に更新")
    assert refresh.attrs["href"] == f"{EMBED}?service=mynumber"


@pytest.mark.parametrize("path", ["/embed/nowhere", f"{EMBED}?service=nothing"])
def test_an_address_that_leads_nowhere_helps_inside_the_frame_too(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "ページが見つかりません" in answer.text
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors *")


def test_this_page_alone_may_be_framed(client: FlaskClient) -> None:
    assert client.get(EMBED).headers["Content-Security-Policy"].endswith("frame-ancestors *")
    for path in ("/", f"/status/{SITE}", f"/board/{SITE}", f"/kiosk/{SITE}", "/desk/sign-in", "/nowhere"):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]


def test_the_line_for_a_citys_web_site_leads_to_it(client: FlaskClient) -> None:
    (address,) = re.findall(
        r'<iframe src="https://[^/"]+(/embed/[^"]+)"', (ROOT / "README.ja.md").read_text(encoding="utf-8")
    )
    assert client.get(address).status_code == 200
