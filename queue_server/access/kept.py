"""What somebody typed into a form that could not be taken, kept in their own browser until the form is shown again.

A form that is sent after its session ended, or with the token of an older page, changes nothing. Its fields wait in
the signed cookie for the same person, at the same page, and not for long. Secrets are never kept.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import request, session
from werkzeug.datastructures import MultiDict

from queue_server.access.sessions import read_session
from queue_server.context import current_city

KEY = "kept"
KEPT_FOR = timedelta(minutes=15)
LONGEST_KEPT = 2_000
"""Characters of JSON; a browser takes a cookie of 4 kB."""
SECRETS = ("password", "token", "secret")


@dataclass(frozen=True, slots=True)
class KeptForm:
    """`why` is "csrf_failed", "signed_in_again", or empty when nothing was kept; `fields` is like request.form."""

    why: str = ""
    fields: MultiDict[str, str] = field(default_factory=MultiDict)


def keep_form(page: str, why: str) -> None:
    """Keep the fields of this request for the page at that address, for the person whose browser this is."""
    staff = read_session()
    if staff is None:
        return
    fields = {
        name: values for name, values in request.form.lists() if not any(secret in name.lower() for secret in SECRETS)
    }
    if len(json.dumps(fields)) > LONGEST_KEPT:
        fields = {}
    session[KEY] = {
        "path": urlsplit(page).path,
        "why": why,
        "staff": staff.staff_id,
        "at": current_city().clock.now().isoformat(),
        "fields": fields,
    }


def kept_form() -> KeptForm:
    """What was kept for this page and this person; it is given once."""
    kept, staff = session.get(KEY), read_session()
    if not isinstance(kept, Mapping) or kept["path"] != request.path:
        return KeptForm()
    del session[KEY]
    if staff is None or kept["staff"] != staff.staff_id or _is_old(kept):
        return KeptForm()
    return KeptForm(kept["why"], MultiDict(kept["fields"]))


def _is_old(kept: Mapping[str, Any]) -> bool:
    return current_city().clock.now() - datetime.fromisoformat(kept["at"]) > KEPT_FOR
