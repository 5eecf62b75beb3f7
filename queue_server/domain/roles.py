"""Who may do what: the roles of devices and people, what each role permits, and how both are named."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a device or a person is here to do."""

    KIOSK = "kiosk"
    DISPLAY = "display"
    DESK = "desk"
    ADMIN = "admin"
    MONITOR = "monitor"
    """A program that watches the server from another machine."""
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


DEVICE_ROLES = (Role.KIOSK, Role.DISPLAY, Role.DESK, Role.ADMIN, Role.MONITOR)
STAFF_ROLES = (Role.CLERK, Role.SUPERVISOR, Role.ADMINISTRATOR)
"""The roles of people; what a person may do never depends on the machine."""


class Permission(StrEnum):
    """One kind of thing that is guarded."""

    ISSUE = "issue"
    """Issue tickets."""
    CALL = "call"
    """Work at a counter: open it, call, move tickets, see the desk's view."""
    MANAGE = "manage"
    """Supervise the day: pause and resume services, open and close reception, notices, corrections."""
    ADMINISTER = "administer"
    """Accounts, devices, the structure of the hall, the record of who did what."""
    WATCH = "watch"
    """Read the metrics of the server."""


PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.KIOSK: frozenset({Permission.ISSUE}),
        Role.DISPLAY: frozenset(),
        Role.DESK: frozenset({Permission.CALL}),
        Role.ADMIN: frozenset(Permission),
        Role.MONITOR: frozenset({Permission.WATCH}),
        Role.CLERK: frozenset({Permission.CALL}),
        Role.SUPERVISOR: frozenset({Permission.ISSUE, Permission.CALL, Permission.MANAGE}),
        Role.ADMINISTRATOR: frozenset(Permission),
    }
)

LONGEST_NAME = 64
"""Characters of the name of a person or a device."""


class UnusableName(ValueError):  # noqa: N818 - an answer for the administrator
    """A name that is not 1 to LONGEST_NAME printable characters."""


def normal_name(typed: str) -> str:
    """The one form of a typed name: NFKC without space at its ends, so that ｓａｔｏ signs in as sato."""
    return unicodedata.normalize("NFKC", typed).strip()


def checked_name(typed: str) -> str:
    """The one form of a name that is given to a person or a device; raises UnusableName."""
    name = normal_name(typed)
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise UnusableName(f"a name has 1 to {LONGEST_NAME} printable characters")
    return name


@dataclass(frozen=True, slots=True)
class Account:
    """A device or a person that may act; `id` names it in sessions, `name` in the journal."""

    id: str
    name: str
    role: Role
    epoch: int = 0
    """Of a person: a session that began in an earlier epoch is over."""

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this account may do."""
        return PERMISSIONS[self.role]


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """A person as the administrator sees them. Times are aware UTC."""

    id: str
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None
    by_password: bool
    """False for a person who signs in through the city's identity provider alone."""


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """A device as the administrator sees it. Times are aware UTC."""

    id: str
    name: str
    role: Role
    created_at: datetime
    last_seen_at: datetime | None
    """The last request with its token, exact to a minute; None for a device that never came."""
    revoked_at: datetime | None
