"""Sends what is due: picked after each change of a hall, handed to workers, remembered on disk when it went out.

No command waits for it: a change is only noted in the command's own greenlet. A notice that failed is picked again
with the next change, at the latest with the next minute's board, and only while it is still true.
"""

from collections import Counter as Tally
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import structlog

from queue_server.domain.nearness import NoticeKind, notice_due
from queue_server.domain.site import Counter, Service
from queue_server.hall import Hall, StorageUnavailable
from queue_server.notify.terms import Name, Notice, Outcome, Sender
from queue_server.notify.wishes import Key, Wishes
from queue_server.storage.subscriptions import Channel, Subscription

log = structlog.get_logger()

WORKERS = 4
"""How many notices are on their way at once; a slow service then does not hold up the others."""
MOST_ATTEMPTS = 5

Attempt = tuple[Key, NoticeKind, int]
"""One notice to one wish; the number is the call's, as in `Notice`."""


class Event(Protocol):
    """What wakes the picking; of the coroutine library that runs, or of threading."""

    def set(self) -> Any: ...
    def clear(self) -> Any: ...
    def wait(self) -> Any: ...


class Queue(Protocol):
    """What is on its way to the workers."""

    def put(self, item: Any) -> Any: ...
    def get(self) -> Any: ...
    def empty(self) -> bool: ...


class Notifier:
    """Tells holders by every channel that there is a sender for."""

    def __init__(
        self,
        halls: Mapping[str, Hall],
        wishes: Wishes,
        senders: Mapping[Channel, Sender],
        wake: Event,
        queue: Queue,
        breathe: Callable[[], object],
    ) -> None:
        """Listen to every hall; what was due before this process is picked first.

        `breathe` lets requests have their turn between two wishes: 300 of them take some hundred milliseconds.
        """
        self._halls = halls
        self._wishes = wishes
        self._senders = senders
        self._wake = wake
        self._queue = queue
        self._breathe = breathe
        self._changed = set(halls)
        self._on_their_way: set[Key] = set()
        self._failures: Tally[Attempt] = Tally()
        self._unwritten: dict[Attempt, Outcome] = {}
        """What is over and the disk has not taken yet: it is not sent again, and written as soon as that goes."""
        for hall in halls.values():
            hall.listen(self.note)
        wake.set()

    def note(self, site_id: str) -> None:
        """A hall has changed, or a wish was made there. Only remembers."""
        self._changed.add(site_id)
        self._wake.set()

    def pick_forever(self) -> None:
        """Hand what is due to the workers, for ever; for a background task."""
        while True:
            self._wake.wait()
            self._wake.clear()
            try:
                self.pick()
            except Exception:
                log.exception("picking_notices_failed")

    def deliver_forever(self) -> None:
        """Deliver what was picked, for ever; for WORKERS background tasks."""
        while True:
            self.deliver(self._queue.get())

    def drain(self) -> None:
        """Pick and deliver until nothing is due or what is due has failed; for a caller without background tasks."""
        while self._changed:
            self.pick()
            while not self._queue.empty():
                self.deliver(self._queue.get())

    def pick(self) -> None:
        """Forget the wishes of ended tickets, and put what is due now into the queue."""
        while self._changed:
            site_id = self._changed.pop()
            try:
                self._write_what_is_left()
                self._wishes.forget_ended()
            except StorageUnavailable:
                log.warning("wishes_not_forgotten")
            self._forget_failures()
            for wish in self._wishes.of_site(site_id):
                if wish.key not in self._on_their_way and self._due(wish) is not None:
                    self._on_their_way.add(wish.key)
                    self._queue.put(wish.key)
                self._breathe()

    def deliver(self, key: Key) -> None:
        """Send what is due for a wish, if it still is."""
        try:
            wish = self._wishes.find(key)
            notice = self._due(wish) if wish is not None else None
            if wish is not None and notice is not None:
                self._take(wish, notice, self._senders[wish.channel].send(wish, notice))
        except StorageUnavailable:
            log.warning("notice_not_noted")
        except Exception:
            log.exception("notice_failed")
        finally:
            self._on_their_way.discard(key)

    def _take(self, wish: Subscription, notice: Notice, outcome: Outcome) -> None:
        attempt = (wish.key, notice.kind, notice.call_seq)
        if outcome is Outcome.GONE:
            log.info("wish_forgotten", channel=wish.channel.value)
        if outcome is Outcome.AGAIN:
            self._failures[attempt] += 1
            if self._failures[attempt] < MOST_ATTEMPTS:
                return
            log.error("notice_given_up", channel=wish.channel.value, kind=notice.kind.value)
        del self._failures[attempt]
        self._unwritten[attempt] = outcome
        self._write(attempt)
        if outcome is not Outcome.GONE:
            # The number may have been called while it was told that its turn is near.
            self.note(wish.site)

    def _write(self, attempt: Attempt) -> None:
        """Have on the disk what came of a notice; raises StorageUnavailable, and then it is still to be written."""
        key, kind, call_seq = attempt
        if self._unwritten[attempt] is Outcome.GONE:
            self._wishes.forget(key)
        else:
            self._wishes.note_told(key, kind, call_seq)
        del self._unwritten[attempt]

    def _write_what_is_left(self) -> None:
        """Write what a disk that was full did not take; what concerns a ticket that has ended is let go."""
        for attempt in [each for each in self._unwritten if not self._open(ticket=each[0][0])]:
            del self._unwritten[attempt]
        for attempt in list(self._unwritten):
            self._write(attempt)

    def _forget_failures(self) -> None:
        """Let go what failed for a ticket that has ended or a wish that is gone: there an address stands."""
        for key in {key for key, _, _ in self._failures}:
            if not self._open(ticket=key[0]) or self._wishes.find(key) is None:
                for attempt in [each for each in self._failures if each[0] == key]:
                    del self._failures[attempt]

    def _open(self, ticket: str) -> bool:
        return any(hall.open_ticket(ticket) is not None for hall in self._halls.values())

    def _due(self, wish: Subscription) -> Notice | None:
        hall = self._halls.get(wish.site)
        ticket = hall.open_ticket(wish.ticket) if hall else None
        if hall is None or ticket is None or wish.channel not in self._senders:
            return None
        ahead, estimate = hall.outlook_of(ticket)
        kind = notice_due(ticket, ahead, estimate, wish.near, wish.told)
        call_seq = (ticket.call_seq or 0) if kind is NoticeKind.CALLED else 0
        if kind is None or (wish.key, kind, call_seq) in self._unwritten:
            return None
        site = hall.site
        return Notice(
            kind,
            ticket.id,
            ticket.label,
            Name(site.name, site.names),
            _name(site.services, ticket.service),
            _name(site.counters, ticket.counter or ""),
            ahead,
            estimate,
            call_seq,
            ticket.token,
        )


def _name(things: Mapping[str, Service] | Mapping[str, Counter], thing: str) -> Name:
    """What a thing is called; its id where the profile has lost it."""
    found = things.get(thing)
    return Name(found.name, found.names) if found is not None else Name(thing)
