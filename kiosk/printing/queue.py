"""The jobs of one printer, one after the other, outside the event loop; each job prints once."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from PIL import Image

from kiosk.printing.printers import Printer, PrintFailed
from queue_server.domain.kiosks import PrinterState
from queue_server.worker import run_blocking

log = structlog.get_logger()

WATCH_SECONDS = 20.0
"""How often a printer that has nothing to do is asked how it is."""
REMEMBERED_JOBS = 500


@dataclass(frozen=True, slots=True)
class PrintResult:
    """What came of a job: whether the slip came out, and how the printer is now."""

    printed: bool
    state: PrinterState | None
    """None for a kiosk without a printer."""


class PrintQueue:
    """Prints for one kiosk. Its locks and threads are the worker's own kind, so it never holds up the event loop."""

    def __init__(
        self,
        printer: Printer | None,
        on_state: Callable[[PrinterState], None] = lambda _state: None,
        *,
        watch_seconds: float = WATCH_SECONDS,
    ) -> None:
        """`on_state` is told each state that differs from the one before, outside the job."""
        self._printer = printer
        self._on_state = on_state
        self._watch_seconds = watch_seconds
        self._lock = threading.Lock()
        self._done: OrderedDict[str, PrintResult] = OrderedDict()
        self._state: PrinterState | None = None
        self._stopped = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def state(self) -> PrinterState | None:
        """How the printer was when it was last asked; None before, and for a kiosk without one."""
        return self._state

    def submit(self, key: str, draw: Callable[[], Image.Image]) -> PrintResult:
        """Print what `draw` draws, unless the job of this key was printed before; waits until it came out.

        A job that failed may be given again under its key. Never raises for what the printer does.
        """
        printer = self._printer
        if printer is None:
            return PrintResult(False, None)
        with self._lock:
            known = self._done.get(key)
            if known is not None:
                return known
            result = run_blocking(_run, printer, draw)
            if result.printed:
                self._done[key] = result
                while len(self._done) > REMEMBERED_JOBS:
                    self._done.popitem(last=False)
        self._note(result.state)
        return result

    def check(self) -> PrinterState | None:
        """Ask the printer how it is, between jobs."""
        if self._printer is None:
            return None
        with self._lock:
            state = run_blocking(self._printer.status)
        self._note(state)
        return state

    def watch(self) -> None:
        """Begin to ask every now and then, in a thread of the worker's own kind; a second time changes nothing."""
        if self._printer is None or self._watcher is not None:
            return
        self._watcher = threading.Thread(target=self._watch, name="printer-watch", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Ask no more."""
        self._stopped.set()

    def _watch(self) -> None:
        while not self._stopped.is_set():
            try:
                self.check()
            except Exception:
                log.exception("printer_watch_failed")
            self._stopped.wait(self._watch_seconds)

    def _note(self, state: PrinterState | None) -> None:
        if state is None or state is self._state:
            return
        self._state = state
        log.info("printer_state", state=state.value)
        self._on_state(state)


def _run(printer: Printer, draw: Callable[[], Image.Image]) -> PrintResult:
    try:
        return PrintResult(True, printer.print(draw()))
    except PrintFailed as failed:
        return PrintResult(False, failed.state)
