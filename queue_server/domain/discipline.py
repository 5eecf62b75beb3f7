"""Whom to call next (呼出順): each counter's own discipline over the services it serves now."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from queue_server.domain.day import Day
from queue_server.domain.line import LineKey, in_order
from queue_server.domain.site import Counter, Discipline, Site
from queue_server.domain.ticket import Ticket

Choice = Callable[[Sequence[Ticket], Counter, Site, datetime], Ticket]


def next_for(site: Site, day: Day, counter: Counter, now: datetime) -> Ticket | None:
    """The ticket this counter calls next, or None when nobody waits for it.

    `counter` is as it serves now. Except under OLDEST, a ticket handed to this counter by name comes first,
    then whoever waited `longest_wait` minutes in the present line, then the discipline decides. Only the first
    of each line is looked at, so the choice costs the same however many wait.
    """
    for_it = day.tickets.reserved(counter.id)
    by_name = next(for_it, None)
    if by_name is not None and counter.discipline is not Discipline.OLDEST:
        return by_name
    lines = list(_lines_of(day, counter))
    found = (_first_callable(site, day, line, counter) for line in lines)
    heads = in_order([each for each in (by_name, *found) if each is not None])
    if not heads or counter.discipline is Discipline.OLDEST:
        return heads[0] if heads else None
    if _somebody_is_overdue(day, lines, counter, now):
        overdue = (_first_overdue(site, day, line, counter, now) for line in lines)
        first = in_order(each for each in overdue if each is not None)
        if first:
            return first[0]
    return _CHOICES[counter.discipline](heads, counter, site, now)


def callable_by(site: Site, day: Day, counter: Counter) -> list[Ticket]:
    """The waiting tickets that this counter works through, in the order of the line."""
    if day.tickets.nobody_is_reserved:
        return day.tickets.waiting_in(_lines_of(day, counter))
    return [ticket for ticket in day.waiting() if may_call_next(site, day, ticket, counter)]


def _first_callable(site: Site, day: Day, line: LineKey, counter: Counter) -> Ticket | None:
    return next((each for each in day.tickets.line(line) if may_call_next(site, day, each, counter)), None)


def _first_overdue(site: Site, day: Day, line: LineKey, counter: Counter, now: datetime) -> Ticket | None:
    return next(
        (
            each
            for each in day.tickets.line(line)
            if _is_overdue(each, counter, now) and may_call_next(site, day, each, counter)
        ),
        None,
    )


def _somebody_is_overdue(day: Day, lines: Iterable[LineKey], counter: Counter, now: datetime) -> bool:
    if counter.longest_wait is None:
        return False
    limit = now - timedelta(minutes=counter.longest_wait)
    return any((since := day.tickets.waiting_since(line)) is not None and since <= limit for line in lines)


def _lines_of(day: Day, counter: Counter) -> Iterator[LineKey]:
    """The lines that a counter works through."""
    for service in dict.fromkeys(counter.services):
        for stage in day.tickets.stages(service):
            if counter.serves(service, stage):
                yield service, stage


def may_call_next(site: Site, day: Day, ticket: Ticket, counter: Counter) -> bool:
    """Whether a waiting ticket is one of those this counter works through.

    A ticket handed to a counter by name is called there alone while that counter is open or on a break. While
    it is closed, or when it has left the profile, those that serve the ticket's service call it too.
    """
    handed_to = ticket.reserved_counter
    if handed_to == counter.id:
        return True
    if handed_to is not None and handed_to in site.counters and day.counter(handed_to).in_use:
        return False
    return counter.serves(ticket.service, ticket.stage)


def _is_overdue(ticket: Ticket, counter: Counter, now: datetime) -> bool:
    return counter.longest_wait is not None and _minutes(ticket.waiting_since, now) >= counter.longest_wait


def _minutes(since: datetime, now: datetime) -> float:
    """Never less than none, also with a clock that was set back: a weight would turn the order round."""
    return max(0.0, (now - since).total_seconds() / 60)


def _in_order_of_services(line: Sequence[Ticket], counter: Counter, _site: Site, _now: datetime) -> Ticket:
    return min(line, key=lambda ticket: counter.services.index(ticket.service))


def _by_weight(line: Sequence[Ticket], counter: Counter, site: Site, now: datetime) -> Ticket:
    """The head of the service with the greatest weight times minutes since its issue, a head start included.

    Minutes that count more for some than for others are Kleinrock's delay-dependent priorities (A delay
    dependent queue discipline, Naval Research Logistics Quarterly 11, 1964): every weight is more than 0,
    so whoever waits is called in the end. Like the place in the line they count from the issue: were it the
    present line, a number that keeps its place before others would hold their minutes back.
    """
    heads: dict[str, Ticket] = {}
    for ticket in line:
        heads.setdefault(ticket.service, ticket)

    def urgency(ticket: Ticket) -> float:
        found = site.priorities.get(ticket.priority)
        minutes = _minutes(ticket.issued_at, now) + (found.head_start if found else 0)
        return counter.weights.get(ticket.service, 1.0) * minutes

    return max(heads.values(), key=urgency)


_CHOICES: dict[Discipline, Choice] = {
    Discipline.ORDER: _in_order_of_services,
    Discipline.WEIGHTED: _by_weight,
}
