"""What a slip will look like, for the administrator: as a picture, and as a page to print on any printer."""

import io

from flask import Response, request

from kiosk.pages import kiosk
from kiosk.slip.layout import draw_slip
from kiosk.slip.words import slip_content
from kiosk.source import Source, find_source
from queue_server.access import requires
from queue_server.config.tables import DOTS_OF_PAPER
from queue_server.context import Unknown
from queue_server.domain.roles import Permission
from queue_server.domain.site import Service
from queue_server.languages import offered
from queue_server.snapshot import View
from queue_server.worker import run_blocking

DOTS_PER_INCH = 203
SAMPLE_TOKEN = "A" * 22
"""As long as a ticket's token, so that the QR code is as dense; it opens nothing."""
FORMS = {"png": ("PNG", "image/png"), "pdf": ("PDF", "application/pdf")}


@kiosk.get("/kiosk/<site_id>/preview.<form>")
@requires(Permission.ADMINISTER)
def preview(site_id: str, form: str) -> Response:
    """A slip of `?service=`, in `?language=`, on `?paper=` 58 or 80, as png or pdf; no number is issued."""
    source = find_source(site_id)
    if source is None or form not in FORMS:
        raise Unknown("site")
    service = source.site.services.get(request.args.get("service", "")) or next(iter(source.site.services.values()))
    language = request.args.get("language", "ja")
    content = slip_content(source, sample(source, service), language if language in offered() else "ja")
    dots = DOTS_OF_PAPER.get(request.args.get("paper", 80, int), DOTS_OF_PAPER[80])
    kind, mime = FORMS[form]

    def draw() -> bytes:
        drawn = io.BytesIO()
        draw_slip(content, dots).save(drawn, kind, resolution=DOTS_PER_INCH)
        return drawn.getvalue()

    return Response(run_blocking(draw), content_type=mime, headers={"Cache-Control": "no-store"})


def sample(source: Source, service: Service) -> View:
    """A ticket such as somebody might get of a service."""
    series = source.site.series[service.series]
    return {
        "id": "",
        "token": SAMPLE_TOKEN,
        "label": series.label(min(series.first + 3, series.last)),
        "service": service.id,
        "issued_at": source.board["as_of"],
        "ahead": 4,
        "estimate": {"low": 20, "high": 40},
    }
