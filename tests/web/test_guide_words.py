"""The guide of a site in words: every key has its sentence, and every way through it ends in an answer."""

from collections.abc import Iterable, Iterator, Mapping

import pytest
from flask import Flask
from flask_babel import force_locale

from queue_server import guide_sentences
from queue_server.config import load_profile
from queue_server.domain.guide import Applicant, FeeKind, Item, Outcome, Period, Pin, ProcedureKind, Question, Remark
from queue_server.guide_words import fee_sentence, guide_view, reminder
from queue_server.snapshot import View


@pytest.fixture(autouse=True)
def japanese(app: Flask) -> Iterator[None]:
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        yield


def guide(city: str, site: str) -> dict[str, View]:
    profile = load_profile(city)
    return {each["id"]: each for each in guide_view(profile, profile.sites[site])["procedures"]}


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        (guide_sentences.PROCEDURES, ProcedureKind),
        (guide_sentences.SUMMARIES, ProcedureKind),
        (guide_sentences.APPLICANTS, Applicant),
        (guide_sentences.QUESTIONS, Question),
        (guide_sentences.YES_AND_NO, Question),
        (guide_sentences.ITEMS, Item),
        (guide_sentences.OUTCOMES, Outcome),
        (guide_sentences.PERIODS, Period),
        (guide_sentences.PINS, Pin),
        (guide_sentences.REMARKS, Remark),
    ],
)
def test_every_key_has_its_sentence(table: Mapping[str, object], keys: Iterable[str]) -> None:
    assert set(table) == set(keys)


@pytest.mark.parametrize("city", ["atsugi", "fujisawa", "numazu", "honcho-shisho"])
def test_every_applicant_comes_to_an_answer_whatever_they_hold(city: str) -> None:
    profile = load_profile(city)
    for site in profile.sites.values():
        for procedure in guide_view(profile, site)["procedures"]:
            for applicant in procedure["applicants"]:
                last = [each for each in procedure["answers"] if each["applicant"] == applicant["id"]][-1]
                assert last["when"] == {}, "who knows none of it is answered too"


def test_an_agent_in_atsugi_with_the_letter_is_done_today() -> None:
    renewal = guide("atsugi", "honchosha")["certificate-renewal"]
    assert (renewal["name"], renewal["fee"], renewal["here"], renewal["service"]) == (
        "電子証明書の更新",
        "無料",
        "walk_in",
        "mynumber",
    )
    (answer, ask) = [each for each in renewal["answers"] if each["applicant"] == "voluntary_agent"]
    assert (answer["when"], answer["outcome"], ask["outcome"]) == ({"inquiry_letter": True}, "today", "ask_staff")
    assert [item["text"] for item in answer["visits"][0]["bring"]][2] == "照会書兼回答書（本人が書いて封をしたもの）"


def test_each_question_has_answers_of_its_own_and_a_third_only_where_one_may_not_know() -> None:
    person, _, agent = guide("atsugi", "honchosha")["certificate-renewal"]["applicants"]
    ((pins,), (letter,)) = (person["questions"], agent["questions"])
    assert pins["text"] == "カードの暗証番号を、すべて覚えていますか"
    assert [(each["id"], each["text"]) for each in pins["answers"]] == [
        ("yes", "はい、すべて覚えています"),
        ("no", "いいえ、忘れたものや、はっきりしないものがあります"),
    ]
    assert [each["id"] for each in letter["answers"]] == ["yes", "no", "unknown"]


def test_nobody_is_asked_who_they_are_where_everybody_is_sent_to_the_staff() -> None:
    procedures = guide("atsugi", "honchosha")
    assert [each for each, procedure in procedures.items() if procedure["asks_who"]] == ["certificate-renewal"]
    assert [each for each, procedure in procedures.items() if procedure["answered"]] == ["certificate-renewal"]
    numazu = guide("numazu", "shiyakusho")
    assert numazu["pin-reset"]["asks_who"]
    assert not numazu["change-on-card"]["asks_who"], "the same other procedure for everybody"
    assert numazu["change-on-card"]["answered"]


def test_two_visits_have_two_lists() -> None:
    answers = guide("numazu", "shiyakusho")["pin-reset"]["answers"]
    twice = next(each for each in answers if each["outcome"] == "two_visits")
    assert [visit["title"] for visit in twice["visits"]] == ["1回目の持ち物", "2回目の持ち物"]


def test_a_site_says_whether_it_takes_a_procedure_and_whether_with_a_booking() -> None:
    assert guide("fujisawa", "honcho")["certificate-renewal"]["here"] == "booking"
    renewal = guide("fujisawa", "katase")["certificate-renewal"]
    assert renewal["here"] == "walk_in"
    assert [place["site"] for place in renewal["places"] if place["here"]] == ["katase"]
    assert len(renewal["places"]) == 13
    assert renewal["booking"]["phone"] == "0466-50-8260"
    assert guide("fujisawa", "katase")["loss"]["booking"] is None


def test_another_procedure_is_named() -> None:
    answers = guide("numazu", "shiyakusho")["pin-change"]["answers"]
    other = next(each for each in answers if each["outcome"] == "other_procedure")
    assert other["see"] == {"id": "pin-reset", "name": "暗証番号の再設定・ロックの解除"}


@pytest.mark.parametrize(
    ("fees", "sentence"),
    [(None, ""), ({}, "無料"), ({FeeKind.CARD: 800, FeeKind.CERTIFICATES: 1200}, "カード 800円＋電子証明書 1,200円")],
)
def test_a_fee_is_said_where_the_documents_say_it(fees: dict[FeeKind, int] | None, sentence: str) -> None:
    assert fee_sentence(fees) == sentence


def test_the_slip_reminds_of_the_papers_that_most_people_need() -> None:
    assert reminder(load_profile("atsugi"), "mynumber") == [
        "本人のマイナンバーカード",
        "カードの暗証番号（入力します）",
    ]
    assert reminder(load_profile("atsugi"), "shomei") == []


def test_readings_stand_above_japanese_alone(app: Flask) -> None:
    assert guide("atsugi", "honchosha")["loss"]["reading"] == "カードのふんしつ・はいし・さいこうふ"
    with force_locale("en"):
        assert guide("atsugi", "honchosha")["loss"]["reading"] == ""
