"""Devices: kiosks, displays and desks that carry a token."""

import secrets
from datetime import datetime, timedelta

import structlog

from queue_server.accounts.records import Records, UnknownAccount
from queue_server.clock import Clock
from queue_server.domain.entries import Kind
from queue_server.domain.roles import DEVICE_ROLES, Account, DeviceRecord, Role, checked_name
from queue_server.storage import accounts as rows
from queue_server.storage.database import StorageUnavailable, Store

log = structlog.get_logger()

SEEN_EVERY = timedelta(minutes=1)
"""How often it is written down that a device was heard of."""


class Devices(Records):
    """The devices of one data directory."""

    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__(store, clock)
        self._seen: dict[str, datetime] = {}

    def create_device(self, name: str, role: Role, *, actor: str) -> str:
        """Register a device and return its token, which is stored nowhere: only its hash is.

        Raises UnusableName, or ValueError for a role that is no device's.
        """
        if role not in DEVICE_ROLES:
            raise ValueError(f"{role} is no role of a device")
        name, token = checked_name(name), secrets.token_urlsafe(32)
        with self._store.transaction() as db:
            device = rows.add_device(db, name, role, token, self._clock.now())
            self._record(db, Kind.ADD_DEVICE, actor, id=device.id, name=name, role=role)
        return token

    def revoke_device(self, device_id: str, *, actor: str) -> None:
        """Let the device's token open nothing from now on; raises UnknownAccount. A second time changes nothing."""
        with self._store.transaction() as db:
            device = next((each for each in rows.list_devices(db) if each.id == device_id), None)
            if device is None:
                raise UnknownAccount(device_id)
            if device.revoked_at is None:
                rows.revoke_device(db, device_id, self._clock.now())
                self._record(db, Kind.REVOKE_DEVICE, actor, id=device_id, name=device.name, role=device.role)

    def list_devices(self) -> list[DeviceRecord]:
        """Every device that was ever made, also the revoked ones, by name."""
        with self._store.looking_up() as db:
            return rows.list_devices(db)

    def device_by_token(self, token: str) -> Account | None:
        """The device that carries this token."""
        with self._store.looking_up() as db:
            return rows.device_by_token(db, token)

    def device_by_id(self, device_id: str) -> Account | None:
        """The device that a browser was enrolled as."""
        with self._store.looking_up() as db:
            return rows.device_by_id(db, device_id)

    def note_seen(self, device_id: str) -> None:
        """Write down that a device was heard of, at most once in SEEN_EVERY.

        It never fails and never joins somebody's transaction: a disk that is full must not break a read.
        """
        now = self._clock.now()
        with self._store.lock:
            if self._store.in_transaction or not self._is_news(device_id, now):
                return
            # Also before an attempt that fails: a full disk is tried once a minute, not with every request.
            self._seen[device_id] = now
            try:
                with self._store.transaction() as db:
                    rows.note_device_seen(db, device_id, now)
            except StorageUnavailable:
                log.debug("device_seen_not_kept")

    def _is_news(self, device_id: str, now: datetime) -> bool:
        before = self._seen.get(device_id)
        return before is None or not timedelta(0) <= now - before < SEEN_EVERY
