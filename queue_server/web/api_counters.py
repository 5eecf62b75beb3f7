"""The JSON API: what a clerk does at a counter."""

from flask.typing import ResponseReturnValue

from queue_server.access import caller, requires
from queue_server.context import hall_or_404
from queue_server.domain.roles import Permission
from queue_server.web import bodies
from queue_server.web.answers import api, done, done_without_content

COUNTER = "/sites/<site_id>/counters/<counter_id>"


@api.post(f"{COUNTER}/open")
@requires(Permission.CALL)
def open_counter(site_id: str, counter_id: str) -> ResponseReturnValue:
    """Open a counter and work there."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.OpenBody)
    return done(
        hall.open_counter(caller(bodies.request_id()), counter_id, take_over=body.take_over, remote=body.remote)
    )


@api.post(f"{COUNTER}/close")
@requires(Permission.CALL)
def close_counter(site_id: str, counter_id: str) -> ResponseReturnValue:
    """Close a counter."""
    hall = hall_or_404(site_id)
    bodies.read_body(bodies.Nothing)
    return done(hall.close_counter(caller(bodies.request_id()), counter_id))


@api.post(f"{COUNTER}/break")
@requires(Permission.CALL)
def start_break(site_id: str, counter_id: str) -> ResponseReturnValue:
    """Close a counter until its clerk comes back; opening it ends the break."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.BreakBody)
    return done(hall.start_break(caller(bodies.request_id()), counter_id, body.minutes))


@api.post(f"{COUNTER}/services")
@requires(Permission.CALL)
def assign_services(site_id: str, counter_id: str) -> ResponseReturnValue:
    """Say which services a counter serves today."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.ServicesBody)
    return done(hall.assign_services(caller(bodies.request_id()), counter_id, body.services))


@api.post(f"{COUNTER}/call-next")
@requires(Permission.CALL)
def call_next(site_id: str, counter_id: str) -> ResponseReturnValue:
    """Call the next ticket; 204 when nobody waits."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.CallNextBody)
    view = hall.call_next(caller(bodies.request_id()), counter_id, complete=body.complete, current=body.ticket)
    return done(view) if view is not None else done_without_content()


@api.post(f"{COUNTER}/call")
@requires(Permission.CALL)
def call(site_id: str, counter_id: str) -> ResponseReturnValue:
    """Call any number."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.CallBody)
    return done(hall.call(caller(bodies.request_id()), counter_id, body.label))


@api.post(f"{COUNTER}/undo")
@requires(Permission.CALL)
def undo(site_id: str, counter_id: str) -> ResponseReturnValue:
    """Take back the caller's own last press."""
    hall = hall_or_404(site_id)
    bodies.read_body(bodies.Nothing)
    return done(hall.undo(caller(bodies.request_id()), counter_id))
