"""One hall, or one service of it, inside a frame of the city's own web site."""

from flask import Response, request

from display import view
from display.pages import asked_language, display, page
from display.prepared import public_page
from queue_server.access import public
from queue_server.context import Unknown, hall_or_404
from queue_server.page_headers import framed_by_anybody

EMBED = "display.embed"


@display.get("/embed/<site_id>")
@public
def embed(site_id: str) -> Response:
    """The page for a frame; `?service=` leaves one service. It holds no script, no form and no secret."""
    hall = hall_or_404(site_id)
    board, wanted = hall.board, request.args.get("service")
    if wanted is not None and wanted not in hall.site.services:
        raise Unknown("service")

    def render() -> str:
        services = [each for each in view.all_services(board.data) if wanted in (None, each.id)]
        return page("embed", site=hall.site, board=board.data, services=services)

    return public_page(("embed", hall.site.id, wanted or "", asked_language() or ""), [board], render)


@display.after_request
def let_frame(response: Response) -> Response:
    """This one page, and what it says of an address that leads nowhere, may stand in a frame of any host."""
    return framed_by_anybody(response) if request.endpoint == EMBED else response
