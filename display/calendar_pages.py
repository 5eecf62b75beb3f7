"""The forecast of one service of a hall: the coming two weeks, day by day, in words."""

from flask import request

from display import forecast_words
from display.pages import asked_language, display, page
from queue_server.access import public
from queue_server.context import Unknown, current_city, hall_or_404
from queue_server.domain.calendar import business_day
from queue_server.domain.forecast import spans


@display.get("/status/<site_id>/calendar")
@public
def calendar(site_id: str) -> str:
    """The coming two weeks of the service in `?service=`, else of the hall's first one."""
    city, hall = current_city(), hall_or_404(site_id)
    service = request.args.get("service") or next(iter(hall.site.services))
    if service not in hall.site.services:
        raise Unknown("service")
    return page(
        "calendar",
        site=hall.site,
        board=hall.board.data,
        service=service,
        forecast=city.forecasts.of(hall.site, service, business_day(city.clock.now())),
        forecast_words=forecast_words,
        events=city.profile.events,
        spans=spans,
        lang=asked_language(),
    )
