"""What the last board of the server says about the hours to come: for a kiosk that has to decide by itself."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from queue_server.domain import calendar
from queue_server.domain.calendar import OpeningStatus
from queue_server.domain.site import Hours
from queue_server.domain.switches import ReceptionSwitch
from queue_server.snapshot import status_view

View = dict[str, Any]


def day_of(board: Mapping[str, Any]) -> date:
    """The business day that a board was drawn in."""
    return calendar.business_day(datetime.fromisoformat(board["as_of"]))


def status_now(hours: Hours, board: Mapping[str, Any] | None, now: datetime) -> OpeningStatus:
    """Whether the hall is open, by its hours and by what staff had switched today when the server was last heard."""
    same_day = board is not None and day_of(board) == calendar.business_day(now)
    return calendar.status_at(hours, now, reception_of(hours, board) if board is not None and same_day else None)


def reception_of(hours: Hours, board: Mapping[str, Any]) -> ReceptionSwitch | None:
    """What staff had switched at the reception when a board was drawn, so that later times can be judged by it."""
    drawn_at, shown = datetime.fromisoformat(board["as_of"]), board["status"]
    if status_view(calendar.status_at(hours, drawn_at)) == shown:
        return None
    until = datetime.fromisoformat(shown["closes"]) if shown["closes"] else None
    if shown["open"] or until is not None:
        return ReceptionSwitch(True, until)
    return ReceptionSwitch(False, None, shown["reason"] or "")


def services_of(board: Mapping[str, Any]) -> Iterator[View]:
    """Every service of a board."""
    return (service for category in board["categories"] for service in category["services"])


def pauses_of(board: Mapping[str, Any] | None, today: date) -> dict[str, str]:
    """Per service that staff have paused, the code of the refusal; the pauses of earlier days are over."""
    if board is None or day_of(board) != today:
        return {}
    return {
        service["id"]: "service_ended" if service["ended_today"] else "service_paused"
        for service in services_of(board)
        if service["paused"]
    }


def live_labels(board: Mapping[str, Any] | None, today: date) -> set[str]:
    """The labels that somebody held today when the server was last heard."""
    if board is None or day_of(board) != today:
        return set()
    labels: set[str] = set()
    for service in services_of(board):
        for state in ("waiting", "serving", "held", "no_show"):
            labels.update(service[state])
        labels.update(call["label"] for call in service["calling"])
    return labels


def structure_of(board: Mapping[str, Any]) -> list[Any]:
    """What a board says of the site's structure: another one means that the profile or its changes are others."""
    return [
        [[service["id"], service["name"], service["series"], service["note"]] for service in services_of(board)],
        [[counter["id"], counter["name"], counter["services"]] for counter in board["counters"]],
    ]
