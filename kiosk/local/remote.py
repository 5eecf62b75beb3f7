"""The server as the kiosk computer reaches it: short waits, and a clear line between an answer and none."""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from kiosk.local.store import GivenTicket

PATIENCE = httpx.Timeout(5.0, connect=2.0, pool=2.0)
"""Seconds for what nobody stands and waits for."""
PATIENCE_OF_RESIDENT = httpx.Timeout(2.5, connect=1.5, pool=0.5)
"""Seconds for which somebody stands and waits before the kiosk gives a number by itself."""
AT_ONCE_SECONDS = 0.5
"""What fails faster than this is tried once more: a connection that the server had closed long ago does."""

View = dict[str, Any]


class Away(Exception):  # noqa: N818 - a state that people are told about
    """The server gave no answer of its own: no connection, silence, a failure. What was asked may still be done."""


class Later(Away):
    """The server or its proxy answered that too much was asked; asking again at once would be more of it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The server's own answer; `data` is None for one without content and for "as before" (304)."""

    status: int
    data: Any
    etag: str | None = None

    @property
    def code(self) -> str:
        """The stable code of a refusal; "" for none."""
        return str(self.data.get("code", "")) if isinstance(self.data, dict) else ""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is, which site of it, and what lets this kiosk in."""

    server: str
    site: str
    token: str = field(repr=False)


class Remote:
    """The API of the server, for the device whose token this is; used by several threads at once."""

    def __init__(self, address: Address) -> None:
        self._site = address.site
        self._site_path = f"/api/sites/{address.site}"
        # The machine's own list of authorities: a city's network often has one of its own.
        verify = ssl.create_default_context() if address.server.startswith("https:") else True
        self._client = httpx.Client(
            base_url=address.server,
            headers={"Authorization": f"Bearer {address.token}"},
            timeout=PATIENCE,
            verify=verify,
            trust_env=False,
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def board(self, etag: str | None) -> Reply:
        """The public board; status 304 when it is still the one of `etag`. Raises Away."""
        headers = {"If-None-Match": etag} if etag else {}
        reply = self._ask("GET", f"{self._site_path}/board", headers=headers)
        if reply.status not in (200, 304):
            raise Away(f"the board was answered with {reply.status}")
        return reply

    def setup(self) -> Reply:
        """What this kiosk needs in order to go on by itself. Raises Away."""
        return self._ask("GET", f"{self._site_path}/kiosk")

    def report(self, body: View) -> Reply:
        """Say how this kiosk is. Raises Away."""
        return self._ask("POST", f"{self._site_path}/kiosk", json=body)

    def hand_over(self, ticket: GivenTicket) -> Reply:
        """Tell the server of a number that was given out without it. Raises Away."""
        body = {
            "id": ticket.id,
            "token": ticket.token,
            "service": ticket.service,
            "number": ticket.number,
            "issued_at": ticket.issued_at.isoformat(),
            "replaces": ticket.replaces,
        }
        headers = {"Idempotency-Key": f"offline-{ticket.id}"}
        return self._ask("POST", f"{self._site_path}/tickets/offline", json=body, headers=headers)

    def issue(self, body: bytes, key: str, headers: Mapping[str, str]) -> Reply:
        """Pass a wish for a number on, under its own key; what fails at once is tried once more. Raises Away."""
        path = f"{self._site_path}/tickets"
        sent = {**headers, "Content-Type": "application/json", "Idempotency-Key": key}
        began = time.monotonic()
        try:
            return self._ask("POST", path, content=body, headers=sent, timeout=PATIENCE_OF_RESIDENT)
        except Later:
            raise
        except Away:
            if time.monotonic() - began > AT_ONCE_SECONDS:
                raise
        return self._ask("POST", path, content=body, headers=sent, timeout=PATIENCE_OF_RESIDENT)

    def reprint(self, ticket_id: str, key: str) -> Reply:
        """Say that a slip is printed once more. Raises Away."""
        return self._ask("POST", f"/api/tickets/{ticket_id}/reprint", json={}, headers={"Idempotency-Key": key})

    def staff(self, deed: str, body: View, key: str, opened: str = "") -> Reply:
        """Pass a deed of the staff mode on; "" opens it with a PIN, which gives the key `opened`. Raises Away."""
        path = f"/kiosk/{self._site}/staff" + (f"/{deed}" if deed else "")
        headers = {"Idempotency-Key": key, "X-Kiosk-Staff": opened}
        return self._ask("POST", path, json=body, headers=headers)

    def _ask(self, method: str, path: str, **options: Any) -> Reply:
        try:
            response = self._client.request(method, path, **options)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Away(type(error).__name__) from error
        if response.status_code in (204, 304):
            return Reply(response.status_code, None)
        if not 200 <= response.status_code < 500 or 300 <= response.status_code < 400:
            raise Away(f"answered with {response.status_code}")
        data = _own_json(response)
        if response.status_code == 429 and data.get("code") == "too_often":
            # The proxy's or the server's word for "later": a resident at the kiosk gets a number of its own reserve.
            raise Later("asked too often")
        return Reply(response.status_code, data, response.headers.get("ETag"))


def _own_json(response: httpx.Response) -> Any:
    """The JSON of this project's server; Raises Away for what some box between here and there says."""
    try:
        data = response.json()
    except ValueError as error:
        raise Away(f"answered with {response.status_code} and no JSON") from error
    if not isinstance(data, dict) or (response.status_code >= 400 and "code" not in data):
        raise Away(f"answered with {response.status_code} and other JSON")
    return data
