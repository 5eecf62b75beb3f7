"""The code that links a LINE account with a number."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.linking import LENGTH, SIGNS, code_in, new_code, shown_code

codes = st.text(SIGNS, min_size=LENGTH, max_size=LENGTH)


def test_a_code_has_no_sign_that_is_mistaken_for_another_and_is_no_word() -> None:
    code = new_code(random.Random(7).choice)
    assert len(code) == LENGTH
    assert not set(SIGNS) & set("AEIOUY01")
    assert len(set(SIGNS)) == 28


@given(codes, st.sampled_from(["", "-", " ", "  ", "　", "ー", "−", "－"]), st.booleans(), st.booleans())
def test_a_code_is_read_however_it_is_typed(code: str, between: str, small: bool, wide: bool) -> None:
    text = between.join((code[:4], code[4:]))
    text = text.lower() if small else text
    if wide:
        text = "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalnum() else sign for sign in text)
    assert code_in(f" {text}\n") == code_in(shown_code(code)) == code


@pytest.mark.parametrize(
    "text",
    ["", "こんにちは", "BCDF-GHJ", "BCDF-GHJKL", "BCDF-GHJA", "BCDF-GHJ0", "code BCDF-GHJK", " " * 40 + "BCDFGHJK"],
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert code_in(text) is None
