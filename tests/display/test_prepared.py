"""Pages are rendered once after a change: who has them is told so, everybody else gets the same bytes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient

from display.prepared import Prepared
from queue_server.domain.roles import Role
from queue_server.page_headers import FRESH
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.apps import city_of
from tests.support.clock import ManualClock

STATUS = f"/status/{SITE}"
PAGES = ["/", STATUS, f"/embed/{SITE}", f"/embed/{SITE}?service=inkan", "/?procedure=service.inkan"]


@pytest.fixture
def rendered(app: Flask) -> Iterator[list[str | None]]:
    """The names of the templates that are rendered from now on."""
    names: list[str | None] = []

    def note(_app: Flask, template: object, **_: object) -> None:
        names.append(getattr(template, "name", None))

    with template_rendered.connected_to(note, app):
        yield names


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_rendered_once_after_a_change(
    client: FlaskClient, api: Api, rendered: list[str | None], path: str
) -> None:
    before = client.get(path)
    assert client.get(path).data == before.data
    assert len(rendered) == 1
    api.issue("inkan")
    after = client.get(path)
    assert len(rendered) == 2
    assert after.data != before.data
    assert after.headers["ETag"] != before.headers["ETag"]


@pytest.mark.parametrize("path", PAGES)
def test_who_has_the_page_is_told_so_before_anything_is_rendered(
    client: FlaskClient, api: Api, rendered: list[str | None], path: str
) -> None:
    etag = client.get(path).headers["ETag"]
    rendered.clear()
    unchanged = client.get(path, headers={"If-None-Match": f"W/{etag}"})
    assert (unchanged.status_code, unchanged.data, rendered) == (304, b"", [])
    assert unchanged.headers["Cache-Control"] == FRESH
    api.issue("inkan")
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_each_language_has_its_own_page_and_etag(client: FlaskClient, rendered: list[str | None]) -> None:
    japanese = client.get(STATUS)
    english = client.get(STATUS, headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert b'lang="en"' in english.data
    assert japanese.headers["ETag"] != english.headers["ETag"]
    assert client.get(STATUS, headers={"If-None-Match": japanese.headers["ETag"]}).status_code == 304
    other = client.get(f"{STATUS}?lang=en", headers={"If-None-Match": japanese.headers["ETag"]})
    assert (other.status_code, b"?lang=en" in other.data, b"?lang=en" in english.data) == (200, True, False)
    assert len(rendered) == 3, "its links keep the language of the address"
    assert {"Accept-Language", "Cookie"} <= set(english.headers["Vary"].split(", "))


def test_what_is_no_language_neither_stays_in_the_page_nor_makes_another(
    client: FlaskClient, rendered: list[str | None]
) -> None:
    assert client.get("/?lang=nonsense").data == client.get("/").data
    assert len(rendered) == 1


def test_a_minute_that_goes_by_renews_the_page(
    client: FlaskClient, app: Flask, clock: ManualClock, rendered: list[str | None]
) -> None:
    client.get(STATUS)
    clock.advance(timedelta(minutes=1))
    for hall in city_of(app).halls.values():
        hall.tick()
    assert "9時16分" in client.get(STATUS).text
    assert len(rendered) == 2


def test_a_holder_who_loads_the_page_again_gets_what_was_rendered_until_something_changes(
    client: FlaskClient, api: Api, rendered: list[str | None]
) -> None:
    mine, other = (api.issue("inkan").get_json() for _ in range(2))
    page = client.get(mine["ticket_url"])
    assert client.get(mine["ticket_url"]).data == page.data
    assert len(rendered) == 1
    assert page.headers["Cache-Control"] == "no-store"
    assert "ETag" not in page.headers
    assert client.get(other["ticket_url"]).data != page.data, "each ticket has its own"
    api.counter("4", "open")
    api.counter("4", "call-next")
    assert 'data-state="called"' in client.get(mine["ticket_url"]).text


def test_the_board_is_not_encoded_for_who_has_it(client: FlaskClient, app: Flask, api: Api) -> None:
    path = f"/api/sites/{SITE}/board"
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    api.issue("inkan")
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200
    board = city_of(app).halls[SITE].board
    api.post(f"/api/sites/{SITE}/tickets", {"service": "inkan"}, Role.KIOSK)
    newer = city_of(app).halls[SITE].board
    assert newer is not board
    assert client.get(path, headers={"If-None-Match": f'"{newer.etag}"'}).status_code == 304
    assert "body" not in vars(newer)


def test_no_more_pages_are_kept_than_there_is_room_for() -> None:
    kept, made = Prepared(2), list[str]()

    def page(name: str) -> bytes:
        return kept.page((name,), "1", lambda: made.append(name) or name)  # type: ignore[func-returns-value]

    assert [page(name) for name in ("a", "b", "a", "c", "a", "b")] == [b"a", b"b", b"a", b"c", b"a", b"b"]
    assert made == ["a", "b", "c", "b"], "the one asked for last stays"
