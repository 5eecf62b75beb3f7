"""Every answer of every route carries the headers that keep a browser from doing what nobody meant."""

import re
import sqlite3

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from queue_server.access import guard_of
from queue_server.city import City
from queue_server.domain.roles import Role
from queue_server.page_headers import PARTS
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.people import signed_in

KNOWN = {
    "site_id": SITE,
    "counter_id": "6",
    "service_id": "inkan",
    "screen_id": "hall",
    "part": "levels",
    "part_id": "inkan",
    "move_name": "recall",
    "form": "png",
    "deed": "counts",
    "filename": "css/base.css",
    "name": "nothing",
}
LAX_WORDS = ("'unsafe-inline'", "'unsafe-eval'", "http:", "https:", "*", "blob:")


@pytest.fixture
def ticket(api: Api) -> dict[str, str]:
    issued: dict[str, str] = api.issue("inkan").get_json()
    return issued


def address(rule: Rule, ticket: dict[str, str]) -> str:
    known = {**KNOWN, "token": ticket["token"], "ticket_id": ticket["id"]}
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: known.get(found[1], "nothing"), rule.rule)


def check(answer: TestResponse, rule: Rule) -> None:
    headers, what = answer.headers, (rule.rule, answer.status)
    policy = headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff", what
    if answer.mimetype in PARTS and rule.endpoint.endswith("static"):
        assert policy == "default-src 'none'", what
        return
    assert policy.startswith("default-src 'self'"), what
    embedded = rule.endpoint == "display.embed"
    loaded_from = policy.rpartition("; ")[0]
    assert not [word for word in LAX_WORDS if word in loaded_from], (what, policy)
    assert ("frame-ancestors *" if embedded else "frame-ancestors 'none'") in policy, what
    assert {"base-uri 'none'", "object-src 'none'", "form-action 'self'"} <= set(policy.split("; ")), what
    assert headers["Referrer-Policy"] == "no-referrer", what
    shared = embedded or "Access-Control-Allow-Origin" in headers
    assert headers["Cross-Origin-Resource-Policy"] == ("cross-origin" if shared else "same-origin"), what
    if answer.mimetype in ("text/html", "image/svg+xml"):
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", what
        denied = set(headers["Permissions-Policy"].split(", "))
        assert {"camera=()", "microphone=()", "geolocation=()"} <= denied, what


def keeps_nothing(answer: TestResponse) -> bool:
    return "no-store" in answer.headers.get("Cache-Control", "")


def ask(client: FlaskClient, rule: Rule, ticket: dict[str, str]) -> list[TestResponse]:
    """One answer a method; nothing that is sent is a sound form, so that nothing changes."""
    methods = sorted(rule.methods or ())
    return [
        client.open(address(rule, ticket), method=method, headers={"X-Forwarded-For": "192.0.2.7"})
        for method in methods
    ]


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def test_every_answer_to_a_stranger_has_them_and_no_cache_keeps_what_is_not_public(
    app: Flask, ticket: dict[str, str]
) -> None:
    assert len(rules(app)) > 90
    for rule in rules(app):
        guard = guard_of(app, rule.endpoint)
        assert guard is not None, rule
        for answer in ask(app.test_client(), rule, ticket):
            with answer:
                check(answer, rule)
                if not guard.public and answer.request.method != "OPTIONS":
                    assert keeps_nothing(answer), (rule.rule, answer.status, answer.headers.get("Cache-Control"))


def test_every_page_of_staff_has_them_and_is_kept_by_no_cache(app: Flask, city: City, ticket: dict[str, str]) -> None:
    client = signed_in(app.test_client(), city, role=Role.ADMINISTRATOR)
    seen = 0
    for rule in rules(app):
        guard = guard_of(app, rule.endpoint)
        if guard is None or guard.public or "GET" not in (rule.methods or ()):
            continue
        with client.get(address(rule, ticket)) as answer:
            check(answer, rule)
            assert keeps_nothing(answer), (rule.rule, answer.status, answer.headers.get("Cache-Control"))
            seen += answer.status_code == 200
    assert seen > 15


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/nowhere", "GET", 404),
        ("/api/nowhere", "GET", 404),
        ("/static/nowhere.css", "GET", 404),
        ("/static/../../etc/passwd", "GET", 404),
        ("/status/honchosha", "DELETE", 405),
        ("/t/nothing", "GET", 404),
    ],
)
def test_errors_have_them_as_well(client: FlaskClient, path: str, method: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert keeps_nothing(answer)


def test_a_bug_is_answered_with_them_and_without_a_word_about_itself(
    client: FlaskClient, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_token: str) -> None:
        raise sqlite3.ProgrammingError("SELECT secret")

    monkeypatch.setattr(city, "ticket_by_token", broken)
    answer = client.get("/api/t/whatever")
    assert (answer.status_code, answer.get_json()["code"]) == (500, "server_error")
    assert "secret" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_over_https_a_browser_is_told_to_stay_there(client: FlaskClient) -> None:
    answer = client.get("/", base_url="https://queue.example.jp")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_a_body_that_is_too_long_is_refused(client: FlaskClient) -> None:
    answer = client.post("/desk/sign-in", data={"name": "x" * 20_000})
    assert answer.status_code == 413
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
