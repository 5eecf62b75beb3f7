"""The sentences beside the fields of the profile's parts."""

import re

import pytest
from flask import Flask

from queue_server.config import PROBLEM_CODES, Code, Problem
from queue_server.config.codes import SENTENCES as TERMINAL
from queue_server.config.structure import ChangesRefused, Part, field_problems, with_changes
from queue_server.web.profile_words import SENTENCES, problem_sentence
from tests.config.misfits import MISFITS
from tests.config.mistakes import GOOD


def places(sentence: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", sentence))


def problems(part: Part, part_id: str, value: object) -> list[Problem]:
    with pytest.raises(ChangesRefused) as caught:
        with_changes(GOOD, {"hall": {(part, part_id): value}})
    return [problem for _, problem in field_problems(caught.value, "hall", part, part_id)]


def test_every_code_of_a_part_that_is_edited_has_its_sentence() -> None:
    assert set(SENTENCES) == set(PROBLEM_CODES)


def test_every_code_has_a_sentence_for_the_terminal() -> None:
    assert set(TERMINAL) == set(Code)


@pytest.mark.parametrize("code", PROBLEM_CODES)
def test_a_sentence_fills_in_what_its_problem_has(code: Code) -> None:
    known = places(TERMINAL[code]) | ({"name", "stage"} if code.startswith("unserved") else set())
    assert places(SENTENCES[code]) <= known


def test_whatever_a_form_gets_wrong_is_said_in_a_whole_sentence(app: Flask) -> None:
    with app.test_request_context():
        said = {problem_sentence(each) for misfit in MISFITS.values() for each in problems(*misfit[:3])}
    assert {text for text in said if not text.endswith("。") or "{" in text} == set()
    assert "「業務Y」を扱う窓口がなくなります。ほかの窓口で扱うようにしてから外してください。" in said
    assert "80文字以内で入力してください。" in said
