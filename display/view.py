"""What the public pages show, taken from a board: one small view a service, the calls that stand, JSON blocks.

static/js/services.js, hall-texts.js and board.js take the same things from the boards that come later.
"""

import json
from dataclasses import dataclass
from math import ceil
from typing import Any

from markupsafe import Markup

from display.board_words import titles
from display.words import (
    break_lines,
    called,
    early_reason,
    level_word,
    messages,
    people_here,
    range_text,
    series_text,
)
from queue_server.domain.nearness import NEAR_BY_DEFAULT
from queue_server.snapshot import Board
from queue_server.words import stage_named

View = dict[str, Any]

CROWDS = {"few": 4, "some": 6, "many": 8, "most": 14}
"""The most calls of each setting of a hall's screen."""

ROOMS = {
    "box": (16, 3),
    "box-mid": (19, 3),
    "box-long": (23, 4),
    "row": (52, 4),
    "row-long": (73, 6),
    "row-full": (100, 7),
}
"""How a hall's screen sets its texts, largest first, and what that holds: so many signs a line, so many lines.

A line ends between phrases, so it is filled to some three quarters; the last setting breaks where it must. Where a
text has longer phrases, the page measures and takes the next setting. static/css/sign-foot.css and sign-row.css have
the sizes.
"""

NUMBER_SIGNS, STATUS_SIGNS = 36, 50
"""The most signs that a row of numbers, and the opening in the head, hold at full size on a hall's screen."""


NEXT_NUMBERS = 3
"""How many of the numbers that come next the panel of a counter names."""


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service as a resident reads it. Empty texts are not shown."""

    id: str
    name: str
    series: str
    note: str
    stopped: str
    """Why no number can be had while the hall is open: `ended` (today), `paused`, `not_accepting`, or empty."""
    quiet: bool
    """The hall is closed or the service ended for today, and nobody of it is here any more: no figures then."""
    level: View | None
    """None while the hall is closed or the service is paused: an empty line is not an invitation."""
    people: str
    range: str
    call_label: str
    call_counter: str
    waiting: list[str]
    held: list[str]
    no_show: list[str]


@dataclass(frozen=True, slots=True)
class TicketPlace:
    """Where a ticket stands, as its holder reads it."""

    ahead_text: str
    soon: bool
    """Whether its holder should come near now."""
    call_label: str
    """ただいまの呼出番号 of its service."""


def ticket_place(board: View, ticket: View) -> TicketPlace:
    """The place of a ticket from its own status; `board` says what its service has called."""
    words = messages()
    ahead = ticket["ahead"]
    services = [service for c in board["categories"] for service in c["services"]]
    mine = next((service for service in services if service["id"] == ticket["service"]), None)
    call = mine["last_call"] if mine else None
    return TicketPlace(
        ahead_text=words["ahead"].format(count=ahead) if ahead else words["ahead_none"],
        soon=ticket["state"] == "waiting" and NEAR_BY_DEFAULT.holds(ahead, None),
        call_label=call["label"] if call else "",
    )


def service_views(board: View, category: View, names: View | None = None) -> list[ServiceView]:
    """The services of one category, in the profile's order; `names` are those of the page's language."""
    return [_service_view(board, service, names) for service in category["services"]]


def all_services(board: View) -> list[ServiceView]:
    """The services of a hall in one list, as its screen shows them."""
    return [service for category in board["categories"] for service in service_views(board, category)]


def all_labels(board: View, state: str) -> list[str]:
    """The numbers of a hall in one state: `no_show` or `held`."""
    return [label for c in board["categories"] for service in c["services"] for label in service[state]]


def density(services: list[ServiceView]) -> str:
    """How tightly a hall's screen sets its lines: few, some or many."""
    return "few" if len(services) <= 5 else "some" if len(services) <= 8 else "many"


def crowd(calls: list[View]) -> str:
    """How tightly a hall's screen sets its calls: few, some, many, most or full."""
    return next((name for name, most in CROWDS.items() if len(calls) <= most), "full")


def is_long(texts: list[str], most: int) -> bool:
    """Whether texts have more signs together than their place on the screen holds at full size."""
    return sum(map(len, texts)) > most


