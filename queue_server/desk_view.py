"""The staff's picture of a hall: open tickets with their ids and lawful moves, counters, services, alerts."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from queue_server.domain.alerts import alerts_of
from queue_server.domain.boards import BoardScreen
from queue_server.domain.day import Day
from queue_server.domain.discipline import callable_by, next_for
from queue_server.domain.site import KioskMachine, Service, Site
from queue_server.domain.staffing import clerk_at, counter_now, counters_open, name_of
from queue_server.domain.ticket import Move, Ticket
from queue_server.domain.undo import may_come_back, may_restore, taken_by
from queue_server.snapshot import Moment, Picture, View, counter_view, heading, jst, notices_view, ticket_view

STAFF_MOVES = frozenset(Move) - {Move.ISSUE, Move.EXPIRE}


class DeskView(Picture):
    """What staff see, clerks and supervisors alike; nobody else may."""


class TicketRows:
    """Open tickets as staff see them; one that is as it was in the last picture is not drawn anew."""

    def __init__(self) -> None:
        self._site: Site | None = None
        self._rows: dict[str, tuple[Ticket, View]] = {}

    def of(self, site: Site, tickets: Iterable[Ticket]) -> list[View]:
        """The rows of these tickets. They may stand in several pictures: nobody changes them."""
        before = self._rows if site is self._site else {}
        self._site, self._rows = site, {}
        for ticket in tickets:
            known = before.get(ticket.id)
            if known is None or known[0] is not ticket:
                known = (ticket, {**_ticket(site, ticket), "moves": _staff_moves(site, ticket)})
            self._rows[ticket.id] = known
        return [row for _, row in self._rows.values()]


def make_desk_view(site: Site, moment: Moment, rows: TicketRows) -> DeskView:
    """What the desks of a site see at this moment; `rows` remembers the tickets of the picture before."""
    day = moment.day
    return DeskView(
        moment.version,
        day.seq,
        {
            **heading(site, moment),
            "tickets": rows.of(site, (*day.tickets.aside(), *day.waiting())),
            "ended": [_ended(site, day, ticket) for ticket in reversed(day.ended)],
            "counters": [_counter(site, moment, counter) for counter in site.counters],
            "services": [_service(site, service, moment) for service in site.services.values()],
            "undo": list(_presses(day)),
            "alerts": [
                {
                    "service": alert.service,
                    "service_name": site.services[alert.service].name,
                    "kind": alert.kind.value,
                    "value": alert.value,
                    "limit": alert.limit,
                }
                for alert in alerts_of(site, day, moment.now)
            ],
            "priorities": [
                {"id": each.id, "name": each.name, "head_start": each.head_start} for each in site.priorities.values()
            ],
            "notices": notices_view(moment),
            "kiosks": [_kiosk(machine, moment) for machine in site.kiosks.values()],
            "screens": [_screen(screen, moment) for screen in site.screens.values()],
            "reception": _reception(day),
        },
    )


def _kiosk(machine: KioskMachine, moment: Moment) -> View:
    """How a kiosk last said it was; one that was not heard of since the start says nothing yet."""
    state = moment.kiosks.get(machine.id)
    report = state.report if state else None
    return {
        "id": machine.id,
        "name": machine.name,
        "printer": report.printer.value if report and report.printer else None,
        "since": jst(state.since) if state else None,
        "heard": state is not None,
        "silent": state is not None and state.silent_at(moment.now),
        "waiting": report.waiting if report else 0,
        "left": dict(report.left) if report and report.left is not None else None,
        "recording": report is None or report.recording,
    }


def _screen(screen: BoardScreen, moment: Moment) -> View:
    """Whether a screen is alive, and since when."""
    state = moment.screens.get(screen.id)
    return {
        "id": screen.id,
        "name": screen.name,
        "heard": state is not None,
        "silent": state is not None and state.silent_at(moment.now),
        "since": jst(state.since) if state else None,
        "heard_at": jst(state.heard_at) if state else None,
        "pages": state.pages_at(moment.now) if state else 0,
    }


def _ticket(site: Site, ticket: Ticket) -> View:
    found = site.priorities.get(ticket.priority)
    return {
        **ticket_view(site, ticket),
        "waiting_since": jst(ticket.waiting_since),
        "priority_name": found.name if found else ticket.priority,
    }


def _ended(site: Site, day: Day, ticket: Ticket) -> View:
    """A ticket that ended today, and whether a supervisor can take back what ended it."""
    ended_at, undoable = jst(ticket.ended_at), may_come_back(day, ticket)
    return {**_ticket(site, ticket), "ended_at": ended_at, "moves": [], "undoable": undoable}


def _staff_moves(site: Site, ticket: Ticket) -> list[str]:
    """The moves that a desk may offer: the lawful ones, `advance` only while a stage is left."""
    last_stage = ticket.stage + 1 >= len(site.services[ticket.service].stages)
    return [
        move.value
        for move in ticket.lawful_moves()
        if move in STAFF_MOVES
        and not (move is Move.ADVANCE and last_stage)
        and not (move is Move.PRIORITIZE and not site.priorities)
    ]


def _counter(site: Site, moment: Moment, counter_id: str) -> View:
    day = moment.day
    counter, state, here = counter_now(site, day, counter_id), day.counter(counter_id), day.at_counter(counter_id)
    waiting, following = callable_by(site, day, counter), next_for(site, day, counter, moment.now)
    last_call = day.last_call_at(counter_id)
    since = (here.started_at or here.called_at) if here else None
    return {
        **counter_view(counter, counter.services, state.open, clerk_at(day, counter_id), state.break_until),
        "default_services": list(site.counters[counter_id].services),
        "ticket": here.id if here else None,
        "since": jst(since),
        "waiting": [ticket.id for ticket in waiting],
        "waiting_count": len(waiting),
        "next": following.id if following else None,
        "last_call_at": jst(last_call.called_at) if last_call else None,
    }


def _service(site: Site, service: Service, moment: Moment) -> View:
    day = moment.day
    waiting = day.waiting(service.id)
    longest = min((ticket.waiting_since for ticket in waiting), default=None)
    stages = range(len(service.stages))
    pause, last_call = day.service(service.id), day.last_call(service.id)
    return {
        "id": service.id,
        "name": service.name,
        "paused": pause is not None,
        "ended_today": pause is not None and pause.for_today,
        "waiting_count": len(waiting),
        "longest_wait_minutes": _minutes(longest, moment.now),
        "last_call_at": jst(last_call.called_at) if last_call else None,
        "counters_open": len({each.id for stage in stages for each in counters_open(site, day, service.id, stage)}),
        "stages": list(service.stages),
    }


def _presses(day: Day) -> Iterator[View]:
    """The presses that can be taken back now, by whose they are.

    `taken_by` is the person who works at the counter now: then only one who supervises takes a press back.
    """
    for actor, press in day.presses.items():
        before = [move.before for move in press.moves]
        if may_restore(day, before):
            last, clerk = press.moves[-1], taken_by(day, actor, before)
            yield {
                "actor": actor,
                "counter": press.counter,
                "label": last.before.label,
                "move": last.kind.value,
                "moves": [{"label": move.before.label, "move": move.kind.value} for move in press.moves],
                "seq": last.seq,
                "taken_by": name_of(clerk) if clerk else None,
            }


def _reception(day: Day) -> View:
    """How staff switched the reception today; all None where the hours decide."""
    reception = day.reception
    if reception is None:
        return {"by_hand": None, "until": None, "reason": ""}
    return {
        "by_hand": "open" if reception.open else "closed",
        "until": jst(reception.until),
        "reason": reception.reason,
    }


def _minutes(since: datetime | None, now: datetime) -> int | None:
    return max(0, int((now - since).total_seconds() // 60)) if since else None
