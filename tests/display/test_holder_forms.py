"""What a ticket's holder does without a script: forms that are answered by a way back to the page."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.access.pace import MAIL
from queue_server.city import City
from queue_server.domain.calendar import local_minute
from queue_server.domain.nearness import NEAR_BY_DEFAULT
from queue_server.notify import MOST_WISHES
from queue_server.settings import MailSecurity, Settings
from tests.support.api import Api
from tests.support.clock import ManualClock
from tests.support.page_tree import Node

Open = Callable[..., Node]
Ticket = dict[str, str]
Press = Callable[..., TestResponse]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Mail and LINE are on; nothing is sent in these tests."""
    return replace(
        settings,
        smtp_host="127.0.0.1",
        smtp_port=9,
        smtp_security=MailSecurity.NONE,
        mail_from="queue@city.example.jp",
        line_channel_secret="0123456789abcdef0123456789abcdef",
        line_channel_access_token="long-lived/token+of=the-city",
        line_basic_id="@123abcde",
    )


@pytest.fixture
def mine(api: Api) -> Ticket:
    """A ticket with one waiting before it: 501."""
    api.issue()
    ticket: Ticket = api.issue().get_json()
    return ticket


@pytest.fixture
def press(client: FlaskClient, mine: Ticket) -> Press:
    """Send the page's form by one of its buttons, as a browser does from a page without referrer."""

    def send(way: str, query: str = "", **fields: str) -> TestResponse:
        headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
        return client.post(f"{mine['ticket_url']}{query}", data={"way": way, **fields}, headers=headers)

    return send


def wishes(city: City) -> list[tuple[str, str, str, int, str]]:
    sql = "SELECT channel, address, near_unit, near_value, language FROM subscription ORDER BY rowid"
    return city._store.database.execute(sql).fetchall()


# -- leaving the line ----------------------------------------------------------------------------


def test_leaving_asks_first_and_the_page_then_says_so(
    client: FlaskClient, api: Api, mine: Ticket, open_page: Open
) -> None:
    page = open_page(mine["ticket_url"])
    [form] = page.all(class_="leave")
    assert form.attrs["action"] == f"{mine['ticket_url']}/leave"
    assert "hidden" not in form.tags("button")[0].attrs
    question = open_page(form.attrs["action"])
    assert question.tags("h1")[0].text == "501番の順番待ちを取りやめますか？"
    assert question.tags("form")[0].attrs == {"class": "answers", "method": "post"}
    assert question.tags("form")[0].tags("a")[0].attrs["href"] == mine["ticket_url"]
    assert api.service("mynumber")["waiting"] == ["500", "501"], "a question changes nothing"
    answer = client.post(form.attrs["action"])
    assert (answer.status_code, answer.headers["Location"]) == (303, mine["ticket_url"])
    assert api.service("mynumber")["waiting"] == ["500"]
    assert open_page(mine["ticket_url"]).one(data_ticket="").attrs["data-state"] == "cancelled"


def test_a_form_sent_twice_or_too_late_leads_to_the_page_as_it_is(
    client: FlaskClient, api: Api, mine: Ticket, open_page: Open
) -> None:
    address = f"{mine['ticket_url']}/leave"
    for _ in range(2):
        assert client.post(address).status_code == 303
    other = api.issue().get_json()
    api.counter("6", "open")
    api.counter("6", "call", {"label": other["label"]})
    answer = client.post(f"{other['ticket_url']}/leave")
    assert (answer.status_code, answer.headers["Location"]) == (303, other["ticket_url"])
    assert open_page(other["ticket_url"]).one(data_ticket="").attrs["data-state"] == "called"
    assert client.get(f"{other['ticket_url']}/leave").status_code == 303, "there is nothing to ask any more"


def test_a_number_brought_back_by_staff_can_be_given_up_again(client: FlaskClient, api: Api, mine: Ticket) -> None:
    for _ in range(2):
        client.post(f"{mine['ticket_url']}/leave")
        assert api.service("mynumber")["waiting"] == ["500"]
        assert api.post(f"/api/tickets/{mine['id']}/undo").status_code == 200
        assert api.service("mynumber")["waiting"] == ["500", "501"]


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.invalid"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}],
    ids=str,
)
def test_a_page_of_another_host_sends_nothing(
    client: FlaskClient, api: Api, mine: Ticket, city: City, headers: dict[str, str]
) -> None:
    assert client.post(f"{mine['ticket_url']}/leave", headers=headers).status_code == 403
    answer = client.post(mine["ticket_url"], data={"way": "mail", "address": "a@example.jp"}, headers=headers)
    assert answer.status_code == 403
    assert api.service("mynumber")["waiting"] == ["500", "501"]
    assert wishes(city) == []


def test_an_old_browser_that_says_only_that_the_page_has_no_referrer_is_believed(
    client: FlaskClient, api: Api, mine: Ticket
) -> None:
    form = {"content_type": "application/x-www-form-urlencoded", "headers": {"Origin": "null"}}
    assert client.post(f"{mine['ticket_url']}/leave", **form).status_code == 303
    assert api.service("mynumber")["waiting"] == ["500"]


