"""What stands beside the page of a ticket: its worker, the manifest and the icons of a home screen."""

import json
import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from queue_server.city import City
from queue_server.domain.boards import Look
from queue_server.settings import Settings
from queue_server.static_files import digest_of
from tests.support.api import Api


def test_the_worker_names_its_version_and_the_headers_of_what_it_keeps(client: FlaskClient, api: Api) -> None:
    answer = client.get("/t/worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    version, headers = re.findall(r"^const (?:VERSION|HEADERS) = (.*);$", answer.text, re.MULTILINE)
    assert re.fullmatch("[0-9a-f]{16}", json.loads(version))
    page = client.get(api.issue().get_json()["ticket_url"]).headers
    assert {name: page[name] for name in json.loads(headers)} == json.loads(headers)
    again = client.get("/t/worker.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_any_file_that_pages_are_made_with_makes_another_version(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    seen = set()
    for text in ("one", "two"):
        (folder / "page.css").write_text(text)
        seen.add(digest_of({"/static": folder}))
    (folder / "page.css").rename(folder / "other.css")
    seen.add(digest_of({"/static": folder}))
    assert len(seen) == 3


def test_the_manifest_opens_the_page_it_was_added_from_and_names_no_ticket(client: FlaskClient, api: Api) -> None:
    issued = api.issue().get_json()
    page = client.get(issued["ticket_url"]).text
    [address] = re.findall(r'<link rel="manifest" href="([^"]+)">', page)
    answer = client.get(address)
    assert answer.mimetype == "application/manifest+json"
    content = json.loads(answer.text)
    assert "start_url" not in content, "the default is the page's own address"
    assert (content["scope"], content["display"]) == ("/t/", "standalone")
    assert issued["token"] not in answer.text
    for icon in content["icons"]:
        with Image.open(BytesIO(client.get(icon["src"]).data)) as picture:
            assert icon["sizes"] == f"{picture.width}x{picture.height}"
    [home] = re.findall(r'<link rel="apple-touch-icon" href="([^"]+)">', page)
    with Image.open(BytesIO(client.get(home).data)) as picture:
        assert picture.size == (180, 180)
        assert picture.mode == "RGB", "an iPhone paints what is transparent black"


def test_the_icon_has_the_citys_own_colour(client: FlaskClient, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    corner = Image.open(BytesIO(client.get("/t/icon-192.png").data)).getpixel((0, 0))
    assert corner == (0, 0x17, 0xC1)
    monkeypatch.setattr(city, "profile", replace(city.profile, look=Look(accent="#7a1fa2")))
    picture = Image.open(BytesIO(client.get("/t/icon-192.png").data))
    assert picture.getpixel((0, 0)) == (0x7A, 0x1F, 0xA2)
    assert picture.getpixel((96, 58)) == (255, 255, 255)
    assert json.loads(client.get("/t/app.webmanifest").text)["theme_color"] == "#7a1fa2"


@pytest.mark.parametrize("size", [0, 16, 1024, 100_000])
def test_no_other_size_is_drawn(client: FlaskClient, size: int) -> None:
    assert client.get(f"/t/icon-{size}.png").status_code == 404


def test_only_where_web_push_is_on_an_iphone_is_told_of_the_home_screen(
    client: FlaskClient, api: Api, settings: Settings
) -> None:
    assert settings.push_contact is None
    assert "data-home-screen" not in client.get(api.issue().get_json()["ticket_url"]).text
