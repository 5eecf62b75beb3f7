"""Commands of those who run the day: services, the reception, notices, the day's end."""

import uuid
from collections.abc import Sequence
from datetime import datetime, time

from queue_server.domain import calendar
from queue_server.domain.calendar import JST
from queue_server.domain.entries import Kind
from queue_server.domain.switches import Notice, ReceptionSwitch, ServiceSwitch
from queue_server.domain.ticket import Refused
from queue_server.hall.parts import Parts
from queue_server.hall.terms import Caller, Decision, Draft, Unknown, Written, some, ticket_of
from queue_server.snapshot import View, notice_view, status_view


class Supervision(Parts):
    """From opening the day to closing it."""

    def pause_service(self, caller: Caller, service_id: str, *, for_today: bool = False) -> View:
        """Stop issuing numbers of a service, for a while or `for_today`; who holds one is still called.

        Raises Unknown("service"), StorageUnavailable.
        """
        return self._switch_service(caller, service_id, ServiceSwitch(for_today))

    def resume_service(self, caller: Caller, service_id: str) -> View:
        """Issue numbers of a service again. Raises Unknown("service"), StorageUnavailable."""
        return self._switch_service(caller, service_id, None)

    def close_reception(self, caller: Caller, reason: str = "") -> View:
        """Issue no more numbers today; who holds one is still called. `reason` is told to everybody.

        Raises StorageUnavailable.
        """

        def decide(now: datetime) -> Decision:
            draft = Draft(Kind.CLOSE_RECEPTION, body={"reason": reason})
            return self._reception_decision(now, draft, ReceptionSwitch(False, None, reason))

        return some(self.command(caller, ["close_reception", reason], decide))

    def open_reception(self, caller: Caller, until: time) -> View:
        """Issue numbers from now until a time of today (JST), whatever the hours say: extend, or open by hand.

        Raises Refused("time_is_past" | "after_day_end"), StorageUnavailable.
        """

        def decide(now: datetime) -> Decision:
            end = datetime.combine(self._day.business_day, until, JST)
            if end <= now:
                raise Refused("time_is_past")
            if end > calendar.day_ends_at(self.site.hours, self._day.business_day):
                raise Refused("after_day_end", day_end=f"{self.site.hours.day_end:%H:%M}")
            draft = Draft(Kind.OPEN_RECEPTION, body={"until": end.isoformat()})
            return self._reception_decision(now, draft, ReceptionSwitch(True, end))

        return some(self.command(caller, ["open_reception", until.isoformat()], decide))

    def reset_reception(self, caller: Caller) -> View:
        """Let the hours decide again. Raises StorageUnavailable."""

        def decide(now: datetime) -> Decision:
            return self._reception_decision(now, Draft(Kind.RESET_RECEPTION), None)

        return some(self.command(caller, ["reset_reception"], decide))

    def close_day(self, caller: Caller, *, expire: bool = False) -> View:
        """End the day by hand: no more numbers, every counter closed, every open ticket expired.

        While tickets are open it is refused, with their labels, unless `expire`.
        Raises Refused("tickets_open"), StorageUnavailable.
        """

        def decide(_now: datetime) -> Decision:
            labels = [ticket.label for ticket in self._day.tickets.values()]
            if labels and not expire:
                raise Refused("tickets_open", labels=labels)
            drafts = [Draft(Kind.EXPIRE, ticket.id, ticket.counter) for ticket in self._day.tickets.values()]
            for counter, state in sorted(self._day.counters.items()):
                if state.in_use:
                    drafts.append(Draft(Kind.CLOSE_COUNTER, counter=counter))
            if self._day.reception is None or self._day.reception.open:
                drafts.append(Draft(Kind.CLOSE_RECEPTION, body={"reason": ""}))

            def answer(written: Sequence[Written]) -> View:
                return {"expired": [ticket_of(each).label for each in written if each.ticket is not None]}

            return Decision(drafts, answer)

        return some(self.command(caller, ["close_day", expire], decide))

    def post_notice(self, caller: Caller, text: str, until: datetime | None) -> View:
        """Show a sentence to everybody, until an instant (aware) or until it is withdrawn.

        Raises Refused("time_is_past"), StorageUnavailable.
        """

        def decide(now: datetime) -> Decision:
            if until is not None and until <= now:
                raise Refused("time_is_past")
            notice_id = uuid.uuid4().hex
            body = {"id": notice_id, "text": text, "until": until.isoformat() if until else None}
            view = {"notice": notice_view(Notice(notice_id, text, until, 0))}
            return Decision([Draft(Kind.POST_NOTICE, body=body)], lambda _written: view)

        words = ["post_notice", text, until.isoformat() if until else None]
        return some(self.command(caller, words, decide))

    def withdraw_notice(self, caller: Caller, notice_id: str) -> View:
        """Take a notice away. Raises Unknown("notice"), StorageUnavailable."""

        def decide(_now: datetime) -> Decision:
            found = next((notice for notice in self._day.notices if notice.id == notice_id), None)
            if found is None:
                raise Unknown("notice")
            view = {"notice": notice_view(found)}
            return Decision([Draft(Kind.WITHDRAW_NOTICE, body={"id": found.id})], lambda _written: view)

        return some(self.command(caller, ["withdraw_notice", notice_id], decide))

    # -- parts of decisions ----------------------------------------------------------------------

    def _reception_decision(self, now: datetime, draft: Draft, after: ReceptionSwitch | None) -> Decision:
        view = {"status": status_view(calendar.status_at(self.site.hours, now, after))}
        return Decision([draft] if after != self._day.reception else [], lambda _written: view)

    def _switch_service(self, caller: Caller, service_id: str, wanted: ServiceSwitch | None) -> View:
        def decide(_now: datetime) -> Decision:
            service = self._service(service_id)
            view = {
                "service": {
                    "id": service.id,
                    "name": service.name,
                    "paused": wanted is not None,
                    "ended_today": wanted is not None and wanted.for_today,
                }
            }
            if _pause_of(self._day.service(service.id)) == _pause_of(wanted):
                return Decision([], lambda _written: view)
            body = {"service": service.id, "for_today": wanted.for_today} if wanted else {"service": service.id}
            kind = Kind.PAUSE_SERVICE if wanted else Kind.RESUME_SERVICE
            return Decision([Draft(kind, body=body)], lambda _written: view)

        words = ["switch_service", service_id, _pause_of(wanted)]
        return some(self.command(caller, words, decide))


def _pause_of(switch: ServiceSwitch | None) -> bool | None:
    """None for a service that is not paused, else whether it is for the rest of the day."""
    return None if switch is None else switch.for_today
