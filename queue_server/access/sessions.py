"""The session of a person in one browser: a signed cookie, and three ways in which it ends by itself.

It is over `session_hours` after signing in, `idle_minutes` after the last deed (a command or an opened page; a page
that only listens is no deed), and at once when the person's epoch moved on: a new password, a disabled account,
signing out everywhere.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import session

from queue_server.city import City
from queue_server.context import current_city, current_settings
from queue_server.domain.roles import Account

KEY = "staff"
NOTED_EVERY = timedelta(minutes=1)
"""How often the cookie is sent again with the time of the last deed."""


class Ending(StrEnum):
    """Why a session is over."""

    HOURS = "hours"
    IDLE = "idle"
    ENDED = "ended"
    """Signed out, also elsewhere; disabled; a new password."""


@dataclass(frozen=True, slots=True)
class StaffSession:
    """What the cookie says of a person's session. Times are aware UTC."""

    id: str
    staff_id: str
    epoch: int
    until: datetime
    seen: datetime
    """The last deed that the cookie knows of, exact to NOTED_EVERY."""
    idle: timedelta

    def ending(self, city: City, account: Account | None) -> Ending | None:
        """Why this session is over now, None while it is not; `account` is its person's as it is now, if enabled."""
        now, activity = city.clock.now(), city.accounts.activity
        if account is None or account.epoch != self.epoch or activity.has_ended(self.id):
            return Ending.ENDED
        if now >= self.until:
            return Ending.HOURS
        seen = max(self.seen, activity.last(self.id) or self.seen)
        return Ending.IDLE if now - seen >= self.idle else None


def begin_session(account: Account) -> None:
    """Sign a person in to this browser; nothing of an earlier session of this browser stays."""
    end_session()
    now = current_city().clock.now()
    until = now + timedelta(hours=current_settings().session_hours)
    session.permanent = True
    _write(
        {
            "session": uuid.uuid4().hex,
            "id": account.id,
            "epoch": account.epoch,
            "until": until.isoformat(),
            "seen": now.isoformat(),
        }
    )


def read_session() -> StaffSession | None:
    """The session that this browser carries, also one that is over; None where nobody signed in."""
    found = session.get(KEY)
    if not isinstance(found, Mapping):
        return None
    return StaffSession(
        found["session"],
        found["id"],
        found["epoch"],
        datetime.fromisoformat(found["until"]),
        datetime.fromisoformat(found["seen"]),
        timedelta(minutes=current_settings().idle_minutes),
    )


def note_deed(staff: StaffSession) -> None:
    """Keep a session alive: its person did something now."""
    city = current_city()
    now = city.clock.now()
    city.accounts.activity.note(staff.id, now)
    if now - staff.seen >= NOTED_EVERY:
        _write({**session[KEY], "seen": now.isoformat()})


def end_session() -> None:
    """Sign the person out of this browser; a kiosk stays enrolled. A page from before must not command afterwards."""
    staff = read_session()
    if staff is not None:
        city = current_city()
        city.accounts.activity.end(staff.id, city.clock.now())
    for key in (KEY, "csrf_token"):
        session.pop(key, None)


def _write(values: Mapping[str, Any]) -> None:
    session[KEY] = values
