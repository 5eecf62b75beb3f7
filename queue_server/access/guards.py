"""Every view declares its guard here, and one door enforces it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from queue_server.access import pace
from queue_server.access.actors import SAFE_METHODS, Actor, csrf_given, current_actor, signed_in_person
from queue_server.access.addresses import client_address, from_this_machine
from queue_server.access.kept import keep_form
from queue_server.access.pace import current_pace
from queue_server.access.sessions import note_deed
from queue_server.access.throttle import EXTENSION, Throttle
from queue_server.config import Settings
from queue_server.context import SETTINGS, current_city
from queue_server.domain.roles import Permission
from queue_server.domain.ticket import Ticket
from queue_server.hall import Caller, Hall

View = TypeVar("View", bound=Callable[..., Any])

GUARD = "guard"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
SIGN_IN = "account.sign_in"
"""The endpoint of the form to sign in with."""


class Denied(Exception):  # noqa: N818 - an answer, not a failure
    """The request may not do this: `status` is 401 without a known actor, 403 for another role, 400 for CSRF."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Guard:
    """What a view asks of its caller: a permission, or that a person is signed in; nothing means it is public."""

    permission: Permission | None = None
    person: bool = False
    form: str | None = None
    """Of a view that takes a form: the endpoint of the page that shows it, for a form that could not be taken."""
    ticket: bool = False
    """The `token` in the address has to be that of a ticket of today."""
    here: bool = False
    """A program on this machine may call the view without any token."""

    @property
    def public(self) -> bool:
        """Whether anybody may call the view."""
        return self.permission is None and not self.person and not self.ticket


def public(view: View) -> View:
    """Declare that anybody may call this view."""
    setattr(view, GUARD, Guard())
    return view


def requires(permission: Permission, *, form: str | None = None) -> Callable[[View], View]:
    """Declare that only an actor with this permission may call this view.

    `form` is the endpoint of the page whose form is sent here, with the same arguments in its address. A form that is
    sent with an old CSRF token, or after its session ended, then leads back to that page (see `kept_form`).
    """
    return _declare(Guard(permission, form=form))


def requires_person(*, form: str | None = None) -> Callable[[View], View]:
    """Declare that whoever calls this view must be a person who is signed in, whatever their role."""
    return _declare(Guard(person=True, form=form))


def requires_watch(view: View) -> View:
    """Declare that this view is for monitoring: programs on this machine, devices of the role `monitor`, and
    administrators."""
    setattr(view, GUARD, Guard(Permission.WATCH, here=True))
    return view


def requires_ticket(view: View) -> View:
    """Declare that the `token` in this view's address opens it: whoever has a ticket may see it, and give it up.

    The view finds the ticket by `held_ticket`. The door slows down who asks without end, and refuses a command that
    another host's page sends.
    """
    setattr(view, GUARD, Guard(ticket=True))
    return view


def _declare(guard: Guard) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, GUARD, guard)
        return view

    return declare


def guard_of(app: Flask, endpoint: str) -> Guard | None:
    """The guard that the view of an endpoint declares; None is a mistake in the program.

    Flask's own views of static files declare none; they are public.
    """
    if endpoint == "static" or endpoint.endswith(".static"):
        return Guard()
    return getattr(app.view_functions[endpoint], GUARD, None)


def install(app: Flask) -> None:
    """Put the door before every view of the application."""
    settings: Settings = app.extensions[SETTINGS]
    app.extensions[EXTENSION] = Throttle()
    pace.install(app, slows=settings.rate_limits)
    app.before_request(enforce)
    app.after_request(_kept_by_nobody)


def enforce() -> ResponseReturnValue | None:
    """Check the guard of the view that is about to run.

    A browser's page or form is led to signing in and back; everything else that may not pass raises Denied.
    """
    if request.endpoint is None or request.method == "OPTIONS":
        return None
    guard = guard_of(current_app, request.endpoint)
    if guard is None:
        raise RuntimeError(f"the view {request.endpoint} declares no guard")
    if guard.public:
        _meet_anybody(request.endpoint)
        return None
    if guard.ticket:
        _take_ticket()
        return None
    if guard.here and from_this_machine():
        return None
    actor = signed_in_person() if guard.person else current_actor(guard.permission)
    if actor is None:
        current_pace().note_stranger(client_address())
        return _ask_to_sign_in(guard)
    _keep_pace(actor)
    if guard.permission is not None and not actor.may(guard.permission):
        raise Denied(403, "wrong_role")
    if actor.by_session and request.method not in SAFE_METHODS and not csrf_holds():
        return _ask_again(guard)
    g.actor = actor
    if actor.session is not None and _is_deed():
        note_deed(actor.session)
    return None


