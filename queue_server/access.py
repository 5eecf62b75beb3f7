"""Who may do what: every view declares its guard here, and one door enforces it.

A command comes with a bearer token (devices) or with the session of a browser (staff signed in, or a kiosk
that was enrolled); a browser's command also carries the CSRF token of its page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from queue_server.context import current_city, current_settings
from queue_server.domain.roles import PERMISSIONS, Account, Permission, Role
from queue_server.hall import Caller

View = TypeVar("View", bound=Callable[..., Any])

GUARD = "guard"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Denied(Exception):  # noqa: N818 - an answer, not a failure
    """The request may not do this: `status` is 401 without a known actor, 403 for another role, 400 for CSRF."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes this request; `name` stands in the journal."""

    name: str
    display_name: str
    permissions: frozenset[Permission]
    by_session: bool

    def may(self, permission: Permission) -> bool:
        """Whether this actor may do what the permission names."""
        return permission in self.permissions


OPEN_KIOSK = Actor("device:open-kiosk", "open kiosk", PERMISSIONS[Role.KIOSK], by_session=True)
"""The kiosk that any browser is while `open_kiosk` is set, for the demo."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What a view asks of its caller; no permission means that it is public."""

    permission: Permission | None


def public(view: View) -> View:
    """Declare that anybody may call this view."""
    setattr(view, GUARD, Guard(None))
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare that only an actor with this permission may call this view."""

    def declare(view: View) -> View:
        setattr(view, GUARD, Guard(permission))
        return view

    return declare


def guard_of(app: Flask, endpoint: str) -> Guard | None:
    """The guard that the view of an endpoint declares; None is a mistake in the program.

    Flask's own views of static files declare none; they are public.
    """
    if endpoint == "static" or endpoint.endswith(".static"):
        return Guard(None)
    return getattr(app.view_functions[endpoint], GUARD, None)


def enforce() -> ResponseReturnValue | None:
    """Check the guard of the view that is about to run; a page sends a browser to sign in, all else raises Denied."""
    if request.endpoint is None or request.method == "OPTIONS":
        return None
    guard = guard_of(current_app, request.endpoint)
    if guard is None:
        raise RuntimeError(f"the view {request.endpoint} declares no guard")
    if guard.permission is None:
        return None
    actor = current_actor(guard.permission)
    if actor is None:
        if _is_page():
            return redirect(url_for("desk.sign_in", next=request.full_path.rstrip("?")))
        raise Denied(401, "not_signed_in")
    if not actor.may(guard.permission):
        raise Denied(403, "wrong_role")
    if actor.by_session and request.method not in SAFE_METHODS:
        _check_csrf()
    g.actor = actor
    return None


def current_actor(wanted: Permission | None = None) -> Actor | None:
    """Who makes this request: the bearer of a token, else the person signed in, else the kiosk enrolled.

    A browser may be both a kiosk and a clerk's. The kiosk acts only where a kiosk may; everywhere else its browser
    is one that nobody is signed in to.
    """
    if "Authorization" in request.headers:
        return _bearer()
    person, device = _staff(), kiosk_actor()
    if device is OPEN_KIOSK and request.method not in SAFE_METHODS and not _csrf_given():
        # Any browser's page may be the demo's kiosk; a program without a page or a token is nobody.
        device = None
    if device is not None and wanted is not None and device.may(wanted):
        return person if person is not None and person.may(wanted) else device
    return person


def kiosk_actor() -> Actor | None:
    """The kiosk that this browser was enrolled as, or the open kiosk where the settings allow it."""
    device_id = session.get("device_id")
    device = current_city().accounts.device_by_id(device_id) if isinstance(device_id, str) else None
    if device is not None:
        return _device_actor(device, by_session=True)
    return OPEN_KIOSK if current_settings().open_kiosk else None


def caller(request_id: str) -> Caller:
    """The guarded request's actor as the write path knows it."""
    actor: Actor = g.actor
    return Caller(actor.name, request_id)


def enroll_device(token: str, permission: Permission) -> bool:
    """Make this browser the device that carries the token, if it may do what the page is for."""
    device = current_city().accounts.device_by_token(token.strip())
    if device is None or permission not in device.permissions:
        return False
    session.permanent = True
    session["device_id"] = device.id
    return True


def sign_in(name: str, password: str) -> bool:
    """Sign a person in to this browser for the hours that the settings give."""
    account = current_city().accounts.check_password(name.strip(), password)
    if account is None:
        return False
    until = current_city().clock.now() + timedelta(hours=current_settings().session_hours)
    session.permanent = True
    session["staff_id"] = account.id
    session["staff_until"] = until.isoformat()
    # A page from before signing in must not command afterwards.
    session.pop("csrf_token", None)
    return True


def sign_out() -> None:
    """Sign the person out of this browser; a kiosk stays enrolled."""
    for key in ("staff_id", "staff_until", "csrf_token"):
        session.pop(key, None)


def _bearer() -> Actor | None:
    scheme, _, token = request.headers["Authorization"].partition(" ")
    if scheme.lower() != "bearer":
        return None
    device = current_city().accounts.device_by_token(token.strip())
    return _device_actor(device, by_session=False) if device else None


def _staff() -> Actor | None:
    staff_id, until = session.get("staff_id"), session.get("staff_until")
    if not isinstance(staff_id, str) or not isinstance(until, str):
        return None
    if datetime.fromisoformat(until) <= current_city().clock.now():
        return None
    account = current_city().accounts.staff_by_id(staff_id)
    if account is None:
        return None
    return Actor(f"staff:{account.name}", account.name, account.permissions, by_session=True)


def _device_actor(device: Account, *, by_session: bool) -> Actor:
    return Actor(f"device:{device.name}", device.name, device.permissions, by_session)


def _csrf_given() -> str | None:
    return request.headers.get("X-CSRFToken") or request.form.get("csrf_token")


def _check_csrf() -> None:
    try:
        validate_csrf(_csrf_given())
    except ValidationError as error:
        raise Denied(400, "csrf_failed") from error


def _is_page() -> bool:
    return request.method in SAFE_METHODS and not request.path.startswith("/api/")
