"""What everybody sees of a hall, to be compared before and after."""

from typing import Any

from tests.support.halls import Town


def as_it_is(town: Town) -> Any:
    """What people and staff see, without versions and who may undo what; the line is compared in its order."""
    board, desk = dict(town.board), dict(town.desk)
    for picture in (board, desk):
        picture.pop("version")
        picture.pop("seq")
    desk.pop("undo")
    desk["tickets"] = sorted(desk["tickets"], key=lambda ticket: str(ticket["id"]))
    return board, desk, town.labels()
