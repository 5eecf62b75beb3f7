"""The hall as this kiosk knows it: the server's while it answers, the kiosk's own judgement while it does not."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import structlog

from kiosk.local import known
from kiosk.local.clock import ServerClock
from kiosk.local.setup import PrinterChoice, Setup, UnusableSetup, read_setup
from kiosk.local.store import KioskStore, StorageUnavailable
from queue_server.domain import calendar
from queue_server.domain.day import Day
from queue_server.domain.kiosks import KioskReport, PrinterState
from queue_server.domain.site import NumberRange, Series, Service
from queue_server.domain.waits.site_waits import SiteWaits
from queue_server.snapshot import Moment, jst, make_board, status_view

log = structlog.get_logger()

View = dict[str, Any]


class NoNumber(Exception):  # noqa: N818 - an answer, not a failure
    """This kiosk gives out no number now; `code` says why."""

    def __init__(self, code: str, status: int = 409) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True)
class LocalBoard:
    """A board as this program shows it; `key` is what it was drawn from."""

    version: int
    key: tuple[Any, ...]
    data: View

    @cached_property
    def body(self) -> bytes:
        """The board as UTF-8 JSON."""
        return json.dumps(self.data, ensure_ascii=False, separators=(",", ":")).encode()


class LocalHall:
    """What is known of the hall, shared by the thread that listens to the server and those that answer the page."""

    def __init__(self, site_id: str, store: KioskStore, clock: ServerClock, printer: PrinterChoice) -> None:
        """Take up what was kept on the disk; the server counts as away until it was heard."""
        self.site_id = site_id
        self.store = store
        self.clock = clock
        self._printer = printer
        self._lock = threading.RLock()
        self._heard: View | None = store.kept("board")
        self._setup: Setup | None = None
        self._drawn: LocalBoard | None = None
        self._waiting = 0
        """Numbers that the server does not have, when they could last be read."""
        self._away_since: datetime | None = clock.now()
        self.judged = threading.Event()
        """Set as soon as it is known, for the first time since the start, whether the server answers."""
        kept = store.kept("setup")
        if kept is not None:
            self._setup = self._read_kept(kept)

    # -- what the server says --------------------------------------------------------------------

    @property
    def setup(self) -> Setup | None:
        """What the server told of this kiosk; None before it was ever heard."""
        return self._setup

    @property
    def away(self) -> bool:
        """Whether the server does not answer."""
        return self._away_since is not None

    def take_setup(self, raw: Mapping[str, Any]) -> None:
        """Take what the server tells of this kiosk, and its time. Raises UnusableSetup."""
        setup = read_setup(raw, self.site_id, self._printer, self._setup)
        self.clock.hear(setup.told, setup.simulated)
        if self._setup is None or _worth_keeping(setup) != _worth_keeping(self._setup):
            self._keep("setup", raw)
        self._setup = setup

    def take_board(self, board: View) -> bool:
        """Take a newer board of the server; True where it tells of another structure than the one before."""
        before, self._heard = self._heard, board
        self._keep("board", board)
        return before is None or known.structure_of(before) != known.structure_of(board)

    def note_live(self) -> None:
        """The server answers, and has taken over what was given out without it."""
        if self.away:
            log.info("server_live", site=self.site_id)
        self._away_since = None
        self.judged.set()

    def note_away(self, reason: str) -> None:
        """The server does not answer."""
        if not self.away or not self.judged.is_set():
            log.warning("server_away", site=self.site_id, reason=reason)
        if not self.away:
            self._away_since = self.clock.now()
        self.judged.set()

    # -- what the page sees ----------------------------------------------------------------------

    @property
    def board(self) -> LocalBoard:
        """The newest known board, with what this kiosk itself knows. Raises NoNumber("not_ready")."""
        setup = self._ready()
        now = self.clock.now()
        with self._lock:
            away, heard = self._away_since, self._heard
            left = self._left_if_readable(calendar.business_day(now)) if away else {}
            minute = now.replace(second=0, microsecond=0) if away or heard is None else None
            version_heard = heard["version"] if heard else None
            key = (version_heard, setup.source, away, minute, None if left is None else tuple(left.items()))
            if self._drawn is None or self._drawn.key != key:
                version = self.store.next_version()
                data = heard if heard and not away else self._draw_away(setup, now, left)
                self._drawn = LocalBoard(version, key, {**data, "version": version, "away": jst(away)})
            return self._drawn

    def report(self, printer: PrinterState | None) -> KioskReport:
        """How this kiosk is; numbers that the server refused today count among those it does not have.

        Where its file cannot be read, it says what it knew last of those, and that it does not record.
        """
        today = calendar.business_day(self.clock.now())
        try:
            waiting = len(self.store.outbox()) + len(self.store.refused(today))
            left = self.numbers_left(today) or None
        except StorageUnavailable:
            return KioskReport(printer, self._waiting, None, recording=False)
        self._waiting = waiting
        return KioskReport(printer, waiting, left, recording=self.store.trouble is None)

    def numbers_left(self, today: date) -> dict[str, int]:
        """Per series of this kiosk's reserve, how many numbers are left today."""
        setup = self._setup
        if setup is None or setup.machine is None:
            return {}
        used = {(ticket.series, ticket.number) for ticket in self.store.given_out(today)}
        used |= {(series, each) for series, numbers in setup.given_alone.on(today).items() for each in numbers}
        return {
            series: sum((series, number) not in used for number in range(numbers.first, numbers.last + 1))
            for series, numbers in setup.machine.reserve.items()
        }

    # -- what it decides by itself ---------------------------------------------------------------

    def may_give_out(self, service_id: str, now: datetime) -> tuple[Service, Series, NumberRange]:
        """The service, its series and this kiosk's own numbers of it, where a number may be given out now.

        Raises NoNumber.
        """
        setup = self._ready()
        service = setup.site.services.get(service_id)
        if service is None:
            raise NoNumber("unknown_service", 404)
        if not known.status_now(setup.site.hours, self._heard, now).open:
            raise NoNumber("hall_closed")
        pause = known.pauses_of(self._heard, calendar.business_day(now)).get(service_id)
        if pause is not None:
            raise NoNumber(pause)
        reserve = setup.machine.reserve.get(service.series) if setup.machine else None
        if reserve is None:
            raise NoNumber("no_reserve")
        return service, setup.site.series[service.series], reserve

    def taken_labels(self, now: datetime) -> set[str]:
        """Labels that are known to be somebody's today, and those of numbers that kiosks gave out alone today."""
        today, setup = calendar.business_day(now), self._ready()
        given = [
            setup.site.series[series].label(number)
            for series, numbers in setup.given_alone.on(today).items()
            if series in setup.site.series
            for number in numbers
        ]
        return known.live_labels(self._heard, today).union(given)

    @property
    def last_seq(self) -> int:
        """The last entry of the server's journal that this kiosk has heard of; 0 for none."""
        return int(self._heard["seq"]) if self._heard else 0

    # -- parts -----------------------------------------------------------------------------------

    def _ready(self) -> Setup:
        if self._setup is None:
            raise NoNumber("not_ready", 503)
        return self._setup

    def _left_if_readable(self, today: date) -> dict[str, int] | None:
        try:
            return self.numbers_left(today)
        except StorageUnavailable:
            return None

    def _draw_away(self, setup: Setup, now: datetime, left: Mapping[str, int] | None) -> View:
        """The board of a hall whose server is away: today's last one, or an empty one, judged by this kiosk.

        `left` is None where nobody can read which numbers are left: none is given out then.
        """
        today = calendar.business_day(now)
        status = known.status_now(setup.site.hours, self._heard, now)
        if self._heard is not None and known.day_of(self._heard) == today:
            board = self._heard
        else:
            day = Day(self.site_id, today)
            moment = Moment(0, now, day, status, writable=True, simulated=self.clock.simulated, waits=SiteWaits())
            board = make_board(setup.site, moment).data
        categories = [
            {**category, "services": [_alone(service, status.open, left or {}) for service in category["services"]]}
            for category in board["categories"]
        ]
        return {
            **board,
            "as_of": jst(now),
            "heard_at": self._heard["as_of"] if self._heard else None,
            "storage": {"writable": left is not None},
            "status": status_view(status),
            "categories": categories,
        }

    def _keep(self, name: str, value: Mapping[str, Any]) -> None:
        try:
            self.store.keep(name, dict(value))
        except StorageUnavailable as error:
            # It is known all the same, until the next start.
            log.error("not_kept", name=name, reason=str(error))

    def _read_kept(self, raw: Mapping[str, Any]) -> Setup | None:
        try:
            return read_setup(raw, self.site_id, self._printer)
        except UnusableSetup as error:
            log.error("kept_setup_unusable", site=self.site_id, reason=str(error))
            return None


def _worth_keeping(setup: Setup) -> tuple[Any, ...]:
    """What of a setup the next start has to know, without the time at which it was told."""
    return setup.source, setup.pin_hash, setup.given_alone


def _alone(service: View, is_open: bool, left: Mapping[str, int]) -> View:
    """A service as a kiosk without its server can offer it: from the reserve, and nobody knows how long it takes."""
    here = left.get(service["series"], 0)
    accepting = is_open and not service["paused"] and here > 0
    return {**service, "accepting": accepting, "full": service["series"] in left and here == 0, "estimate": None}


__all__ = ["LocalBoard", "LocalHall", "NoNumber", "StorageUnavailable"]
