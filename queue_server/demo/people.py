"""Simulated residents and clerks. They know nothing but the JSON API, as any kiosk and desk would."""

import heapq
import itertools
import random
import uuid
from collections.abc import Callable
from typing import Any

import httpx

View = dict[str, Any]
Action = Callable[[float], object]

ARRIVAL_SECONDS = 5.0
"""The mean time between two residents."""
SERVICE_SECONDS = (9.0, 24.0)
"""How long one resident takes at a counter: a demo's minutes are short."""
LONGEST_LINE = 8
"""A resident who sees this many people waiting comes back another day."""
RETRY_SECONDS = 2.0
PATIENCE_SECONDS = 60.0
NO_SHOW_SHARE = 0.08
FIRST_RESIDENTS = 14


class People:
    """Residents who take numbers and clerks who call them, one action at a time on one time line (seconds)."""

    def __init__(self, client: httpx.Client, site: str, kiosk_token: str, desk_token: str, seed: int) -> None:
        self._client = client
        self._site = site
        self._kiosk = {"Authorization": f"Bearer {kiosk_token}"}
        self._desk = {"Authorization": f"Bearer {desk_token}"}
        self._random = random.Random(seed)
        self._agenda: list[tuple[float, int, Action]] = []
        self._order = itertools.count()
        self._silent_since: float | None = None
        """Since when the server gives no answer; None while it does."""

    def begin(self, now: float, counters: list[str]) -> None:
        """Open the counters and let the first residents in; the rest follows from `step`."""
        for counter in counters:
            self._post(f"/api/sites/{self._site}/counters/{counter}/open", self._desk)
        for _ in range(FIRST_RESIDENTS):
            self._take_number()
        for counter in counters:
            self._at(now + self._random.uniform(0, 4), self._clerk_calls(counter))
        self._at(now + ARRIVAL_SECONDS, self._resident_comes)

    def step(self, now: float) -> float:
        """Do what is due; returns when the next action is due.

        What the server does not answer is tried again; raises httpx.HTTPError after PATIENCE_SECONDS of silence.
        """
        while self._agenda and self._agenda[0][0] <= now:
            _, _, action = heapq.heappop(self._agenda)
            try:
                action(now)
            except httpx.HTTPError:
                self._silent_since = now if self._silent_since is None else self._silent_since
                if now - self._silent_since > PATIENCE_SECONDS:
                    raise
                self._at(now + RETRY_SECONDS, action)
                break
            self._silent_since = None
        return self._agenda[0][0] if self._agenda else now + 1

    def _at(self, when: float, action: Action) -> None:
        heapq.heappush(self._agenda, (when, next(self._order), action))

    def _resident_comes(self, now: float) -> None:
        self._take_number()
        self._at(now + self._random.expovariate(1 / ARRIVAL_SECONDS), self._resident_comes)

    def _take_number(self) -> None:
        services = [
            service
            for category in self._get(f"/api/sites/{self._site}/board")["categories"]
            for service in category["services"]
            if service["accepting"] and service["waiting_count"] < LONGEST_LINE
        ]
        if services:
            chosen = self._random.choice(services)
            self._post(f"/api/sites/{self._site}/tickets", self._kiosk, {"service": chosen["id"]})

    def _clerk_calls(self, counter: str) -> Action:
        def act(now: float) -> None:
            answer = self._post(f"/api/sites/{self._site}/counters/{counter}/call-next", self._desk)
            if answer is None:
                self._at(now + 3, act)
            else:
                self._at(now + self._random.uniform(3, 6), self._resident_arrives(counter, answer["ticket"]["id"]))

        return act

    def _resident_arrives(self, counter: str, ticket: str) -> Action:
        def act(now: float) -> None:
            if self._random.random() < NO_SHOW_SHARE:
                self._move(ticket, "no-show")
                self._at(now + 40, lambda _now: self._move(ticket, "reinstate"))
                self._at(now + 1, self._clerk_calls(counter))
            else:
                self._move(ticket, "start")
                self._at(now + self._random.uniform(*SERVICE_SECONDS), self._resident_leaves(counter, ticket))

        return act

    def _resident_leaves(self, counter: str, ticket: str) -> Action:
        def act(now: float) -> None:
            # A service with two stages has another one to come: then the number waits again.
            if self._move(ticket, "advance") is None:
                self._move(ticket, "complete")
            self._at(now + self._random.uniform(1, 3), self._clerk_calls(counter))

        return act

    def _move(self, ticket: str, move: str) -> View | None:
        return self._post(f"/api/tickets/{ticket}/{move}", self._desk)

    def _get(self, path: str) -> View:
        view: View = self._client.get(path).raise_for_status().json()
        return view

    def _post(self, path: str, headers: dict[str, str], body: View | None = None) -> View | None:
        """The answer; None for an answer without content and for a refusal, which a person would shrug off."""
        headers = {**headers, "Idempotency-Key": str(uuid.uuid4())}
        response = self._client.post(path, json=body or {}, headers=headers)
        if response.status_code == httpx.codes.CONFLICT:
            return None
        if response.status_code == httpx.codes.NO_CONTENT:
            return None
        view: View = response.raise_for_status().json()
        return view
