"""The write path: lock > decide > append > project > commit > tell.

Nothing is told to anybody before the commit, and a refused or failed command changes nothing.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import structlog

from queue_server.clock import Clock, stopwatch
from queue_server.desk_view import DeskView, TicketRows, make_desk_view
from queue_server.domain import calendar
from queue_server.domain.boards import ScreenState
from queue_server.domain.calendar import OpeningStatus
from queue_server.domain.day import Day
from queue_server.domain.entries import Kind
from queue_server.domain.kiosks import KioskState
from queue_server.domain.site import Site
from queue_server.domain.switches import CounterSwitch, outlasts_the_day
from queue_server.domain.ticket import Refused
from queue_server.domain.waits.site_waits import SiteWaits
from queue_server.hall.appending import append_drafts
from queue_server.hall.learning import follow, take_up_waits
from queue_server.hall.terms import CLOCK_ACTOR, Caller, Decision, Draft, Listener, Timekeeper, Written
from queue_server.hall.together import Command, Together
from queue_server.snapshot import Board, Moment, View, make_board
from queue_server.storage import journal, tickets
from queue_server.storage.database import StorageUnavailable, Store
from queue_server.storage.versions import VersionCounter

log = structlog.get_logger()

_ANSWERS = json.JSONEncoder(ensure_ascii=False)


class WritePath:
    """The live day of one site: its state, the pictures of it, and the only way to change it."""

    def __init__(
        self,
        site: Site,
        store: Store,
        clock: Clock,
        versions: VersionCounter,
        together: Together,
        *,
        profile_text: str = "",
    ) -> None:
        """Take up the day where the journal left it; a day that ended while nobody was here is ended first.

        `together` carries out its commands. `profile_text` is the file that `site` was read from; administrators
        change parts of it.
        """
        self.site = self._profile_site = site
        self._profile_text = profile_text
        self._store = store
        self._clock = clock
        self._versions = versions
        self._together = together
        self._remembered: Day | None = None
        self._astray = False
        self._writable = True
        self._listeners: list[Listener] = []
        self._timekeeper: Timekeeper = lambda _command, _seconds: None
        self._board: Board | None = None
        self._desk_view: DeskView | None = None
        self._rows = TicketRows()
        self._kiosk_states: Mapping[str, KioskState] = {}
        self._screen_states: Mapping[str, ScreenState] = {}
        now = clock.now()
        with store.reading() as db:
            last = journal.latest_business_day(db, site.id)
            today = calendar.business_day(now)
            if last is not None and last < today:
                self._take_up(last, learn=False)
                self._leave_day(now)
            if last is not None and last > today:
                # The later day goes on: numbers may never begin again within it.
                log.warning("clock_behind_journal", site=site.id, journal_day=last.isoformat())
            self._take_up(max(last or today, today))
            self._renew(now)
            self._end_day_if_due(now)

    @property
    def board(self) -> Board:
        """The newest public board; drawn when it is first asked for, however many changes came before."""
        board = self._board
        if board is None:
            with self._store.lock:
                board = self._board = self._board or make_board(self.site, self._moment)
        return board

    @property
    def desk_view(self) -> DeskView:
        """The newest view of the staff."""
        view = self._desk_view
        if view is None:
            with self._store.lock:
                view = self._desk_view = self._desk_view or make_desk_view(self.site, self._moment, self._rows)
        return view

    @property
    def writable(self) -> bool:
        """False from a write that the disk refused until one that it took."""
        return self._writable

    @property
    def business_day(self) -> date:
        """The day that this hall is in."""
        return self._day.business_day

    def time_commands(self, timekeeper: Timekeeper) -> None:
        """Have `timekeeper` told of every command, after its lock is free, and of the seconds that it took."""
        self._timekeeper = timekeeper

    def listen(self, listener: Listener) -> None:
        """Have `listener` told of every change from now on."""
        self._listeners.append(listener)

    # -- time ------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Do what time does: end the day, begin the next, renew the pictures when they would read otherwise.

        A disk that refused is tried again; what it refused is not lost, since nothing was acknowledged.
        """
        with self._store.lock:
            now = self._clock.now()
            before = self._moment.version
            try:
                # Whoever met damage, also one who reads, every hall's screens say so.
                self._store.require_sound()
                if self._astray or not self._writable:
                    self._recover(now)
                self._begin_day_if_due(now)
                self._end_day_if_due(now)
            except StorageUnavailable as error:
                self.note_failure(now, error)
            if self._moment.version == before and self._reads_otherwise(now):
                self._renew(now)
            changed = self._moment.version != before
        if changed:
            self.tell()

    # -- the write path --------------------------------------------------------------------------

    def command(self, caller: Caller, words: Sequence[Any], decide: Callable[[datetime], Decision]) -> View | None:
        """Lock > decide > append > project > commit > tell, or give the answer that this command got before."""
        began = stopwatch()
        try:
            return self._together.carry_out(Command(self, caller, fingerprint_of([self.site.id, *words]), decide))
        finally:
            self._timekeeper(str(words[0]), stopwatch() - began)

    # What `Together` asks of a hall, with the lock held.

    @property
    def version(self) -> int:
        """The version of the newest pictures."""
        return self._moment.version

    def prepare(self, now: datetime) -> None:
        """Bring the hall to the present before a command; raises StorageUnavailable."""
        if self._astray or not self._writable:
            self._recover(now)
        self._begin_day_if_due(now)

    def write(self, command: Command, now: datetime) -> Sequence[Written]:
        """Decide on a command and write what it comes to, inside the transaction; nothing else is changed."""
        db, caller = self._store.database, command.caller
        known = tickets.find_answer(db, caller.actor, caller.request_id)
        if known is not None:
            command.answer = _repeat(known, command.fingerprint)
            return ()
        decision = command.decide(now)
        written = append_drafts(db, self._day, caller, now, decision.drafts)
        command.answer = decision.answer(written)
        text = None if command.answer is None else _ANSWERS.encode(command.answer)
        answer = tickets.Answer(command.fingerprint, text)
        tickets.store_answer(db, caller.actor, caller.request_id, self._day.business_day, answer)
        return written

    def take_in(self, written: Sequence[Written]) -> None:
        """Change the live day as entries say that were written."""
        for each in written:
            if each.entry.business_day == self._day.business_day:
                before = self._day.tickets.get(each.entry.ticket or "")
                self._day.apply(each.entry)
                follow(self._waits, self.site, self._day, each.entry, before)
            else:
                self._day.seq = each.entry.seq
        if any(each.entry.kind is Kind.CHANGE_STRUCTURE for each in written):
            self._build_site()

    def remember(self) -> None:
        """Keep the day as it is, for the case that what is taken in now is not committed."""
        self._remembered = self._day.copy()

    def take_back(self) -> None:
        """Return to what was remembered. The waits cannot: they learn from the disk again before the next command."""
        assert self._remembered is not None, "only what was remembered is taken back"
        self._day, self._remembered, self._astray = self._remembered, None, True
        self._build_site()
        self._renew(self._moment.now)

    def committed(self, written: Sequence[Written], now: datetime) -> None:
        """Take in what is committed, and begin a new version of the pictures if a command has changed anything.

        It stands whatever happens here: where a mistake of the program keeps the live day from following, the day is
        read from the disk again before the next command.
        """
        self._remembered = None
        try:
            self.take_in(written)
            if self._day.seq != self._moment.seq:
                self._renew(now)
        except Exception:
            self._lose_track()

    def note_failure(self, now: datetime, error: StorageUnavailable) -> None:
        """Say on every screen that nothing can be written now."""
        if self._writable:
            log.error("storage_unavailable", site=self.site.id, reason=str(error))
            self._writable = False
            self._renew(now)

    def tell(self) -> None:
        """Have every listener know that there is something new."""
        for listener in self._listeners:
            try:
                listener(self.site.id)
            except Exception:
                # What was committed stands; one listener that fails does not stop the others.
                log.exception("listener_failed", site=self.site.id)

    # -- days, pictures, recovery ----------------------------------------------------------------

    def _take_up(self, business_day: date, *, learn: bool = True) -> None:
        """Read a business day, and the structure as administrators left it, from the disk.

        A day that is only to be ended needs no waits. Raises StorageUnavailable or DamagedDatabase.
        """
        with self._store.reading() as db:
            standing = {
                name: switch
                for name, switch in tickets.switches_of(db, self.site.id).items()
                if outlasts_the_day(name)
            }
            day = Day(self.site.id, business_day, switches=standing)
            entries = list(journal.read_day(db, self.site.id, business_day))
            for entry in entries:
                day.apply(entry)
            # Also an entry of an earlier day may be the last one: a number that a kiosk handed over too late.
            day.seq = journal.last_seq_of(db, self.site.id)
            self._day = day
            self._build_site()
            self._waits = take_up_waits(self._store, self.site, day, entries) if learn else SiteWaits()

    def _build_site(self) -> None:
        """Make the site that the profile and the administrators' changes describe."""
        self.site = self._profile_site

    def _begin_day_if_due(self, now: datetime) -> None:
        """Turn to the next business day; a clock that was set back never turns to an earlier one."""
        today = calendar.business_day(now)
        if today > self._day.business_day:
            self._leave_day(now)
            self._take_up(today)
            self._renew(now)

    def _end_day_if_due(self, now: datetime) -> None:
        if now >= calendar.day_ends_at(self.site.hours, self._day.business_day) and self._end_day(now):
            self._renew(now)

    def _end_day(self, now: datetime) -> bool:
        """Expire what is still open and switch everything back for the next morning; False if nothing was."""
        drafts = list(self._closing_drafts(now))
        if not drafts:
            return False
        caller = Caller(CLOCK_ACTOR, f"end of {self._day.business_day.isoformat()}")
        with self._store.transaction() as db:
            written = append_drafts(db, self._day, caller, now, drafts)
        try:
            self.take_in(written)
        except Exception:
            self._lose_track()
        return True

    def _leave_day(self, now: datetime) -> None:
        """End a day for good: the answers of those before it are kept no longer."""
        self._end_day(now)
        try:
            with self._store.transaction() as db:
                tickets.forget_answers(db, before=self._day.business_day)
        except StorageUnavailable as error:
            # They go with the next day; a hall may begin its morning without.
            log.warning("answers_not_forgotten", site=self.site.id, reason=str(error))

    def _closing_drafts(self, now: datetime) -> Iterator[Draft]:
        for ticket in self._day.tickets.values():
            yield Draft(Kind.EXPIRE, ticket.id, ticket.counter)
        for counter, switch in sorted(self._day.counters.items()):
            if replace(switch, services=None) != CounterSwitch():
                yield Draft(Kind.CLOSE_COUNTER, counter=counter)
            if switch.services is not None:
                yield Draft(Kind.ASSIGN_SERVICES, counter=counter, body={"services": None})
        for service in sorted(self._day.paused_services):
            yield Draft(Kind.RESUME_SERVICE, body={"service": service})
        if self._day.reception is not None:
            yield Draft(Kind.RESET_RECEPTION)
        for notice in self._day.notices:
            if not notice.stands_at(now):
                yield Draft(Kind.WITHDRAW_NOTICE, body={"id": notice.id})

    def _status(self, now: datetime) -> OpeningStatus:
        return calendar.status_at(self.site.hours, now, self._day.reception)

    def _renew(self, now: datetime) -> None:
        """Begin a new version: what was drawn before is out of date."""
        self._moment = Moment(
            version=self._versions.next(),
            now=now,
            day=self._day,
            status=self._status(now),
            writable=self._writable,
            simulated=self._clock.simulated,
            kiosks=self._kiosk_states,
            screens=self._screen_states,
            waits=self._waits,
            seq=self._day.seq,
        )
        self._board = None
        self._desk_view = None

    def _reads_otherwise(self, now: datetime) -> bool:
        """Whether time alone changed what a picture says: another minute, or another opening status."""
        then = self._moment.now
        same_minute = now.replace(second=0, microsecond=0) == then.replace(second=0, microsecond=0)
        return not same_minute or self._status(now) != self._moment.status

    def _lose_track(self) -> None:
        """Remember that the live day is not what was committed, by a mistake that is being handled."""
        log.exception("live_day_astray", site=self.site.id)
        self._astray = True

    def _recover(self, now: datetime) -> None:
        """After a failure only the disk knows what was committed: try a write, then read the day again."""
        self._store.try_to_write()
        self._take_up(self._day.business_day)
        self._writable, self._astray = True, False
        log.info("storage_recovered", site=self.site.id)
        self._renew(now)


def fingerprint_of(words: Sequence[Any]) -> str:
    """What a command asked for, to tell a retry from a reused id."""
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def _repeat(known: tickets.Answer, fingerprint: str) -> View | None:
    if known.fingerprint != fingerprint:
        raise Refused("request_id_reused")
    if known.body is None:
        return None
    answer: View = json.loads(known.body)
    return answer
