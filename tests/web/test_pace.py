"""Who asks too often is slowed down by the key that is theirs, and nobody else; memory has a bound."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.access import Pace, TooOften, guard_of
from queue_server.access import pace as paces
from queue_server.access.buckets import Buckets, Rate
from queue_server.access.pace import DATA, EXTENSION, FORMS, PAGES, rate_of
from queue_server.city import City
from queue_server.domain.roles import Role
from queue_server.settings import Settings
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.apps import make_app
from tests.support.clock import ManualClock
from tests.support.people import signed_in

PHONE, NEIGHBOUR = "192.0.2.1", "192.0.2.2"


class Seconds:
    """A clock for buckets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


# -- buckets -----------------------------------------------------------------------------------------


def test_a_bucket_gives_its_burst_at_once_and_then_one_by_one() -> None:
    seconds, rate = Seconds(), Rate(burst=3, per_minute=60)
    buckets = Buckets(now=seconds)
    assert [buckets.take(rate, "a") for _ in range(3)] == [0, 0, 0]
    assert buckets.take(rate, "a") == pytest.approx(1)
    seconds.now += 0.75
    assert buckets.take(rate, "a") == pytest.approx(0.25), "asking in vain costs nothing"
    seconds.now += 0.25
    assert buckets.take(rate, "a") == 0
    assert buckets.take(rate, "a") == pytest.approx(1)
    assert buckets.take(rate, "b") == 0, "another key has a bucket of its own"


def test_a_bucket_is_never_fuller_than_full() -> None:
    seconds, rate = Seconds(), Rate(burst=2, per_minute=60)
    buckets = Buckets(now=seconds)
    buckets.take(rate, "a")
    seconds.now += 3_600
    assert [buckets.take(rate, "a") for _ in range(3)] == [0, 0, pytest.approx(1)]


def test_in_the_first_minute_no_more_goes_through_than_the_burst_and_a_minutes_rate() -> None:
    seconds, rate = Seconds(), Rate(burst=20, per_minute=40)
    buckets = Buckets(now=seconds)
    taken = 0
    for _ in range(600):
        taken += buckets.take(rate, "a") == 0
        seconds.now += 0.1
    assert taken == pytest.approx(60, abs=1)


def test_the_memory_of_buckets_has_a_bound_whatever_keys_are_made_up() -> None:
    buckets, rate = Buckets(most_keys=100), Rate(burst=1, per_minute=0.001)
    for number in range(1_000):
        assert buckets.take(rate, "token", str(number)) == 0
    assert len(buckets) == 100
    assert buckets.take(rate, "token", "999") > 0, "the latest are remembered"
    assert buckets.take(rate, "token", "0") == 0


# -- every route -------------------------------------------------------------------------------------


