"""The hall's screens: alive or not, and colours that can be read."""

from datetime import UTC, datetime, timedelta

import pytest

from queue_server.domain.boards import LEAST_CONTRAST, MOST_PAGES, SILENT_AFTER, contrast, heard, says_news

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LATER = NOW + timedelta(seconds=20)


def test_a_screen_is_alive_since_its_first_word_and_silent_after_a_minute() -> None:
    state = heard(heard(None, "a", NOW), "a", LATER)
    assert (state.since, state.heard_at) == (NOW, LATER)
    assert not state.silent_at(LATER + SILENT_AFTER - timedelta(seconds=1))
    assert state.silent_at(LATER + SILENT_AFTER)


def test_a_screen_that_was_silent_is_alive_anew() -> None:
    back = NOW + SILENT_AFTER
    state = heard(heard(None, "a", NOW), "b", back)
    assert (state.since, dict(state.pages)) == (back, {"b": back})


def test_two_pages_of_one_screen_are_told_apart_while_both_speak() -> None:
    state = heard(heard(None, "a", NOW), "b", LATER)
    assert state.pages_at(LATER) == 2
    assert state.pages_at(NOW + SILENT_AFTER) == 1


def test_whoever_opens_pages_without_end_is_counted_no_further() -> None:
    state = None
    for number in range(MOST_PAGES + 5):
        state = heard(state, str(number), NOW)
    assert state is not None
    assert state.pages_at(NOW) == MOST_PAGES
    assert heard(state, "0", LATER).pages["0"] == LATER, "those that are known stay so"


@pytest.mark.parametrize(
    ("page", "at", "news"),
    [("a", LATER, False), ("b", LATER, True), ("a", NOW + SILENT_AFTER, True)],
    ids=["the same", "another page", "after a silence"],
)
def test_staff_are_told_what_is_new(page: str, at: datetime, news: bool) -> None:
    state = heard(None, "a", NOW)
    assert says_news(state, heard(state, page, at), at) is news


def test_the_first_word_is_news() -> None:
    assert says_news(None, heard(None, "a", NOW), NOW)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        # WCAG's own well-known pair: the lightest grey that is still read on white.
        ("#767676", "#ffffff", 4.54),
        ("#0017c1", "#ffffff", 11.1),
    ],
)
def test_the_contrast_is_that_of_wcag_in_either_order(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.05)


def test_a_grey_that_is_a_shade_lighter_is_too_pale() -> None:
    assert contrast("#777777", "#ffffff") < LEAST_CONTRAST < contrast("#767676", "#ffffff")
