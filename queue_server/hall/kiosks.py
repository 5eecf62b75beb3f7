"""What kiosks bring back: numbers that they gave out by themselves, slips printed again, how they are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain import calendar, outlook
from queue_server.domain.entries import Kind
from queue_server.domain.kiosks import KioskReport, heard, says_news
from queue_server.domain.line import place_with_head_start
from queue_server.domain.numbering import OFFLINE_ROUND
from queue_server.domain.site import Service
from queue_server.domain.ticket import Move, Refused, Ticket
from queue_server.hall.parts import Parts
from queue_server.hall.terms import Caller, Decision, Draft, Unknown, Written, some, ticket_of
from queue_server.hall.write_path import fingerprint_of
from queue_server.snapshot import View, issued_view, ticket_view
from queue_server.storage import tickets


@dataclass(frozen=True, slots=True)
class OfflineTicket:
    """A number that a kiosk gave out while the server was away; its slip is in somebody's hand.

    `issued_at` is aware; `replaces` is the request id of the command to which no answer came before.
    """

    id: str
    token: str
    service: str
    number: int
    issued_at: datetime
    replaces: str | None = None


class Kiosks(Parts):
    """Commands of kiosks besides the ordinary issue."""

    def adopt(self, caller: Caller, given: OfflineTicket) -> View:
        """Take over a number that a kiosk gave out by itself, at the place in the line of its true time of issue.

        It is taken whatever the hours and switches say now: the slip is out. One of a day that is over is
        recorded there, and expired. The same ticket again gets the same answer, also after days. If the
        command that it `replaces` issued a number after all, that number, which nobody holds, is cancelled.
        Raises Unknown("service"), Refused("number_not_in_series" | "label_in_use" | "ticket_id_taken"),
        StorageUnavailable.
        """

        def decide(now: datetime) -> Decision:
            known = tickets.find_ticket(self._store.database, given.id)
            if known is not None:
                if (known.site, known.token) != (self.site.id, given.token):
                    raise Refused("ticket_id_taken")
                return Decision([], lambda _written: self._adopted_view(known))
            service = self._service(given.service)
            drafts = [*self._ghost_drafts(caller, given), *self._adopting_drafts(now, service, given)]

            def answer(written: Sequence[Written]) -> View:
                ticket = next(ticket_of(each) for each in reversed(written) if each.entry.ticket == given.id)
                view = self._adopted_view(ticket)
                self._answer_lost_command(caller, given, view)
                return view

            return Decision(drafts, answer)

        words = ["adopt", given.id, given.service, given.number]
        return some(self.command(caller, words, decide))

    def reprint(self, caller: Caller, ticket_id: str) -> View:
        """Record that the slip of an open ticket is printed once more; it is the same slip.

        Raises Unknown("ticket"), Refused("illegal_move"), StorageUnavailable.
        """

        def decide(_now: datetime) -> Decision:
            ticket = self._ticket(ticket_id)
            if not ticket.is_open:
                raise Refused("illegal_move", ticket.state)

            def answer(written: Sequence[Written]) -> View:
                token = ticket_of(written[0]).token
                view = ticket_view(self.site, ticket_of(written[0]))
                return {"ticket": view, "token": token, "ticket_url": f"/t/{token}"}

            return Decision([Draft(Kind.REPRINT, ticket.id, ticket.counter)], answer)

        return some(self.command(caller, ["reprint", ticket_id], decide))

    def report_kiosk(self, machine_id: str, report: KioskReport) -> None:
        """Note how a kiosk of this site is; staff are shown it at once where it says something new.

        It is news and no record: nothing is journalled. Raises Unknown("kiosk").
        """
        if machine_id not in self.site.kiosks:
            raise Unknown("kiosk")
        with self._store.lock:
            now = self._clock.now()
            before = self._kiosk_states.get(machine_id)
            after = heard(before, report, now)
            self._kiosk_states = {**self._kiosk_states, machine_id: after}
            news = says_news(before, after)
            if news:
                self._renew(now)
        if news:
            self.tell()

    def given_alone(self) -> View:
        """`business_day`, and by series the `numbers` that kiosks gave out alone that day, whatever became of them.

        A kiosk whose own file is new does not give them out once more. Raises StorageUnavailable.
        """
        with self._store.reading() as db:
            today = self._day.business_day
            found = {
                series: tickets.numbers_of_round(db, self.site.id, today, series, OFFLINE_ROUND)
                for series in self.site.series
            }
        return {
            "business_day": today.isoformat(),
            "numbers": {series: numbers for series, numbers in found.items() if numbers},
        }

    def find_open(self, label: str) -> View:
        """The open ticket of a label, as staff see it, with the token of its slip. Raises Unknown("ticket")."""
        with self._store.lock:
            ticket = self._day.by_label(label)
        if ticket is None:
            raise Unknown("ticket")
        return {**ticket_view(self.site, ticket), "token": ticket.token}

    def staff_counts(self) -> View:
        """Of each service: numbers given out today, people waiting, and whether it is paused."""
        with self._store.looking_up() as db:
            issued = tickets.issued_by_service(db, self.site.id, self._day.business_day)
            return {
                "services": [
                    {
                        "id": service.id,
                        "name": service.name,
                        "issued": issued.get(service.id, 0),
                        "waiting": len(self._day.waiting(service.id)),
                        "paused": self._day.service(service.id) is not None,
                    }
                    for service in self.site.services.values()
                ]
            }

    # -- parts of decisions ----------------------------------------------------------------------

    def _adopting_drafts(self, now: datetime, service: Service, given: OfflineTicket) -> list[Draft]:
        series = self.site.series[service.series]
        if not series.first <= given.number <= series.last:
            raise Refused("number_not_in_series")
        # A kiosk's clock may be ahead; nobody came in the future.
        issued_at = min(given.issued_at, now)
        business_day = min(calendar.business_day(issued_at), self._day.business_day)
        label = series.label(given.number)
        over = business_day < self._day.business_day
        key = (self.site.id, business_day, series.id, OFFLINE_ROUND, given.number)
        if tickets.is_given_out(self._store.database, key) or (not over and label in self._day.live_labels()):
            raise Refused("label_in_use")
        body = {
            "service": service.id,
            "series": series.id,
            "round": OFFLINE_ROUND,
            "number": given.number,
            "label": label,
            "token": given.token,
            "place": 0.0 if over else self._place_of_time(issued_at),
            "issued_at": issued_at.isoformat(),
        }
        drafts = [Draft(Kind.ISSUE, given.id, None, body, business_day)]
        if over:
            drafts.append(Draft(Kind.EXPIRE, given.id, None, business_day=business_day))
        return drafts

    def _place_of_time(self, issued_at: datetime) -> float:
        return place_with_head_start(self._day.waiting(), issued_at, 0, self.site.priorities, self._end_of_line())

    def _ghost_drafts(self, caller: Caller, given: OfflineTicket) -> list[Draft]:
        """What takes back a number that was issued though its answer never arrived: nobody holds it."""
        answer = self._answer_of(caller, given.replaces)
        ghost = self._day.tickets.get(json.loads(answer.body).get("id", "")) if answer and answer.body else None
        if ghost is None or Move.CANCEL not in ghost.lawful_moves():
            return []
        return [Draft(Kind.CANCEL, ghost.id, ghost.counter)]

    def _answer_of(self, caller: Caller, request_id: str | None) -> tickets.Answer | None:
        if request_id is None:
            return None
        return tickets.find_answer(self._store.database, caller.actor, request_id)

    def _answer_lost_command(self, caller: Caller, given: OfflineTicket, view: View) -> None:
        """Give the command that got no answer this one: should it still arrive, it issues nothing more."""
        if given.replaces is None or self._answer_of(caller, given.replaces) is not None:
            return
        fingerprint = fingerprint_of([self.site.id, "issue", given.service, ""])
        answer = tickets.Answer(fingerprint, json.dumps(view, ensure_ascii=False))
        tickets.store_answer(self._store.database, caller.actor, given.replaces, self._day.business_day, answer)

    def _adopted_view(self, ticket: Ticket) -> View:
        ahead = outlook.people_ahead(self._day, ticket) if ticket.is_open else 0
        return {**issued_view(ticket, ahead, self._estimate_of(self._clock.now(), ticket)), "offline": True}
