"""Public pages, fetched as anybody may fetch them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from queue_server.city import City
from queue_server.domain.calendar import local_minute
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.clock import ManualClock
from tests.support.page_tree import Node, parse

Open = Callable[..., Node]


@pytest.fixture
def open_page(client: FlaskClient) -> Open:
    """Fetch a page and parse it; another status than 200 has to be asked for."""

    def fetch(path: str, status: int = 200) -> Node:
        answer = client.get(path)
        assert answer.status_code == status
        assert answer.mimetype == "text/html"
        return parse(answer.text)

    return fetch


@pytest.fixture
def command(api: Api) -> Callable[..., None]:
    """A command of those who run the day, such as ("reception/close", reason="混雑のため"); it must succeed."""

    def send(path: str, **body: object) -> None:
        assert api.post(f"/api/sites/{SITE}/{path}", body).status_code in (200, 201)

    return send


@pytest.fixture
def at(clock: ManualClock, city: City) -> Callable[[str], datetime]:
    """Let it become a local minute, such as 2026-11-24T17:20, and time do its work."""

    def become(minute: str) -> datetime:
        clock.set(local_minute(minute))
        city.tick()
        return clock.now()

    return become
