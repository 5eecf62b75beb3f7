"""What LINE's webhook says, as far as it concerns a number: a code was written, or the account was blocked.

LINE adds kinds of events and fields at any time, so what is not known is passed over.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from queue_server.domain.linking import code_in

USER_ID = re.compile(r"U[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class CodeWritten:
    """Somebody wrote a linking code to the account."""

    user: str = field(repr=False)
    code: str = field(repr=False)
    reply_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """Somebody blocked the account."""

    user: str = field(repr=False)


LineEvent = CodeWritten | Unfollowed


def read_events(body: bytes) -> list[LineEvent]:
    """The events of a webhook's body that concern a number, in their order; ValueError for what is no webhook."""
    try:
        content = json.loads(body)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    events = content.get("events") if isinstance(content, dict) else None
    if not isinstance(events, list):
        raise ValueError("a webhook has a list of events")
    found = (_event(each) for each in events if isinstance(each, dict))
    return [each for each in found if each is not None]


def _event(event: dict[str, Any]) -> LineEvent | None:
    source = event.get("source")
    user = _text(source, "userId")
    # What is written in a group is not written to this account.
    if _text(source, "type") != "user" or not USER_ID.fullmatch(user):
        return None
    if event.get("type") == "unfollow":
        return Unfollowed(user)
    message, reply_token = event.get("message"), _text(event, "replyToken")
    if event.get("type") != "message" or _text(message, "type") != "text" or not reply_token:
        return None
    code = code_in(_text(message, "text"))
    return CodeWritten(user, code, reply_token) if code is not None else None


def _text(thing: object, name: str) -> str:
    value = thing.get(name) if isinstance(thing, dict) else None
    return value if isinstance(value, str) else ""
