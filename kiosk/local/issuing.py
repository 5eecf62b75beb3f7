"""A number for the person who stands here: the server's, or while it does not answer one of this kiosk's own.

The order that keeps every promise: look for the answer that this key got before > ask the server > give out a number
of the reserve, on the disk together with its answer > answer. Where the answers of before cannot be read, the server
still can be asked, which has its own; without it nothing is given out then.
"""

import secrets
import threading
import uuid
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog

from kiosk.local.hall import LocalHall, NoNumber
from kiosk.local.remote import Away, Remote, Reply
from kiosk.local.store import Answer, GivenTicket, ReserveExhausted, StorageUnavailable, Wish
from queue_server.domain import calendar
from queue_server.snapshot import jst

log = structlog.get_logger()

VERDICT_SECONDS = 3.0
"""How long the first person after a start waits until it is known whether the server answers."""
TOKEN_BYTES = 16
MOST_UNKEPT = 100
"""Answers that stay in memory because the disk does not take them: their slips are printed all the same."""

View = dict[str, Any]


@dataclass(slots=True)
class _Turns:
    """One request at a time for each key: a second one of the same key waits for the answer of the first."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _held: dict[str, tuple[threading.Lock, int]] = field(default_factory=dict)

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        with self._lock:
            mine, users = self._held.get(key, (threading.Lock(), 0))
            self._held[key] = mine, users + 1
        try:
            with mine:
                yield
        finally:
            with self._lock:
                users = self._held[key][1] - 1
                if users:
                    self._held[key] = mine, users
                else:
                    del self._held[key]


class Issuing:
    """Gives every command for a number one answer, whatever becomes of the server and of this program."""

    def __init__(self, hall: LocalHall, remote: Remote) -> None:
        self._hall = hall
        self._remote = remote
        self._turns = _Turns()
        self._unkept: deque[View] = deque(maxlen=MOST_UNKEPT)

    def find_number(self, token: str) -> View | None:
        """The answer that gave out the number of a ticket's token. Raises StorageUnavailable."""
        unkept = next((answer for answer in list(self._unkept) if answer["token"] == token), None)
        return unkept or self._hall.store.find_number(token)

    def issue(self, key: str, service: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """The server's answer to a command, or a number of the reserve where it gives none.

        `body` and `headers` are passed on as they are. Raises NoNumber, StorageUnavailable.
        """
        with self._turns.turn(key):
            known, unreadable = self._known(key)
            if known is not None:
                if known.service != service:
                    raise NoNumber("request_id_reused", 422)
                return Reply(201, known.body)
            reply = self._ask_server(key, body, headers)
            if reply is None:
                if unreadable is not None:
                    # This key may have a number already, and nobody is given a second one.
                    raise unreadable
                return Reply(201, self._give_out(key, service))
            if reply.status != 201:
                return reply
            return Reply(201, self._keep(key, service, reply.data))

    def _known(self, key: str) -> tuple[Answer | None, StorageUnavailable | None]:
        """The answer that a key got before, or why that cannot be read."""
        try:
            return self._hall.store.find_answer(key), None
        except StorageUnavailable as error:
            return None, error

    def _ask_server(self, key: str, body: bytes, headers: Mapping[str, str]) -> Reply | None:
        """The server's answer; None where it gives none, and where it is known not to."""
        self._hall.judged.wait(VERDICT_SECONDS)
        if self._hall.away:
            return None
        try:
            reply = self._remote.issue(body, key, headers)
            if reply.status == 201 and not {"id", "label", "token"} <= reply.data.keys():
                raise Away("answered with a ticket that is none")
        except Away as error:
            self._hall.note_away(str(error))
            return None
        return reply

    def _keep(self, key: str, service: str, ticket: View) -> View:
        """The server's ticket as the page gets it, remembered under its key."""
        answer = {**ticket, "ticket_url": self._address(ticket["token"]), "offline": ticket.get("offline", False)}
        try:
            today = calendar.business_day(self._hall.clock.now())
            self._hall.store.store_answer(key, today, service, answer)
        except StorageUnavailable as error:
            # The server has recorded it: whoever holds the number must not lose it for a full disk here.
            log.error("answer_not_kept", reason=str(error))
            self._unkept.append(answer)
        return answer

    def _give_out(self, key: str, service_id: str) -> View:
        now = self._hall.clock.now()
        service, series, reserve = self._hall.may_give_out(service_id, now)
        wish = Wish(
            key, uuid.uuid4().hex, secrets.token_urlsafe(TOKEN_BYTES), service.id, now, calendar.business_day(now)
        )
        try:
            return self._hall.store.give_out(wish, series, reserve, self._hall.taken_labels(now), self._view)
        except ReserveExhausted:
            raise NoNumber("reserve_exhausted") from None

    def _view(self, ticket: GivenTicket) -> View:
        """A number of the reserve in the shape in which the server answers; what nobody here can know is null."""
        return {
            "id": ticket.id,
            "label": ticket.label,
            "token": ticket.token,
            "service": ticket.service,
            "ahead": None,
            "estimate": None,
            "board_seq": self._hall.last_seq,
            "issued_at": jst(ticket.issued_at),
            "ticket_url": self._address(ticket.token),
            "offline": True,
        }

    def _address(self, token: str) -> str:
        """Where the page of a ticket is, for phones; it opens as soon as the server has the number."""
        setup = self._hall.setup
        return f"{setup.public_url if setup else ''}/t/{token}"
