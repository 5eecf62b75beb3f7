"""What no browser sends is the mistake of whoever sent it: refused, or put right, and never 500."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.domain.roles import Role
from tests.support.api import Api

DEEP = [b"[" * 6_000, b'{"page":' * 1_500]


def asked(client: FlaskClient, path: str, **environ: str) -> TestResponse:
    return client.get(path, environ_overrides=environ)


@pytest.mark.parametrize("path", ["/", "/desk", "/status/honchosha", "/desk/sign-in", "/api/sites", "/nothing"])
def test_bytes_that_are_no_text_in_a_query_are_read_as_if_they_were_written_as_they_have_to_be(
    client: FlaskClient, path: str
) -> None:
    strange = asked(client, path, QUERY_STRING="lang=\xff&\xed\xa0\x80")
    assert strange.status_code == asked(client, path, QUERY_STRING="lang=%ff").status_code < 500


def test_a_query_that_is_sent_as_it_is_typed_is_understood(client: FlaskClient) -> None:
    """A command line or an old browser may; `lang` comes after it."""
    typed = "q=窓口&lang=en".encode().decode("latin-1")
    assert '<html lang="en"' in asked(client, "/", QUERY_STRING=typed).text


@pytest.mark.parametrize("host", ["..", "a..jp", "x" * 64, f"{'x' * 64}.jp:8000", ".jp"])
def test_a_host_that_cannot_be_one_is_400(client: FlaskClient, host: str) -> None:
    for path in ("/", "/api/sites", "/nothing", "/static/css/base.css", "/socket.io/?EIO=4&transport=polling"):
        answer = asked(client, path, HTTP_HOST=host)
        assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed_request")
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["", "[::1]:8000", "hall.city.example.jp:443", "xn--eckwd4c7c.example", "x" * 63])
def test_a_host_that_may_be_one_is_served(client: FlaskClient, host: str) -> None:
    assert asked(client, "/", HTTP_HOST=host).status_code == 200


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//[x]", "http://a]"])
def test_an_origin_that_is_no_address_is_that_of_another_page(api: Api, client: FlaskClient, origin: str) -> None:
    token = api.issue().get_json()["token"]
    for path, body in ((f"/api/t/{token}/leave", {}), (f"/api/t/{token}/mail", {"address": "a@example.jp"})):
        answer = client.post(path, json=body, headers={"Origin": origin})
        assert (answer.status_code, answer.get_json()["code"]) == (403, "foreign_page")
    assert client.post(f"/t/{token}/leave", data={}, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("deep", DEEP, ids=["array", "object"])
def test_json_that_is_nested_too_deep_to_be_read_is_no_json(client: FlaskClient, deep: bytes) -> None:
    answer: Any = client.post("/board/honchosha/main/alive", data=deep, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_fields")


@pytest.mark.parametrize("half", ["\\ud800", "\\uDFFF", "a\\ud83dz", "\\ude00\\ud83d"])
def test_half_a_sign_is_no_text(app: Flask, client: FlaskClient, half: str) -> None:
    """For the addresses of a kiosk's browser Flask itself reads JSON, and the database takes no such text."""
    kiosk = {"Authorization": f"Bearer {Api(app, 'honchosha').tokens[Role.KIOSK]}", "Idempotency-Key": "odd-1"}
    for path, field in (("slips", "token"), ("reprints", "label"), ("staff", "pin")):
        body = f'{{"{field}": "{half}"}}'
        answer = client.post(f"/kiosk/honchosha/{path}", data=body, content_type="application/json", headers=kiosk)
        assert 400 <= answer.status_code < 500, (path, answer.status_code)
    with app.app_context(), pytest.raises(ValueError, match="surrogates not allowed"):
        app.json.loads(f'["{half}"]')


def test_a_whole_sign_in_two_escapes_is_text(app: Flask) -> None:
    assert app.json.loads(r'["\ud83d\ude00", "\\ud800"]') == ["\U0001f600", "\\ud800"]
    assert app.json.loads(rb'["\ud83d\ude00"]') == ["\U0001f600"]
