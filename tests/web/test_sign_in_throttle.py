"""Guessing is slowed down, and no clerk is locked out for the morning."""

import time

import pytest
from flask import Flask
from limits import RateLimitItemPerSecond
from werkzeug.test import TestResponse

from queue_server.access import TooManyAttempts
from queue_server.access.throttle import EXTENSION, PER_ADDRESS, PER_NAME, Throttle
from queue_server.city import City
from tests.support.page_tree import parse
from tests.support.people import PASSWORD, add_person, sign_in

HALL, HOME = "10.1.2.3", "203.0.113.9"


@pytest.fixture(autouse=True)
def _people(city: City) -> None:
    add_person(city)
    add_person(city, "tanaka")


def attempt(app: Flask, password: str = "wrong password", name: str = "sato", address: str = HALL) -> TestResponse:
    """Sign in from a browser of its own, behind the proxy of the hall."""
    client = app.test_client()
    client.environ_base["HTTP_X_FORWARDED_FOR"] = address
    return sign_in(client, name, password)


@pytest.fixture
def guessed(app: Flask) -> Flask:
    """The application after somebody in the hall guessed sato's password as often as one may."""
    for _ in range(PER_NAME.amount):
        assert attempt(app).status_code == 401
    return app


def test_after_a_few_guesses_the_form_says_how_long_to_wait(guessed: Flask) -> None:
    answer = attempt(guessed)
    page = parse(answer.text)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 180, "never more than a few minutes"
    assert page.one(role="alert").text == (
        "続けて間違えたため、いまは受け付けられません。3分ほど待ってから、もう一度お試しください。"
    )
    assert page.one(id="name").attrs["value"] == "sato"
    assert "value" not in page.one(id="password").attrs


def test_while_one_waits_the_right_password_is_no_better_than_a_guess(guessed: Flask) -> None:
    assert attempt(guessed, PASSWORD).status_code == 429


def test_a_clerk_signs_in_from_another_address_meanwhile(guessed: Flask) -> None:
    assert attempt(guessed, PASSWORD, address=HOME).status_code == 303


def test_a_colleague_at_the_same_address_is_not_held_up(guessed: Flask) -> None:
    assert attempt(guessed, PASSWORD, name="tanaka").status_code == 303


def test_a_name_in_full_width_is_no_new_name(guessed: Flask) -> None:
    assert attempt(guessed, name=" ｓａｔｏ").status_code == 429


def test_the_right_password_wipes_the_slips_before_it_out(app: Flask) -> None:
    for _ in range(3):
        for _ in range(PER_NAME.amount - 1):
            assert attempt(app).status_code == 401
        assert attempt(app, PASSWORD).status_code == 303


def test_one_address_may_not_try_every_name(app: Flask, city: City) -> None:
    throttle = app.extensions[EXTENSION]
    for number in range(PER_ADDRESS.amount):
        throttle.begin(f"person-{number}", HALL)
        throttle.failed(HALL)
    assert attempt(app, PASSWORD).status_code == 429
    assert attempt(app, PASSWORD, address=HOME).status_code == 303


def test_signing_in_well_never_counts(app: Flask) -> None:
    """A whole hall signs in from one address every morning."""
    throttle = app.extensions[EXTENSION]
    for number in range(2 * PER_ADDRESS.amount):
        throttle.begin(f"person-{number % 40}", HALL)
        throttle.succeeded(f"person-{number % 40}", HALL)
    assert attempt(app, PASSWORD).status_code == 303


def test_waiting_is_over_by_itself_and_trying_on_does_not_prolong_it(app: Flask) -> None:
    throttle = app.extensions[EXTENSION] = Throttle(per_name=RateLimitItemPerSecond(1, 1))
    assert attempt(app).status_code == 401
    deadline = time.monotonic() + 10
    waits = []
    while 0 not in waits:
        assert time.monotonic() < deadline, "the wait never ended"
        waits.append(wait(throttle))
    assert set(waits) == {0, 1}


def wait(throttle: Throttle) -> int:
    """How many seconds sato has to wait at the hall."""
    try:
        throttle.begin("sato", HALL)
    except TooManyAttempts as refused:
        return refused.seconds
    return 0


def test_a_wait_of_less_than_a_minute_is_told_in_seconds(app: Flask) -> None:
    app.extensions[EXTENSION] = Throttle(per_name=RateLimitItemPerSecond(1, 30))
    attempt(app)
    assert "30秒ほど待って" in parse(attempt(app).text).one(role="alert").text
