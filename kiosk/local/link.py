"""The thread that listens to the server: hands over what was given out without it, then keeps what is known fresh."""

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from kiosk.local.hall import LocalHall
from kiosk.local.remote import Away, Remote
from kiosk.local.setup import Setup, UnusableSetup
from kiosk.local.store import StorageUnavailable
from queue_server.domain import calendar
from queue_server.domain.kiosks import KioskReport, PrinterState

log = structlog.get_logger()

POLL_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 5.0
REPORT_SECONDS = 10.0
SETUP_SECONDS = 60.0
KEPT_DAYS = 7
"""How long answers and numbers that the server has stay on this disk."""

LONGEST_COMPLAINT = 300
POSTPONED_SECONDS = 60.0
"""After how long a number is offered again whose service or site the server does not know."""

FOR_GOOD = (400, 409, 422)
"""Answers to a number that say that it will never be taken over."""


class Link:
    """One round after the other: `run` in a thread of its own, `round` by itself in tests."""

    def __init__(self, hall: LocalHall, remote: Remote, on_setup: Callable[[Setup], None] = lambda _: None) -> None:
        """`on_setup` is told each time what the server says of this kiosk."""
        self._on_setup = on_setup
        self._hall = hall
        self._remote = remote
        self._woken = threading.Event()
        self._stopped = False
        self._etag: str | None = None
        self._setup_due = self._report_due = 0.0
        self._reported: KioskReport | None = None
        self._printer: PrinterState | None = None
        self._tidied_on: object = None
        self._complained: set[str] = set()
        self._postponed: dict[str, float] = {}

    # -- from other threads ----------------------------------------------------------------------

    def start(self) -> threading.Thread:
        """Run in a thread of its own until `stop`."""
        thread = threading.Thread(target=self.run, name="link", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """End the run after the round that is under way."""
        self._stopped = True
        self._woken.set()

    def wake(self) -> None:
        """Begin the next round now."""
        self._woken.set()

    def note_printer(self, state: PrinterState | None) -> None:
        """How the printer is from now on; staff are told it with the next round."""
        if state is not self._printer:
            self._printer = state
            self.wake()

    # -- rounds ----------------------------------------------------------------------------------

    def run(self) -> None:
        """Round after round; a second apart while the server answers, up to five while it does not."""
        pause = POLL_SECONDS
        while not self._stopped:
            self._woken.clear()
            try:
                self.round()
            except Exception as error:
                # Whatever it is, the kiosk goes on by itself and asks again.
                log.error("link_failed", exc_info=error)
                self._hall.note_away(type(error).__name__)
            pause = min(1.5 * pause, LONGEST_PAUSE_SECONDS) if self._hall.away else POLL_SECONDS
            self._woken.wait(pause * random.uniform(0.8, 1.2))  # noqa: S311 - spreads the asking of several kiosks

    def round(self) -> None:
        """Hand over first; then the board, the setup and the report where they are due."""
        was_away = self._hall.away
        try:
            self._hand_over_if_noted()
            if was_away:
                self._read_setup()
                self._report_due = 0.0
            self._read_board()
            if time.monotonic() >= self._setup_due:
                self._read_setup()
            self._report()
        except Away as error:
            self._hall.note_away(str(error))
            return
        except StorageUnavailable as error:
            self._complain(f"disk: {error}")
        self._hall.note_live()
        self._tidy()

    def _hand_over_if_noted(self) -> None:
        """Hand over; a disk that takes no note of it has it done again, and keeps no news of the hall away."""
        try:
            self._hand_over()
        except StorageUnavailable as error:
            self._complain(f"disk: {error}")

    def _hand_over(self) -> None:
        """Tell the server of every number that it does not know, in their order; it is the first to hear of them."""
        for ticket in self._hall.store.outbox():
            if time.monotonic() < self._postponed.get(ticket.id, 0.0):
                continue
            reply = self._remote.hand_over(ticket)
            if reply.status == 201:
                self._hall.store.note_handed_over(ticket.id)
                log.info("handed_over", label=ticket.label, issued_at=ticket.issued_at.isoformat())
            elif reply.status in FOR_GOOD:
                log.error("hand_over_refused", label=ticket.label, status=reply.status, code=reply.code)
                self._hall.store.note_refused(ticket.id, reply.code)
            else:
                # Another profile, or a token that was revoked: neither says that the number is nobody's.
                self._complain(f"hand-over: {reply.status} {reply.code}")
                self._postponed[ticket.id] = time.monotonic() + POSTPONED_SECONDS
        unknown = {ticket.id for ticket in self._hall.store.outbox()}
        for ticket_id, key in self._hall.store.reprints():
            if ticket_id not in unknown:
                # A refusal says that the number is over by now: there is nothing left to be told.
                self._remote.reprint(ticket_id, key)
                self._hall.store.drop_reprint(key)

    def _read_board(self) -> None:
        reply = self._remote.board(self._etag)
        if reply.status == 304:
            return
        if reply.data.get("site", {}).get("id") != self._hall.site_id:
            raise Away("answered with the board of another site")
        self._etag = None
        if self._hall.take_board(reply.data):
            self._setup_due = 0.0
        self._etag = reply.etag

    def _read_setup(self) -> None:
        reply = self._remote.setup()
        self._setup_due = time.monotonic() + SETUP_SECONDS
        if reply.status != 200:
            self._complain(f"setup: {reply.status} {reply.code}")
            return
        try:
            self._hall.take_setup(reply.data)
        except UnusableSetup as error:
            self._complain(f"setup: {error}")
            return
        assert self._hall.setup is not None
        self._on_setup(self._hall.setup)

    def _report(self) -> None:
        setup = self._hall.setup
        if setup is None or setup.machine is None or not setup.machine.id:
            return
        report = self._hall.report(self._printer)
        if report == self._reported and time.monotonic() < self._report_due:
            return
        body = {"printer": report.printer, "waiting": report.waiting, "left": report.left}
        # Said only where something is wrong: a server of the version before knows no such word.
        reply = self._remote.report(body if report.recording else {**body, "recording": False})
        self._report_due = time.monotonic() + REPORT_SECONDS
        self._reported = report
        if reply.status != 200:
            self._complain(f"report: {reply.status} {reply.code}")

    def _tidy(self) -> None:
        """Forget what is over, once a day; where the disk does not take that, the next round tries again."""
        today = calendar.business_day(self._hall.clock.now())
        if today == self._tidied_on:
            return
        try:
            self._hall.store.forget(today - timedelta(days=KEPT_DAYS))
        except StorageUnavailable as error:
            self._complain(f"disk: {error}")
        else:
            self._tidied_on = today

    def _complain(self, what: str) -> None:
        """Log what is wrong, once."""
        if what not in self._complained:
            self._complained.add(what)
            log.error("server_refuses", what=what[:LONGEST_COMPLAINT])
