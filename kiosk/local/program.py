"""The kiosk computer's program as one object: what it keeps, what it knows, the line to the server, the printer."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.local.clock import ServerClock
from kiosk.local.hall import LocalHall
from kiosk.local.issuing import Issuing
from kiosk.local.link import Link
from kiosk.local.printing import Printing
from kiosk.local.remote import Address, Remote
from kiosk.local.setup import PrinterChoice
from kiosk.local.store import KioskStore
from queue_server.domain.kiosks import PrinterState

EXTENSION = "kiosk.local.program"


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """What the command line says."""

    address: Address
    data: Path
    port: int = 8080
    printer: PrinterChoice = field(default_factory=PrinterChoice)
    threads: int = 8
    log_level: str = "info"


class Program:
    """Everything that lives as long as the program; made in the process that answers the page."""

    def __init__(self, settings: LocalSettings) -> None:
        """Open the file and take up what it keeps; nothing is asked of the server before `start`.

        Raises StorageUnavailable or DamagedDatabase.
        """
        self.settings = settings
        self.store = KioskStore(settings.data)
        self.hall = LocalHall(settings.address.site, self.store, ServerClock(self.store), settings.printer)
        self.remote = Remote(settings.address)
        self.issuing = Issuing(self.hall, self.remote)
        self.printing = Printing(self.hall, self._note_printer)
        self.link = Link(self.hall, self.remote, lambda setup: self.printing.follow(setup.machine))
        self.staff_key = ""
        """What the server gave for the PIN of the staff mode that is open here; "" for none."""
        self._listening: threading.Thread | None = None
        if self.hall.setup is not None:
            self.printing.follow(self.hall.setup.machine)

    def start(self) -> None:
        """Begin to listen to the server, and to ask the printer how it is."""
        self.printing.watch()
        self._listening = self.link.start()

    def close(self) -> None:
        """End the link after the round that is under way, and close what is open."""
        self.link.stop()
        self.printing.stop()
        if self._listening is not None:
            self._listening.join()
        self.remote.close()
        self.store.close()

    def _note_printer(self, state: PrinterState | None) -> None:
        self.link.note_printer(state)
