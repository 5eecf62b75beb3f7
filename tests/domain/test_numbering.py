import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.numbering import Allocation, allocate
from queue_server.domain.site import NumberRange, Series
from queue_server.domain.ticket import Refused

B = Series("b", 500, 504)


@pytest.mark.parametrize(
    ("last", "live", "expected"),
    [
        (None, "", Allocation(1, 500)),
        (Allocation(1, 500), "", Allocation(1, 501)),
        (Allocation(1, 504), "", Allocation(2, 500)),
        (Allocation(7, 504), "", Allocation(8, 500)),
        (None, "500 501", Allocation(1, 502)),
        (Allocation(1, 501), "502 503", Allocation(1, 504)),
        (Allocation(1, 502), "503 504 500", Allocation(2, 501)),
        (Allocation(1, 502), "503 504 500 501", Allocation(2, 502)),
    ],
)
def test_the_next_number_follows_the_last_and_passes_over_live_ones(
    last: Allocation | None, live: str, expected: Allocation
) -> None:
    assert allocate(B, last, live.split()) == expected


@pytest.mark.parametrize("number", [1, 498, 499, 505, 900])
def test_after_a_profile_with_another_range_the_series_begins_again(number: int) -> None:
    assert allocate(B, Allocation(1, number), ()).number == 500
    assert number == 499 or allocate(B, Allocation(1, number), ()).round == 2


def test_the_server_passes_over_what_kiosks_give_out_by_themselves() -> None:
    series = Series("b", 500, 504, reserved=(NumberRange(500, 501), NumberRange(504, 504)))
    assert allocate(series, None, ()) == Allocation(1, 502)
    assert allocate(series, Allocation(1, 503), ()) == Allocation(2, 502)
    with pytest.raises(Refused, match="series_exhausted"):
        allocate(series, Allocation(1, 503), ["502", "503"])


def test_a_series_whose_numbers_are_all_live_is_exhausted() -> None:
    with pytest.raises(Refused) as refused:
        allocate(B, Allocation(1, 502), [str(number) for number in range(500, 505)])
    assert refused.value.code == "series_exhausted"


def test_labels_of_other_series_are_no_obstacle() -> None:
    padded = Series("p", 1, 3, prefix="A", digits=2)
    assert allocate(padded, None, ["1", "01", "A1"]).number == 1
    assert allocate(padded, None, ["A01"]).number == 2


SERIES = st.builds(lambda first, size: Series("s", first, first + size - 1), st.integers(0, 900), st.integers(1, 12))


@settings(deadline=None)
@given(st.data(), SERIES)
def test_a_number_is_never_live_always_in_the_series_and_never_given_twice_in_a_round(
    data: st.DataObject, series: Series
) -> None:
    numbers = st.integers(series.first, series.last)
    last = data.draw(st.none() | st.builds(Allocation, st.integers(1, 3), numbers))
    live = data.draw(st.sets(numbers.map(series.label), max_size=series.size - 1))
    found = allocate(series, last, live)
    assert series.first <= found.number <= series.last
    assert series.label(found.number) not in live
    if last is not None:
        assert (last.round, last.number) < (found.round, found.number) <= (last.round + 1, last.number)
