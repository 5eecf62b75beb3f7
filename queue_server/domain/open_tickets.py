"""The open tickets of a day, kept sorted for what commands look for: no command searches through all who wait.

What is looked for at each command (who is first in a line, how many come before a place, who is at a counter) costs
the same with one person waiting as with a thousand, up to the moving of some pointers.
"""

from bisect import bisect_left, insort
from collections import Counter as Counts
from collections.abc import Collection, Iterable, Iterator, Mapping, ValuesView
from datetime import datetime
from itertools import chain
from math import inf
from typing import Any

from queue_server.domain.line import LineKey
from queue_server.domain.ticket import AT_COUNTER, Ticket, TicketState

_Placed = tuple[float, int, Ticket]
"""A waiting ticket under its place and its entry, which is unique: two tickets are never compared themselves."""


class OpenTickets(Mapping[str, Ticket]):
    """Open tickets by id, in the order of their issue; `put` and `remove` are the only ways to change it."""

    __slots__ = (
        "_aside",
        "_at",
        "_by_id",
        "_by_label",
        "_everybody",
        "_last_place",
        "_lines",
        "_newest",
        "_order",
        "_reserved",
        "_series",
        "_served",
        "_since",
    )

    def __init__(self) -> None:
        self._by_id: dict[str, Ticket] = {}
        self._by_label: dict[str, Ticket] = {}
        self._order: dict[str, int] = {}
        self._newest = 0
        self._series: Counts[str] = Counts()
        self._aside: dict[str, dict[str, Ticket]] = {}
        self._everybody: list[_Placed] = []
        self._lines: dict[str, dict[int, list[_Placed]]] = {}
        self._since: dict[LineKey, list[tuple[datetime, int]]] = {}
        self._reserved: dict[str, list[_Placed]] = {}
        self._at: dict[str | None, dict[str, Ticket]] = {}
        self._served: Counts[str] = Counts()
        self._last_place = 0.0

    def __getitem__(self, ticket_id: str) -> Ticket:
        return self._by_id[ticket_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, ticket_id: str, default: Ticket | None = None) -> Ticket | None:  # type: ignore[override]
        """The open ticket with this id."""
        return self._by_id.get(ticket_id, default)

    def values(self) -> ValuesView[Ticket]:
        """The open tickets in the order of their issue."""
        return self._by_id.values()

    def copy(self) -> "OpenTickets":
        """Open tickets that go their own way from here on."""
        other = OpenTickets()
        other._by_id, other._by_label, other._order = self._by_id.copy(), self._by_label.copy(), self._order.copy()
        other._newest, other._last_place = self._newest, self._last_place
        other._series, other._served = self._series.copy(), self._served.copy()
        other._everybody = self._everybody.copy()
        other._lines = {
            service: {stage: line.copy() for stage, line in lines.items()} for service, lines in self._lines.items()
        }
        other._since = {line: since.copy() for line, since in self._since.items()}
        other._reserved = {counter: placed.copy() for counter, placed in self._reserved.items()}
        other._aside = {service: here.copy() for service, here in self._aside.items()}
        other._at = {counter: here.copy() for counter, here in self._at.items()}
        return other

    # -- changes ---------------------------------------------------------------------------------

    def put(self, ticket: Ticket) -> None:
        """Take a ticket in, or in the place of what it was before."""
        before = self._by_id.get(ticket.id)
        if before is None:
            self._newest += 1
            self._order[ticket.id] = self._newest
        else:
            self._take_out(before)
        self._by_id[ticket.id] = ticket
        self._series[ticket.series] += 1
        self._by_label[ticket.label] = ticket
        self._last_place = max(self._last_place, ticket.place)
        if ticket.state is TicketState.WAITING:
            placed = (ticket.place, ticket.seq, ticket)
            insort(self._everybody, placed)
            insort(self._lines.setdefault(ticket.service, {}).setdefault(ticket.stage, []), placed)
            insort(self._since.setdefault((ticket.service, ticket.stage), []), (ticket.waiting_since, ticket.seq))
            if ticket.reserved_counter is not None:
                insort(self._reserved.setdefault(ticket.reserved_counter, []), placed)
            return
        self._aside.setdefault(ticket.service, {})[ticket.id] = ticket
        if ticket.state in AT_COUNTER:
            self._at.setdefault(ticket.counter, {})[ticket.id] = ticket
            self._served[ticket.service] += 1

    def remove(self, ticket_id: str) -> None:
        """Let a ticket go that has ended; KeyError for one that is not here."""
        self._take_out(self._by_id.pop(ticket_id))
        del self._order[ticket_id]

    def _take_out(self, ticket: Ticket) -> None:
        """Forget where a ticket stood."""
        # A label that was given out again while this one was away is somebody else's.
        if self._by_label.get(ticket.label) is ticket:
            del self._by_label[ticket.label]
        self._series[ticket.series] -= 1
        if ticket.state is TicketState.WAITING:
            key = (ticket.place, ticket.seq)
            _delete(self._everybody, key)
            _delete(self._lines[ticket.service][ticket.stage], key)
            _delete(self._since[ticket.service, ticket.stage], (ticket.waiting_since, ticket.seq))
            if ticket.reserved_counter is not None:
                _delete(self._reserved[ticket.reserved_counter], key)
            return
        del self._aside[ticket.service][ticket.id]
        if ticket.state in AT_COUNTER:
            del self._at[ticket.counter][ticket.id]
            self._served[ticket.service] -= 1

    # -- who waits -------------------------------------------------------------------------------

    @property
    def last_place(self) -> float:
        """A place that nobody who held a number today was behind; 0 before the first one."""
        return self._last_place

    def waiting(self, service: str | None = None) -> list[Ticket]:
        """The waiting tickets in the order of the line, of one service or of all."""
        if service is None:
            return [ticket for _, _, ticket in self._everybody]
        return self.waiting_in((service, stage) for stage in self.stages(service))

    def waiting_in(self, lines: Iterable[LineKey]) -> list[Ticket]:
        """Who waits in some lines, as in one."""
        found = [line for service, stage in lines if (line := self._lines[service][stage])]
        return [ticket for _, _, ticket in (found[0] if len(found) == 1 else sorted(chain.from_iterable(found)))]

    def stages(self, service: str) -> Iterator[int]:
        """The stages of a service for which somebody waited today."""
        return iter(self._lines.get(service, ()))

    @property
    def nobody_is_reserved(self) -> bool:
        """Whether nobody waits for a counter by name."""
        return not any(self._reserved.values())

    def waiting_count(self, service: str) -> int:
        """How many wait for a service."""
        return sum(len(line) for line in self._lines.get(service, {}).values())

    def line(self, line: LineKey) -> Iterator[Ticket]:
        """Who waits in one line, in its order."""
        return (ticket for _, _, ticket in self._lines.get(line[0], {}).get(line[1], ()))

    def reserved(self, counter: str) -> Iterator[Ticket]:
        """Who waits for one counter by name, in the order of the line."""
        return (ticket for _, _, ticket in self._reserved.get(counter, ()))

    def lengths(self) -> Counts[LineKey]:
        """How many wait in each line."""
        return Counts(
            {
                (service, stage): len(line)
                for service, lines in self._lines.items()
                for stage, line in lines.items()
                if line
            }
        )

    def before(self, line: LineKey, place: float, seq: float = inf) -> int:
        """How many wait in a line before a place; of those at it, the ones whose entry is older."""
        return bisect_left(self._lines.get(line[0], {}).get(line[1], ()), (place, seq))

    def before_in_service(self, service: str, place: float, seq: float = inf) -> int:
        """The same over all stages of a service."""
        return sum(bisect_left(line, (place, seq)) for line in self._lines.get(service, {}).values())

    def waiting_since(self, line: LineKey) -> datetime | None:
        """Since when the one waits who waits longest in a line; None where nobody does."""
        since = self._since.get(line)
        return since[0][0] if since else None

    # -- who does not wait, and who holds a label --------------------------------------------------

    def aside(self, service: str | None = None) -> list[Ticket]:
        """Who is called, served, on hold or absent, of one service or of all, in the order of their issue."""
        services = self._aside.values() if service is None else (self._aside.get(service, {}),)
        return sorted((each for here in services for each in here.values()), key=lambda each: self._order[each.id])

    def in_series(self, series: str) -> int:
        """How many open tickets have a number of a series."""
        return self._series[series]

    def at_counter(self, counter: str) -> Collection[Ticket]:
        """The tickets being called to or served at a counter."""
        return self._at.get(counter, {}).values()

    def counters_taken(self, without: str | None = None) -> set[str | None]:
        """The counters at which somebody is, besides the ticket `without`."""
        return {counter for counter, here in self._at.items() if len(here) - (without in here)}

    def being_served(self, service: str) -> int:
        """How many people of a service are being called or served."""
        return self._served[service]

    def by_label(self, label: str) -> Ticket | None:
        """The open ticket that carries this label; at most one does."""
        return self._by_label.get(label)

    @property
    def labels(self) -> Collection[str]:
        """The labels that open tickets carry, as they are now."""
        return self._by_label.keys()


def _delete(placed: list[Any], key: tuple[Any, ...]) -> None:
    del placed[bisect_left(placed, key)]
