"""What the touch pages need of whoever stands behind them: the server's hall, or the kiosk computer's own program."""

from collections.abc import Callable
from typing import Any, Protocol, cast

from flask import current_app

from kiosk.printing import PrintQueue
from queue_server.domain.site import CityProfile, KioskMachine, Site

EXTENSION = "kiosk"

View = dict[str, Any]


class Source(Protocol):
    """One hall, as one kiosk has it. Refusals are those of the hall; commands carry the page's Idempotency-Key."""

    @property
    def profile(self) -> CityProfile: ...
    @property
    def site(self) -> Site: ...
    @property
    def board(self) -> View:
        """The newest public board."""
        ...

    @property
    def machine(self) -> KioskMachine | None:
        """This kiosk in the profile; None for one that the profile does not name."""
        ...

    @property
    def prints(self) -> PrintQueue: ...
    @property
    def address(self) -> str:
        """What phones open, without a slash at the end."""
        ...

    @property
    def polls(self) -> bool:
        """Whether the page asks for the board by itself, where nobody pushes it."""
        ...

    def say_alive(self) -> None:
        """Let staff know that this kiosk is there, and how its printer is."""
        ...

    def ticket(self, token: str) -> View | None:
        """What the slip of a ticket says: id, label, service, issued_at, ahead, estimate, offline; None for none."""
        ...

    def reprint(self, ticket_id: str, key: str) -> None:
        """Record that a slip is printed once more."""
        ...

    def check_pin(self, pin: str) -> bool | None:
        """Whether this opens the staff mode; None where no PIN was set."""
        ...

    def counts(self) -> list[View]:
        """Of each service: id, name, issued, waiting, paused."""
        ...

    def find(self, label: str) -> View:
        """The open ticket of a label, with its token."""
        ...

    def cancel(self, ticket: View, key: str) -> None:
        """Take back a number that `find` found."""
        ...

    def switch(self, service: str, key: str, *, paused: bool) -> None:
        """Pause a service, or go on with it."""
        ...


Finder = Callable[[str], Source | None]
"""By the id of a site: its source for whoever asks, None for a browser that is no kiosk; raises Unknown("site")."""


def find_source(site_id: str) -> Source | None:
    """The source of this application for a site."""
    return cast(Finder, current_app.extensions[EXTENSION])(site_id)
