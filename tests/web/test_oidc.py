"""Signing in through the city's identity provider: a certified one in its own process, and one that goes wrong."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import OctKey, RSAKey
from werkzeug.test import TestResponse

from queue_server.access.throttle import PER_NAME
from queue_server.accounts import Accounts
from queue_server.clock import SystemClock
from queue_server.domain.calendar import local_minute
from queue_server.domain.roles import Role
from queue_server.settings import Settings
from queue_server.storage.database import Store
from queue_server.web import oidc
from tests.support.apps import city_of, make_app
from tests.support.clock import ManualClock
from tests.support.oidc import (
    CALLBACK,
    CLIENT,
    PUBLIC_CLIENT,
    SECRET,
    CrookedProvider,
    Provider,
    crooked_provider,
    running_provider,
)
from tests.support.page_tree import Node, parse
from tests.support.people import CSRF, JAPANESE, PASSWORD, SIGN_IN, add_account, add_person, sign_in
from tests.support.server import Server, free_port

BEGIN = "/desk/sign-in/provider"
DESK = "/desk/honchosha/6"
FAILED = "市の認証でサインインできませんでした。もう一度お試しください。"
UNREACHABLE = "市の認証につながりません。しばらくしてから、もう一度お試しください。"
DENIED = "市の認証でのサインインが取りやめられました。"
UNKNOWN = "市の認証は通りましたが、利用者として登録されていません。管理者にお知らせください。"


PORT = free_port()


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider(CALLBACK, f"http://127.0.0.1:{PORT}{BEGIN}/callback") as provider:
        yield provider


@pytest.fixture(scope="module")
def crooked_server() -> Iterator[CrookedProvider]:
    with crooked_provider() as provider:
        yield provider


@pytest.fixture
def crooked(crooked_server: CrookedProvider) -> CrookedProvider:
    """A provider that does right until the test spoils it."""
    crooked_server.do_right()
    return crooked_server


@pytest.fixture(autouse=True, scope="module")
def _no_proxy() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield


@contextmanager
def hall(settings: Settings, clock: ManualClock, issuer: str, **more: str | None) -> Iterator[Flask]:
    """The application connected to a provider; sato may sign in through it, tanaka has a password."""
    values = {"oidc_client_id": CLIENT, "oidc_client_secret": SECRET, **more}
    with make_app(replace(settings, oidc_issuer=issuer, **values), clock) as app:  # type: ignore[arg-type]
        add_person(city_of(app), "sato", password=None)
        add_person(city_of(app), "tanaka", Role.ADMINISTRATOR)
        yield app


@contextmanager
def shared_hall(directory: Path, issuer: str) -> Iterator[Flask]:
    """A hall for several tests, which do not change it."""
    settings = Settings(directory / "data", "atsugi", log_level="warning")
    with hall(settings, ManualClock(local_minute("2026-11-24T09:15")), issuer) as app:
        yield app


@pytest.fixture(scope="module")
def connected_hall(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with shared_hall(tmp_path_factory.mktemp("connected"), provider.issuer) as app:
        yield app


@pytest.fixture
def connected(connected_hall: Flask) -> FlaskClient:
    """A browser of a hall that is connected to the certified provider."""
    return connected_hall.test_client()


@pytest.fixture(scope="module")
def fooled_hall(crooked_server: CrookedProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with shared_hall(tmp_path_factory.mktemp("fooled"), crooked_server.issuer) as app:
        yield app


@pytest.fixture
def fooled(fooled_hall: Flask, crooked: CrookedProvider) -> FlaskClient:
    """A browser of a hall that is connected to the provider that goes wrong, and knows nothing of it yet."""
    fooled_hall.extensions[oidc.EXTENSION].server_metadata.clear()
    crooked.asked.clear()
    return fooled_hall.test_client()


def begin(client: FlaskClient, wanted: str = DESK) -> str:
    """Press the button; the address of the provider that the browser is sent to."""
    answer = client.get(BEGIN, query_string={"next": wanted})
    assert answer.status_code == 302, answer.text
    return answer.location


def come_back(client: FlaskClient, address: str) -> TestResponse:
    """Let the browser follow where the provider sends it."""
    assert address.startswith(CALLBACK)
    return client.get(address.removeprefix("http://localhost"))


def sentence(client: FlaskClient, answer: TestResponse) -> str:
    """What the sign-in page says that an answer leads to."""
    assert answer.status_code == 303
    assert answer.location.startswith(SIGN_IN + "?provider=")
    return page_of(client, answer.location).one(role="alert").text


def page_of(client: FlaskClient, path: str = SIGN_IN) -> Node:
    return parse(client.get(path, headers=JAPANESE).text)


def is_in(client: FlaskClient) -> bool:
    return client.get("/api/sites/honchosha/desk").status_code == 200


def test_a_person_signs_in_and_gets_back_to_where_they_were(connected: FlaskClient, provider: Provider) -> None:
    answer = come_back(connected, provider.sign_in(begin(connected), "sato"))
    assert answer.location == DESK
    assert parse(connected.get(DESK).text).one(class_="bar__name").text == "sato"
    journal = city_of(connected.application).accounts._store.database
    last = journal.execute("SELECT kind, actor, body FROM journal ORDER BY seq DESC").fetchone()
    assert last[:2] == ("sign_in", "staff:sato")
    assert '"signs_in":"provider"' in last[2]


@pytest.mark.parametrize(
    ("settled", "login", "name"),
    [
        ({"oidc_client_id": PUBLIC_CLIENT, "oidc_client_secret": None}, "sato", "sato"),
        ({"oidc_claim": "email"}, "sato", "sato@city.example"),
        ({"oidc_claim": "sub"}, "sato", "sato"),
    ],
    ids=["a public client", "another claim", "the subject"],
)
def test_the_settings_say_which_client_and_which_claim(
    settings: Settings,
    clock: ManualClock,
    provider: Provider,
    settled: dict[str, str | None],
    login: str,
    name: str,
) -> None:
    with hall(settings, clock, provider.issuer, **settled) as app:
        if name != "sato":
            add_person(city_of(app), name, password=None)
        client = app.test_client()
        assert come_back(client, provider.sign_in(begin(client), login)).location == DESK
        assert parse(client.get(DESK).text).one(class_="bar__name").text == name


def test_the_provider_is_asked_with_pkce_state_and_nonce(connected: FlaskClient) -> None:
    query = parse_qs(urlsplit(begin(connected)).query)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43
    assert len(query["state"][0]) >= 20
    assert len(query["nonce"][0]) >= 20
    assert query["redirect_uri"] == [CALLBACK]


def test_an_answer_is_taken_once(connected: FlaskClient, provider: Provider) -> None:
    callback = provider.sign_in(begin(connected), "sato")
    come_back(connected, callback)
    connected.delete_cookie("queue_session")
    assert sentence(connected, come_back(connected, callback)) == FAILED
    assert not is_in(connected)


def test_the_provider_itself_refuses_a_code_that_was_used(connected: FlaskClient, provider: Provider) -> None:
    """Also with a copy of the cookie from before, which still carries the state."""
    callback = provider.sign_in(begin(connected), "sato")
    before = connected.get_cookie("queue_session")
    assert before is not None
    come_back(connected, callback)
    connected.set_cookie("queue_session", before.value)
    assert sentence(connected, come_back(connected, callback)) == FAILED
    assert not is_in(connected)


def test_an_answer_in_another_browser_is_refused(connected: FlaskClient, provider: Provider) -> None:
    callback = provider.sign_in(begin(connected), "sato")
    other = connected.application.test_client()
    assert sentence(other, come_back(other, callback)) == FAILED
    assert not is_in(other)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda url: url.replace("code=", "code=x"),
        lambda url: url.replace("state=", "state=x"),
        lambda url: url.replace("iss=http%3A%2F%2F127", "iss=http%3A%2F%2F128"),
        lambda url: CALLBACK + "?code=x",
        lambda url: CALLBACK,
        lambda url: CALLBACK + "?error=server_error&error_description=%3Cb%3Eno",
    ],
    ids=["code", "state", "issuer", "no state", "nothing", "an error"],
)
def test_an_answer_that_was_tampered_with_is_refused(
    connected: FlaskClient, provider: Provider, tamper: Callable[[str], str]
) -> None:
    callback = provider.sign_in(begin(connected), "sato")
    assert tamper(callback) != callback
    assert sentence(connected, come_back(connected, tamper(callback))) == FAILED
    assert not is_in(connected)


@pytest.mark.parametrize("field", ["nonce", "code_verifier"])
def test_an_answer_to_another_question_is_refused(connected: FlaskClient, provider: Provider, field: str) -> None:
    callback = provider.sign_in(begin(connected), "sato")
    with connected.session_transaction() as session:
        [key] = [key for key in session if key.startswith("_state_")]
        session[key] = {**session[key], "data": {**session[key]["data"], field: "x" * 48}}
    assert sentence(connected, come_back(connected, callback)) == FAILED
    assert not is_in(connected)


def test_whoever_gives_up_at_the_provider_is_told_so_and_may_try_again(
    connected: FlaskClient, provider: Provider
) -> None:
    answer = come_back(connected, provider.give_up(begin(connected)))
    assert sentence(connected, answer) == DENIED
    assert page_of(connected, answer.location).one(name="next").attrs["value"] == DESK, "the way back is kept"
    assert come_back(connected, provider.sign_in(begin(connected), "sato")).location == DESK


@pytest.mark.parametrize("login", ["suzuki", "tanaka"], ids=["nobody", "who has a password"])
def test_the_provider_makes_nobody_and_takes_nobodys_account(
    connected: FlaskClient, provider: Provider, login: str
) -> None:
    assert sentence(connected, come_back(connected, provider.sign_in(begin(connected), login))) == UNKNOWN
    assert not is_in(connected)
    people = city_of(connected.application).accounts.list_staff()
    assert "suzuki" not in [person.name for person in people]


def test_a_disabled_person_is_let_in_no_more(connected: FlaskClient, provider: Provider) -> None:
    accounts = city_of(connected.application).accounts
    left = add_person(city_of(connected.application), "yamada", password=None)
    accounts.disable(left.id, actor="staff:tanaka")
    assert sentence(connected, come_back(connected, provider.sign_in(begin(connected), "yamada"))) == UNKNOWN


def test_a_person_of_the_provider_has_no_password_to_sign_in_with(connected: FlaskClient) -> None:
    assert sign_in(connected, "sato", PASSWORD).status_code == 401
    assert sign_in(connected, "tanaka", PASSWORD).status_code == 303


def test_attempts_that_were_given_up_do_not_fill_the_cookie(connected: FlaskClient, provider: Provider) -> None:
    for _ in range(5):
        address = begin(connected)
    with connected.session_transaction() as session:
        assert len([key for key in session if key.startswith("_state_")]) == 1
    assert come_back(connected, provider.sign_in(address, "sato")).location == DESK


def test_the_way_back_never_leads_to_another_host(connected: FlaskClient, provider: Provider) -> None:
    address = begin(connected, wanted="https://example.com/")
    assert come_back(connected, provider.sign_in(address, "sato")).location == "/desk"


def test_the_secret_the_code_and_the_name_stand_in_no_address_and_no_log(
    settings: Settings, clock: ManualClock, provider: Provider, capsys: pytest.CaptureFixture[str]
) -> None:
    with hall(replace(settings, log_level="debug"), clock, provider.issuer) as app:
        client = app.test_client()
        address = begin(client)
        callback = provider.sign_in(address, "suzuki")
        answer = come_back(client, callback)
    said = capsys.readouterr().err
    assert '"event": "provider_sign_in_failed"' in said
    assert '"reason": "unknown_person"' in said
    assert SECRET not in address + callback + answer.location + said
    assert parse_qs(urlsplit(callback).query)["code"][0] not in answer.location + said
    assert "suzuki" not in answer.location + said


def test_the_button_stands_there_when_a_provider_is_set(connected: FlaskClient) -> None:
    button = page_of(connected, f"{SIGN_IN}?next={DESK}").one(class_="sign-in__provider")
    assert (button.text, button.attrs["href"]) == ("市の認証でサインイン", f"{BEGIN}?next={DESK}")


def test_the_button_says_what_the_settings_say(settings: Settings, clock: ManualClock) -> None:
    with hall(settings, clock, "https://id.example", oidc_label="職員ポータルで入る") as app:
        assert page_of(app.test_client()).one(class_="sign-in__provider").text == "職員ポータルで入る"


@pytest.mark.parametrize("path", [BEGIN, f"{BEGIN}/callback"])
def test_without_a_provider_there_is_no_such_way(client: FlaskClient, path: str) -> None:
    assert page_of(client).all(class_="sign-in__provider") == []
    assert client.get(path).status_code == 404


def test_a_provider_that_does_right_lets_a_person_in(fooled: FlaskClient, crooked: CrookedProvider) -> None:
    """So that what the next tests spoil is what makes the difference."""
    assert come_back(fooled, crooked.callback(begin(fooled))).location == DESK


def sign_with_our_secret(provider: CrookedProvider) -> None:
    provider.algorithm, provider.signing_key = "HS256", OctKey.import_key(SECRET)


def sign_with_another_key(provider: CrookedProvider) -> None:
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "one"}, private=True)


def spoil(**changes: object) -> Callable[[CrookedProvider], None]:
    def change(provider: CrookedProvider) -> None:
        for name, value in changes.items():
            setattr(provider, name, value)

    return change


@pytest.mark.parametrize(
    "go_wrong",
    [
        spoil(claims={"iss": "https://id.example"}),
        spoil(claims={"aud": "another application"}),
        spoil(claims={"nonce": "another"}),
        spoil(claims={"exp": 1_000_000_000}),
        spoil(claims={"sub": None}),
        sign_with_our_secret,
        sign_with_another_key,
        spoil(algorithm="none"),
        spoil(token={"id_token": "nonsense"}),
        spoil(token={"id_token": ""}),
        spoil(token={"id_token": 7}),
        spoil(answers={"/token": (200, b'{"access_token": "a", "token_type": "Bearer"}')}),
        spoil(answers={"/token": (200, b"[]")}),
        spoil(answers={"/token": (200, b"<html>")}),
        spoil(answers={"/token": (400, b'{"error": "invalid_grant"}')}),
        spoil(answers={"/token": (500, b"")}),
        spoil(answers={"/jwks": (200, b"{}")}),
        spoil(answers={"/jwks": (404, b"")}),
        spoil(answers={"/jwks": (200, b'{"keys": [{"kty": "RSA", "n": "!"}]}')}),
    ],
    ids=[
        "issuer", "audience", "nonce", "expired", "no subject", "signed with our secret", "another key", "unsigned",
        "no token", "empty", "a number", "left out", "a list", "no JSON", "invalid grant", "token 500",
        "no keys", "keys 404", "broken key",
    ],
)  # fmt: skip
def test_a_proof_that_does_not_hold_lets_nobody_in(
    fooled: FlaskClient, crooked: CrookedProvider, go_wrong: Callable[[CrookedProvider], None]
) -> None:
    callback = crooked.callback(begin(fooled))
    go_wrong(crooked)
    assert sentence(fooled, come_back(fooled, callback)) == FAILED
    assert not is_in(fooled)


@pytest.mark.parametrize(
    ("claims", "userinfo"),
    [
        ({}, {"sub": "employee-1"}),
        ({}, {"sub": "somebody else", "preferred_username": "sato"}),
        ({"preferred_username": " "}, {}),
        ({"preferred_username": 7}, {}),
        ({}, {"sub": "employee-1", "preferred_username": "\udfff"}),
    ],
    ids=["nowhere", "of another subject", "empty", "no text", "half a sign"],
)
def test_a_claim_that_names_nobody_lets_nobody_in(
    fooled: FlaskClient, crooked: CrookedProvider, claims: dict[str, object], userinfo: dict[str, object]
) -> None:
    crooked.claims = {"preferred_username": None, **claims}
    crooked.userinfo = userinfo
    assert sentence(fooled, come_back(fooled, crooked.callback(begin(fooled)))) == UNKNOWN


def test_what_the_token_does_not_say_the_provider_is_asked_for(fooled: FlaskClient, crooked: CrookedProvider) -> None:
    crooked.claims = {"preferred_username": None}
    crooked.userinfo = {"sub": "employee-1", "preferred_username": "ｓａｔｏ"}
    assert come_back(fooled, crooked.callback(begin(fooled))).location == DESK


@pytest.mark.parametrize(
    "description",
    [
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'"text"'),
        (404, b""),
        (200, b"{}"),
        (200, b'{"issuer": "https://id.example"}'),
        (200, b'{"issuer": 7}'),
    ],
    ids=str,
)
def test_a_provider_that_does_not_describe_itself_is_not_used(
    fooled: FlaskClient, crooked: CrookedProvider, description: tuple[int, bytes]
) -> None:
    crooked.answers = {"/.well-known/openid-configuration": description}
    assert sentence(fooled, fooled.get(BEGIN)) == FAILED
    crooked.answers = {}
    assert come_back(fooled, crooked.callback(begin(fooled))).location == DESK, "asked again when it does"


def test_a_provider_without_a_door_is_not_used(fooled: FlaskClient, crooked: CrookedProvider) -> None:
    del crooked.metadata["authorization_endpoint"]
    assert sentence(fooled, fooled.get(BEGIN)) == FAILED


def test_a_provider_describes_itself_once_and_its_new_keys_are_fetched(
    fooled: FlaskClient, crooked: CrookedProvider
) -> None:
    come_back(fooled, crooked.callback(begin(fooled)))
    crooked.key = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"}, private=True)
    crooked.signing_key = crooked.key
    again = fooled.application.test_client()
    crooked.kid = "two"
    assert come_back(again, crooked.callback(begin(again))).location == DESK
    assert crooked.asked.count("/.well-known/openid-configuration") == 1


@pytest.mark.parametrize("silent_at", ["/.well-known/openid-configuration", "/token", "/jwks"])
def test_a_provider_that_does_not_answer_is_not_waited_for(
    settings: Settings,
    clock: ManualClock,
    crooked: CrookedProvider,
    monkeypatch: pytest.MonkeyPatch,
    silent_at: str,
) -> None:
    assert oidc.TIMEOUT_SECONDS == 5
    monkeypatch.setattr(oidc, "TIMEOUT_SECONDS", 0.2)
    crooked.silent_at = silent_at
    with hall(settings, clock, crooked.issuer) as app:
        client = app.test_client()
        answer = client.get(BEGIN)
        if answer.status_code == 302:
            answer = come_back(client, crooked.callback(answer.location))
        assert sentence(client, answer) == UNREACHABLE


def test_a_provider_that_is_away_does_not_keep_passwords_out(settings: Settings, clock: ManualClock) -> None:
    with hall(settings, clock, f"http://127.0.0.1:{free_port()}") as app:
        client = app.test_client()
        assert sentence(client, client.get(BEGIN)) == UNREACHABLE
        assert sign_in(client, "tanaka", PASSWORD).status_code == 303


def test_it_works_in_a_real_server_too(tmp_path: Path, provider: Provider) -> None:
    """With the coroutine worker under it all: the provider's answers, argon2 in a thread, the count of failures."""
    environment = {"QUEUE_SERVER_OIDC_ISSUER": provider.issuer, "QUEUE_SERVER_OIDC_CLIENT_ID": CLIENT}
    environment["QUEUE_SERVER_OIDC_CLIENT_SECRET"] = SECRET
    with closing(Store(tmp_path / "data")) as store:
        accounts = Accounts(store, SystemClock())
        add_account(accounts, "sato", password=None)
        add_account(accounts, "tanaka")
    with Server(tmp_path / "data", environment, PORT) as server, server.client() as browser:
        address = browser.get(BEGIN, params={"next": DESK}).headers["Location"]
        back = browser.get(provider.sign_in(address, "sato"))
        assert back.headers["Location"] == DESK
        assert browser.get(DESK).status_code == 200
        with server.client() as other:
            statuses = [guess(other, "tanaka", "wrong password") for _ in range(PER_NAME.amount + 1)]
            assert statuses == [401] * PER_NAME.amount + [429]
            assert guess(other, "tanaka", PASSWORD) == 429
            assert guess(other, "sato", PASSWORD) == 401
        assert SECRET not in server.log.read_text()


def guess(browser: httpx.Client, name: str, password: str) -> int:
    """Try a password over HTTP."""
    csrf = CSRF.search(browser.get(SIGN_IN).text)
    assert csrf
    return browser.post(SIGN_IN, data={"csrf_token": csrf[1], "name": name, "password": password}).status_code
