"""Who makes a request: the bearer of a token, the person signed in to the browser, or the kiosk enrolled in it."""

from dataclasses import dataclass, replace

from flask import request, session

from queue_server.access.sessions import StaffSession, read_session
from queue_server.city import City
from queue_server.context import current_city, current_settings
from queue_server.domain.roles import PERMISSIONS, Account, Permission, Role

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes this request; `name` stands in the journal."""

    name: str
    display_name: str
    permissions: frozenset[Permission]
    by_session: bool
    role: Role | None = None
    account_id: str | None = None
    session: StaffSession | None = None
    """Of a person who is signed in; None for a device."""

    def may(self, permission: Permission) -> bool:
        """Whether this actor may do what the permission names."""
        return permission in self.permissions


OPEN_KIOSK = Actor("device:open-kiosk", "open kiosk", PERMISSIONS[Role.KIOSK], by_session=True, role=Role.KIOSK)
"""The kiosk that any browser is while `open_kiosk` is set, for the demo."""


def current_actor(wanted: Permission | None = None) -> Actor | None:
    """Who makes this request: the bearer of a token, else the person signed in, else the kiosk enrolled.

    A browser may be both a kiosk and a clerk's. The kiosk acts only where a kiosk may; everywhere else its browser
    is one that nobody is signed in to.
    """
    if "Authorization" in request.headers:
        return _bearer()
    person, device = signed_in_person(), kiosk_actor()
    if device is OPEN_KIOSK and request.method not in SAFE_METHODS and not csrf_given():
        # Any browser's page may be the demo's kiosk; a program without a page or a token is nobody.
        device = None
    if device is not None and wanted is not None and device.may(wanted):
        return person if person is not None and person.may(wanted) else device
    return person


def signed_in_person() -> Actor | None:
    """The person who is signed in to this browser; nobody for a session that is over."""
    staff = read_session()
    if staff is None:
        return None
    account = current_city().accounts.staff_by_id(staff.staff_id)
    if account is None or staff.ending(current_city(), account) is not None:
        return None
    return Actor(
        f"staff:{account.name}",
        account.name,
        account.permissions,
        by_session=True,
        role=account.role,
        account_id=account.id,
        session=staff,
    )


def kiosk_actor() -> Actor | None:
    """The kiosk that this browser was enrolled as, or the open kiosk where the settings allow it.

    A public touch screen never may more than a kiosk, whatever the token that it was enrolled with.
    """
    device_id = session.get("device_id")
    device = current_city().accounts.device_by_id(device_id) if isinstance(device_id, str) else None
    if device is not None:
        actor = _device_actor(device, by_session=True)
        return replace(actor, permissions=actor.permissions & OPEN_KIOSK.permissions)
    return OPEN_KIOSK if current_settings().open_kiosk else None


def still_valid(city: City, actor: Actor) -> bool:
    """Whether this actor may still be what it was when its request came; for connections that outlast a request.

    False for a person who signed out, was idle too long, was disabled, got a new password or another role, and for
    a device that was revoked. It needs no request.
    """
    if actor.account_id is None:
        return True
    if actor.session is None:
        return city.accounts.device_by_id(actor.account_id) is not None
    account = city.accounts.staff_by_id(actor.account_id)
    return account is not None and account.role is actor.role and actor.session.ending(city, account) is None


def csrf_given() -> str | None:
    """The CSRF token that a browser's request carries, in its header or its form."""
    return request.headers.get("X-CSRFToken") or request.form.get("csrf_token")


def _bearer() -> Actor | None:
    scheme, _, token = request.headers["Authorization"].partition(" ")
    if scheme.lower() != "bearer":
        return None
    device = current_city().accounts.device_by_token(token.strip())
    return _device_actor(device, by_session=False) if device else None


def _device_actor(device: Account, *, by_session: bool) -> Actor:
    current_city().accounts.note_seen(device.id)
    return Actor(f"device:{device.name}", device.name, device.permissions, by_session, device.role, device.id)