def hall_texts(board: View, names: View | None = None) -> list[str]:
    """What a hall's screen says besides numbers: the reception that ended early, breaks, notices."""
    words, reason = messages(), early_reason(board)
    early = [words["after_closing"] + reason] if reason else []
    if board["status"]["ended_early"] and people_here(board):
        early.append(words["after_closing_waiting"])
    return [*early, *break_lines(board, names), *(notice["text"] for notice in board["notices"])]


def room(texts: list[str]) -> str:
    """How much room texts need on a hall's screen: the first of `ROOMS` that holds them, else its last."""
    fitting = (
        name for name, (signs, lines) in ROOMS.items() if sum(ceil(len(text) / signs) for text in texts) <= lines
    )
    return next(fitting, "row-full")


def standing_calls(board: View) -> list[View]:
    """The calls that still stand: called numbers, newest first, then those already at the counter."""
    calls = board["calls"]
    return [c for c in calls if c["state"] == "called"] + [c for c in calls if c["state"] == "serving"]


def calls_title(standing: list[View]) -> str:
    """The title over the calls that stand: `serving` where all of them are at a counter already, else `calls`."""
    return "serving" if standing and all(call["state"] == "serving" for call in standing) else "calls"


def level_beside(service: ServiceView, words: View) -> str:
    """The level of a service, or why no number can be had, in a second language whose `messages()` are given."""
    if service.stopped:
        return str(words[f"{service.stopped}_short"])
    if service.level is None:
        return ""
    return str(words["levels"][service.level["key"]] if words["levels"] else service.level["own"])


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel of one counter says; `state` is called, serving, free, break or closed."""

    state: str
    word: str
    label: str = ""
    stage: str = ""
    next: tuple[str, ...] = ()


def counter_panel(board: View, names: View | None = None) -> Panel:
    """The panel of the one counter that a share of a board has, in the language of the moment and with its names."""
    (counter,) = board["counters"]
    words = {**messages(), **titles()}
    services = [service for category in board["categories"] for service in category["services"]]
    waiting = tuple(services[0]["waiting"][:NEXT_NUMBERS]) if len(services) == 1 else ()
    standing = standing_calls(board)
    if standing:
        call = standing[0]
        word = words["calls"] if call["state"] == "called" else words["serving"]
        return Panel(call["state"], word, call["label"], stage_named(call["stage"] or ""), waiting)
    if counter["break_until"]:
        return Panel("break", "".join(break_lines(board, names)) or words["counter_closed"])
    if not counter["open"]:
        return Panel("closed", words["counter_closed"])
    return Panel("free", words["counter_free"], next=waiting)


def json_block(data: View | Board) -> Markup:
    """JSON for a `<script type="application/json">` block: nothing in it can end the block."""
    text = data.body.decode() if isinstance(data, Board) else _dumps(data)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - the signs of markup are escaped above


def _service_view(board: View, service: View, names: View | None) -> ServiceView:
    words, status = messages(), board["status"]
    shown = status["open"] and not service["paused"]
    call = service["last_call"]
    return ServiceView(
        id=service["id"],
        name=service["name"],
        series=series_text(service["series_label"]),
        note=names["note"][service["id"]] if names else service["note"],
        stopped=_stopped(board, service),
        quiet=not (status["open"] and not service["ended_today"])
        and not any(service[name] for name in ("waiting", "calling", "serving")),
        level={**service["level"], "label": level_word(service["level"]), "own": service["level"]["label"]}
        if shown
        else None,
        people=words["people"].format(count=service["waiting_count"]),
        range=range_text(service["estimate"]) if shown else "",
        call_label=call["label"] if call else "",
        call_counter=called(names, call["counter"], call["counter_name"]) if call else "",
        waiting=service["waiting"],
        held=service["held"],
        no_show=service["no_show"],
    )


def _stopped(board: View, service: View) -> str:
    if not board["status"]["open"]:
        return ""
    if service["paused"]:
        return "ended" if service["ended_today"] else "paused"
    # A hall that cannot write says so once, in its heading.
    return "not_accepting" if not service["accepting"] and board["storage"]["writable"] else ""


def _dumps(data: View) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
