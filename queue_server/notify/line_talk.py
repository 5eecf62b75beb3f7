"""The talk on LINE: what people write to the city's account, and the one answer to it.

LINE waits a second or two for its webhook, so the answer is given by a task of its own.
"""

from typing import Any, Protocol

import requests
import structlog

from queue_server.notify.line_account import LineAccount
from queue_server.notify.line_events import CodeWritten, LineEvent
from queue_server.notify.linking import Linked, Linking
from queue_server.notify.notifier import Notifier, Queue
from queue_server.notify.terms import Name
from queue_server.notify.wishes import Wishes
from queue_server.storage.subscriptions import Channel

log = structlog.get_logger()

MOST_EVENTS = 100
"""More than LINE sends at once."""


class LineWords(Protocol):
    """The sentences of the account."""

    def linked(self, label: str, site: Name, language: str) -> str:
        """The number is linked: what will be told."""

    def not_linked(self, outcome: Linked) -> str:
        """It was not: what to do. In two languages, since nobody knows whose code it was."""


class Attempts(Protocol):
    """How often somebody may write a wrong code."""

    def exhausted(self, user: str) -> bool: ...
    def failed(self, user: str) -> None: ...


class LineTalk:
    """Takes the events of the webhook, and answers people."""

    def __init__(
        self,
        account: LineAccount,
        linking: Linking,
        wishes: Wishes,
        notifier: Notifier,
        words: LineWords,
        attempts: Attempts,
        queue: Queue,
    ) -> None:
        self.account = account
        self._linking = linking
        self._wishes = wishes
        self._notifier = notifier
        self._words = words
        self._attempts = attempts
        self._queue = queue

    def hear(self, events: list[LineEvent]) -> None:
        """Do what these events ask for; the answers are given later. Raises StorageUnavailable."""
        for event in events[:MOST_EVENTS]:
            if isinstance(event, CodeWritten):
                self._link(event)
            else:
                self._wishes.forget_address(Channel.LINE, event.user)
                log.info("line_unfollowed")

    def answer_forever(self) -> None:
        """Give the answers, for ever; for a background task."""
        while True:
            self._answer(*self._queue.get())

    def drain(self) -> None:
        """Give the answers that are due; for a caller without background tasks."""
        while not self._queue.empty():
            self._answer(*self._queue.get())

    def _link(self, event: CodeWritten) -> None:
        if self._attempts.exhausted(event.user):
            # Somebody who tries codes learns nothing more, right or wrong.
            log.warning("line_codes_tried")
            return
        outcome, wish, ticket = self._linking.link(event.code, event.user)
        log.info("line_code_written", outcome=outcome.value)
        if wish is None or ticket is None:
            self._attempts.failed(event.user)
            self._queue.put((event.reply_token, self._words.not_linked(outcome)))
            return
        site = self._linking.site_of(wish)
        self._queue.put((event.reply_token, self._words.linked(ticket.label, site, wish.language)))
        self._notifier.note(wish.site)

    def _answer(self, reply_token: Any, text: str) -> None:
        """An answer that fails is lost: its token is good for a moment, and the page shows what was linked."""
        try:
            answer = self.account.reply(reply_token, text)
        except requests.RequestException as error:
            log.warning("line_reply_failed", error=type(error).__name__)
            return
        except Exception:
            # No answer may end the task that gives all others: where certificates are being renewed, an OSError.
            log.exception("line_answer_failed")
            return
        if not 200 <= answer.status_code < 300:
            log.warning("line_reply_refused", status=answer.status_code)
