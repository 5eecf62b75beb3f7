"""Commands on tickets: issue, call, move, undo, reissue."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from queue_server.domain import discipline, numbering, outlook, undo
from queue_server.domain.entries import Kind, plain_ticket
from queue_server.domain.line import place_behind, place_with_head_start
from queue_server.domain.site import ReinstatePlace, Service
from queue_server.domain.staffing import is_person
from queue_server.domain.ticket import AT_COUNTER, TICKET_MOVES, Move, Refused, Ticket
from queue_server.domain.waits.ranges import Estimate
from queue_server.hall.parts import Parts
from queue_server.hall.terms import Caller, Decision, Draft, Unknown, Written, some, ticket_of
from queue_server.snapshot import View, estimate_view, issued_view, ticket_view
from queue_server.storage import journal, tickets


class Calling(Parts):
    """From the number to the end of the visit."""

    def issue(self, caller: Caller, service_id: str, priority: str = "") -> View:
        """Issue the next number of a service's series, in a priority class if one is named.

        Raises Unknown("service" | "priority"), Refused("hall_closed" | "service_paused" | "service_ended" |
        "series_exhausted"),
        StorageUnavailable.
        """

        def decide(now: datetime) -> Decision:
            service = self._service(service_id)
            if not self._status(now).open:
                raise Refused("hall_closed")
            pause = self._day.service(service.id)
            if pause is not None:
                raise Refused("service_ended" if pause.for_today else "service_paused")
            place = self._place_of_newcomer(now, priority)
            ahead = outlook.people_before(self._day, service.id, place)
            estimate = self._estimate_at(now, service, place)
            draft = self._issue_draft(now, service, place, priority, estimate)

            def answer(written: Sequence[Written]) -> View:
                return issued_view(ticket_of(written[0]), ahead, estimate)

            return Decision([draft], answer)

        return some(self.command(caller, ["issue", service_id, priority], decide))

    def call_next(
        self, caller: Caller, counter_id: str, *, complete: bool = False, current: str | None = None
    ) -> View | None:
        """Call the next ticket to a counter, or answer None when nobody waits for it.

        With `complete`, the ticket now at the counter is completed in the same transaction, also when
        nobody waits; `current` is its id where it is known, so that no other one is meant. Raises
        Unknown("counter"), Refused("counter_closed" | "counter_taken" | "another_ticket_here"), StorageUnavailable.
        """

        def decide(now: datetime) -> Decision:
            counter = self._open_counter_for(caller, counter_id)
            finished = self._day.at_counter(counter.id) if complete else None
            if complete and current is not None and (finished is None or finished.id != current):
                raise Refused("another_ticket_here")
            following = discipline.next_for(self.site, self._day, counter, now)
            drafts = []
            if finished is not None:
                drafts.append(Draft(Kind.COMPLETE, finished.id, counter.id))
            if following is not None:
                drafts.append(Draft(Kind.CALL, following.id, counter.id))

            def answer(written: Sequence[Written]) -> View | None:
                views = {w.entry.kind: ticket_view(self.site, ticket_of(w)) for w in written}
                if not views:
                    return None
                return {"ticket": views.get(Kind.CALL), "completed": views.get(Kind.COMPLETE)}

            return Decision(drafts, answer)

        return self.command(caller, ["call_next", counter_id, complete, *([current] if current else [])], decide)

    def call(self, caller: Caller, counter_id: str, label: str) -> View:
        """Call any number to a counter.

        Raises Unknown("counter" | "ticket"), Refused("counter_closed" | "counter_taken" | "illegal_move"),
        StorageUnavailable.
        """

        def decide(_now: datetime) -> Decision:
            counter = self._open_counter_for(caller, counter_id)
            ticket = self._day.by_label(label)
            if ticket is None:
                raise Unknown("ticket")
            ticket.require(Move.CALL)
            return Decision([Draft(Kind.CALL, ticket.id, counter.id)], self._answer_ticket)

        return some(self.command(caller, ["call", counter_id, label], decide))

    def move(
        self,
        caller: Caller,
        ticket_id: str,
        move: Move,
        *,
        service: str | None = None,
        counter: str | None = None,
        reason: str = "",
        priority: str = "",
    ) -> View:
        """Make one of TICKET_MOVES; `service` and `counter` are for a transfer, `reason` for a hold, `priority`
        for that: a class of the profile, or empty for none.

        Raises Unknown("ticket" | "service" | "counter" | "priority"), Refused("illegal_move" with the present
        state, or "counter_taken", "no_next_stage", "transfer_nowhere"), StorageUnavailable; ValueError for
        another move.
        """
        if move not in TICKET_MOVES:
            raise ValueError(f"{move} is not a command on a ticket")
        details = {"service": service, "counter": counter, "reason": reason, "priority": priority}

        def decide(_now: datetime) -> Decision:
            ticket = self._ticket(ticket_id)
            ticket.require(move)
            if ticket.state in AT_COUNTER and ticket.counter is not None:
                self._require_no_other_clerk(caller, ticket.counter)
            draft = Draft(Kind(move.value), ticket.id, ticket.counter, self._body(ticket, move, details))
            return Decision([draft], self._answer_ticket)

        return some(self.command(caller, ["move", ticket_id, move.value, *details.values()], decide))

    # -- corrections -----------------------------------------------------------------------------

    def undo(self, caller: Caller, counter_id: str) -> View:
        """Take back the caller's own last press, with every move that it made.

        A device stands at one counter: what was pressed at another one is not its own. Where another person
        took the counter over, its ticket is theirs. Raises Unknown("counter"), Refused("nothing_to_undo" |
        "counter_taken" | "undo_unlawful"), StorageUnavailable.
        """

        def decide(_now: datetime) -> Decision:
            counter = self._counter(counter_id)
            press = self._day.presses.get(caller.actor)
            if press is None or not (is_person(caller.actor) or press.counter in (None, counter.id)):
                raise Refused("nothing_to_undo")
            for place in undo.counters_of(self._day, [pressed.before for pressed in press.moves]):
                self._require_no_other_clerk(caller, place)
            if not undo.may_restore(self._day, [pressed.before for pressed in press.moves]):
                raise Refused("undo_unlawful")
            return self._undo_decision([(each.before, each.seq) for each in reversed(press.moves)])

        return some(self.command(caller, ["undo", counter_id], decide))

    def undo_last_move(self, caller: Caller, ticket_id: str) -> View:
        """Take back the last move of a ticket, whoever made it, also one that ended it today.

        Where the counter that it was at is closed or serves somebody else now, it comes back on hold.
        Raises Unknown("ticket"), Refused("undo_unlawful" with the present state), StorageUnavailable.
        """

        def decide(_now: datetime) -> Decision:
            ticket = self._ticket(ticket_id)
            found = undo.before_last_move(journal.read_ticket(self._store.database, ticket.id))
            back = undo.brought_back(self._day, found[0]) if found else None
            if found is None or back is None:
                raise Refused("undo_unlawful", ticket.state)
            return self._undo_decision([(back, found[1])])

        return some(self.command(caller, ["undo_last_move", ticket_id], decide))

    def reissue(self, caller: Caller, ticket_id: str) -> View:
        """Give an open ticket a new slip: the same number, a new token; the old slip's code opens nothing more.

        Raises Unknown("ticket"), Refused("illegal_move" with the present state), StorageUnavailable.
        """

        def decide(_now: datetime) -> Decision:
            ticket = self._ticket(ticket_id)
            if not ticket.is_open:
                raise Refused("illegal_move", ticket.state)
            draft = Draft(Kind.REISSUE, ticket.id, ticket.counter, {"token": secrets.token_urlsafe(16)})

            def answer(written: Sequence[Written]) -> View:
                token = ticket_of(written[0]).token
                return {**self._answer_ticket(written), "token": token, "ticket_url": f"/t/{token}"}

            return Decision([draft], answer)

        return some(self.command(caller, ["reissue", ticket_id], decide))

    # -- parts of decisions ----------------------------------------------------------------------

    def _place_of_newcomer(self, now: datetime, priority: str) -> float:
        if not priority:
            return self._end_of_line()
        head_start = self._head_start(priority)
        line = self._day.waiting()
        return place_with_head_start(line, now, head_start, self.site.priorities, self._end_of_line())

    def _issue_draft(
        self, now: datetime, service: Service, place: float, priority: str, estimate: Estimate | None
    ) -> Draft:
        """The entry of a new number. The range that its holder is told stands in it, to be compared with the call."""
        series = self.site.series[service.series]
        last = tickets.last_allocation(self._store.database, self.site.id, self._day.business_day, series.id)
        allocation = numbering.allocate(series, last, self._day.live_labels())
        body: dict[str, Any] = {
            "service": service.id,
            "series": series.id,
            "round": allocation.round,
            "number": allocation.number,
            "label": series.label(allocation.number),
            "token": secrets.token_urlsafe(16),
            "place": place,
        }
        if priority:
            body["priority"] = priority
        if estimate is not None:
            body["estimate"] = estimate_view(estimate)
        return Draft(Kind.ISSUE, _new_id(now), None, body)

    def _body(self, ticket: Ticket, move: Move, details: Mapping[str, str | None]) -> Mapping[str, Any]:
        """What an entry of this move has to say, decided now so that replaying needs no profile."""
        match move:
            case Move.ADVANCE:
                if ticket.stage + 1 >= len(self.site.services[ticket.service].stages):
                    raise Refused("no_next_stage", ticket.state)
                return {}
            case Move.TRANSFER:
                return self._transfer_body(ticket, details["service"], details["counter"])
            case Move.HOLD:
                return {"reason": details["reason"]}
            case Move.REINSTATE:
                return {"place": self._place_of_return(ticket)}
            case Move.PRIORITIZE:
                priority = details["priority"] or ""
                return {"priority": priority, "place": self._place_of_priority(ticket, priority)}
            case _:
                return {}

    def _transfer_body(self, ticket: Ticket, service: str | None, counter: str | None) -> Mapping[str, Any]:
        if service is None and counter is None:
            raise Refused("transfer_nowhere", ticket.state)
        target = self._service(service or ticket.service)
        if counter is not None:
            self._counter(counter)
        return {
            "service": target.id,
            "stage": ticket.stage if target.id == ticket.service else 0,
            "counter": counter,
        }

    def _place_of_return(self, ticket: Ticket) -> float:
        """Where a ticket that was not there comes back into the line, by the site's policy."""
        match self.site.reinstate:
            case ReinstatePlace.FRONT:
                return ticket.place
            case ReinstatePlace.AFTER:
                line = self._day.waiting()
                return place_behind(line, ticket.service, self.site.reinstate_after, self._end_of_line())
        return self._end_of_line()

    def _undo_decision(self, undone: Sequence[tuple[Ticket, int]]) -> Decision:
        drafts = [
            Draft(Kind.UNDO, before.id, before.counter, {"undoes": seq, "ticket": plain_ticket(before)})
            for before, seq in undone
        ]
        return Decision(
            drafts, lambda written: {"tickets": [ticket_view(self.site, ticket_of(each)) for each in written]}
        )

    def _answer_ticket(self, written: Sequence[Written]) -> View:
        return {"ticket": ticket_view(self.site, ticket_of(written[0]))}


def _new_id(now: datetime) -> str:
    """A ticket's id: milliseconds, then 80 random bits, in 32 hexadecimal digits, in the way of RFC 9562's UUIDv7.

    Ids of one day lie side by side in the indexes. Random ones would touch a page of their own in each, which with
    years of tickets is seldom in memory.
    """
    return f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(10)}"
