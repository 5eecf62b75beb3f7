"""The first page: all halls of a city, or those that take one procedure, side by side."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, request
from flask_babel import gettext

from display import view
from display.pages import display, page
from display.prepared import public_page
from display.view import ServiceView, View
from queue_server.access import public
from queue_server.context import Unknown, current_city, current_settings
from queue_server.domain.guide import Booking, Procedure, booking_at
from queue_server.domain.places import Standing, emptiest, in_order
from queue_server.domain.site import CityProfile, LevelKey
from queue_server.guide_sentences import PROCEDURES
from queue_server.guide_words import guide_words
from queue_server.hall import Hall
from queue_server.languages import offered
from queue_server.snapshot import Board
from queue_server.words import named

SERVICE_PREFIX = "service."
"""What stands before the id of a service in `?procedure=`; no id of a procedure has a full stop."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody comes for: a procedure, or a service as such."""

    value: str
    """As it stands in the address."""
    name: str
    service: str
    procedure: Procedure | None = None

    def booking_at(self, hall: Hall) -> Booking | None:
        """How a hall takes it; None for one that does not."""
        if self.procedure is not None:
            return booking_at(self.procedure, hall.site.id, hall.site.services)
        return Booking.NONE if self.service in hall.site.services else None


@dataclass(frozen=True, slots=True)
class Place:
    """One hall that takes the choice, as a resident reads it."""

    board: View
    service: ServiceView
    booking: str
    """What is said of bookings; empty where nothing is known."""
    books: bool
    emptiest: bool


@display.get("/")
@public
def city() -> Response:
    """Every hall of the city, open or not, and how crowded; with `?procedure=` those that take it."""
    found = current_city()
    wanted, lang = request.args.get("procedure", ""), request.args.get("lang", "")
    choices = list(_choices(found.profile))
    choice = next((each for each in choices if each.value == wanted), None)
    if wanted and choice is None:
        raise Unknown("procedure")
    boards = {hall.site.id: hall.board for hall in found.halls.values()}
    chosen = lang if lang in offered() else ""
    return public_page(
        ("city", wanted, chosen), list(boards.values()), lambda: _render(choices, choice, boards, chosen)
    )


def _render(choices: list[Choice], choice: Choice | None, boards: dict[str, Board], lang: str) -> str:
    found = current_city()
    halls = list(found.halls.values())
    places = _places(halls, choice) if choice else []
    taking = {place.board["site"]["id"] for place in places}
    return page(
        "city",
        city_name=named(found.profile),
        boards=[board.data for board in boards.values()],
        demo=current_settings().open_kiosk,
        choices=choices,
        choice=choice,
        places=places,
        elsewhere=[board.data for site, board in boards.items() if site not in taking] if choice else [],
        booking=found.profile.booking if any(place.books for place in places) else None,
        guide=guide_words(),
        lang=lang,
    )


def _choices(profile: CityProfile) -> Iterator[Choice]:
    """The procedures of the guide, then every service of the city once, as the sites come in the profile."""
    for procedure in profile.procedures:
        yield Choice(procedure.id, gettext(PROCEDURES[procedure.kind][0]), procedure.service, procedure)
    seen: set[str] = set()
    for site in profile.sites.values():
        for service in site.services.values():
            if service.id not in seen:
                seen.add(service.id)
                yield Choice(SERVICE_PREFIX + service.id, named(service), service.id)


def _places(halls: list[Hall], choice: Choice) -> list[Place]:
    boards, standings = {}, []
    for hall in halls:
        booking, board = choice.booking_at(hall), hall.board.data
        if booking is not None:
            boards[hall.site.id] = board
            standings.append(_standing(board, choice.service, booking))
    best = emptiest(standings)
    words = guide_words()
    said = {Booking.REQUIRED: words["booking_required"], Booking.NONE: words["booking_none"]}
    return [
        Place(
            board=boards[each.site],
            service=next(s for s in view.all_services(boards[each.site]) if s.id == choice.service),
            booking=said[each.booking] if choice.procedure and choice.procedure.places else "",
            books=each.booking is Booking.REQUIRED,
            emptiest=each.site in best,
        )
        for each in in_order(standings)
    ]


def _standing(board: View, service_id: str, booking: Booking) -> Standing:
    service = next(s for category in board["categories"] for s in category["services"] if s["id"] == service_id)
    estimate = service["estimate"]
    return Standing(
        board["site"]["id"],
        service["accepting"],
        booking,
        LevelKey(service["level"]["key"]),
        service["waiting_count"],
        estimate["high"] if estimate else None,
    )
