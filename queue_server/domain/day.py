"""The state of one hall on one business day, as the journal's entries leave it."""

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from queue_server.domain.entries import Entry, Kind, evolve
from queue_server.domain.open_tickets import OpenTickets
from queue_server.domain.site import Series
from queue_server.domain.switches import (
    RECEPTION,
    CounterSwitch,
    Notice,
    ReceptionSwitch,
    ServiceSwitch,
    StructureChange,
    Switch,
    evolve_switch,
    switch_name,
)
from queue_server.domain.ticket import AT_COUNTER, UNDOABLE_MOVES, Ticket

RECENT_CALLS = 12
"""How many of the last calls a board shows."""

KEPT_CALLS = 60
"""How many of the last calls of each service, and of each counter, are kept: so many can be taken back in a row."""

RECENT_ENDS = 30
"""How many of the tickets that ended last a supervisor sees."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """One move that a press made, as entry `seq`, and the ticket before it."""

    seq: int
    kind: Kind
    before: Ticket


@dataclass(frozen=True, slots=True)
class Press:
    """What an actor's last command did to tickets; the newest move is the last of `moves`."""

    request_id: str
    counter: str | None
    moves: tuple[Pressed, ...]


@dataclass(slots=True)
class Day:
    """Open tickets and switches of one site; `apply` is its only way to change.

    Ended tickets leave it, so that the cost of a command does not grow with the day.
    """

    site: str
    business_day: date
    tickets: OpenTickets = field(default_factory=OpenTickets)
    """The open tickets by id."""
    switches: dict[str, Switch] = field(default_factory=dict)
    """By `switch_name`. Notices and the structure outlast the day: a new one begins with those of the last."""
    recent_calls: list[Ticket] = field(default_factory=list)
    """Tickets as they were called, newest first; a recall moves a ticket to the front. Beyond RECENT_CALLS only those
    that are still being called or served."""
    service_calls: dict[str, deque[Ticket]] = field(default_factory=dict)
    """Per service: the tickets as they were called last, the newest last, without calls that were taken back."""
    counter_calls: dict[str, deque[Ticket]] = field(default_factory=dict)
    """The same per counter."""
    presses: dict[str, Press] = field(default_factory=dict)
    """Per actor: the last command that moved tickets and was not taken back."""
    ended: deque[Ticket] = field(default_factory=lambda: deque(maxlen=RECENT_ENDS))
    """The tickets that ended last, the newest last."""
    seq: int = 0
    """The last entry applied."""

    def copy(self) -> "Day":
        """A day that goes its own way from here on."""
        return replace(
            self,
            tickets=self.tickets.copy(),
            switches=dict(self.switches),
            recent_calls=list(self.recent_calls),
            service_calls={service: calls.copy() for service, calls in self.service_calls.items()},
            counter_calls={counter: calls.copy() for counter, calls in self.counter_calls.items()},
            presses=dict(self.presses),
            ended=self.ended.copy(),
        )

    def apply(self, entry: Entry) -> Ticket | None:
        """Take one entry in; returns the ticket as it now is, for an entry that changes one."""
        self.seq = entry.seq
        if not entry.kind.changes_ticket:
            self._switch(entry)
            return None
        before = self.tickets.get(entry.ticket or "")
        ticket = evolve(before, entry)
        if entry.kind is Kind.UNDO:
            self._forget(ticket, entry.body["undoes"])
        elif entry.kind not in (Kind.RECALL, Kind.REPRINT):
            self._remember_press(entry, before)
        if entry.kind is Kind.CALL:
            self._note_call(ticket)
        if entry.kind in (Kind.CALL, Kind.RECALL):
            self._remember_call(ticket)
        if ticket.is_open:
            self.tickets.put(ticket)
        else:
            self.tickets.remove(ticket.id)
            self.ended.append(ticket)
        return ticket

    def _switch(self, entry: Entry) -> None:
        name = switch_name(entry)
        after = evolve_switch(self.switches.get(name), entry)
        if after is None:
            self.switches.pop(name, None)
        else:
            self.switches[name] = after

    def _remember_press(self, entry: Entry, before: Ticket | None) -> None:
        """Keep what an actor's newest command did; a press of which a ticket moved on cannot be taken back."""
        self._forget_presses_of(entry.ticket)
        if before is not None and entry.kind.move in UNDOABLE_MOVES:
            last = self.presses.get(entry.actor)
            earlier = last.moves if last is not None and last.request_id == entry.request_id else ()
            moves = (*earlier, Pressed(entry.seq, entry.kind, before))
            self.presses[entry.actor] = Press(entry.request_id, entry.counter, moves)

    def _forget_presses_of(self, ticket: str | None) -> None:
        overtaken = [
            actor for actor, press in self.presses.items() if any(move.before.id == ticket for move in press.moves)
        ]
        for actor in overtaken:
            del self.presses[actor]

    def _forget(self, ticket: Ticket, undone: int) -> None:
        """Undo what the move of entry `undone` left behind, besides the ticket itself, which is as before it."""
        self._forget_presses_of(ticket.id)
        self.ended = deque((each for each in self.ended if each.id != ticket.id), maxlen=RECENT_ENDS)
        self.recent_calls = [
            call for call in self.recent_calls if call.id != ticket.id or call.call_seq == ticket.call_seq
        ]
        for calls in (*self.service_calls.values(), *self.counter_calls.values()):
            for call in [each for each in calls if each.call_seq == undone]:
                calls.remove(call)

    def _note_call(self, ticket: Ticket) -> None:
        self.service_calls.setdefault(ticket.service, deque(maxlen=KEPT_CALLS)).append(ticket)
        self.counter_calls.setdefault(ticket.counter or "", deque(maxlen=KEPT_CALLS)).append(ticket)

    def _remember_call(self, ticket: Ticket) -> None:
        """Keep the last calls, and of the older ones those that still stand: nobody may wait for a call in vain."""
        calls = [ticket, *(call for call in self.recent_calls if call.id != ticket.id)]
        older = [call for call in calls[RECENT_CALLS:] if self._stands(call)]
        self.recent_calls = [*calls[:RECENT_CALLS], *older]

    def _stands(self, call: Ticket) -> bool:
        now = self.tickets.get(call.id)
        return now is not None and now.state in AT_COUNTER

    def last_call(self, service: str) -> Ticket | None:
        """The ticket of a service that was called last, as it was called."""
        calls = self.service_calls.get(service)
        return calls[-1] if calls else None

    def last_call_at(self, counter: str) -> Ticket | None:
        """The ticket that was called last to a counter, as it was called."""
        calls = self.counter_calls.get(counter)
        return calls[-1] if calls else None

    @property
    def counters(self) -> dict[str, CounterSwitch]:
        """The counters that are switched, by id."""
        return {name.split(":", 1)[1]: s for name, s in self.switches.items() if isinstance(s, CounterSwitch)}

    def counter(self, counter: str) -> CounterSwitch:
        """How a counter stands."""
        found = self.switches.get(f"counter:{counter}")
        return found if isinstance(found, CounterSwitch) else CounterSwitch()

    def service(self, service: str) -> ServiceSwitch | None:
        """How a service is paused; None while numbers of it are issued."""
        found = self.switches.get(f"service:{service}")
        return found if isinstance(found, ServiceSwitch) else None

    @property
    def paused_services(self) -> list[str]:
        """The services of which no numbers are issued now."""
        return [name.split(":", 1)[1] for name, s in self.switches.items() if isinstance(s, ServiceSwitch)]

    @property
    def reception(self) -> ReceptionSwitch | None:
        """The reception opened or closed by hand; None where the hours decide."""
        found = self.switches.get(RECEPTION)
        return found if isinstance(found, ReceptionSwitch) else None

    @property
    def notices(self) -> list[Notice]:
        """The notices that were not withdrawn, oldest first; some may have run out."""
        found = [switch for switch in self.switches.values() if isinstance(switch, Notice)]
        return sorted(found, key=lambda notice: notice.seq)

    @property
    def structure(self) -> list[StructureChange]:
        """What administrators changed, oldest first."""
        found = [switch for switch in self.switches.values() if isinstance(switch, StructureChange)]
        return sorted(found, key=lambda change: change.seq)

    def waiting(self, service: str | None = None) -> list[Ticket]:
        """The waiting tickets in the order of the line, of one service or of all."""
        return self.tickets.waiting(service)

    def at_counter(self, counter: str) -> Ticket | None:
        """The ticket being called to or served at a counter: the one called there last."""
        return max(self.tickets.at_counter(counter), key=lambda ticket: ticket.call_seq or 0, default=None)

    def by_label(self, label: str) -> Ticket | None:
        """The open ticket that carries this label; at most one does."""
        return self.tickets.by_label(label)

    def live_numbers(self, series: Series) -> frozenset[int]:
        """The numbers of a series that are live, without those that kiosks gave out by themselves."""
        return frozenset(
            ticket.number
            for ticket in self.tickets.values()
            if ticket.series == series.id and not series.is_reserved(ticket.number)
        )

    def is_full(self, series: Series) -> bool:
        """Whether every number of a series that the server may give out is live."""
        room = series.size - series.reserved_count
        return self.tickets.in_series(series.id) >= room and len(self.live_numbers(series)) >= room

    def live_labels(self) -> Collection[str]:
        """The labels that may not be given out again now."""
        return self.tickets.labels


def fold(site: str, business_day: date, entries: Iterable[Entry]) -> Day:
    """The day that these entries, in the order of `seq`, leave behind."""
    day = Day(site, business_day)
    for entry in entries:
        day.apply(entry)
    return day
