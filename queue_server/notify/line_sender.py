"""Notices as messages of the city's LINE official account. Whose they are the wish alone knows: never logged."""

import hashlib

import requests
import structlog

from queue_server.notify.line_account import LineAccount
from queue_server.notify.terms import Notice, Outcome, Words
from queue_server.storage.subscriptions import Subscription

log = structlog.get_logger()

ALREADY_TAKEN = 409
"""The answer to a retry key whose message was taken before, though its answer was lost."""
NOBODY_THERE = (400, 404)
"""Answers about a person that will not change by asking again: no such id for this account."""
KEY_REFUSED = (401, 403)


class LineSender:
    """Sends notices to people who linked their LINE account with their number."""

    def __init__(self, account: LineAccount, words: Words) -> None:
        self._account = account
        self._words = words

    def send(self, wish: Subscription, notice: Notice) -> Outcome:
        """Hand one message to LINE; its sockets let other greenlets run."""
        words = self._words(notice, wish.language)
        key = f"{notice.ticket} {notice.kind.value} {notice.call_seq} {wish.address}"
        try:
            answer = self._account.push(
                wish.address, f"{words.title}\n{words.body}", hashlib.sha256(key.encode()).hexdigest()[:32]
            )
        except requests.RequestException as error:
            log.warning("line_failed", error=type(error).__name__)
            return Outcome.AGAIN
        if 200 <= answer.status_code < 300 or answer.status_code == ALREADY_TAKEN:
            return Outcome.SENT
        if answer.status_code in NOBODY_THERE:
            return Outcome.GONE
        if answer.status_code in KEY_REFUSED:
            log.error("line_token_refused", status=answer.status_code)
        else:
            # 429 is too many at once, or the month's messages of the city's plan are used up.
            log.warning("line_refused", status=answer.status_code)
        return Outcome.AGAIN
