"""The JSON API: what those who run the day do: services, the reception, notices, the day's end."""

from flask.typing import ResponseReturnValue

from queue_server.access import caller, requires
from queue_server.context import hall_or_404
from queue_server.domain.roles import Permission
from queue_server.web import bodies
from queue_server.web.answers import api, done

SITE = "/sites/<site_id>"


@api.post(f"{SITE}/services/<service_id>/pause")
@requires(Permission.MANAGE)
def pause_service(site_id: str, service_id: str) -> ResponseReturnValue:
    """Stop issuing numbers of a service."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.PauseBody)
    return done(hall.pause_service(caller(bodies.request_id()), service_id, for_today=body.for_today))


@api.post(f"{SITE}/services/<service_id>/resume")
@requires(Permission.MANAGE)
def resume_service(site_id: str, service_id: str) -> ResponseReturnValue:
    """Issue numbers of a paused service again."""
    hall = hall_or_404(site_id)
    bodies.read_body(bodies.Nothing)
    return done(hall.resume_service(caller(bodies.request_id()), service_id))


@api.post(f"{SITE}/reception/close")
@requires(Permission.MANAGE)
def close_reception(site_id: str) -> ResponseReturnValue:
    """Issue no more numbers today."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.CloseReceptionBody)
    return done(hall.close_reception(caller(bodies.request_id()), body.reason.strip()))


@api.post(f"{SITE}/reception/open")
@requires(Permission.MANAGE)
def open_reception(site_id: str) -> ResponseReturnValue:
    """Issue numbers until a time, whatever the hours say."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.OpenReceptionBody)
    return done(hall.open_reception(caller(bodies.request_id()), body.time))


@api.post(f"{SITE}/reception/reset")
@requires(Permission.MANAGE)
def reset_reception(site_id: str) -> ResponseReturnValue:
    """Let the hours decide again."""
    hall = hall_or_404(site_id)
    bodies.read_body(bodies.Nothing)
    return done(hall.reset_reception(caller(bodies.request_id())))


@api.post(f"{SITE}/close-day")
@requires(Permission.MANAGE)
def close_day(site_id: str) -> ResponseReturnValue:
    """End the day by hand."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.CloseDayBody)
    return done(hall.close_day(caller(bodies.request_id()), expire=body.expire))


@api.post(f"{SITE}/notices")
@requires(Permission.MANAGE)
def post_notice(site_id: str) -> ResponseReturnValue:
    """Show a sentence to everybody."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.NoticeBody)
    return done(hall.post_notice(caller(bodies.request_id()), body.text.strip(), body.instant), 201)


@api.post(f"{SITE}/notices/<notice_id>/withdraw")
@requires(Permission.MANAGE)
def withdraw_notice(site_id: str, notice_id: str) -> ResponseReturnValue:
    """Take a notice away."""
    hall = hall_or_404(site_id)
    bodies.read_body(bodies.Nothing)
    return done(hall.withdraw_notice(caller(bodies.request_id()), notice_id))
