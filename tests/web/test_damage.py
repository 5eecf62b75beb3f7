"""Damage that is met while the server runs, whoever meets it: nothing is written any more, and every way says so."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from structlog.testing import capture_logs

from queue_server.city import City
from queue_server.context import READINESS
from queue_server.domain.roles import Role
from queue_server.storage.database import CHECKPOINT_EVERY
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.clock import ManualClock
from tests.support.damage import break_head, break_page
from tests.support.people import signed_in

Meet = Callable[[Api, City, ManualClock], None]


def by_the_link_of_a_ticket(api: Api, city: City, _clock: ManualClock) -> None:
    break_page(city._store, "sqlite_autoindex_ticket_2")
    answer = api.get(f"/api/t/{'A' * 22}")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "storage_unavailable")


def by_the_token_of_a_device(api: Api, city: City, _clock: ManualClock) -> None:
    break_page(city._store, "sqlite_autoindex_device_2")
    assert api.issue().status_code == 503


def by_counting_the_days_that_are_over(_api: Api, city: City, clock: ManualClock) -> None:
    city.tick()
    clock.advance(timedelta(minutes=1))
    city.forecasts._counted_until.clear()
    break_page(city._store, "counted_day")
    city.tick()


def by_the_verification_after_midnight(_api: Api, city: City, clock: ManualClock) -> None:
    break_page(city._store, "journal_ticket")
    clock.advance(timedelta(days=1))
    city.tick()
    assert city.verification_failed


def by_a_checkpoint(api: Api, city: City, _clock: ManualClock) -> None:
    for _ in range(CHECKPOINT_EVERY):
        city.prove_writable()
    break_head(city._store)
    city.checkpoint_if_due()


MEETINGS = [
    by_the_link_of_a_ticket,
    by_the_token_of_a_device,
    by_counting_the_days_that_are_over,
    by_the_verification_after_midnight,
    by_a_checkpoint,
]


@pytest.mark.parametrize("meet", MEETINGS)
def test_whoever_meets_damage_ends_all_writing_and_every_screen_says_so(
    app: Flask, api: Api, city: City, clock: ManualClock, meet: Meet
) -> None:
    clerk = signed_in(app.test_client(), city)
    assert api.issue().status_code == 201
    meet(api, city, clock)
    length = city._store.path.with_name(f"{city._store.path.name}-wal").stat().st_size
    assert city.tick() is True
    assert "storage_damaged" in app.extensions[READINESS].problems()
    assert city.hall(SITE).board.data["storage"] == {"writable": False}
    assert api.post(f"/api/sites/{SITE}/counters/1/open", {}, Role.DESK).status_code == 503
    # What can be read is shown: nothing of a file that is no database any more, and in the night nobody is signed in.
    shown = {by_a_checkpoint: 503, by_the_verification_after_midnight: 302}.get(meet, 200)
    assert clerk.get(f"/desk/{SITE}").status_code == shown
    assert city._store.path.with_name(f"{city._store.path.name}-wal").stat().st_size == length


@pytest.mark.parametrize("meet", MEETINGS)
def test_damage_is_logged_and_not_again_each_second(api: Api, city: City, clock: ManualClock, meet: Meet) -> None:
    api.issue()
    with capture_logs() as logs:
        meet(api, city, clock)
        city.tick()
    assert [each["event"] for each in logs if each["log_level"] == "error"].count("storage_unavailable") == 1
    with capture_logs() as logs:
        for _ in range(3):
            city.tick()
            city.checkpoint_if_due()
    assert logs == []
