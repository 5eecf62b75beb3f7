"""One screen's share of a board: the calls of its counters, and the services that they serve.

static/js/board-share.js takes the same from the boards that come later.
"""

from typing import Any

from queue_server.domain.boards import BoardScreen, Layout
from queue_server.domain.site import Site

View = dict[str, Any]

PAGE_ROWS = {Layout.CALLS_AND_SERVICES: 10, Layout.SERVICES: 12}
"""How many services stand on a screen at once so that they can be read from afar; more take turns."""


def services_on(site: Site, screen: BoardScreen) -> list[str]:
    """The services of a screen, in the profile's order: those that its counters serve, or all."""
    if not screen.counters:
        return list(site.services)
    served = {service for counter in screen.counters for service in site.counters[counter].services}
    return [service for service in site.services if service in served]


def share_of(board: View, site: Site, screen: BoardScreen) -> View:
    """What of a board a screen shows; the board itself where it shows everything."""
    if not screen.counters:
        return board
    services = set(services_on(site, screen))
    return {
        **board,
        "calls": [call for call in board["calls"] if call["counter"] in screen.counters],
        "counters": [counter for counter in board["counters"] if counter["id"] in screen.counters],
        "categories": [
            {**category, "services": [each for each in category["services"] if each["id"] in services]}
            for category in board["categories"]
        ],
    }


def settings_of(site: Site, screen: BoardScreen) -> View:
    """What the script of a screen's page has to know of it."""
    return {
        "id": screen.id,
        "layout": screen.layout.value,
        "counters": list(screen.counters) or None,
        "services": services_on(site, screen) if screen.counters else None,
        "languages": list(screen.languages),
        "tongues": screen.tongues.value,
        "rows": PAGE_ROWS.get(screen.layout, 0),
        "slide_seconds": screen.slide_seconds,
    }
