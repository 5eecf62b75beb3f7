"""The page on which a resident works out when to renew: public, without a word of theirs sent anywhere."""

import json
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from queue_server.domain.validity import Ground, Problem, State
from queue_server.validity_words import validity_words
from tests.conftest import SITE
from tests.support.page_tree import Node

Open = Callable[..., Node]


def test_the_form_has_no_address_and_its_inputs_have_no_names(open_page: Open) -> None:
    form = open_page("/validity").one(data_validity="")
    assert not {"action", "method", "name"} & set(form.attrs)
    assert form.attrs["autocomplete"] == "off"
    inputs = [node for tag in ("input", "select", "button", "textarea") for node in form.tags(tag)]
    assert len(inputs) > 20
    assert [node.attrs for node in inputs if "name" in node.attrs] == []
    assert {node.attrs["autocomplete"] for node in form.tags("select")} == {"off"}


def test_today_is_the_halls_own_day(open_page: Open) -> None:
    assert open_page("/validity").one(data_validity="").attrs["data-today"] == "2026-11-24"


def test_the_sentences_travel_with_the_form(app: Flask, open_page: Open) -> None:
    block = open_page("/validity").one(data_words="")
    with app.test_request_context("/validity"):
        assert json.loads("".join(map(str, block.parts))) == json.loads(json.dumps(validity_words()))


def test_there_is_a_sentence_for_everything_that_the_rules_can_say(app: Flask) -> None:
    with app.test_request_context("/validity"):
        words = validity_words()
    assert set(words["states"]) == set(State)
    assert set(words["advice"]) == set(State) - {State.RENEWABLE}
    assert set(words["grounds"]) == set(Ground) - {Ground.PRINTED}
    assert set(words["problems"]) == set(Problem)


def test_the_page_is_public_sets_no_cookie_and_is_small(client: FlaskClient) -> None:
    answer = client.get("/validity")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers.get("Cache-Control") == client.get("/").headers.get("Cache-Control")
    assert len(answer.data) < 20_000


def test_the_city_and_every_hall_lead_to_it(open_page: Open) -> None:
    for path in ("/", f"/status/{SITE}"):
        [foot] = open_page(path).tags("footer")
        assert "/validity" in [link.attrs["href"] for link in foot.tags("a")]
