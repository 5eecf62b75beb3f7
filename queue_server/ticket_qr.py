"""The QR code that leads a phone to the page of one ticket; the kiosk and the supervisor's page show it."""

import io

import segno
from flask import Response, request, url_for

from queue_server.context import Unknown, current_city, current_settings, hall_or_404

QR_MODULE = 8
"""Drawing units a module; the pages scale the drawing."""


def public_address() -> str:
    """Where phones find this server, without a slash at the end."""
    return current_settings().public_url or request.url_root.rstrip("/")


def ticket_qr(site_id: str, token: str) -> Response:
    """The code of a ticket of a site as SVG, which no cache keeps. Raises Unknown("site" | "ticket")."""
    hall = hall_or_404(site_id)
    found = current_city().find_ticket_by_token(token)
    if found is None or found[0] is not hall:
        raise Unknown("ticket")
    return qr_drawing(public_address() + url_for("display.ticket", token=token))


def page_address(base: str, token: str, tag: str) -> str:
    """What the code of a slip opens: the ticket's page, in the language that its holder used at the kiosk.

    Japanese needs no word in the address: the page speaks it, or what the phone asks for.
    """
    return f"{base}/t/{token}" + ("" if tag == "ja" else f"?lang={tag}")


def qr_drawing(address: str) -> Response:
    """A QR code as SVG, which no cache keeps."""
    drawing = io.BytesIO()
    # make() might choose a Micro QR, which phones do not read.
    segno.make_qr(address, error="m").save(drawing, kind="svg", scale=QR_MODULE, border=4, light="#fff")
    return Response(drawing.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "no-store"})
