"""The touch pages on the server itself: the hall, and a print queue for each kiosk of the profile."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, g

from kiosk.printing import PrintQueue, printer_of
from kiosk.source import EXTENSION, Source, View
from queue_server.access import kiosk_actor
from queue_server.access.actors import Actor
from queue_server.city import City
from queue_server.context import current_city
from queue_server.domain.kiosks import KioskReport, PrinterState
from queue_server.domain.roles import Permission
from queue_server.domain.site import CityProfile, KioskMachine, Site
from queue_server.domain.ticket import Move
from queue_server.hall import Caller, Hall
from queue_server.ticket_qr import public_address

NO_PRINTER = PrintQueue(None)


@dataclass(frozen=True, slots=True)
class HallSource:
    """A hall as an enrolled browser has it."""

    city: City
    hall: Hall
    actor: Actor
    queues: Mapping[tuple[str, str], PrintQueue]
    watch: bool

    @property
    def profile(self) -> CityProfile:
        """The city's profile."""
        return self.city.profile

    @property
    def site(self) -> Site:
        """The site as it is now."""
        return self.hall.site

    @property
    def board(self) -> View:
        """The newest board."""
        return self.hall.board.data

    @property
    def machine(self) -> KioskMachine | None:
        """The kiosk of the profile that has the name of the browser's token."""
        return self.hall.site.kiosks.get(self.actor.display_name)

    @property
    def prints(self) -> PrintQueue:
        """The queue of this kiosk's printer.

        The printer is watched from the first time that the kiosk's browser asks here. Before, it may be one at the
        side of a kiosk computer, which watches it itself: this server could not reach it, or would take its line.
        """
        queue = self.queues.get((self.hall.site.id, self.actor.display_name), NO_PRINTER)
        if self.watch:
            queue.watch()
        return queue

    @property
    def address(self) -> str:
        """Where phones find the server."""
        return public_address()

    @property
    def polls(self) -> bool:
        """The server pushes."""
        return False

    def say_alive(self) -> None:
        """Tell the hall, where the profile names this kiosk; of a printer once it has been asked."""
        machine, state = self.machine, self.prints.state
        if machine is not None and (state is not None or not machine.printer):
            self.hall.report_kiosk(machine.id, KioskReport(state))

    def ticket(self, token: str) -> View | None:
        """The ticket of a token, of this hall and still open."""
        found = self.city.find_ticket_by_token(token)
        if found is None or found[0] is not self.hall or not found[1].is_open:
            return None
        return {"id": found[1].id, "offline": found[1].offline, **self.hall.ticket_status(found[1])}

    def reprint(self, ticket_id: str, key: str) -> None:
        """As the hall does."""
        self.hall.reprint(self._caller(key), ticket_id)

    def check_pin(self, pin: str) -> bool | None:
        """As the accounts know it."""
        return self.city.accounts.check_kiosk_pin(self.hall.site.id, pin)

    def counts(self) -> list[View]:
        """As the hall counts."""
        counted: list[View] = self.hall.staff_counts()["services"]
        return counted

    def find(self, label: str) -> View:
        """As the hall finds it, with what its slip carries; raises Unknown("ticket")."""
        return self.hall.find_open(label)

    def cancel(self, ticket: View, key: str) -> None:
        """As the hall does; raises Refused for a number that is being served."""
        self.hall.move(self._caller(key), ticket["id"], Move.CANCEL)

    def switch(self, service: str, key: str, *, paused: bool) -> None:
        """As the hall does."""
        if paused:
            self.hall.pause_service(self._caller(key), service)
        else:
            self.hall.resume_service(self._caller(key), service)

    def _caller(self, key: str) -> Caller:
        return Caller(self.actor.name, key)


def install(app: Flask, city: City, *, watch: bool) -> None:
    """Put the halls of a city behind the touch pages; with `watch`, printers of browsers are asked how they are."""
    queues = {
        (hall.site.id, machine.id): PrintQueue(printer_of(machine.printer), _reporter(hall, machine))
        for hall in city.halls.values()
        for machine in hall.site.kiosks.values()
        if machine.printer
    }

    def find(site_id: str) -> Source | None:
        hall = current_city().hall(site_id)
        # A view that only a kiosk may call has been through the door with whoever that is: also with a token.
        actor: Actor | None = g.get("actor") or kiosk_actor()
        return HallSource(city, hall, actor, queues, watch) if actor and actor.may(Permission.ISSUE) else None

    app.extensions[EXTENSION] = find


class _reporter:  # noqa: N801 - a function with a memory of whom it speaks for
    """Tells a hall how a kiosk's printer is."""

    def __init__(self, hall: Hall, machine: KioskMachine) -> None:
        self._hall = hall
        self._machine = machine

    def __call__(self, state: PrinterState) -> None:
        self._hall.report_kiosk(self._machine.id, KioskReport(state))
