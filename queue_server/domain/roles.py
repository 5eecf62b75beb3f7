"""Who may do what: the roles of devices and people, and what each role permits."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a device or a person is here to do."""

    KIOSK = "kiosk"
    DESK = "desk"
    ADMIN = "admin"


class Permission(StrEnum):
    """One kind of thing that is guarded."""

    ISSUE = "issue"
    """Issue tickets."""
    CALL = "call"
    """Work at a counter: open it, call, move tickets, see the desk's view."""
    MANAGE = "manage"
    """Pause and resume services."""


PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.KIOSK: frozenset({Permission.ISSUE}),
        Role.DESK: frozenset({Permission.CALL}),
        Role.ADMIN: frozenset(Permission),
    }
)


@dataclass(frozen=True, slots=True)
class Account:
    """A device or a person that may act; `id` names it in sessions, `name` in the journal."""

    id: str
    name: str
    role: Role

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this account may do."""
        return PERMISSIONS[self.role]
