"""Who may do what: every view declares its guard, and one door enforces it.

A command comes with a bearer token (devices) or with the session of a browser (staff signed in, or a kiosk
that was enrolled); a browser's command also carries the CSRF token of its page.
"""

from queue_server.access.actors import (
    OPEN_KIOSK,
    SAFE_METHODS,
    Actor,
    current_actor,
    kiosk_actor,
    signed_in_person,
    still_valid,
)
from queue_server.access.addresses import client_address, from_trusted_proxy
from queue_server.access.guards import (
    SIGN_IN,
    Denied,
    Guard,
    caller,
    csrf_holds,
    enforce,
    guard_of,
    guarded_actor,
    held_ticket,
    install,
    note_mail_wish,
    public,
    requires,
    requires_person,
    requires_ticket,
    requires_watch,
)
from queue_server.access.kept import KeptForm, kept_form
from queue_server.access.pace import Pace, TooOften, current_pace
from queue_server.access.sessions import Ending, StaffSession, begin_session, end_session, read_session
from queue_server.access.signing_in import check_password, enroll_device, sign_in, sign_in_as
from queue_server.access.throttle import CodeAttempts, TooManyAttempts

__all__ = [
    "OPEN_KIOSK",
    "SAFE_METHODS",
    "SIGN_IN",
    "Actor",
    "CodeAttempts",
    "Denied",
    "Ending",
    "Guard",
    "KeptForm",
    "Pace",
    "StaffSession",
    "TooManyAttempts",
    "TooOften",
    "begin_session",
    "caller",
    "check_password",
    "client_address",
    "csrf_holds",
    "current_actor",
    "current_pace",
    "end_session",
    "enforce",
    "enroll_device",
    "from_trusted_proxy",
    "guard_of",
    "guarded_actor",
    "held_ticket",
    "install",
    "kept_form",
    "kiosk_actor",
    "note_mail_wish",
    "public",
    "read_session",
    "requires",
    "requires_person",
    "requires_ticket",
    "requires_watch",
    "sign_in",
    "sign_in_as",
    "signed_in_person",
    "still_valid",
]
