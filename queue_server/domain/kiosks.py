"""How kiosks say they are: their printer, and the numbers that they gave out while the server was away.

This is news, not record: it is not journalled, and after a start every kiosk says it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SILENT_AFTER = timedelta(seconds=60)
"""A kiosk reports every few seconds; one that was not heard of for this long is off or cut off."""


class PrinterState(StrEnum):
    """How a printer of slips is; everything but `ready` and `paper_low` prints nothing."""

    READY = "ready"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFF = "off"
    """No answer: switched off, or its cable is out."""
    ERROR = "error"
    """It answers, and says that it cannot print: a jammed cutter, too hot a head."""

    @property
    def prints(self) -> bool:
        """Whether a slip comes out now."""
        return self in (PrinterState.READY, PrinterState.PAPER_LOW)


@dataclass(frozen=True, slots=True)
class KioskReport:
    """What a kiosk says of itself."""

    printer: PrinterState | None
    """None for a kiosk without a printer."""
    waiting: int = 0
    """Numbers that it gave out by itself and has not handed over."""
    left: Mapping[str, int] | None = None
    """Per series, the numbers of its reserve that are left today; None for a kiosk that has none."""
    recording: bool = True
    """Whether its own disk takes and gives what it has to; else it gives out no numbers while the server is away."""


@dataclass(frozen=True, slots=True)
class KioskState:
    """The last report of a kiosk, when it came (aware), and since when its printer is as it is."""

    report: KioskReport
    heard_at: datetime
    since: datetime

    def silent_at(self, now: datetime) -> bool:
        """Whether it should have been heard of again by now."""
        return now - self.heard_at >= SILENT_AFTER


def heard(before: KioskState | None, report: KioskReport, now: datetime) -> KioskState:
    """The state of a kiosk after a report."""
    same = before is not None and before.report.printer == report.printer
    return KioskState(report, now, before.since if before is not None and same else now)


def says_news(before: KioskState | None, after: KioskState) -> bool:
    """Whether staff have to be shown the later state: another report, or a kiosk that was silent."""
    return before is None or before.report != after.report or before.silent_at(after.heard_at)
