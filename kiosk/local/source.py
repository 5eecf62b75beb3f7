"""The touch pages on the kiosk computer: what they need, from this program, its printer and the server behind it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from kiosk.local.hall import NoNumber
from kiosk.local.program import Program
from kiosk.local.remote import Away, Reply
from kiosk.local.setup import Setup
from kiosk.local.store import StorageUnavailable
from kiosk.printing import PrintQueue
from kiosk.source import EXTENSION, Source, View
from queue_server.accounts.passwords import matches
from queue_server.context import Unknown
from queue_server.domain import calendar
from queue_server.domain.site import CityProfile, KioskMachine, Site
from queue_server.domain.ticket import Refused


@dataclass(frozen=True, slots=True)
class LocalSource:
    """The hall as the browser of this computer has it, whether or not the server answers."""

    program: Program
    setup: Setup

    @property
    def profile(self) -> CityProfile:
        """The city's profile as the server last told it."""
        return self.setup.profile

    @property
    def site(self) -> Site:
        """The site with administrators' changes."""
        return self.setup.site

    @property
    def board(self) -> View:
        """The server's board, or this kiosk's own judgement."""
        return self.program.hall.board.data

    @property
    def machine(self) -> KioskMachine | None:
        """This machine in the profile, with the printer of the command line."""
        return self.setup.machine

    @property
    def prints(self) -> PrintQueue:
        """The queue of the printer that stands here."""
        return self.program.printing.queue

    @property
    def address(self) -> str:
        """Where phones find the server."""
        return self.setup.public_url

    @property
    def polls(self) -> bool:
        """Nobody pushes here."""
        return True

    def say_alive(self) -> None:
        """The link to the server says it by itself."""

    def ticket(self, token: str) -> View | None:
        """A number that was given out on this kiosk."""
        return self.program.issuing.find_number(token)

    def reprint(self, ticket_id: str, key: str) -> None:
        """Tell the server, or keep it until it answers; raises Refused for a number that is over."""
        try:
            waits = ticket_id in {each.id for each in self.program.store.outbox()}
        except StorageUnavailable:
            # The server says whether it has it.
            waits = False
        if not self.program.hall.away and not waits:
            try:
                self._own(self.program.remote.reprint(ticket_id, key))
            except Away:
                pass
            else:
                return
        self.program.store.keep_reprint(ticket_id, key)

    def check_pin(self, pin: str) -> bool | None:
        """As the server says, which opens its staff mode too; by the known hash while it is away."""
        self.program.staff_key = ""
        if not self.program.hall.away:
            try:
                reply = self.program.remote.staff("", {"pin": pin}, uuid.uuid4().hex)
            except Away:
                pass
            else:
                self.program.staff_key = str(reply.data.get("key", ""))
                return reply.status == 200
        return None if self.setup.pin_hash is None else matches(self.setup.pin_hash, pin)

    def counts(self) -> list[View]:
        """As the hall counts; while it is away, what this kiosk gave out itself and the last known waiting line."""
        if not self.program.hall.away and self.program.staff_key:
            try:
                found: list[View] = self._staff("counts", {}, uuid.uuid4().hex).data["services"]
            except NoNumber:
                pass
            else:
                return found
        today = calendar.business_day(self.program.hall.clock.now())
        given = [each.service for each in self.program.store.given_out(today)]
        return [
            {
                "id": service["id"],
                "name": service["name"],
                "issued": given.count(service["id"]),
                "waiting": service["waiting_count"],
                "paused": service["paused"],
            }
            for category in self.board["categories"]
            for service in category["services"]
        ]

    def find(self, label: str) -> View:
        """A number that was given out here, or any other open one that the server knows."""
        today = calendar.business_day(self.program.hall.clock.now())
        try:
            own = next((each for each in self.program.store.numbers_of(today) if each["label"] == label), None)
        except StorageUnavailable:
            own = None
        if own is not None:
            return own
        ticket: View = self._staff("find", {"label": label}, uuid.uuid4().hex).data["ticket"]
        return ticket

    def cancel(self, ticket: View, key: str) -> None:
        """As the server does; nobody can while it is away."""
        self._staff("cancel", {"label": ticket["label"]}, key)

    def switch(self, service: str, key: str, *, paused: bool) -> None:
        """As the server does; nobody can while it is away."""
        self._staff("pause" if paused else "resume", {"service": service}, key)

    def _staff(self, deed: str, body: dict[str, Any], key: str) -> Reply:
        """A deed of the server's staff mode. Raises NoNumber where it is away, and whatever it refuses with."""
        if self.program.hall.away:
            raise NoNumber("server_away", 503)
        if not self.program.staff_key:
            raise NoNumber("staff_mode_ended", 403)
        try:
            return self._own(self.program.remote.staff(deed, body, key, self.program.staff_key))
        except Away:
            raise NoNumber("server_away", 503) from None

    @staticmethod
    def _own(reply: Reply) -> Reply:
        """An answer that is no refusal. Raises Unknown, Refused or NoNumber as the server refused."""
        match reply.status:
            case 200 | 201:
                return reply
            case 404:
                raise Unknown("ticket")
            case 409:
                raise Refused(reply.code or "illegal_move")
            case status:
                raise NoNumber(reply.code, status)


def install(app: Flask, program: Program) -> None:
    """Put the program behind the touch pages of an application."""

    def find(site_id: str) -> Source | None:
        if site_id != program.hall.site_id:
            raise NoNumber("unknown_site", 404)
        setup = program.hall.setup
        if setup is None:
            raise NoNumber("not_ready", 503)
        return LocalSource(program, setup)

    finder: Callable[[str], Source | None] = find
    app.extensions[EXTENSION] = finder