def test_the_forms_of_yesterday_and_of_nobody_are_pages_that_help(
    client: FlaskClient, mine: Ticket, clock: ManualClock, city: City
) -> None:
    clock.set(local_minute("2026-11-25T08:00"))
    city.tick()
    for path in (mine["ticket_url"], f"{mine['ticket_url']}/leave"):
        assert client.post(path, data={"way": "line"}).status_code == 410
    assert client.get(f"{mine['ticket_url']}/leave").status_code == 410
    assert client.post(f"/t/{'A' * 22}/leave").status_code == 404


def test_the_question_is_neither_kept_nor_passed_on(client: FlaskClient, mine: Ticket) -> None:
    headers = client.get(f"{mine['ticket_url']}/leave").headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")


# -- wishes --------------------------------------------------------------------------------------


def test_mail_is_wished_for_and_ended_by_the_form(press: Press, mine: Ticket, city: City, open_page: Open) -> None:
    answer = press("mail", address=" hanako@example.jp ", near="minutes:10")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{mine['ticket_url']}#wishes-title")
    assert wishes(city) == [("mail", "hanako@example.jp", "minutes", 10, "ja")]
    page = open_page(mine["ticket_url"])
    assert page.one(data_mail_on="").text.startswith("メールでお知らせします。")
    assert "hidden" in page.one(data_mail_form="").attrs
    assert press("mail_stop").status_code == 303
    assert wishes(city) == []


def test_the_language_of_the_page_stays_through_a_form(
    press: Press, mine: Ticket, city: City, open_page: Open
) -> None:
    page = open_page(f"{mine['ticket_url']}?lang=en")
    assert page.one(data_wishes="").attrs["action"] == f"{mine['ticket_url']}?lang=en"
    answer = press("mail", "?lang=en", address="hanako@example.jp")
    assert answer.headers["Location"] == f"{mine['ticket_url']}?lang=en#wishes-title"
    assert [row[4] for row in wishes(city)] == ["en"]


@pytest.mark.parametrize("address", ["", "hanako", "a@b", "a@example.jp\nBcc: b@example.jp", "a" * 250 + "@b.jp"])
def test_an_address_that_cannot_be_one_is_said_beside_the_field(press: Press, city: City, address: str) -> None:
    answer = press("mail", address=address)
    assert answer.status_code == 422
    assert "メールアドレスを確かめてください。" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert wishes(city) == []


def test_typed_addresses_are_counted_here_too(press: Press) -> None:
    statuses = [press("mail", address=f"a{number}@example.jp").status_code for number in range(11)]
    assert statuses == [303] * MAIL.burst + [429]


def test_line_shows_a_code_on_the_page_until_it_is_written(
    press: Press, mine: Ticket, city: City, clock: ManualClock, open_page: Open
) -> None:
    assert "hidden" in open_page(mine["ticket_url"]).one(data_line_code="").attrs
    assert press("line", near="people:5").status_code == 303
    page = open_page(mine["ticket_url"])
    code = page.one(data_line_text="").text
    assert page.one(data_line_link="").attrs["href"] == f"https://line.me/R/oaMessage/%40123abcde/?{code}"
    assert page.one(data_line_until="").text == "このコードは9時45分まで使えます。"
    outcome, wish, _ = city.linking.link(code.replace("-", ""), "U" + "a1" * 16)
    assert (outcome, wish is not None) == ("yes", True)
    page = open_page(mine["ticket_url"])
    assert "hidden" in page.one(data_line_form="").attrs
    assert page.one(data_line_on="").text.startswith("LINEでお知らせします。")
    assert wishes(city) == [("line", "U" + "a1" * 16, "people", 5, "ja")]
    assert press("line_stop").status_code == 303
    assert wishes(city) == []


def test_a_code_that_is_too_old_is_not_shown(press: Press, mine: Ticket, clock: ManualClock, open_page: Open) -> None:
    press("line")
    clock.set(local_minute("2026-11-24T09:45"))
    assert "hidden" in open_page(mine["ticket_url"]).one(data_line_code="").attrs


def test_another_moment_counts_for_every_way(press: Press, mine: Ticket, city: City, client: FlaskClient) -> None:
    assert 'value="near"' not in client.get(mine["ticket_url"]).text
    press("mail", address="a@example.jp")
    assert 'value="near"' in client.get(mine["ticket_url"]).text
    assert press("near", near="minutes:30").status_code == 303
    assert [row[2:4] for row in wishes(city)] == [("minutes", 30)]
    press("near", near="minutes:31")
    assert [row[2:4] for row in wishes(city)] == [(NEAR_BY_DEFAULT.unit.value, NEAR_BY_DEFAULT.value)]


def test_one_wish_too_many_is_said_in_words(press: Press, mine: Ticket, city: City) -> None:
    for number in range(MOST_WISHES):
        press("line")
        code = city.linking.code_of(mine["id"])
        assert code is not None
        city.linking.link(code.code, f"U{number:032x}")
    answer = press("mail", address="a@example.jp")
    assert answer.status_code == 422
    assert "この番号のお知らせ先は、これ以上登録できません。" in answer.text


def test_what_is_no_longer_possible_leads_to_the_page_as_it_is(
    press: Press, client: FlaskClient, mine: Ticket, city: City
) -> None:
    assert press("something").status_code == 303
    client.post(f"{mine['ticket_url']}/leave")
    for way in ("mail", "line"):
        answer = press(way, address="a@example.jp")
        assert (answer.status_code, answer.headers["Location"]) == (303, mine["ticket_url"])
    assert wishes(city) == []
