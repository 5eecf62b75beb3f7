"""Clients that never give up a command: each is sent with one Idempotency-Key until somebody answers it."""

import random
import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.support.server import SITE

RETRY_SECONDS = 0.05


@dataclass
class Ledger:
    """What was acknowledged, by all clients together."""

    issued: dict[str, dict[str, Any]] = field(default_factory=dict)
    called: list[str] = field(default_factory=list)
    answers: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    retried: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def note(self, response: httpx.Response, attempts: int) -> None:
        with self.changed:
            self.answers += 1
            self.retried += attempts > 1
            self._sort(response)
            self.changed.notify_all()

    def _sort(self, response: httpx.Response) -> None:
        if response.status_code == 201:
            ticket = response.json()
            if ticket["id"] in self.issued:
                self.strange.append(f"ticket {ticket['label']} was given to two people")
            self.issued[ticket["id"]] = ticket
        elif response.status_code == 200:
            called = response.json()["ticket"]
            if called is not None:
                self.called.append(called["id"])
        elif response.status_code == 409:
            code = response.json()["code"]
            self.refused[code] = self.refused.get(code, 0) + 1
        elif response.status_code != 204:
            self.strange.append(f"{response.status_code}: {response.text}")

    def wait_for(self, answers: int, seconds: float) -> bool:
        """Wait until that many more answers came; False when they did not."""
        with self.changed:
            goal = self.answers + answers
            return self.changed.wait_for(lambda: self.answers >= goal, timeout=seconds)


class Client(threading.Thread):
    """A kiosk or a desk of its own, working until it is told to stop; then it still finishes its last command."""

    def __init__(self, url: str, token: str, ledger: Ledger, counter: str | None, seed: int) -> None:
        super().__init__(daemon=True)
        self._url, self._token, self._ledger, self._counter = url, token, ledger, counter
        self._random = random.Random(seed)
        self._stop_asked = threading.Event()
        self._given_up = threading.Event()
        self.answered = 0

    def ask_to_stop(self) -> None:
        self._stop_asked.set()

    def give_up(self) -> None:
        """Stop although nobody will answer the last command any more."""
        self._stop_asked.set()
        self._given_up.set()

    def run(self) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        with httpx.Client(base_url=self._url, headers=headers, timeout=5, trust_env=False) as client:
            while not self._stop_asked.is_set():
                path, body = self._next_command()
                self._insist(client, path, body)

    def _next_command(self) -> tuple[str, dict[str, Any]]:
        if self._counter is None:
            service = self._random.choice(["shomei", "inkan", "mynumber", "todoke"])
            return f"/api/sites/{SITE}/tickets", {"service": service}
        return f"/api/sites/{SITE}/counters/{self._counter}/call-next", {"complete": True}

    def _insist(self, client: httpx.Client, path: str, body: dict[str, Any]) -> None:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        attempts = 0
        while True:
            attempts += 1
            try:
                response = client.post(path, json=body, headers=headers)
            except httpx.TransportError:
                if self._given_up.wait(RETRY_SECONDS):
                    return
                continue
            self.answered += 1
            self._ledger.note(response, attempts)
            return
