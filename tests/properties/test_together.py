"""Whatever is pressed at once: commands of one turn come to what they would have come to one after the other."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.ticket import Move, Refused
from queue_server.hall import Unknown
from tests.support.halls import Town, town_in
from tests.support.turns import Turn

LABELS = ("A01", "A02", "500", "501", "502")
MOVES = (Move.COMPLETE, Move.HOLD, Move.NO_SHOW, Move.CANCEL, Move.REINSTATE, Move.ADVANCE)
KEYS = st.sampled_from([None, None, "press", "other press"])

Press = Callable[[Town], Callable[[], Any]]
"""What is pressed, as somebody means it who sees the hall as the turn begins."""


def moved(label: str, move: Move) -> Press:
    def meant(town: Town) -> Callable[[], Any]:
        ticket = town.hall._day.by_label(label)
        ticket_id = ticket.id if ticket else "0" * 32
        return lambda: town.hall.move(town.caller(), ticket_id, move)

    return meant


def pressed(press: Callable[[Town], Any]) -> Press:
    return lambda town: lambda: press(town)


PRESSES: st.SearchStrategy[Press] = st.one_of(
    st.builds(lambda service, key: pressed(lambda town: town.issue(service, key)), st.sampled_from("xy"), KEYS),
    st.builds(
        lambda counter, key, complete: pressed(lambda town: town.call_next(counter, key, complete=complete)),
        st.sampled_from("12"),
        KEYS,
        st.booleans(),
    ),
    st.builds(lambda label: pressed(lambda town: town.hall.call(town.caller(), "1", label)), st.sampled_from(LABELS)),
    st.builds(
        lambda counter: pressed(lambda town: town.hall.open_counter(town.caller(), counter)), st.sampled_from("12")
    ),
    st.just(pressed(lambda town: town.hall.undo(town.caller(), "1"))),
    st.builds(
        lambda service: pressed(lambda town: town.hall.pause_service(town.caller(), service)), st.sampled_from("xy")
    ),
    st.builds(moved, st.sampled_from(LABELS), st.sampled_from(MOVES)),
)


def plain(result: Any) -> Any:
    """A result without what is random in it."""
    match result:
        case Refused():
            return result.code, result.state
        case Unknown():
            return result.what
        case dict():
            hidden = ("id", "token", "ticket_url", "ticket_id")
            return {name: plain(value) for name, value in result.items() if name not in hidden}
        case list():
            return [plain(each) for each in result]
        case _:
            return result


def record(town: Town) -> list[Any]:
    """The journal, with labels for ids."""
    labels = dict(town.sql("SELECT id, label FROM ticket"))
    return [
        (entry.seq, entry.kind, labels.get(entry.ticket or ""), entry.counter, plain(dict(entry.body)).get("place"))
        for entry in town.entries()
    ]


def alone(press: Callable[[], Any]) -> Any:
    try:
        return press()
    except (Refused, Unknown) as error:
        return error


@settings(deadline=None)
@given(st.lists(st.lists(PRESSES, min_size=1, max_size=6), max_size=6))
def test_presses_of_one_turn_come_to_what_they_would_one_after_the_other(turns: list[list[Press]]) -> None:
    with TemporaryDirectory() as folder, town_in(Path(folder) / "a") as one, town_in(Path(folder) / "b") as other:
        for town in (one, other):
            town.open("1")
            town.issue_many(2)
        turn = Turn(other)
        for presses in turns:
            for press in presses:
                turn.give(press(other))
            together = turn.take()
            one_by_one = [alone(press) for press in [press(one) for press in presses]]
            assert [plain(each) for each in together] == [plain(each) for each in one_by_one]
        assert record(one) == record(other)
        assert {**one.board, "version": 0} == {**other.board, "version": 0}
        assert one.verify() == other.verify()
