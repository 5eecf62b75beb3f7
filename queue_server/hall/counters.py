"""Commands on counters: open and close, who works there, breaks, what a counter serves today."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from queue_server.domain.entries import Kind
from queue_server.domain.staffing import clerk_at, counters_of_clerk, is_person
from queue_server.domain.ticket import Refused
from queue_server.hall.parts import Parts
from queue_server.hall.terms import Caller, Decision, Draft, Written, some
from queue_server.snapshot import View, counter_view

LONGEST_BREAK_MINUTES = 240


class Counters(Parts):
    """One clerk at one counter at a time."""

    def open_counter(self, caller: Caller, counter_id: str, *, take_over: bool = False, remote: bool = False) -> View:
        """Open a counter, or come back from a break; one that is open stays so.

        A person who opens it works there from then on. Where another person works, or while the caller works
        at another counter, this is refused unless `take_over`; then the caller's other counter is closed.
        With `remote` a supervisor opens it for somebody else. Raises Unknown("counter"),
        Refused("counter_taken" with the clerk's name, "clerk_elsewhere" with the counter), StorageUnavailable.
        """

        def decide(_now: datetime) -> Decision:
            counter = self._counter(counter_id)
            person = caller.actor if is_person(caller.actor) and not (remote and caller.supervises) else None
            elsewhere = [each for each in counters_of_clerk(self._day, person or "") if each != counter.id]
            if person is not None and not take_over:
                self._require_free(counter.id, person, elsewhere)
            drafts = [Draft(Kind.CLOSE_COUNTER, counter=each) for each in elsewhere]
            clerk = clerk_at(self._day, counter.id)
            if not self._day.counter(counter.id).open:
                drafts.append(Draft(Kind.OPEN_COUNTER, counter=counter.id, body={"clerk": person or clerk}))
            elif person is not None and person != clerk:
                drafts.append(Draft(Kind.TAKE_COUNTER, counter=counter.id, body={"clerk": person}))
            return self._counter_decision(counter.id, drafts, clerk=person or clerk, is_open=True)

        return some(self.command(caller, ["open_counter", counter_id, take_over, remote], decide))

    def close_counter(self, caller: Caller, counter_id: str) -> View:
        """Close a counter; one that is closed stays so.

        Raises Unknown("counter"), Refused("counter_taken"), StorageUnavailable.
        """

        def decide(_now: datetime) -> Decision:
            counter = self._counter(counter_id)
            self._require_no_other_clerk(caller, counter.id)
            in_use = self._day.counter(counter.id).in_use
            drafts = [Draft(Kind.CLOSE_COUNTER, counter=counter.id)] if in_use else []
            return self._counter_decision(counter.id, drafts, clerk=None, is_open=False)

        return some(self.command(caller, ["close_counter", counter_id], decide))

    def start_break(self, caller: Caller, counter_id: str, minutes: int) -> View:
        """Close an open counter until the clerk comes back, in about so many minutes (1 to 240), as the board says.

        Raises Unknown("counter"), Refused("counter_closed" | "counter_taken"), StorageUnavailable; ValueError.
        """
        if not 1 <= minutes <= LONGEST_BREAK_MINUTES:
            raise ValueError(f"a break has 1 to {LONGEST_BREAK_MINUTES} minutes, not {minutes}")

        def decide(now: datetime) -> Decision:
            counter = self._open_counter_for(caller, counter_id)
            until = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
            drafts = [Draft(Kind.START_BREAK, counter=counter.id, body={"until": until.isoformat()})]
            clerk = clerk_at(self._day, counter.id)
            return self._counter_decision(counter.id, drafts, clerk=clerk, is_open=False, break_until=until)

        return some(self.command(caller, ["start_break", counter_id, minutes], decide))

    def assign_services(self, caller: Caller, counter_id: str, services: Sequence[str]) -> View:
        """Have a counter serve these services for the rest of the day, in this order; at least one.

        Raises Unknown("counter" | "service"), Refused("counter_taken" | "no_service"), StorageUnavailable.
        """
        wanted = list(dict.fromkeys(services))

        def decide(_now: datetime) -> Decision:
            counter = self._counter(counter_id)
            self._require_no_other_clerk(caller, counter.id)
            if not wanted:
                raise Refused("no_service")
            for service in wanted:
                self._service(service)
            by_profile = wanted == list(self.site.counters[counter.id].services)
            state = self._day.counter(counter.id)
            assigned = None if by_profile else tuple(wanted)
            body = {"services": None if by_profile else wanted}
            changed = assigned != state.services
            drafts = [Draft(Kind.ASSIGN_SERVICES, counter=counter.id, body=body)] if changed else []
            return self._counter_decision(
                counter.id,
                drafts,
                clerk=clerk_at(self._day, counter.id),
                is_open=state.open,
                break_until=state.break_until,
                services=wanted,
            )

        return some(self.command(caller, ["assign_services", counter_id, wanted], decide))

    def _require_free(self, counter_id: str, person: str, elsewhere: Sequence[str]) -> None:
        self._require_nobody_but(person, counter_id)
        if elsewhere:
            raise Refused("clerk_elsewhere", counter=elsewhere[0])

    def _counter_decision(
        self,
        counter_id: str,
        drafts: Sequence[Draft],
        *,
        clerk: str | None,
        is_open: bool,
        break_until: datetime | None = None,
        services: Sequence[str] | None = None,
    ) -> Decision:
        """These drafts, answered with the counter as they leave it."""
        counter = self._counter(counter_id)
        view = counter_view(counter, services or counter.services, is_open, clerk, break_until)

        def answer(_written: Sequence[Written]) -> View:
            return {"counter": view}

        return Decision(drafts, answer)
