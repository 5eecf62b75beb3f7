"""The printer of the kiosk computer: the one that profile or command line names; each job once, over restarts too."""

import threading
from collections.abc import Callable

import structlog
from PIL import Image

from kiosk.local.hall import LocalHall
from kiosk.local.store import KioskStore, StorageUnavailable
from kiosk.printing import Printer, PrintQueue, PrintResult, printer_of
from queue_server.domain import calendar
from queue_server.domain.kiosks import PrinterState
from queue_server.domain.site import KioskMachine

log = structlog.get_logger()


class KeptPrintQueue(PrintQueue):
    """A print queue that also after a restart knows which slips came out."""

    def __init__(
        self, printer: Printer | None, on_state: Callable[[PrinterState | None], None], hall: LocalHall
    ) -> None:
        super().__init__(printer, on_state)
        self._hall = hall

    def submit(self, key: str, draw: Callable[[], Image.Image]) -> PrintResult:
        """As every queue does; a job that came out before a restart counts as printed."""
        store = self._hall.store
        if self._was_printed(store, key):
            return PrintResult(True, self.state)
        result = super().submit(key, draw)
        if result.printed:
            try:
                store.note_printed(key, calendar.business_day(self._hall.clock.now()))
            except StorageUnavailable as error:
                # The slip is out; a second one after a restart is the lesser evil.
                log.error("print_not_kept", reason=str(error))
        return result

    @staticmethod
    def _was_printed(store: KioskStore, key: str) -> bool:
        try:
            return store.was_printed(key)
        except StorageUnavailable:
            return False


class Printing:
    """The queue of whatever printer this kiosk has now."""

    def __init__(self, hall: LocalHall, on_state: Callable[[PrinterState | None], None]) -> None:
        """`on_state` is told how the printer is, and None where there is none any more."""
        self._hall = hall
        self._on_state = on_state
        self._lock = threading.Lock()
        self._watching = False
        self._address = ""
        self.queue: PrintQueue = KeptPrintQueue(None, on_state, hall)

    def follow(self, machine: KioskMachine | None) -> None:
        """Print on the printer of this machine from now on; the same one goes on as it is."""
        address = machine.printer if machine else ""
        with self._lock:
            if address == self._address:
                return
            self.queue.stop()
            self._address = address
            self.queue = KeptPrintQueue(printer_of(address), self._on_state, self._hall)
            if not address:
                self._on_state(None)
            if self._watching:
                self.queue.watch()

    def watch(self) -> None:
        """Ask the printer every now and then how it is, also one that comes later."""
        with self._lock:
            self._watching = True
            self.queue.watch()

    def stop(self) -> None:
        """Ask no more."""
        with self._lock:
            self._watching = False
            self.queue.stop()
