"""ESC/POS printers by network, USB, serial line or file: a picture goes out, the state of the paper comes back.

A slip is always printed as a raster: printers have no Japanese that can be relied on. DLE EOT bytes occur by chance
inside rasters, so a status is asked for between jobs alone; the one that follows a job (GS r) is answered in order,
after everything before it was printed.
"""

import socket
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import structlog
from PIL import Image

from queue_server.domain.kiosks import PrinterState

log = structlog.get_logger()

TIMEOUT_SECONDS = 5
DEFAULT_BAUD = 38_400
STRIP = 960
"""Rows of one raster command; the buffers of small printers take no more."""

_OFFLINE = b"\x10\x04\x01"
_OFFLINE_CAUSE = b"\x10\x04\x02"
_PAPER = b"\x10\x04\x04"
_PAPER_AFTER_JOB = b"\x1d\x72\x01"

_IS_OFFLINE, _COVER_OPEN, _STOPPED_BY_PAPER = 0x08, 0x04, 0x20
_PAPER_END, _PAPER_NEAR_END = 0x60, 0x0C
_END_AFTER_JOB, _NEAR_END_AFTER_JOB = 0x0C, 0x03


class PrintFailed(Exception):  # noqa: N818 - an answer: the number stands on the screen
    """No whole slip came out; `state` says why."""

    def __init__(self, state: PrinterState) -> None:
        super().__init__(state.value)
        self.state = state


class Printer(Protocol):
    """What a print queue needs of a printer; both calls take as long as the paper does."""

    def status(self) -> PrinterState: ...

    def print(self, picture: Image.Image) -> PrinterState: ...


class NoAnswer(Exception):  # noqa: N818 - a state of the line
    """The printer says nothing."""


class EscposPrinter:
    """A printer that python-escpos opens; it is open only while something is printed or asked."""

    def __init__(self, opened: Callable[[], Any], *, answers: bool = True) -> None:
        """`opened` gives a fresh python-escpos printer; `answers` is False for a file, which says nothing."""
        self._opened = opened
        self._answers = answers

    def status(self) -> PrinterState:
        """How the printer is now; never raises."""
        try:
            with _Line(self._opened) as line:
                return line.state() if self._answers else PrinterState.READY
        except (OSError, NoAnswer):
            return PrinterState.OFF

    def print(self, picture: Image.Image) -> PrinterState:
        """Print a slip and cut it; the state of the paper afterwards. Raises PrintFailed."""
        try:
            with _Line(self._opened) as line:
                if self._answers:
                    before = line.state()
                    if not before.prints:
                        raise PrintFailed(before)
                line.slip(picture)
                return line.state_after_job() if self._answers else PrinterState.READY
        except NoAnswer:
            raise PrintFailed(PrinterState.ERROR) from None
        except OSError as error:
            log.info("print_failed", reason=type(error).__name__)
            state = self.status()
            raise PrintFailed(PrinterState.ERROR if state.prints else state) from None


class _Line:
    """One connection to a printer."""

    def __init__(self, opened: Callable[[], Any]) -> None:
        self._opened = opened

    def __enter__(self) -> "_Line":
        with _as_os_errors():
            self._escpos = self._opened()
        return self

    def __exit__(self, *_exception: object) -> None:
        with suppress(Exception):
            self._escpos.close()

    def slip(self, picture: Image.Image) -> None:
        with _as_os_errors(), warnings.catch_warnings():
            # The library warns that it does not know the width of the paper; the profile of the city does.
            warnings.simplefilter("ignore")
            self._escpos.profile.profile_data["media"]["width"]["pixels"] = picture.width
            self._escpos._raw(b"\x1b\x40")
            for top in range(0, picture.height, STRIP):
                strip = picture.crop((0, top, picture.width, min(top + STRIP, picture.height)))
                self._escpos.image(strip, impl="bitImageRaster", center=False)
            self._escpos._raw(b"\n\n\n\n\x1d\x56\x01")

    def state(self) -> PrinterState:
        """By DLE EOT, between jobs."""
        if self._ask(_OFFLINE) & _IS_OFFLINE:
            cause = self._ask(_OFFLINE_CAUSE)
            if cause & _COVER_OPEN:
                return PrinterState.COVER_OPEN
            if cause & _STOPPED_BY_PAPER or self._ask(_PAPER) & _PAPER_END:
                return PrinterState.PAPER_OUT
            return PrinterState.ERROR
        paper = self._ask(_PAPER)
        if paper & _PAPER_END:
            return PrinterState.PAPER_OUT
        return PrinterState.PAPER_LOW if paper & _PAPER_NEAR_END else PrinterState.READY

    def state_after_job(self) -> PrinterState:
        """By GS r, which is answered once everything before it was printed."""
        try:
            paper = self._ask(_PAPER_AFTER_JOB)
        except NoAnswer:
            # It took the job and stopped: the paper may have ended in the middle.
            state = self.state()
            raise PrintFailed(PrinterState.ERROR if state.prints else state) from None
        if paper & _END_AFTER_JOB:
            return PrinterState.PAPER_OUT
        return PrinterState.PAPER_LOW if paper & _NEAR_END_AFTER_JOB else PrinterState.READY

    def _ask(self, question: bytes) -> int:
        with _as_os_errors():
            try:
                answer = self._escpos.query_status(question)
            except TimeoutError:
                raise NoAnswer from None
        if not answer:
            raise NoAnswer
        return int(answer[-1])


class _as_os_errors:  # noqa: N801 - reads as a phrase
    """Errors of the libraries of the different lines, as OSError; a NoAnswer stays one."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, OSError | NoAnswer):
            raise OSError(str(error)) from error


def printer_of(address: str) -> Printer | None:
    """The printer of an address as the profile writes it; None for "". Raises ValueError for another address."""
    if not address:
        return None
    parts = urlsplit(address)
    match parts.scheme:
        case "tcp":
            return EscposPrinter(lambda: _network(parts.hostname or "", parts.port or 9100))
        case "usb":
            vendor, product = (int(each, 16) for each in address.removeprefix("usb://").split(":"))
            return EscposPrinter(lambda: _usb(vendor, product))
        case "serial":
            baud = int(parse_qs(parts.query).get("baud", [str(DEFAULT_BAUD)])[0])
            return EscposPrinter(lambda: _serial(parts.path, baud))
        case "file":
            return EscposPrinter(lambda: _file(parts.path), answers=False)
        case _:
            raise ValueError(f"{address} is no printer")


def _network(host: str, port: int) -> Any:
    from escpos.printer import Network

    # The library leaves a socket open where nobody answers; this one is connected, or closed.
    printer = Network(host, port=port, timeout=TIMEOUT_SECONDS)
    printer.device = socket.create_connection((host, port), TIMEOUT_SECONDS)
    return printer


def _usb(vendor: int, product: int) -> Any:
    from escpos.printer import Usb

    printer = Usb(vendor, product, timeout=TIMEOUT_SECONDS * 1000)
    printer.open()
    return printer


def _serial(device: str, baud: int) -> Any:
    from escpos.printer import Serial

    printer = Serial(devfile=device, baudrate=baud, timeout=1)
    printer.open()
    return printer


def _file(path: str) -> Any:
    from escpos.printer import File

    printer = File(path)
    printer.open()
    return printer