def _kept_by_nobody(response: Response) -> Response:
    """What is not for everybody, and what went wrong, is kept by no cache; a view may be stricter, never laxer."""
    guard = guard_of(current_app, request.endpoint) if request.endpoint is not None else None
    if response.status_code >= 400 or (guard is not None and not guard.public):
        told = response.headers.get("Cache-Control", "")
        if "no-store" not in told:
            response.headers["Cache-Control"] = "no-store"
    return response


def caller(request_id: str) -> Caller:
    """The guarded request's actor as the write path knows it."""
    actor = guarded_actor()
    return Caller(actor.name, request_id, supervises=actor.may(Permission.MANAGE))


def guarded_actor() -> Actor:
    """Who passed the guard of the view that runs."""
    actor: Actor = g.actor
    return actor


def held_ticket() -> tuple[Hall, Ticket]:
    """The ticket that the guarded request's token opens, with its hall."""
    held: tuple[Hall, Ticket] = g.held_ticket
    return held


def note_mail_wish() -> None:
    """Count a mail address typed for the held ticket; raises TooOften for more than anybody needs."""
    current_pace().note_mail(held_ticket()[1].id)


def _take_ticket() -> None:
    token = str((request.view_args or {})["token"])
    current_pace().note_ticket(token, client_address())
    if request.method not in SAFE_METHODS and not _from_own_page():
        raise Denied(403, "foreign_page")
    g.held_ticket = current_city().ticket_by_token(token)


def _meet_anybody(endpoint: str) -> None:
    if pace.rate_of(endpoint) is None:
        return
    current_pace().note_public(endpoint, client_address())
    if "Authorization" in request.headers:
        # A display has no other occasion to be seen.
        current_actor()


def _keep_pace(actor: Actor) -> None:
    if actor.session is not None:
        current_pace().note_person(actor.session.id)
    elif actor.account_id is not None:
        current_pace().note_device(actor.account_id)
    else:
        # The demo's kiosk, which any browser is.
        current_pace().note_device(f"{actor.name} {client_address()}")


def _from_own_page() -> bool:
    """Whether a command comes from a page of this host, or from no page at all. A browser always says which.

    A form of a page without referrer, as those of tickets are, says `Origin: null`. Newer browsers say by
    Sec-Fetch-Site whose it is; an older one is believed, since a foreign page knows no token to send a form to.
    """
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin == "null":
        own = site == "same-origin" or (site is None and request.mimetype in FORM_TYPES)
    else:
        own = origin is None or _host_of(origin) == request.host
    return own and site in (None, "same-origin", "none")


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def csrf_holds() -> bool:
    """Whether the request carries the CSRF token of a page that this session was shown."""
    try:
        validate_csrf(csrf_given())
    except ValidationError:
        return False
    return True


def _ask_to_sign_in(guard: Guard) -> ResponseReturnValue:
    if _is_api() or guard.here:
        raise Denied(401, "not_signed_in")
    if request.method in SAFE_METHODS:
        return redirect(url_for(SIGN_IN, next=request.full_path.rstrip("?")))
    if guard.form is None:
        return redirect(url_for(SIGN_IN), 303)
    page = url_for(guard.form, **(request.view_args or {}))
    keep_form(page, "signed_in_again")
    return redirect(url_for(SIGN_IN, next=page), 303)


def _ask_again(guard: Guard) -> ResponseReturnValue:
    if guard.form is None or _is_api():
        raise Denied(400, "csrf_failed")
    page = url_for(guard.form, **(request.view_args or {}))
    keep_form(page, "csrf_failed")
    return redirect(page, 303)


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _is_deed() -> bool:
    """Whether a person does something: gives a command or opens a page. What a page asks for by itself is no deed."""
    return request.method not in SAFE_METHODS or not _is_api()
