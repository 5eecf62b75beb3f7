"""Which moves can be taken back, by a compensating entry: history is never edited."""

from collections.abc import Sequence
from dataclasses import replace

from queue_server.domain.day import Day
from queue_server.domain.entries import Entry, Kind, evolve
from queue_server.domain.staffing import clerk_at, is_person
from queue_server.domain.ticket import AT_COUNTER, UNDOABLE_MOVES, Ticket, TicketState


def may_restore(day: Day, before: Sequence[Ticket]) -> bool:
    """Whether tickets can be put back, all at once, to what they were in `before`.

    A number that was given to somebody else since cannot come back, nor a ticket to a counter that was
    closed or that serves somebody else now.
    """
    ids = {ticket.id for ticket in before}
    return all(_number_is_free(day, ticket) and _counter_is_free(day, ticket, ids) for ticket in before)


def brought_back(day: Day, before: Ticket) -> Ticket | None:
    """One ticket as it can come back from what it was in `before`; None where it cannot.

    To a counter that was closed or serves somebody else now it does not come back: it is put on hold, so that
    a clerk takes it up again from there. That is nothing for one that is on hold already.
    """
    if may_restore(day, [before]):
        return before
    now = day.tickets.get(before.id)
    is_held = now is not None and now.state is TicketState.HELD
    return None if is_held or not _number_is_free(day, before) else replace(before, state=TicketState.HELD)


def may_come_back(day: Day, ended: Ticket) -> bool:
    """Whether `brought_back` gives an ended ticket; what the day's end expired stays so."""
    return ended.state is not TicketState.EXPIRED and _number_is_free(day, ended)


def taken_by(day: Day, actor: str, before: Sequence[Ticket]) -> str | None:
    """Another person who works where a person's tickets would appear or disappear; None for a device."""
    clerks = (clerk_at(day, counter) for counter in counters_of(day, before))
    return next((clerk for clerk in clerks if clerk not in (None, actor)), None) if is_person(actor) else None


def counters_of(day: Day, before: Sequence[Ticket]) -> list[str]:
    """The counters at which somebody appears or disappears when tickets are put back to what they were."""
    now = [day.tickets[ticket.id] for ticket in before if ticket.id in day.tickets]
    return [each.counter for each in (*before, *now) if each.state in AT_COUNTER and each.counter is not None]


def before_last_move(entries: Sequence[Entry]) -> tuple[Ticket, int] | None:
    """The ticket as it was before its last move, and that move's entry; None when that cannot be taken back.

    `entries` are all of one ticket, in order. A recall, and a slip printed again, are passed over.
    """
    moves = [entry for entry in entries if entry.kind not in (Kind.RECALL, Kind.REPRINT)]
    if moves[-1].kind.move not in UNDOABLE_MOVES:
        return None
    last = moves[-1].seq
    ticket: Ticket | None = None
    for entry in entries:
        if entry.seq < last:
            ticket = evolve(ticket, entry)
    assert ticket is not None, "the first entry of a ticket is its issue, which is not undoable"
    return ticket, last


def _number_is_free(day: Day, before: Ticket) -> bool:
    holder = day.by_label(before.label)
    return before.business_day == day.business_day and (holder is None or holder.id == before.id)


def _counter_is_free(day: Day, before: Ticket, going: set[str]) -> bool:
    now = day.tickets.get(before.id)
    stays = now is not None and now.state in AT_COUNTER and now.counter == before.counter
    if stays or before.state not in AT_COUNTER or before.counter is None:
        return True
    here = day.at_counter(before.counter)
    return day.counter(before.counter).open and (here is None or here.id in going)
