"""The language is chosen on the page itself, kept on the phone, and goes on in every link."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.languages import LANGUAGES
from tests.conftest import SITE
from tests.support.api import Api
from tests.support.page_tree import Node, parse

Open = Callable[..., Node]
STATUS = f"/status/{SITE}"
CALENDAR = f"{STATUS}/calendar"
PAGES = ["/", "/?procedure=service.inkan", STATUS, f"{CALENDAR}?service=mynumber", "/validity"]
IN_A_FRAME = f"/embed/{SITE}?service=inkan"


def choices(page: Node) -> dict[str, str]:
    """The address of each language, by its own name."""
    return {link.text: link.attrs["href"] for link in page.one(class_="tongues").tags("a")}


def inner_links(page: Node) -> list[str]:
    """The links to public pages of this server, without the choice itself."""
    chosen = choices(page).values()
    found = [link.attrs["href"] for link in page.tags("a") if link.attrs["href"] not in chosen]
    return [href for href in found if href == "/" or href.startswith(("/?", "/status", "/validity", "/embed", "/t/"))]


@pytest.fixture(params=[*PAGES, "ticket", IN_A_FRAME])
def path(request: pytest.FixtureRequest, api: Api) -> str:
    found = str(request.param)
    return urlsplit(api.issue().get_json()["ticket_url"]).path if found == "ticket" else found


def test_every_page_offers_every_language_by_its_own_name(open_page: Open, path: str) -> None:
    page = open_page(path)
    assert list(choices(page)) == list(LANGUAGES.values())
    assert page.one(class_="tongues").tags("strong")[0].text == "日本語"
    assert [link.attrs["lang"] for link in page.one(class_="tongues").tags("a")][:4] == ["ja", "ja", "en", "zh-Hans"]


def test_whoever_chooses_is_led_back_to_the_same_page_in_that_language(client: FlaskClient, path: str) -> None:
    for name, tag in (("やさしい日本語", "easy"), ("English", "en"), ("日本語", "ja")):
        before = parse(client.get(path).text)
        answer = client.get(choices(before)[name], follow_redirects=True)
        page, asked = parse(answer.text), urlsplit(path)
        assert answer.request.path == asked.path
        assert parse_qs(answer.request.query_string.decode()) == {**parse_qs(asked.query), "lang": [tag]}
        assert page.one(class_="tongues").tags("strong")[0].text == name


def test_no_link_of_a_page_forgets_the_language_that_was_asked_for(open_page: Open, path: str) -> None:
    english = open_page(path + ("&" if "?" in path else "?") + "lang=en")
    assert inner_links(english)
    assert [href for href in inner_links(english) if "lang=en" not in href] == []
    assert [href for href in inner_links(open_page(path)) if "lang=" in href] == []


def test_the_choice_is_kept_for_a_year_and_says_nothing_of_its_owner(client: FlaskClient) -> None:
    answer = client.get("/language/vi?page=status&site_id=honchosha", base_url="https://queue.example.jp")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    parts = {part.strip() for part in cookie.split(";")}
    assert {"lang=vi", "Max-Age=31536000", "HttpOnly", "SameSite=Lax", "Path=/", "Secure"} <= parts
    assert (answer.status_code, answer.headers["Cache-Control"]) == (303, "no-store")
    assert '<html lang="vi"' in client.get("/validity", base_url="https://queue.example.jp").text


@pytest.mark.parametrize("path", [*PAGES, IN_A_FRAME])
def test_what_caches_keep_for_everybody_sets_no_cookie_in_any_language(client: FlaskClient, path: str) -> None:
    asked = path + ("&" if "?" in path else "?") + "lang=en"
    assert "Set-Cookie" not in client.get(asked).headers
    assert "Set-Cookie" not in client.get(path).headers


def test_the_page_of_one_cookie_is_never_given_to_another(app: Flask) -> None:
    english, japanese = app.test_client(), app.test_client()
    english.get("/language/en?page=city")
    for _ in range(2):
        assert '<html lang="en"' in english.get(STATUS).text
        assert '<html lang="ja"' in japanese.get(STATUS).text
    etag = english.get(STATUS).headers["ETag"]
    assert japanese.get(STATUS, headers={"If-None-Match": etag}).status_code == 200


def test_a_slip_that_was_taken_in_english_stays_english_on_the_phone(client: FlaskClient, api: Api) -> None:
    address = urlsplit(api.issue().get_json()["ticket_url"]).path
    assert "lang=en" in client.get(f"{address}?lang=en").headers["Set-Cookie"]
    assert "Set-Cookie" not in client.get(f"{address}?lang=en").headers, "it is kept already"
    assert '<html lang="en"' in client.get(address).text
    assert "Set-Cookie" not in client.get(address).headers


@pytest.mark.parametrize(
    "address",
    [
        "/language/xx?page=status&site_id=honchosha",
        "/language/en",
        "/language/en?page=https://evil.example/",
        "/language/en?page=board&site_id=honchosha",
        "/language/en?page=status",
        "/language/en?page=status&site_id=//evil.example",
        "/t/0123456789abcdefghijkl/language/en",
    ],
)
def test_it_leads_to_no_other_page_and_knows_no_other_language(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers


def test_a_tickets_token_stands_in_the_path_alone_which_no_log_keeps(client: FlaskClient, api: Api) -> None:
    ticket = api.issue().get_json()
    page = parse(client.get(urlsplit(ticket["ticket_url"]).path).text)
    for address in choices(page).values():
        assert urlsplit(address).path.startswith(f"/t/{ticket['token']}/language/")
        assert urlsplit(address).query == ""
    answer = client.get(choices(page)["English"])
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
