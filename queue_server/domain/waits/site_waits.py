"""The waits of one hall: it follows the journal's entries, and says what everybody is shown.

Desk, board, slip and phone all ask `SiteWaits.outlook`, so that they never say two things.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from queue_server.domain.day import Day
from queue_server.domain.entries import Entry, Kind
from queue_server.domain.site import Hours, Site
from queue_server.domain.switches import ReceptionSwitch
from queue_server.domain.ticket import Ticket
from queue_server.domain.waits.day_clock import DayClock, day_clock
from queue_server.domain.waits.estimator import Estimator
from queue_server.domain.waits.floor import Floor, LineKey, floor_now, line_of, waiting_before
from queue_server.domain.waits.quality import Quality, Tally
from queue_server.domain.waits.ranges import Estimate, Range, shown
from queue_server.domain.waits.state import estimator_of_plain, plain_estimator


@dataclass(frozen=True, slots=True)
class Outlook:
    """How long somebody will wait: `minutes` are expected; `estimate` is what people are shown, None for nothing."""

    minutes: float
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody was told as their number was issued."""

    at: datetime
    estimate: Estimate


class SiteWaits:
    """Learns from every entry of a site, in order; `follow` and `begin_day` are the only ways to change it."""

    def __init__(self, estimator: Estimator | None = None, tally: Tally | None = None) -> None:
        """What it learned before may be given; a hall that was never open begins with the profile alone."""
        self._estimator = estimator or Estimator()
        self._tally = tally or Tally()
        self._told: dict[str, Told] = {}
        self._clock: tuple[Hours, date, ReceptionSwitch | None, DayClock] | None = None
        self._site: Site | None = None

    @property
    def quality(self) -> Quality | None:
        """How good the ranges were that were told with the numbers; None while too few were called."""
        return self._tally.quality()

    # -- what happens ----------------------------------------------------------------------------

    def follow(self, site: Site, day: Day, entry: Entry, before: Ticket | None) -> None:
        """Take in an entry that `day` has just applied; `before` is its ticket as it was before.

        What entries mean for the lines is told by how the ticket changed, so that corrections need no rules.
        """
        if entry.ticket is None or not entry.kind.changes_ticket:
            return
        after = day.tickets.get(entry.ticket)
        left = line_of(before)
        entered = line_of(after)
        if entry.kind is Kind.CALL:
            self._count(entry)
        if left == entered:
            return
        self._look_at(site)
        clock = self._clock_of(site, day)
        now = clock.worked(clock.on_the_wall(entry.at))
        self._estimator.closes = None if clock.closes is None else clock.worked(clock.closes)
        floor = floor_now(site, day, entry.ticket)
        for line in (left, entered):
            if line is not None:
                self._note_counters(floor, line)
        if left is not None:
            self._leave(left, entry, now)
        if entered is not None and after is not None:
            self._estimator.issued(
                _name(entered), after.id, now, waiting_before(day, entered, after.place, after.seq)
            )
        if entry.kind is Kind.ISSUE and after is not None:
            self._note_told(after, entry.body)

    def begin_day(self) -> None:
        """Another business day begins."""
        self._estimator.begin_day()
        self._told = {}

    # -- what is asked ---------------------------------------------------------------------------

    def outlook(self, site: Site, day: Day, floor: Floor, line: LineKey, ahead: int, now: datetime) -> Outlook | None:
        """The wait from `now` on of somebody with so many waiting people of the line before them.

        `floor` is how the floor stands now. None while no open counter serves the line: nobody can say then.
        """
        if line not in floor.shares:
            return None
        self._look_at(site)
        self._note_counters(floor, line)
        clock = self._clock_of(site, day)
        wall = clock.on_the_wall(now)
        self._estimator.closes = None if clock.closes is None else clock.worked(clock.closes)
        found = self._estimator.predict(_name(line), clock.worked(wall), ahead)
        low, point, high = (clock.told(wall, minutes) for minutes in (found.low, found.point, found.high))
        return Outlook(point, shown(Range(low, point, high), None if clock.closes is None else clock.closes - wall))

    # -- parts -----------------------------------------------------------------------------------

    def _look_at(self, site: Site) -> None:
        """Take the minutes that the profile promises; they change when an administrator changes it."""
        if site is not self._site:
            self._site = site
            self._estimator.minutes = {
                _name((service.id, stage)): service.minutes_per_person
                for service in site.services.values()
                for stage in range(len(service.stages))
            }

    def _clock_of(self, site: Site, day: Day) -> DayClock:
        known = self._clock
        if known is None or known[0] is not site.hours or known[1:3] != (day.business_day, day.reception):
            clock = day_clock(site.hours, day.business_day, day.reception)
            known = self._clock = (site.hours, day.business_day, day.reception, clock)
        return known[3]

    def _note_counters(self, floor: Floor, line: LineKey) -> None:
        share = floor.shares.get(line)
        if share is None:
            self._estimator.counters(_name(line), 0.0, 0.0)
        else:
            self._estimator.counters(_name(line), share.counters, share.free)

    def _leave(self, line: LineKey, entry: Entry, now: float) -> None:
        if entry.kind is Kind.CALL:
            self._estimator.called(_name(line), entry.ticket or "", now)
        else:
            self._estimator.left(_name(line), entry.ticket or "")

    def _note_told(self, ticket: Ticket, body: Mapping[str, Any]) -> None:
        told = body.get("estimate")
        if told:
            self._told[ticket.id] = Told(ticket.issued_at, Estimate(told["low"], told["high"]))

    def _count(self, entry: Entry) -> None:
        """The first call of somebody who was told a range: was it as told?"""
        told = self._told.pop(entry.ticket or "", None)
        if told is not None:
            self._tally.count(told.estimate.holds((entry.at - told.at).total_seconds() / 60.0))


def plain_waits(waits: SiteWaits) -> dict[str, Any]:
    """What was learned until this morning, in the terms of JSON; see `plain_estimator`."""
    return {
        "estimator": plain_estimator(waits._estimator),
        "called_within": [int(each) for each in waits._tally.kept],
    }


def waits_of_plain(values: Mapping[str, Any]) -> SiteWaits | None:
    """The waits that `plain_waits` gave; None for those of another form.

    Raises KeyError, TypeError or ValueError for what is none.
    """
    estimator = estimator_of_plain(values["estimator"])
    if estimator is None:
        return None
    tally = Tally()
    tally.kept.extend(bool(each) for each in values["called_within"])
    return SiteWaits(estimator, tally)


def _name(line: LineKey) -> str:
    """A line's name for the estimator; that of a service's first stage is the service's own."""
    service, stage = line
    return f"{service}/{stage}" if stage else service
