"""The JSON API: what a kiosk that runs on its own computer asks for, reports and hands over."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from queue_server.access import caller, guarded_actor, requires
from queue_server.context import current_city, hall_or_404
from queue_server.domain.kiosks import KioskReport, PrinterState
from queue_server.domain.roles import Permission
from queue_server.hall import OfflineTicket
from queue_server.snapshot import jst
from queue_server.ticket_qr import public_address
from queue_server.web import bodies
from queue_server.web.answers import api, done


@api.get("/sites/<site_id>/kiosk")
@requires(Permission.ISSUE)
def kiosk_setup(site_id: str) -> ResponseReturnValue:
    """Everything that a kiosk needs in order to go on by itself while this server is away."""
    hall, city = hall_or_404(site_id), current_city()
    name = guarded_actor().display_name
    changes = [
        {"part": part.value, "id": part_id, "value": value}
        for (part, part_id), value in hall.structure_changes().items()
    ]
    response = jsonify(
        kiosk=name if name in hall.site.kiosks else None,
        profile=city.profile.text,
        changes=changes,
        pin=city.accounts.kiosk_pin_hash(hall.site.id),
        public_url=public_address(),
        now=jst(city.clock.now()),
        simulated=city.clock.simulated,
        given_alone=hall.given_alone(),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@api.post("/sites/<site_id>/kiosk")
@requires(Permission.ISSUE)
def report(site_id: str) -> ResponseReturnValue:
    """How the kiosk is that carries this token: its printer, its disk, and what it gave out by itself."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.KioskReportBody)
    printer = PrinterState(body.printer) if body.printer is not None else None
    hall.report_kiosk(guarded_actor().display_name, KioskReport(printer, body.waiting, body.left, body.recording))
    return done({})


@api.post("/sites/<site_id>/tickets/offline")
@requires(Permission.ISSUE)
def adopt(site_id: str) -> ResponseReturnValue:
    """Take over a number that a kiosk gave out while this server was away."""
    hall = hall_or_404(site_id)
    body = bodies.read_body(bodies.OfflineTicketBody)
    given = OfflineTicket(body.id, body.token, body.service, body.number, body.instant, body.replaces)
    return done(hall.adopt(caller(bodies.request_id()), given), 201)


@api.post("/tickets/<ticket_id>/reprint")
@requires(Permission.ISSUE)
def reprint(ticket_id: str) -> ResponseReturnValue:
    """Record that a slip is printed once more."""
    hall = current_city().hall_of_ticket(ticket_id)
    bodies.read_body(bodies.Nothing)
    return done(hall.reprint(caller(bodies.request_id()), ticket_id))
