"""Whom a request comes from: the peer, or what a trusted proxy says, and never what anybody else says."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.access import public
from queue_server.access.addresses import client_address, from_this_machine, from_trusted_proxy
from queue_server.settings import Settings
from tests.support.apps import make_app
from tests.support.clock import ManualClock

LOAD_BALANCER = "10.9.0.7"


@pytest.fixture
def asked(settings: Settings, clock: ManualClock) -> Iterator[FlaskClient]:
    """A browser of an application that says what it takes a request for, behind a load balancer it trusts."""
    settings = replace(settings, trusted_proxies="127.0.0.1,::1,10.9.0.0/24")
    with make_app(settings, clock) as app, app.test_client() as client:
        app.add_url_rule("/address", "address", public(client_address))
        app.add_url_rule("/here", "here", public(lambda: str(from_this_machine())))
        app.add_url_rule("/trusted", "trusted", public(lambda: str(from_trusted_proxy())))
        yield client


def ask(client: FlaskClient, path: str, peer: str, **headers: str) -> str:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.get(path, headers=named, environ_overrides={"REMOTE_ADDR": peer})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.1.2.3", None, "10.1.2.3"),
        ("10.1.2.3", "203.0.113.9", "10.1.2.3"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", f"198.51.100.7, 203.0.113.9, {LOAD_BALANCER}", "203.0.113.9"),
        ("127.0.0.1", f"203.0.113.9, nonsense, {LOAD_BALANCER}", LOAD_BALANCER),
        (LOAD_BALANCER, "203.0.113.9", "203.0.113.9"),
        ("10.9.1.7", "203.0.113.9", "10.9.1.7"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ("::1", "203.0.113.9", "203.0.113.9"),
        ("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("", "203.0.113.9", "203.0.113.9"),
        ("", None, "None"),
        ("2001:db8::1:2:3:4", None, "2001:db8::/64"),
        ("::ffff:10.1.2.3", None, "10.1.2.3"),
    ],
    ids=str,
)
def test_the_address_is_the_peers_or_what_a_trusted_proxy_says(
    asked: FlaskClient, peer: str, forwarded: str | None, expected: str
) -> None:
    headers = {"X_Forwarded_For": forwarded} if forwarded else {}
    assert ask(asked, "/address", peer, **headers) == expected


@pytest.mark.parametrize(("peer", "trusted"), [("127.0.0.1", True), (LOAD_BALANCER, True), ("10.1.2.3", False)])
def test_only_the_proxies_of_the_settings_are_trusted(asked: FlaskClient, peer: str, trusted: bool) -> None:
    assert ask(asked, "/trusted", peer) == str(trusted)


def test_this_machine_is_loopback_without_a_proxy_in_between(asked: FlaskClient) -> None:
    assert ask(asked, "/here", "127.0.0.1") == "True"
    assert ask(asked, "/here", "::1") == "True"
    assert ask(asked, "/here", "10.1.2.3") == "False"
    assert ask(asked, "/here", "") == "False", "a socket file: whoever may open it, which says nothing"
    for header in ("X_Forwarded_For", "X_Real_IP", "Forwarded", "Via", "X_Forwarded_Proto"):
        assert ask(asked, "/here", "127.0.0.1", **{header: "anything"}) == "False"


def test_without_any_trusted_proxy_everybody_is_their_peer(settings: Settings, clock: ManualClock) -> None:
    with make_app(replace(settings, trusted_proxies="none"), clock) as app:
        add_address(app)
        assert ask(app.test_client(), "/address", "127.0.0.1", X_Forwarded_For="203.0.113.9") == "127.0.0.1"


def add_address(app: Flask) -> None:
    app.add_url_rule("/address", "address", public(client_address))
