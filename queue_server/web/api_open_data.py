"""Open data: what everybody may read, in the forms that other programs know. Nothing here needs a token."""

from collections.abc import Iterable

from flask import Response, jsonify, url_for
from flask.typing import ResponseReturnValue

from queue_server.access import public
from queue_server.context import Unknown, current_city, hall_or_404
from queue_server.domain.calendar import business_day
from queue_server.domain.forecast import DayForecast
from queue_server.domain.site import Category, CityProfile, Counter, Service
from queue_server.page_headers import FRESH
from queue_server.ticket_qr import public_address
from queue_server.web.answers import api, conditional, open_to_all, picture
from queue_server.web.ngsi import CONTEXT_LINK, Json, queue_monitors

OF_THE_DAY = "public, max-age=600"


@api.get("/sites")
@public
def sites() -> ResponseReturnValue:
    """The sites of the city and whether they are open."""
    halls = current_city().halls.values()
    listed = [{"id": hall.site.id, "name": hall.site.name, "status": hall.board.data["status"]} for hall in halls]
    return open_to_all(conditional(jsonify(sites=listed), FRESH))


@api.get("/sites/<site_id>/names")
@public
def names(site_id: str) -> ResponseReturnValue:
    """What the site and its parts are called in other languages, by id and language tag.

    A board calls them in Japanese alone: it travels with each change, and this changes with the profile.
    """
    site = hall_or_404(site_id).site
    parts: dict[str, Iterable[Category | Service | Counter]] = {
        "categories": site.categories,
        "services": site.services.values(),
        "counters": site.counters.values(),
    }
    found = {kind: {each.id: dict(each.names) for each in things} for kind, things in parts.items()}
    notes = {each.id: dict(each.notes) for each in site.services.values() if each.notes}
    return open_to_all(conditional(jsonify(site=dict(site.names), **found, notes=notes), OF_THE_DAY))


@api.get("/sites/<site_id>/board")
@public
def board(site_id: str) -> ResponseReturnValue:
    """The newest public board, with an ETag of its version."""
    return open_to_all(picture(hall_or_404(site_id).board, FRESH))


@api.get("/sites/<site_id>/ngsi")
@public
def ngsi(site_id: str) -> Response:
    """The same board as QueueMonitor entities, one a service."""
    city, hall = current_city(), hall_or_404(site_id)
    source = public_address() + url_for("api.board", site_id=site_id)
    shown = hall.board
    response = jsonify(queue_monitors(city.profile, hall.site, shown.data, source))
    response.headers["Link"] = CONTEXT_LINK
    response.set_etag(f"ngsi-{shown.etag}")
    return open_to_all(conditional(response, FRESH))


@api.get("/sites/<site_id>/services/<service_id>/forecast")
@public
def forecast(site_id: str, service_id: str) -> Response:
    """How busy each open hour of the coming two weeks will be for one service."""
    city, hall = current_city(), hall_or_404(site_id)
    if service_id not in hall.site.services:
        raise Unknown("service")
    found = city.forecasts.of(hall.site, service_id, business_day(city.clock.now()))
    response = jsonify(
        site=site_id,
        service=service_id,
        learned_from_days=found.learned_from,
        days=[_day(city.profile, day) for day in found.days],
    )
    return open_to_all(conditional(response, OF_THE_DAY))


def _day(profile: CityProfile, day: DayForecast) -> Json:
    names = {event.id: event.name for event in profile.events}
    return {
        "day": day.day.isoformat(),
        "open": bool(day.hours),
        "closed_reason": day.closed or None,
        "busy": day.busy.value if day.busy else None,
        "reasons": [
            {"kind": each.kind.value, "value": str(each.value), "name": names.get(str(each.value))}
            for each in day.reasons
        ],
        "hours": [{"hour": each.hour, "busy": each.busy.value} for each in day.hours],
    }
