"""Devices and staff as the database keeps them: tokens hashed, passwords hashed."""

import hashlib
import sqlite3
import uuid
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from queue_server.domain.roles import Account, DeviceRecord, Role, StaffRecord

NO_PASSWORD = ""
"""The password hash of a person who signs in through an identity provider; no password matches it."""


class NameTaken(Exception):  # noqa: N818 - an answer for the administrator
    """A person of this name exists already."""


def token_hash(token: str) -> str:
    """The stored form of a device token. Tokens are random 256 bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_device(db: Database, name: str, role: Role, token: str, now: datetime) -> Account:
    """Register a device under the hash of its token."""
    account = Account(uuid.uuid4().hex, name, role)
    db.execute(
        "INSERT INTO device (id, name, role, token_hash, created_at) VALUES (?, ?, ?, ?, ?)",
        (account.id, name, role.value, token_hash(token), now.isoformat()),
    )
    return account


def device_by_token(db: Database, token: str) -> Account | None:
    """The device that carries this token, unless it was revoked."""
    return _device(db, "token_hash = ?", token_hash(token))


def device_by_id(db: Database, device_id: str) -> Account | None:
    """The device with this id, unless it was revoked."""
    return _device(db, "id = ?", device_id)


def list_devices(db: Database) -> list[DeviceRecord]:
    """Every device that was ever made, also the revoked ones, by name and then by age."""
    rows = db.execute(
        "SELECT id, name, role, created_at, last_seen_at, revoked_at FROM device ORDER BY name, created_at, id"
    )
    return [
        DeviceRecord(row[0], row[1], Role(row[2]), datetime.fromisoformat(row[3]), _time(row[4]), _time(row[5]))
        for row in rows.fetchall()
    ]


def revoke_device(db: Database, device_id: str, now: datetime) -> None:
    """Let a device's token open nothing from now on."""
    db.execute("UPDATE device SET revoked_at = ? WHERE id = ?", (now.isoformat(), device_id))


def note_device_seen(db: Database, device_id: str, now: datetime) -> None:
    """Remember when a device was last heard of."""
    db.execute("UPDATE device SET last_seen_at = ? WHERE id = ?", (now.isoformat(), device_id))


def add_staff(db: Database, name: str, role: Role, password_hash: str, now: datetime) -> Account:
    """Register a person under the hash of the password, or NO_PASSWORD; raises NameTaken."""
    account = Account(uuid.uuid4().hex, name, role)
    try:
        db.execute(
            "INSERT INTO staff (id, name, role, password_hash, created_at) VALUES (?, ?, ?, ?, ?)",
            (account.id, name, role.value, password_hash, now.isoformat()),
        )
    except sqlite3.IntegrityError as error:
        raise NameTaken(name) from error
    return account


def staff_by_name(db: Database, name: str) -> tuple[Account, str] | None:
    """The person of this name and the hash of the password, unless disabled."""
    row = db.execute(f"SELECT {_ACCOUNT}, password_hash FROM staff WHERE name = ? AND {_ENABLED}", (name,)).fetchone()
    return (_account(row), row[-1]) if row else None


def staff_by_id(db: Database, staff_id: str) -> Account | None:
    """The person with this id, unless disabled."""
    row = db.execute(f"SELECT {_ACCOUNT} FROM staff WHERE id = ? AND {_ENABLED}", (staff_id,)).fetchone()
    return _account(row) if row else None


def list_staff(db: Database) -> list[StaffRecord]:
    """Every person, also the disabled ones, by name."""
    rows = db.execute(f"SELECT {_RECORD} FROM staff ORDER BY name")
    return [_record(row) for row in rows.fetchall()]


def staff_record(db: Database, staff_id: str) -> StaffRecord | None:
    """The person with this id, also a disabled one."""
    row = db.execute(f"SELECT {_RECORD} FROM staff WHERE id = ?", (staff_id,)).fetchone()
    return _record(row) if row else None


def count_enabled(db: Database, role: Role) -> int:
    """How many people of a role may sign in."""
    return int(db.execute(f"SELECT count(*) FROM staff WHERE role = ? AND {_ENABLED}", (role.value,)).fetchone()[0])


def set_role(db: Database, staff_id: str, role: Role) -> None:
    """Give a person another role."""
    db.execute("UPDATE staff SET role = ? WHERE id = ?", (role.value, staff_id))


def set_disabled(db: Database, staff_id: str, at: datetime | None) -> None:
    """Close a person's account from an instant on, or with None open it again; no session outlives it."""
    at_text = at.isoformat() if at else None
    db.execute("UPDATE staff SET disabled_at = ?, epoch = epoch + 1 WHERE id = ?", (at_text, staff_id))


def set_password_hash(db: Database, staff_id: str, password_hash: str) -> None:
    """Store the hash of a new password, or NO_PASSWORD; every session of the person is over."""
    db.execute("UPDATE staff SET password_hash = ?, epoch = epoch + 1 WHERE id = ?", (password_hash, staff_id))


def end_sessions(db: Database, staff_id: str) -> None:
    """Let every session of a person be over."""
    db.execute("UPDATE staff SET epoch = epoch + 1 WHERE id = ?", (staff_id,))


def set_kiosk_pin_hash(db: Database, site: str, pin_hash: str) -> None:
    """Store the hash of the PIN of a site's kiosks."""
    db.execute("INSERT OR REPLACE INTO kiosk_pin (site, pin_hash) VALUES (?, ?)", (site, pin_hash))


def kiosk_pin_hash(db: Database, site: str) -> str | None:
    """The hash of the PIN of a site's kiosks."""
    row = db.execute("SELECT pin_hash FROM kiosk_pin WHERE site = ?", (site,)).fetchone()
    return row[0] if row else None


_ENABLED = "disabled_at IS NULL"
_ACCOUNT = "id, name, role, epoch"
_RECORD = "id, name, role, created_at, disabled_at, password_hash"


def _device(db: Database, where: str, value: str) -> Account | None:
    row = db.execute(f"SELECT id, name, role FROM device WHERE {where} AND revoked_at IS NULL", (value,)).fetchone()
    return Account(row[0], row[1], Role(row[2])) if row else None


def _account(row: tuple[Any, ...]) -> Account:
    return Account(row[0], row[1], Role(row[2]), row[3])


def _record(row: tuple[Any, ...]) -> StaffRecord:
    staff_id, name, role, created_at, disabled_at, password_hash = row
    return StaffRecord(
        staff_id,
        name,
        Role(role),
        datetime.fromisoformat(created_at),
        _time(disabled_at),
        by_password=password_hash != NO_PASSWORD,
    )


def _time(text: str | None) -> datetime | None:
    """An instant, also one that was written by hand in SQLite's own form, which is UTC without saying so."""
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
