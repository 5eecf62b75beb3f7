"""gzip for what is public and the same for everybody, and never for what holds a secret."""

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.compression import LEAST_BYTES, PUBLIC_PAGES, _gzip
from tests.conftest import SITE
from tests.support.api import Api

STATUS, BOARD, SHEET = f"/status/{SITE}", f"/api/sites/{SITE}/board", "/static/css/base.css"
ACCEPT = {"Accept-Encoding": "br, gzip"}


@pytest.mark.parametrize("path", ["/", STATUS, BOARD, SHEET, f"/embed/{SITE}", "/display/static/js/status.js"])
def test_public_answers_are_smaller_for_who_can_read_them_so(client: FlaskClient, path: str) -> None:
    plain = client.get(path, buffered=True)
    packed = client.get(path, headers=ACCEPT, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("path", [BOARD, SHEET])
def test_who_has_the_packed_answer_is_told_when_nothing_changed(client: FlaskClient, path: str) -> None:
    etag = client.get(path, headers=ACCEPT, buffered=True).headers["ETag"]
    assert etag.startswith('W/"')
    unchanged = client.get(path, headers={**ACCEPT, "If-None-Match": etag}, buffered=True)
    assert (unchanged.status_code, unchanged.data) == (304, b"")


def test_no_page_with_a_secret_is_packed(client: FlaskClient, api: Api) -> None:
    issued = api.issue().get_json()
    for path in (f"/api/t/{issued['token']}", "/desk/sign-in", f"/kiosk/{SITE}", "/nowhere"):
        answer = client.get(path, headers=ACCEPT, buffered=True)
        assert "Content-Encoding" not in answer.headers, path
    view = api.get(f"/api/sites/{SITE}/desk", **ACCEPT)
    assert "Content-Encoding" not in view.headers


def test_the_page_of_a_ticket_is_packed_and_nothing_of_it_stays_in_the_server(client: FlaskClient, api: Api) -> None:
    """Its one secret is its address: who does not know it cannot have it asked for, so its length tells nothing."""
    issued = api.issue().get_json()
    remembered = _gzip.cache_info().currsize
    answer = client.get(issued["ticket_url"], headers=ACCEPT)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert issued["label"] in gzip.decompress(answer.data).decode()
    assert _gzip.cache_info().currsize == remembered
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_packed_page_holds_a_token_or_sets_a_cookie(client: FlaskClient, app: Flask) -> None:
    """What the list of public pages promises, held against the pages themselves."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC_PAGES and not rule.arguments - {"site_id"}:
            path = rule.rule.replace("<site_id>", SITE)
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert not re.search(r'csrf-token"|name="csrf|"token"', answer.text) or rule.endpoint == "api.openapi"
            assert "Set-Cookie" not in answer.headers


def test_small_answers_parts_of_files_and_pictures_leave_as_they_are(client: FlaskClient) -> None:
    small = client.get("/static/css/link-state.css", headers=ACCEPT, buffered=True)
    part = client.get(SHEET, headers={**ACCEPT, "Range": "bytes=0-99"}, buffered=True)
    for answer in (small, part):
        assert "Content-Encoding" not in answer.headers
    assert len(small.data) < LEAST_BYTES
    assert part.status_code == 206
