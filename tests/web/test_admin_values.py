"""What people type becomes values; what cannot be read stays as it was typed, for the profile's rules to judge."""

import pytest

from queue_server.web.admin_values import hours_of, number_of, text_of, weight_of


@pytest.mark.parametrize(
    ("typed", "number"),
    [("", None), ("  ", None), ("15", 15), (" 15 ", 15), ("１５", 15), ("abc", "abc"), ("-3", -3), ("1.5", "1.5")],
)
def test_a_number(typed: str, number: object) -> None:
    assert number_of(typed) == number


def test_a_number_without_end_is_no_number() -> None:
    assert number_of("9" * 5000) == "9" * 5000


@pytest.mark.parametrize(("typed", "weight"), [("", None), ("2", 2), ("２．５", 2.5), ("0.25", 0.25), ("x", "x")])
def test_a_weight(typed: str, weight: object) -> None:
    assert weight_of(typed) == weight


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("08:30-12:00", "08:30-12:00"),
        ("8:30-12:00", "08:30-12:00"),
        ("830-1200", "08:30-12:00"),
        ("８：３０〜１２：００", "08:30-12:00"),
        (" 8:30 ー 12:00 ", "08:30-12:00"),
        ("8:30 ~ 12:00", "08:30-12:00"),
        ("午前中", "午前中"),
        ("8-12", "8-12"),
    ],
)
def test_opening_hours(typed: str, hours: str) -> None:
    assert hours_of(typed) == hours


@pytest.mark.parametrize(("value", "text"), [(None, ""), (2, "2"), (2.5, "2.5"), (2.0, "2"), ("x", "x")])
def test_a_value_in_its_field(value: object, text: str) -> None:
    assert text_of(value) == text
