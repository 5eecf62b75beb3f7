"""The forecast of one service of a hall: the coming two weeks, day by day, in words."""

from flask import request

from display import forecast_words
from display.pages import asked_language, display, page
from queue_server.access import public
from queue_server.context import Unknown, current_city, hall_or_404
from queue_server.domain.calendar import JST, business_day
from queue_server.domain.forecast import spans, still_to_come


@display.get("/status/<site_id>/calendar")
@public
def calendar(site_id: str) -> str:
    """The coming two weeks of the service in `?service=`, else of the hall's first one."""
    city, hall = current_city(), hall_or_404(site_id)
    service = request.args.get("service") or next(iter(hall.site.services))
    if service not in hall.site.services:
        raise Unknown("service")
    board, now = hall.board.data, city.clock.now()
    found = city.forecasts.of(hall.site, service, business_day(now))
    hour = None if board["status"]["phase"] == "after_closing" else now.astimezone(JST).hour
    return page(
        "calendar",
        site=hall.site,
        board=board,
        service=service,
        opened=bool(found.days[0].hours),
        forecast=still_to_come(found, business_day(now), hour),
        forecast_words=forecast_words,
        events=city.profile.events,
        spans=spans,
        lang=asked_language(),
    )
