"""Devices and staff as the database keeps them: tokens hashed, passwords hashed."""

import hashlib
import sqlite3
import uuid
from datetime import datetime

from sqlite_utils import Database

from queue_server.domain.roles import Account, Role


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
    row = db.execute(
        "SELECT id, name, role FROM device WHERE token_hash = ? AND revoked_at IS NULL", (token_hash(token),)
    ).fetchone()
    return Account(row[0], row[1], Role(row[2])) if row else None


def device_by_id(db: Database, device_id: str) -> Account | None:
    """The device with this id, unless it was revoked."""
    row = db.execute("SELECT id, name, role FROM device WHERE id = ? AND revoked_at IS NULL", (device_id,)).fetchone()
    return Account(row[0], row[1], Role(row[2])) if row else None


def add_staff(db: Database, name: str, role: Role, password_hash: str, now: datetime) -> Account:
    """Register a person under the hash of the password; raises NameTaken."""
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
    row = db.execute(
        "SELECT id, name, role, password_hash FROM staff WHERE name = ? AND disabled_at IS NULL", (name,)
    ).fetchone()
    return (Account(row[0], row[1], Role(row[2])), row[3]) if row else None


def staff_by_id(db: Database, staff_id: str) -> Account | None:
    """The person with this id, unless disabled."""
    row = db.execute("SELECT id, name, role FROM staff WHERE id = ? AND disabled_at IS NULL", (staff_id,)).fetchone()
    return Account(row[0], row[1], Role(row[2])) if row else None