def test_every_public_route_has_a_rate_that_fits_it(app: Flask) -> None:
    """A new page that is forgotten here counts as one that is rendered, the stricter of the two."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    public = {endpoint for endpoint in endpoints if (guard := guard_of(app, endpoint)) and guard.public}
    assert public >= paces.READY_BYTES | paces.SENT_BY_ANYBODY, "no endpoint that is gone"
    groups = {rate: {e for e in public if rate_of(e) is rate} for rate in (FORMS, DATA, PAGES, None)}
    assert groups[FORMS] == paces.SENT_BY_ANYBODY
    assert groups[PAGES] == {
        "account.sign_in",
        "display.board",
        "display.calendar",
        "display.city",
        "display.embed",
        "display.status",
        "display.validity",
        "kiosk.page",
    }
    assert groups[None] == {"static", "display.static", "kiosk.static", "health.alive", "health.ready"}
    assert {"api.board", "api.sites", "voice.clip"} <= groups[DATA]


MANY_FROM_ONE_ADDRESS = {"display.alive", "api.line_webhook"}
"""The sign of life of screens, and what LINE sends, which is signed."""


def test_whatever_anybody_may_send_has_the_strictest_rate_but_what_many_send_from_one_address(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        guard = guard_of(app, rule.endpoint)
        if guard is not None and guard.public and "POST" in (rule.methods or ()):
            assert rate_of(rule.endpoint) is (DATA if rule.endpoint in MANY_FROM_ONE_ADDRESS else FORMS), rule


# -- requests ----------------------------------------------------------------------------------------


def get(client: FlaskClient, path: str, address: str = PHONE, **headers: str) -> int:
    return client.get(path, headers={"X-Forwarded-For": address, **headers}).status_code


def test_a_thousand_reloads_a_minute_from_one_address_are_slowed_and_the_others_are_not(
    app: Flask, client: FlaskClient
) -> None:
    app.extensions[EXTENSION] = Pace(pages=Rate(10, 0.1))
    statuses = [get(client, f"/status/{SITE}") for _ in range(1_000)]
    assert (statuses.count(200), statuses.count(429)) == (10, 990)
    assert get(client, f"/status/{SITE}", NEIGHBOUR) == 200
    assert get(client, f"/api/sites/{SITE}/board") == 200, "the page that is open goes on"
    assert get(client, "/healthz") == 200


def test_a_whole_hall_behind_one_address_loads_its_pages_when_the_doors_open(client: FlaskClient) -> None:
    assert [get(client, f"/embed/{SITE}") for _ in range(PAGES.burst)] == [200] * PAGES.burst


def test_the_answer_is_in_the_one_shape_and_says_when_to_come_back(app: Flask, api: Api) -> None:
    seconds = Seconds()
    app.extensions[EXTENSION] = Pace(buckets=Buckets(now=seconds))
    board, headers = f"/api/sites/{SITE}/board", {"X-Forwarded-For": PHONE}
    assert {api.get(board, **headers).status_code for _ in range(DATA.burst)} == {200}
    answer = api.get(board, **headers)
    assert (answer.status_code, answer.get_json()["code"]) == (429, "too_often")
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"
    seconds.now += 1
    assert api.get(board, **headers).status_code == 200


def test_a_device_is_counted_as_itself_wherever_it_asks_from(app: Flask, api: Api) -> None:
    app.extensions[EXTENSION] = Pace(buckets=Buckets(now=Seconds()))
    desk = f"/api/sites/{SITE}/desk"
    for number in range(paces.DEVICE.burst):
        assert api.get(desk, Role.DESK, **{"X-Forwarded-For": f"198.51.100.{number % 200}"}).status_code == 200
    assert api.get(desk, Role.DESK).status_code == 429
    assert api.get(desk, Role.ADMIN).status_code == 200


def test_a_person_is_counted_by_session_and_colleagues_at_the_same_address_are_not(app: Flask, city: City) -> None:
    app.extensions[EXTENSION] = Pace(buckets=Buckets(now=Seconds()))
    sato, tanaka = (signed_in(app.test_client(), city, name) for name in ("sato", "tanaka"))
    statuses = [sato.get(f"/api/sites/{SITE}/desk").status_code for _ in range(paces.PERSON.burst + 5)]
    assert statuses.count(200) in (paces.PERSON.burst, paces.PERSON.burst - 1), "signing in may have asked for one"
    assert statuses[-1] == 429
    assert tanaka.get(f"/api/sites/{SITE}/desk").status_code == 200


def test_who_tries_tokens_is_slowed_by_address_and_a_device_there_goes_on(app: Flask, api: Api) -> None:
    app.extensions[EXTENSION] = Pace(buckets=Buckets(now=Seconds()))
    client = app.test_client()
    guesses = [
        get(client, f"/api/sites/{SITE}/desk", Authorization=f"Bearer {number}")
        for number in range(paces.STRANGERS.burst + 2)
    ]
    assert guesses == [401] * paces.STRANGERS.burst + [429] * 2
    assert api.get(f"/api/sites/{SITE}/desk", Role.DESK, **{"X-Forwarded-For": PHONE}).status_code == 200


def test_forms_that_anybody_may_send_are_slowed_by_address(app: Flask) -> None:
    app.extensions[EXTENSION] = Pace(buckets=Buckets(now=Seconds()))
    client = app.test_client()
    headers = {"X-Forwarded-For": PHONE}
    statuses = [client.post("/desk/sign-out", headers=headers).status_code for _ in range(FORMS.burst + 1)]
    assert 429 not in statuses[:-1]
    assert statuses[-1] == 429
    assert client.get("/desk/sign-in", headers=headers).status_code == 200


def test_the_demos_kiosks_are_counted_by_address(settings: Settings, clock: ManualClock) -> None:
    with make_app(replace(settings, open_kiosk=True), clock) as app:
        app.extensions[EXTENSION] = Pace(buckets=Buckets(now=Seconds()))
        client, path = app.test_client(), f"/api/sites/{SITE}/kiosk"
        statuses = [get(client, path) for _ in range(paces.DEVICE.burst + 1)]
        assert (statuses[-2], statuses[-1]) == (200, 429)
        assert get(client, path, NEIGHBOUR) == 200


@pytest.fixture
def unlimited(settings: Settings, clock: ManualClock) -> Iterator[Flask]:
    with make_app(replace(settings, rate_limits=False), clock) as app:
        yield app


def test_a_measurement_may_switch_the_rates_off_and_mail_is_counted_all_the_same(unlimited: Flask) -> None:
    pace: Pace = unlimited.extensions[EXTENSION]
    for _ in range(2 * PAGES.burst):
        pace.note_public("display.status", PHONE)
    for _ in range(paces.MAIL.burst):
        pace.note_mail("ticket")
    with pytest.raises(TooOften):
        pace.note_mail("ticket")
