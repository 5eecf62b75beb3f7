"""Devices with their tokens and staff with their passwords: made by the command line, checked on each request."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from queue_server.clock import Clock
from queue_server.domain.roles import Account, Role
from queue_server.storage import accounts as rows
from queue_server.storage.accounts import NameTaken
from queue_server.storage.database import Store
from queue_server.worker import run_blocking

__all__ = ["Accounts", "NameTaken"]

SHORTEST_PASSWORD = 10
"""Characters; a password is the only secret between a city's network and its queue."""

_hasher = PasswordHasher()


class Accounts:
    """Who may act. Reads see at once what the command line wrote, also while the server runs."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def create_device(self, name: str, role: Role) -> str:
        """Register a device and return its token, which is stored nowhere: only its hash is."""
        token = secrets.token_urlsafe(32)
        with self._store.transaction() as db:
            rows.add_device(db, name, role, token, self._clock.now())
        return token

    def create_staff(self, name: str, role: Role, password: str) -> Account:
        """Register a person; raises NameTaken, or ValueError for a password under SHORTEST_PASSWORD characters."""
        if len(password) < SHORTEST_PASSWORD:
            raise ValueError(f"a password has at least {SHORTEST_PASSWORD} characters")
        password_hash = run_blocking(_hasher.hash, password)
        with self._store.transaction() as db:
            return rows.add_staff(db, name, role, password_hash, self._clock.now())

    def device_by_token(self, token: str) -> Account | None:
        """The device that carries this token."""
        with self._store.lock:
            return rows.device_by_token(self._store.database, token)

    def device_by_id(self, device_id: str) -> Account | None:
        """The device that a browser was enrolled as."""
        with self._store.lock:
            return rows.device_by_id(self._store.database, device_id)

    def staff_by_id(self, staff_id: str) -> Account | None:
        """The person that a browser was signed in as."""
        with self._store.lock:
            return rows.staff_by_id(self._store.database, staff_id)

    def check_password(self, name: str, password: str) -> Account | None:
        """The person of this name if the password is theirs; takes as long when there is no such person."""
        with self._store.lock:
            found = rows.staff_by_name(self._store.database, name)
        account, password_hash = found if found else (None, _nobodys_hash())
        return account if run_blocking(_matches, password_hash, password) else None


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    """A hash that no password matches, so that an unknown name costs the same time as a known one."""
    return _hasher.hash(secrets.token_urlsafe(32))
