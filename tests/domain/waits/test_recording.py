import pytest

from queue_server.domain.waits.recording import COLUMNS, BadRow, Event, Recording, Row, row_of


def row(text: str) -> Row:
    return row_of(dict(zip(COLUMNS, text.split(","), strict=True)))


def test_a_row_is_read_from_its_columns() -> None:
    assert row("s,d,540.5,issued,a,7,unscored") == Row("s", "d", 540.5, Event.ISSUED, "a", "7")
    assert row("s,d,540,counters,a,,3") == Row("s", "d", 540.0, Event.COUNTERS, "a", "", 3.0)
    assert row("s,d,540,counters,a,,").value == 0.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("s,d,soon,issued,a,7,", "minute: 'soon'"),
        ("s,d,-1,issued,a,7,", "minute: '-1'"),
        ("s,d,inf,issued,a,7,", "minute: 'inf'"),
        ("s,d,nan,issued,a,7,", "minute: 'nan'"),
        ("s,d,540,shouted,a,7,", "event: 'shouted' is none of issued, called"),
        ("s,d,540,counters,a,,many", "value: 'many'"),
    ],
)
def test_a_row_that_cannot_be_read_names_its_column(text: str, said: str) -> None:
    with pytest.raises(BadRow, match=said):
        row(text)


def test_a_row_that_is_too_short_names_what_is_missing() -> None:
    with pytest.raises(BadRow, match="the column ticket is missing"):
        row_of({**dict.fromkeys(COLUMNS, "1"), "ticket": None})


def played(*rows: str) -> list[float]:
    """The points that a recording of these rows predicts."""
    recording = Recording()
    return [found.point for each in rows if (found := recording.play(row(each))) is not None]


MORNING = ["s,1,540,counters,a,,1", *(f"s,1,{540 + n},issued,a,{n}," for n in range(8))]
CALLS = [f"s,1,{550 + 2 * n},called,a,{n}," for n in range(6)]


def test_only_issued_rows_are_predicted_and_each_from_the_rows_before_it() -> None:
    everything = [*MORNING, *CALLS, "s,1,570,issued,a,9,", "s,1,571,issued,a,10,"]
    whole = played(*everything)
    assert len(whole) == 10
    for end in range(len(everything)):
        assert played(*everything[:end]) == whole[: len(played(*everything[:end]))]


def test_sites_learn_apart_and_names_mean_nothing() -> None:
    alone = played(*MORNING, *CALLS, "s,1,570,issued,a,9,")
    mixed = [
        line
        for each in [*MORNING, *CALLS, "s,1,570,issued,a,9,"]
        for line in (each, "x" + each.replace(",a,", ",b,"))
    ]
    assert played(*mixed)[::2] == played(*mixed)[1::2] == alone


def test_who_abandons_is_ahead_of_nobody() -> None:
    stays, leaves = (
        played(*MORNING, "s,1,560,issued,a,9,"),
        played(*MORNING, "s,1,550,abandoned,a,3,", "s,1,560,issued,a,9,"),
    )
    assert leaves[-1] < stays[-1]


def test_another_day_begins_with_nobody_and_with_what_was_learned() -> None:
    assert played(*MORNING, *CALLS, "s,2,500,issued,a,1,", "s,2,501,issued,a,2,")[-1] < MORNING_LENGTH
    fresh = played("s,2,500,issued,a,1,", "s,2,501,issued,a,2,")[-1]
    assert played(*MORNING, *CALLS, "s,2,500,issued,a,1,", "s,2,501,issued,a,2,")[-1] < fresh


MORNING_LENGTH = 60.0


def test_a_counter_is_free_where_the_recording_says_when_people_are_finished() -> None:
    begin = ["s,1,540,counters,a,,1", "s,1,541,issued,a,1,", "s,1,542,called,a,1,"]
    busy = played("s,1,530,finished,a,0,", *begin, "s,1,560,issued,a,2,")[-1]
    free = played(*begin, "s,1,550,finished,a,1,", "s,1,560,issued,a,2,")[-1]
    assert free < busy
