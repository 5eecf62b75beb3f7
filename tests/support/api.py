"""The JSON API as a device uses it, over Flask's test client."""

import uuid
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from queue_server.domain.roles import DEVICE_ROLES, Role
from tests.support.apps import city_of


class Api:
    """Calls with the token of the role that may make them; `role` gives another."""

    def __init__(self, app: Flask, site: str) -> None:
        self.site = site
        self._client = app.test_client()
        accounts = city_of(app).accounts
        self.tokens = {
            role: accounts.create_device(f"test-{role}", role, actor="operator:test") for role in DEVICE_ROLES
        }

    def get(self, path: str, role: Role | None = None, **headers: str) -> TestResponse:
        return self._client.get(path, headers={**self._authorization(role), **headers})

    def post(
        self, path: str, body: Any = None, role: Role | None = Role.ADMIN, key: str | None = None, **options: Any
    ) -> TestResponse:
        headers = {**self._authorization(role), "Idempotency-Key": key or str(uuid.uuid4())}
        if body is not None:
            options["json"] = body
        return self._client.post(path, headers=headers, **options)

    def _authorization(self, role: Role | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}

    def board(self) -> dict[str, Any]:
        board: dict[str, Any] = self.get(f"/api/sites/{self.site}/board").get_json()
        return board

    def service(self, service: str) -> dict[str, Any]:
        """One service of the board."""
        found = [s for c in self.board()["categories"] for s in c["services"] if s["id"] == service]
        return found[0]

    def issue(self, service: str = "mynumber", key: str | None = None) -> TestResponse:
        return self.post(f"/api/sites/{self.site}/tickets", {"service": service}, Role.KIOSK, key)

    def counter(self, counter: str, command: str, body: Any = None, key: str | None = None) -> TestResponse:
        return self.post(f"/api/sites/{self.site}/counters/{counter}/{command}", body or {}, Role.DESK, key)

    def move(self, ticket: str, move: str, body: Any = None, key: str | None = None) -> TestResponse:
        return self.post(f"/api/tickets/{ticket}/{move}", body or {}, Role.DESK, key)

    def called(self, counter: str = "6", service: str = "mynumber") -> dict[str, Any]:
        """A ticket that was issued and called to an open counter."""
        self.issue(service)
        self.counter(counter, "open")
        ticket: dict[str, Any] = self.counter(counter, "call-next").get_json()["ticket"]
        return ticket
